"""Folded solutions are printed once: in the appendix, with the page number below the exercise."""

from __future__ import annotations

from typing import Any

from bilingual.theorems import page_of
from docutils import nodes
from solutions.collected import anchor, collected
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_exercise.nodes import (
    exercise_enumerable_node,
    exercise_node,
    solution_node,
)


class SolutionsElsewhere(SphinxPostTransform):
    """Replace a solution in its chapter by the page on which it is printed."""

    default_priority = 2  # after the copies are made (1)
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Every solution that the appendix collects."""
        where = {
            page: collection
            for collection, pages in collected(self.env).items()
            for page in pages
        }
        exercises = {
            node["label"]: node
            for kind in (exercise_node, exercise_enumerable_node)
            for node in self.document.findall(kind)
        }
        for node in list(self.document.findall(solution_node)):
            collection = where.get(page_of(node, self.env.docname))
            if collection:
                label = f"{collection}:{anchor(node['target_label'])}"
                way = f"\\bookseesolution{{\\detokenize{{{label}}}}}\n"
                parent = node.parent
                parent.remove(node)
                # In the box of the exercise, or a page could break between the two.
                box = exercises.get(node["target_label"], parent)
                box += nodes.raw("", way, format="latex")
