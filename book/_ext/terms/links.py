"""The first mention of each term on a page, in each language, leads to the glossary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bilingual.texts import LANGUAGES
from bilingual.trees import ancestors, language_of
from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from .table import Term, pattern

# No link in these: they are links, code, names or narrow.
CLOSED = (
    nodes.Titular,
    nodes.literal,
    nodes.math,
    nodes.reference,
    nodes.footnote_reference,
    nodes.caption,
    nodes.legend,
    nodes.term,
    nodes.table,
    nodes.rubric,
    addnodes.pending_xref,
    addnodes.glossary,
)
LINK = "term-mention"


def key(word: str, lang: str) -> str:
    """What a word is looked up by: spaces, hyphens and capitals do not count."""
    word = re.sub(r"[\s-]+", "" if lang == "zh" else " ", word)
    return word.lower()


class Finder:
    """All words of one language, the longest first, so that none is found inside another."""

    def __init__(self, terms: list[Term], lang: str) -> None:
        self.lang = lang
        self.terms = {
            key(word, lang): term for term in terms for word in term.words(lang)
        }
        words = sorted({w for t in terms for w in t.words(lang)}, key=len, reverse=True)
        self.words = re.compile("|".join(pattern(w, lang) for w in words) or "(?!)")
        self.seen: set[str] = set()

    def first_mentions(self, text: str) -> Iterator[tuple[re.Match[str], Term]]:
        """Words of terms that were not found before and are to be linked."""
        for match in self.words.finditer(text):
            term = self.terms[key(match[0], self.lang)]
            if term.link and term.en not in self.seen:
                self.seen.add(term.en)
                yield match, term


class FirstMentions(SphinxTransform):
    """Link them, once the bilingual extension knows the language of every block."""

    default_priority = 35

    def apply(self, **kwargs: Any) -> None:
        """Walk the paragraphs of the page in order."""
        if any(self.document.findall(addnodes.glossary)):
            return  # a glossary does not explain itself
        finders = {lang: Finder(self.env.app.terms, lang) for lang in LANGUAGES}
        for paragraph in list(self.document.findall(nodes.paragraph)):
            if any(isinstance(around, CLOSED) for around in ancestors(paragraph)):
                continue
            for text in list(paragraph.findall(nodes.Text)):
                lang = language_of(text)
                if lang and not any(isinstance(n, CLOSED) for n in ancestors(text)):
                    self.link(text, finders[lang])

    def link(self, text: nodes.Text, finder: Finder) -> None:
        """Link the first mentions in one piece of text."""
        whole, at, made = text.astext(), 0, []
        for match, term in finder.first_mentions(whole):
            before = nodes.Text(whole[at : match.start()])
            made += [before, self.mention(term, match[0])]
            at = match.end()
        if made:
            where = text.parent.index(text)
            text.parent[where : where + 1] = [*made, nodes.Text(whole[at:])]

    def mention(self, term: Term, word: str) -> addnodes.pending_xref:
        """A link to the term's entry; plain text where the book has no glossary."""
        return addnodes.pending_xref(
            "",
            nodes.inline("", word, classes=[LINK]),
            refdomain="std",
            reftype="term",
            reftarget=term.en,  # its anchor can be read: #term-perceptron
            refexplicit=True,
            refwarn=False,
            refdoc=self.env.docname,
        )


class Plain(SphinxPostTransform):
    """In print the mentions are plain words: a page full of links helps nobody there."""

    default_priority = 50
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Take the links off."""
        for inline in list(self.document.findall(nodes.inline)):
            if LINK in inline["classes"] and isinstance(inline.parent, nodes.reference):
                inline.parent.replace_self(inline.children)
