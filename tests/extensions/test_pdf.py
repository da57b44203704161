"""The book as LaTeX: the site's numbers, one language or both, each solution once."""

import os
import re

import pytest
from pdf.displays import broken
from pdf.preface import printed
from pdf.stamp import Stamp, digest_of_text, read_stamp
from pdf.tables import GAP, fitted, width

ONE = """# 甲 | A

:::{exercise} ★ 间隔 | The margin
:label: ex-a

“证明。”

Prove “it”.
:::

:::{solution-start} ex-a
:label: sol-a
:class: dropdown
:::

由{eq}`eq-a`。

By {eq}`eq-a`.

$$
x = 1
$$ (eq-a)

:::{solution-end}
:::

见{eq}`eq-b`与{numref}`tab-a`。

See {eq}`eq-b` and {numref}`tab-a`.

$$
y = 2
$$ (eq-b)

:::{table} 表 | Table
:name: tab-a

| 一 \\| one | 二 \\| two |
|---|---|
| 1 | 2 |
:::

::::{prf:theorem} 大 | Great
:label: thm-a

真。

True.
::::
"""
PAGES = {"a": ONE, "all": "# 解答 | Solutions\n\n```{solutions} a\n```\n"}


@pytest.fixture
def latex(build_book, monkeypatch):
    for name in ("BOOK_PAGE", "SOURCE_DATE_EPOCH", "FORCE_SOURCE_DATE", "LATEXMKOPTS"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)

    def build(pages=PAGES, *use: str, lang="both", **options) -> str:
        monkeypatch.setenv("BOOK_LANG", lang)
        book = build_book(
            pages,
            "figures",
            "sphinx_proof",
            "sphinx_exercise",
            "solutions",
            "pdf",
            *use,
            builder="latex",
            html_title="书 | Book",
            **options,
        )
        assert book.warnings == []
        return next(
            p for p in book.app.outdir.glob("*.tex") if "messages" not in p.name
        ).read_text("utf-8")

    return build


def test_numbers_are_told_not_counted(latex):
    tex = latex()
    assert r"\booknumber{equation}{1.1}" in tex
    assert r"\booknumber{equation}{1.2}" in tex
    assert r"\booknumber{table}{1.1}" in tex
    assert "定理 1.1" in tex
    assert "练习 1.1" in tex


def test_a_solution_is_printed_once_where_it_is_collected(latex):
    tex = latex()
    assert tex.count("x = 1") == 1
    assert tex.index("x = 1") > tex.index(r"\label{\detokenize{all:")
    label = re.search(r"\\bookseesolution\{(\\detokenize\{[^}]*\})\}", tex)[1]
    assert rf"\label{{{label}}}" in tex


def test_the_way_to_a_solution_stands_in_the_box_of_its_exercise(latex):
    box = re.search(r"\\begin\{bookexercise\}.*?\\end\{bookexercise\}", latex(), re.S)
    assert r"\bookseesolution" in box[0]


PROOF = """# 甲 | A

::::{prf:proof}
由此得证。

Which was to be proved.
%s
::::
"""


@pytest.mark.parametrize(
    ("lang", "last"),
    [("zh", "由此得证。"), ("en", "to be proved."), ("both", "to be proved.")],
)
def test_a_proof_ends_with_its_mark_in_its_last_line(latex, lang, last):
    tex = latex({"a": PROOF % ""}, lang=lang)
    assert last + r"\bookqed{}" in tex
    assert tex.count(r"\bookqed") == 1


def test_below_a_display_the_mark_has_a_line_of_its_own(latex):
    tex = latex({"a": PROOF % "\n$$\nx = 1\n$$\n"})
    assert re.search(r"\\end\{equation\*\}\s*\\bookqed\s*\\end\{bookproof\}", tex)
    assert tex.count(r"\bookqed") == 1


def test_a_cell_without_text_has_no_line(latex):
    tex = latex({"a": "# 甲 | A\n\n| 一 \\| one | 二 \\| two |\n|-|-|\n| 1 | |\n"})
    assert re.search(r"\n1\n&\s*\\\\\n", tex)


def test_in_a_header_the_languages_stand_one_above_the_other(latex):
    rows = "".join(f"| {'词' * 30} \\| {'word ' * 30} | {n} |\n" for n in range(20))
    tex = latex(
        {
            "a": f"# 甲 | A\n\n| 论断 \\| claim | 种子的个数 \\| number of seeds |\n|-|-|\n{rows}"
        }
    )
    columns = re.findall(r"\\X\{(\d+)\}", tex)
    assert int(columns[1]) == len("number of seeds") * 6 // 5 + GAP


