"""A page carries the scripts, styles, icons and glyphs that are used, and no more.

A stock page asks its reader for 1.5 MB, half of it icons nobody sees. Here a page asks
for the scripts that something on it needs, and for one style sheet; when all pages are
written, this loses the rules that match nothing in the site, the fonts the characters
that it never shows, and files that nothing asks for are taken out. Delete this when the
theme is as light by itself.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from .code import quiet_code
from .fonts import READ
from .joined import Sheets
from .page import add_templates, choose_scripts, forget_thebe, tidy_rendered_pages
from .site import slim


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the hooks, in the order in which they run."""
    sheets = Sheets()
    app.add_js_file(None, body=READ)
    app.connect("config-inited", add_templates)
    app.connect("config-inited", forget_thebe)
    app.connect("builder-inited", quiet_code, priority=900)
    app.connect("builder-inited", tidy_rendered_pages)
    app.connect("html-page-context", choose_scripts, priority=950)
    app.connect("html-page-context", sheets.offer)
    app.connect("build-finished", sheets.write, priority=940)
    app.connect("build-finished", slim, priority=950)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
