"""Figures in print: each drawing as PDF, in the language of the edition.

The drawing is the site's SVG. `rsvg-convert` turns it into PDF with the font of the
figures, and matplotlib's own where that lacks a sign, as matplotlib does in formulas;
without `rsvg-convert` the PDF that matplotlib made is printed, in both languages.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import Any
from unicodedata import combining
from xml.etree import ElementTree

from docutils import nodes
from figures import LANGUAGES, SVG, parse, split_label, svg_path
from fontTools.ttLib import TTFont
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

logger = logging.getLogger(__name__)

# Matplotlib's fonts for what the figures' font lacks: ⟨, the tilde above w, roots.
SIGNS = (
    "DejaVu Sans",
    "DejaVu Sans:bold",
    "DejaVu Sans:oblique",
    "STIXSizeOneSym",
)
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>{dirs}<cachedir>{cache}</cachedir></fontconfig>
"""


def join_marks(text: ElementTree.Element) -> None:
    """Put a mark above a letter to its letter: alone it would print above a dotted circle.

    What moved the pen for the mark moves it for what follows.
    """
    before: ElementTree.Element | None = None
    spans = list(text)
    for span, after in zip_longest(spans, spans[1:]):
        mark = span.text or ""
        if before is None or before.tail or len(mark) != 1 or not combining(mark):
            before = span
            continue
        before.text = (before.text or "") + mark
        before.tail = span.tail
        for pen in ("dx", "dy") if after is not None else ():
            moved = float(span.get(pen, 0)) + float(after.get(pen, 0))
            after.set(pen, f"{moved:.2f}")
        text.remove(span)


def in_language(svg: str, mode: str) -> str:
    """The drawing with the labels of one edition.

    Example:
        >>> "轮" in in_language("<svg><text>轮 | epoch</text></svg>", "en")
        False
    """
    root = parse(svg)
    for parent in list(root.iter()):
        for text in [child for child in parent if child.tag == "text"]:
            lang = text.get("class")
            if lang not in LANGUAGES:
                if mode in LANGUAGES:
                    split_label(text, mode)
            elif mode in LANGUAGES and lang != mode:
                parent.remove(text)
    for text in root.iter("text"):
        join_marks(text)
    for element in root.iter():
        if "href" in element.attrib:  # rsvg reads the older name everywhere
            element.set("xlink:href", element.attrib.pop("href"))
    root.set("xmlns", SVG.strip("{}"))
    root.set("xmlns:xlink", "http://www.w3.org/1999/xlink")
    return ElementTree.tostring(root, encoding="unicode")


@lru_cache
def font_files(folders: tuple[Path, ...]) -> tuple[Path, ...]:
    """The fonts of printed drawings; last matplotlib's, which have every sign of formulas."""
    from matplotlib.font_manager import findfont

    files = [file for folder in folders for file in sorted(folder.glob("*.[ot]tf"))]
    return (*files, *(Path(findfont(name)) for name in SIGNS))


@lru_cache
def characters(folders: tuple[Path, ...]) -> frozenset[str]:
    """All for which these fonts have a glyph."""
    codes: set[int] = set()
    for file in font_files(folders):
        with TTFont(file) as font:
            codes.update(font.getBestCmap())
    return frozenset(map(chr, codes))


@lru_cache
def fonts_digest(folders: tuple[Path, ...]) -> bytes:
    """Changes with the fonts, so that drawings are then converted again."""
    return hashlib.sha256(
        b"".join(file.read_bytes() for file in font_files(folders))
    ).digest()


def without_glyph(svg: str, fonts: tuple[Path, ...]) -> list[str]:
    """The characters of a drawing that would print as empty boxes.

    Example:
        >>> without_glyph("<svg><text>⟨w̃⟩ 㐀</text></svg>", ())
        ['㐀']
    """
    texts = (text for label in parse(svg).iter("text") for text in label.itertext())
    return sorted({c for c in "".join(texts) if not c.isspace()} - characters(fonts))


