"""Check the book's text without running a cell: `check_book.py [BOOK]`, under a minute.

The settings and the extensions are the build's own, so that there is one truth: twins,
labels, references, terms, citations, marks and captions are looked at by what looks at
them in a build, and every warning is an error. Only the cells do not run: in place of
their figures stands an empty picture, in place of their values what the last build found,
or a 1. Before that, each file of settings is read, since Jupyter Book meets a fault there
with a traceback.

Exit status: 0 no fault, 1 faults, each told as FILE:LINE: what is wrong; the cure.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))

import execution  # noqa: E402
from jupyter_book.config import get_validator  # noqa: E402
from jupyter_book.sphinx import build_sphinx  # noqa: E402
from myst_nb.ext.glue import GLUE_PREFIX  # noqa: E402
from myst_nb.ext.glue.crossref import read_glue_cache  # noqa: E402
from nbformat import NotebookNode  # noqa: E402
from nbformat.v4 import new_output  # noqa: E402
from notes import read_notes  # noqa: E402
from pybtex.database import parse_string  # noqa: E402
from pybtex.exceptions import PybtexError  # noqa: E402
from sphinx_external_toc.parsing import MalformedError, parse_toc_yaml  # noqa: E402
from terms.table import read_terms  # noqa: E402
from videos import read_videos  # noqa: E402
from yaml_lines import Malformed, read_yaml  # noqa: E402

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="9pt" height="9pt"/>'
GLUE = re.compile(r"\bglue\(\s*(f?)([\"'])(.+?)\2")
PASTED = re.compile(r"\{glue[:\w]*\}\s*`?([^`\s:]+)")


# --- files of settings ---------------------------------------------------------------
def read_config(text: str) -> None:
    """Read `_config.yml` and hold it against Jupyter Book's schema."""
    data = read_yaml(text)
    for error in get_validator().iter_errors(data):
        line, part = 1, data
        for key in error.path:
            line = getattr(part, "lines", {}).get(key, line)
            part = part[key]
        name = "/".join(map(str, error.path))
        raise Malformed(f"{name}: {error.message}", line) from error


def read_bib(text: str) -> None:
    """Read `references.bib` as the extension for citations does."""
    try:
        parse_string(text, "bibtex")
    except PybtexError as error:
        line = getattr(error, "lineno", None) or 1
        raise Malformed(f"{error}: look for a comma or a brace above", line) from error


READERS: dict[str, Callable[[str], object]] = {
    "_config.yml": read_config,
    "_toc.yml": read_yaml,
    "terms.yml": read_terms,
    "notes.yml": read_notes,
    "videos.yml": read_videos,
    "references.bib": read_bib,
}


def faulty_files(book: Path) -> Iterator[str]:
    """What is wrong in each file of settings, one line for each file."""
    for name, read in READERS.items():
        path = book / name
        try:
            read(path.read_text("utf-8"))
            if name == "_toc.yml":
                yield from missing_pages(path)
        except Malformed as error:
            yield str(error.at(path))
        except FileNotFoundError:
            if name.startswith("_"):
                yield f"{path}:1: there is no such file: bring it back with git"
        except (OSError, UnicodeDecodeError) as error:
            yield f"{path}:1: cannot be read: {error}; save it as UTF-8, readable by you"


def missing_pages(toc: Path) -> Iterator[str]:
    """What is wrong in a table of contents that is YAML."""
    lines = toc.read_text("utf-8").splitlines()

    def line_of(word: str) -> int:
        return next((n for n, line in enumerate(lines, 1) if word in line), 1)

    try:
        names = parse_toc_yaml(toc)
    except MalformedError as error:
        keys = re.findall(r"'([\w-]+)'", str(error)) or [""]
        yield f"{toc}:{line_of(keys[0])}: {error}"
        return
    for name in names:
        if not (toc.parent / f"{name}.md").exists():
            told = "there is no such page: write it, or take the line out"
            yield f"{toc}:{line_of(str(name))}: {name}.md: {told}"


# --- pages ---------------------------------------------------------------------------
def glued(sources: list[str], pasted: set[str]) -> Iterator[tuple[int, str]]:
    """The keys that cells set, each with the number of its cell.

    Args:
        sources: The cells of a page.
        pasted: The keys that the page shows; among them are those of ``glue(f"…{name}")``.
    """
    calls = [(n, call) for n, text in enumerate(sources) for call in GLUE.findall(text)]
    named = {key for _, (formatted, _, key) in calls if not formatted}
    for number, (formatted, _, key) in calls:
        if not formatted:
            yield number, key
            continue
        pattern = ".+".join(map(re.escape, re.split(r"\{[^}]*\}", key)))
        for name in sorted(pasted - named):
            if re.fullmatch(pattern, name):
                named.add(name)
                yield number, name


def value(key: str, text: str) -> NotebookNode:
    """What ``glue`` leaves among the outputs of a cell."""
    record = {"scrapbook": {"name": key, "mime_prefix": GLUE_PREFIX}}
    data = {f"{GLUE_PREFIX}text/plain": text}
    return new_output("display_data", data, metadata=record)


def last_values(page: Path, book: Path) -> dict[str, str]:
    """The values that the last build computed for a page: they find typed numbers."""
    docname = page.relative_to(book).with_suffix("").as_posix()
    data = read_glue_cache(str(book / "_build" / "jupyter_execute"), docname)
    return {key: row["data"].get("text/plain", "1") for key, row in data.items()}


def dry_run(client: execution.HonestClient, book: Path) -> None:
    """Take the place of :meth:`execution.HonestClient.run`: stand-ins for all outputs."""
    cells = [cell for cell in client.notebook.cells if cell.cell_type == "code"]
    for cell in cells:
        cell.outputs = []
        if "figure" in cell.metadata.get("mystnb", {}):
            data = {"image/svg+xml": PICTURE, "text/plain": "figure"}
            cell.outputs.append(new_output("display_data", data))
    page = Path(client.path)
    pasted, last = set(PASTED.findall(page.read_text("utf-8"))), last_values(page, book)
    for number, key in glued([cell.source for cell in cells], pasted):
        cells[number].outputs.append(value(key, last.get(key, "1")))


def check_pages(book: Path) -> int:
    """Read and resolve every page; the warnings go to standard error."""
    execution.HonestClient.run = lambda client: dry_run(client, book)
    overrides = {
        "external_toc_path": str(book / "_toc.yml"),
        "latex_individualpages": False,
        "nitpicky": True,
        "execution_prepare": "",
        "execution_identity": "",
    }
    with tempfile.TemporaryDirectory(prefix="check-book-") as folder:
        done = build_sphinx(
            book,
            Path(folder) / "text",
            path_config=book / "_config.yml",
            noconfig=True,
            confoverrides=overrides,
            builder="dummy",
            warningiserror=True,
            keep_going=True,
            quiet=True,
        )
    return int(bool(done))


def main(arguments: list[str] | None = None) -> int:
    """Run the check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("book", nargs="?", default="book", type=Path)
    book = parser.parse_args(arguments).book.resolve()
    faults = list(faulty_files(book))
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else check_pages(book)


if __name__ == "__main__":
    sys.exit(main())
