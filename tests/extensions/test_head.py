"""A page tells search engines, previews and readers what it is."""

import pytest
from head.addresses import VARIABLES
from head.described import shortened
from sphinx.errors import ConfigError

PAGE = """# 感知机 | The perceptron

```{note}
盒子里的话不算。

What a box says does not count.
```

感知机会学习。它也会失败。

The perceptron learns. It fails, too, “sometimes”.

其余的话。

The rest.
"""
BASE = "https://example.org/book"


@pytest.fixture
def build(build_book, monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)

    def build(page=PAGE, **conf):
        conf = {"html_title": "书 | Book", **conf}
        return build_book({"a": page}, "head", **conf)

    return build


def meta(book, name: str, page: str = "a") -> str | None:
    tag = book.page(page).find("meta", attrs={"property": name}) or book.page(
        page
    ).find("meta", attrs={"name": name})
    return tag and tag["content"]


def test_the_description_is_the_first_paragraph_in_each_language(build):
    text = (
        "感知机会学习。它也会失败。 The perceptron learns. It fails, too, “sometimes”."
    )
    book = build()
    assert meta(book, "description") == meta(book, "og:description") == text


def test_an_edition_is_described_in_its_language(build):
    book = build(bilingual_mode="en")
    assert meta(book, "description").startswith("The perceptron")
    assert meta(book, "og:title") == "The perceptron"
    assert meta(book, "og:site_name") == "Book"
    assert meta(book, "og:locale") == "en_US"


def test_a_page_without_a_paragraph_is_described_by_its_title(build):
    assert meta(build("# 甲 | A\n"), "description") == "甲 A"


def test_title_type_and_languages_are_told(build):
    book = build()
    assert meta(book, "og:title") == "感知机 | The perceptron"
    assert (meta(book, "og:type"), meta(book, "og:type", "index")) == (
        "article",
        "book",
    )
    assert meta(book, "og:locale") == "zh_CN"
    assert meta(book, "og:locale:alternate") == "en_US"


def test_without_a_base_address_nothing_pretends_to_know_it(build):
    book = build()
    assert meta(book, "og:url") is None
    assert meta(book, "og:image") is None
    assert not book.page("a").select("link[rel=canonical]")
    assert not (book.app.outdir / "sitemap.xml").exists()


@pytest.mark.parametrize("where", ["html_baseurl", *VARIABLES])
def test_a_base_address_gives_canonical_addresses_and_a_sitemap(
    build, where, monkeypatch
):
    if where == "html_baseurl":
        book = build(html_baseurl=BASE)
    else:
        monkeypatch.setenv(where, BASE + "/")
        book = build()
    assert meta(book, "og:url") == f"{BASE}/a.html"
    assert book.page("a").select_one("link[rel=canonical]")["href"] == f"{BASE}/a.html"
    sitemap = (book.app.outdir / "sitemap.xml").read_text("utf-8")
    assert f"<loc>{BASE}/a.html</loc>" in sitemap
    image = meta(book, "og:image").removeprefix(f"{BASE}/")
    assert (book.app.outdir / image).read_bytes().startswith(b"\x89PNG")


def test_a_base_address_that_is_none_stops_the_build(build, monkeypatch):
    monkeypatch.setenv("BOOK_URL", "example.org")
    with pytest.raises(ConfigError, match=r"begins with https://, got 'example\.org'"):
        build()


def test_the_sign_stands_in_the_tab(build):
    book = build()
    icon = book.page("a").select_one("link[rel=icon]")["href"]
    assert (book.app.outdir / icon.split("?")[0]).read_text("utf-8").startswith("<svg")


def test_a_long_page_says_how_long_it_takes(build):
    long = (
        PAGE + "\n" + 200 * "很长的一段。" + "\n\n" + 200 * "Quite a long one. " + "\n"
    )
    line = build(long).page("a").select_one("h1 + p.reading-time")
    assert line.select_one(".zh").text == "约 4 分钟读完"
    assert line.select_one(".en").text == "About 4 minutes to read"


def test_a_short_page_says_nothing_about_it(build):
    assert not build().page("a").select(".reading-time")


def test_a_lost_reader_is_told_in_both_languages_by_a_page_that_loads_nothing(build):
    page = build().page("404")
    assert [h.text for h in page.find_all("h1")] == [
        "这里没有这一页",
        "There is no such page",
    ]
    assert not page.select("[src]")
    assert [link["href"] for link in page.select("link")] == ["data:,"]
    assert page.select_one("a.home")["href"] == "/"


def test_with_a_base_address_the_lost_page_knows_the_way(build):
    page = build(html_baseurl=BASE).page("404")
    assert page.select_one("a.home")["href"] == f"{BASE}/"
    assert not page.select("script")


@pytest.mark.parametrize(
    ("text", "longest", "short"),
    [
        ("一句。两句。三句。", 7, "一句。两句。"),
        ("Version 1.5 is out. More follows here.", 22, "Version 1.5 is out."),
        ("no sentence ends in here", 13, "no sentence…"),
        ("Short.", 99, "Short."),
    ],
)
def test_a_description_ends_with_a_sentence_or_a_word(text, longest, short):
    assert shortened(text, longest) == short
