"""Which notebooks are run, and that a failing one is named."""

import subprocess
import sys
import zipfile

import nbformat
import pytest
import run_notebooks
from nbformat.v4 import new_code_cell, new_notebook

NAMES = ["en/a.ipynb", "en/b.ipynb", "zh/a.ipynb", "zh/b.ipynb"]


def test_the_languages_take_turns():
    assert run_notebooks.choose(NAMES, "alternate", []) == ["zh/a.ipynb", "en/b.ipynb"]


def test_all_or_one_language_or_one_page():
    assert sorted(run_notebooks.choose(NAMES, "all", [])) == NAMES
    assert run_notebooks.choose(NAMES, "en", ["b"]) == ["en/b.ipynb"]
    with pytest.raises(SystemExit, match="no notebook of c"):
        run_notebooks.choose(NAMES, "all", ["c"])


def test_a_cell_that_fails_is_told_even_where_a_reader_may_go_on(tmp_path):
    cells = [
        new_code_cell("a = 1"),
        new_code_cell("assert a == 2, 'no'", metadata={"tags": ["raises-exception"]}),
    ]
    path = tmp_path / "page.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    _, failure = run_notebooks.run(path, sys.executable, tmp_path)
    assert "code cell 2: AssertionError: no" in failure
    nbformat.write(new_notebook(cells=cells[:1]), path)
    assert run_notebooks.run(path, sys.executable, tmp_path)[1] == ""


def test_without_a_zip_it_says_what_to_do(tmp_path, capsys):
    assert run_notebooks.main([str(tmp_path / "none.zip")]) == 1
    assert "make html" in capsys.readouterr().out


def test_the_new_environment_has_the_package_of_the_zip_only(tmp_path, monkeypatch):
    monkeypatch.delenv("PYTHONPATH", raising=False)
    with zipfile.ZipFile(tmp_path / "x-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("d2lnotes/__init__.py", "")
    python = run_notebooks.make_environment(tmp_path / "venv", tmp_path, full=False)
    code = "import d2lnotes, torch; print(d2lnotes.__file__)"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True)
    assert done.stdout.startswith(str(tmp_path / "venv")), done.stderr
