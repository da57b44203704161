"""The solutions, collected: the same text, its own names, links that still lead home."""

import json
import re

import nbformat
import pytest
import quickjs
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from solutions.brought import keep_apart
from solutions.collected import write_again

ONE = """# 甲 | A

:::{exercise} ★ 间隔 | The margin
:label: ex-a

证明。

Prove it.
:::

:::{solution-start} ex-a
:label: sol-a
:class: dropdown
:::

由{eq}`eq-a`与[图](#tab-a)，见{ref}`sec-b`。

By {eq}`eq-a` and [the table](#tab-a), see {ref}`sec-b`.

$$
x = 1
$$ (eq-a)

:::{table} 表 | Table
:name: tab-a

| 一 \\| one | 二 \\| two |
|---|---|
| 1 | 2 |
:::

:::{solution-end}
:::

见{eq}`eq-a`。

See {eq}`eq-a`.
"""
TWO = """(sec-b)=
# 乙 | B

:::{exercise} ★★ 收敛 | Convergence
:label: ex-b

想。

Think.
:::

:::{solution} ex-b
:label: sol-b
:class: dropdown

显然[^n]。

Obvious[^n].
:::

[^n]: 注。

    A note.
"""
PAGES = {
    "a": ONE,
    "b": TWO,
    "both": "# 解答 | Solutions\n\n```{solutions} a b\n```\n",
    "all": "# 清单 | List\n\n```{exercise-list}\n```\n",
}


DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" width="9pt" height="9pt">
<defs><clipPath id="clip"><rect width="9" height="9"/></clipPath></defs>
<g clip-path="url(#clip)"><text>轮 | epoch</text></g></svg>"""


def notebook() -> str:
    """A page with an exercise whose solution draws a figure."""
    figure = {"name": "fig-line", "caption": "一条线。\n\nA line."}
    options = {"figure": figure, "image": {"alt": "一条线。 | A line."}}
    data = {"image/svg+xml": DRAWING, "text/plain": "Figure"}
    start = ONE[: ONE.index("由{eq}")].replace("-a", "-c").replace("甲 | A", "丙 | C")
    made = new_notebook(
        cells=[
            new_markdown_cell(start),
            new_code_cell(
                "plot()",
                outputs=[new_output("display_data", data)],
                metadata={"mystnb": options},
            ),
            new_markdown_cell(":::{solution-end}\n:::\n"),
        ]
    )
    for index, cell in enumerate(made.cells):
        cell["id"] = f"c{index}"
    made.metadata["language_info"] = {"name": "python"}
    return nbformat.writes(made)


@pytest.fixture
def build(build_book):
    return lambda pages=PAGES, **options: build_book(
        pages, "sphinx_exercise", "solutions", **options
    )


def text(element, lang: str) -> str:
    other = {"zh": "en", "en": "zh"}[lang]
    for gone in element.select(f".{other}, .bi-sep, .headerlink"):
        gone.decompose()
    return " ".join(element.get_text().split())


def test_a_book_with_collected_solutions_builds_without_a_warning(build):
    assert build().warnings == []


@pytest.mark.parametrize(
    ("lang", "title"),
    [("zh", "练习 1.1（★ 间隔）"), ("en", "Exercise 1.1 (★ The margin)")],
)
def test_a_solution_is_headed_by_its_exercise(build, lang: str, title: str):
    heading = build().page("both").select_one("#solution-ex-a > h3")
    assert heading.select_one(f".{lang} a")["href"] == "a.html#ex-a"
    assert text(heading, lang).endswith(title)


def test_a_gated_solution_and_a_plain_one_are_both_there(build):
    page = build().page("both")
    assert "证明" not in page.text
    assert page.select_one("#solution-ex-a .math")
    assert "Obvious" in page.select_one("#solution-ex-b").text


def test_a_copy_is_not_folded(build):
    assert not build().page("both").select(".dropdown, details")


def brought(book, page: str) -> dict[str, str]:
    """What the script beside a page hands over, as a browser reads it."""
    context = quickjs.Context()
    context.eval("let all; function bringSolutions(given) { all = given; }")
    context.eval((book.app.outdir / f"{page}.solutions.js").read_text("utf-8"))
    return json.loads(context.eval("JSON.stringify(all)"))


def test_the_original_is_folded_and_shows_the_way_until_it_is_brought(build):
    book = build()
    fold = book.page("a").select_one("#sol-a.dropdown")
    assert not fold.select(".math")
    (way,) = fold.select(".solution-way")
    assert way.a["href"] == "both.html#solution-ex-a"
    assert text(way, "en") == "See the solution"
    address, _, version = way["data-script"].partition("?v=")
    assert (address, len(version)) == ("a.solutions.js", 8)
    assert list(brought(book, "a")) == ["sol-a"]
    assert 'class="math' in brought(book, "a")["sol-a"]


def test_what_a_script_would_misread_is_brought_as_it_is(build):
    odd = "Obvious: `` ` ``, `${x}`, `a\\n`."
    book = build({**PAGES, "b": TWO.replace("Obvious[^n].", f"{odd}[^n]")})
    codes = BeautifulSoup(brought(book, "b")["sol-b"], "html.parser").select("code")
    assert [code.text for code in codes] == ["`", "${x}", "a\\n"]


def test_a_page_that_no_other_collects_keeps_its_solutions(build):
    book = build({"a": ONE})
    assert book.page("a").select_one("#sol-a .math")
    assert not (book.app.outdir / "a.solutions.js").exists()


def test_no_script_outlives_the_solutions_of_a_page(build):
    left = build().app.outdir / "all.solutions.js"
    left.write_text("of an earlier build")
    keep_apart("<html></html>", "all", left.parent)
    assert not left.exists()


def test_no_name_stands_twice_in_a_page(build):
    page = build().page("both")
    names = [tag["id"] for tag in page.select("[id]")]
    assert sorted(names) == sorted(set(names))


def test_a_copy_has_no_name_of_the_original(build):
    book = build()
    copy = book.page("both").select_one("#solution-ex-a")
    names = {tag["id"] for tag in copy.select("[id]")}
    assert len(names) >= 2
    assert not names & {tag["id"] for tag in book.page("a").select("[id]")}


def test_every_link_leads_somewhere(build):
    book = build()
    for name in ("a", "b", "both", "all"):
        for link in book.page(name).select(".body a[href*='#']"):
            target, _, anchor = link["href"].partition("#")
            page = book.page(target.removesuffix(".html") or name)
            assert not anchor or page.select_one(f'[id="{anchor}"]'), link["href"]


def test_an_equation_and_a_table_keep_their_numbers_in_the_copy(build):
    book = build()
    copy = book.page("both").select_one("#solution-ex-a")
    original = BeautifulSoup(brought(book, "a")["sol-a"], "html.parser")
    for selector in (".eqno", ".caption-number"):
        number = re.search(r"[\d.]+", original.select_one(selector).text)
        assert number[0] in copy.select_one(selector).text


def test_a_reference_inside_a_copy_shows_the_number_and_leads_to_it(build):
    copy = build().page("both").select_one("#solution-ex-a")
    link = copy.select_one("p.en a:-soup-contains('(1')")
    assert link["href"].endswith("#equation-eq-a")


def test_a_footnote_in_a_copy_leads_to_the_page_that_has_it(build):
    copy = build().page("both").select_one("#solution-ex-b")
    assert copy.select_one("p.en sup").parent["href"].startswith("b.html#")


def test_a_figure_is_drawn_again_with_its_number_and_names_of_its_own(build):
    pages = {
        "index": "# 书 | Book\n\n```{toctree}\n:numbered:\n\nc\nboth\n```\n",
        "both": "# 解答 | Solutions\n\n```{solutions} c\n```\n",
        "c.ipynb": notebook(),
    }
    extensions = ["myst_nb", "bilingual", "sphinx_exercise", "figures", "solutions"]
    suffixes = {".md": "myst-nb", ".ipynb": "myst-nb"}
    book = build(
        pages,
        extensions=extensions,
        source_suffix=suffixes,
        exclude_patterns=["_build"],
        nb_execution_mode="off",
        suppress_warnings=["bilingual"],
    )
    copy = book.page("both").select_one("#solution-ex-c")
    assert copy.select_one("figure .fig svg tspan.en").text == "epoch"
    assert "图 1.1" in copy.select_one("figcaption").text
    clip = copy.select_one("clippath, clipPath")["id"]
    assert copy.select_one(f'[clip-path="url(#{clip})"]')


def test_several_pages_have_a_heading_each_in_the_contents(build):
    book = build()
    entries = book.app.env.tocs["both"].astext().split("\n\n")
    assert [e for e in entries if e.strip()][1:] == ["甲 | A", "乙 | B"]


def test_one_page_alone_has_no_heading_of_its_own(build):
    pages = {**PAGES, "b": "# 乙 | B\n\n(sec-b)=\n## 节 | Section\n"}
    pages["both"] = "# 解答 | Solutions\n\n```{solutions} a\n```\n"
    page = build(pages).page("both")
    assert page.select_one("h1 + p, section > p")
    assert page.select_one("#solution-ex-a > h2")


def test_each_part_says_where_its_exercises_are(build):
    zh, en = build().page("both").select("#solutions-a > p")
    assert (zh.text, en.text) == ("题目见 1 甲。", "The exercises are in 1 A.")
    assert (zh["class"], en["lang"]) == (["zh"], "en")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_edition_has_one_language(build, lang: str):
    page = build(bilingual_mode=lang).page("both")
    shown = page.select_one("#solution-ex-a").text
    assert ("The margin" in shown) == (lang == "en")
    assert ("间隔" in shown) == (lang == "zh")


def test_the_list_leads_to_every_exercise_and_its_solution(build):
    items = build().page("all").select(".index-list > li")
    links = [[a["href"] for a in li.select(".en a")] for li in items]
    assert links == [
        ["a.html#ex-a", "both.html#solution-ex-a"],
        ["b.html#ex-b", "both.html#solution-ex-b"],
    ]


def test_pages_read_in_parallel_are_all_collected(build):
    more = {f"p{n}": f"# 页 {n} | Page {n}\n" for n in range(8)}
    book = build({**more, **PAGES}, options={"parallel": 2})
    found = [s["id"] for s in book.page("both").select("section section section")]
    assert found == ["solution-ex-a", "solution-ex-b"]
    assert len(book.page("all").select(".index-list > li")) == 2


def test_a_changed_solution_changes_its_copy(build):
    book = build()
    book.build({"b": TWO.replace("Obvious", "Evident")})
    assert "Evident" in book.page("both").text


def test_a_page_read_again_for_another_reason_changes_its_copy_too(build):
    # As when a module of the package has changed, on which the page's results depend.
    pages = {**PAGES, "b": TWO.replace("Obvious", "```{include} word.txt\n```\n\nSo")}
    book = build(
        {**pages, "word.txt": "显然。\n\nEvident.\n"}, suppress_warnings=["bilingual"]
    )
    book.build({"word.txt": "显然。\n\nPlain.\n"})
    assert "Plain" in book.page("both").text


def test_a_collection_is_not_written_again_without_need(build):
    book = build()
    book.build({})
    assert write_again(book.app, book.app.env) == []


def test_a_page_whose_solutions_nobody_collects_is_told(build):
    pages = {**PAGES, "both": "# 解答 | Solutions\n\n```{solutions} a\n```\n"}
    told = "b.md: WARNING: this page has solutions that no page collects"
    assert any(told in line for line in build(pages).warnings)


def test_a_page_without_solutions_is_told(build):
    pages = {**PAGES, "c": "# 丙 | C\n"}
    pages["both"] = "# 解答 | Solutions\n\n```{solutions} a b c\n```\n"
    told = "{solutions} names c, which has no solutions"
    assert any(told in line for line in build(pages).warnings)


def test_a_page_that_does_not_exist_is_told(build):
    pages = {**PAGES, "both": "# 解答 | Solutions\n\n```{solutions} a b c\n```\n"}
    told = "solutions wants pages of the book, got 'c'"
    assert any(told in line for line in build(pages).warnings)


def test_a_search_finds_the_solution_in_its_chapter_only(build):
    index = (build().app.outdir / "searchindex.js").read_text("utf-8")
    found = json.loads(re.search(r"setIndex\((.*)\)", index)[1])
    pages = found["terms"]["obvious"]
    assert [found["docnames"][pages]] == ["b"]


def test_print_has_the_solutions_twice(build):
    book = build(builder="latex")
    tex = next(book.app.outdir.glob("*.tex")).read_text("utf-8")
    assert tex.count("Obvious") == 2
    assert r"\hyperref[exercise:ex-b]{Exercise 2.1}" in tex


def test_other_builders_do_not_stumble(build):
    assert build(builder="pseudoxml").warnings == []
