"""One word per idea: the glossary, the links to it, and the lint."""

import pytest
import yaml
from bs4 import BeautifulSoup
from terms.table import read_terms

TERMS = [
    {"zh": "感知机", "en": "perceptron", "means": "一个单元。 | A single unit."},
    {
        "zh": "多层感知机",
        "en": "multilayer perceptron",
        "abbr": "MLP",
        "means": "有隐藏层。 | It has hidden layers.",
    },
    {
        "zh": "丢弃法",
        "en": "dropout",
        "also": {"zh": ["暂退法"], "en": ["drop-out"]},
        "means": "随机置零。 | Random zeros.",
    },
    {"zh": "样本", "en": "example", "link": False, "means": "一行。 | One row."},
]


@pytest.fixture
def build(make_app, tmp_path):
    def build(page: str, terms=TERMS, builder="html"):
        (tmp_path / "conf.py").write_text(
            "extensions = ['myst_parser', 'bilingual', 'terms']\nlanguage = 'zh_CN'\n"
            "source_suffix = {'.md': 'markdown'}\n"
        )
        (tmp_path / "terms.yml").write_text(yaml.safe_dump(terms, allow_unicode=True))
        (tmp_path / "glossary.md").write_text(
            "# 术语表 | Glossary\n\n```{terms}\n```\n", "utf-8"
        )
        contents = "\n```{toctree}\nglossary\n```\n"
        (tmp_path / "index.md").write_text(
            f"# 页 | Page\n\n{page}\n{contents}", "utf-8"
        )
        app = make_app(builder, srcdir=tmp_path)
        app.build()
        if builder == "latex":
            (tex,) = app.outdir.glob("*.tex")
            return tex.read_text("utf-8")
        page, glossary = (
            BeautifulSoup(
                (app.outdir / f"{name}.html").read_text("utf-8"), "html.parser"
            )
            for name in ("index", "glossary")
        )
        return page, glossary, app.warning.getvalue()

    return build


def mentions(page, lang):
    return [
        (tag.get_text(), tag.parent["href"])
        for tag in page.select(f".{lang} .term-mention")
    ]


def test_the_glossary_has_every_term_by_the_english_alphabet(build):
    _, glossary, warnings = build("甲。\n\nA.")
    heads = [tag.get_text().rstrip("¶#") for tag in glossary.select("dl.glossary dt")]
    assert heads == [
        *("丢弃法", "dropout", "样本", "example"),
        *("多层感知机", "multilayer perceptron", "MLP", "感知机", "perceptron"),
    ]
    assert "terms" not in warnings


def test_an_entry_names_the_other_words(build):
    _, glossary, _ = build("甲。\n\nA.")
    assert "随机置零。也称暂退法。" in glossary.get_text()
    assert "Random zeros. Also called drop-out." in glossary.get_text()


def test_a_term_without_a_definition_is_named(build):
    _, _, warnings = build("甲。\n\nA.", [{"zh": "感知机", "en": "perceptron"}])
    assert "'感知机' has no definition" in warnings


def test_the_first_mention_in_each_language_is_linked(build):
    page, _, _ = build("感知机和感知机。\n\nA perceptron and a Perceptron.")
    assert mentions(page, "zh") == [("感知机", "glossary.html#term-perceptron")]
    assert mentions(page, "en") == [("perceptron", "glossary.html#term-perceptron")]


def test_a_term_inside_a_longer_one_is_not_found(build):
    page, _, _ = build("多层感知机很深。\n\nMultilayer perceptrons are deep.")
    assert [text for text, _ in mentions(page, "zh")] == ["多层感知机"]
    assert [text for text, _ in mentions(page, "en")] == ["Multilayer perceptrons"]


def test_an_abbreviation_is_a_mention(build):
    page, _, _ = build("用 MLP 来做。\n\nAn MLP does it.")
    assert [text for text, _ in mentions(page, "en")] == ["MLP"]


def test_headings_code_and_links_stay_as_they_are(build):
    page, _, _ = build(
        "## 感知机 | The perceptron\n\n"
        "`perceptron` 和[感知机](https://a.org)。\n\n"
        "`perceptron` and a [perceptron](https://a.org)."
    )
    assert mentions(page, "zh") == mentions(page, "en") == []


def test_a_table_is_too_narrow_for_links(build):
    page, _, _ = build("| 感知机 \\| perceptron |\n|---|\n| 感知机 \\| perceptron |")
    assert page.select("td .en")
    assert mentions(page, "en") == []


def test_print_has_no_links_to_the_glossary(build):
    tex = build("感知机学习。\n\nThe perceptron learns.", builder="latex")
    assert "The perceptron learns." in tex


def test_an_everyday_word_is_not_linked(build):
    page, _, _ = build("举一个样本。\n\nFor example, this.")
    assert mentions(page, "en") == []


def test_another_word_is_a_fault_with_its_line_and_the_right_one(build):
    _, _, warnings = build("我们用暂退法。\n\nWe use drop-out here.")
    assert (
        "index.md:3: WARNING: “暂退法” is written otherwise: terms.yml has 丢弃法"
        in warnings
    )
    assert "index.md:5: WARNING: “drop-out” is written otherwise" in warnings


def test_another_word_may_stand_beside_the_main_one_or_in_quotation_marks(build):
    _, _, warnings = build(
        "丢弃法（暂退法）。\n\nDropout, or drop-out.\n\n笔记写“暂退法”。\n\nThey write “drop-out”."
    )
    assert "otherwise" not in warnings


def test_the_fault_is_told_again_when_the_page_comes_from_the_cache(build):
    build("我们用暂退法。\n\nWe use it here.")
    _, _, warnings = build("我们用暂退法。\n\nWe use it here.")
    assert "“暂退法” is written otherwise" in warnings


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {zh: 甲}", "a term needs zh and en"),
        ("zh: 甲", "must be a list of terms"),
        ("- {zh: 甲, en: a, mean: b}", "mean is none of"),
        ("- {zh: 甲, en: a, means: 只有中文}", "means needs both languages"),
        ("- {zh: 甲, en: a, also: [乙]}", "also has lists of words"),
        ("- {zh: 甲, en: a}\n- {zh: 甲, en: b}", "term '甲' stands twice"),
        ("- {zh: 甲", "not readable as YAML"),
    ],
)
def test_a_malformed_table_is_named(text, message):
    with pytest.raises(ValueError, match=message):
        read_terms(text)
