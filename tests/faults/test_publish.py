"""What was published stays whole: failures, warnings, kills, full disks, two at once."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import time
from pathlib import Path

import publish
import pytest

RAISES = """
def setup(app):
    app.connect("doctree-resolved", fail)

def fail(app, doctree, docname):
    if docname == "two" and "third" in doctree.astext():
        raise ValueError("broken while it is written")
"""
WAITS = """
import os, time

def setup(app):
    app.connect("builder-inited", wait)

def wait(app):
    go = os.environ.get("GO")
    while go and not os.path.exists(go):
        time.sleep(0.01)
"""
# Sphinx checks consistency right after it has saved what it read.
DIES = """
import os, signal

def setup(app):
    app.connect("env-check-consistency", die)

def die(app, env):
    if "DIE" in os.environ:
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_build_that_goes_well_is_published_and_leaves_nothing_beside(book):
    assert book.build().status == 0
    first = book.published()
    assert {"index.html", "one.html", "two.html", "searchindex.js"} <= set(first)
    book.write(two="# Two\n\nAnother.\n")
    ended = book.strict()
    assert ended.status == 0
    assert "one" not in ended.words.partition("reading sources")[2].split()
    assert book.published()["two.html"] != first["two.html"]
    assert book.published()["one.html"] == first["one.html"]
    assert book.beside() == []


def test_a_build_that_changes_nothing_writes_no_page(book):
    book.build()
    first = book.published()
    ended = book.build()
    assert "no targets are out of date" in ended.words
    assert book.published() == first


def test_a_failing_build_leaves_the_site_as_it_was(book):
    book.settings(code=RAISES)
    assert book.build().status == 0
    first = book.published()
    book.write(one="# One\n\nChanged.\n", two="# Two\n\nA third.\n")
    ended = book.build()
    assert ended.status != 0
    assert "broken while it is written" in ended.words
    assert f"{book.site} stands as it was: the build failed" in ended.words
    assert book.published() == first
    book.write(two="# Two\n\nMended.\n")
    assert book.build().status == 0
    assert "Changed." in (book.site / "one.html").read_text()
    assert book.beside() == []


def test_warnings_that_are_errors_are_not_published_however_often_one_tries(book):
    book.build()
    first = book.published()
    book.write(two="# Two\n\nSee [](#nowhere).\n")
    for _ in range(2):
        ended = book.strict()
        assert ended.status == 1
        assert "two.md:3: WARNING: 'myst' cross-reference target not found" in (
            ended.words
        )
        assert f"{book.site} stands as it was: warnings are errors" in ended.words
        assert book.published() == first
    assert "nowhere" in (book.site.parent / ".html.draft" / "two.html").read_text()
    book.write(two="# Two\n\nSee nothing.\n")
    assert book.strict().status == 0
    assert "See nothing." in (book.site / "two.html").read_text()
    assert book.beside() == []


def test_without_the_strict_options_warnings_are_published_and_told_again(book):
    book.write(two="# Two\n\nSee [](#nowhere).\n")
    for _ in range(2):
        ended = book.build()
        assert ended.status == 0
        assert "two.md:3: WARNING" in ended.words
    assert "nowhere" in (book.site / "two.html").read_text()


def test_a_page_that_left_the_book_leaves_the_site(book):
    book.build()
    (book.source / "two.md").unlink()
    book.write()
    assert book.build().status == 0
    assert not (book.site / "two.html").exists()


def test_doctrees_inside_the_site_survive(book):
    book.doctrees = book.site / ".doctrees"  # where `sphinx-build` puts them
    for text in ("Second.", "Another."):
        book.write(two=f"# Two\n\n{text}\n")
        assert book.build().status == 0
        assert (book.doctrees / "environment.pickle").exists()
        assert text in (book.site / "two.html").read_text()
    assert "no targets are out of date" in book.build().words


# --- where folders cannot trade names ----------------------------------------------------
@pytest.fixture
def draft_and_site(tmp_path: Path) -> tuple[Path, Path]:
    """A site of two pages and doctrees, and a draft that has another second page."""
    draft, site = tmp_path / "draft", tmp_path / "site"
    for folder, files in (
        (site, {"a.html": "a", "b/old.html": "b", ".doctrees/x": "x"}),
        (draft, {"a.html": "A", "c/new.html": "c"}),
    ):
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
    return draft, site


@pytest.mark.parametrize("reason", [None, OSError(errno.EXDEV, "layers")])
def test_the_draft_takes_the_place_of_the_site(draft_and_site, monkeypatch, reason):
    draft, site = draft_and_site

    def cannot(one, other):
        raise reason

    if reason:
        monkeypatch.setattr(publish, "exchange", cannot)
    publish.swap(draft, site, site / ".doctrees")
    left = {
        p.relative_to(site).as_posix(): p.read_text()
        for p in site.rglob("*")
        if p.is_file()
    }
    assert left == {"a.html": "A", "c/new.html": "c", ".doctrees/x": "x"}
    assert not draft.exists()


