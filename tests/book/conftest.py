"""The chapter sources, parsed once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook
from myst_parser.config.main import MdParserConfig

BOOK = Path(__file__).parents[2] / "book"


@dataclass(frozen=True)
class Cell:
    """A code cell of a page."""

    line: int
    source: str
    metadata: dict


@dataclass(frozen=True)
class Page:
    """A page of the book as its author sees it."""

    name: str
    text: str
    cells: list[Cell]


def read_page(path: Path) -> Page:
    text = path.read_text("utf-8")
    cells = []
    if is_myst_markdown_notebook(text):
        notebook = read_myst_markdown_notebook(
            text, MdParserConfig(enable_extensions={"colon_fence"}), add_source_map=True
        )
        lines = notebook.metadata["source_map"]
        cells = [
            Cell(line + 1, cell.source, cell.metadata)
            for cell, line in zip(notebook.cells, lines, strict=True)
            if cell.cell_type == "code"
        ]
    return Page(path.relative_to(BOOK).with_suffix("").as_posix(), text, cells)


def names_in(entry: dict | list) -> list[str]:
    """Every page of the table of contents, in reading order."""
    if isinstance(entry, list):
        return [name for item in entry for name in names_in(item)]
    here = [entry[key] for key in ("root", "file") if key in entry]
    below = [v for k, v in entry.items() if k in ("chapters", "sections", "parts")]
    return here + names_in(below)


@pytest.fixture(scope="session")
def pages() -> list[Page]:
    toc = yaml.safe_load((BOOK / "_toc.yml").read_text("utf-8"))
    return [read_page(BOOK / f"{name}.md") for name in names_in(toc)]
