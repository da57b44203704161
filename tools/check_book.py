"""Check the book's text without running a cell: `check_book.py [BOOK]`, under a minute.

The settings and the extensions are the build's own, so that there is one truth: twins,
labels, references, terms, citations, marks and captions are looked at by what looks at
them in a build, and every warning is an error. Only the cells do not run: in place of
their figures stands an empty picture, in place of their values what the last build found,
or a 1; they are parsed as Python. Before that, `check_settings` reads the files of settings.

Exit status: 0 no fault, 1 faults, each told as FILE:LINE: what is wrong; the cure.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))

import execution  # noqa: E402
from check_settings import faulty_files  # noqa: E402
from IPython.core.inputtransformer2 import TransformerManager  # noqa: E402
from jupyter_book.sphinx import build_sphinx  # noqa: E402
from myst_nb.ext.glue import GLUE_PREFIX  # noqa: E402
from myst_nb.ext.glue.crossref import read_glue_cache  # noqa: E402
from nbformat import NotebookNode  # noqa: E402
from nbformat.v4 import new_output  # noqa: E402
from sphinx.util import logging  # noqa: E402
from sphinx_external_toc.parsing import parse_toc_yaml  # noqa: E402

logger = logging.getLogger(__name__)

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="9pt" height="9pt"/>'
NOT_RUN = {"skip-execution", "raises-exception"}
RELATIONS = ("<", "<=", ">", ">=", "==", "in")  # those of d2lnotes.claims
CLAIM = ("name", "value", "relation", "bound", "says", "seeds")
GLUE = re.compile(r"\bglue\(\s*(f?)([\"'])(.+?)\2")
PASTED = re.compile(r"\{glue[:\w]*\}\s*`?([^`\s:]+)")


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


def code_faults(source: str) -> Iterator[tuple[int, str]]:
    r"""Line and words of what is no Python, and of claims that cannot be made.

    Example:
        >>> list(code_faults("x = (1"))
        [(1, "no Python: '(' was never closed")]
        >>> [line for line, _ in code_faults('1\nclaim("a", 1, "<", 2, "甲")')]
        [2]
    """
    try:
        tree = ast.parse(TransformerManager().transform_cell(source))
    except SyntaxError as error:
        yield error.lineno or 1, f"no Python: {error.msg}"
        return
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "claim":
            yield from ((call.lineno, words) for words in claim_faults(call))


def claim_faults(call: ast.Call) -> Iterator[str]:
    """What `claim` would refuse whatever its value is."""
    given = {"name": 0, "relation": 2, "says": 4}
    texts = {
        name: call.args[at].value
        for name, at in given.items()
        if at < len(call.args) and isinstance(call.args[at], ast.Constant)
    }
    says = texts.get("says", " | ")
    if " | " not in says:
        yield f"claim: {says!r} has one language: write 中文 | English"
    if texts.get("relation", "<") not in RELATIONS:
        yield f"claim: {texts['relation']!r} is none of {' '.join(RELATIONS)}"
    for word in call.keywords:
        if word.arg not in (*CLAIM, None):
            yield f"claim: no such argument, {word.arg}: one of {', '.join(CLAIM)}"


def first_line(page: Path, cell: NotebookNode, near: int) -> int:
    """The line of a page where a cell's code begins, after its fence and options."""
    lines, code = page.read_text("utf-8").splitlines(), cell.source.splitlines()
    starts = range(near - 1, len(lines))
    return next((n + 1 for n in starts if lines[n : n + len(code)] == code), near)


def look_at_code(client: execution.HonestClient) -> None:
    """Tell what would stop the cells of a page without running them."""
    for index, cell in enumerate(client.notebook.cells):
        tags = set(cell.metadata.get("tags", []))
        if cell.cell_type != "code" or NOT_RUN & tags:
            continue
        start = first_line(Path(client.path), cell, client.cell_line(index))
        for line, words in code_faults(cell.source):
            place = f"{client.path}:{start + line - 1}"
            logger.warning(words, location=place, type="check_book", subtype="code")


def dry_run(client: execution.HonestClient, book: Path) -> None:
    """Take the place of :meth:`execution.HonestClient.run`: stand-ins for all outputs."""
    cells = [cell for cell in client.notebook.cells if cell.cell_type == "code"]
    for cell in cells:
        cell.outputs = []
        if "figure" in cell.metadata.get("mystnb", {}):
            data = {"image/svg+xml": PICTURE, "text/plain": "figure"}
            cell.outputs.append(new_output("display_data", data))
    page = Path(client.path)
    look_at_code(client)
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
    if faults:
        return 1
    status = check_pages(book)
    if not status:
        count = len(list(parse_toc_yaml(book / "_toc.yml")))
        print(f"No fault in the text of {count} pages and in the files of settings.")
    return status


if __name__ == "__main__":
    sys.exit(main())
