"""Every kind of block finds its twin, or the build says that it has none."""

import pytest

# Each kind of block with a Chinese text, what must be told, and in which line.
LONELY = {
    "paragraph": ("感知机。", 3),
    "heading": ("## 感知机", 3),
    "list item": ("- 感知机", 3),
    "long list item": ("- 甲 | A\n- 感知机。\n\n  再一段。\n", 4),
    "nested list item": ("- 甲 | A\n  - 感知机", 4),
    "numbered list": ("1. 感知机\n2. 间隔", 3),
    "cell": ("| 甲 \\| A | 乙 \\| B |\n|---|---|\n| ReLU | 感知机 |", 5),
    "whole table": ("| 甲 | 乙 |\n|---|---|\n| 丙 | 丁 |", 3),
    "caption of a table": ("```{table} 感知机\n| A |\n|---|\n| 1 |\n```", 3),
    "caption of a list table": ("```{list-table} 感知机\n* - A\n```", 3),
    "cell of a list table": ("```{list-table} 甲 | A\n* - A\n* - 感知机\n```", 5),
    "caption of code": ("```{code-block} python\n:caption: 感知机\nx\n```", 3),
    "note": ("```{note}\n感知机。\n```", 4),
    "title of a box": ("```{admonition} 感知机\n好。\n\nGood.\n```", 3),
    "colon fence": (":::{tip}\n感知机。\n:::", 4),
    "sidebar": ("```{sidebar} 甲 | A\n感知机。\n```", 4),
    "topic": ("```{topic} 甲 | A\n感知机。\n```", 4),
    "epigraph": ("```{epigraph}\n感知机。\n```", 4),
    "caption of a figure": ("```{figure} img.png\n感知机。\n```", 4),
    "alt text": ("```{figure} img.png\n:alt: 感知机\n```", 3),
    "alt text in a paragraph": ("![感知机](img.png)", 3),
    "definition": ("甲 | A\n: 感知机。", 4),
    "defined term": ("感知机\n: 好。\n\n  Good.", 3),
    "block quote": ("> 感知机。", 3),
    "quote with twins inside": ("> 好。\n>\n> Good.\n>\n> 感知机。", 7),
    "footnote": ("好[^a]。\n\nGood[^a].\n\n[^a]: 感知机。", 7),
    "entry of a glossary": ("```{glossary}\n甲\nA\n  感知机。\n```", 6),
    "rubric": ("```{rubric} 感知机\n```", 3),
}
ENGLISH = {
    "paragraph": ("The perceptron learns.", 3),
    "short sentence": ("See below.", 3),
    "heading": ("## The perceptron", 3),
    "list item": ("- the perceptron", 3),
    "caption of a figure": ("```{figure} img.png\nThe perceptron learns.\n```", 4),
    "alt text": ("```{figure} img.png\n:alt: The perceptron learns.\n```", 3),
    "note": ("```{note}\nThe perceptron learns.\n```", 4),
    "block quote": ("> The perceptron learns.", 3),
    "cell": ("| 甲 \\| A |\n|---|\n| batch size |", 5),
}


@pytest.mark.parametrize("block", LONELY)
def test_a_chinese_block_without_english_is_told_with_its_line(faults, block):
    source, line = LONELY[block]
    told = faults(source)
    assert told, "nothing was told"
    assert told[0].startswith(f"index.md:{line}: WARNING: "), told
    assert "[bilingual.no-english]" in told[0] or "English" in told[0]


@pytest.mark.parametrize("block", ENGLISH)
def test_an_english_block_without_chinese_is_told_with_its_line(faults, block):
    source, line = ENGLISH[block]
    told = faults(source)
    assert told[0].startswith(f"index.md:{line}: WARNING: "), told
    assert "no Chinese" in told[0] or "without Chinese" in told[0]


def test_the_warning_quotes_the_block_and_says_what_is_missing(faults):
    assert faults("感知机是一个二分类模型。") == [
        "index.md:3: WARNING: a Chinese block with no English twin of its kind right"
        " after it: 感知机是一个二分类模型。"
    ]


