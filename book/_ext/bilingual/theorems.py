"""Theorems, proofs, exercises and solutions: their labels in the reader's language.

`sphinx-proof` and `sphinx-exercise` write a label in one language and a number before a
title. Here the whole title is made once for each language: 定理 3.1（甲） and
Theorem 3.1 (A).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from .texts import LANGUAGES
from .trees import REMEMBERED, ancestors, cut, mark, mark_of, twins
from .words import NUMBERED

KINDS = {
    "theorem": "定理",
    "lemma": "引理",
    "corollary": "推论",
    "proposition": "命题",
    "definition": "定义",
    "algorithm": "算法",
    "axiom": "公理",
    "assumption": "假设",
    "conjecture": "猜想",
    "criterion": "判据",
    "example": "例",
    "notation": "记号",
    "observation": "观察",
    "property": "性质",
    "remark": "注记",
}
STARS = re.compile(r"[★☆]+\s*")
PROOF = {"zh": "证明。", "en": "Proof."}
PROOF_PREFIX = re.compile(r"^Proof\. ?")
SOLUTION = {"zh": "{exercise} 的解答", "en": "Solution to {exercise}"}
AROUND = {"zh": "（{}）", "en": " ({})"}

Halves = dict[str, list[nodes.Node]]


def is_theorem(node: nodes.Node) -> bool:
    """A box of `sphinx-proof`, numbered or not; the package need not be there."""
    return isinstance(node, nodes.Element) and "realtype" in node


def is_proof(node: nodes.Node) -> bool:
    """A proof of `sphinx-proof`."""
    return type(node).__name__ == "proof_node"


# --- while a page is read ------------------------------------------------------------
def strip_labels(document: nodes.document) -> None:
    """Take off what the directives wrote around title and text, before the pairing."""
    for node in list(document.findall(nodes.Element)):
        if is_proof(node):
            first = next(iter(node.findall(nodes.paragraph)), None)
            if first is not None and isinstance(first[0], nodes.Text):
                bare = PROOF_PREFIX.sub("", first[0].astext())
                first.replace(first[0], nodes.Text(bare))
        elif is_theorem(node) and len(node[0]):
            title = node[0]
            head, tail = title[0], title[-1]
            if isinstance(head, nodes.Text) and head.astext().startswith(" ("):
                title.replace(head, nodes.Text(head.astext()[2:]))
            tail = title[-1]
            if isinstance(tail, nodes.Text) and tail.astext().endswith(")"):
                title.replace(tail, nodes.Text(tail.astext()[:-1]))


def label_proofs(document: nodes.document) -> None:
    """Begin a proof with 证明。 and *Proof.*, each in its own paragraph."""
    for node in document.findall(is_proof):
        body = node[0]
        for lang in LANGUAGES:
            texts = (c for c in body.children if mark_of(c) == lang)
            first = next((c for c in texts if isinstance(c, nodes.paragraph)), None)
            if first is None:
                continue
            label = nodes.emphasis("", PROOF[lang], classes=["proof-label"])
            first.insert(0, [label, nodes.Text(" " if lang == "en" else "")])


# --- while a page is written ---------------------------------------------------------
def title_halves(children: Sequence[nodes.Node]) -> Halves:
    """The halves of a title, marked or still in one text; a name is both halves."""
    marked = {mark_of(child): child.children for child in children if mark_of(child)}
    if marked:
        return {lang: copies(marked.get(lang, [])) for lang in LANGUAGES}
    parts = cut(children) or (children, children)
    return {lang: copies(part) for lang, part in zip(LANGUAGES, parts, strict=True)}


def copies(children: Sequence[nodes.Node]) -> list[nodes.Node]:
    """Copies of nodes, to stand in two places."""
    return [child.deepcopy() for child in children]


def in_brackets(lang: str, title: Sequence[nodes.Node]) -> list[nodes.Node]:
    """（甲） or (A); nothing around nothing."""
    if not title:
        return []
    before, after = AROUND[lang].split("{}")
    return [nodes.Text(before), *title, nodes.Text(after)]


def with_names(names: dict[str, str], title: Halves) -> Halves:
    """定理 3.1（甲） and Theorem 3.1 (A)."""
    return {
        lang: [
            nodes.inline("", names[lang], classes=["caption-number"]),
            *in_brackets(lang, title[lang]),
        ]
        for lang in LANGUAGES
    }


def in_edition(halves: Halves, mode: str) -> list[nodes.Node]:
    """Both halves, or the one of the edition."""
    return halves[mode] if mode in halves else twins(halves["zh"], halves["en"])


def page_of(node: nodes.Node, otherwise: str) -> str:
    """The page that a node comes from; in a single file pages stand inside each other."""
    files = (a for a in ancestors(node) if isinstance(a, addnodes.start_of_file))
    return next((file["docname"] for file in files), otherwise)


def number_of(env: BuildEnvironment, docname: str, kind: str, label: str) -> str:
    """``3.1``; empty if the thing has no number."""
    numbers = env.toc_fignumbers.get(docname, {}).get(kind, {}).get(label, ())
    return ".".join(map(str, numbers))


def theorem_name(env: BuildEnvironment, label: str, lang: str) -> str | None:
    """定理 3.1 or Theorem 3.1, for a reference; ``None`` if there is no such theorem."""
    entry = getattr(env, "proof_list", {}).get(label)
    if entry is None:
        return None
    number = number_of(env, entry["docname"], entry["countertype"], label)
    return named(entry["realtype"], number, lang)


def named(kind: str, number: str, lang: str) -> str:
    """The name of a kind of theorem with its number."""
    word = KINDS.get(kind, kind) if lang == "zh" else kind.title()
    return f"{word} {number}".strip()


def exercise_name(env: BuildEnvironment, label: str, lang: str) -> str:
    """练习 3.1 or Exercise 3.1."""
    entry = env.sphinx_exercise_registry[label]
    number = number_of(env, entry["docname"], "exercise", label)
    return (NUMBERED["exercise"][LANGUAGES.index(lang)] % number).strip()


def exercise_title(env: BuildEnvironment, label: str) -> Halves:
    """The title that its author gave an exercise, in both languages."""
    title = env.sphinx_exercise_registry[label]["node"][0]
    if type(title).__name__ != "exercise_title":  # resolved already, in this page
        return with_stars(title_halves([c for c in title.children if mark_of(c)]))
    given = title.children[1].children if len(title.children) > 1 else []
    return with_stars(title_halves(given))


def with_stars(title: Halves) -> Halves:
    """★ in front of the Chinese half is the difficulty: it belongs to both."""
    zh, en = title["zh"], title["en"]
    stars = STARS.match(zh[0].astext()) if zh else None
    if stars and en and not STARS.match(en[0].astext()):
        en.insert(0, nodes.Text(stars[0]))
    return title


def solution_name(env: BuildEnvironment, label: str, lang: str) -> str | None:
    """练习 3.1 的解答, for a reference; ``None`` if ``label`` is no solution."""
    entry = getattr(env, "sphinx_exercise_registry", {}).get(label)
    if entry is None or "target_label" not in entry["node"]:
        return None
    exercise = entry["node"]["target_label"]
    if exercise not in env.sphinx_exercise_registry:
        return None
    return SOLUTION[lang].format(exercise=exercise_name(env, exercise, lang))


class TheoremTitles(SphinxPostTransform):
    """Give numbered boxes a whole title in each language."""

    default_priority = 30  # sphinx-exercise makes its titles at 20 to 22

    def run(self, **kwargs: Any) -> None:
        """Make the titles; the boxes become plain ones where HTML is written."""
        for node in list(self.document.findall(nodes.Element)):
            kind = type(node).__name__
            if is_theorem(node) and isinstance(node[0], nodes.title):
                self.theorem(node)
            elif kind in ("exercise_node", "exercise_enumerable_node"):
                self.exercise(node)
            elif kind == "solution_node":
                self.solution(node)

    def theorem(self, node: nodes.Element) -> None:
        """定理 3.1（甲） | Theorem 3.1 (A)."""
        title = title_halves(node[0].children)
        docname = page_of(node, self.env.docname)
        number = number_of(self.env, docname, node["countertype"], node["label"])
        names = {lang: named(node["realtype"], number, lang) for lang in LANGUAGES}
        if self.app.builder.format == "html":
            self.replace(node, names, title)
        elif self.app.builder.format == "latex":
            self.retitle(node, with_names(names, title))
            node["realtype"] = node["countertype"] = (
                ""  # the writer puts these in front
            )

    def exercise(self, node: nodes.Element) -> None:
        """练习 3.1（甲） | Exercise 3.1 (A)."""
        registry = getattr(self.env, "sphinx_exercise_registry", {})
        label = node["label"]
        if label not in registry:
            return
        names = {lang: exercise_name(self.env, label, lang) for lang in LANGUAGES}
        title = exercise_title(self.env, label)
        if self.app.builder.format == "html":
            self.replace(node, names, title)
        else:
            self.retitle(node, with_names(names, title))

    def solution(self, node: nodes.Element) -> None:
        """练习 3.1 的解答（甲） | Solution to Exercise 3.1 (A)."""
        exercise = node["target_label"]
        if exercise not in getattr(self.env, "sphinx_exercise_registry", {}):
            return  # sphinx-exercise has warned
        link = next(iter(node[0].findall(nodes.reference)), None)
        title, halves = exercise_title(self.env, exercise), {}
        for lang in LANGUAGES:
            before, after = SOLUTION[lang].split("{exercise}")
            name: nodes.Node = nodes.Text(exercise_name(self.env, exercise, lang))
            if link is not None:
                shell = link.copy()
                shell += name
                name = shell
            texts = [nodes.Text(t) if t else None for t in (before, after)]
            halves[lang] = [n for n in (texts[0], name, texts[1]) if n is not None]
            halves[lang] += in_brackets(lang, title[lang])
        self.retitle(node, halves)

    def retitle(self, node: nodes.Element, halves: Halves) -> None:
        """Put a new title in place of the old one."""
        title = nodes.title("", "", *in_edition(halves, self.config.bilingual_mode))
        node.replace(node[0], title)

    def replace(
        self, node: nodes.Element, names: dict[str, str], title: Halves
    ) -> None:
        """Make a numbered box a plain one, with the number in its title."""
        halves = with_names(names, title)
        box = nodes.admonition("", ids=node["ids"], classes=node["classes"])
        box += nodes.title("", "", *in_edition(halves, self.config.bilingual_mode))
        box += node.children[1:]
        node.replace_self(box)


class RestoreMarks(SphinxPostTransform):
    """Mark again what another extension has unmarked: `sphinx-design` in its dropdowns."""

    default_priority = 210  # sphinx-design is at 199 and 200

    def run(self, **kwargs: Any) -> None:
        """Every mark is also an attribute."""
        for node in self.document.findall(nodes.Element):
            if node.get(REMEMBERED):
                mark(node, node[REMEMBERED])


def lend_handlers(app: Sphinx) -> None:
    """`sphinx-exercise` hides every HTML handler from the builder for a single file."""
    handlers = app.registry.translation_handlers
    if "singlehtml" in handlers:
        handlers["singlehtml"] = {**handlers.get("html", {}), **handlers["singlehtml"]}
