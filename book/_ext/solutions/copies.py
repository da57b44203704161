"""The copies of the solutions, with names of their own and the numbers of the originals."""

from __future__ import annotations

from typing import Any

from bilingual.texts import LANGUAGES
from bilingual.theorems import page_of
from bilingual.trees import mark
from docutils import nodes
from sphinx import addnodes
from sphinx_exercise.nodes import solution_node

from .collected import anchor
from .directives import solutions
from .headings import Headings

SOURCE = {"zh": ("题目见 ", "。"), "en": ("The exercises are in ", ".")}


class copied_from(addnodes.start_of_file):
    """In print, where a solution stands only once: its text, with the names of its page."""


class CopySolutions(Headings):
    """Put the copies where the placeholders stand."""

    def run(self, **kwargs: Any) -> None:
        """Page by page."""
        for stand_in in list(self.document.findall(solutions)):
            here, source = page_of(stand_in, self.env.docname), stand_in["page"]
            if source not in self.env.all_docs:  # told by `check`
                stand_in.parent.remove(stand_in)
                continue
            found = self.env.get_doctree(source).findall(solution_node)
            known = self.env.sphinx_exercise_registry
            copies = [
                self.copy(here, source, node)
                for node in found
                if node["target_label"] in known
            ]
            stand_in.replace_self([*self.origin(here, source), *copies])

    def origin(self, here: str, source: str) -> list[nodes.paragraph]:
        """Say where the exercises are, a paragraph in each language of the edition."""
        made = []
        mode = self.config.bilingual_mode
        for lang in LANGUAGES if mode == "both" else [mode]:
            before, after = SOURCE[lang]
            link = self.page_link(here, source, lang)
            made.append(
                nodes.paragraph("", "", nodes.Text(before), link, nodes.Text(after))
            )
            if mode == "both":
                mark(made[-1], lang)
        return made

    def copy(self, here: str, source: str, solution: nodes.Element) -> nodes.section:
        """A section with the exercise's name as title and the solution as text."""
        exercise = solution["target_label"]
        title = nodes.title("", "", *self.edition(self.heading(here, exercise)))
        body = solution[1]
        if self.app.builder.format == "latex":  # the chapter does not print it
            spot = nodes.target("", "", ids=solution["ids"])
            text = copied_from("", spot, *body.children, docname=source)
            return nodes.section("", title, text, ids=[anchor(exercise)])
        names = self.rename(exercise, body)
        self.take_numbers(here, source, names)
        for node in list(body.findall(nodes.Element)):
            self.redirect(here, source, node, set(names.values()))
        return nodes.section("", title, *body.children, ids=[anchor(exercise)])

    def rename(self, exercise: str, body: nodes.Element) -> dict[str, str]:
        """Give the names in a copy a prefix; returns old and new ones."""
        names: dict[str, str] = {}
        for node in body.findall(nodes.Element):
            for name in node["ids"]:
                names[name] = f"{anchor(exercise)}-{name}"
            node["ids"] = [names[name] for name in node["ids"]]
            node["names"] = []
        for node in body.findall(nodes.Element):
            if node.get("refid") in names:
                node["refid"] = names[node["refid"]]
        return names

    def take_numbers(self, here: str, source: str, names: dict[str, str]) -> None:
        """Give what was numbered in the source the same number here."""
        numbers = self.env.toc_fignumbers
        for kind, table in numbers.get(source, {}).items():
            mine = numbers.setdefault(here, {}).setdefault(kind, {})
            for name, number in table.items():
                # A theorem is looked up by its label, which stays.
                mine[names.get(name, name)] = mine[name] = number

    def redirect(
        self, here: str, source: str, node: nodes.Element, inside: set[str]
    ) -> None:
        """Make what leads from the source lead from here, but for what leads inside."""
        if isinstance(node, addnodes.pending_xref):
            if node["reftype"] == "doc" and not node["reftarget"].startswith("/"):
                beside = source.rpartition("/")[0]
                node["reftarget"] = f"/{beside}/{node['reftarget']}"
            node["refdoc"] = here
        elif isinstance(node, nodes.footnote_reference):
            mark = nodes.superscript("", node.astext())
            node.replace_self(self.link(here, source, node["refid"], mark))
        elif isinstance(node, nodes.reference) and node.get(
            "refid", ""
        ) not in inside | {""}:
            node.replace_self(self.link(here, source, node["refid"], *node.children))


def open_copy(self: Any, node: nodes.Element) -> None:
    """In LaTeX a name has that of its page in front."""
    self.curfilestack.append(node["docname"])


def close_copy(self: Any, node: nodes.Element) -> None:
    """Back to the page that collects."""
    self.curfilestack.pop()
