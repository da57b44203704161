"""The drawing takes the place of the image that a cell made."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from docutils import nodes
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from .drawing import inline


def svg_path(env: BuildEnvironment, image: nodes.image) -> Path:
    """Where myst-nb wrote an image; a relative address is relative to the source."""
    path = Path(image["uri"])
    if path.is_absolute() and path.exists():
        return path
    inside = Path(env.srcdir) / str(path).lstrip("/")
    beside = Path(env.doc2path(env.docname)).parent / path
    return inside if inside.exists() else beside


class InlineFigures(SphinxPostTransform):
    """Replace every SVG that a cell drew by the drawing itself, in HTML."""

    default_priority = 150  # after myst-nb has chosen the format (4)
    formats = ("html",)

    def apply(self, **kwargs: Any) -> None:
        """Leave other builders alone: print takes the PDF."""
        super().apply(**kwargs)

    def run(self, **kwargs: Any) -> None:
        """Number the drawings of the page in reading order."""
        mode = getattr(self.config, "bilingual_mode", "both")
        count = 0
        for image in list(self.document.findall(nodes.image)):
            if not image["uri"].endswith(".svg") or not self.from_cell(image):
                continue
            count += 1
            svg = svg_path(self.env, image).read_text("utf-8")
            try:
                html = inline(svg, f"f{count}", image.get("alt", ""), mode)
            except (ElementTree.ParseError, ValueError):
                continue  # has been told; the image stays an image
            drawing = nodes.raw("", html, format="html")
            drawing.source, drawing.line = image.source, image.line
            image.replace_self(drawing)

    def from_cell(self, image: nodes.image) -> bool:
        """Whether myst-nb wrote the file: it has a folder of its own."""
        return "jupyter_execute" in Path(image["uri"]).parts
