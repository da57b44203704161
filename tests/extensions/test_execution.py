"""Cached results must never outlive what they were computed from."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import execution
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

EXTENSIONS = Path(execution.__file__).parent
FRONT = (
    "---\nfile_format: mystnb\n"
    "kernelspec: {display_name: Python 3, language: python, name: python3}\n---\n"
)


class Book:
    """A one-page book beside a small package, built by a real `sphinx-build`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.package = folder / "code" / "toybook"
        self.package.mkdir(parents=True)
        self.module("__init__", "")
        self.module("used", "from toybook.deeper import VALUE\n")
        self.module("deeper", "VALUE = 'first answer'\n")
        self.module("unused", "NOTHING = 0\n")
        self.source = folder / "book"
        self.source.mkdir()
        (self.source / "pins.txt").write_text("torch==1\n")
        (self.source / "conf.py").write_text(
            "extensions = ['myst_nb', 'execution']\n"
            "exclude_patterns = ['.jupyter_cache', 'out']\n"
            "nb_execution_mode = 'cache'\n"
            "execution_package = 'toybook'\n"
            "execution_source = '../code'\n"
            "execution_pins = ['pins.txt']\n"
        )
        self.page("import toybook.used\nprint(toybook.used.VALUE)")

    def module(self, name: str, text: str) -> None:
        (self.package / f"{name}.py").write_text(text)

    def page(self, *cells: str, options: str = "") -> None:
        text = "".join(
            f"\n```{{code-cell}} ipython3\n{options}{cell}\n```\n" for cell in cells
        )
        (self.source / "index.md").write_text(f"{FRONT}\n# Page\n{text}")

    def build(self, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "sphinx", "-b", "html", ".", "out"],
            cwd=self.source,
            env=os.environ
            | {"PYTHONPATH": str(EXTENSIONS), "NO_COLOR": "1"}
            | environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    @property
    def html(self) -> str:
        return (self.source / "out" / "index.html").read_text("utf-8")


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path)


def test_the_package_beside_the_book_wins_over_another_of_its_name(book: Book):
    other = book.folder / "elsewhere" / "toybook"
    shutil.copytree(book.package, other)
    (other / "deeper.py").write_text("VALUE = 'of another copy'\n")
    build = book.build(PYTHONPATH=f"{other.parent}{os.pathsep}{EXTENSIONS}")
    assert build.returncode == 0, build.stderr
    assert "first answer" in book.html


def test_a_source_folder_that_is_none_is_named(book: Book):
    conf = book.source / "conf.py"
    conf.write_text(conf.read_text().replace("'../code'", "'../cod'"))
    build = book.build()
    assert build.returncode != 0
    assert "execution_source must name a folder" in build.stderr
    assert str(book.folder / "cod") in build.stderr


def test_a_change_two_imports_away_publishes_the_new_result(book: Book):
    assert book.build().returncode == 0
    assert "first answer" in book.html
    book.module("deeper", "VALUE = 'second answer, other length'\n")
    assert "Executed notebook" in book.build().stdout
    assert "second answer" in book.html


def test_a_module_that_the_page_does_not_import_leaves_its_result_alone(book: Book):
    book.build()
    book.module("unused", "NOTHING = 'changed a lot'\n")
    book.page("import toybook.used\nprint(toybook.used.VALUE)", options="")
    built = book.build().stdout
    assert "Executed notebook" not in built


def test_a_changed_pin_runs_the_page_again(book: Book):
    book.build()
    (book.source / "pins.txt").write_text("torch==2\n")
    assert "Executed notebook" in book.build().stdout


def test_going_back_to_an_old_state_uses_its_stored_result(book: Book):
    book.build()
    book.module("deeper", "VALUE = 'second answer, other length'\n")
    book.build()
    book.module("deeper", "VALUE = 'first answer'\n# longer, yet the same\n")
    book.build()
    book.module("deeper", "VALUE = 'second answer, other length'\n")
    (book.source / "index.md").touch()
    built = book.build().stdout
    assert "Using cached notebook" in built
    assert "second answer" in book.html


