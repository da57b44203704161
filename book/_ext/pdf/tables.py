"""Tables in print: columns as wide as their texts want, all together as wide as the page."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from docutils import nodes

# Characters in a line of text, a Chinese one counted as two.
LINE = {"a4": 84, "phone": 54}
LONG = {"a4": 15, "phone": 6}  # rows; a longer table may break between pages
GAP = 3  # between columns
WORD = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+")


def width(text: str) -> int:
    """How many Latin characters wide a text is.

    Example:
        >>> width("轮 epoch")
        8
    """
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def fitted(cells: list[list[str]], line: int) -> list[int]:
    """Widths of columns for the texts of rows; together ``line`` or what they need.

    A column gets its longest word, then shares in what is left as its texts want.

    Example:
        >>> fitted([["a", "word " * 20], ["bb", "x"]], 40)
        [2, 32]
    """
    columns = [list(column) for column in zip(*cells, strict=True)]
    least = [
        max(max(map(width, WORD.findall(t)), default=1) for t in c) for c in columns
    ]
    want = [max(1, *map(width, c)) for c in columns]
    room = line - GAP * len(columns)
    if sum(want) <= room:
        return want
    if sum(least) >= room:
        return least
    # A column that is content with an equal share of the rest gets what it wants.
    given, open_columns = list(least), set(range(len(columns)))
    while open_columns:
        left = room - sum(given)
        share = left / len(open_columns)
        content = {i for i in open_columns if want[i] - given[i] <= share}
        if not content:
            wish = sum((want[i] - given[i]) ** 0.5 for i in open_columns)
            for i in open_columns:
                given[i] += int(left * (want[i] - given[i]) ** 0.5 / wish)
            break
        for i in content:
            given[i] = want[i]
        open_columns -= content
    return given


MARKUP = re.compile(
    r"\\(mathbf|mathrm|mathcal|text|operatorname|hat|tilde|bar|left|right)\b|[{}_^$]"
)


def printed_text(cell: nodes.Element) -> str:
    """The text of a cell about as wide as it prints: commands of mathematics are signs."""
    parts = []
    for node in cell.findall(nodes.Text):
        text = node.astext()
        if isinstance(node.parent, (nodes.math, nodes.math_block)):
            text = re.sub(r"\\[a-zA-Z]+ ?", "x", MARKUP.sub("", text)).replace(" ", "")
            text += "x" * (len(text) // 3)  # signs and the space around them are wide
        parts.append(text)
    return "".join(parts)


def fit_tables(app: Any, document: nodes.document, docname: str) -> None:
    """Give wide and long tables widths of columns, when all their texts are there."""
    if app.builder.format != "latex":
        return
    line = LINE[app.config.pdf_page]
    for table in document.findall(nodes.table):
        rows = list(table.findall(nodes.row))
        for cell in table.findall(nodes.entry):
            if not cell.astext() and not cell.next_node(nodes.image):
                cell.clear()  # the line of an empty paragraph, and one more below it
        specs = list(table.findall(nodes.colspec))
        cells = [[printed_text(cell) for cell in row] for row in rows]
        for row, texts in zip(rows, cells, strict=True):
            if isinstance(row.parent, nodes.thead):  # one language above the other
                texts[:] = [max(text.split(" | "), key=width) for text in texts]
                texts[:] = [text + "x" * (width(text) // 5) for text in texts]  # bold
        cells = [row for row in cells if len(row) == len(specs)]
        if not specs or not cells or any("morerows" in c for row in rows for c in row):
            continue
        widths = fitted(cells, line)
        long = len(rows) > LONG[app.config.pdf_page]
        if long and "longtable" not in table["classes"]:
            table["classes"].append("longtable")
        if long or sum(widths) + GAP * len(widths) > line * 0.7:
            for spec, share in zip(specs, widths, strict=True):
                spec["colwidth"] = share + GAP
            if "colwidths-given" not in table["classes"]:
                table["classes"].append("colwidths-given")
