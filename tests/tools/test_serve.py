import os
import sys
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
