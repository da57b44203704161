"""Run the notebooks of the zip as a reader would: `run_notebooks.py ZIP [PAGE…]`.

Unpacks the zip into a new folder, makes a new virtual environment there, installs the
zip's wheel and runs every notebook from top to bottom, two at a time, from a folder in
which nothing of the book lies. A cell that fails is named with its notebook, also where
a reader's "Run All" would go on.

The new environment sees the third-party packages of the environment that runs this
(PyTorch is several GB), not the book's own package: that comes from the zip. With
``--full`` it sees nothing, and everything is installed from the zip's requirements.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import venv
import zipfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).resolve().parents[1]
ZIP = ROOT / "book/_build/html/notebooks/d2l-notes-3-notebooks.zip"
LANGUAGES = ("zh", "en")
CHECK = "import d2lnotes, sys; print(d2lnotes.__file__); sys.exit(not d2lnotes.__file__.startswith(sys.prefix))"
TIMEOUT = 900  # seconds a cell may take


def choose(names: Iterable[str], languages: str, pages: Iterable[str]) -> list[str]:
    """The notebooks to run, as ``zh/mlp/dropout.ipynb``.

    Args:
        names: All notebooks.
        languages: ``"zh"``, ``"en"``, ``"all"``, or ``"alternate"``: each page in one
            language, the languages taking turns.
        pages: Only these pages; none: all.

    Example:
        >>> choose(["en/a.ipynb", "en/b.ipynb", "zh/a.ipynb", "zh/b.ipynb"], "alternate", [])
        ['zh/a.ipynb', 'en/b.ipynb']
    """
    wanted = set(pages)
    by_page: dict[str, list[str]] = {}
    for name in sorted(names):
        lang, _, page = name.removesuffix(".ipynb").partition("/")
        if not wanted or page in wanted:
            by_page.setdefault(page, []).append(lang)
    if unknown := wanted - set(by_page):
        raise SystemExit(f"no notebook of {', '.join(sorted(unknown))} in the zip")
    found = []
    for number, (page, has) in enumerate(sorted(by_page.items())):
        turn = LANGUAGES[number % 2]
        if languages == "alternate":
            has = [turn if turn in has else has[0]]
        elif languages != "all":
            has = [lang for lang in has if lang == languages]
        found += [f"{lang}/{page}.ipynb" for lang in has]
    return found


def make_environment(folder: Path, unpacked: Path, full: bool) -> Path:
    """A new virtual environment with the zip's package; returns its Python."""
    venv.create(folder, with_pip=full, symlinks=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if full:
        command = [str(python), "-m", "pip", "install", "-q", "-r", "requirements.txt"]
        subprocess.run(command, cwd=unpacked, check=True)
    else:
        (wheel,) = unpacked.glob("*.whl")
        site = site_packages(python)
        # Installing a pure wheel is unpacking it; the package is not there otherwise,
        # because the book's environment has it by a link that is left out here.
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(site)
        (site / "seen.pth").write_text(f"{site_packages(Path(sys.executable))}\n")
    return python


def site_packages(python: Path) -> Path:
    """Where an environment keeps its packages."""
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    done = subprocess.run(
        [python, "-c", code], capture_output=True, text=True, check=True
    )
    return Path(done.stdout.strip())


def run(path: Path, python: Path, folder: Path) -> tuple[float, str]:
    """Run a notebook in ``folder``; returns seconds and what failed."""
    from jupyter_client import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import (
        CellExecutionError,
        CellTimeoutError,
        DeadKernelError,
    )

    made: Any = nbformat.read(path, as_version=4)
    for cell in made.cells:  # what a reader may pass over stops us
        own = cell.metadata.get("tags", [])
        cell.metadata["tags"] = [tag for tag in own if tag != "raises-exception"]
    manager = AsyncKernelManager(kernel_name="python3")
    manager.kernel_spec.argv[0] = str(python)
    manager.kernel_spec.argv.append("--log-level=40")  # no word about TCP
    client = NotebookClient(
        made, km=manager, timeout=TIMEOUT, resources={"metadata": {"path": str(folder)}}
    )
    start, failure = time.monotonic(), ""
    try:
        client.execute(cleanup_kc=True)  # else a manager of ours lives on
    except CellExecutionError as error:
        failure = f"{error.ename}: {error.evalue}"
    except (CellTimeoutError, DeadKernelError) as error:
        failure = str(error)
    if failure:
        at = sum(cell.get("execution_count") is not None for cell in made.cells)
        failure = f"near code cell {at}: {failure}"
    return time.monotonic() - start, failure


def main(arguments: list[str] | None = None) -> int:
    """Run them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("zip", nargs="?", type=Path, default=ZIP)
    parser.add_argument("pages", nargs="*", help="such as mlp/dropout; default all")
    parser.add_argument(
        "--languages", choices=[*LANGUAGES, "all", "alternate"], default="alternate"
    )
    parser.add_argument("--full", action="store_true", help="install everything")
    parser.add_argument("--at-once", type=int, default=2, metavar="N")
    given = parser.parse_args(arguments)
    if not given.zip.exists():
        print(f"{given.zip} is not there: run `make html` first")
        return 1

    os.environ.setdefault("OMP_NUM_THREADS", "1")  # two notebooks run side by side
    os.environ.setdefault("MKL_NUM_THREADS", "1")
    os.environ["D2LNOTES_LIVE"] = "0"
    os.environ.pop("PYTHONPATH", None)
    with tempfile.TemporaryDirectory(prefix="notebooks-") as scratch:
        root = Path(scratch).resolve()
        with zipfile.ZipFile(given.zip) as archive:
            archive.extractall(root / "unpacked")
        (unpacked,) = (root / "unpacked").iterdir()
        python = make_environment(root / "venv", unpacked, given.full)
        elsewhere = root / "elsewhere"
        elsewhere.mkdir()
        done = subprocess.run(
            [python, "-c", CHECK], cwd=elsewhere, capture_output=True, text=True
        )
        if done.returncode:
            print(f"the package does not come from the zip: {done.stdout}{done.stderr}")
            return 1
        names = choose(
            (p.relative_to(unpacked).as_posix() for p in unpacked.rglob("*.ipynb")),
            given.languages,
            given.pages,
        )

        def one(name: str) -> bool:
            seconds, failure = run(unpacked / name, python, elsewhere)
            print(f"{seconds:6.1f} s  {name}  {failure or 'ran'}", flush=True)
            return bool(failure)

        with ThreadPoolExecutor(given.at_once) as pool:
            failed = sum(pool.map(one, names))
    print(f"{len(names)} notebooks, {failed or 'none'} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
