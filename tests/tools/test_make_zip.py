"""The packed site is the site, and the same every time."""

import os
from zipfile import ZipFile

import pytest
from make_zip import make_zip


@pytest.fixture
def site(tmp_path):
    folder = tmp_path / "html"
    (folder / "a").mkdir(parents=True)
    (folder / "index.html").write_text("书")
    (folder / "a" / "b.png").write_bytes(b"\x89PNG")
    (folder / ".buildinfo").write_text("?")
    return folder


def test_it_holds_the_files_of_the_site_below_one_folder(site, tmp_path):
    make_zip(site, tmp_path / "book.zip")
    with ZipFile(tmp_path / "book.zip") as archive:
        assert archive.namelist() == ["book/a/b.png", "book/index.html"]
        assert archive.read("book/index.html").decode() == "书"


def test_the_same_site_gives_the_same_bytes(site, tmp_path):
    make_zip(site, tmp_path / "book.zip")
    first = (tmp_path / "book.zip").read_bytes()
    os.utime(site / "index.html", (0, 10**9))
    (site / "index.html").chmod(0o600)
    make_zip(site, tmp_path / "book.zip")
    assert (tmp_path / "book.zip").read_bytes() == first


def test_a_folder_without_a_site_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match="run `make html` first"):
        make_zip(tmp_path, tmp_path / "book.zip")
