"""Which version of the book this is, and of what day: the commit says it, not the clock."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from checkout import git

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
VERSION = re.compile(r'^version = "([^"]+)"', re.M)


@dataclass(frozen=True)
class Stamp:
    """Version, commit and time of the text."""

    version: str
    commit: str
    """Abbreviated; ends in ``-dirty`` if files differ from it; empty outside of git."""
    epoch: int

    @property
    def day(self) -> datetime:
        """The day, in UTC as the world over."""
        return datetime.fromtimestamp(self.epoch, tz=timezone.utc)

    @property
    def name(self) -> str:
        """For names of files, without the commit: ``0.1.0-2026-11-25``."""
        return f"{self.version}-{self.day:%Y-%m-%d}"

    def release(self, lang: str) -> str:
        """For the title page."""
        commit = {"zh": f"（{self.commit}）", "en": f" ({self.commit})"}[lang]
        word = {"zh": "版本", "en": "Version"}[lang]
        return f"{word} {self.version}{commit if self.commit else ''}"

    def date(self, lang: str) -> str:
        """For the title page.

        Example:
            >>> Stamp("1", "", 0).date("zh"), Stamp("1", "", 0).date("en")
            ('1970 年 1 月 1 日', '1 January 1970')
        """
        day = self.day
        if lang == "zh":
            return f"{day.year} 年 {day.month} 月 {day.day} 日"
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def read_stamp(root: Path) -> Stamp:
    """The stamp of the book in ``root``; ``SOURCE_DATE_EPOCH`` wins over the commit's."""
    project = root / "pyproject.toml"
    found = VERSION.search(project.read_text("utf-8")) if project.exists() else None
    epoch = os.environ.get("SOURCE_DATE_EPOCH") or git(
        root, "log", "-1", "--format=%ct"
    )
    return Stamp(
        version=found[1] if found else "0",
        commit=git(root, "describe", "--always", "--dirty", "--abbrev=8"),
        epoch=int(epoch or 0),
    )


def digest_of_text(root: Path) -> str:
    """Sixteen hex digits that change when anything changes that a PDF is made of."""
    state = hashlib.sha256()
    book = root / "book"
    files = [root / "pyproject.toml", root / "requirements.txt"]
    for pattern in ("*.md", "*.yml", "*.bib", "_ext/**/*.py", "_ext/**/*.sty"):
        files += book.rglob(pattern) if "/" not in pattern else book.glob(pattern)
    files += (root / "src").rglob("*.py")
    for path in sorted(set(files)):
        name = path.relative_to(root).as_posix()
        if path.is_file() and "/_build/" not in f"/{name}":
            state.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return state.hexdigest()[:16]
