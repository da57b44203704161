"""No barrier that axe-core can find, on any page; and what a keyboard user meets.

Each page is looked at in one of the six pairs of language and colours, another one from page
to page; that takes five minutes. `SITE_AXE=all` looks at every page in all
six; it takes six times as long.
"""

from __future__ import annotations

import os
from importlib.resources import files
from itertools import cycle
from pathlib import Path

import pytest

pytestmark = [pytest.mark.site, pytest.mark.browser]

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
VIEWS = [(lang, theme) for theme in ("light", "dark") for lang in ("both", "zh", "en")]
PARTS = 8  # so that a failure is told early, and one part can be run again
RUN = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"], iframes: false});
  return found.violations.flatMap(({id, nodes}) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)}: ${node.failureSummary}`));
}"""


def views(pages: list[Path]) -> list[tuple[Path, str, str]]:
    """Which pages to look at, and how."""
    if os.environ.get("SITE_AXE") == "all":
        return [(page, *view) for page in pages for view in VIEWS]
    others = cycle(VIEWS)
    return [(page, *next(others)) for page in pages]


@pytest.fixture
def open_page(browser, lay_out_all):
    """Open a page in a language and in light or dark, without a network, and lay it all out."""
    opened = []

    def open_one(path: Path, lang: str = "both", theme: str = "light", **settings):
        context = browser.new_context(offline=True, **settings)
        opened.append(context)
        context.add_init_script(
            f"localStorage.setItem('book-lang', '{lang}');"
            f"localStorage.setItem('mode', '{theme}');"
            f"localStorage.setItem('theme', '{theme}');"
        )
        page = context.new_page()
        page.goto(path.as_uri())
        lay_out_all(page)
        page.wait_for_timeout(
            400
        )  # the theme looks again which blocks scroll, after 300
        return page

    yield open_one
    for context in opened:
        context.close()


def violations(page) -> list[str]:
    """What axe-core says of a page, in its words."""
    page.evaluate(AXE)
    return page.evaluate(RUN)


@pytest.mark.parametrize("part", range(PARTS))
def test_axe_finds_no_barrier_on_any_page(site, site_pages, open_page, part):
    found = []
    for path, lang, theme in views([*site_pages, site / "search.html"])[part::PARTS]:
        page = open_page(path, lang, theme, reduced_motion="reduce")
        where = f"{path.relative_to(site)} ({lang}, {theme})"
        found += [f"{where}: {each}" for each in violations(page)]
        page.close()
    assert found == [], "\n\n".join(found)


def test_axe_would_find_one(site, open_page):
    page = open_page(site / "setup.html")
    page.evaluate("document.querySelector('main').innerHTML += '<img src=\"x.png\">'")
    assert any(each.startswith("image-alt") for each in violations(page))


# Whether the focus can be seen: an outline, a shadow or a border that was not there before.
FOCUSED = """() => {
  const style = (element) => {
    const {outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor, color} =
      getComputedStyle(element);
    return [outlineStyle !== "none" && parseFloat(outlineWidth) >= 1, boxShadow, borderColor,
      backgroundColor, color];
  };
  const element = document.activeElement;
  const shows = element.querySelector(".toctree-toggle") || element;  // the summary is a line
  const focused = style(shows);
  HTMLElement.prototype.blur.call(element);
  const plain = style(shows);
  element.focus({focusVisible: true});
  return {
    name: element.outerHTML.slice(0, 120),
    seen: focused[0] || focused.slice(1).some((value, at) => value !== plain[at + 1]),
  };
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_has_the_focus_shows_it(site, open_page, theme):
    page = open_page(site / "mlp" / "perceptron.html", theme=theme)
    unseen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if not focused["seen"]:
            unseen.append(focused["name"])
    assert unseen == []


def test_the_switch_works_by_keyboard(site, open_page):
    page = open_page(site / "setup.html")
    page.locator('.bi-switch button[value="en"]').focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.documentElement.dataset.bookLang") == "en"
    assert page.evaluate("document.documentElement.lang") == "en"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    assert page.evaluate("document.documentElement.dataset.bookLang") == "zh"


FOCUS = "document.activeElement.className"


@pytest.mark.parametrize("button", ["primary-toggle", "theme-switch-button", "copybtn"])
def test_a_button_pressed_by_keyboard_keeps_the_focus(site, open_page, button):
    page = open_page(site / "mlp" / "perceptron.html")
    page.locator(f"main .{button}:visible").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    assert button in page.evaluate(FOCUS)


PHONE = {"viewport": {"width": 375, "height": 667}}


@pytest.mark.parametrize(
    "button", ["primary-toggle", "secondary-toggle", "search-button"]
)
def test_a_panel_that_closes_gives_the_focus_back(site, open_page, button):
    page = open_page(site / "mlp" / "perceptron.html", **PHONE)
    page.locator(f"main .{button}").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    page.wait_for_timeout(100)
    assert button in page.evaluate(FOCUS)


def test_a_link_of_a_panel_leads_the_focus_to_its_section(site, open_page):
    page = open_page(site / "mlp" / "perceptron.html", **PHONE)
    page.locator("main .secondary-toggle").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]", state="detached")
    page.wait_for_timeout(100)
    at = "document.activeElement.parentElement.id"
    assert page.evaluate(f"'#' + {at} === location.hash && location.hash.length > 1")


def test_the_first_tab_leads_past_the_menus(site, open_page):
    page = open_page(site / "mlp" / "dropout.html")
    page.keyboard.press("Tab")
    assert (
        page.evaluate("document.activeElement.getAttribute('href')") == "#main-content"
    )


def test_nothing_moves_for_who_asked_for_stillness(site, open_page):
    page = open_page(site / "mlp" / "dropout.html", reduced_motion="reduce")
    moving = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter((element) => {
          const {transitionDuration, animationName, animationDuration} = getComputedStyle(element);
          const long = (value) => value.split(',').some((each) => parseFloat(each) > 0.01);
          return long(transitionDuration) || (animationName !== 'none' && long(animationDuration));
        }).map((element) => element.outerHTML.slice(0, 80))"""
    )
    assert moving == []
    assert (
        page.evaluate("getComputedStyle(document.documentElement).scrollBehavior")
        == "auto"
    )


def test_forced_colours_show_which_language_is_chosen(site, open_page):
    page = open_page(site / "setup.html", forced_colors="active")
    colours = "(button) => getComputedStyle(button).backgroundColor"
    shown = page.eval_on_selector('.bi-switch [aria-pressed="true"]', colours)
    other = page.eval_on_selector('.bi-switch [aria-pressed="false"]', colours)
    assert shown != other


def test_paper_shows_the_text_alone(site, open_page):
    page = open_page(site / "mlp" / "dropout.html")
    page.emulate_media(media="print")
    shown = page.evaluate(
        """() => ['#pst-primary-sidebar', '#pst-secondary-sidebar', '.bd-header-article',
          '.prev-next-footer', '.copybtn', '#pst-back-to-top'].filter((name) =>
            [...document.querySelectorAll(name)].some((each) => each.getClientRects().length))"""
    )
    assert shown == []
    # the theme prints its own copy of the page's title
    assert page.locator("h1:visible").count() == 1


def test_no_code_is_cut_on_paper(site, open_page):
    page = open_page(site / "mlp" / "weight-decay.html")
    page.set_viewport_size({"width": 640, "height": 900})
    page.emulate_media(media="print")
    cut = """[...document.querySelectorAll('article pre')]
      .filter((pre) => pre.scrollWidth > pre.clientWidth + 1).length"""
    assert page.evaluate(cut) == 0


@pytest.mark.parametrize("name", ["index", "mlp/perceptron", "appendix/claims"])
def test_widely_set_text_still_fits_on_the_narrowest_phone(site, browser, name):
    """WCAG 1.4.12 and 1.4.10 at once."""
    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.goto(f"{(site / f'{name}.html').as_uri()}?lang=en")
    spacing = "letter-spacing: .12em !important; word-spacing: .16em !important"
    page.add_style_tag(content=f"* {{ line-height: 1.5 !important; {spacing} }}")
    page.wait_for_timeout(300)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 1
    assert not page.locator(".btn-fullscreen-button").is_visible()
    page.close()
