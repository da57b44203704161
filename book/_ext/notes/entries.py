"""What the notes hold and what they have wrong, as `notes.yml` says it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from bilingual.texts import halves
from sphinx.application import Sphinx
from yaml_lines import Malformed, Mapping, read_file, read_yaml

SEVERITIES = {
    "wrong": "有误 | wrong",
    "misleading": "易误解 | misleading",
    "sloppy": "粗疏 | careless",
}
LETTERS = {"S": "items", "M": "corrections"}  # also the kinds of places
KINDS = {kind: letter for letter, kind in LETTERS.items()}
SEVERITY = re.compile(r"(?:\((\w+)\) )?(.*)", re.DOTALL)


@dataclass(frozen=True)
class Entry:
    """An item of the notes or a fault in them; ``severity`` is that of a fault."""

    text: str
    severity: str = ""


@dataclass
class Notes:
    """All that `notes.yml` holds, checked: title of a group -> number -> entry."""

    items: dict[str, dict[str, Entry]] = field(default_factory=dict)
    corrections: dict[str, dict[str, Entry]] = field(default_factory=dict)

    def numbers(self, kind: str) -> list[str]:
        """Every number of a kind, in the order of the file."""
        return [number for group in getattr(self, kind).values() for number in group]


def read_entry(number: str, row: str, kind: str) -> Entry:
    """One entry; raises ValueError that says what is wrong with it."""
    if not re.fullmatch(rf"{KINDS[kind]}\d+", number):
        letter = KINDS[kind]
        raise ValueError(f"{kind} are numbered {letter}1, {letter}2, …, got {number!r}")
    severity, text = SEVERITY.fullmatch(row).groups(default="")
    if kind == "corrections" and severity not in SEVERITIES:
        allowed = " or ".join(f"({name})" for name in SEVERITIES)
        raise ValueError(f"{number} begins with {allowed}, got {row[:20]!r}")
    if not halves(text):
        raise ValueError(f"{number}: {text!r} needs 中文 | English")
    return Entry(text, severity)


def read_group(rows: Mapping, kind: str) -> dict[str, Entry]:
    """The entries below a title; raises Malformed with the line of the wrong one."""
    found = {}
    for number, row in rows.items():
        try:
            found[number] = read_entry(number, row, kind)
        except (TypeError, ValueError) as error:
            raise Malformed(error, rows.lines[number]) from error
    return found


def read_notes(text: str) -> Notes:
    """Parse and check `notes.yml`.

    Raises:
        Malformed: naming the entry and its line, what is allowed and what came.
    """
    data = read_yaml(text)
    if not isinstance(data, dict) or set(data) != set(LETTERS.values()):
        raise Malformed("needs the keys items and corrections")
    notes = Notes()
    for kind, groups in data.items():
        if not isinstance(groups, dict):
            raise Malformed(f"{kind} needs titles with entries", data.lines[kind])
        for title, rows in groups.items():
            if not halves(title):
                line = groups.lines[title]
                raise Malformed(f"title {title!r} needs 中文 | English", line)
            if not isinstance(rows, dict):
                raise Malformed(f"{title!r} needs entries", groups.lines[title])
            getattr(notes, kind)[title] = read_group(rows, kind)
        numbers = [int(number[1:]) for number in notes.numbers(kind)]
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            raise Malformed(
                f"{kind} are not numbered 1 to {len(numbers)}, each once",
                data.lines[kind],
            )
    return notes


def notes_path(app: Sphinx) -> Path:
    """The file that names every item and fault."""
    return Path(app.srcdir) / "notes.yml"


def load(app: Sphinx) -> None:
    """Read `notes.yml` once per build."""
    app.notes = read_file(notes_path(app), read_notes, Notes())
