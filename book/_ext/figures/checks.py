"""What a figure lacks, as warnings with place and cure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from bilingual.texts import HAN, halves, script_of
from bilingual.trees import ancestors
from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from .colors import foreign_colors
from .drawing import parse, pixels
from .labels import labels, one_language
from .page import svg_path

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a figure, where, and the cure."""

    line: int
    subtype: str
    text: str


class CheckFigures(SphinxTransform):
    """Look at every figure of a page that a cell made, once per figure."""

    default_priority = 20  # before the bilingual extension moves captions

    def apply(self, **kwargs: Any) -> None:
        """Tell the faults of this page, which `warned` has read again until there are none."""
        for bundle in self.document.findall(nodes.container):
            images = list(bundle.findall(nodes.image))
            if images and bundle.get("nb_element") == "mime_bundle":
                for fault in self.look(images):
                    logger.warning(
                        fault.text,
                        location=(self.env.docname, fault.line),
                        type="figures",
                        subtype=fault.subtype,
                    )

    def look(self, images: list[nodes.image]) -> Iterator[Fault]:
        """The faults of one drawing, given in several formats."""
        around = list(ancestors(images[0]))
        line = next((n.line for n in [images[0], *around] if n.line), 1)
        yield from alt_faults(
            images[0].get("alt", ""), line, "bilingual" in self.app.extensions
        )
        figure = next((n for n in around if isinstance(n, nodes.figure)), None)
        if figure is None:
            yield Fault(
                line,
                "caption",
                "a figure made by a cell has no caption: add `mystnb: figure:` with "
                "`name: fig-…` and a caption in both languages to the cell",
            )
        else:
            if not figure["names"]:
                yield Fault(
                    line,
                    "name",
                    "a figure made by a cell has no name: add `name: fig-…` to its "
                    "`mystnb: figure:`",
                )
            if not any(isinstance(child, nodes.caption) for child in figure):
                yield Fault(
                    line,
                    "caption",
                    "a figure made by a cell has no caption: add `caption:` in both "
                    "languages to its `mystnb: figure:`",
                )
        if not any(image["uri"].endswith(".svg") for image in images):
            yield Fault(
                line,
                "format",
                "a figure made by a cell is no SVG, so it follows neither theme nor "
                "language: call `plotting.use_style()` in the page's first cell",
            )
        for image in images:
            if image["uri"].endswith(".svg"):
                yield from svg_faults(
                    svg_path(self.env, image).read_text("utf-8"), line
                )


def alt_faults(alt: str, line: int, bilingual_checks: bool) -> Iterator[Fault]:
    """What is wrong with an alt text; the bilingual extension tells of a lone half."""
    cure = "`mystnb: image: alt: 中文 | English`, what is to be seen, without numbers"
    if not alt.strip():
        text = f"a figure made by a cell has no alt text: add {cure}"
        yield Fault(line, "alt", text)
    elif not halves(alt) and not (
        bilingual_checks and (HAN.search(alt) or script_of(alt) == "en")
    ):
        text = f"the alt text “{alt[:30]}” has one language only: write {cure}"
        yield Fault(line, "alt", text)


def svg_faults(svg: str, line: int) -> Iterator[Fault]:
    """What is wrong inside a drawing."""
    try:
        root = parse(svg)
        for side in ("width", "height"):
            pixels(root.get(side, "100"))
    except (ElementTree.ParseError, ValueError) as error:
        text = f"a cell made an SVG that no page can show ({error}): redraw it"
        yield Fault(line, "svg", text)
        return
    if foreign := foreign_colors(root):
        yield Fault(
            line,
            "color",
            f"a figure uses colours outside the palette, {', '.join(foreign)}: take "
            "those of `plotting.PALETTE`, which have a dark variant",
        )
    for label in labels(root):
        if lacks := one_language(label):
            language = {"zh": "Chinese", "en": "English"}[lacks]
            text = f"the label “{label[:30]}” has no {language}: write 中文 | English"
            yield Fault(line, "label", text)
