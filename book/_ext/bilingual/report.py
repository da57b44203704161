"""What is wrong in a page: noted while it is read, told in every build.

Sphinx reads a page only when it has changed, so faults are kept in the environment and
reported again for pages that came from the cache.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from .trees import ancestors

logger = logging.getLogger(__name__)


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


@dataclass
class Note:
    """One fault and where it is."""

    docname: str
    line: int
    fault: Fault
    text: str
    file: str = ""
    """Where it is if not in the page: the table of contents."""


@dataclass
class Page:
    """What is remembered of a page."""

    notes: list[Note] = field(default_factory=list)
    terms: list[tuple[int, list[str], list[str]]] = field(default_factory=list)


def pages(env: BuildEnvironment) -> dict[str, Page]:
    """Everything remembered, by page."""
    if not hasattr(env, "bilingual_pages"):
        env.bilingual_pages = {}
    return env.bilingual_pages


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
    """Collects the faults of one page while it is read."""

    def __init__(self, env: BuildEnvironment) -> None:
        self.docname = env.docname
        path = Path(env.doc2path(env.docname))
        self.source = path.read_text("utf-8").splitlines() if path.exists() else []
        self.page = pages(env)[env.docname] = Page()

    def note(self, at: nodes.Node | int, fault: Fault, text: str) -> None:
        """Keep a fault; ``at`` is the node at fault or its line."""
        line = at if isinstance(at, int) else line_of(at, self.source)
        note = Note(self.docname, line, fault, text)
        if note not in self.page.notes:
            self.page.notes.append(note)

    def terms(self, at: nodes.Node, zh: list[str], en: list[str]) -> None:
        """Keep the glossary terms of two twins; compared when all pages are read."""
        self.page.terms.append((line_of(at, self.source), zh, en))


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


def check_terms(env: BuildEnvironment) -> None:
    """Twins that use ``{term}`` name the same entries."""
    used = [(doc, *row) for doc, page in pages(env).items() for row in page.terms]
    if not used:
        return
    table = glossary(env)
    for docname, line, zh, en in sorted(used):
        entries = [sorted(table.get(t.lower(), t) for t in terms) for terms in (zh, en)]
        if entries[0] != entries[1]:
            warn(
                Note(
                    docname,
                    line,
                    Fault.TERM,
                    f"twins name different glossary terms: {', '.join(zh) or 'none'}"
                    f" in Chinese, {', '.join(en) or 'none'} in English",
                )
            )


def warn(note: Note) -> None:
    """Log one fault."""
    logger.warning(
        note.text,
        location=f"{note.file}:{note.line}" if note.file else (note.docname, note.line),
        type="bilingual",
        subtype=note.fault.value,
    )


def report(app: Sphinx, env: BuildEnvironment) -> None:
    """Tell every fault, also of pages that were not read in this build."""
    if not app.config.bilingual_check:
        return
    for docname in sorted(pages(env)):
        for note in sorted(pages(env)[docname].notes, key=lambda note: note.line):
            warn(note)
    if app.config.bilingual_mode == "both":
        check_terms(env)


def purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a page that is read again or gone."""
    pages(env).pop(docname, None)


def merge(
    app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment
) -> None:
    """Take over what a parallel reader noted."""
    for docname in docnames:
        if docname in pages(other):
            pages(env)[docname] = pages(other)[docname]