@lru_cache
def fontconfig(folders: tuple[Path, ...], work: Path) -> Path:
    """A configuration with these folders of fonts only, so that no other font is taken."""
    path = work / "fonts.conf"
    signs = work / "signs"
    signs.mkdir(exist_ok=True)
    for file in font_files(folders)[-len(SIGNS) :]:
        shutil.copy(file, signs)
    dirs = "".join(f"<dir>{folder}</dir>" for folder in (*folders, signs))
    path.write_text(FONTS.format(dirs=dirs, cache=work / "fontcache"), "utf-8")
    return path


def convert(svg: str, target: Path, fonts: tuple[Path, ...]) -> None:
    """Write ``svg`` as PDF.

    Raises:
        subprocess.CalledProcessError: If `rsvg-convert` refuses the drawing.
    """
    environment = dict(os.environ)
    environment.setdefault("SOURCE_DATE_EPOCH", "0")
    if fonts:
        environment["FONTCONFIG_FILE"] = str(fontconfig(fonts, target.parent))
    part = target.with_suffix(".part")
    subprocess.run(
        ["rsvg-convert", "--format=pdf", f"--output={part}"],
        input=svg.encode(),
        env=environment,
        check=True,
        capture_output=True,
    )
    part.replace(target)


class PrintFigures(SphinxPostTransform):
    """Give every figure that a cell drew its PDF, before myst-nb chooses a format."""

    default_priority = 3
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Convert, or say once that nothing can."""
        bundles = [
            bundle
            for bundle in self.document.findall(nodes.container)
            if bundle.get("nb_element") == "mime_bundle"
        ]
        drawings = [
            (svg, image)
            for bundle in bundles
            for svg in bundle.findall(nodes.image)
            for image in bundle.findall(nodes.image)
            if svg["uri"].endswith(".svg") and image["uri"].endswith(".pdf")
        ]
        if drawings and not shutil.which("rsvg-convert"):
            logger.warning(
                "rsvg-convert is missing, so figures carry both languages: install "
                "the package librsvg2-bin",
                type="pdf",
                subtype="rsvg",
            )
            return
        folder = Path(self.app.doctreedir) / "print-figures"
        folder.mkdir(parents=True, exist_ok=True)
        fonts = tuple(
            (Path(self.app.srcdir) / name).resolve()
            for name in self.config.pdf_figure_fonts
        )
        for svg, image in drawings:
            self.replace(svg, image, folder, fonts)

    def replace(
        self,
        svg: nodes.image,
        image: nodes.image,
        folder: Path,
        fonts: tuple[Path, ...],
    ) -> None:
        """Let ``image`` be the drawing of ``svg``, converted."""
        path = svg_path(self.env, svg)
        try:
            text = in_language(path.read_text("utf-8"), self.config.bilingual_mode)
        except ElementTree.ParseError as error:
            logger.warning(
                "a cell made an SVG that cannot be printed: %s",
                error,
                location=image,
                type="pdf",
                subtype="svg",
            )
            return
        name = hashlib.sha256(text.encode() + fonts_digest(fonts)).hexdigest()[:24]
        target = folder / f"fig-{name}.pdf"
        if lacking := without_glyph(text, fonts):
            logger.warning(
                "no font of the figures has %s",
                ", ".join(f"{c} (U+{ord(c):04X})" for c in lacking),
                location=image,
                type="pdf",
                subtype="glyph",
            )
        try:
            if not target.exists():
                convert(text, target, fonts)
        except subprocess.CalledProcessError as error:
            logger.warning(
                "rsvg-convert refused a drawing: %s",
                error.stderr.decode().strip(),
                location=image,
                type="pdf",
                subtype="rsvg",
            )
            return
        image["uri"] = str(target)
        image["candidates"] = {"application/pdf": str(target)}
        self.env.images.add_file(self.env.docname, str(target))
