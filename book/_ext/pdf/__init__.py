"""The book as a PDF: XeLaTeX with the book's own style, in one language or both.

Jupyter Book turns the captions of the contents into parts and leaves out folded cells;
everything that the reader sees of the page is set here. ``BOOK_LANG`` chooses the edition.

What would make us delete it: Jupyter Book with a LaTeX theme for Chinese.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from . import (
    boxes,
    displays,
    drawings,
    elsewhere,
    numbers,
    preface,
    settings,
    tables,
    titles,
    twins,
)

__all__ = ["setup"]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register settings, visitors and transforms."""
    app.add_config_value("pdf_page", "a4", "", str)  # or "phone"
    app.add_config_value("pdf_figure_fonts", [], "", list)  # folders, from the book's
    app.add_node(
        preface.preface_heading, latex=(preface.visit_heading, preface.depart_heading)
    )
    app.add_post_transform(numbers.KnowThePage)
    app.add_post_transform(elsewhere.SolutionsElsewhere)
    app.add_post_transform(drawings.PrintFigures)
    app.add_post_transform(preface.PlainAddresses)
    app.add_post_transform(numbers.SiteNumbers)
    app.add_post_transform(numbers.NotesTargets)
    app.add_post_transform(twins.EnglishBlocks)
    app.add_post_transform(boxes.RoomBelowHeadings)
    app.add_post_transform(preface.Preface)
    app.add_post_transform(preface.Bibliography)
    app.connect("doctree-resolved", tables.fit_tables, priority=900)
    # sphinx-jupyterbook-latex writes its own settings at 500.
    app.connect("config-inited", settings.choose, priority=900)
    app.connect("builder-inited", settings.settle, priority=900)
    app.connect("builder-inited", boxes.take_over, priority=900)
    app.connect("builder-inited", displays.take_over, priority=900)
    app.connect("builder-inited", titles.take_over, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
