"""One style sheet for the whole site.

A page with eighteen shows nothing until the last has come, and what that one imports. One
comes sooner, packs better, and is at hand already when the reader opens the next page.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

STATIC = "_static"
NAME = f"{STATIC}/site.css"
LINK = re.compile(r"<link\b[^>]*>")
ADDRESS = re.compile(rf'\bhref="((?:\.\./)*)({STATIC}/[^"?#]+\.css)')
IMPORT = re.compile(
    r"""@import\s+(?:url\(\s*)?["']?(?P<name>[^"')\s;]+)["']?\s*\)?\s*(?P<media>[^;]*);"""
)
# Neither data, nor a place on the page, nor an address with its host.
RELATIVE = re.compile(r"""url\(\s*(["']?)(?!data:|[#/]|\w+:)([^"')]+)\1\s*\)""")


def inserted(names: list[str], more: list[str]) -> list[str]:
    """Both lists in one, in an order that both agree with if there is one.

    Example:
        >>> inserted(["theme", "book"], ["theme", "tabs", "book"])
        ['theme', 'tabs', 'book']
    """
    joined, at = list(names), 0
    for name in more:
        if name not in joined:
            joined.insert(at, name)
        at = joined.index(name) + 1
    return joined


def rebased(css: str, folder: str) -> str:
    """A style sheet of this folder as it must be written in `STATIC`.

    Example:
        >>> rebased("a{background:url(../plus.png)}", "_static/styles")
        'a{background:url("plus.png")}'
    """
    return RELATIVE.sub(
        lambda m: f'url("{posixpath.relpath(posixpath.join(folder, m[2]), STATIC)}")',
        css,
    )


def whole(root: Path, name: str) -> str:
    """A style sheet with what it imports.

    Raises:
        ExtensionError: If there is no such file.
    """
    folder = posixpath.dirname(name)

    def imported(match: re.Match[str]) -> str:
        css = whole(root, posixpath.normpath(posixpath.join(folder, match["name"])))
        return f"@media {match['media']}{{{css}}}" if match["media"] else css

    try:
        css = (root / name).read_text("utf-8")
    except FileNotFoundError as error:
        raise ExtensionError(
            f"{name}: there is no such style sheet, and pages ask for it"
        ) from error
    # What is imported has its addresses right already: they are rebased first here.
    parts, at = [], 0
    for match in IMPORT.finditer(css):
        parts += [rebased(css[at : match.start()], folder), imported(match)]
        at = match.end()
    return "".join([*parts, rebased(css[at:], folder)])


class Sheets:
    """The style sheets that the pages of one build ask for, in their order."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def offer(
        self, app: Sphinx, pagename: str, templatename: str, context: dict, doctree: Any
    ) -> None:
        """Let the template of a page ask for one instead of many."""
        context["one_sheet"] = self.one

    def one(self, links: str) -> str:
        """The ``<link>``s with one style sheet in place of the site's own for any medium."""
        names, others = [], []
        for link in LINK.findall(links):
            address = ADDRESS.search(link)
            if address and "media=" not in link and 'rel="stylesheet"' in link:
                top = address[1]
                names.append(address[2])
            else:
                others.append(link)
        if names:
            self.names = inserted(self.names, names)
            others.insert(0, f'<link rel="stylesheet" href="{top}{NAME}" />')
        return "\n".join(others)

    def write(self, app: Sphinx, exception: Exception | None) -> None:
        """Write it, if pages have been written."""
        if self.names and not exception:
            root = Path(app.outdir)
            css = "\n".join(whole(root, name) for name in self.names)
            (root / NAME).write_text(css, "utf-8")
