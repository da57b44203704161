#!/bin/sh
# Make the math font that the site ships: subset_math_font.sh latinmodern-math.otf
# (Debian's package fonts-lmodern holds the whole font, 730 kB). Kept: Latin, Greek, the
# mathematical alphabets, operators, arrows, delimiters with all their sizes.
set -eu
pyftsubset "$1" --flavor=woff2 --layout-features='*' --no-hinting --desubroutinize \
    --unicodes='20-7E,A0,AC,B1,B7,D7,F7,131,237,2C6-2DC,300-30C,338,391-3A9,3B1-3C9,3D1,3D5,3F5,2016,2018,2019,2026,2032-2034,2044,2061-2063,20D7,2102,210E,2113,2115,211D,2124,2190-2199,21A6,21D0-21D4,21D2,2200-2209,220B,220F,2211-221E,2220-222B,222E,2234,2235,223C,2243,2245,2248,2260-226B,2282-2287,2295-2299,22A4,22A5,22C5,22EE-22F1,2308-230B,23B4,23B5,23DC-23DF,25A0,25A1,27E8-27EB,27F5-27F9,27FC,2A7D-2A7E,1D400-1D467,1D49C-1D4B5,1D53C,1D53E,1D540-1D544,1D54A-1D550,1D6C2-1D6DA,1D6E2-1D71B,1D7CE-1D7D7' \
    --output-file="$(dirname "$0")/../book/_ext/mathml/assets/static/LatinModernMath-subset.woff2"
