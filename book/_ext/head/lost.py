"""The page 404.html, which hosts of static sites show for an address without a page.

It is shown at any depth, so it loads nothing, and asks the folders above it, one after
the other, where the book begins. Where the base address is known it has it already.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from bilingual.texts import halves
from sphinx.application import Sphinx

PAGE = "404"


def add_lost_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Write it with a template of its own."""
    if app.builder.name != "html":
        return
    zh, en = halves(app.config.html_title) or (
        app.config.html_title,
        app.config.html_title,
    )
    context = {
        "base": escape(app.config.html_baseurl or "/"),
        "known": bool(app.config.html_baseurl),
        "book": {"zh": zh, "en": en},
        "mode": app.config.bilingual_mode,
    }
    yield PAGE, context, "lost.html"
