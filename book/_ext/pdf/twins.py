"""In a book in both languages an English block says so to LaTeX: its quotes are Latin."""

from __future__ import annotations

import re
from typing import Any

from bilingual.texts import HAN
from bilingual.trees import language_of, mark_of
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


# Quotes, dashes and dots that English and Chinese set differently.
SHARED_PUNCTUATION = re.compile(r"[‘’“”–—…·]")


class EnglishBlocks(SphinxPostTransform):
    """Put English blocks into an environment."""

    default_priority = 310
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Those that are marked as English, and those that serve both but are Latin."""
        mode = self.config.bilingual_mode
        for label in list(self.document.findall(nodes.emphasis)):
            if "proof-label" in label["classes"]:  # in Kai the stop is in the middle
                label.replace_self(nodes.strong("", "", *label.children))
        for node in list(self.document.findall(nodes.Element)) if mode != "en" else ():
            if isinstance(node, BLOCKS) and mark_of(node) == "en":
                wrap(node, "booken")
            elif isinstance(node, nodes.paragraph) and language_of(node) is None:
                text = node.astext()
                if SHARED_PUNCTUATION.search(text) and not HAN.search(text):
                    wrap(node, "booklatin")


def wrap(node: nodes.Element, environment: str) -> None:
    """Put an environment around a block."""
    at = node.parent.index(node)
    node.parent.insert(at + 1, latex(f"\n\\end{{{environment}}}\n"))
    node.parent.insert(at, latex(f"\n\n\\begin{{{environment}}}\n"))


def latex(text: str) -> nodes.raw:
    """A piece of LaTeX."""
    return nodes.raw("", text, format="latex")
