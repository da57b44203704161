"""Twins say the same: each difference that the build can see, it tells."""

import pytest

DIFFERENT = {
    "math": ("$a+b$ 甲", "$a-b$ is A", "only Chinese has math $a+b$"),
    "code": ("`x` 甲", "`y` is A", "only English has code `y`"),
    "reference": ("{ref}`a` 甲", "{ref}`b` is A", "only English has {ref}`b`"),
    "number of a figure": ("{numref}`a` 甲", "{numref}`b` is A", "{numref}`a`"),
    "equation": ("{eq}`a` 甲", "{eq}`b` is A", "only Chinese has {eq}`a`"),
    "page": ("{doc}`a` 甲", "{doc}`b` is A", "only Chinese has {doc}`a`"),
    "link": (
        "[甲](https://a.example)",
        "[A](https://b.example)",
        "<https://a.example>",
    ),
    "lost link": (
        "[甲](https://a.example)",
        "It is A.",
        "only English has nothing more",
    ),
    "image": ("甲 ![](img.png)", "A ![](img2.png)", "only English has image img2.png"),
    "items": ("1. 甲\n2. 乙", "1) A", "only Chinese has list item"),
    "rows": ("| 甲 |\n|---|\n| 乙 |", "| A |\n|---|\n| B |\n| C |", "has row"),
    "how often": ("$x$ 与 $x$", "and $x$", "only Chinese has math $x$"),
}


@pytest.mark.parametrize("what", DIFFERENT)
def test_a_difference_between_twins_is_told_at_the_english_one(faults, what):
    zh, en, told = DIFFERENT[what]
    blank = len(zh.splitlines()) + 1
    options = {"suppress_warnings": ["ref", "myst"]}
    (warning,) = [w for w in faults(f"{zh}\n\n{en}", **options) if "twins" in w]
    assert warning.startswith(f"index.md:{3 + blank}: WARNING: twins differ: ")
    assert told in warning


def test_twins_with_the_same_math_code_and_links_pass(faults):
    zh = "公式 $a + b$ 与 `code`，见[此处](https://a.example)，共 28 个。"
    en = "Formula $a  + b$ and `code`, see [here](https://a.example), 28 in all."
    assert faults(f"{zh}\n\n{en}") == []


def test_another_number_is_told(faults):
    (told,) = faults("共 28 个。\n\n29 in all.")
    assert "twins differ in numbers: only Chinese has 28; only English has 29" in told


@pytest.mark.parametrize("mark", ["{.loose}\n29 in all.", "[29 in all.]{.loose}"])
def test_a_loose_twin_may_have_other_numbers(faults, mark):
    assert faults(f"共 28 个。\n\n{mark}") == []


def test_numbers_in_code_and_math_are_compared_as_such_only(faults):
    assert faults("第 `28` 个 $29$。\n\nThe `28` and $29$.") == []


def test_a_very_short_twin_is_told(faults):
    (told,) = faults("感知机" * 12 + "。\n\nShort.")
    assert "twins of very different length: 36 characters, 1 words" in told


def test_chinese_left_in_the_english_twin_is_told(faults):
    (told,) = faults("感知机会学习。\n\nThe 感知机 learns from its mistakes.")
    assert "Chinese in the English twin: 感知机" in told


def test_a_chinese_name_in_english_may_be_marked(faults):
    assert faults("《书》很好。\n\nThe book [书]{.neutral} is good.") == []


@pytest.mark.parametrize("short", ["- 甲 $a$ | A $b$", "## 甲 $a$ | A $b$"])
def test_short_texts_are_compared_too(faults, short):
    assert "math $a$" in faults(short)[0]


def test_twins_inside_boxes_are_compared(faults):
    assert "math $a$" in faults("```{note}\n甲 $a$\n\nIt is $b$\n```")[0]


def test_captions_are_compared(faults):
    figure = "```{figure} img.png\n:alt: 甲 | A\n甲 $a$\n\nIt is $b$\n```"
    assert "math $a$" in faults(figure)[0]


def test_footnotes_must_be_in_both_twins(faults):
    (told,) = faults("甲[^a]。\n\nIt is A.\n\n[^a]: 注 | Note")
    assert "only Chinese has footnote [^a]" in told


GLOSSARY = """
```{glossary}
甲
alpha
  好。

  Good.

乙
beta
  好。

  Good.
```
"""


def test_twins_may_name_a_term_each_in_its_language(faults):
    assert faults(f"见{{term}}`甲`。\n\nSee {{term}}`alpha`.\n{GLOSSARY}") == []


def test_twins_that_name_other_terms_are_told(faults):
    (told,) = faults(f"见{{term}}`甲`。\n\nSee {{term}}`beta`.\n{GLOSSARY}")
    assert told.startswith("index.md:5: WARNING: twins name different glossary terms:")


def test_glued_values_must_be_the_same(build):
    page = (
        "---\nfile_format: mystnb\nkernelspec: {name: python3}\n---\n# 题 | Title\n\n"
        "```{code-cell}\nfrom myst_nb import glue\nglue('a', 28, display=False)\n"
        "glue('b', 29, display=False)\n```\n\n"
        "有 {glue:text}`a` 个。\n\nThere are {glue:text}`b`.\n"
    )
    built = build(
        page,
        extensions=["myst_nb", "bilingual"],
        source_suffix={".md": "myst-nb"},
        nb_execution_mode="force",
    )
    assert any(
        "only Chinese has glued value 28; only English has glued value 29" in warning
        for warning in built.warnings
    )


SYNTAX = {
    "stuck": ("甲。\n{.en}\nIt is A.", 3, "put an empty line before it"),
    "bold": ("**注意：**这里。\n\n**Note:** here.", 3, "`**` is left over"),
    "above a directive": ("{.en}\n```{note}\n好。\n\nGood.\n```", 3, "no effect above"),
    "above a label": ("{.en}\n(here)=\n## 甲 | A", 3, "no effect above"),
    "above an equation": ("{.en}\n$$\nx\n$$", 3, "no effect above"),
}


@pytest.mark.parametrize("what", SYNTAX)
def test_a_mark_that_does_nothing_is_told(faults, what):
    source, line, told = SYNTAX[what]
    (warning,) = faults(source)
    assert warning.startswith(f"index.md:{line}: WARNING: ")
    assert told in warning


def test_marks_shown_in_a_code_block_are_left_alone(faults):
    assert faults("````markdown\n{.en}\n```{note}\n```\n````") == []


SHARED = {
    "equation": ("$$\nx \\text{ 若 } y\n$$", "Chinese in an equation"),
    "raw HTML": ("<div>感知机</div>", "Chinese in raw HTML"),
}


@pytest.mark.parametrize("what", SHARED)
def test_chinese_in_what_both_languages_share_is_told(faults, what):
    source, told = SHARED[what]
    (warning,) = faults(source)
    assert told in warning
    assert warning.startswith("index.md:")
