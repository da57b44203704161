"""The solutions of a page, which it brings when the first is opened."""

import re

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect

pytestmark = pytest.mark.site

FOLD = ".solution.dropdown"
OPEN = ".solution.toggle:not(.toggle-hidden)"


def test_every_fold_has_its_solution_in_the_script_beside_the_page(site, site_pages):
    seen = 0
    for path in site_pages:
        soup = BeautifulSoup(path.read_text("utf-8"), "html.parser")
        ways = soup.select(".solution-way")
        assert len(ways) == len(soup.select(FOLD)), path.name
        if not ways:
            continue
        (name,) = {way["data-script"].partition("?")[0] for way in ways}
        text = (path.parent / name).read_text("utf-8")
        brought = re.findall(r'^"([\w-]+)": `', text, re.MULTILINE)
        assert brought == [way.parent["id"] for way in ways]
        seen += len(brought)
    assert seen > 100


@pytest.fixture
def page(site, browser):
    page = browser.new_page(offline=True)
    page.goto((site / "mlp" / "dropout.html").as_uri())
    yield page
    page.close()


@pytest.mark.browser
def test_a_fold_opened_by_keyboard_shows_its_solution(page):
    fold = page.locator(FOLD).first
    assert not fold.locator("section").count()
    fold.locator(".toggle-button").focus()
    page.keyboard.press("Enter")
    expect(fold.locator("section p.zh").first).to_be_visible()
    expect(fold.locator(".solution-way")).to_have_count(0)
    assert page.evaluate("document.activeElement.className") == "toggle-button"


@pytest.mark.browser
def test_the_words_of_its_title_open_a_fold_and_the_link_in_them_does_not(page):
    failed = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    title = page.locator(f"{FOLD} .admonition-title").first
    title.locator("a").first.click()
    expect(page.locator(OPEN)).to_have_count(0)
    assert "#ex-" in page.url
    title.locator(".en").first.evaluate("(words) => words.click()")
    expect(page.locator(OPEN)).to_have_count(1)
    assert failed == []


@pytest.mark.browser
def test_code_that_was_brought_can_be_copied(page):
    page.locator(f"{FOLD} .admonition-title").first.click()
    code = page.locator(f"{OPEN} div.highlight pre").first
    expect(code).to_be_visible()
    button = page.locator(f"{OPEN} .copybtn").first
    assert (
        button.get_attribute("data-clipboard-target") == f"#{code.get_attribute('id')}"
    )
    twice = "new Set([...document.querySelectorAll('pre[id]')].map((e) => e.id)).size"
    assert page.evaluate(twice) == page.locator("pre[id]").count()


@pytest.mark.browser
def test_what_was_brought_follows_the_switch(page):
    page.locator(f"{FOLD} .admonition-title").first.click()
    expect(page.locator(f"{OPEN} section p.en").first).to_be_visible()
    page.locator('.bi-switch button[value="zh"]').first.click()
    expect(page.locator(f"{OPEN} section p.en").first).to_be_hidden()
    expect(page.locator(f"{OPEN} section p.zh").first).to_be_visible()


@pytest.mark.browser
def test_they_are_asked_for_when_a_fold_is_wanted_and_once(served, browser):
    page, asked = browser.new_page(), []
    page.on("request", lambda r: asked.append(r.url))
    page.goto(f"{served}/mlp/dropout.html")
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "solutions.js?" in url and "/mlp/" in url]
    for title in page.locator(f"{FOLD} .admonition-title").all()[:3]:
        title.click()
    expect(page.locator(f"{OPEN} section")).to_have_count(3)
    assert len([url for url in asked if "dropout.solutions.js" in url]) == 1
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("scripts", ["off", "lost"])
def test_without_the_script_a_fold_leads_to_the_copy(site, browser, scripts):
    context = browser.new_context(java_script_enabled=scripts == "lost")
    page = context.new_page()
    page.route("**/dropout.solutions.js*", lambda route: route.abort())
    page.goto((site / "mlp" / "dropout.html").as_uri())
    fold = page.locator(FOLD).first
    if scripts == "lost":
        fold.locator(".admonition-title").click()
    link = fold.locator(".solution-way a")
    expect(link).to_be_visible()
    link.click()
    expect(page.locator(f"[id='{page.url.partition('#')[2]}']")).to_be_in_viewport()
    context.close()


@pytest.mark.browser
def test_a_link_into_a_solution_opens_it(site, browser):
    path = site / "mlp" / "dropout.html"
    soup = BeautifulSoup(path.read_text("utf-8"), "html.parser")
    name = soup.select_one(".solution-way span[id]")["id"]
    page = browser.new_page()
    page.goto(f"{path.as_uri()}#{name}")
    place = page.locator(f"{OPEN} [id='{name}']")
    expect(place).to_have_count(1)
    expect(place).to_be_in_viewport()
    page.close()