def test_a_new_caption_is_shown_without_running_the_cell_again(book: Book):
    cell = "from IPython.display import SVG\nSVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')"
    options = "---\nmystnb: {figure: {caption: %s}}\n---\n"
    book.page(cell, options=options % "Old words")
    book.build()
    assert "Old words" in book.html
    book.page(cell, options=options % "New words")
    built = book.build().stdout
    assert "Using cached notebook" in built
    assert "New words" in book.html
    assert "Old words" not in book.html


def test_a_cell_set_to_be_skipped_is_not_answered_from_the_cache(book: Book):
    book.build()
    book.page(
        "import toybook.used\nprint(toybook.used.VALUE)",
        options="---\ntags: [skip-execution]\n---\n",
    )
    book.build()
    assert "first answer" not in book.html


def test_what_a_cell_prints_does_not_depend_on_when_the_kernel_sends_it(book: Book):
    book.page(
        "import sys, time\n"
        "for piece in ('a line in ', 'pieces\\n', '\\n', 'after an empty one\\n'):\n"
        "    sys.stdout.write(piece); sys.stdout.flush(); time.sleep(0.1)"
    )
    book.build()
    (stored,) = book.source.rglob("index.ipynb")
    (output,) = nbformat.read(stored, 4).cells[-1].outputs
    assert output.text == "a line in pieces\n\nafter an empty one\n"
    assert "a line in pieces\n\nafter an empty one" in book.html


def test_a_failing_cell_fails_the_build_and_names_page_line_and_cell(book: Book):
    book.page("1 + 1", "2 + 2", "raise ValueError('poisoned')", "3 + 3")
    built = book.build()
    assert built.returncode != 0
    assert "index.md:17: code cell 3: ValueError: poisoned" in built.stderr


def test_a_failing_page_fails_again_in_the_next_build(book: Book):
    book.page("raise ValueError('poisoned')")
    book.build()
    assert book.build().returncode != 0


def test_a_cell_that_hangs_is_named_with_its_time_limit(book: Book):
    with (book.source / "conf.py").open("a") as conf:
        conf.write("nb_execution_timeout = 2\n")
    book.page("1 + 1", "import time; time.sleep(60)")
    built = book.build()
    assert built.returncode != 0
    assert "code cell 2: ran longer than the limit of 2 seconds" in built.stderr


def test_the_book_gets_its_data_before_it_asks_which_they_are(book: Book):
    book.module(
        "data",
        "state = 'absent'\n"
        "def get(say):\n    global state\n    state = 'full'\n    say('fetching the data')\n"
        "def identity():\n    assert state == 'full'\n    return state\n",
    )
    with (book.source / "conf.py").open("a") as conf:
        conf.write("execution_prepare = 'toybook.data:get'\n")
        conf.write("execution_identity = 'toybook.data:identity'\n")
    built = book.build()
    assert built.returncode == 0
    assert "fetching the data" in built.stdout


def test_the_times_are_told_slowest_first(book: Book):
    assert "seconds per page when its cells last ran" in book.build().stdout


def test_imports_are_found_in_a_cell_with_a_magic():
    code = "%matplotlib inline\nfrom toy import a, b\nimport numpy\nimport toy.c.d"
    assert execution.imported_names(code, "toy") == {"toy", "toy.a", "toy.b", "toy.c.d"}


def test_a_name_that_only_begins_like_the_package_is_not_its_module():
    assert execution.imported_names("import toyland", "toy") == set()


def test_the_stopped_cell_is_the_one_with_the_error():
    ran = new_code_cell("1", execution_count=1)
    error = new_output("error", ename="ValueError", evalue="no")
    bad = new_code_cell("2", execution_count=2, outputs=[error])
    notebook = new_notebook(cells=[ran, bad, new_code_cell("3")])
    assert execution.failed_cell(notebook) == (1, "ValueError: no")


