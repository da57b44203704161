"""What a reader finds in a PDF: title, language, bookmarks, links, and the text."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from pypdf import PdfReader
from pypdf.generic import Destination, DictionaryObject


@dataclass
class Contents:
    """What is found in a PDF."""

    title: str = ""
    language: str = ""
    bookmarks: list[str] = field(default_factory=list)
    outside_links: list[str] = field(default_factory=list)
    inside_links: int = 0
    pages: list[str] = field(default_factory=list)
    """The text of each page in lines as printed, without head and foot."""
    pages_as_set: list[str] = field(default_factory=list)
    """The same in the order of typesetting: the cells of a table one after the other."""


def read_pdf(path: Path, body: tuple[int, int, int, int]) -> Contents:
    """Read a PDF.

    Args:
        path: The file.
        body: What lies between head and foot of a page, in points: x, y, width, height.
    """
    reader = PdfReader(path)
    contents = Contents(
        title=reader.metadata.title or "" if reader.metadata else "",
        language=reader.root_object.get("/Lang", ""),
        bookmarks=list(titles(reader.outline)),
        pages=page_texts(path, body),
        pages_as_set=page_texts(path, body, "-raw"),
    )
    for link in links(reader):
        action = link.get("/A", {})
        if "/URI" in action:
            contents.outside_links.append(action["/URI"])
        elif "/Dest" in link or action.get("/S") == "/GoTo":
            contents.inside_links += 1
    return contents


def titles(outline: list[Destination | list]) -> Iterator[str]:
    """The bookmarks of every depth."""
    for entry in outline:
        if isinstance(entry, list):
            yield from titles(entry)
        else:
            yield entry.title


def links(reader: PdfReader) -> Iterator[DictionaryObject]:
    """What can be clicked on."""
    for page in reader.pages:
        for annotation in page.annotations or ():
            yield annotation.get_object()


def page_texts(path: Path, body: tuple[int, int, int, int], *order: str) -> list[str]:
    """The text of each page as poppler reads it: pypdf does not crop."""
    options = zip(("-x", "-y", "-W", "-H"), map(str, body), strict=True)
    command = ["pdftotext", *chain(*options), *order, path, "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.split("\f")
