"""Markup of the theme and of other packages that keeps a reader out, mended as pages are written.

Each row of `MENDED` is a fault that axe-core finds: a landmark that is missing, a button
without a name, a role that its element may not have. Delete a row when the package named
beside it writes what stands on the right; `tests/site/test_accessibility.py` tells.
`static/focus.js` leaves the focus where scripts of theirs take it away, and
`static/scriptless.css` is for readers without scripts.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

from bilingual.page import rewrite_rendered_pages
from bilingual.words import both_or_one
from sphinx.application import Sphinx
from sphinx.config import Config

STATIC = Path(__file__).parent / "static"

# What a package writes, and what it should write; `%(name)s` is one of `NAMES`.
MENDED = [
    # pydata-sphinx-theme: title and search field of the sidebar stand in no landmark
    (
        re.compile(r'<div id="pst-primary-sidebar"'),
        '<div id="pst-primary-sidebar" role="complementary" aria-label="%(sidebar)s"',
    ),
    # pydata-sphinx-theme: the arrows that unfold the contents have no name
    (
        re.compile(r'<summary>(?=<span class="toctree-toggle")'),
        '<summary aria-label="%(below)s">',
    ),
    # docutils: the empty corner of a table is no heading
    (re.compile(r'<th( class="head[^"]*")><p></p></th>'), r"<td\1></td>"),
    # docutils: a role for books' bibliographies that ARIA has dropped
    (re.compile(r' role="doc-biblioentry"'), ""),
    (
        re.compile(r'<div role="list" class="citation-list">'),
        '<div class="citation-list">',
    ),
]
NAMES = {
    "sidebar": ("书名、搜索与目录", "Title, search and contents"),
    "below": ("展开或收起下级页面", "Show or hide the pages below"),
}


def mend(html: str, mode: str) -> str:
    """Mend a rendered page.

    Example:
        >>> mend('<div class="citation" role="doc-biblioentry">', "en")
        '<div class="citation">'
    """
    names = {key: both_or_one(*pair, mode) for key, pair in NAMES.items()}
    for fault, right in MENDED:
        html = fault.sub(right % names if "%(" in right else right, html)
    return html


def mend_rendered_pages(app: Sphinx) -> None:
    """Pass every rendered page through `mend`."""
    rewrite_rendered_pages(app, partial(mend, mode=app.config.bilingual_mode))


def own_files(app: Sphinx, config: Config) -> None:
    """Put script and style sheet beside the book's own."""
    config.html_static_path.append(str(STATIC))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the hook, the script and the style sheet."""
    app.connect("config-inited", own_files)
    app.add_css_file("scriptless.css")
    app.add_js_file("focus.js", loading_method="defer")
    app.connect("builder-inited", mend_rendered_pages)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
