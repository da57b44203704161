"""Five-line roots, built with `basic` for speed, and what came of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

MYST = [
    "amsmath",
    "attrs_block",
    "attrs_inline",
    "colon_fence",
    "deflist",
    "dollarmath",
]


@dataclass
class Built:
    """What a build left behind."""

    app: object
    warnings: list[str]

    def html(self, page: str = "index") -> str:
        return (self.app.outdir / f"{page}.html").read_text("utf-8")

    def page(self, page: str = "index") -> BeautifulSoup:
        return BeautifulSoup(self.html(page), "html.parser")

    def halves(self, selector: str, page: str = "index") -> tuple[str, str]:
        """What a reader of Chinese and a reader of English see of one element."""
        seen = []
        for other in ("en", "zh"):
            element = self.page(page).select_one(selector)
            for gone in element.select(f".{other}, .bi-sep, .headerlink, .bi-number"):
                gone.decompose()
            seen.append(" ".join(element.get_text().split()))
        return tuple(seen)


def run(app) -> Built:
    """Build and collect the warnings, with paths from the root on."""
    app.build()
    plain = re.sub(r"\x1b\[[\d;]*m", "", app.warning.getvalue())
    return Built(app, plain.replace(f"{app.srcdir}/", "").splitlines())


@pytest.fixture
def rebuild(make_app):
    """Build once more what was built before, as it is now on disk."""

    def rebuild(built: Built, **options) -> Built:
        built.app.cleanup()
        return run(make_app("html", srcdir=built.app.srcdir, **options))

    return rebuild


@pytest.fixture
def build(make_app, tmp_path: Path, sphinx_put_back):
    """Build ``index.md`` (and further pages by name) and return what came of it."""

    def build(index: str, builder: str = "html", use=(), pages=None, **conf) -> Built:
        settings = {
            "extensions": ["myst_parser", "bilingual", *use],
            "language": "zh_CN",
            "html_theme": "basic",
            "numfig": True,
            "source_suffix": {
                ".md": "markdown"
            },  # Sphinx shares its default between apps
            "myst_enable_extensions": MYST,
            **conf,
        }
        lines = "".join(f"{name} = {value!r}\n" for name, value in settings.items())
        (tmp_path / "conf.py").write_text(lines, "utf-8")
        (tmp_path / "img.png").write_bytes(b"")
        (tmp_path / "img2.png").write_bytes(b"")
        for name, text in {"index": index, **(pages or {})}.items():
            (tmp_path / f"{name}.md").write_text(text, "utf-8")
        return run(make_app(builder, srcdir=tmp_path))

    return build


@pytest.fixture
def faults(build):
    """The warnings for a page whose first line is ``source`` below a title."""

    def faults(source: str, **options) -> list[str]:
        return build(f"# 题 | Title\n\n{source}\n", **options).warnings

    return faults
