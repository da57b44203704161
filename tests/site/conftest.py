"""The built site, opened from disk in the system's Chromium."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

SITE = Path(__file__).parents[2] / "book" / "_build" / "html"
NAMES = ("chromium", "chromium-browser", "google-chrome")
# A machine without a network would otherwise wait for Google's hosts at every start.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


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


@pytest.fixture(scope="session")
def browser():
    """Chromium. Without one we skip at a desk; in CI that would hide a failure."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(f"CI has none of {', '.join(NAMES)}")
        pytest.skip(f"needs one of {', '.join(NAMES)}: see `make chromium`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