WAIT = (
    "import pathlib, time\n"
    "pathlib.Path('{mine}').write_text('here')\n"
    "start = time.monotonic()\n"
    "while not pathlib.Path('{other}').exists():\n"
    "    assert time.monotonic() - start < 60, 'the other page never ran'\n"
    "    time.sleep(0.05)\n"
    "print('met {other}')"
)


@pytest.fixture
def two_pages(book: Book) -> Book:
    """Two pages that wait for each other: one after the other they would never end."""
    conf = (book.source / "conf.py").read_text()
    (book.source / "conf.py").write_text(
        conf.replace("'execution'", "'execution', 'run_ahead'")
        + "execution_at_once = 2\n"
    )
    for mine, other in (("index", "second"), ("second", "index")):
        book.page(WAIT.format(mine=f"{mine}.run", other=f"{other}.run"))
        (book.source / "index.md").rename(book.source / f"{mine}.tmp")
    for name in ("index", "second"):
        (book.source / f"{name}.tmp").rename(book.source / f"{name}.md")
    return book


def test_pages_run_at_once(two_pages: Book):
    built = two_pages.build()
    assert built.returncode == 0, built.stderr
    assert "met second.run" in two_pages.html
    assert built.stdout.count("Executed notebook") == 2


def test_what_ran_ahead_is_kept_for_the_next_build(two_pages: Book):
    two_pages.build()
    for name in ("index", "second"):
        (two_pages.source / f"{name}.md").touch()
    built = two_pages.build()
    assert "Executed notebook" not in built.stdout
    assert "met second.run" in two_pages.html


def test_a_cell_that_fails_ahead_runs_once_and_fails_the_build(two_pages: Book):
    text = (two_pages.source / "index.md").read_text()
    (two_pages.source / "index.md").write_text(
        text + "\n```{code-cell} ipython3\nraise ValueError('poisoned')\n```\n"
    )
    built = two_pages.build()
    assert built.returncode != 0
    assert built.stderr.count("Executing notebook failed") == 1
    assert "code cell 2: ValueError: poisoned" in built.stderr


def test_what_does_not_run_ahead_is_left_to_myst_nb(make_app, tmp_path, monkeypatch):
    """Pages without cells, and those with settings of their own."""
    for name in (*execution.THREAD_VARIABLES, "PYTHONHASHSEED", "D2LNOTES_LIVE"):
        monkeypatch.setenv(name, os.environ.get(name, "1"))
    client = execution.myst_nb.core.execute.NotebookClientCache
    monkeypatch.setattr(execution.myst_nb.core.execute, "NotebookClientCache", client)
    (tmp_path / "conf.py").write_text(
        "extensions = ['myst_nb', 'run_ahead']\nnb_execution_mode = 'cache'\n"
        "execution_at_once = 2\nsuppress_warnings = ['app.add_node']\n"
        "source_suffix = {'.md': 'myst-nb'}\n"
    )
    (tmp_path / "index.md").write_text("# Page\n\n```{toctree}\nown\n```\n")
    ran = tmp_path / "ran"
    own = FRONT.replace("---\n", "---\nmystnb: {execution_mode: 'off'}\n", 1)
    cell = f"```{{code-cell}} ipython3\nopen({str(ran)!r}, 'w')\n```\n"
    (tmp_path / "own.md").write_text(f"{own}\n# Own\n\n{cell}")
    app = make_app("html", srcdir=tmp_path)
    app.build()
    assert ">open<" in (app.outdir / "own.html").read_text("utf-8")
    assert not ran.exists()


def test_a_cell_that_nobody_can_read_imports_nothing():
    assert execution.imported_names("this is (no Python", "toybook") == set()
    magic = "%matplotlib inline\nimport toybook.used"
    assert execution.imported_names(magic, "toybook") == {"toybook.used"}


def test_a_package_that_is_not_installed_is_part_of_the_state():
    execution.installed.cache_clear()
    named = execution.installed(("pytest", "surely-no-such-package"))
    assert named == f"pytest=={pytest.__version__} surely-no-such-package missing"
