"""The site asks no other host for anything: not when it is opened, not in its files."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

pytestmark = pytest.mark.site

# Attributes by which an element loads what they name; `<a href>` leads there only.
LOADS = {"src", "srcset", "poster", "data", "background"}
LINKS = {"canonical", "next", "prev", "index", "search", "author", "copyright"}
FOREIGN = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
IN_STYLE = re.compile(
    r"""(?:url\(\s*["']?|@import\s+["'])((?:[a-z]+:)?//[^"')\s]+)""", re.IGNORECASE
)
# An address given to something that loads, and hosts that hand out scripts.
IN_SCRIPT = re.compile(
    r"""(?:import\s*\(?|from|fetch\(|importScripts\(|\.src\s*=|\.href\s*=|open\(\s*["']GET["'],)
    \s*["'`]((?:https?:)?//[^"'`\s]+)
    | ((?:https?:)?//[\w.-]*(?:unpkg|jsdelivr|cdnjs|googleapis|gstatic|mathjax)[\w./@-]*)""",
    re.VERBOSE,
)


def foreign_in_page(html: str) -> list[str]:
    """Addresses on other hosts that a page loads when it is opened."""
    found = []
    for tag in BeautifulSoup(html, "html.parser").find_all(True):
        names = LOADS & set(tag.attrs)
        if tag.name in {"link", "image", "use"} and not LINKS & set(tag.get("rel", [])):
            names |= {"href", "xlink:href"} & set(tag.attrs)
        found += [tag[name] for name in names if FOREIGN.match(str(tag[name]))]
        found += IN_STYLE.findall(tag.get("style", ""))
        if tag.name == "style":
            found += IN_STYLE.findall(tag.text)
        if tag.name == "script":
            found += foreign_in_script(tag.text)
    return found


def foreign_in_script(text: str) -> list[str]:
    """Addresses on other hosts that a script loads."""
    return [first or second for first, second in IN_SCRIPT.findall(text)]


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://unpkg.com/thebe"></script>',
        '<script>const THEBE_JS_URL = "https://unpkg.com/thebe@0.8.2"</script>',
        '<script>import("https://example.org/a.js")</script>',
        '<link rel="stylesheet" href="//fonts.googleapis.com/css">',
        '<link rel="preload" as="font" href="https://example.org/a.woff2">',
        '<link rel="icon" href="https://example.org/a.png">',
        '<img src="http://example.org/a.png">',
        '<p style="background: url(https://example.org/a.png)">',
        "<style>@import 'https://example.org/a.css';</style>",
        '<svg><image href="https://example.org/a.png"/></svg>',
        '<iframe src="https://example.org/"></iframe>',
    ],
)
def test_the_test_sees_what_loads(html: str):
    assert foreign_in_page(html)


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://example.org/">',
        '<link rel="canonical" href="https://example.org/">',
        '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
        '<img src="data:image/png;base64,AA//AA==">',
    ],
)
def test_the_test_lets_links_and_names_be(html: str):
    assert foreign_in_page(html) == []


def test_no_file_of_the_site_names_a_foreign_address_that_loads(site: Path):
    readers = {
        ".html": foreign_in_page,
        ".css": IN_STYLE.findall,
        ".js": foreign_in_script,
        ".svg": foreign_in_page,
    }
    found = {
        str(path.relative_to(site)): addresses
        for path in sorted(site.rglob("*.*"))
        if path.suffix in readers
        and path.name != "searchindex.js"
        and (addresses := readers[path.suffix](path.read_text("utf-8")))
    }
    assert found == {}


@pytest.mark.browser
def test_no_page_asks_another_host_for_anything(visits, served):
    here = urlsplit(served).netloc
    foreign = {
        visit.page.name: others
        for visit in visits
        if (
            others := [
                address
                for address in visit.asked
                if urlsplit(address).netloc != here
                and not address.startswith(("data:", "blob:"))
            ]
        )
    }
    assert len(visits) > 30
    assert foreign == {}


@pytest.mark.browser
def test_every_page_finds_what_it_asks_for_below_any_path(visits):
    assert {v.page.name: v.failed for v in visits if v.failed} == {}


@pytest.mark.browser
def test_no_script_of_a_page_fails_or_breaks_the_pages_policy(visits):
    assert {v.page.name: v.complaints for v in visits if v.complaints} == {}


@pytest.mark.browser
def test_from_disk_the_language_switches_and_the_search_finds(site: Path, browser):
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / "mlp" / "dropout.html").as_uri())
    page.click(".bi-switch button[value=en]")
    assert page.evaluate("document.documentElement.dataset.bookLang") == "en"
    page.keyboard.press("Control+K")
    page.fill("#pst-search-dialog input[name=q]", "暂退法")
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results a[href*='dropout']", timeout=10_000)
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    page.close()


@pytest.mark.browser
def test_a_lost_reader_finds_the_book_from_any_depth_below_any_path(served, browser):
    page = browser.new_page()
    page.goto(f"{served}/mlp/gone/for/good.html")
    home = urlsplit(served).path + "/"
    page.wait_for_selector(f"a.home[href='{home}']", state="attached")
    page.locator("a.home").first.click()
    page.wait_for_selector("article")
    assert page.url == f"{served}/"
    page.close()


def test_the_page_of_results_says_what_it_is(site: Path):
    head = BeautifulSoup((site / "search.html").read_text("utf-8"), "html.parser").head
    (described,) = head.select("meta[name=description]")
    assert "搜索" in described["content"]
    assert "Search" in described["content"]


def test_every_page_says_what_it_is(site_pages: list[Path]):
    for path in site_pages:
        head = BeautifulSoup(path.read_text("utf-8"), "html.parser").head
        described = head.select("meta[name=description]")
        assert len(described) == 1, path
        assert len(described[0]["content"]) > 20, path
        for name in ("title", "type", "site_name", "description", "locale"):
            assert head.select_one(f'meta[property="og:{name}"]')["content"], path
        assert head.select_one("link[rel=icon]"), path
