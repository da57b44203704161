"""Make the math font that the book ships: ``subset_math_font.py latinmodern-math.otf``.

Debian's package fonts-lmodern holds the whole font, 730 kB. Kept: Latin, Greek, the
mathematical alphabets, operators, arrows, delimiters with all their sizes; of the
letters' own shapes for small sizes only that of the prime, since the others would double
the font. The build then keeps what the pages show (``_ext/light``). It is WOFF because
fontTools reads WOFF2 with another package only.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

TARGET = (
    Path(__file__).parents[1]
    / "book/_ext/mathml/assets/static/LatinModernMath-subset.woff"
)
BRACKETS = "()[]{}⟨⟩⌊⌋⌈⌉"
SIDE = 20  # thousandths of an em
PRIME = range(0x2032, 0x2038)
CHARACTERS = (
    "20-7E,A0,AC,B0,B1,B7,D7,F7,131,237,2C6-2DC,300-30C,338,391-3A9,3B1-3C9,3D1,3D5,"
    "3F5,2016,2018,2019,2026,2032-2034,203E,2044,2061-2063,20D7,2102,210E,2113,2115,"
    "211D,2124,212C,2190-2199,21A6,21D0-21D4,2200-2209,220B,220F,2211-221E,2220-222B,"
    "222E,2234,2235,223C,2243,2245,2248,2260-226B,2282-2287,2295-2299,22A4,22A5,22C5,"
    "22EE-22F1,2308-230B,23B4,23B5,23DC-23DF,25A0,25A1,27C2,27E8-27EB,27F5-27F9,27FC,"
    "2A7D-2A7E,1D400-1D467,1D49C-1D4B5,1D53C,1D53E,1D540-1D544,1D54A-1D550,"
    "1D6C2-1D6DA,1D6E2-1D71B,1D736-1D74E,1D750-1D755,1D7CE-1D7D7"
)


def drop_small_shapes(font: TTFont) -> None:
    """Of the feature ``ssty`` keep the primes."""
    primes = {font.getBestCmap().get(code) for code in PRIME}
    table = font["GSUB"].table
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag != "ssty":
            continue
        for index in record.Feature.LookupListIndex:
            for lookup in table.LookupList.Lookup[index].SubTable:
                for shapes in ("alternates", "mapping"):
                    known = getattr(lookup, shapes, {})
                    for glyph in set(known) - primes:
                        del known[glyph]


def tighten_brackets(font: TTFont) -> None:
    """Take white from beside the tallest sizes of brackets.

    Chromium makes room for the widest size of a bracket around each of its sizes.
    """
    variants = font["MATH"].table.MathVariants
    glyphs = variants.VertGlyphCoverage.glyphs
    constructions = dict(zip(glyphs, variants.VertGlyphConstruction, strict=True))
    cmap = font.getBestCmap()
    for bracket in BRACKETS:
        construction = constructions[cmap[ord(bracket)]]
        sizes = [[each.VariantGlyph] for each in construction.MathGlyphVariantRecord]
        if construction.GlyphAssembly:  # what stands on each other moves together
            parts = construction.GlyphAssembly.PartRecords
            sizes.append(sorted({each.glyph for each in parts}))
        extents = [extent(font, names) for names in sizes]
        widest = max(right - left for left, right in extents) + 2 * SIDE
        for names, (left, right) in zip(sizes, extents, strict=True):
            width = font["hmtx"][names[0]][0]
            if width > widest:
                white = (widest - (right - left)) / (width - (right - left))
                for name in names:
                    narrow(font, name, round(left * (white - 1)), round(widest))


def extent(font: TTFont, names: list[str]) -> tuple[float, float]:
    """Left and right end of the ink of some glyphs together."""
    glyphs = font.getGlyphSet()
    bounds = BoundsPen(glyphs)
    for name in names:
        glyphs[name].draw(bounds)
    return bounds.bounds[0], bounds.bounds[2]


def narrow(font: TTFont, name: str, move: int, width: int) -> None:
    """Move a glyph to the right and give it another width."""
    glyphs = font.getGlyphSet()
    pen = T2CharStringPen(width, glyphs)
    glyphs[name].draw(TransformPen(pen, (1, 0, 0, 1, move, 0)))
    outline = font["CFF "].cff.topDictIndex[0].CharStrings[name]
    outline.setProgram(pen.getCharString(outline.private, outline.globalSubrs).program)
    font["hmtx"][name] = (width, round(font["hmtx"][name][1] + move))


def main(source: str) -> None:
    """Write the font."""
    options = subset.Options()
    options.layout_features = ["ssty", "dtls"]  # `aalt` names the small shapes again
    options.hinting = False
    options.desubroutinize = True
    font = subset.load_font(source, options)
    drop_small_shapes(font)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(CHARACTERS))
    subsetter.subset(font)
    tighten_brackets(font)
    font.flavor = "woff"
    font.save(TARGET)
    print(f"{TARGET}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1])
