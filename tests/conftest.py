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
