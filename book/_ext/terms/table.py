"""The table of terms: read from YAML, checked, and turned into patterns.

Nothing here but `load` knows Sphinx.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bilingual import halves
from sphinx.application import Sphinx
from sphinx.config import Config
from yaml_lines import Malformed, read_file, read_yaml

FIELDS = ("zh", "en", "abbr", "plural", "also", "means", "at", "link")


@dataclass(frozen=True)
class Term:
    """One idea with its words.

    Attributes:
        zh: The Chinese word.
        en: The English word, lower case unless it is a name.
        abbr: What both languages may write for short.
        plural: The English plural where it is not formed with ``s``, ``es`` or ``ies``.
        also: Other words, by language; a text names them once, beside the main word.
        means: The definition, ``中文 | English``.
        at: Label of the section that introduces it.
        link: Whether its first mention on a page is linked to the glossary; no for words
            that are also everyday words.
    """

    zh: str
    en: str
    abbr: str = ""
    plural: str = ""
    also: dict[str, list[str]] = field(default_factory=dict)
    means: str = ""
    at: str = ""
    link: bool = True

    def words(self, lang: str) -> list[str]:
        """The main words in one language, longest first."""
        main = [self.zh] if lang == "zh" else [self.en, self.plural or plural(self.en)]
        return sorted([*main, *filter(None, [self.abbr])], key=len, reverse=True)


def plural(word: str) -> str:
    """The regular English plural.

    Example:
        >>> plural("bias"), plural("decision boundary"), plural("weight")
        ('biases', 'decision boundaries', 'weights')
    """
    if re.search(r"(s|x|ch|sh)$", word):
        return word + "es"
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + "s"


def pattern(word: str, lang: str) -> str:
    """A regular expression for a word where it stands in running text.

    Example:
        >>> bool(re.search(pattern("weight decay", "en"), "Weight-decay helps"))
        True
        >>> bool(re.search(pattern("rank", "en"), "frankly"))
        False
    """
    if lang == "zh":
        return re.escape(word).replace(r"\ ", r"\s*")
    text = r"[\s-]+".join(map(re.escape, re.split(r"[\s-]+", word)))
    if word[0].islower():
        text = f"[{word[0].upper()}{word[0]}]{text[1:]}"
    return rf"(?<![\w-]){text}(?![\w-])"


def read_terms(text: str) -> list[Term]:
    """Parse and check the table.

    Raises:
        Malformed: naming the entry and its line, what is allowed and what came.
    """
    rows = read_yaml(text)
    if not isinstance(rows, list):
        raise Malformed("must be a list of terms, each `- {zh: …, en: …}`")
    terms, seen = [], {}
    for row in rows:
        line = getattr(row, "line", 1)
        try:
            term = read_term(row)
        except ValueError as error:
            raise Malformed(error, line) from error
        for lang in ("zh", "en"):
            word = getattr(term, lang)
            first = seen.setdefault((lang, word), line)
            if first != line:
                raise Malformed(f"term {word!r} stands twice, see line {first}", line)
        terms.append(term)
    return terms


def read_term(row: Any) -> Term:
    """One row of the table."""
    if not isinstance(row, dict) or not row.get("zh") or not row.get("en"):
        raise ValueError(f"a term needs zh and en, got {row!r}")
    name = f"term {row['zh']!r}"
    if unknown := set(row) - set(FIELDS):
        raise ValueError(
            f"{name}: {', '.join(sorted(unknown))} is none of {', '.join(FIELDS)}"
        )
    also = row.get("also", {})
    if not isinstance(also, dict) or not set(also) <= {"zh", "en"}:
        raise ValueError(
            f"{name}: also has lists of words under zh and en, got {also!r}"
        )
    if row.get("means") and not halves(row["means"]):
        raise ValueError(
            f"{name}: means needs both languages, 中文 | English, got {row['means']!r}"
        )
    return Term(**row)


def load(app: Sphinx, config: Config) -> None:
    """Read the table once per build; a change of it makes Sphinx read every page again."""
    app.terms = read_file(Path(app.srcdir) / "terms.yml", read_terms, [])
    config.terms_digest = hashlib.sha256(repr(app.terms).encode()).hexdigest()[:16]
