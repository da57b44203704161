"""What was edited beside the pages reaches the site with the next build."""

from pathlib import Path

import freshness
import pytest


@pytest.fixture
def rebuild(build_page, make_app, tmp_path: Path, monkeypatch):
    """A book that is built, and the means to build it once more as it is then."""
    monkeypatch.setattr(freshness, "EXTENSIONS", tmp_path / "_ext")
    for folder in ("_ext", "look"):
        (tmp_path / folder).mkdir()
    (tmp_path / "_ext" / "code.py").write_text("A = 1\n")
    (tmp_path / "look" / "page.css").write_text("p { color: red }\n")
    build_page("Text.", "freshness", html_static_path=["look"])

    def rebuild():
        app = make_app("html", srcdir=tmp_path)
        app.build()
        return app

    return rebuild


def test_a_changed_style_sheet_is_published(rebuild, tmp_path: Path):
    (tmp_path / "look" / "page.css").write_text("p { color: blue }\n")
    assert "blue" in (rebuild().outdir / "_static" / "page.css").read_text()


def test_after_a_change_of_an_extension_the_pages_are_read_again(
    rebuild, tmp_path: Path
):
    (tmp_path / "_ext" / "code.py").write_text("A = 2\n")
    status = rebuild().status.getvalue()
    assert "[config changed ('freshness_code')] 1 added" in status


def test_without_a_change_nothing_is_done(rebuild):
    assert "no targets are out of date" in rebuild().status.getvalue()
