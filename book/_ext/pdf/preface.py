"""The cover page of the site becomes the preface, and addresses become plain."""

from __future__ import annotations

import html
import re
from typing import Any

from bilingual.trees import language_of
from docutils import nodes
from sphinx import addnodes
from sphinx.builders.latex.nodes import thebibliography
from sphinx.transforms.post_transforms import SphinxPostTransform


class preface_heading(nodes.General, nodes.TextElement):
    """A heading of the preface, which is not counted."""


def visit_heading(self: Any, node: nodes.Element) -> None:
    """Open it; its names follow."""
    self.body.append("\n\n\\bookprefacesection{")
    self.in_title = 1


def depart_heading(self: Any, node: nodes.Element) -> None:
    """Close it."""
    self.in_title = 0
    self.body.append("}\n" + self.hypertarget_to(node))


class PlainAddresses(SphinxPostTransform):
    """MyST escapes ``&`` in addresses for HTML; LaTeX would print ``&amp;``."""

    default_priority = 210
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Unescape them; print the address of a time mark after it."""
        for link in list(self.document.findall(nodes.reference)):
            address = link.get("refuri", "")
            if "&amp;" in address:
                address = link["refuri"] = html.unescape(address)
            both = self.config.bilingual_mode == "both"
            if "video-mark" in link["classes"] and not (
                both and language_of(link) == "zh"  # once is enough
            ):
                short = nodes.raw("", f"~{printed(address)}", format="latex")
                link.parent.insert(link.parent.index(link) + 1, short)


def printed(address: str) -> str:
    r"""What of the address of a time mark is printed, in LaTeX.

    Example:
        >>> printed("https://www.bilibili.com/video/BV1hh411U7gn?p=2&t=75")
        '\\booktimemark{BV1hh411U7gn?p=2\\&t=75}'
    """
    short = re.sub(r"^https?://(www\.)?(bilibili\.com/video/)?", "", address)
    short = short.replace("/?", "?")
    return "\\booktimemark{" + re.sub(r"([&%#_])", r"\\\1", short) + "}"


class Preface(SphinxPostTransform):
    """Make the text of the root page an unnumbered chapter with sections of its own."""

    default_priority = 690  # Jupyter Book lays out the root page at 700
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Put the heading below the title, which LaTeX prints on its own page."""
        top = next(iter(self.document.findall(nodes.section)), None)
        if top is None or not isinstance(top[0], nodes.title):
            return
        for section in list(top.findall(nodes.section)):
            if section is not top and section.get("docname") == top.get("docname", ""):
                flatten(section)
        heading = nodes.raw("", "\n\\bookpreface\n", format="latex")
        top.insert(1, heading)


class Bibliography(SphinxPostTransform):
    """The bibliography stands in its own chapter, not behind the last."""

    default_priority = 760  # Sphinx puts it at the end at 750
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Move it to the page that lists the references."""
        books = list(self.document.findall(thebibliography))
        page = next(
            (
                page
                for page in self.document.findall(addnodes.start_of_file)
                if page["docname"] in self.env.metadata
                and self.is_bibliography(page["docname"])
            ),
            None,
        )
        section = page and next(iter(page.findall(nodes.section)), None)
        for book in books if section else ():
            book.parent.remove(book)
            section.append(book)

    def is_bibliography(self, docname: str) -> bool:
        """Whether a page has a ``{bibliography}``."""
        domain = self.env.domains.get("cite")
        return any(
            key.docname == docname for key in getattr(domain, "bibliographies", ())
        )


def flatten(section: nodes.section) -> None:
    """Replace a section by its heading and what is in it."""
    title = section[0]
    heading = preface_heading("", "", *title.children, ids=section["ids"])
    section.replace_self([heading, *section.children[1:]])
