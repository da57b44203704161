import asyncio
import os
import sys
from threading import Thread
from types import ModuleType, SimpleNamespace

import pytest
import serve
import sphinx_autobuild.__main__ as autobuild


@pytest.fixture
def built(monkeypatch):
    """A builder, and by whom it was called upon to build."""
    by = []
    monkeypatch.setattr(serve, "build_main", lambda args: by.append(("fork", args)))
    monkeypatch.setattr(
        autobuild.Builder, "__call__", lambda self, **_: by.append(("new Python",))
    )
    builder = serve.Builder(
        ["book", "out"], url_host="", pre_build_commands=[], post_build_commands=[]
    )
    return builder, by


@pytest.fixture
def module(monkeypatch, tmp_path):
    """A module of the checkout that is loaded; its file."""
    monkeypatch.setattr(serve, "ROOT", tmp_path)
    loaded = ModuleType("loaded")
    loaded.__file__ = str(tmp_path / "loaded.py")
    (tmp_path / "loaded.py").write_text("")
    monkeypatch.setitem(sys.modules, "loaded", loaded)
    return tmp_path / "loaded.py"


def test_a_page_is_built_by_the_fork(built, module, monkeypatch, tmp_path):
    monkeypatch.setattr(serve, "STARTED", module.stat().st_mtime + 1)
    builder, by = built
    builder(changed_paths=[tmp_path / "page.md"])
    assert by == [("fork", ["book", "out"])]


def test_after_a_change_of_a_loaded_module_a_new_python_builds(
    built, module, monkeypatch, tmp_path
):
    monkeypatch.setattr(serve, "STARTED", module.stat().st_mtime - 1)
    builder, by = built
    builder(changed_paths=[tmp_path / "page.md"])
    assert by == [("new Python",)]


def test_the_first_build_leaves_this_process_as_it_was(built, module, monkeypatch):
    monkeypatch.setattr(serve, "STARTED", module.stat().st_mtime + 1)
    builder, by = built
    builder(changed_paths=())
    assert by == [("new Python",)]


def test_what_builds_finds_the_extensions_of_this_checkout(monkeypatch):
    told = []
    monkeypatch.setattr(autobuild, "Builder", autobuild.Builder)  # put back afterwards
    monkeypatch.setattr(autobuild, "RebuildServer", autobuild.RebuildServer)
    monkeypatch.setattr(autobuild, "main", told.append)
    monkeypatch.setattr(serve.gc, "freeze", lambda: None)
    monkeypatch.setattr(serve.Config, "read", lambda _: SimpleNamespace(extensions=[]))
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    serve.main(["--port", "8123"])
    folders = [str(serve.BOOK / "_ext"), str(serve.ROOT / "src")]
    assert sys.path[:2] == folders
    assert os.environ["PYTHONPATH"].split(os.pathsep) == [*folders, "elsewhere"]
    assert told[0][-2] == str(serve.BOOK)
    assert autobuild.Builder is serve.Builder
    assert autobuild.RebuildServer is serve.Watcher


class ShownPages:
    """Stands in for the book in memory; a page called `broken` cannot be shown."""

    def __init__(self, file) -> None:
        self.file = file

    def pages(self, paths):
        return [p.stem for p in paths] if all(p.suffix == ".md" for p in paths) else []

    def show(self, docnames):
        if "broken" in docnames:
            raise ValueError("a fault of the page")
        with self.file.open("a") as file:
            print("show", *docnames, file=file)


@pytest.fixture
def watch(monkeypatch, tmp_path):
    """Watch while these files are saved (no file: a pause); what was done, in order."""
    done = tmp_path / "done.txt"

    def build(*, changed_paths) -> None:
        with done.open("a") as file:
            print("build", *(path.name for path in changed_paths), file=file)

    def watch(*saves: list[str]) -> list[str]:
        async def awatch(*paths, **options):
            for names in saves:
                yield {("modified", str(tmp_path / name)) for name in names}

        monkeypatch.setattr(serve.watchfiles, "awatch", awatch)
        monkeypatch.setattr(serve, "Preview", lambda *folders: ShownPages(done))
        watcher = serve.Watcher([tmp_path], lambda path: False, build)
        # Playwright's loop has this thread.
        thread = Thread(target=asyncio.run, args=[watcher.watch()])
        thread.start()
        thread.join()
        assert watcher.flag.is_set() == done.exists()
        return done.read_text().splitlines() if done.exists() else []

    monkeypatch.setattr(serve, "own_modules_changed", lambda: False)
    return watch


def test_a_saved_page_is_shown_and_the_book_built_in_the_next_pause(watch):
    saves = ["one.md"], ["two.md"], [], []
    assert watch(*saves) == ["show one", "show two", "build one.md two.md"]


def test_another_file_is_built_at_once(watch):
    assert watch(["terms.yml"], []) == ["build terms.yml"]


def test_a_page_that_cannot_be_shown_is_built_at_once(watch, capfd):
    assert watch(["broken.md"]) == ["build broken.md"]
    assert "a fault of the page" not in capfd.readouterr().err  # the build says it


def test_forgotten_code_shows_nothing(watch, monkeypatch):
    monkeypatch.setattr(serve, "own_modules_changed", lambda: True)
    assert watch(["one.md"], []) == ["build one.md"]


def test_nothing_is_done_while_nothing_changes(watch):
    assert watch([], []) == []


def test_without_a_book_in_memory_the_build_shows(monkeypatch, tmp_path, capfd):
    monkeypatch.setattr(serve, "DOCTREES", tmp_path)
    monkeypatch.setattr(serve, "own_modules_changed", lambda: False)
    watcher = serve.Watcher([tmp_path], None, None)
    watcher.remember()
    assert not watcher.show([tmp_path / "page.md"])
    watcher.forget()
    assert "build the book first" in capfd.readouterr().out


def test_a_book_in_memory_changes_nothing_here(monkeypatch, tmp_path):
    monkeypatch.setattr(serve, "own_modules_changed", lambda: False)
    monkeypatch.setattr(serve, "Preview", lambda *folders: os.environ.update(book="1"))
    watcher = serve.Watcher([tmp_path], None, None)
    watcher.remember()
    assert not watcher.show([tmp_path / "page.md"])
    memory = watcher.memory
    watcher.forget()
    assert "book" not in os.environ
    assert not memory.is_alive()
