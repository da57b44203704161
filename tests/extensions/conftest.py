"""Books of one page and of several, for tests of a single extension."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
import sphinx.locale
from bs4 import BeautifulSoup
from sphinx.environment.collectors.toctree import TocTreeCollector


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


@dataclass
class Book:
    """Several pages in reading order, built, and built again after a change."""

    srcdir: Path
    make_app: object
    builder: str
    app: object = None
    written: str = ""
    """What the last build said."""

    def build(self, pages: dict[str, str], options: dict | None = None) -> Book:
        """Write these pages, and build."""
        for name, text in pages.items():
            path = self.srcdir / (name if "." in name else f"{name}.md")
            path.write_text(text, "utf-8")
        if self.app:
            self.app.cleanup()
        self.app = self.make_app(self.builder, srcdir=self.srcdir, **(options or {}))
        self.app.build()
        self.written = self.app.status.getvalue()
        return self

    def page(self, name: str) -> BeautifulSoup:
        html = (self.app.outdir / f"{name}.html").read_text("utf-8")
        return BeautifulSoup(html, "html.parser")

    @property
    def warnings(self) -> list[str]:
        plain = re.sub(r"\x1b\[[\d;]*m", "", self.app.warning.getvalue())
        return plain.replace(f"{self.srcdir}/", "").splitlines()


@pytest.fixture
def sphinx_put_back(monkeypatch) -> None:
    """What a build leaves changed in Sphinx itself is as before when the test has ended."""
    monkeypatch.setattr(sphinx.locale, "translators", {})
    for name, label in sphinx.locale.admonitionlabels.items():  # put back afterwards
        monkeypatch.setitem(sphinx.locale.admonitionlabels, name, label)
    for method in ("assign_section_numbers", "assign_figure_numbers"):
        # Extensions for numbering patch the class; the next test wants it back.
        monkeypatch.setattr(TocTreeCollector, method, getattr(TocTreeCollector, method))
    monkeypatch.delenv("BOOK_LANG", raising=False)


@pytest.fixture
def build_book(make_app, tmp_path: Path, sphinx_put_back):
    """Build pages with the extensions named; the first one is `index` and has the rest."""

    def build(pages, *extensions: str, builder="html", options=None, **conf) -> Book:
        settings = {
            "extensions": ["myst_parser", "bilingual", *extensions],
            "language": "zh_CN",
            "html_theme": "basic",
            # Extensions add to these; Sphinx's defaults would go on to the next book.
            "templates_path": [],
            "html_static_path": [],
            "numfig": True,
            "source_suffix": {".md": "markdown"},
            "myst_enable_extensions": ["dollarmath", "colon_fence"],
            **conf,
        }
        lines = "".join(f"{name} = {value!r}\n" for name, value in settings.items())
        (tmp_path / "conf.py").write_text(lines, "utf-8")
        names = "\n".join(name for name in pages if "." not in name)
        index = f"# 书 | Book\n\n```{{toctree}}\n:numbered:\n\n{names}\n```\n"
        book = Book(tmp_path, make_app, builder)
        return book.build({"index": index, **pages}, options)

    return build