TWINS = {
    "paragraphs": "感知机。\n\nThe perceptron.",
    "paragraphs of one letter": "甲\n\nA",
    "list items on one line": "- 感知机 | The perceptron\n- 间隔 $\\gamma$ | Margin $\\gamma$",
    "long list items": "- 感知机。\n\n  The perceptron.\n\n- 间隔。\n\n  The margin.",
    "whole lists": "- 感知机\n- 间隔\n\n* The perceptron\n* The margin",
    "numbered lists": "1. 感知机\n2. 间隔\n\n1) The perceptron\n2) The margin",
    "whole tables": "| 名称 |\n|---|\n| 感知机 |\n\n| Name |\n|---|\n| Perceptron |",
    "cells": "| 名称 \\| Name |\n|---|\n| 感知机 \\| Perceptron |\n| ReLU |",
    "quotes": "> 感知机。\n\n{.en}\n> The perceptron.",
    "twins in a quote": "> 感知机。\n>\n> The perceptron.",
    "twins in a box": "```{note}\n感知机。\n\nThe perceptron.\n```",
    "footnote": "好[^a]。\n\nGood[^a].\n\n[^a]: 感知机。\n\n    The perceptron.",
    "glossary": "```{glossary}\n感知机\nperceptron\n  一个模型。\n\n  A model.\n```",
    "definition list": "感知机 | Perceptron\n: 一个模型。\n\n  A model.",
    "spans in a sentence": "[感知机]{.zh}[The perceptron]{.en}",
    "bold pair": "**步骤 | Step**",
    "linked pair": "- [文档 | Documentation](https://a.example)",
    "a label between twins": "感知机。\n\n(here)=\nThe perceptron.",
    "a comment between twins": "感知机。\n\n% note\n\nThe perceptron.",
    "divisions": ":::zh\n感知机。\n\n间隔。\n:::\n\n:::en\nThe perceptron. The margin.\n:::",
}


@pytest.mark.parametrize("kind", TWINS)
def test_twins_are_told_nothing_and_marked(build, kind):
    built = build(f"# 题 | Title\n\n{TWINS[kind]}\n")
    assert built.warnings == []
    seen = built.halves("div.body")
    assert "erceptron" not in seen[0], seen[0]
    assert "感知机" not in seen[1], seen[1]


NEUTRAL = {
    "a name": "PyTorch",
    "an address": "https://a.example/b",
    "mathematics": "$a + b$",
    "code": "```python\nx = '感知机'\n```",
    "an image": "![甲 | A](img.png)",
    "a marked block": "{.neutral}\nThe perceptron learns.",
    "a marked span": "[The perceptron learns.]{.neutral}",
    "a neutral container": ":::{container} neutral\n- The perceptron learns.\n:::",
    "a table of names": "| ReLU | GELU |\n|---|---|\n| $x$ | 1 |",
}


@pytest.mark.parametrize("kind", NEUTRAL)
def test_what_serves_both_languages_stands_once(build, kind):
    built = build(f"# 题 | Title\n\n{NEUTRAL[kind]}\n")
    assert built.warnings == []
    assert not built.page().select("p.zh, p.en, table.zh, table.en")


def test_english_before_chinese_is_told(faults):
    first, second = faults("The perceptron learns.\n\n感知机会学习。")
    assert first.startswith("index.md:3: WARNING: an English block with no Chinese")
    assert second.startswith("index.md:5: WARNING: a Chinese block with no English")


def test_a_twin_of_another_kind_is_none(faults):
    told = faults("感知机会学习。\n\n- the perceptron learns")
    assert [t.split(":")[1] for t in told] == ["3", "5"]


def test_an_equation_between_twins_parts_them(faults):
    assert len(faults("感知机。\n\n$$\nx\n$$\n\nThe perceptron.")) == 2


def test_every_half_says_its_language_to_the_browser(build):
    page = build("# 题 | Title\n\n感知机。\n\nThe perceptron.\n").page()
    assert page.select_one("p.zh")["lang"] == "zh-CN"
    assert page.select_one("p.en")["lang"] == "en"
    assert page.select_one("h1 .zh")["lang"] == "zh-CN"


def test_a_line_break_between_chinese_characters_is_no_space(build):
    page = build("# 题 | Title\n\n感知\n机。\n\nThe\nperceptron.\n").page()
    assert page.select_one("p.zh").text == "感知机。"
    assert page.select_one("p.en").text == "The\nperceptron."


def test_a_caption_and_its_english_paragraph_become_one_caption(build):
    built = build(
        "# 题 | Title\n\n```{figure} img.png\n:alt: 甲 | A\n感知机。\n\nIt.\n```\n"
    )
    assert built.warnings == []
    assert built.halves(".caption-text") == ("感知机。", "It.")
    assert not built.page().select(".legend")
