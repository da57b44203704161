r"""Docstrings of the package on a page of the book.

They are written as on the book's pages: ``$x^2$`` is mathematics and ``sec-…`` names a
section. autodoc reads reStructuredText; these few lines translate. Delete this when autodoc
reads Markdown.
"""

from __future__ import annotations

import re
from typing import Any

from bilingual import pick
from bilingual.trees import twin_texts
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

# What Sphinx and the docstrings call the parts of a description.
LABELS = {
    "Parameters": "参数",
    "Attributes": "属性",
    "Variables": "变量",
    "Returns": "返回",
    "Raises": "抛出",
    "Yields": "产出",
    "Type": "类型",
    "Source": "出处",
    "Example": "示例",
}
MATH = re.compile(r"(?<![\\$\w])\$([^$\n]+(?:\n[^$\n]+)?)\$(?!\w)")
SECTION = re.compile(r"``(sec-[\w-]+)``")
CODE = re.compile(r"``.+?``")


def translate(lines: list[str]) -> list[str]:
    """Mathematics and sections in the syntax of reStructuredText; code stays as it is.

    Example:
        >>> translate(["An $x^2$ of ``a$b$c``, chapter ``sec-dropout``."])
        ['An :math:`x^2` of ``a$b$c``, chapter :ref:`sec-dropout`.']
    """
    text = SECTION.sub(r":ref:`\1`", "\n".join(lines))
    parts, at = [], 0
    for code in CODE.finditer(text):
        parts += [MATH.sub(r":math:`\1`", text[at : code.start()]), code[0]]
        at = code.end()
    parts.append(MATH.sub(r":math:`\1`", text[at:]))
    return "".join(parts).split("\n")


def process(
    app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]
):
    """Autodoc's hook; the lines are changed in place."""
    lines[:] = translate(lines)


class Labels(SphinxTransform):
    """The labels of a description in the languages of the edition."""

    default_priority = (
        30  # after the bilingual extension, which leaves descriptions alone
    )

    def apply(self, **kwargs: Any) -> None:
        """Rename them; Sphinx's catalogue gave them in one language or the other."""
        names = {name: pair for pair in LABELS.items() for name in pair}
        for content in self.document.findall(addnodes.desc_content):
            for node in content.findall(nodes.TextElement):
                text = node.astext().strip().rstrip(":")
                pair = names.get(text) or names.get(pick(text, "en"))
                kinds = nodes.field_name, nodes.term, nodes.rubric
                if pair and isinstance(node, kinds):
                    en, zh = pair
                    one = {"zh": [nodes.Text(zh)], "en": [nodes.Text(en)]}
                    mode = self.config.bilingual_mode
                    node.children = []
                    node.extend(one.get(mode) or twin_texts(zh, en))


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the hook."""
    app.setup_extension("sphinx.ext.autodoc")
    app.setup_extension("sphinx.ext.napoleon")
    app.add_transform(Labels)
    app.connect("autodoc-process-docstring", process, priority=900)  # after napoleon
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
