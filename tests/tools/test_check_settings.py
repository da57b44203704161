"""A fault in a file of settings is told with its line before anything is built."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import check_settings
import pytest

TOOL = Path(check_settings.__file__)
FILES = {
    "_config.yml": "title: 书 | Book\nonly_build_toc_files: true\n"
    "execute: {execute_notebooks: cache}\n"
    "sphinx:\n  extra_extensions: [sphinx_proof]\n"
    "  local_extensions:\n    own: .\n  config: {language: zh_CN}\n",
    "_toc.yml": "format: jb-book\nroot: index\nchapters:\n- file: page\n- file: two\n",
    "terms.yml": "- {zh: 丢弃法, en: dropout}\n",
    "references.bib": "@book{a, title={T}, author={A}, year={2000}}\n",
    "own.py": "",
    "index.md": "# 书 | Book\n",
    "page.md": "# 页 | Page\n",
    "two.md": "# 二 | Two\n",
}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_sound_files_are_told_nothing(book):
    assert list(check_settings.faulty_files(book)) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("_config.yml", "title: 书", 'title: "书', ":1: not readable as YAML"),
        (
            "_config.yml",
            "title: 书 | Book",
            "title: 3",
            ":1: title: 3 is not of type 'string'",
        ),
        (
            "_config.yml",
            "only_build_toc_files: true",
            "title: 二 | Two",
            ":2: 'title' stands in line 1 already: keep one",
        ),
        ("_toc.yml", "chapters:", "chapters: [", ":4: not readable as YAML"),
        ("_toc.yml", "chapters", "chaptrs", ":3: Unknown keys found"),
        ("_config.yml", "only_build", "only_bild", ":2: only_bild_toc_files: no such"),
        (
            "_config.yml",
            "only_build_toc_files: true",
            "prase: {}",
            ":2: prase: no such",
        ),
        ("_config.yml", "true", "ture", ":2: only_build_toc_files: 'ture' is a word"),
        (
            "_config.yml",
            "execute: {execute_notebooks: cache}",
            "html: {use_issue_button: true}",
            ":3: html/use_issue_button: no such setting: did you mean use_issues_button?",
        ),
        ("_config.yml", "sphinx_proof", "sphinx_prof", ":5: sphinx_prof: no such ext"),
        ("_config.yml", "own: .", "onw: .", ":7: there is no "),
        ("_toc.yml", "file: two", "fiel: two", ":5: entry does not contain one of"),
        ("_toc.yml", "- file: two", "- file two", ":5: entry not a mapping"),
        ("_toc.yml", "two", "page", ":5: document file used multiple times: 'page'"),
        ("_toc.yml", "page", "page.md", ":4: page.md: write the page's name without"),
        ("_toc.yml", "- file: two", "\t- file: two", ":5: not readable as YAML"),
        ("_toc.yml", "- file: two", " - file: two", ":5: not readable as YAML"),
        ("_toc.yml", "page", "pgae", ":4: pgae.md: there is no such page: write it"),
        ("terms.yml", ", en: dropout", "", ":1: a term needs zh and en"),
        ("references.bib", "{2000}}", "{2000}", ":2: "),
        ("references.bib", "@book", "@bok", ":1: 'bok' is no kind of entry: one of"),
        (
            "references.bib",
            "{2000}}\n",
            "{2000}}\n@misc{a, title={U}}\n",
            ":2: repeated bibliography entry: a: keep one",
        ),
        (
            "_config.yml",
            "only_build_toc_files: true",
            "bibtex_bibfiles: [refrences.bib]",
            ":2: there is no refrences.bib: correct it",
        ),
    ],
)
def test_a_fault_of_a_file_is_named_with_its_line(book, name, old, new, told):
    path = book / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    fault, *others = check_settings.faulty_files(book)
    assert fault.startswith(f"{path}{told}")
    assert all("not in _toc.yml" in other for other in others)


def test_a_page_that_the_contents_forget_is_named(book):
    (book / "three.md").write_text("# 三 | Three\n", "utf-8")
    [fault] = check_settings.faulty_files(book)
    assert (
        fault == f"{book}/three.md:1: the page is not in _toc.yml: give it a line there"
    )


def test_the_command_tells_the_fault_and_ends_with_one(book):
    (book / "_config.yml").write_text("titel: 书 | Book\n", "utf-8")
    done = subprocess.run([sys.executable, TOOL, book], capture_output=True, text=True)
    told = f"{book}/_config.yml:1: titel: no such setting: did you mean title?\n"
    assert (done.returncode, done.stderr) == (1, told)


def test_a_missing_and_an_unreadable_file_are_named(book):
    (book / "_toc.yml").unlink()
    (book / "terms.yml").write_bytes("- {zh: 丢弃法}".encode("gbk"))
    faults = list(check_settings.faulty_files(book))
    assert "_toc.yml:1: there is no such file" in faults[0]
    assert "terms.yml:1: cannot be read" in faults[1]
    assert "save it as UTF-8" in faults[1]
