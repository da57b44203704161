"""What the index of a small book says of its sections."""

import json

import pytest
from book_search.index_file import CALL, pages_of
from book_search.sections import formula, sections_of
from docutils import nodes
from docutils.utils import new_document

PAGE = """# 页 | Page
感知机由权重决定。

A perceptron is determined by its weights.

(sec-convergence)=
## 收敛定理 | The convergence theorem

更新次数
不超过 $r^2$ 次。

There are at most $r^2$ updates.

```python
perceptron_step(w)
```
"""
TERMS = "[{zh: 丢弃法, en: dropout, also: {zh: [暂退法]}, at: sec-convergence}]"


def read(book) -> dict:
    """The index that a build left."""
    text = (book.app.outdir / "searchindex.js").read_text("utf-8")
    line = text.split("\n", 1)[0]
    index = json.loads(line.removeprefix(CALL).removesuffix(");"))
    return {**index, "pages": pages_of(text)}


@pytest.fixture
def index(build_book):
    """The index of a book whose page `page` says this."""

    def build(text: str, *extensions: str, files=None, **settings) -> dict:
        pages = {**(files or {}), "page": f"{text}\n"}
        found = read(build_book(pages, "book_search", *extensions, **settings))
        found["page"] = {page["name"]: page for page in found["pages"]}.get("page")
        return found

    return build


def test_a_section_has_its_heading_and_twins_in_both_languages(index):
    page = index(PAGE)["page"]
    top, section = page["sections"]
    assert top[0] == ""
    assert top[2] == [
        ["感知机由权重决定。", "A perceptron is determined by its weights."]
    ]
    assert section[1] == ["收敛定理", "The convergence theorem"]


def test_formulas_are_read_in_the_line_and_line_breaks_are_no_spaces(index):
    page = index(PAGE)["page"]
    zh, en = page["sections"][1][2][0]
    assert zh == "更新次数不超过 r² 次。"
    assert en == "There are at most r² updates."


def test_code_is_kept_apart_from_the_text(index):
    page = index(PAGE)["page"]
    assert page["sections"][1][3] == "perceptron_step(w)\n"


def test_a_page_that_wants_no_search_is_left_out(index):
    assert index("---\nnosearch: true\n---\n# 页 | Page")["page"] is None


def test_terms_bring_their_other_words_and_their_place(index):
    (term,) = index(PAGE, "terms", files={"terms.yml": TERMS})["terms"]
    assert term["zh"] == ["丢弃法", "暂退法"]
    assert (term["page"], term["anchor"]) == ("page", "sec-convergence")


def test_a_term_of_the_glossary_is_a_place_with_its_words_by_language(index):
    page = """# 页 | Page

```{glossary}
丢弃法
dropout
  随机置零。

  Random zeros.
```
"""
    _, entry = index(page)["page"]["sections"]
    assert entry[:3] == [
        "term-0",
        ["丢弃法", "dropout"],
        [["随机置零。", "Random zeros."]],
    ]


def test_a_definition_in_the_text_belongs_to_its_section(index):
    text = "# 页 | Page\n\n甲 | A\n: 乙。\n\n  B.\n"
    (section,) = index(text, myst_enable_extensions=["deflist"])["page"]["sections"]
    assert section[2] == [["甲", "A"], ["乙。", "B."]]


def test_a_function_is_a_place_by_its_name(index):
    text = "# 页 | Page\n\n```{py:function} a.half(x)\n:module: m\n```\n"
    sections = index(text)["page"]["sections"]
    assert sections[1][:2] == ["m.a.half", ["a.half"] * 2]


def test_a_text_that_serves_both_languages_stands_once(index):
    (section,) = index("# 页 | Page\n\nReLU\n\n## 空 | Empty")["page"]["sections"][:1]
    assert section[2] == [["ReLU"]]


def test_a_formula_that_is_refused_says_nothing(index):
    text = "# 页 | Page\n\n好 $\\nonsense{$。\n\nGood $\\nonsense{$.\n"
    (section,) = index(text)["page"]["sections"]
    assert section[2] == [["好。", "Good ."]]


def test_a_displayed_formula_is_text_of_both_languages(index):
    text = "# 页 | Page\n\n$$\n\\hat{y} = wx+b\n$$\n"
    (section,) = index(text)["page"]["sections"]
    assert section[2] == [["ŷ = wx+b"]]


@pytest.mark.parametrize(
    ("tex", "line"),
    [
        (r"\frac{1}{1-p}", "1/(1−p)"),
        (r"\frac{\partial L}{\partial\mathbf{w}}", "∂L/∂w"),
        (r"\sqrt{2/n_\mathrm{in}}", "√(2/nᵢₙ)"),
        (r"\sqrt[3]{x}", "x^(1/3)"),
        (r"\binom{n}{k}", "(n, k)"),
        (r"\sigma'(x) = e^{-x}", "σ′(x) = e⁻ˣ"),
        (r"\sum_{i=1}^n \tilde x_i", "∑ᵢ₌₁ⁿx̃ᵢ"),
        (r"\mathbb{R}^{n\times d}", "ℝ^(n×d)"),
        (r"\underbrace{a+b}_{c}", "a+b_c"),
        (r"\begin{cases}x & x>0\\ 0 & x\le 0\end{cases}", "{x x > 0; 0 x ≤ 0"),
    ],
)
def test_a_formula_reads_as_one_would_type_it(tex, line):
    assert formula(tex) == line


