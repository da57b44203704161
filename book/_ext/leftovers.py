"""Marks that are left in the text because they did not do what they were written for.

Markdown has no errors: a formula without its second `$`, a role with a space before its
text, a footnote without its note are text, and readers would see the marks. Addresses,
headings and raw HTML that cannot be right are told too. Delete this when MyST warns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from bilingual.report import line_of
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

logger = logging.getLogger(__name__)

LEFT = {
    r"\$": "a `$` is left over: close the formula with a second one",
    r"[＄｛｝｀]": "a full-width mark: write $ { } ` with a half-width one",
    r"\{[a-z][\w:-]*\}|:[a-z]{2,}:$": (
        "a role has no text: write {name}`text`, without a space between"
    ),
    r"\{\.": "a mark did not close: write {.name} on a line of its own, or after […]",
    r"\[\^[^\]]*\]": "a footnote has no text: write [^name]: and the text, or correct it",
    r"\]\s?\(\S": "a link is none: write [text](address), no space between, and close it",
    r"`": "a ` is left over: close the code or the role with a second one",
}
FOUND = [(re.compile(mark), words) for mark, words in LEFT.items()]
HEADING = re.compile(r"#{1,6}[^\s#!]")
LABEL = re.compile(r"\((?:sec|eq|fig|tab|ex|sol|prop|thm)-[\w-]+\)=?")
ADDRESS = re.compile(r"https?://[^\s/]+|mailto:\S+@|[^:]*$|#")
NOTE = re.compile(r"\s*(\[\^[^\]]+\]):")
QUIET = (
    *(nodes.FixedTextElement, nodes.literal, nodes.math, nodes.raw, nodes.comment),
    *(nodes.problematic, nodes.system_message),  # what docutils has told already
)
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "source", "wbr"}

Fault = tuple[nodes.Node, str]


def pieces(node: nodes.Element) -> Iterator[str]:
    """The words of a text, piece by piece; none of code, formulas or HTML."""
    for child in node.children:
        if isinstance(child, nodes.Text):
            yield child.astext()
        elif not isinstance(child, QUIET):
            yield from pieces(child)


def in_texts(document: nodes.document) -> Iterator[Fault]:
    """Marks among the words."""
    kinds = (nodes.paragraph, nodes.title, nodes.term, nodes.caption)
    for node in document.findall(lambda n: isinstance(n, kinds)):
        if isinstance(node.parent, nodes.system_message):
            continue
        words = list(pieces(node))
        for mark, told in FOUND:
            if any(mark.search(piece) for piece in words):
                yield node, told
        if isinstance(node, nodes.paragraph) and HEADING.match(node.astext()):
            yield node, "a heading that is none: write a space after the #"
        if LABEL.fullmatch(node.astext()):
            yield node, "a label that is none: write (name)= on a line of its own"


def in_blocks(document: nodes.document) -> Iterator[Fault]:
    """Blocks that are other than they were meant."""
    for second in [n for n in document.children if isinstance(n, nodes.section)][1:]:
        yield second, "a second title: a page has one #, its sections have ## and ###"
    for block in document.findall(nodes.literal_block):
        if block.get("language") == "code-cell":
            yield block, "a cell that never runs: write ```{code-cell} ipython3"
    for note in document.findall(nodes.footnote):
        if not any(not isinstance(part, nodes.label) for part in note):
            yield note, "a footnote without text: write it after [^name]:"


def in_addresses(document: nodes.document) -> Iterator[Fault]:
    """Addresses that no browser would open."""
    for link in document.findall(nodes.reference):
        address = link.get("refuri", "")
        if not ADDRESS.match(address):
            yield link, f"no address: {address}; write https://…"


class Tags(HTMLParser):
    """The elements of a page's raw HTML that are open, each with the node that opens it."""

    def __init__(self) -> None:
        super().__init__()
        self.node: nodes.Node = nodes.Text("")
        self.open: list[tuple[str, nodes.Node]] = []
        self.faults: list[Fault] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """Open one."""
        if tag not in VOID:
            self.open.append((tag, self.node))

    def handle_endtag(self, tag: str) -> None:
        """Close one."""
        if self.open and self.open[-1][0] == tag:
            self.open.pop()
        elif tag not in VOID:
            self.faults.append((self.node, f"</{tag}> closes nothing: take it out"))


def in_html(document: nodes.document) -> Iterator[Fault]:
    """Elements of raw HTML that do not close."""
    tags = Tags()
    for tags.node in document.findall(nodes.raw):
        if "html" in tags.node.get("format", "").split() and not output(tags.node):
            tags.feed(tags.node.astext())
    yield from tags.faults
    for tag, node in tags.open:
        yield node, f"<{tag}> does not close: write </{tag}>, or Markdown instead"


def output(node: nodes.Node) -> bool:
    """Whether a cell made it."""
    while node.parent is not None:
        node = node.parent
        if "nb_element" in getattr(node, "attributes", {}):
            return True
    return False


def unused(source: str) -> Iterator[tuple[int, str]]:
    r"""Line and words of each footnote that no text refers to: MyST drops it.

    Example:
        >>> [line for line, _ in unused("A[^a].\n\n[^a]: B.\n[^b]: C.\n")]
        [4]
    """
    for number, line in enumerate(source.splitlines(), 1):
        note = NOTE.match(line)
        if note and source.count(note[1]) == 1:
            yield number, f"no text refers to this footnote: write {note[1]} in one"


class Leftovers(SphinxTransform):
    """Tell the faults of a page."""

    default_priority = 20  # before the bilingual extension takes texts apart

    def apply(self, **kwargs: Any) -> None:
        """Warn of each."""
        source = Path(self.env.doc2path(self.env.docname)).read_text("utf-8")
        lines, told = source.splitlines(), set()
        for find in (in_texts, in_blocks, in_addresses, in_html):
            for node, words in find(self.document):
                line = line_of(node, lines)
                told.add((line, words))
        told |= set(unused(source))
        for line, words in sorted(told):
            logger.warning(
                words,
                location=(self.env.docname, line),
                type="leftovers",
                subtype="mark",
            )


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the transform."""
    app.add_transform(Leftovers)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
