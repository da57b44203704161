"""Fonts without the characters that the site never shows, in the style sheet itself.

A font that comes after the sheet comes after the first paint, now and then, and then
formulas and icons move what stands beside them. Written as WOFF: WOFF2 would be a tenth
smaller, and needs another package.
"""

from __future__ import annotations

import io
import logging
import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterable

from fontTools import subset

logging.getLogger("fontTools").setLevel(logging.ERROR)  # it tells every table

# Read before the first line is laid out. One that the system should have may be missing.
READ = (
    "document.fonts && document.fonts.forEach((face) => face.load().catch(() => {}));"
)

FACE = re.compile(r"@font-face\s*{[^}]*}")
SOURCES = re.compile(r"\bsrc:\s*[^;}]*")
ADDRESS = re.compile(r"url\(\s*[\"']?([^\"')?#]+)")
READABLE = (".ttf", ".otf", ".woff")
ESCAPED = re.compile(r"\\([0-9a-fA-F]{2,6})")
# A single letter <mi>x</mi> is drawn with the letter of an italic alphabet.
ITALIC = [chr(c) for c in (0x210E, *range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D71C))]


def shown(characters: set[str], css: str) -> set[str]:
    r"""Characters of pages, of ``content:`` in style sheets, and of italic variables.

    Example:
        >>> "\uf00d" in shown(set(), r'.fa-xmark{content:"\f00d"}'), "𝑥" in shown({"x"}, "")
        (True, True)
    """
    found = characters | set(css) | {chr(int(h, 16)) for h in ESCAPED.findall(css)}
    return found | {c for c in ITALIC if unicodedata.normalize("NFKC", c) in found}


def subset_font(data: bytes, characters: Iterable[str]) -> bytes:
    """The font with these characters alone, and what it makes of them."""
    options = subset.Options()
    options.flavor = "woff"
    options.layout_features = ["*"]
    options.hinting = False
    options.drop_tables += ["FFTM"]  # the font editor's own dates
    font = subset.load_font(io.BytesIO(data), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(c) for c in characters])
    subsetter.subset(font)
    made = io.BytesIO()
    font.flavor = options.flavor
    font.recalcTimestamp = False
    font.save(made)
    return made.getvalue()


def readable(face: str) -> str | None:
    """The address of a face's file that fontTools reads by itself."""
    found = ADDRESS.findall(face)
    return next((address for address in found if address.endswith(READABLE)), None)


def with_source(face: str, data: bytes) -> str:
    """The face with one source, the font itself."""
    source = f"data:font/woff;base64,{b64encode(data).decode()}"
    return SOURCES.sub(f'src:url("{source}") format("woff")', face)
