"""Tables in print: columns as wide as their texts want, all together as wide as the page."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

# Characters in a line of text, a Chinese one counted as two.
LINE = {"a4": 84, "phone": 48}
LONG = 15  # rows; a longer table may break between pages
GAP = 2  # between columns
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
        [2, 34]
    """
    columns = [list(column) for column in zip(*cells, strict=True)]
    least = [max(max(map(width, WORD.findall(t)), default=1) for t in c) for c in columns]
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


class FitTables(SphinxPostTransform):
    """Give wide and long tables widths of columns."""

    default_priority = 305  # when all texts are there
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Every table."""
        line = LINE[self.config.pdf_page]
        for table in self.document.findall(nodes.table):
            rows = list(table.findall(nodes.row))
            cells = [[cell.astext() for cell in row] for row in rows]
            specs = list(table.findall(nodes.colspec))
            spans = any(
                "morecols" in cell or "morerows" in cell for row in rows for cell in row
            )
            if spans or not specs or any(len(row) != len(specs) for row in cells):
                continue
            widths = fitted(cells, line)
            long = len(rows) > LONG
            if long and "longtable" not in table["classes"]:
                table["classes"].append("longtable")
            if long or sum(widths) + GAP * len(widths) > line * 0.7:
                for spec, share in zip(specs, widths, strict=True):
                    spec["colwidth"] = share
                if "colwidths-given" not in table["classes"]:
                    table["classes"].append("colwidths-given")
