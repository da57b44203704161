"""What a figure lacks, as warnings with place and cure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from bilingual.texts import HAN, halves, script_of
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from .colors import foreign_colors
from .drawing import parse
from .labels import labels, one_language
from .page import svg_path

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a figure, where, and the cure."""

    line: int
    subtype: str
    text: str


def faults_by_page(env: BuildEnvironment) -> dict[str, list[Fault]]:
    """The faults of every page, also of those that were not read in this build."""
    if not hasattr(env, "figures_faults"):
        env.figures_faults = {}
    return env.figures_faults


def line_of(node: nodes.Node) -> int:
    """The source line of a node or of what is around it."""
    while node is not None and not node.line:
        node = node.parent
    return node.line if node is not None else 1


class CheckFigures(SphinxTransform):
    """Look at every figure of a page that a cell made, once per figure."""

    default_priority = 20  # before the bilingual extension moves captions

    def apply(self, **kwargs: Any) -> None:
        """Collect the faults of this page."""
        if not hasattr(self, "env") or not self.env:
            return
        faults = faults_by_page(self.env)[self.env.docname] = []
        for bundle in self.document.findall(nodes.container):
            if bundle.get("nb_element") == "mime_bundle":
                images = list(bundle.findall(nodes.image))
                if images:
                    faults.extend(self.look(images))

    def look(self, images: list[nodes.image]) -> Iterator[Fault]:
        """The faults of one drawing, given in several formats."""
        line = line_of(images[0])
        yield from alt_faults(
            images[0].get("alt", ""), line, "bilingual" in self.app.extensions
        )
        figure = images[0].parent
        while figure is not None and not isinstance(figure, nodes.figure):
            figure = figure.parent
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
    except ElementTree.ParseError as error:
        text = f"a cell made an SVG that is not well-formed ({error}): redraw it"
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


def report(app: Sphinx, env: BuildEnvironment) -> None:
    """Tell every fault, also of pages that were not read in this build."""
    for docname, faults in sorted(faults_by_page(env).items()):
        for fault in faults:
            logger.warning(
                fault.text,
                location=(docname, fault.line),
                type="figures",
                subtype=fault.subtype,
            )


def purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a page that is read anew or gone."""
    faults_by_page(env).pop(docname, None)


def merge(
    app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment
) -> None:
    """Take over what another process found."""
    faults_by_page(env).update(
        {name: faults_by_page(other).get(name, []) for name in docnames}
    )
