"""One notebook of a page and a language: its Markdown, its cells, its note on installing.

Equal pages give equal bytes: ids are digests of what a cell says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

import nbformat
from bilingual.texts import LANGUAGES
from bilingual.trees import drop
from bilingual.words import BOXES, NUMBERED
from docutils import nodes
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook

from .cells import code_cell
from .markdown import CodeCell, FoldedHeading, MarkdownWriter, Numbers, Piece

METADATA: dict[str, Any] = {
    "kernelspec": {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}
# JupyterLab's word: the cells below are hidden, and run.
FOLDED = {"jp-MarkdownHeadingCollapsed": True}

Images = dict[str, dict[str, str]]  # name of an image -> media type -> base64


def in_language(doctree: nodes.document, lang: str) -> nodes.document:
    """A copy of a page in one language."""
    copy = doctree.deepcopy()
    drop(copy, LANGUAGES[1 - LANGUAGES.index(lang)])
    return copy


def box_name(lang: str) -> Callable[[str], str]:
    """Names of boxes such as ``note`` in a language."""
    side = LANGUAGES.index(lang)
    return lambda kind: BOXES[kind][side]


def numbers(
    docname: str, lang: str, sections: dict[str, Any], things: dict[str, Any]
) -> Numbers:
    """The site's numbers of a page, as Sphinx keeps them.

    Args:
        docname: The page.
        lang: Its language.
        sections: ``env.toc_secnumbers`` of the page.
        things: ``env.toc_fignumbers`` of the page: kind -> label -> number.
    """
    side = LANGUAGES.index(lang)

    def dotted(number: Iterable[int] | None) -> str:
        return ".".join(map(str, number or ()))

    def section(node: nodes.section) -> str:
        if isinstance(node.parent, nodes.document):  # the page itself
            return dotted(sections.get(""))
        labels = (sections.get(f"#{label}") for label in node["ids"])
        return dotted(next(filter(None, labels), None))

    def caption(node: nodes.Element) -> str:
        kind = "table" if isinstance(node, nodes.table) else "figure"
        for label in node["ids"]:
            if number := dotted(things.get(kind, {}).get(label)):
                return NUMBERED[kind][side] % number
        return ""

    def equation(node: nodes.math_block) -> str:
        if not node.get("number"):
            return ""
        labels = things.get("displaymath", {})
        return next(
            (dotted(labels[label]) for label in node["ids"] if label in labels),
            str(node["number"]),
        )

    return Numbers(section, caption, equation)


def markdown_cells(text: str, images: Images) -> list[NotebookNode]:
    """A text as cells, one for each heading with what follows it."""
    found: list[NotebookNode] = []
    for part in parts(text):
        used = {name: data for name, data in images.items() if f":{name})" in part}
        cell = new_markdown_cell(part)
        if used:
            cell["attachments"] = used
        found.append(cell)
    return found


def parts(text: str) -> list[str]:
    """Cut a text before its headings; a ``#`` in a block of code is none."""
    found: list[list[str]] = [[]]
    fence = ""
    for line in text.split("\n"):
        if not fence and line.startswith("```"):
            fence = line[: len(line) - len(line.lstrip("`"))]
        elif fence and line == fence:
            fence = ""
        elif not fence and line.startswith("#"):
            found.append([])
        found[-1].append(line)
    return [part for lines in found if (part := "\n".join(lines).strip("\n"))]


def in_order(pieces: list[Piece], executed: NotebookNode) -> list[Piece]:
    """The pieces with the cells that the page removes put at their places.

    One that follows a cell at once stays there; others come before the next cell.
    """
    cells = executed.cells
    code = [i for i, cell in enumerate(cells) if cell.cell_type == "code"]
    shown = {piece.index for piece in pieces if isinstance(piece, CodeCell)}
    waiting = [i for i in code if i not in shown]
    found: list[Piece] = []
    for piece in pieces:
        if not isinstance(piece, CodeCell):
            found.append(piece)
            continue
        while waiting and waiting[0] < piece.index:
            found.append(CodeCell(waiting.pop(0)))
        found.append(piece)
        after = piece.index + 1
        while waiting and waiting[0] == after:
            found.append(CodeCell(waiting.pop(0)))
            after += 1
    return [*found, *map(CodeCell, waiting)]


def identify(cells: list[NotebookNode]) -> None:
    """Give every cell an id that depends on what it says."""
    seen: dict[str, int] = {}
    for cell in cells:
        digest = hashlib.sha256(f"{cell.cell_type}\0{cell.source}".encode()).hexdigest()
        name = digest[:12]
        seen[name] = seen.get(name, 0) + 1
        cell["id"] = name if seen[name] == 1 else f"{name}-{seen[name]}"


def notebook(
    writer: MarkdownWriter,
    page: nodes.document,
    executed: NotebookNode,
    lang: str,
    note: str,
    images: Images,
) -> NotebookNode:
    """The notebook.

    Args:
        writer: Knows the numbers, links and images of the page.
        page: The page in one language.
        executed: Its cells with their outputs.
        lang: The language.
        note: How to install what the cells need; stands below the title.
        images: What the Markdown shows by name.
    """
    cells: list[NotebookNode] = []
    texts: list[str] = []
    count = 0

    def flush() -> None:
        if texts:
            cells.extend(markdown_cells("\n\n".join(texts), images))
            texts.clear()

    for piece in in_order(writer.blocks(page.children), executed):
        if isinstance(piece, str):
            texts.append(piece)
            continue
        if isinstance(piece, FoldedHeading):
            flush()
            cells.append(new_markdown_cell(piece.text, metadata=FOLDED))
            continue
        cell = code_cell(executed.cells[piece.index], lang, count + 1)
        if cell is None:
            continue
        flush()
        count += cell.execution_count is not None
        cells.append(cell)
        texts.extend(piece.captions)
    flush()
    title = 1 if cells and cells[0].source.startswith("# ") else 0
    cells.insert(title, new_markdown_cell(note))
    identify(cells)
    made = new_notebook(cells=cells, metadata=METADATA)
    nbformat.validate(made)
    return made
