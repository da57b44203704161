"""From the notes to the book: where each of their items lives, and what was wrong in them.

A comment line ``% S10 S11`` above a block says that the block carries these items of the
coverage map; it becomes an invisible anchor. ``{correction} M2 M3`` is a box that tells
the reader what the notes had wrong. Every number may stand once in the whole book.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

logger = logging.getLogger(__name__)

COVERS = re.compile(r"S\d+(?:\s+S\d+)*")
CORRECTS = re.compile(r"M\d+(?:\s+M\d+)*")

Place = tuple[str, int]  # page, line


class NotesDomain(Domain):
    """Holds where each S and M stands."""

    name = "notes"
    label = "student's notes"
    data_version = 1
    initial_data = {"places": {}}  # noqa: RUF012  Sphinx's own way to declare it

    @property
    def places(self) -> dict[str, list[Place]]:
        """``"S10"`` -> where it stands; more than one place is a fault."""
        return self.data["places"]

    def note(self, number: str, docname: str, line: int) -> None:
        """Remember that ``number`` stands in this line."""
        self.places.setdefault(number, []).append((docname, line))

    def clear_doc(self, docname: str) -> None:
        """Forget a page that is read again or gone."""
        for number, places in list(self.places.items()):
            left = [place for place in places if place[0] != docname]
            if left:
                self.places[number] = left
            else:
                del self.places[number]

    def merge_domaindata(self, docnames: set[str], otherdata: dict[str, Any]) -> None:
        """Take over what a parallel reader found."""
        for number, places in otherdata["places"].items():
            for docname, line in places:
                if docname in docnames:
                    self.note(number, docname, line)


class Correction(SphinxDirective):
    """A box with what the notes had wrong and what is right."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Make the box; its numbers are its anchors."""
        if not CORRECTS.fullmatch(self.arguments[0]):
            raise self.error(
                f"correction wants numbers such as `M2 M3`, got {self.arguments[0]!r}"
            )
        numbers = self.arguments[0].split()
        domain: NotesDomain = self.env.get_domain("notes")
        for number in numbers:
            domain.note(number, self.env.docname, self.lineno)
        title = f"笔记勘误 {'、'.join(numbers)} | Correction to the notes {', '.join(numbers)}"
        box = nodes.admonition(
            "", nodes.title(title, title), classes=["correction"], ids=[]
        )
        self.set_source_info(box)
        box[0].line = self.lineno
        for number in numbers:
            box["ids"].append(number.lower())
            self.state.document.ids[number.lower()] = box
        self.state.nested_parse(self.content, self.content_offset, box)
        return [box]


class CoverageMarks(SphinxTransform):
    """Turn ``% S10 S11`` into anchors; docutils hands them on to the next element."""

    default_priority = (
        20  # before the bilingual pairing at 25 and PropagateTargets at 260
    )

    def apply(self, **kwargs: Any) -> None:
        """Replace every such comment of the page."""
        domain: NotesDomain = self.env.get_domain("notes")
        for comment in list(self.document.findall(nodes.comment)):
            text = " ".join(comment.astext().split())
            if not COVERS.fullmatch(text):
                continue
            target = nodes.target("", "", ids=[n.lower() for n in text.split()])
            # MyST gives comments no line: take that of the block they stand above.
            block = comment.next_node(ascend=True, condition=lambda n: n.line)
            line = comment.line or (block.line if block is not None else 1)
            target.source, target.line = comment.source, line
            for number in text.split():
                domain.note(number, self.env.docname, line)
                self.document.ids[number.lower()] = target
            comment.replace_self(target)


def check_once(app: Sphinx, env: BuildEnvironment) -> None:
    """Every number stands once."""
    twice = defaultdict(list)
    for number, places in env.get_domain("notes").places.items():
        for docname, line in places[1:]:
            first = f"{env.doc2path(places[0][0], base=False)}:{places[0][1]}"
            twice[docname, line].append(f"{number} stands in {first} already")
    for place, faults in sorted(twice.items()):
        logger.warning(
            "%s: keep it in one place",
            "; ".join(faults),
            location=place,
            type="notes",
            subtype="twice",
        )


def setup(app: Sphinx) -> dict[str, Any]:
    """Register domain, directive, transform and check."""
    app.add_domain(NotesDomain)
    app.add_directive("correction", Correction)
    app.add_transform(CoverageMarks)
    app.connect("env-updated", check_once)
    return {
        "version": "1",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
