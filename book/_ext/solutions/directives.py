"""``{solutions}`` and ``{exercise-list}``: what they stand for is known when all is read."""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from places import IndexDirective
from sphinx.util.docutils import SphinxDirective

from .collected import COLLECTS

TITLE = re.compile(r"^# (.+)$", re.M)


class solutions(nodes.General, nodes.Element):
    """Stands for the solutions of the exercises of ``page``."""


class exercise_list(nodes.General, nodes.Element):
    """Stands for the list of every exercise."""


class Solutions(SphinxDirective):
    """``{solutions} page …``: their solutions, below a heading each if there are several."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Leave a placeholder for each page."""
        pages = self.arguments[0].split()
        metadata = self.env.metadata[self.env.docname]
        metadata.setdefault(COLLECTS, []).extend(pages)
        metadata["nosearch"] = True  # a search finds the solution in its chapter
        made = []
        for page in pages:
            path = Path(self.env.doc2path(page))
            if not path.exists():
                raise self.error(f"solutions wants pages of the book, got {page!r}")
            self.env.note_dependency(str(path))
            stand_in = solutions("", page=page)
            self.set_source_info(stand_in)
            if len(pages) > 1:
                found = TITLE.search(path.read_text("utf-8"))
                words, _ = self.state.inline_text(
                    found[1] if found else page, self.lineno
                )
                section = nodes.section("", nodes.title("", "", *words), stand_in)
                section["names"].append(f"solutions-{page.rpartition('/')[2]}")
                self.state.document.note_explicit_target(section)
                stand_in = section
            made.append(stand_in)
        return made


class ExerciseList(IndexDirective):
    """``{exercise-list}``: every exercise, page by page, with the way to its solution."""

    kind = "exercise"

    def lists(self) -> list[nodes.Node]:
        """Leave a placeholder: the exercises are known when all pages are read."""
        return [exercise_list()]
