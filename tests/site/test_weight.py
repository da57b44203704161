"""What a reader's connection has to carry, and what moves while it does.

Bytes are those of a server that compresses with gzip.
"""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest
from make_zip import make_zip

pytestmark = [pytest.mark.site, pytest.mark.browser]

FIRST_VISIT = 260_000
NEXT_PAGE = 70_000
APART = {"search.html"}


def chapters(visits):
    return [visit for visit in visits if visit.page.name not in APART]


def test_a_first_visit_is_light(compressed, visits):
    heavy = {
        visit.page.name: total
        for visit in chapters(visits)
        if (
            total := sum(
                compressed(address)
                for address in set(visit.asked)
                if address.startswith("http")
            )
        )
        > FIRST_VISIT
    }
    assert heavy == {}


def test_the_next_page_is_light(compressed, visits):
    weights = {str(v.page): compressed(v.asked[0]) for v in chapters(visits)}
    assert {name: each for name, each in weights.items() if each > NEXT_PAGE} == {}


def test_nothing_of_a_page_moves_while_it_loads(visits):
    assert {v.page.name: v.shift for v in visits if v.shift > 0.01} == {}


def test_the_packed_site_opens_from_disk(site: Path, browser, tmp_path):
    make_zip(site, tmp_path / "book.zip")
    with ZipFile(tmp_path / "book.zip") as archive:
        archive.extractall(tmp_path)
    failed: list[str] = []
    page = browser.new_page()
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto((tmp_path / "book" / "index.html").as_uri())
    page.click(".prev-next-area a.right-next")
    page.wait_for_load_state("networkidle")
    assert page.url.startswith((tmp_path / "book").as_uri())
    assert page.text_content("h1")
    assert failed == []
    page.close()


def test_without_scripts_a_page_can_be_read(site: Path, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "mlp" / "dropout.html").as_uri())
    for selector in ("article p.zh", "article p.en", "article math", ".fig svg"):
        assert page.locator(selector).first.is_visible(), selector
    context.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_without_scripts_no_button_is_idle_and_the_contents_are_there(
    site: Path, browser, width: int
):
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": width, "height": 700}
    )
    page = context.new_page()
    page.goto((site / "mlp" / "dropout.html").as_uri())
    assert page.locator("nav.bd-links a").first.is_visible()
    (only,) = (each for each in page.locator("button").all() if each.is_visible())
    only.focus()
    download = page.locator(".dropdown-menu a").first
    assert download.is_visible()
    box = download.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    context.close()
