"""Names of exercises and pages, as links: what the copies and the list have in common."""

from __future__ import annotations

from bilingual.texts import LANGUAGES
from bilingual.theorems import (
    exercise_name,
    exercise_title,
    in_brackets,
    in_edition,
)
from docutils import nodes
from places import label, link
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_exercise.nodes import exercise_latex_number_reference


class Headings(SphinxPostTransform):
    """Base of both transforms."""

    default_priority = 1  # before myst-nb (4) and sphinx-exercise (5)

    def link(
        self, here: str, docname: str, anchor: str, *words: nodes.Node
    ) -> nodes.reference:
        """A link to an anchor of another page."""
        return link(self.app.builder, here, docname, anchor, *words)

    def page_link(self, here: str, docname: str, lang: str) -> nodes.reference:
        """3.1.5 问与答, as a link to the page."""
        return self.link(here, docname, "", *label(self.env, docname, "", lang))

    def exercise_link(self, here: str, exercise: str, lang: str) -> nodes.Node:
        """练习 3.1, as a link to it."""
        text = nodes.Text(exercise_name(self.env, exercise, lang))
        if self.app.builder.format == "latex":  # it has labels of its own
            return exercise_latex_number_reference("", "", text, refid=exercise)
        docname = self.env.sphinx_exercise_registry[exercise]["docname"]
        return self.link(here, docname, exercise, text)

    def heading(self, here: str, exercise: str) -> dict[str, list[nodes.Node]]:
        """练习 3.1（★ 甲） in each language."""
        title = exercise_title(self.env, exercise)
        return {
            lang: [
                self.exercise_link(here, exercise, lang),
                *in_brackets(lang, title[lang]),
            ]
            for lang in LANGUAGES
        }

    def edition(self, halves: dict[str, list[nodes.Node]]) -> list[nodes.Node]:
        """Both halves, or the one of the edition."""
        return in_edition(halves, self.config.bilingual_mode)
