"""On the pages: comment lines that become anchors, and boxes of corrections."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from places import Place
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

from .entries import LETTERS

COVERS = re.compile(r"S\d+(?:\s+S\d+)*")
CORRECTS = re.compile(r"M\d+(?:\s+M\d+)*")


def note(env: BuildEnvironment, number: str, line: int) -> None:
    """Remember that ``number`` stands in this line of this page."""
    here = Place(env.docname, line, number.lower())
    env.get_domain("places").note(LETTERS[number[0]], number, here)


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
        for number in numbers:
            note(self.env, number, self.lineno)
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
                note(self.env, number, line)
                self.document.ids[number.lower()] = target
            comment.replace_self(target)
