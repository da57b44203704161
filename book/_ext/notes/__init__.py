"""From the notes to the book: where each of their items lives, and what was wrong in them.

A comment line ``% S10 S11`` above a block says that the block carries these items of the
notes; it becomes an invisible anchor. ``{correction} M2 M3`` is a box that tells the
reader what the notes had wrong. `notes.yml` names them all: ``{notes-items}`` and
``{notes-corrections}`` list them with their places, and the build warns of one that has
no place, more than one, or is not in the file. Delete this when nobody has the notes.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from .entries import load, read_notes
from .lists import Corrections, Items, check_complete, check_once
from .marks import Correction, CoverageMarks

__all__ = ["read_notes", "setup"]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register directives, transform and checks."""
    app.setup_extension("places")
    app.add_directive("correction", Correction)
    app.add_directive("notes-items", Items)
    app.add_directive("notes-corrections", Corrections)
    app.add_transform(CoverageMarks)
    app.connect("builder-inited", load)
    app.connect("env-updated", check_once)
    app.connect("env-updated", check_complete)
    return {
        "version": "1",
        "env_version": 2,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
