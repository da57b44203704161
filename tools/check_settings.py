"""Check the book's files of settings: `check_settings.py [BOOK]`, a second or two.

Jupyter Book meets a fault in `_config.yml` or `_toc.yml` with a traceback, or takes what it
does not know without a word. So each file of settings is read before a build, by what
reads it in the build.

Exit status: 0 no fault, 1 faults, each told as FILE:LINE: what is wrong; the cure.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import sys
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from jupyter_book.config import PATH_YAML_DEFAULT, get_validator  # noqa: E402
from notes import read_notes  # noqa: E402
from pybtex.database import BibliographyDataError, parse_string  # noqa: E402
from pybtex.exceptions import PybtexError  # noqa: E402
from pybtex.style.formatting.unsrt import Style  # noqa: E402
from sphinx_external_toc.parsing import MalformedError, parse_toc_yaml  # noqa: E402
from terms.table import read_terms  # noqa: E402
from videos import read_videos  # noqa: E402
from yaml_lines import Malformed, line_of, read_yaml  # noqa: E402

# What Jupyter Book's list of settings leaves out, though it reads them.
MORE = {"latex": {"latex_documents"}, "parse": {"myst_substitutions"}}


# --- _config.yml -----------------------------------------------------------------------
def read_config(text: str, book: Path) -> None:
    """Hold `_config.yml` against Jupyter Book's schema and its list of settings."""
    data = read_yaml(text)
    for error in get_validator().iter_errors(data):
        line, part = 1, data
        for key in error.path:
            line = getattr(part, "lines", {}).get(key, line)
            part = part[key]
        name = "/".join(map(str, error.path))
        told = f"{name}: {error.message}" if name else "no settings: bring them back"
        raise Malformed(told, line) from error
    hold(data, known_settings(), ())
    sphinx = data.get("sphinx") or {}
    extensions = sphinx.get("extra_extensions") or []
    for name in extensions:
        if importlib.util.find_spec(name.partition(".")[0]) is None:
            told = f"{name}: no such extension is installed: correct its name"
            raise Malformed(told, line_of(name, text))
    for name in data.get("bibtex_bibfiles") or []:
        if not (book / name).exists():
            raise Malformed(f"there is no {name}: correct it", line_of(name, text))
    local = sphinx.get("local_extensions") or {}
    for name, folder in local.items():
        module = book / (folder or ".") / name
        if not (module.is_dir() or module.with_suffix(".py").exists()):
            raise Malformed(
                f"there is no {module}: correct its name", local.lines[name]
            )


def known_settings() -> dict[str, Any]:
    """Jupyter Book's settings with their defaults, and those that its schema adds."""
    known = yaml.safe_load(PATH_YAML_DEFAULT.read_text("utf-8"))

    def add(section: dict[str, Any], schema: dict[str, Any]) -> None:
        for name, inner in schema.get("properties", {}).items():
            section.setdefault(name, None)
            if isinstance(section[name], dict):
                add(section[name], inner)

    add(known, get_validator().schema)
    return known


def hold(given: Any, known: dict[str, Any], above: tuple[str, ...]) -> None:
    """Every key is one of those known, and a yes or no is one."""
    for key, value in given.items():
        name = "/".join((*above, key))
        allowed = {*known, *MORE.get(above[0], set())} if above else {*known}
        if key not in allowed:
            near = get_close_matches(key, sorted(allowed), 1)
            cure = f"did you mean {near[0]}?" if near else f"one of {sorted(allowed)}"
            raise Malformed(f"{name}: no such setting: {cure}", given.lines[key])
        default = known.get(key)
        if isinstance(default, bool) and isinstance(value, str):
            told = f"{name}: {value!r} is a word: write true or false"
            raise Malformed(told, given.lines[key])
        if default and isinstance(default, dict) and isinstance(value, dict):
            hold(value, default, (*above, key))


# --- _toc.yml --------------------------------------------------------------------------
def place(data: Any, path: str, text: str) -> int:
    """The line of an entry such as ``/parts/0/chapters/2``."""
    line = 1
    for step in filter(None, path.split("/")):
        data = data[int(step) if step.isdigit() else step]
        line = getattr(data, "line", line)
    return line_of(data, text) if isinstance(data, str) else line


def faulty_toc(toc: Path) -> Iterator[str]:
    """What is wrong in a table of contents that is YAML."""
    text = toc.read_text("utf-8")
    try:
        names = [str(name) for name in parse_toc_yaml(toc)]
    except MalformedError as error:
        told, quoted = str(error), re.findall(r"'([^']+)'", str(error))
        if "Unknown keys" in told:
            line = line_of(quoted[0], text)
        elif "multiple times" in told:
            line = line_of(quoted[0], text, last=True)
            told += ": keep one"
        else:
            path = re.search(r" @ '([^']*)'", told)
            line = place(read_yaml(text), path[1] if path else "", text)
            told += ": write `- file: name` for a page"
        yield f"{toc}:{line}: {told}"
        return
    for name in names:
        if not (toc.parent / f"{name}.md").exists():
            told = f"{name}.md: there is no such page: write it, or take the line out"
            if name.endswith(".md"):
                told = f"{name}: write the page's name without .md"
            yield f"{toc}:{line_of(name, text)}: {told}"
    for path in sorted(toc.parent.rglob("*.md")):
        page = path.relative_to(toc.parent)
        inside = not any(part.startswith(("_", ".")) for part in page.parts)
        if inside and page.with_suffix("").as_posix() not in names:
            yield f"{path}:1: the page is not in _toc.yml: give it a line there"


# --- all -------------------------------------------------------------------------------
def read_bib(text: str) -> None:
    """Read `references.bib` as the extension for citations does."""
    try:
        entries = parse_string(text, "bibtex").entries
    except BibliographyDataError as error:  # an entry stands twice
        line = line_of(str(error).rpartition(" ")[2], text, last=True)
        raise Malformed(f"{error}: keep one", line) from error
    except PybtexError as error:
        line = getattr(error, "lineno", None) or 1
        raise Malformed(f"{error}: look for a comma or a brace above", line) from error
    for key, entry in entries.items():
        if not hasattr(Style, f"get_{entry.type}_template"):
            known = re.findall(r"get_(\w+)_template", " ".join(dir(Style)))
            told = f"{entry.type!r} is no kind of entry: one of {', '.join(known)}"
            raise Malformed(told, line_of(key, text))


READERS: dict[str, Callable[[str], object]] = {
    "_config.yml": read_yaml,
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
            if name == "_config.yml":
                read_config(path.read_text("utf-8"), book)
            elif name == "_toc.yml":
                yield from faulty_toc(path)
        except Malformed as error:
            yield str(error.at(path))
        except FileNotFoundError:
            if name.startswith("_"):
                yield f"{path}:1: there is no such file: bring it back with git"
        except (OSError, UnicodeDecodeError) as error:
            yield f"{path}:1: cannot be read: {error}; save it as UTF-8, readable by you"


def main(arguments: list[str] | None = None) -> int:
    """Run the check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("book", nargs="?", default="book", type=Path)
    faults = list(faulty_files(parser.parse_args(arguments).book.resolve()))
    for fault in faults:
        print(fault, file=sys.stderr)
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
