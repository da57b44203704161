"""In the appendix: every entry of the notes with its place, and what lacks one."""

from __future__ import annotations

from collections import defaultdict

from bilingual.texts import LANGUAGES, halves
from bilingual.trees import twins
from docutils import nodes
from places import IndexDirective, PlacesDomain, in_each
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from .entries import LETTERS, SEVERITIES, Entry, notes_path

logger = logging.getLogger(__name__)


class NotesIndex(IndexDirective):
    """Every entry of a kind, group by group, with the section that has it."""

    def lists(self) -> list[nodes.Node]:
        """A section and a list for each group."""
        self.env.note_dependency(str(notes_path(self.env.app)))
        groups = getattr(self.env.app.notes, self.kind)
        return [
            self.group(f"notes-{self.kind}-{count}", title, entries)
            for count, (title, entries) in enumerate(groups.items(), 1)
        ]

    def group(self, name: str, title: str, entries: dict[str, Entry]) -> nodes.section:
        """The entries of a group below its title."""
        section = nodes.section("", nodes.title(title, title), names=[name])
        self.state.document.note_explicit_target(section)
        items = [self.entry(number, entry) for number, entry in entries.items()]
        section += nodes.bullet_list("", *items, classes=["index-list", "notes-index"])
        return section

    def entry(self, number: str, entry: Entry) -> nodes.list_item:
        """**M2** how bad: what it is → where it is."""
        spots, halfway = in_each(self.kind, number), []
        grades = halves(SEVERITIES.get(entry.severity, "")) or ("", "")
        texts = halves(entry.text) or ()  # checked when the file was read
        for lang, text, grade in zip(LANGUAGES, texts, grades, strict=True):
            words, _ = self.state.inline_text(text, self.lineno)
            if grade:
                name = ["severity", f"severity-{entry.severity}"]
                words = [nodes.inline("", grade, classes=name), nodes.Text(" "), *words]
            halfway.append([*words, nodes.Text(" → "), spots[lang]])
        name = nodes.strong("", number, classes=["notes-number"])
        line = nodes.paragraph("", "", name, nodes.Text(" "), *twins(*halfway))
        return nodes.list_item("", line)


class Items(NotesIndex):
    """``{notes-items}``: what the notes hold."""

    kind = "items"


class Corrections(NotesIndex):
    """``{notes-corrections}``: what the notes had wrong."""

    kind = "corrections"


def check_once(app: Sphinx, env: BuildEnvironment) -> None:
    """Every number stands once."""
    twice = defaultdict(list)
    for kind in LETTERS.values():
        for number, places in env.get_domain("places").of(kind).items():
            for place in places[1:]:
                path = env.doc2path(places[0].docname, base=False)
                fault = f"{number} stands in {path}:{places[0].line} already"
                twice[place[:2]].append(fault)
    for place, faults in sorted(twice.items()):
        logger.warning(
            "%s: keep it in one place",
            "; ".join(faults),
            location=place,
            type="notes",
            subtype="twice",
        )


def check_complete(app: Sphinx, env: BuildEnvironment) -> None:
    """Every number of the file has a place and the reverse, where there is a list."""
    domain: PlacesDomain = env.get_domain("places")
    for kind in LETTERS.values():
        lists, known = domain.indexes(kind), app.notes.numbers(kind)
        found = domain.of(kind)
        if not lists:
            continue
        lost = [number for number in known if number not in found]
        if lost:
            cure = {
                "items": "put a comment line such as `% S10` above the block that has it",
                "corrections": "give it a ```{correction}``` box",
            }
            logger.warning(
                "%s of notes.yml stand on no page: %s",
                ", ".join(lost),
                cure[kind],
                location=lists[0],
                type="notes",
                subtype="lost",
            )
        for number in sorted(set(found) - set(known)):
            logger.warning(
                "%s is not in notes.yml: add what it is, or correct the number",
                number,
                location=found[number][0][:2],
                type="notes",
                subtype="unknown",
            )
