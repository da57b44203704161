"""The built site, opened from disk in the system's Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest

SITE = Path(__file__).parents[2] / "book" / "_build" / "html"


@pytest.fixture(scope="session")
def site() -> Path:
    assert (SITE / "index.html").exists(), "no site yet: run `make html` first"
    return SITE


@pytest.fixture(scope="session")
def site_pages(site: Path) -> list[Path]:
    skip = {"search.html", "genindex.html"}
    return [
        path
        for path in sorted(site.rglob("*.html"))
        if path.name not in skip and not path.relative_to(site).parts[0].startswith("_")
    ]