def test_an_example_of_a_docstring_is_code():
    page = new_document("page")
    example = nodes.doctest_block("", ">>> fit()")
    page += nodes.section("", nodes.title("", "Page"), example, ids=["page"])
    (section,) = sections_of(page, {})
    assert (section.code, section.blocks) == (">>> fit()\n", [])


def test_the_time_of_a_lecture_is_not_searched():
    page = new_document("page")
    mark = nodes.reference("", "▶ 00:42 Weight decay", classes=["video-mark"])
    text = nodes.paragraph("", "", mark)
    page += nodes.section("", nodes.title("", "Page"), text, ids=["page"])
    (section,) = sections_of(page, {})
    assert section.blocks == []


def test_a_section_is_found_at_its_label_so_that_its_terms_find_it(index):
    found = index(PAGE, "terms", files={"terms.yml": TERMS})
    assert found["page"]["sections"][1][0] == found["terms"][0]["anchor"]


def test_traditional_characters_are_known_where_the_book_has_the_simplified(index):
    pairs = index("# 感知机 | Perceptron")["traditional"]
    assert "機机" in pairs
    assert "龍龙" not in pairs


def test_what_a_cell_printed_is_not_searched():
    printed = nodes.literal_block("", "42")
    output = nodes.container("", printed, classes=["cell_output"])
    page = new_document("page")
    title = nodes.title("", "Page")
    code = nodes.literal_block("", "6 * 7")
    page += nodes.section("", title, code, output, ids=["page"])
    (section,) = sections_of(page, {})
    assert section.code == "6 * 7\n"


@pytest.mark.parametrize(
    "old", ['Search.setIndex({"docnames":[]})', 'BookSearch.load({"version":0});\n']
)
def test_an_index_of_another_kind_or_version_is_made_anew(build_book, old):
    book = build_book({"a": "# 甲 | A\n"}, "book_search")
    before = read(book)
    (book.app.outdir / "searchindex.js").write_text(old)
    book.build({})
    assert read(book) == before


def test_a_book_in_print_has_no_index(build_book):
    book = build_book({"a": "# 甲 | A\n"}, "book_search", builder="text")
    assert not (book.app.outdir / "searchindex.js").exists()


def test_quiet_pages_weigh_less(index):
    usual = index(PAGE)["page"]["weight"]
    assert index(PAGE, search_quiet=["pa*"])["page"]["weight"] < usual


def test_pages_that_did_not_change_stay_in_the_index(build_book):
    book = build_book({"a": "# 甲 | A\n", "b": "# 乙 | B\n"}, "book_search")
    book.build({"b": "# 丙 | C\n"})
    titles = [page["sections"][0][1] for page in read(book)["pages"]]
    assert titles == [["书", "Book"], ["甲", "A"], ["丙", "C"]]


def test_an_index_that_was_lost_is_made_anew(build_book):
    book = build_book({"a": "# 甲 | A\n"}, "book_search")
    before = read(book)
    (book.app.outdir / "searchindex.js").unlink()
    book.build({})
    assert read(book) == before


def test_the_page_of_results_loads_the_index_as_a_script(build_book):
    book = build_book({"a": "# 甲 | A\n"}, "book_search")
    scripts = [tag.get("src", "") for tag in book.page("search").select("script")]
    assert any(src.startswith("searchindex.js") for src in scripts)
    assert not any("searchtools" in src for src in scripts)
    assert (book.app.outdir / "_static" / "search.js").exists()


NUMBERED = """# 页 | Page
## 节 | Section

```{figure} dot.png
:name: fig-dot

点 | A dot
```

$$
x = 1
$$ (eq-one)

```{prf:theorem} 甲 | A
:label: thm-a

乙 | B
```
"""


def test_a_section_knows_its_number_and_the_names_of_what_stands_in_it(index):
    pages = index(
        NUMBERED,
        "sphinx_proof",
        files={"index": "# 书 | Book\n\n```{toctree}\n:numbered:\npage\n```"},
        numfig=True,
        math_numfig=True,
        myst_enable_extensions=["dollarmath"],
    )
    top, section = pages["page"]["sections"]
    assert top[4] == ["1"]
    assert section[4][0] == "1.1"
    assert section[4][1:3] == ["图 1.1", "fig 1.1"]
    assert section[4][3:5] == ["式 1.1", "equation 1.1"]
    assert section[4][5:] == ["定理 1.1", "theorem 1.1"]
