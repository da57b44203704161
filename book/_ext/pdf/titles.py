"""Titles in print: the halves of a bilingual title are commands of LaTeX.

Running heads, bookmarks and contents can then take one of them.
"""

from __future__ import annotations

from typing import Any

from bilingual.trees import SEPARATOR_CLASS
from docutils import nodes
from sphinx.writers.latex import LaTeXTranslator

COMMANDS = {"zh": r"\booktitlehalfzh{", "en": r"\booktitlehalfen{"}


def visit_inline(self: LaTeXTranslator, node: nodes.inline) -> None:
    """In a title Sphinx writes no classes; here the languages are written."""
    if self.in_title:
        for name in node["classes"]:
            if name in COMMANDS:
                self.body.append(COMMANDS[name])
                self.context.append("}")
                return
            if name == SEPARATOR_CLASS:
                self.body.append(r"\booktitlebar{}")
                raise nodes.SkipNode
    LaTeXTranslator.visit_inline(self, node)


def depart_inline(self: LaTeXTranslator, node: nodes.inline) -> None:
    """Close it."""
    LaTeXTranslator.depart_inline(self, node)


def take_over(app: Any) -> None:
    """Write inline text ourselves, where LaTeX is written."""
    if app.builder.format == "latex":
        app.add_node(nodes.inline, override=True, latex=(visit_inline, depart_inline))
