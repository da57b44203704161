"""Reference texts in the language of the block they stand in: 图 3.1, Fig. 3.1."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from .texts import LANGUAGES, SEPARATOR, halves, pick
from .theorems import number_of, page_of, solution_name, theorem_name
from .trees import SEPARATOR_CLASS, ancestors, classes, language_of, mark_of, split
from .words import NUMBERED, both_or_one


def kind_of(env: BuildEnvironment, label: str) -> str | None:
    """``figure``, ``table``, … or ``section``: what a label numbers."""
    docname, target = env.get_domain("std").anonlabels.get(label, ("", ""))[:2]
    for kind, numbers in env.toc_fignumbers.get(docname, {}).items():
        if target in numbers:
            return kind
    sections = env.toc_secnumbers.get(docname, {})
    return "section" if {f"#{target}", ""} & set(sections) else None


class ReferenceNumbers(SphinxPostTransform):
    """Numbered references, before Sphinx resolves them."""

    default_priority = (
        8  # sphinx-exercise makes {ref} to {numref} at 5; Sphinx is at 10
    )

    def run(self, **kwargs: Any) -> None:
        """Write the format, or the text, of every reference that has no own text."""
        mode = self.config.bilingual_mode
        for node in self.document.findall(addnodes.pending_xref):
            lang = language_of(node) if mode == "both" else mode
            if node.get("refexplicit"):
                continue
            if node["reftype"] == "numref" and lang:
                kind = kind_of(self.env, node["reftarget"])
                if kind in NUMBERED:
                    node["refexplicit"] = True
                    self.say(node, NUMBERED[kind][LANGUAGES.index(lang)])
            elif node.get("refdomain") == "prf":
                names = [
                    theorem_name(self.env, node["reftarget"], lang)
                    for lang in LANGUAGES
                ]
                if None not in names:
                    self.say(node, both_or_one(*names, lang or "both"))

    def say(self, node: addnodes.pending_xref, text: str) -> None:
        """Set the text of a reference."""
        node[0].children = []
        node[0] += nodes.Text(text)


class ReferenceTexts(SphinxPostTransform):
    """References that took a title as their text, after Sphinx resolved them."""

    default_priority = 31  # after theorems.TheoremTitles

    def run(self, **kwargs: Any) -> None:
        """Leave the half of the block's language, or mark both."""
        mode = self.config.bilingual_mode
        for node in list(self.document.findall(nodes.reference)):
            lang = language_of(node) if mode == "both" else mode
            self.solution(node, lang or "both")
            for text in list(node.findall(nodes.Text)):
                if lang and halves(text.astext()):
                    text.parent.replace(text, nodes.Text(pick(text.astext(), lang)))
                elif SEPARATOR.search(text.astext()) and not self.is_bar(text):
                    split(text.parent)

    def is_bar(self, text: nodes.Text) -> bool:
        """Whether this is the separator of halves that are marked already."""
        return any(SEPARATOR_CLASS in classes(around) for around in ancestors(text))

    def solution(self, node: nodes.reference, lang: str) -> None:
        """A reference to a solution took the words of `sphinx-exercise`."""
        if not isinstance(node.parent, nodes.Element) or isinstance(
            node.parent, nodes.title
        ):
            return
        label = node.get("refid") or node.get("refuri", "").rpartition("#")[2]
        names = [solution_name(self.env, label, lang) for lang in LANGUAGES]
        if None in names:
            return
        node.children = []
        node += nodes.inline("", both_or_one(*names, lang), classes=["std", "std-ref"])


class CaptionNumbers(SphinxPostTransform):
    """图 3.1 in front of the Chinese half of a caption, Fig. 3.1 of the English one.

    Sphinx writes one number, before both halves. In a page in both languages the English
    half has its own; the style sheet shows each number once.
    """

    default_priority = 31

    def run(self, **kwargs: Any) -> None:
        """Put the second number in, where HTML is written."""
        if self.config.bilingual_mode != "both" or self.app.builder.format != "html":
            return
        std = self.env.get_domain("std")
        for node in self.document.findall(nodes.Element):
            kind = std.get_enumerable_node_type(node)
            if kind not in NUMBERED or kind == "section":
                continue
            docname = page_of(node, self.env.docname)
            numbers = (number_of(self.env, docname, kind, i) for i in node["ids"])
            number = next(filter(None, numbers), None)
            captions = (nodes.caption, nodes.title)
            caption = next((c for c in node.children if isinstance(c, captions)), None)
            if number and caption is not None:
                for half in caption.children:
                    if mark_of(half) == "en":
                        text = NUMBERED[kind][1] % number + " "
                        half.insert(0, nodes.inline("", text, classes=["bi-number"]))
