"""An index leads to the section where a thing stands, and follows it when it moves."""

import places
import pytest

YML = """
lectures:
  mlp:
    bvid: BV1hh411U7gn
    title: 多层感知机 | Multilayer perceptrons
    parts: {1: {title: 感知机 | The perceptron, minutes: 14}}
marks:
  late: {lecture: mlp, part: 1, at: "08:17", title: 收敛 | Convergence}
  early: {lecture: mlp, part: 1, at: "02:37", title: 训练 | Training}
"""
PAGES = {
    "a": "# 甲 | A\n\n{video}`early`\n\n## 收敛定理 | The theorem\n\n{video}`late`\n",
    "list": "# 索引 | Index\n\n```{video-index}\n```\n",
    "videos.yml": YML,
}


@pytest.fixture
def build(build_book):
    return lambda pages=PAGES, **options: build_book(pages, "videos", **options)


def links(book, lang: str) -> list[tuple[str, str]]:
    found = book.page("list").select(f".{lang} a.place")
    return [(a.text, a["href"]) for a in found]


def test_an_index_links_to_the_page_or_its_section_by_number_and_title(build):
    book = build()
    assert links(book, "zh") == [
        ("1 甲", "a.html#video-early"),
        ("1.1 收敛定理", "a.html#video-late"),
    ]
    assert links(book, "en") == [
        ("1 A", "a.html#video-early"),
        ("1.1 The theorem", "a.html#video-late"),
    ]
    assert book.warnings == []


def test_the_anchor_stands_on_the_page(build):
    page = build().page("a")
    assert page.select_one("p > #video-early")
    assert page.select_one("section section #video-late")


def test_a_section_without_a_number_is_named_after_its_page(build):
    pages = {**PAGES, "index": "# 书 | Book\n\n```{toctree}\na\nlist\n```\n"}
    assert links(build(pages), "en")[1][0] == "A: The theorem"


def test_the_first_page_is_the_preface(build):
    index = "# 书 | Book\n\n{video}`late`\n\n```{toctree}\nlist\n```\n"
    pages = {"index": index, "list": PAGES["list"], "videos.yml": YML}
    assert links(build(pages), "zh") == [("前言", "index.html#video-late")]


def test_a_thing_on_several_pages_has_a_link_to_each_in_reading_order(build):
    pages = {"z": "# 先 | First\n\n{video}`late`\n", **PAGES}
    book = build(pages)
    assert [href for _, href in links(book, "en")] == [
        "a.html#video-early",
        "z.html#video-late",
        "a.html#video-late",
    ]
    assert (
        book.page("list")
        .select(".index-list .zh")[-1]
        .text.endswith("→ 1 先、2.1 收敛定理")
    )
    assert book.warnings == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_edition_has_its_own_language_only(build, lang: str):
    book = build(bilingual_mode=lang)
    found = [a.text for a in book.page("list").select("a.place")]
    assert (
        found
        == {"zh": ["1 甲", "1.1 收敛定理"], "en": ["1 A", "1.1 The theorem"]}[lang]
    )


def test_an_index_is_written_again_when_a_thing_moves(build):
    book = build()
    book.build({"a": PAGES["a"].replace("收敛定理 | The theorem", "别处 | Elsewhere")})
    assert links(book, "en")[1] == ("1.1 Elsewhere", "a.html#video-late")


def test_an_index_forgets_a_page_that_has_gone(build):
    book = build()
    (book.srcdir / "a.md").write_text("# 甲 | A\n", "utf-8")
    book.build({})
    assert links(book, "en") == []
    assert "not in this book yet" in book.page("list").text


def test_an_index_is_not_written_again_when_no_page_was_read_again(build):
    book = build()
    state = book.app.env.places_written  # as it was stored
    book.build({})
    assert "writing output... " not in book.written.split("building [html]")[1]
    assert book.app.env.places_written == state
    assert places.write_again(book.app, book.app.env) == []


def test_another_builder_writes_the_index_itself(build):
    book = build()
    book.app.builder.name = "other"
    assert places.write_again(book.app, book.app.env) == ["list"]


def test_pages_read_in_parallel_are_all_known(build):
    more = {f"p{n}": f"# 页 {n} | Page {n}\n" for n in range(8)}
    book = build({**more, **PAGES}, options={"parallel": 2})
    assert [text for text, _ in links(book, "en")] == ["9 A", "9.1 The theorem"]


def test_print_has_the_links_too(build):
    book = build(builder="latex")
    tex = next(book.app.outdir.glob("*.tex")).read_text("utf-8")
    assert r"\hyperref[\detokenize{a:video-late}]{" in tex
    assert r"\label{\detokenize{a:video-late}}" in tex