def test_an_exchange_that_fails_says_why(tmp_path):
    (tmp_path / "one").mkdir()
    with pytest.raises(FileNotFoundError, match="one"):
        publish.exchange(tmp_path / "one", tmp_path / "missing")


# --- killed ------------------------------------------------------------------------------
def test_ten_kills_at_random_moments(book):
    """The site is always one of the two whole ones; the next build makes the right one."""
    texts = ("# Two, at first\n\nSecond.\n", "# Two, renamed\n\nAnother.\n")
    whole = []
    for text in texts:  # the clean builds
        book.write(two=text)
        subprocess.run(["rm", "-rf", book.site.parent], check=True)
        start = time.monotonic()
        assert book.build().status == 0
        seconds = time.monotonic() - start
        whole.append(book.published())
    assert whole[0]["index.html"] != whole[1]["index.html"]  # it names the page
    chance, now, cut = random.Random(7), 1, 0
    for moment in range(10):
        now = 1 - now
        book.write(two=texts[now])
        running = book.start()
        time.sleep(seconds * (moment + chance.random()) / 10)
        running.kill()
        cut += "build succeeded" not in running.log.read_text()
        assert book.published() in whole, moment
        assert book.build().status == 0
        assert book.published() == whole[now], moment
        assert book.beside() == []
    assert cut >= 5  # most of them were still at work


def test_a_kill_between_saving_and_writing_publishes_nothing_stale(book):
    book.settings(code=DIES)
    book.build()
    book.write(two="# Two, renamed\n\nSecond.\n")
    assert book.build(DIE="1").status == -9
    ended = book.build()
    assert "the last build was killed: every page is read again" in ended.words
    # Its neighbour links to it by its title, and has not changed itself.
    assert "Two, renamed" in (book.site / "one.html").read_text()


# --- two at once -------------------------------------------------------------------------
@pytest.mark.parametrize("builder", ["html", "latex"])  # they share the doctrees
def test_a_second_build_is_refused_and_told_who_is_at_work(book, tmp_path, builder):
    book.settings(code=WAITS)
    first = book.start(GO=str(tmp_path / "go"))
    who = book.doctrees / "build.who"
    end = time.monotonic() + 60
    while not who.exists() or not who.read_text():
        assert time.monotonic() < end
        time.sleep(0.01)
    second = book.build(builder=builder)
    assert second.status != 0
    assert f"another build is at work here: process {first.process}," in second.words
    assert "Wait until it has ended, or end it" in second.words
    (tmp_path / "go").touch()
    assert "build succeeded" in first.wait()
    assert {"index.html", "one.html", "two.html"} <= set(book.published())
    assert book.build(builder=builder).status == 0


def test_a_killed_build_locks_nobody_out(book, tmp_path):
    book.settings(code=WAITS)
    first = book.start(GO=str(tmp_path / "never"))
    while not (book.doctrees / "build.who").exists():
        time.sleep(0.01)
    first.kill()
    assert book.build().status == 0


# --- a full disk -------------------------------------------------------------------------
@pytest.fixture
def small_disk(book):
    """A file system of 3 MB below the book's `_build`."""
    folder = book.site.parent
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("needs the right to mount a file system")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize("room", [0, 200_000, 500_000])  # bytes: at the copy, or later
def test_a_full_disk_leaves_the_site_as_it_was(book, small_disk, room):
    assert book.build().status == 0
    first = book.published()
    book.write(two="# Two\n\n" + "Many words. " * 40_000)
    ballast = small_disk / "ballast"
    with ballast.open("wb") as file:
        free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
        file.write(bytes(max(free - room, 0)))
    ended = book.build()
    assert ended.status != 0
    assert "No space left on device" in ended.words
    assert "ree some disk space" in ended.words or "the disk is full" in ended.words
    assert book.published() == first
    ballast.unlink()
    book.write(two="# Two\n\nFew words.\n")
    assert book.build().status == 0
    assert "Few words." in (book.site / "two.html").read_text()
    assert book.beside() == []


@pytest.mark.parametrize(
    "error",
    [
        "OSError(28, 'No space left on device')",
        "ValueError('database or disk is full')",
    ],
)
def test_a_full_disk_is_told_with_its_cure(book, error):
    book.settings(
        code="def setup(app):\n    app.connect('doctree-resolved', full)\n"
        f"def full(app, doctree, docname):\n    raise {error}\n"
    )
    ended = book.build()
    assert ended.status != 0
    assert ".html.draft: the disk is full: free 50 MB, and build again" in ended.words
    assert book.published() == {}
