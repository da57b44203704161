"""What is wrong in a page, told when it is read; `warned` has it read until it is cured."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from .trees import ancestors

logger = logging.getLogger(__name__)

TERMS = "bilingual_terms"  # a page's metadata: line, Chinese and English terms of twins


class Fault(str, Enum):
    """Subtypes of the warnings of type ``bilingual`` (``suppress_warnings`` takes them)."""

    NO_ENGLISH = "no-english"
    """A Chinese block, title, cell, caption or alt text without its English twin."""
    NO_CHINESE = "no-chinese"
    """An English one without its Chinese twin just before it."""
    DIFFERENT = "different"
    """Twins differ in math, code, references, links, footnotes, values, items or rows."""
    NUMBER = "number"
    """Twins differ in a numeral of the running text (``{.loose}`` allows it)."""
    TERM = "term"
    """Twins name different entries of the glossary."""
    LENGTH = "length"
    """Twins are of very different length (``{.loose}`` allows it)."""
    LANGUAGE = "language"
    """The English twin contains Chinese (``[…]{.neutral}`` allows it)."""
    SYNTAX = "syntax"
    """A language mark that has no effect, or bold that did not close."""
    WORD = "word"
    """A term is written otherwise than in the table of terms (noted by ``terms``)."""
    PUNCTUATION = "punctuation"
    """Half-width punctuation after a Chinese character."""
    SHARED = "shared"
    """Chinese in what both languages share: an equation or raw HTML."""


def line_of(node: nodes.Node, source: list[str]) -> int:
    """The source line of a node.

    A cell of a table has none: it is the first line of the table with the cell's text.
    """
    around = [node, *ancestors(node)]
    table = next((n for n in around if isinstance(n, nodes.table)), None)
    if table is None or node is table or isinstance(node, nodes.title):
        return next((n.line for n in around if n.line), 1)
    start = table.line or 1
    text = next((t.astext().split("\n")[0] for t in node.findall(nodes.Text)), "")
    for line in range(max(start - 1, 1), len(source) + 1):
        if text in source[line - 1]:
            return line
    return start


class Reporter:
    """Collects the faults of one page while its twins are looked at."""

    def __init__(self, env: BuildEnvironment) -> None:
        self.docname = env.docname
        path = Path(env.doc2path(env.docname))
        self.source = path.read_text("utf-8").splitlines() if path.exists() else []
        self.faults: list[tuple[int, Fault, str]] = []
        self.metadata = env.metadata[env.docname]

    def note(self, at: nodes.Node | int, fault: Fault, text: str) -> None:
        """Keep a fault; ``at`` is the node at fault or its line."""
        line = at if isinstance(at, int) else line_of(at, self.source)
        if (line, fault, text) not in self.faults:
            self.faults.append((line, fault, text))

    def terms(self, at: nodes.Node, zh: list[str], en: list[str]) -> None:
        """Keep the glossary terms of two twins; compared when all pages are read."""
        line = line_of(at, self.source)
        self.metadata.setdefault(TERMS, []).append((line, zh, en))

    def tell(self) -> None:
        """Warn of every fault, from the top of the page to its end."""
        for line, fault, text in sorted(self.faults, key=lambda fault: fault[0]):
            warn((self.docname, line), fault, text)


def warn(location: tuple[str, int] | str, fault: Fault, text: str) -> None:
    """Tell one fault."""
    logger.warning(text, location=location, type="bilingual", subtype=fault.value)


def glossary(env: BuildEnvironment) -> dict[str, str]:
    """Each term, in lower case -> the page and number of its glossary entry."""
    objects = env.get_domain("std").objects
    table = {}
    for docname in {doc for (kind, _), (doc, _) in objects.items() if kind == "term"}:
        items = env.get_doctree(docname).findall(nodes.definition_list_item)
        for count, item in enumerate(items):
            for term in item.findall(nodes.term):
                table[term.astext().strip().lower()] = f"{docname} {count}"
    return table


def check_terms(app: Sphinx, env: BuildEnvironment) -> None:
    """Twins that use ``{term}`` name the same entries."""
    used = [
        (doc, *row) for doc in env.metadata for row in env.metadata[doc].get(TERMS, ())
    ]
    if not used or app.config.bilingual_mode != "both":
        return
    table = glossary(env)
    for docname, line, zh, en in sorted(used):
        entries = [sorted(table.get(t.lower(), t) for t in terms) for terms in (zh, en)]
        if entries[0] != entries[1]:
            warn(
                (docname, line),
                Fault.TERM,
                f"twins name different glossary terms: {', '.join(zh) or 'none'}"
                f" in Chinese, {', '.join(en) or 'none'} in English",
            )
