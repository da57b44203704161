r"""Strings of Markdown: what is masked, so that text stays text and formulas formulas.

Notebook viewers disagree; what is written here is read alike by JupyterLab, Colab,
VS Code, GitHub and nbconvert. It knows neither docutils nor notebooks.
"""

from __future__ import annotations

import re
from typing import Any

from mathml.lines import environment

# Emphasis is two private characters until the whole line is known.
OPEN = {"*": "\ue000", "**": "\ue001"}
CLOSE = {"*": "\ue002", "**": "\ue003"}
TAGS = {"*": "em", "**": "strong"}
MARKS = {mark: (kind, True) for kind, mark in OPEN.items()}
MARKS |= {mark: (kind, False) for kind, mark in CLOSE.items()}

SPECIAL = re.compile(r"[\\`*<$~]|(?<![^\W_])_|_(?![^\W_])|\](?=[(\[:])")
FIRST = re.compile(r"(#{1,6}(?=\s|$)|[-+](?=\s)|>|={3,}|-{3,}|\|)")
NUMBERED = re.compile(r"(\d+)([.)])(?=\s)")
DISPLAY = re.compile(r"\$\$\n(.*?)\n\$\$", re.DOTALL)
SPACE = re.compile(r"\s")


def text(plain: str) -> str:
    r"""Running text in which nothing is Markdown.

    Example:
        >>> print(text("2 * 3 < 7, a_b, $5"))
        2 \* 3 \< 7, a_b, \$5
    """
    return SPECIAL.sub(lambda match: "\\" + match[0], plain)


def first_character(line: str) -> str:
    r"""A line that begins no heading, list, quote or table.

    Example:
        >>> print(first_character("1. not a list"))
        1\. not a list
    """
    if line[:1] in OPEN.values() or not line:
        return line
    line = NUMBERED.sub(r"\1\\\2", line, count=1) if NUMBERED.match(line) else line
    return "\\" + line if FIRST.match(line) else line


def tex(formula: str) -> str:
    r"""A formula that no viewer takes for HTML, on one line.

    Example:
        >>> tex(r"a<b \\ c")
        'a< b \\\\ c'
    """
    return re.sub(r"<(?=[A-Za-z/!?])", "< ", " ".join(formula.split()))


def display(formula: str) -> str:
    r"""A displayed formula: one that breaks lines by itself is lined up.

    Example:
        >>> print(display(r"a &= b \\ c &= d"))
        \begin{aligned}
        a &= b \\ c &= d
        \end{aligned}
    """
    formula = re.sub(r"<(?=[A-Za-z/!?])", "< ", formula.strip())
    formula = "\n".join(line for line in formula.split("\n") if line.strip())
    name = environment(formula)
    return f"\\begin{{{name}}}\n{formula}\n\\end{{{name}}}" if name else formula


def without_bars(formula: str) -> str:
    r"""A formula for a cell of a table, which ends at every bar.

    Example:
        >>> print(without_bars(r"|x| + \|x\|"))
        \vert x\vert  + \Vert x\Vert{}
    """
    formula = formula.replace(r"\|", r"\Vert ")
    formula = formula.replace("|", r"\vert ")
    return re.sub(r"\\Vert $", r"\\Vert{}", re.sub(r"\\vert $", r"\\vert{}", formula))


def on_one_line(piece: Any) -> Any:
    """A text whose displayed formulas stand on one line each; no other text changes."""
    if not isinstance(piece, str):
        return piece
    return DISPLAY.sub(lambda match: f"$${' '.join(match[1].split())}$$", piece)


def emphasized(line: str) -> str:
    """Put stars where Markdown reads them as emphasis, and HTML tags where it would not.

    A closing star after punctuation and before a letter closes nothing, which is usual in
    Chinese: there are no spaces.

    Example:
        >>> a, z = OPEN["*"], CLOSE["*"]
        >>> emphasized(f"{a}证明。{z}因为"), emphasized(f"是{a}甲{z}。")
        ('<em>证明。</em>因为', '是*甲*。')
    """
    found: list[str] = []
    opened: list[tuple[int, bool]] = []
    for at, character in enumerate(line):
        if character not in MARKS:
            found.append(character)
            continue
        kind, opens = MARKS[character]
        if opens:
            opened.append(
                (len(found), flanks(neighbour(line, at, 1), neighbour(line, at, -1)))
            )
            found.append("")
            continue
        start, works = opened.pop()
        works = works and flanks(neighbour(line, at, -1), neighbour(line, at, 1))
        tag = TAGS[kind]
        found[start] = kind if works else f"<{tag}>"
        found.append(kind if works else f"</{tag}>")
    return "".join(found)


def neighbour(line: str, at: int, step: int) -> str:
    """The next character in a direction that is no mark; a space at the ends."""
    at += step
    while 0 <= at < len(line) and line[at] in MARKS:
        at += step
    return line[at] if 0 <= at < len(line) else " "


def flanks(inner: str, outer: str) -> bool:
    """CommonMark's rule for a mark between the emphasized text and what is outside."""
    if SPACE.match(inner):
        return False
    if inner.isalnum():
        return True
    return bool(SPACE.match(outer)) or not outer.isalnum()
