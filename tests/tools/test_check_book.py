"""Faults of the text are found without running a cell, or building a page."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import check_book
import pytest

TOOL = Path(check_book.__file__)
FILES = {
    "_config.yml": "title: 书 | Book\nonly_build_toc_files: true\n"
    "execute: {execute_notebooks: cache}\n"
    "sphinx:\n  local_extensions: {bilingual: EXT, execution: EXT, glue_keys: EXT, mathml: EXT}\n"
    "  config: {language: zh_CN}\n",
    "_toc.yml": "format: jb-book\nroot: index\nchapters:\n- file: page\n",
    "terms.yml": "- {zh: 丢弃法, en: dropout}\n",
    "references.bib": "@book{a, title={T}, author={A}, year={2000}}\n",
    "index.md": "# 书 | Book\n",
    "page.md": (
        "---\nfile_format: mystnb\n"
        "kernelspec: {display_name: Python 3, language: python, name: python3}\n---\n"
        "# 页 | Page\n\n值为 {glue:text}`p:.2f` 与 {glue:text}`q-1`。\n\n"
        "It is {glue:text}`p:.2f` and {glue:text}`q-1`.\n\n"
        '```{code-cell} ipython3\nraise ValueError("never run")\n'
        'glue("p", 1)\nglue(f"q-{n}", 2)\n```\n'
    ),
}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        text = text.replace("EXT", str(TOOL.parents[1] / "book" / "_ext"))
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_a_key_that_is_put_together_stands_for_those_that_the_page_shows():
    cells = ['glue("a", 1)', 'glue(f"b-{name}", 2)', "x = 1", 'glue("a", 3)']
    found = check_book.glued(cells, {"a", "b-one", "b-two", "c"})
    assert list(found) == [(0, "a"), (1, "b-one"), (1, "b-two"), (3, "a")]


def run(book: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, TOOL, book], capture_output=True, text=True, timeout=300
    )


def test_a_sound_book_passes_and_no_cell_runs(book):
    done = run(book)
    assert done.returncode == 0, done.stderr
    assert "never run" not in done.stderr
    told = "No fault in the text of 2 pages and in the files of settings."
    assert done.stdout.splitlines()[-1] == told


def test_faults_of_a_page_are_told_and_nothing_is_written(book):
    page = book / "page.md"
    page.write_text(
        FILES["page.md"].replace("值为", "其值为 $x$，").replace("`q-1`。", "`r`。")
    )
    before = sorted(path.name for path in book.iterdir())
    done = run(book)
    assert done.returncode == 1
    assert "page.md:10: WARNING: twins differ: only Chinese has" in done.stderr
    assert "No key 'r' found" in done.stderr
    assert sorted(path.name for path in book.iterdir()) == before


def test_cells_claims_and_formulas_are_looked_at_too(book):
    cells = (
        '```{code-cell} ipython3\nx = 1\nclaim("a", x, "=<", 2, "甲", sedes=3)\n```\n\n'
        "```{code-cell} ipython3\n%matplotlib inline\ny = (x\n```\n\n"
        "```{code-cell} ipython3\n:tags: [raises-exception]\ny = (x\n```\n\n"
    )
    (book / "page.md").write_text(f"{FILES['page.md']}\n{cells}$$\n\\frac{{1\n$$\n")
    done = run(book)
    assert done.returncode == 1
    told = re.findall(r"/page\.md:(\d+): WARNING: (.*?)(?:\x1b|$)", done.stderr, re.M)
    assert [(line, words[:30]) for line, words in told] == [
        ("19", "claim: '甲' has one language: w"),
        ("19", "claim: '=<' is none of < <= > "),
        ("19", "claim: no such argument, sedes"),
        ("24", "no Python: '(' was never close"),
        ("32", "formula '\\\\frac{1': ParseError"),
    ]


def test_the_values_of_the_last_build_find_a_number_that_is_typed(book):
    folder = book / "_build" / "jupyter_execute"
    folder.mkdir(parents=True)
    (folder / "page.glue.json").write_text('{"p": {"data": {"text/plain": "0.8317"}}}')
    (book / "page.md").write_text(FILES["page.md"] + "\n约 0.83。\n\nAbout 0.83.\n")
    assert run(book).returncode == 0  # two digits may be a coincidence
    text = (book / "page.md").read_text("utf-8")
    text = text.replace("p:.2f", "p:.3f").replace("0.83", "0.832")
    (book / "page.md").write_text(text, "utf-8")
    done = run(book)
    assert done.returncode == 1
    assert "page.md:17: WARNING: 0.832 is typed" in done.stderr
