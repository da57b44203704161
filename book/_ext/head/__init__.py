"""What search engines, previews and browser tabs know of a page, and a page for lost ones.

Description, Open Graph, reading time and icon on each page; canonical address and
sitemap where the base address is known, from ``html_baseurl`` or the environment. Delete
this when the theme does it in two languages.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from .addresses import know_base, write_sitemap
from .described import describe
from .lost import add_lost_page
from .reading import note_reading_time, tell_reading_time
from .sign import add_sign


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the hooks."""
    app.connect("config-inited", know_base, priority=100)
    app.connect("config-inited", add_sign)
    app.connect("doctree-read", note_reading_time)
    app.connect("html-page-context", describe)
    app.connect("html-page-context", tell_reading_time)
    app.connect("html-collect-pages", add_lost_page)
    app.connect("build-finished", write_sitemap)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
