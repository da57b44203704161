import os
import shutil

import pytest
from hypothesis import Phase, settings

pytest_plugins = ["sphinx.testing.fixtures"]

# torch's first call takes seconds, and a test that passes at a desk must pass in CI.
settings.register_profile("d2lnotes", deadline=None, derandomize=True)
settings.register_profile(
    "mutants",  # for `make mutants`: nobody reads the failure, so it need not be made small
    parent=settings.get_profile("d2lnotes"),
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile("d2lnotes")

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PDF_PROGRAMS = ("rsvg-convert", "pdftotext", "pdffonts")
# A machine without a network would otherwise wait for Google's hosts at every start.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


def lacking(what: str) -> None:
    """At a desk we skip without it; in CI that would hide a failure."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(what)


@pytest.fixture(scope="session")
def browser():
    """Chromium."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        lacking(f"needs one of {', '.join(BROWSERS)}: see `make chromium`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def programs() -> None:
    """What makes and reads PDFs."""
    if gone := [name for name in PDF_PROGRAMS if not shutil.which(name)]:
        lacking(f"needs {', '.join(gone)}: see `make pdf`")
