"""The list of every exercise, page by page, with the way to its solution."""

from __future__ import annotations

from typing import Any

from bilingual.texts import LANGUAGES
from bilingual.theorems import page_of
from docutils import nodes

from .collected import anchor, collected, exercises
from .directives import exercise_list
from .headings import Headings

SOLUTION = {"zh": "解答", "en": "solution"}


class ListExercises(Headings):
    """Write the list of every exercise."""

    def run(self, **kwargs: Any) -> None:
        """A section for each page that has exercises, in the order of the collections."""
        for stand_in in list(self.document.findall(exercise_list)):
            here = page_of(stand_in, self.env.docname)
            made: list[nodes.Node] = []
            for collection, sources in collected(self.env).items():
                for source in sources:
                    found = list(exercises(self.env, source))
                    if found:
                        made.append(self.page(here, collection, source, found))
            stand_in.replace_self(made)

    def page(
        self, here: str, collection: str, source: str, found: list[tuple[str, str]]
    ) -> nodes.section:
        """The page, then its exercises."""
        head = {lang: [self.page_link(here, source, lang)] for lang in LANGUAGES}
        items = []
        for exercise, _ in found:
            halves = self.heading(here, exercise)
            for lang, half in halves.items():
                word = nodes.Text(SOLUTION[lang])
                way = self.link(here, collection, anchor(exercise), word)
                half += [nodes.Text(" → "), way]
            line = nodes.paragraph("", "", *self.edition(halves))
            items.append(nodes.list_item("", line))
        return nodes.section(
            "",
            nodes.title("", "", *self.edition(head)),
            nodes.bullet_list("", *items, classes=["index-list"]),
            ids=[f"exercises-{source.replace('/', '-')}"],
        )
