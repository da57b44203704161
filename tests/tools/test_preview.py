from importlib import import_module
from multiprocessing import get_context
from pathlib import Path

import pytest
from preview import LATER, Preview
from sphinx.cmd.build import build_main

TWO = """Two
===

.. _goal:

Goal
----

See :numref:`rows` and :numref:`program`.

.. _rows:

.. table:: Some *rows*

   == ==
   a  b
   == ==

.. code-block:: python
   :caption: A program
   :name: program

   pass
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Sources of three pages, built; the second refers to a section of the third."""
    source = tmp_path / "book"
    source.mkdir()
    (source / "conf.py").write_text("numfig = True\n")
    (source / "index.rst").write_text(
        "Book\n====\n\n.. toctree::\n   :numbered:\n\n   one\n   two\n"
    )
    (source / "one.rst").write_text("One\n===\n\nFirst text, see :ref:`goal`.\n")
    (source / "two.rst").write_text(TWO)
    in_fork(build, source)
    return source


def build(source: Path) -> None:
    folders = [str(source), str(source.parent / "site")]
    arguments = ["-q", "-W", "-d", str(source.parent / "doctrees"), *folders]
    assert build_main(arguments) == 0


def show(source: Path, *files: str) -> None:
    preview = Preview(source, source.parent / "doctrees", source.parent / "site")
    preview.show(preview.pages([source / name for name in files]))


def in_fork(function, *arguments) -> int:
    """Call a function, and leave nothing of Sphinx in this process."""
    process = get_context("fork").Process(target=function, args=arguments)
    process.start()
    process.join()
    assert process.exitcode == 0
    return process.exitcode


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_edited_page_is_shown_and_nothing_else_touched(book: Path):
    site, doctrees = book.parent / "site", contents(book.parent / "doctrees")
    before = contents(site)
    (book / "one.rst").write_text("One\n===\n\nOther text, see :ref:`goal`.\n")
    in_fork(show, book, "one.rst")
    page = (site / "one.html").read_text("utf-8")
    assert "Other text" in page
    assert 'href="two.html#goal"' in page
    assert '<span class="section-number">1. </span>One' in page
    after = contents(site)
    assert {path.name for path in after if after[path] != before.get(path)} == {
        "one.html",
        "one.rst.txt",
    }
    assert contents(book.parent / "doctrees") == doctrees


def test_the_build_that_follows_knows_nothing_of_it(book: Path):
    (book / "two.rst").write_text(
        "Two\n===\n\n.. _goal:\n\nNew goal\n--------\n\nEnd.\n"
    )
    in_fork(show, book, "two.rst")
    assert ">Goal<" in (book.parent / "site" / "one.html").read_text("utf-8")
    in_fork(build, book)
    assert "New goal" in (book.parent / "site" / "index.html").read_text("utf-8")


def test_what_has_a_number_on_another_page_keeps_it(book: Path):
    (book / "one.rst").write_text("One\n===\n\n:numref:`rows`, :numref:`program`.\n")
    in_fork(show, book, "one.rst")
    page = (book.parent / "site" / "one.html").read_text("utf-8")
    assert "Table 2.1" in page
    assert "Listing 2.1" in page


def test_what_is_left_for_later_exists():
    for module, function in LATER:
        assert callable(getattr(import_module(module), function))


@pytest.mark.parametrize("files", [["conf.py"], ["one.rst", "conf.py"], ["new.rst"]])
def test_what_may_change_other_pages_is_left_to_the_build(book: Path, files: list[str]):
    def check() -> None:
        preview = Preview(book, book.parent / "doctrees", book.parent / "site")
        assert preview.pages([book / name for name in files]) == []

    (book / "new.rst").write_text("New\n===\n")
    in_fork(check)


def test_without_a_build_there_is_nothing_to_show(tmp_path: Path):
    (tmp_path / "conf.py").write_text("")
    (tmp_path / "index.rst").write_text("Book\n====\n")

    def check() -> None:
        with pytest.raises(FileNotFoundError, match="build the book first"):
            Preview(tmp_path, tmp_path / "doctrees", tmp_path / "site")

    in_fork(check)