def test_a_heading_asks_for_the_room_of_the_box_below_it(latex):
    box = ":::{prf:theorem} 大 | Great\n真。\n\nTrue.\n:::\n"
    text = "文。\n\nText.\n\n"
    tex = latex(
        {"a": f"# 甲 | A\n\n{text}## 乙 | B\n\n{box}\n## 丙 | C\n\n{text}{box}"}
    )
    before = [part[-60:] for part in tex.split(r"\section{")[:-1]]
    assert [r"\needspace{\bookboxroom}" in part for part in before] == [True, False]


def test_a_display_breaks_between_its_formulas_first_and_at_relations_then():
    text = r"a = b = \left(c = d\right), \qquad\text{so}\qquad x \le [y > z] < u"
    assert broken(text, 0).split(r" \\" + "\n") == [
        r"a &= b = \left(c = d\right),",
        r"\text{so}\quad  x &\le [y > z] < u",
    ]
    assert [line.partition("&")[2][:4] for line in broken(text, 1).splitlines()] == [
        "= b ",
        r"= \l",
        r"\le ",
        "< u",
    ]


def test_a_display_breaks_before_its_first_relation_last_of_all():
    assert broken(r"a \in b = c", 2) == r"&a \in b \\" + "\n" + r"&\quad= c"


def test_a_display_that_has_lines_is_left_alone():
    text = r"a &= b \\ &= c"
    assert broken(text, 1) == text


def test_every_reference_has_its_label(latex):
    tex = latex()
    labels = set(re.findall(r"\\label\{(?:\\detokenize\{)?([^}]*)\}", tex))
    references = set(
        re.findall(r"\\(?:eq|page)?ref\*?\{(?:\\detokenize\{)?([^}#]+)", tex)
    )
    references |= set(re.findall(r"\\hyperref\[(?:\\detokenize\{)?([^]}]*)", tex))
    assert references
    assert references <= labels


@pytest.mark.parametrize(
    ("lang", "there", "gone"), [("zh", "证明", "Prove"), ("en", "Prove", "证明")]
)
def test_an_edition_in_one_language_has_no_word_of_the_other(latex, lang, there, gone):
    tex = latex(lang=lang)
    body = tex[tex.index(r"\begin{document}") :]
    assert there in body
    assert gone not in body


def test_english_blocks_say_so_in_a_book_in_both(latex):
    tex = latex()
    assert re.search(r"\\begin\{booken\}\s*\\sphinxAtStartPar\s*Prove “it”", tex)


def test_english_blocks_need_no_mark_where_all_is_english(latex):
    assert "booken" not in latex(lang="en").split(r"\begin{document}")[1]


def test_the_halves_of_a_heading_are_commands(latex):
    assert (
        r"\chapter{\booktitlehalfzh{甲}\booktitlebar{}\booktitlehalfen{A}}" in latex()
    )


def test_the_page_of_the_phone_is_small(latex, monkeypatch):
    monkeypatch.setenv("BOOK_PAGE", "phone")
    assert "paperwidth=90mm" in latex()


def test_a_page_that_nobody_knows_is_refused(latex, monkeypatch):
    monkeypatch.setenv("BOOK_PAGE", "a3")
    with pytest.raises(Exception, match="a4, phone"):
        latex()


