"""The switch in a real browser, from disk, as a reader uses it."""

import pytest

pytestmark = pytest.mark.browser

INDEX = """# 感知机 | The perceptron

感知机会学习。

The perceptron learns.

- 停止条件 | Stopping condition

```{figure} img.png
:name: fig-a
:alt: 一条线 | A line
决策边界。

The decision boundary.
```

```{toctree}
other
```
"""
OTHER = "# 另一页 | Another page\n\n甲。\n\nA.\n"


@pytest.fixture
def folder(build):
    built = build(
        INDEX,
        pages={"other": OTHER},
        html_theme="sphinx_book_theme",
        html_title="书 | A book",
    )
    return built.app.outdir


@pytest.fixture
def reader(browser, folder):
    """A reader with an empty browser; ``open`` shows a page of the site."""

    class Reader:
        def __init__(self):
            self.context = browser.new_context()
            self.context.route(
                "**/*",
                lambda route: (
                    route.continue_()
                    if route.request.url.startswith("file:")
                    else route.abort()
                ),
            )
            self.page = self.context.new_page()

        def open(self, name="index", query=""):
            self.page.goto(f"{(folder / name).as_uri()}.html{query}")

        def press(self, name):
            self.page.get_by_role("button", name=name, exact=True).click()

        def sees(self, text):
            return self.page.locator("article").get_by_text(text).first.is_visible()

        def mode(self):
            return self.page.evaluate("document.documentElement.dataset.bookLang")

        def pressed(self):
            buttons = self.page.locator('.bi-switch button[aria-pressed="true"]')
            return buttons.all_inner_texts()

    made = Reader()
    yield made
    made.context.close()


def test_a_first_visit_shows_both(reader):
    reader.open()
    assert reader.sees("感知机会学习。")
    assert reader.sees("The perceptron learns.")
    assert reader.pressed() == ["双语"]


@pytest.mark.parametrize(
    ("button", "seen", "hidden"),
    [
        ("中文", "感知机会学习。", "The perceptron learns."),
        ("English", "The perceptron learns.", "感知机会学习。"),
    ],
)
def test_a_press_hides_the_other_language(reader, button, seen, hidden):
    reader.open()
    reader.press(button)
    assert reader.sees(seen)
    assert not reader.sees(hidden)
    assert reader.pressed() == [button]


def test_the_choice_holds_on_the_next_page(reader):
    reader.open()
    reader.press("English")
    reader.open("other")
    assert reader.mode() == "en"
    assert reader.pressed() == ["English"]


def test_the_address_overrides_the_choice_and_keeps_it(reader):
    reader.open()
    reader.press("English")
    reader.open("other", "?lang=zh")
    assert reader.mode() == "zh"
    reader.open("index")
    assert reader.mode() == "zh"


def test_an_unknown_language_in_the_address_changes_nothing(reader):
    reader.open(query="?lang=fr")
    assert reader.mode() == "both"


def test_a_press_rewrites_the_address(reader):
    reader.open(query="?lang=zh")
    reader.press("English")
    assert reader.page.evaluate("location.search") == "?lang=en"


@pytest.mark.parametrize(
    ("button", "title", "language"),
    [("中文", "感知机 — 书", "zh-CN"), ("English", "The perceptron — A book", "en")],
)
def test_window_title_and_declared_language_follow(reader, button, title, language):
    reader.open()
    reader.press(button)
    assert reader.page.title() == title
    assert reader.page.evaluate("document.documentElement.lang") == language


@pytest.mark.parametrize(("button", "alt"), [("中文", "一条线"), ("English", "A line")])
def test_alt_texts_and_tooltips_follow(reader, button, alt):
    reader.open()
    reader.press(button)
    assert reader.page.locator("figure img").get_attribute("alt") == alt
    left = reader.page.locator("body :is([title*=' | '], [aria-label*=' | '])")
    assert left.count() == 0


def test_back_to_both_gives_everything_back(reader):
    reader.open()
    reader.press("English")
    reader.press("双语")
    assert reader.page.title() == "感知机 | The perceptron — 书 | A book"
    assert reader.page.locator("figure img").get_attribute("alt") == "一条线 | A line"


def test_the_language_stands_before_the_first_paint(reader):
    reader.open(query="?lang=en")
    reader.page.add_init_script(
        "new MutationObserver(() => { if (document.body && window.early === undefined)"
        " window.early = document.documentElement.dataset.bookLang; })"
        ".observe(document, {childList: true, subtree: true});"
    )
    reader.open()
    assert reader.page.evaluate("window.early") == "en"


def test_the_switch_works_by_keyboard(reader):
    reader.open()
    reader.page.get_by_role("button", name="English", exact=True).focus()
    reader.page.keyboard.press("Enter")
    assert reader.mode() == "en"


def test_what_a_script_writes_follows_too(reader):
    reader.open(query="?lang=en")
    reader.page.evaluate(
        "() => { const p = document.createElement('p'); p.id = 'made';"
        " p.textContent = '新的 | New'; document.querySelector('article').append(p); }"
    )
    reader.page.wait_for_selector("#made .en")
    assert reader.page.locator("#made").inner_text().strip() == "New"


def test_without_scripts_both_are_shown_and_no_switch(browser, folder):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "index.html").as_uri())
    article = page.locator("article")
    assert article.get_by_text("感知机会学习。").is_visible()
    assert article.get_by_text("The perceptron learns.").is_visible()
    assert not page.locator(".bi-switch").is_visible()
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_quieter_twin_keeps_a_contrast_of_four_and_a_half(reader, theme):
    reader.open()
    reader.page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    contrast = reader.page.evaluate(
        """() => {
          const light = (c) => { const [r, g, b] = c.match(/[\\d.]+/g).map((v) => {
            v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
            return .2126 * r + .7152 * g + .0722 * b; };
          const text = getComputedStyle(document.querySelector("article p.en")).color;
          const back = getComputedStyle(document.body).backgroundColor;
          const [a, b] = [light(text), light(back)].sort((x, y) => y - x);
          return (a + .05) / (b + .05); }"""
    )
    assert contrast >= 4.5


def test_nothing_is_wider_than_a_phone(reader):
    reader.page.set_viewport_size({"width": 375, "height": 800})
    reader.open()
    assert reader.page.evaluate("document.documentElement.scrollWidth") <= 375
    assert reader.page.locator(".bi-switch").is_visible()
