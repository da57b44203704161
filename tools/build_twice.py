"""Build the committed book twice from nothing and compare the bytes: `build_twice.py [EDITION…]`.

Each build has a clone, a cache and a folder name of its own; pages, notebooks and the PDFs
of the named editions (none: no PDF) must be the same to the byte, wheel and zips included.
Measured seconds alone cannot repeat: the second build takes the results of the page that
measures them (`TIMED`) from the first. Both use the environment that runs this. It takes
twice as long as a first `make html` and `make pdf`. Where they differ, the clones stay for
a look.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import compare_sites
from jupyter_cache import get_cache

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("one", "another-place")  # of different lengths: a path in a file would show
TIMED = "setup.md"  # times the course's way beside ours
CACHE = Path("book", "_build", ".jupyter_cache")


def carry_times(first: Path, second: Path) -> None:
    """Give the second clone what the timed page measured in the first.

    Raises:
        LookupError: If no such page has run there.
    """
    for folder in sorted((first / CACHE).iterdir()):
        records = get_cache(folder).list_cache_records()
        if any(Path(record.uri).name == TIMED for record in records):
            shutil.copytree(folder, second / CACHE / folder.name)
            return
    raise LookupError(f"{first / CACHE} holds no results of {TIMED}")


def clone(folder: Path) -> Path:
    """A clone of the commit, without anything built."""
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
    return folder


def build(folder: Path, editions: list[str]) -> Path:
    """Build site and editions in a clone; return the site's folder.

    Raises:
        subprocess.CalledProcessError: If a step fails; its output is on the console.
    """
    # The clone's package, not the one that is installed from this checkout.
    environment = os.environ | {"PYTHONPATH": str(folder / "src")}
    program = Path(sys.executable).with_name("jupyter-book")
    html = [program, "build", folder / "book", "-n", "-W", "--keep-going"]
    pdf = [sys.executable, folder / "tools" / "make_pdf.py", *editions]
    for step in (html, pdf, html) if editions else (html,):  # html again: takes them in
        print("==", *step, flush=True)
        subprocess.run(step, check=True, cwd=folder, env=environment)
    return folder / "book" / "_build" / "html"


def main(arguments: list[str] | None = None) -> int:
    """Build, compare, say what differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("editions", nargs="*", help="zh, en, both, phone")
    options = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="build-twice-"))
    one, other = (clone(folder / name) for name in FOLDERS)
    sites = [build(one, options.editions)]
    carry_times(one, other)
    sites.append(build(other, options.editions))
    differs = compare_sites.main([str(site) for site in sites])
    if differs:
        print(f"the two builds are in {folder}")
    else:
        shutil.rmtree(folder)
    return differs


if __name__ == "__main__":
    sys.exit(main())
