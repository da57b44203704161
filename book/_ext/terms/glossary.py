"""``{terms}``: the table of terms, printed as a glossary."""

from __future__ import annotations

from bilingual import halves
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from .table import Term

logger = logging.getLogger(__name__)


class Terms(SphinxDirective):
    """The glossary, by the English words."""

    def run(self) -> list[nodes.Node]:
        """Write it as Markdown and have that parsed, so that everything else applies to it."""
        terms: list[Term] = sorted(self.env.app.terms, key=lambda t: t.en.lower())
        for term in terms:
            if not term.means:
                logger.warning(
                    "terms.yml: %r has no definition: add means: 中文 | English",
                    term.zh,
                    location=self.get_location(),
                    type="terms",
                    subtype="means",
                )
        lines = ["````{glossary}"]
        for term in terms:
            lines += entry(term)
        lines.append("````")
        box = nodes.container()
        content = StringList(lines, source=self.env.doc2path(self.env.docname))
        self.state.nested_parse(content, self.content_offset, box)
        return box.children


def entry(term: Term) -> list[str]:
    """One entry in the syntax of ``{glossary}``."""
    zh, en = halves(term.means) or (term.zh, term.en)
    others = term.also.get("zh", []), term.also.get("en", [])
    if others[0]:
        zh += f"也称{'、'.join(others[0])}。"
    if others[1]:
        en += f" Also called {', '.join(others[1])}."
    if term.at:
        zh, en = f"{zh}见{{ref}}`{term.at}`。", f"{en} See {{ref}}`{term.at}`."
    heads = [term.zh, term.en, *filter(None, [term.abbr])]
    return [*heads, f"  {zh}", "", f"  {en}", ""]