def test_the_date_is_that_of_the_commit(latex, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    tex = latex()
    assert "1970 年 1 月 2 日" in tex
    assert "2 January 1970" in tex


def test_what_is_printed_of_a_time_mark_can_be_typed():
    address = "https://www.bilibili.com/video/BV1hh411U7gn?p=2&t=75"
    assert printed(address) == r"\booktimemark{BV1hh411U7gn?p=2\&t=75}"


def test_widths_of_columns_fill_the_line_and_keep_words_whole():
    widths = fitted([["learning_rate", "词" * 60, "x"]], 84)
    assert widths[0] >= width("learning_rate")
    assert widths[2] == 1
    assert sum(widths) <= 84


def test_a_narrow_table_keeps_its_widths():
    assert fitted([["ab", "轮"]], 84) == [2, 2]


def test_the_stamp_names_version_and_day(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text('version = "1.2"\n')
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    stamp = read_stamp(tmp_path)
    assert (stamp.version, stamp.name) == ("1.2", "1.2-1970-01-01")
    assert Stamp("1.2", "abc", 0).release("zh") == "版本 1.2（abc）"


def test_the_digest_changes_with_the_text_and_not_with_what_is_built(tmp_path):
    page = tmp_path / "book" / "a.md"
    page.parent.mkdir()
    page.write_text("一")
    first = digest_of_text(tmp_path)
    built = tmp_path / "book" / "_build" / "b.md"
    built.parent.mkdir()
    built.write_text("一")
    assert digest_of_text(tmp_path) == first
    page.write_text("二")
    assert digest_of_text(tmp_path) != first


# ------------------------------------------------------------------------- boxes
NAMELESS_PROOF = """# 甲 | A

:::{prf:proof}
显然。

Obvious.
:::
"""


def test_a_proof_is_running_text_with_its_label_in_bold(latex):
    tex = latex({"a": NAMELESS_PROOF})
    proof = re.search(r"\\begin\{bookproof\}(.*?)\\end\{bookproof\}", tex, re.S)[1]
    assert r"\sphinxstylestrong{证明。}显然。" in proof
    assert r"\sphinxstylestrong{Proof.} Obvious." in proof
    assert r"\begin{booknote}" not in tex


def test_a_correction_has_a_box_of_its_own(latex):
    text = "```{correction} M1\n错。\n\nWrong.\n```\n"
    other = "```{admonition} 注 | Note\n对。\n\nRight.\n```\n"
    tex = latex({"a": f"# 甲 | A\n\n{text}\n{other}"}, "notes")
    correction = tex[tex.index(r"\begin{bookcorrection}{") :]
    assert "笔记勘误 M1" in correction[:200]
    assert r"\end{bookcorrection}" in correction
    assert r"\begin{booknote}" in tex


def test_a_reference_to_an_exercise_leads_to_its_box(latex):
    page = ONE.replace("见{eq}`eq-b`", "见{ref}`ex-a`").replace(
        "See {eq}`eq-b`", "See {ref}`ex-a`"
    )
    tex = latex({**PAGES, "a": page})
    assert r"\hyperref[\detokenize{a:ex-a}]{练习 1.1}" in tex
    assert r"\hyperref[\detokenize{a:ex-a}]{Exercise 1.1}" in tex
    assert tex.count(r"\label{\detokenize{a:ex-a}}") == 1


# ------------------------------------------------------------------------- numbers
def test_a_display_of_several_paragraphs_is_left_to_sphinx(latex):
    page = "# 甲 | A\n\n```{math}\na = 1\n\nb = 2\n```\n\n$$\nc\n$$\n"
    tex = latex({"a": page})
    assert re.search(r"\\begin\{aligned\}\s*a = 1\\\\\s*b = 2\\\\", tex)
    assert re.search(r"\\bookfit\{\\linewidth\}\{%\s*c\}", tex)


def test_the_place_of_an_item_of_the_notes_has_its_label(latex):
    notes = "% S1 S2\n\n```{admonition} 注 | Note\n对。\n\nRight.\n```\n"
    tex = latex({"a": f"# 甲 | A\n\n{notes}"}, "notes")
    for name in ("s1", "s2"):
        assert tex.count(rf"\label{{\detokenize{{a:{name}}}}}") == 1


def test_a_figure_is_told_its_number_inside(latex, tmp_path):
    (tmp_path / "dot.pdf").write_bytes(b"%PDF")
    figure = "```{figure} dot.pdf\n:name: fig-a\n:alt: 点 | A dot\n一。\n\nOne.\n```\n"
    tex = latex({"a": f"# 甲 | A\n\n{figure}"})
    assert re.search(r"\\begin\{figure\}.*?\\booknumber\{figure\}\{1.1\}", tex, re.S)


# ------------------------------------------------------------- preface, references
@pytest.mark.filterwarnings("ignore:nodes.Node.traverse:PendingDeprecationWarning")
def test_the_cover_page_is_a_preface_with_headings_of_its_own(latex):
    cover = (
        "# 书 | Book\n\n(sec-how)=\n## 怎样读 | How to read\n\n读。\n\nRead.\n\n"
        "```{toctree}\n:numbered:\n\na\n```\n"
    )
    chapter = "# 甲 | A\n\n## 乙 | B\n\n文。\n\nText.\n"
    # which says of each section what page it is from
    tex = latex({"index": cover, "a": chapter}, "sphinx_jupyterbook_latex")
    assert r"\bookpreface" in tex
    heading = tex.index(r"\bookprefacesection{")
    assert "怎样读" in tex[heading : heading + 80]
    assert r"\label{\detokenize{index:sec-how}}" in tex
    assert tex.count(r"\section{") == 1  # that of the chapter


VIDEOS = """
lectures:
  mlp: {bvid: BV1hh411U7gn, title: 课 | Lecture, parts: {1: {title: 段 | Part, minutes: 9}}}
marks:
  start: {lecture: mlp, part: 1, at: "01:15", title: 始 | Start}
"""


@pytest.mark.parametrize("lang", ["both", "zh", "en"])
def test_the_address_of_a_time_mark_is_printed_once(latex, lang):
    page = "# 甲 | A\n\n{video}`start`\n"
    tex = latex({"a": page, "videos.yml": VIDEOS}, "videos", lang=lang)
    assert tex.count(r"\booktimemark{BV1hh411U7gn?p=1\&t=75}") == 1


def test_an_address_has_no_escapes_of_html(latex):
    page = "# 甲 | A\n\n[文](https://example.org/?a=1&b=2)。\n\n[Text](https://example.org/?a=1&b=2).\n"
    tex = latex({"a": page})
    assert "amp;" not in tex
    assert r"\sphinxhref{https://example.org/?a=1\&b=2}" in tex


def test_the_bibliography_stands_on_its_page(latex, tmp_path):
    bib = "@book{known, title={T}, author={A, B}, year={2000}, publisher={P}}\n"
    pages = {
        "a": "# 甲 | A\n\n见 {cite}`known`。\n\nSee {cite}`known`.\n",
        "refs": "# 文献 | References\n\n```{bibliography}\n```\n",
        "z": "# 尾 | The end\n\n文。\n\nText.\n",
        "references.bib": bib,
    }
    tex = latex(pages, "sphinxcontrib.bibtex", bibtex_bibfiles=["references.bib"])
    place = tex.index(r"\begin{sphinxthebibliography}")
    assert tex.index("References}") < place < tex.index("The end}")


# ------------------------------------------------------------------------- the rest
def test_a_latin_paragraph_that_serves_both_has_latin_quotes(latex):
    tex = latex({"a": "# 甲 | A\n\n“d2l” – ReLU\n\nReLU\n"})
    assert tex.count(r"\begin{booklatin}") == 1
    assert re.search(r"\\begin\{booklatin\}\s*\\sphinxAtStartPar\s*“d2l”", tex)


def test_a_heading_with_code_keeps_it(latex):
    tex = latex({"a": "# 用 `fit` 训练 | Train with `fit`\n"})
    assert re.search(r"\\chapter\{\\booktitlehalfzh\{用 .*fit.*训练\}", tex)


def table(rows: int, words: str) -> str:
    head = "# 甲 | A\n\n| 一 \\| one | $\\mathbf{x}$ |\n|---|---|\n"
    return head + "".join(f"| {words} | $x^2$ |\n" for _ in range(rows))


def test_a_long_table_breaks_between_pages_and_a_short_one_does_not(latex):
    assert "longtable" in latex({"a": table(20, "1")}).split(r"\begin{document}")[1]


def test_a_short_narrow_table_is_left_alone(latex):
    body = latex({"a": table(2, "1")}).split(r"\begin{document}")[1]
    assert "longtable" not in body
    assert r"\X{" not in body


def test_a_wide_table_has_columns_as_wide_as_their_texts(latex):
    words = "字" * 60 + " \\| " + "word " * 30
    body = latex({"a": table(2, words)}).split(r"\begin{document}")[1]
    first, second = (int(n) for n in re.findall(r"\\X\{(\d+)\}", body)[:2])
    assert first > 4 * second


def test_a_table_with_cells_that_span_is_left_alone(latex):
    rule = "+---+---+\n"
    spanning = f"{rule}| a | b |\n|   +---+\n|   | c |\n{rule}"
    long = spanning + f"| d | e |\n{rule}" * 20
    page = f"# 甲 | A\n\n```{{eval-rst}}\n{long}```\n"
    body = latex({"a": page}).split(r"\begin{document}")[1]
    assert "multirow{2}" in body
    assert "longtable" not in body


def test_the_site_is_left_alone(build_book, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "")
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    uses = "figures", "sphinx_proof", "sphinx_exercise", "solutions"
    pages = {**PAGES, "b": table(20, "1")}
    tables, texts = [], []
    for more in ([], ["pdf"]):
        book = build_book(
            pages, *uses, *more,
            html_title="书 | Book", suppress_warnings=["app.add_node"],
        )  # fmt: skip
        tables.append(str(book.page("b").table))
        texts.append(book.page("a").body.get_text())
    assert tables[0] == tables[1]
    assert texts[0] == texts[1]
    assert "SOURCE_DATE_EPOCH" not in os.environ


def test_columns_without_room_get_their_longest_words():
    assert fitted([["a" * 50, "b" * 50]], 84) == [50, 50]
