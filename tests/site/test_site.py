"""What a reader of the built site meets, in every language mode."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

pytestmark = pytest.mark.site

CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
# Text that the reader sees, less code, mathematics and what is meant for all.
VISIBLE = """() => {
  const gone = 'pre, code, math, script, .neutral, .bi-switch, svg';
  const clone = document.body;
  document.querySelectorAll(gone).forEach((n) => { n.style.display = 'none'; });
  return clone.innerText;
}"""


@pytest.fixture(scope="module")
def soups(site_pages) -> dict[Path, BeautifulSoup]:
    return {
        path: BeautifulSoup(path.read_text("utf-8"), "html5lib") for path in site_pages
    }


def test_every_link_inside_the_site_leads_somewhere(soups):
    ids = {
        path: {tag["id"] for tag in soup.find_all(id=True)}
        for path, soup in soups.items()
    }
    dead = []
    for path, soup in soups.items():
        for tag in soup.find_all(["a", "link"], href=True):
            url = urlsplit(tag["href"])
            if url.scheme or url.netloc:
                continue
            target = (path.parent / unquote(url.path)).resolve() if url.path else path
            if not target.exists() or (
                url.fragment
                and target in ids
                and unquote(url.fragment) not in ids[target]
            ):
                dead.append(f"{path.name}: {tag['href']}")
    assert dead == []


def test_what_a_page_waits_for_before_it_is_painted_is_in_it(soups):
    waited = {path: soup.select("link[rel=expect]") for path, soup in soups.items()}
    assert all(map(len, waited.values()))
    for path, links in waited.items():
        for link in links:
            assert soups[path].find(id=link["href"].removeprefix("#")), path


def test_no_page_shows_a_path_of_the_machine_or_an_error(soups):
    fault = re.compile(r"/(?:home|root|work|tmp|usr/lib)/\S|Traceback \(most recent")
    shown = [
        f"{path.name}: {match[0]}"
        for path, soup in soups.items()
        if (match := fault.search(soup.body.get_text()))
        and "environment-history"
        not in str(soup)[: soup.body.get_text().find(match[0])]
    ]
    assert shown == []


def test_every_figure_of_a_cell_is_a_drawing_with_words_for_both_languages(soups):
    for path, soup in soups.items():
        for figure in soup.select("figure"):
            assert figure.select_one("svg, img"), path.name
            assert figure.select_one("figcaption .zh"), (
                f"{path.name} {figure.get('id')}"
            )
            assert figure.select_one("figcaption .en"), (
                f"{path.name} {figure.get('id')}"
            )


def test_the_pages_have_the_numbers_of_the_notes(soups):
    numbers = {
        path.stem: soup.select_one("h1 .section-number").text.strip()
        for path, soup in soups.items()
        if soup.select_one("h1 .section-number")
    }
    assert numbers == {
        "setup": "1.",
        "linear-models": "2.",
        "index": "3.",  # mlp/index; the cover has none
        "mlp": "3.1.",
        "perceptron": "3.1.1.",
        "multilayer-perceptron": "3.1.2.",
        "from-scratch": "3.1.3.",
        "concise": "3.1.4.",
        "questions": "3.1.5.",
        "generalization": "3.2.",
        "model-selection": "3.2.1.",
        "capacity": "3.2.2.",
        "polynomial-regression": "3.3.",
        "weight-decay": "3.4.",
        "dropout": "3.5.",
        "stability": "3.6.",
        "numerical-stability": "3.6.1.",
        "initialization": "3.6.2.",
        "nan-clinic": "3.6.3.",
    }


@pytest.mark.browser
def test_english_pages_show_no_chinese(site_pages, browser):
    found = []
    for path in site_pages:
        page = browser.new_page()
        page.goto(f"{path.as_uri()}?lang=en")
        for line in page.evaluate(VISIBLE).splitlines():
            if CJK.search(line):
                found.append(f"{path.name}: {line.strip()[:80]}")
        assert not CJK.search(page.title()), path.name
        page.close()
    assert found == []


@pytest.mark.browser
def test_chinese_pages_show_no_english_twin(site_pages, browser):
    for path in site_pages:
        page = browser.new_page()
        page.goto(f"{path.as_uri()}?lang=zh")
        shown = page.evaluate(
            "() => [...document.querySelectorAll('main .en')]"
            ".filter((n) => n.getClientRects().length).map((n) => n.textContent)"
        )
        page.close()
        assert shown == [], path.name


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 375, 1280])
def test_no_page_scrolls_sideways(site_pages, browser, lay_out_all, width):
    wide = []
    for path in site_pages:
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.goto(path.as_uri())
        lay_out_all(page)
        over = page.evaluate(
            "() => document.documentElement.scrollWidth"
            " - document.documentElement.clientWidth"
        )
        page.close()
        if over > 1:
            wide.append(f"{path.name}: {over} px too wide")
    assert wide == []


PDF_LINKS = "a[href$='.pdf'][href*='pdf/d2l-notes']"
ON_SCREEN = """(links) => links.filter((a) => a.getClientRects().length)
  .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top
    || a.getBoundingClientRect().left - b.getBoundingClientRect().left)
  .map((a) => a.href)"""


@pytest.fixture(scope="module")
def pdfs(site: Path) -> list[str]:
    """The names of the editions that the site carries."""
    files = sorted((site / "pdf").glob("*.pdf"))
    if not files:
        answer = pytest.fail if os.environ.get("CI") else pytest.skip
        answer("the site carries no PDFs: run `make pdf`, then `make html`")
    assert all(file.read_bytes()[:5] == b"%PDF-" for file in files)
    return [file.name for file in files]


def test_the_pdfs_of_the_site_are_all_four_and_as_new_as_its_text(soups, pdfs):
    assert [name.split("-")[3] for name in pdfs] == ["both", "en", "phone", "zh"]
    old = [path.name for path, soup in soups.items() if soup.select(".pdf-old")]
    assert old == [], "older than the text: run `make pdf`, then `make html`"


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["zh", "en", "both"])
@pytest.mark.parametrize("place", ["index.html", "mlp/perceptron.html"])
def test_the_header_offers_every_pdf_the_readers_language_first(
    site, pdfs, browser, place, lang
):
    page = browser.new_page()
    page.goto(f"{(site / place).as_uri()}?lang={lang}")
    page.click(".bd-header-article .dropdown-download-buttons > button")
    offered = page.locator(f".bd-header-article {PDF_LINKS}").evaluate_all(ON_SCREEN)
    page.close()
    assert f"-3-{lang}-" in offered[0]
    assert sorted(offered) == [(site / "pdf" / name).as_uri() for name in pdfs]


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_the_cover_page_offers_every_pdf_the_readers_language_first(
    site, pdfs, browser, lang
):
    page = browser.new_page()
    page.goto(f"{(site / 'index.html').as_uri()}?lang={lang}")
    offered = page.locator(f".pdf-downloads {PDF_LINKS}").evaluate_all(ON_SCREEN)
    page.close()
    assert f"-3-{lang}-" in offered[0]
    assert sorted(offered) == [(site / "pdf" / name).as_uri() for name in pdfs]


@pytest.mark.browser
@pytest.mark.parametrize("came", ["reload", "back"])
def test_who_comes_back_to_a_place_is_there(served, browser, lay_out_all, came):
    page = browser.new_page(viewport={"width": 375, "height": 667})
    page.goto(f"{served}/mlp/dropout.html")
    lay_out_all(page)
    page.mouse.wheel(0, 20_000)
    page.wait_for_timeout(1000)
    assert page.evaluate("scrollY") > 10_000
    seen = """() => [...document.querySelectorAll("article section > p")]
      .filter((p) => p.getClientRects().length)
      .find((p) => p.getBoundingClientRect().top > 0).textContent"""
    before = page.evaluate(seen)
    if came == "reload":
        page.reload()
    else:
        page.goto(f"{served}/mlp/mlp.html")
        page.go_back()
    page.wait_for_timeout(1000)
    assert page.evaluate(seen) == before
    page.close()


@pytest.mark.browser
def test_the_sidebar_shows_the_page_before_the_theme_scrolls_it(site, browser):
    """Else the reader sees it jump, and now and then it counts as a shift of the page."""
    places = []
    for with_theme in (True, False):
        context = browser.new_context(viewport={"width": 1280, "height": 720})
        page = context.new_page()
        if not with_theme:
            page.route("**/pydata-sphinx-theme.js*", lambda route: route.abort())
        page.goto((site / "mlp" / "nan-clinic.html").as_uri())
        places.append(page.eval_on_selector(".bd-sidebar-primary", "e => e.scrollTop"))
        context.close()
    assert places[0] == places[1] > 100


@pytest.mark.browser
def test_emphasis_in_chinese_is_kai_and_latin_words_stay_italic(site, browser):
    page = browser.new_page()
    page.goto((site / "mlp" / "nan-clinic.html").as_uri())
    styles = """(lang) => {
      const {fontFamily, fontStyle} =
        getComputedStyle(document.querySelector(`article p:lang(${lang}) em`));
      return [fontFamily.split(",")[0].replaceAll('"', ""), fontStyle];
    }"""
    assert page.evaluate(styles, "zh") == ["book-kai", "italic"]
    assert page.evaluate(styles, "en")[0] != "book-kai"
    assert page.evaluate(
        "[...document.fonts].some((f) => f.family.includes('book-kai'))"
    )
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize(("before", "after"), [("both", "en"), ("zh", "both")])
def test_who_switches_the_language_stays_at_the_place(
    site, browser, lay_out_all, before, after
):
    page = browser.new_page(viewport={"width": 375, "height": 667})
    page.goto(f"{(site / 'mlp' / 'dropout.html').as_uri()}?lang={before}")
    lay_out_all(page)
    page.evaluate("document.getElementById('exercises').scrollIntoView(true)")
    page.wait_for_timeout(1000)
    top = "document.getElementById('exercises').getBoundingClientRect().top"
    old = page.evaluate(top)
    # `page.click` would scroll before it clicks
    page.eval_on_selector(f".bi-switch button[value={after}]", "each => each.click()")
    page.wait_for_timeout(300)
    assert abs(page.evaluate(top) - old) < 5
    page.close()


@pytest.mark.browser
def test_what_hangs_over_the_edge_of_a_letter_is_not_cut(site, browser):
    page = browser.new_page()
    page.goto((site / "mlp" / "model-selection.html").as_uri())
    overflow = "getComputedStyle(document.querySelector('p math')).overflow"
    assert page.evaluate(overflow) == "visible"
    page.close()


@pytest.mark.browser
def test_lined_up_formulas_are_flush_at_their_relations(site, browser, lay_out_all):
    page = browser.new_page()
    page.goto((site / "mlp" / "perceptron.html").as_uri())
    lay_out_all(page)
    gaps = page.evaluate(
        """() => [...document.querySelectorAll("mtd.tml-right > mrow")].map((left) =>
          left.parentElement.getBoundingClientRect().right - left.getBoundingClientRect().right)"""
    )
    assert len(gaps) > 3
    assert max(gaps) < 1
    page.close()


@pytest.mark.browser
def test_the_caption_of_a_wide_table_is_seen_whole(site, browser, lay_out_all):
    page = browser.new_page(viewport={"width": 320, "height": 667})
    page.goto((site / "mlp" / "concise.html").as_uri())
    lay_out_all(page)
    ends = page.evaluate(
        """() => {
          const caption = document.querySelector("table > caption");
          const box = caption.closest(".pst-scrollable-table-container");
          return [box.scrollWidth > box.clientWidth,
                  caption.getBoundingClientRect().right, box.getBoundingClientRect().right];
        }"""
    )
    assert ends[0], "the table fits: the test sees nothing"
    assert ends[1] <= ends[2] + 1
    page.close()
