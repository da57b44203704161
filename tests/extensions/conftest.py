"""A one-page book for tests of a single extension."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from bs4 import BeautifulSoup


@dataclass(frozen=True)
class Built:
    """What came of it."""

    page: BeautifulSoup
    warnings: str
    outdir: Path


@pytest.fixture
def build_page(make_app, tmp_path: Path):
    """Build ``index.md`` with the extensions named, other files and settings beside it."""

    def build(page: str, *extensions: str, files=None, **conf) -> Built:
        settings = {
            "extensions": ["myst_parser", *extensions],
            # Said here because a page's type, once an extension has set it, stays in
            # Sphinx's default for the next book of the same process.
            "source_suffix": {".md": "markdown"},
            **conf,
        }
        text = "".join(f"{name} = {value!r}\n" for name, value in settings.items())
        (tmp_path / "conf.py").write_text(text, "utf-8")
        (tmp_path / "index.md").write_text(f"# Page\n\n{page}\n", "utf-8")
        for name, content in (files or {}).items():
            (tmp_path / name).write_text(content, "utf-8")
        app = make_app("html", srcdir=tmp_path)
        app.build()
        html = (app.outdir / "index.html").read_text("utf-8")
        return Built(
            BeautifulSoup(html, "html.parser"), app.warning.getvalue(), app.outdir
        )

    return build
