"""Displays in print: one that is wider than the page breaks, and only then is made smaller."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.latex import LaTeXTranslator

TOKEN = re.compile(r"\\(?:begin|end)\{[^}]*\}|\\[a-zA-Z]+|\\.|.", re.S)
OPEN = {"{", "(", "[", r"\{", r"\left"}
CLOSE = {"}", ")", "]", r"\}", r"\right"}
# A line may begin with the first of these; what says what a thing is only aligns.
RELATIONS = {"=", "<", ">", r"\le", r"\leq", r"\ge", r"\geq", r"\approx"}
ALIGNED = RELATIONS | {r"\leftarrow", r"\sim", r"\in"}


def broken(text: str, fineness: int) -> str:
    r"""A display of one line in several.

    Fineness 0 breaks between its formulas; 1 also before a relation, but the first; 2
    before that too. What is in brackets stays together, and a display that has lines
    already is left alone.

    Example:
        >>> print(broken(r"a = b = f(x = 1), \qquad c = d", 1))
        a &= b \\
        &= f(x = 1), \\
        c &= d
        >>> broken("a = b = c", 0)
        'a &= b = c'
        >>> print(broken("a = b", 2))
        &a \\
        &\quad= b
    """
    if r"\\" in text or "&" in text or r"\begin" in text:
        return text
    lines, first, depth = [""], True, 0  # first: no relation in this formula yet
    for token in TOKEN.findall(text):
        depth += (token in OPEN) - (token in CLOSE)
        if depth == 0 and token == r"\qquad":
            if re.fullmatch(r"\s*\\text\{[^}]*\}\s*", lines[-1]):
                lines[-1] = (
                    f"{lines[-1].strip()}\\quad "  # a word leads to what follows
                )
            elif lines[-1].strip():
                lines.append("")
            first = True
        elif depth == 0 and token in RELATIONS and fineness == 2:
            lines.append(f"&\\quad{token}")
        elif depth == 0 and token in RELATIONS and fineness == 1 and not first:
            lines.append(f"&{token}")
        elif depth == 0 and token in ALIGNED and first and fineness < 2:
            lines[-1] += f"&{token}"
            first = False
        else:
            lines[-1] += token
    lines = [line.strip() for line in lines if line.strip()]
    return " \\\\\n".join(line if "&" in line else f"&{line}" for line in lines)


def visit_math_block(self: Any, node: nodes.math_block) -> None:
    """Write a display in the forms of which LaTeX takes the first that fits."""
    text = node.astext().strip()
    if node.get("nowrap") or re.search(r"\n\s*\n", text):
        LaTeXTranslator.visit_math_block(self, node)
    label = node.get("label")
    star = "" if label else "*"
    name = f"\\label{{equation:{node['docname']}:{label}}}" if label else ""
    room = r"\dimexpr\linewidth-4em\relax" if label else r"\linewidth"
    forms = (text, *(broken(text, fineness) for fineness in range(3)))
    written = "".join(f"{{%\n{form}}}" for form in forms)
    self.body.append(
        f"\n\\begin{{equation{star}}}{name}\\bookfit{{{room}}}{written}\n"
        f"\\end{{equation{star}}}"
    )
    raise nodes.SkipNode


def take_over(app: Sphinx) -> None:
    """Write displays ourselves, where LaTeX is written."""
    if app.builder.format == "latex":
        app.add_node(
            nodes.math_block, override=True, latex=(visit_math_block, lambda *_: None)
        )
