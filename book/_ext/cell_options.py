"""Cells whose options say something: readable YAML, and no key or tag that nobody knows.

myst-nb shows a cell whose tag is misspelled, forgets a caption whose key is, and stops at
unreadable options without naming the page. Here each is told with file, line and cure,
before a cell runs. Delete this when myst-nb does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from jupyter_client.kernelspec import KernelSpecManager
from myst_nb.core.config import NbParserConfig
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

logger = logging.getLogger(__name__)

CELL = re.compile(r"(`{3,})\{code-cell\}.*")
KEYS = {"tags", "mystnb"}
TAGS = {
    *(f"{verb}-{part}" for verb in ("hide", "remove") for part in ("cell", "input")),
    *("hide-output", "remove-output", "remove-stdout", "remove-stderr"),
    *("skip-execution", "raises-exception", "scroll-output"),
}
SETTINGS = {f.metadata.get("cell_key", f.name) for f in fields(NbParserConfig)}
PARTS = {
    "figure": {"name", "caption", "caption_before", "align", "width", "classes"},
    "image": {"alt", "width", "height", "scale", "align", "classes"},
}


class Unreadable(ValueError):
    """Options that are no YAML, a page that is no text or has no kernel; with the line."""

    def __init__(self, line: int, words: str) -> None:
        super().__init__(words)
        self.line = line


def options(text: str) -> Iterator[tuple[int, Any]]:
    r"""Line and options of each cell that has any.

    Raises:
        Unreadable: if they are no mapping in YAML.

    Example:
        >>> list(options("```{code-cell} ipython3\n:tags: [hide-input]\n1\n```\n"))
        [(2, {'tags': ['hide-input']})]
    """
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if not CELL.fullmatch(line):
            continue
        first, end = number + 1, number + 1
        if lines[first : first + 1] == ["---"]:
            first = end = first + 1
            while end < len(lines) and lines[end] != "---":
                end += 1
            found = lines[first:end]
        else:
            while end < len(lines) and re.match(r":[\w-]+:", lines[end]):
                end += 1
            found = [line[1:] for line in lines[first:end]]
        if not found:
            continue
        try:
            made = yaml.safe_load("\n".join(found))
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = first + 1 + min(mark.line if mark else 0, len(found) - 1)
            raise Unreadable(
                line,
                "the cell's options are no YAML: look for a missing bracket, colon or"
                " quotation mark here or just above",
            ) from error
        if not isinstance(made, dict) or not isinstance(made.get("tags", []), list):
            raise Unreadable(first + 1, "write the cell's options as :tags: [name]")
        yield first + 1, made


def unknown(
    names: Iterable[Any], known: set[str], what: str
) -> Iterator[tuple[str, str]]:
    """Each name that is not known, and what to do."""
    for name in names:
        if name not in known:
            near = get_close_matches(str(name), sorted(known), 1)
            cure = f"did you mean {near[0]}?" if near else f"one of {sorted(known)}"
            yield str(name), f"{name!r} is no {what} of a cell: {cure}"


def faults(text: str) -> Iterator[tuple[int, str]]:
    r"""Line and words of each key and tag that nobody knows.

    Example:
        >>> list(faults("```{code-cell} ipython3\n:tags: [hide-inptu]\n```\n"))
        [(2, "'hide-inptu' is no tag of a cell: did you mean hide-input?")]
    """
    lines = text.splitlines()
    for line, made in options(text):
        settings = made.get("mystnb") or {}
        found = [
            *unknown(made, KEYS, "option"),
            *unknown(made.get("tags", []), TAGS, "tag"),
            *unknown(settings, SETTINGS, "setting"),
        ]
        for part, known in PARTS.items():
            found += unknown(settings.get(part) or {}, known, f"`{part}` option")
        for name, words in found:
            here = next((n for n in range(line, len(lines)) if name in lines[n - 1]), 0)
            yield here or line, words


def read(path: Path) -> str:
    """A page's text.

    Raises:
        Unreadable: if it is not in UTF-8.
    """
    data = path.read_bytes()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Unreadable(line, "no UTF-8 here: save the page as UTF-8") from error


def kernel(text: str) -> None:
    """Look whether the kernel that a page's first lines name is there.

    Raises:
        Unreadable: if it is not.
    """
    front = re.match(
        r"---\n.*?^kernelspec:.*?\bname: *([\w.-]+).*?^---$", text, re.M | re.S
    )
    if front and front[1] not in KernelSpecManager().find_kernel_specs():
        line = text.count("\n", 0, front.start(1)) + 1
        raise Unreadable(
            line, f"no kernel {front[1]} is installed: write name: python3"
        )


def look(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Tell the faults of the pages that will be read; stop if one cannot be."""
    stopped = []
    for docname in docnames:
        path = Path(env.doc2path(docname))
        try:
            text = read(path)
            kernel(text)
            for line, words in faults(text):
                logger.warning(
                    words, location=(docname, line), type="cell_options", subtype="name"
                )
        except Unreadable as error:
            stopped.append(f"{path}:{error.line}: {error}")
    if stopped:
        raise ExtensionError("these pages cannot be read:\n  " + "\n  ".join(stopped))


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the look at the sources."""
    app.connect("env-before-read-docs", look, priority=100)  # before cells run
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
