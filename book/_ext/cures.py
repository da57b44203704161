"""Warnings of Sphinx, docutils, MyST and myst-nb say what is wrong; here also what to do.

Delete a row when its package names the cure itself, and this file with the last one.
"""

from __future__ import annotations

import logging
import re
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.logging import NAMESPACE, WarningStreamHandler

CURES = {
    r"undefined label": "put (label)= above the heading, or correct the name",
    r"cross-reference target not found": "put (label)= there, or correct the name",
    r"unknown document|reference to nonexisting document": "correct the page's path",
    r"term not in glossary": "give it a row in terms.yml, or correct the word",
    r"could not find bibtex key": "add the entry to references.bib, or correct the key",
    r"[Dd]uplicate (?:explicit target name|label|citation)": "give one another name",
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
}
KNOWN = [(re.compile(what), cure) for what, cure in CURES.items()]


def add_cure(record: logging.LogRecord) -> bool:
    """Append the cure to a warning that has none; every warning passes."""
    message = record.getMessage()
    for what, cure in KNOWN:
        if what.search(message) and cure not in message:
            record.msg, record.args = f"{message}: {cure}", ()
            break
    return True


def listen(app: Sphinx) -> None:
    """Let every warning pass here on its way to the screen."""
    for handler in logging.getLogger(NAMESPACE).handlers:
        if isinstance(handler, WarningStreamHandler):
            handler.addFilter(add_cure)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the filter."""
    app.connect("builder-inited", listen)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
