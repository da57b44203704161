"""In a book in both languages an English block says so to LaTeX: its quotes are Latin."""

from __future__ import annotations

from typing import Any

from bilingual.trees import mark_of
from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

BLOCKS = (
    nodes.paragraph,
    nodes.bullet_list,
    nodes.enumerated_list,
    nodes.definition_list,
    nodes.block_quote,
    nodes.line_block,
)


class EnglishBlocks(SphinxPostTransform):
    """Put English blocks into an environment."""

    default_priority = 310
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Those that are marked as English."""
        if self.config.bilingual_mode != "both":
            return
        for node in list(self.document.findall(nodes.Element)):
            if isinstance(node, BLOCKS) and mark_of(node) == "en":
                at = node.parent.index(node)
                node.parent.insert(at + 1, latex("\n\\end{booken}\n"))
                node.parent.insert(at, latex("\n\n\\begin{booken}\n"))


def latex(text: str) -> nodes.raw:
    """A piece of LaTeX."""
    return nodes.raw("", text, format="latex")
