"""Figures made by cells stand in the page itself, in its language, colours and font.

The SVG that a cell drew is put into the HTML: its colours become CSS variables that
follow the theme, labels ``甲 | A`` become halves of which the switch shows one, and the
alt text is read in the reader's language. Warns of a figure without alt text, caption
or name, of one-language labels, and of colours outside the palette.

Delete this package when the theme can recolour an ``<img>``, and Sphinx knows its language.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from . import checks
from .colors import STATIC
from .drawing import SVG, parse
from .labels import LANGUAGES, split_label, split_labels
from .page import InlineFigures, svg_path

__all__ = [
    "LANGUAGES",
    "SVG",
    "parse",
    "setup",
    "split_label",
    "split_labels",
    "svg_path",
]


def add_assets(app: Sphinx, config: Any) -> None:
    """The style sheet with both themes' colours, and keys for boxes that scroll."""
    config.html_static_path.append(str(STATIC))
    app.add_css_file("figures.css")
    app.add_js_file("figures.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register transforms and hooks."""
    app.setup_extension("warned")
    app.add_transform(checks.CheckFigures)
    app.add_post_transform(InlineFigures)
    app.connect("config-inited", add_assets)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
