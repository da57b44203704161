"""All solutions once more, together: ``{solutions} page …`` copies them from their pages.

A copy is made when its page is written, so it is what the reader of the chapter sees,
unfolded: text, code, outputs, figures. Names in it get a prefix, and what they number
keeps its number. ``{exercise-list}`` lists every exercise with the way to its solution.
Delete this when `sphinx-exercise` can print solutions in a second place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bilingual.texts import LANGUAGES
from bilingual.theorems import (
    exercise_name,
    exercise_title,
    in_brackets,
    in_edition,
    page_of,
)
from bilingual.trees import mark
from docutils import nodes
from places import IndexDirective, changed, label, toc_order
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx_exercise.nodes import exercise_latex_number_reference, solution_node

logger = logging.getLogger(__name__)

TITLE = re.compile(r"^# (.+)$", re.M)
SOURCE = {"zh": ("题目见 ", "。"), "en": ("The exercises are in ", ".")}
SOLUTION = {"zh": "解答", "en": "solution"}
NAMED = r"^:label: +{}\s*$"
NAMELESS = r"^.*\{exercise(?:-start)?\}.*\n(?!(?::.*\n)*:label:)"
SOLVES = r"^.*\{{solution(?:-start)?\}} +{}\s*$"
COLLECTS = "solutions"  # name of the metadata: whose solutions a page collects


class solutions(nodes.General, nodes.Element):
    """Stands for the solutions of the exercises of ``page``."""


class copied_from(addnodes.start_of_file):
    """In print, where a solution stands only once: its text, with the names of its page."""


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


# --- what there is ---------------------------------------------------------------------
def collected(env: BuildEnvironment) -> dict[str, list[str]]:
    """Page that collects -> the pages it collects from, in reading order."""
    order = toc_order(env)
    pages = {
        doc: data[COLLECTS] for doc, data in env.metadata.items() if COLLECTS in data
    }
    return dict(sorted(pages.items(), key=lambda page: order.get(page[0], len(order))))


def exercises(env: BuildEnvironment, docname: str) -> Iterator[tuple[str, str]]:
    """Label of each exercise of a page that has a solution, and that of the solution."""
    registry = getattr(env, "sphinx_exercise_registry", {})
    for name, row in registry.items():
        target = row["node"].get("target_label")
        if row["docname"] == docname and target in registry:
            yield target, name


def anchor(exercise: str) -> str:
    """Where the copy of an exercise's solution stands."""
    return f"solution-{exercise}"


# --- the copies --------------------------------------------------------------------------
class Writer(SphinxPostTransform):
    """What both transforms below need."""

    default_priority = 1  # before myst-nb (4) and sphinx-exercise (5)

    def link(
        self, here: str, docname: str, name: str, *words: nodes.Node
    ) -> nodes.reference:
        """A link to an anchor of another page."""
        address = self.app.builder.get_relative_uri(here, docname)
        address += f"#{name}" if name else ""
        return nodes.reference("", "", *words, internal=True, refuri=address)

    def exercise_link(self, here: str, exercise: str, lang: str) -> nodes.Node:
        """练习 3.1, as a link to it."""
        text = nodes.Text(exercise_name(self.env, exercise, lang))
        if (
            self.app.builder.format == "latex"
        ):  # exercises have labels of their own there
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
        return in_edition(halves, getattr(self.config, "bilingual_mode", "both"))

    def page_link(self, here: str, docname: str, lang: str) -> nodes.reference:
        """3.1.5 问与答, as a link to the page."""
        return self.link(here, docname, "", *label(self.env, docname, "", lang))


class CopySolutions(Writer):
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
        mode = getattr(self.config, "bilingual_mode", "both")
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


class ListExercises(Writer):
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


def open_copy(self: Any, node: nodes.Element) -> None:
    """In LaTeX a name has that of its page in front."""
    self.curfilestack.append(node["docname"])


def close_copy(self: Any, node: nodes.Element) -> None:
    """Back to the page that collects."""
    self.curfilestack.pop()


# --- again, and checks -------------------------------------------------------------------
def write_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The collections of which a source was read again or numbered anew."""
    again = []
    for docname, sources in collected(env).items():
        state = [
            (
                env.all_docs.get(page),
                repr(env.toc_fignumbers.get(page)),
                repr(env.toc_secnumbers.get(page)),
            )
            for page in sources
        ]
        if changed(app, f"solutions {docname}", state):
            again.append(docname)
    return again


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """Every solution is collected once, if any is."""
    found = [source for sources in collected(env).values() for source in sources]
    if not found:
        return
    registry = getattr(env, "sphinx_exercise_registry", {})
    having = {
        row["docname"] for row in registry.values() if "target_label" in row["node"]
    }
    for docname in sorted(having - set(found)):
        logger.warning(
            "this page has solutions that no page collects: name it in a {solutions}",
            location=docname,
            type="solutions",
            subtype="missing",
        )
    for docname, sources in collected(env).items():
        for source in sources:
            if source not in having:
                logger.warning(
                    "{solutions} names %s, which has no solutions",
                    source,
                    location=docname,
                    type="solutions",
                    subtype="empty",
                )
            if found.count(source) > 1:
                logger.warning(
                    "{solutions} names %s, which is collected more than once",
                    source,
                    location=docname,
                    type="solutions",
                    subtype="twice",
                )


def check_pairs(app: Sphinx, env: BuildEnvironment) -> None:
    """Every exercise has its solution, and every solution its exercise."""
    registry = getattr(env, "sphinx_exercise_registry", {})
    solved = {row["node"].get("target_label") for row in registry.values()} - {None}
    for name, row in sorted(registry.items()):
        docname, target = row["docname"], row["node"].get("target_label")
        text = Path(env.doc2path(docname)).read_text("utf-8")
        if target is None and name not in solved:
            line = line_of(NAMED.format(re.escape(name)), text)
            told = (
                f"exercise {name} has no solution: write a {{solution}} {name} below it"
            )
            if not line:
                line = line_of(NAMELESS, text)
                told = "an exercise without a name: give it `:label: ex-…`"
        elif target is not None and target not in registry:
            line = line_of(SOLVES.format(re.escape(target)), text)
            told = f"there is no exercise {target} to this solution: correct its name"
        else:
            continue
        logger.warning(
            told, location=(docname, line or 1), type="solutions", subtype="alone"
        )


def line_of(pattern: str, text: str) -> int:
    """The line where a pattern begins; 0 if it is nowhere."""
    found = re.search(pattern, text, re.M)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def setup(app: Sphinx) -> dict[str, Any]:
    """Register directives, nodes, transforms and hooks."""
    app.setup_extension("sphinx_exercise")
    app.setup_extension("places")
    app.add_node(solutions)
    app.add_node(copied_from, latex=(open_copy, close_copy))
    app.add_node(exercise_list)
    app.add_directive("solutions", Solutions)
    app.add_directive("exercise-list", ExerciseList)
    app.add_post_transform(CopySolutions)
    app.add_post_transform(ListExercises)
    app.connect("env-updated", write_again)
    app.connect("env-updated", check)
    app.connect("env-updated", check_pairs)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
