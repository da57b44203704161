r"""What a page opens and does not close: Markdown says nothing and takes all that follows.

A fence that is never closed ends with the page, one that is closed too late with the fence
around it; a row of a table loses the cells that its head does not have; the marks of an
unsolved merge are text. All this is seen in the source only. Delete this when MyST warns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)

FENCE = re.compile(r"[\s>]*(?P<marks>`{3,}|~{3,}|:{3,})\s*(?P<info>.*?)\s*")
# Directives whose content is not Markdown.
LITERAL = re.compile(r"\{(?:code|code-block|code-cell|math|raw|eval-rst|mermaid)\}")
DELIMITER = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
GATE = re.compile(r"\{(exercise|solution)-(start|end)\}")
MERGE = re.compile(r"(?:<{7}|>{7})(?: .*)?")


@dataclass(frozen=True)
class Open:
    """A fence that is open."""

    marks: str
    line: int
    literal: bool

    def closed_by(self, marks: str) -> bool:
        """Whether a line of these marks alone would close it."""
        return marks.startswith(self.marks)


def faults(text: str) -> Iterator[tuple[int, str]]:
    r"""Line and words of each fault of a page's source.

    Example:
        >>> list(faults("```{note}\nA.\n````\n"))
        []
        >>> [line for line, _ in faults("A.\n\n```{note}\nB.\n")]
        [3]
        >>> [line for line, _ in faults("````{note}\n```python\n````\n")]
        [2]
        >>> [line for line, _ in faults("|a|b|\n|-|-|\n|1|2|\n|1|2|3|\n")]
        [4]
    """
    stack: list[Open] = []
    gates: dict[str, int] = {}
    columns, before = 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        if MERGE.fullmatch(line):
            yield number, "the mark of a merge is left: decide for one side, delete it"
        match = FENCE.fullmatch(line)
        if match:
            columns = 0
            yield from gate(gates, number, match["info"])
            yield from fence(stack, number, match["marks"], match["info"])
        elif not (stack and stack[-1].literal):
            if DELIMITER.fullmatch(line) and "|" in line and "|" in before:
                columns = cells(before)  # another number in this row: no table at all
            elif columns and "|" not in line:
                columns = 0
            elif columns and cells(line) != columns:
                yield (
                    number,
                    f"a row of {cells(line)} cells in a table of {columns} columns, which"
                    " drops or adds cells: write \\| for a bar that divides none",
                )
        before = line
    for kind, line in gates.items():
        yield line, f"write {{{kind}-end}} where this {kind} ends"
    for left in stack:
        yield (
            left.line,
            "this fence closes nowhere, so that all below belongs to it: close it with"
            f" {left.marks} on a line of its own",
        )


def gate(gates: dict[str, int], number: int, info: str) -> Iterator[tuple[int, str]]:
    """Open or close what begins with ``{…-start}`` and ends with ``{…-end}``."""
    match = GATE.match(info)
    if match is None:
        return
    kind, edge = match.groups()
    opened = gates.pop(kind, 0)
    if edge == "start":
        gates[kind] = number
        if opened:
            yield opened, f"write {{{kind}-end}} where this {kind} ends"
    elif not opened:
        yield number, f"no {{{kind}-start}} stands above: write it, or take this out"


def fence(
    stack: list[Open], number: int, marks: str, info: str
) -> Iterator[tuple[int, str]]:
    """Open or close; tells of those that another closes."""
    if info and marks[0] == "`" and "`" in info:
        return  # code within a line
    if info and stack and stack[-1].literal:
        if info.startswith("{") and stack[-1].closed_by(marks):
            left = stack.pop()
            yield (
                left.line,
                f"another fence opens in line {number} before this one closes: close it"
                f" with {left.marks} on a line of its own",
            )
        else:
            return
    if not info:
        # The outermost decides: what it closes is no longer seen by those inside.
        for depth, around in enumerate(stack):
            if around.closed_by(marks):
                for left in stack[depth + 1 :]:
                    yield (
                        left.line,
                        f"this fence ends with the one of line {around.line}, around it:"
                        " close it before, or give the outer one more marks",
                    )
                del stack[depth:]
                return
        if stack and stack[-1].literal:
            return
    literal = not info.startswith("{") or bool(LITERAL.match(info))
    stack.append(Open(marks, number, literal))


def cells(row: str) -> int:
    r"""How many cells a row has.

    Example:
        >>> cells("| a \\| b | c |"), cells("a|b|c")
        (2, 3)
    """
    row = re.sub(r"\\.", "", row.strip())
    return row.removeprefix("|").removesuffix("|").count("|") + 1


def look(app: Sphinx, docname: str, source: list[str]) -> None:
    """Tell the faults of a page."""
    for line, words in faults(source[0]):
        logger.warning(
            words, location=(docname, line), type="fences", subtype="unclosed"
        )


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the look at each source."""
    app.connect("source-read", look)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
