"""The page: its switch, the words of the theme, what a script may not be needed for."""

import pytest
from bilingual.page import split_page

PAGE = """# 感知机 | The perceptron

## 模型 | The model

感知机会学习。

The perceptron learns.

```{note}
好。

Good.
```

```{toctree}
other
```
"""
OTHER = "# 另一页 | Another page\n\n甲。\n\nA.\n"


@pytest.fixture
def site(build):
    def site(mode="both", **options):
        return build(
            PAGE,
            pages={"other": OTHER},
            html_theme="sphinx_book_theme",
            html_title="书 | A book",
            author="作者甲 | Author A",
            bilingual_mode=mode,
            **options,
        )

    return site


def test_texts_that_a_template_prints_are_split():
    html = split_page("<p> 上一页 | Previous </p>", "both")
    assert html == (
        '<p> <span class="zh" lang="zh-CN">上一页</span><span class="bi-sep"> | </span>'
        '<span class="en" lang="en">Previous</span> </p>'
    )


@pytest.mark.parametrize("tag", ["script", "style", "pre", "code", "svg", "title"])
def test_texts_that_are_no_prose_stay(tag):
    html = f"<{tag}>甲 | A</{tag}>"
    assert split_page(html, "both") == html


def test_texts_in_a_comment_stay():
    assert split_page("<!-- 甲 | A -->", "en") == "<!-- 甲 | A -->"


def test_the_head_chooses_the_language_before_the_body_is_painted(site):
    html = site().html()
    assert html.index("dataset.bookLang") < html.index("<body")


def test_the_switch_is_in_the_page_not_made_by_a_script(site):
    page = site().page()
    buttons = page.select(".bi-switch[role=group] button")
    assert [b["value"] for b in buttons] == ["zh", "en", "both"]
    assert [b.text for b in buttons] == ["中文", "English", "双语"]
    assert [b["aria-pressed"] for b in buttons] == ["false", "false", "true"]


@pytest.mark.parametrize("mode", ["zh", "en"])
def test_a_page_in_one_language_has_no_switch(site, mode):
    html = site(mode).html()
    assert "bi-switch" not in html
    assert "bilingual.js" not in html


PLACES = {
    "sidebar": (".bd-sidebar-primary .toctree-l1 a[href='other.html']", "另一页"),
    "page contents": (".page-toc .toc-h2 a", "模型"),
    "next page": (".right-next .prev-next-title", "另一页"),
    "word for next": (".right-next .prev-next-subtitle", "下一页"),
    "name of a box": (".admonition.note .admonition-title", "注"),
    "author": (".component-author", "作者：作者甲"),
    "skip link": ("#pst-skip-link", "跳到正文"),
}


@pytest.mark.parametrize("place", PLACES)
def test_the_chrome_of_the_page_is_in_both_languages(site, place):
    selector, chinese = PLACES[place]
    zh, en = site().halves(selector)
    assert zh == chinese
    assert en
    assert en != zh


def test_tooltips_that_the_theme_has_in_english_only_are_in_both(site):
    assert 'title="展开或收起全书目录 | Show or hide the sidebar"' in site().html()


def test_the_hint_of_a_folded_box_is_in_both(site):
    html = site(use=["sphinx_togglebutton"]).html()
    assert "toggleHintShow = '展开 | Show'" in html


def test_headings_keep_readable_anchors(site):
    assert site().page().select_one("section#the-model")


def test_style_sheet_and_script_come_with_the_package(site):
    built = site()
    assert (built.app.outdir / "_static/bilingual.css").exists()
    assert (built.app.outdir / "_static/bilingual.js").exists()
    assert built.page().select_one("link[href*='bilingual.css']")
