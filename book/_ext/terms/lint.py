"""A term written otherwise: another word than the table's main one is a fault.

Other words (``also``) may stand beside the main word, where a text introduces them, and in
quotations. The faults are told by the bilingual extension, with those of the twins.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from bilingual.report import Fault, line_of, warn
from bilingual.trees import language_of, prose
from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from .table import Term, pattern

QUOTED = re.compile(r"“[^”]*”|《[^》]*》")
TEXTS = (nodes.paragraph, nodes.Titular, nodes.caption, nodes.term)


def other_words(text: str, lang: str, terms: list[Term]) -> list[tuple[str, Term]]:
    """Words in ``text`` for which the table has another main word, with their terms."""
    text = QUOTED.sub(" ", text)
    found = []
    for term in terms:
        for word in term.also.get(lang, ()):
            if not re.search(pattern(word, lang), text):
                continue
            if any(re.search(pattern(w, lang), text) for w in term.words(lang)):
                continue  # named beside the main word
            longer = (
                w for t in terms for w in t.words(lang) if word in w and w != word
            )
            rest = text
            for main in longer:
                rest = re.sub(pattern(main, lang), " ", rest)
            if re.search(pattern(word, lang), rest):
                found.append((word, term))
    return found


class OtherWords(SphinxTransform):
    """Look at every text of a page, once its language is known."""

    default_priority = 34

    def apply(self, **kwargs: Any) -> None:
        """Warn of each, once a line."""
        if any(self.document.findall(addnodes.glossary)):
            return
        docname, told = self.env.docname, set()
        lines = Path(self.env.doc2path(docname)).read_text("utf-8").splitlines()
        for node in self.document.findall(lambda n: isinstance(n, TEXTS)):
            for part in [node] if language_of(node) else node.children:
                lang = language_of(part)
                if not lang:
                    continue
                for word, term in other_words(prose(part), lang, self.env.app.terms):
                    place = docname, line_of(part, lines)
                    if (place, word) in told:
                        continue
                    told.add((place, word))
                    main = term.zh if lang == "zh" else term.en
                    text = f"“{word}” is written otherwise: terms.yml has {main}"
                    warn(place, Fault.WORD, f"{text} (quotation marks allow it)")
