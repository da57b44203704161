"""What the site says: the names its pages and scripts use, the characters it shows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape

NAMED = re.compile(r'\b(?:class|id)="([^"]*)"')
ENTITY = re.compile(r"&#?\w+;")
USED = re.compile(r"var\((--[\w-]+)")
VARIABLE = re.compile(r"--[\w-]+")
WORD = re.compile(r"[A-Za-z_][\w-]*")


@dataclass
class Words:
    """What occurs in pages and scripts."""

    names: set[str] = field(default_factory=set)
    """Classes and ids of pages; every word of a script, which may become one."""
    prefixes: tuple[str, ...] = ()
    """Words of scripts that end in ``-``: the beginning of a class made while it runs."""
    variables: set[str] = field(default_factory=set)
    """Custom properties that a page or a script names."""
    characters: set[str] = field(default_factory=set)

    def has(self, name: str) -> bool:
        """Whether something in the site may have this class or id."""
        return name in self.names or name.startswith(self.prefixes)


def words_of(pages: Iterable[str], scripts: Iterable[str]) -> Words:
    """Read pages and scripts.

    Example:
        >>> words = words_of(['<p class="a b">&eacute;</p>'], ['"bs-" + kind'])
        >>> words.has("a"), words.has("c"), words.has("bs-tooltip")
        (True, False, True)
        >>> "é" in words.characters
        True
    """
    words = Words()
    for page in pages:
        for value in set(NAMED.findall(page)):
            words.names.update(value.split())
        words.variables.update(USED.findall(page))
        words.characters.update(page)
        for entity in set(ENTITY.findall(page)):
            words.characters.update(unescape(entity))
    for script in scripts:
        found = set(WORD.findall(script))
        words.names |= found
        words.prefixes += tuple(w for w in found if w.endswith("-") and len(w) > 2)
        words.variables.update(VARIABLE.findall(script))
        words.characters.update(script)
    return words
