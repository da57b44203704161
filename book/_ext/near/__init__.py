"""Blocks of a page are laid out when they come near, and the rest waits.

A page has some hundred formulas; to lay out all of them before the first paint is most of
what a phone does with it. Here most blocks wait, and are laid out one by one when the page
has come. Until then their heights are only guessed; so who comes back to a place (reload,
back, forward), which the browser knows by its distance from the top, gets the page whole
at once. Without scripts every page is whole. Delete this when browsers put off the layout
of what is out of sight by themselves.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

STATIC = Path(__file__).parent / "static"
# In the head: before anything is laid out.
SCRIPT = """(function () {
  var came = performance.getEntriesByType("navigation")[0];
  if (came && came.type === "navigate") document.documentElement.dataset.near = "";
})();"""


def own_style(app: Sphinx, config: Config) -> None:
    """Put the style sheet beside the book's own."""
    config.html_static_path.append(str(STATIC))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the style sheet and the scripts."""
    app.connect("config-inited", own_style)
    app.add_js_file(None, body=SCRIPT)
    app.add_css_file("near.css")
    app.add_js_file("near.js", loading_method="defer")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
