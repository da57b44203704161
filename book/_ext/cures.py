"""Warnings of Sphinx, docutils, MyST and myst-nb say what is wrong; here also what to do.

Those about a setting are told with its line in `_config.yml`, where a contributor wrote it.

Delete a row when its package names the cure itself, and this file with the last one.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.logging import NAMESPACE, WarningStreamHandler
from yaml_lines import line_of

CURES = {
    r"undefined label": "put (label)= above the heading, or correct the name",
    r"cross-reference target not found": (
        "put (label)= there, or correct the name or the address"
    ),
    r"local id not found in doc": "put (label)= there, or correct the name",
    r"equation not found": "write (name) after the formula's last $$, or correct the name",
    r"unknown document|reference to nonexisting document": "correct the page's path",
    r"term not in glossary": "give it a row in terms.yml, or correct the word",
    r"could not find bibtex key": "add the entry to references.bib, or correct the key",
    r"[Dd]uplicate (?:explicit target name|label|citation)|Multiple footnote definitions": (
        "give one another name"
    ),
    r"[Ff]ormat text/plain data": "correct the format behind the colon, such as :.3f",
    r"image file not readable": "correct the path, which begins at the page, or add it",
    r"Malformed YAML": (
        "the page's first lines, between --- and ---, lack a bracket, colon or quotation mark"
    ),
    r"No source code lexer found": (
        "name the kernel in the page's first lines, as docs/template.md does"
    ),
    r"Non-consecutive header level": "write one # more than the heading above has",
    r"Document headings start at": "write # before the page's title",
    r"^missing \w+ in \w+$": "add the field in references.bib",
    r"unexpected `code-cell`": "begin the page with the first lines of docs/template.md",
    r"glue key .* duplicate": "give one of the two another key",
    r"(?:No key|Glue reference) .* (?:found in glue data|not found)": (
        "set it in a cell with glue(key, value), or correct the key"
    ),
    r"stderr was found": "cure what the cell warns of, or catch the warning there",
    r"unknown (?:directive|role)|Unknown (?:directive|interpreted text role)": (
        "correct its name; a new one needs an extension in _config.yml"
    ),
    r"document isn't included in any toctree": "give it a line in _toc.yml",
    r"toctree contains reference to": "correct _toc.yml, or write the page",
    r"unknown config value": "correct its name",
    r"myst configuration invalid": "correct the name",
}
SETTING = re.compile(
    r"unknown config value '([\w.]+)'|myst configuration invalid: .*\{'([\w-]+)'"
)
KNOWN = [(re.compile(what), cure) for what, cure in CURES.items()]


def add_cure(record: logging.LogRecord) -> bool:
    """Append the cure to a warning that has none; every warning passes."""
    message = record.getMessage()
    for what, cure in KNOWN:
        if what.search(message) and cure not in message:
            record.msg, record.args = f"{message}: {cure}", ()
            break
    return True


def add_place(record: logging.LogRecord, settings: Path) -> bool:
    """Say in which line a setting stands; every warning passes."""
    match = SETTING.search(record.getMessage())
    place = getattr(record, "location", None)
    if match and not place and settings.exists():
        line = line_of(match[match.lastindex], settings.read_text("utf-8"))
        record.location = f"{settings}:{line}"
    # sphinx-exercise names the page that is being written, and without its ending.
    if isinstance(place, str) and ":" not in place and Path(f"{place}.md").exists():
        word = record.getMessage().split()[-1]
        text = Path(f"{place}.md").read_text("utf-8")
        record.location = f"{place}.md:{line_of(word, text)}" if word in text else None
    return True


def setup(app: Sphinx) -> dict[str, Any]:
    """Let every warning pass here on its way to the screen, those about settings too."""
    settings = Path(app.srcdir, "_config.yml")
    for handler in logging.getLogger(NAMESPACE).handlers:
        if isinstance(handler, WarningStreamHandler):
            # Before Sphinx writes the place into the message.
            handler.filters[:0] = [lambda record: add_place(record, settings), add_cure]
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
