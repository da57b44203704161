"""A reference reads in the language of the block it stands in."""

import pytest

PAGE = """
# 题 | Title

(sec-here)=
## 感知机 | The perceptron

```{{figure}} img.png
:name: fig-a
:alt: 甲 | A
感知机。

The perceptron.
```

```{{table}} 感知机 | The perceptron
:name: tab-a
| 甲 \\| A |
|---|
| 1 |
```

```{{code-block}} python
:name: code-a
:caption: 感知机 | The perceptron
x
```

见{role}。

See {role}.
"""

TEXTS = {
    "{numref}`fig-a`": ("见图 1。", "See Fig. 1."),
    "{numref}`tab-a`": ("见表 1。", "See Table 1."),
    "{numref}`code-a`": ("见代码 1。", "See Listing 1."),
    "{ref}`sec-here`": ("见感知机。", "See The perceptron."),
    "{ref}`fig-a`": ("见感知机。。", "See The perceptron.."),  # with its full stop
    "{doc}`index`": ("见题。", "See Title."),
    "{numref}`Plate %s <fig-a>`": ("见Plate 1。", "See Plate 1."),
    "[](#sec-here)": ("见感知机。", "See The perceptron."),
}


@pytest.mark.parametrize("role", TEXTS)
def test_a_reference_has_the_language_of_its_block(build, role):
    built = build(PAGE.format(role=role))
    assert built.warnings == []
    seen = [built.page().select("p.zh")[-1].text, built.page().select("p.en")[-1].text]
    assert tuple(seen) == TEXTS[role]


@pytest.mark.parametrize("role", TEXTS)
@pytest.mark.parametrize(("mode", "half"), [("zh", 0), ("en", 1)])
def test_a_reference_has_the_language_of_the_edition(build, role, mode, half):
    built = build(PAGE.format(role=role), bilingual_mode=mode)
    assert built.page().select(f"p.{mode}")[-1].text == TEXTS[role][half]


def test_a_numbered_section_is_named_in_its_language(build):
    index = "# 题 | Title\n\n```{toctree}\n:numbered:\npage\n```\n"
    page = "(sec-a)=\n# 甲 | A\n\n见{numref}`sec-a`。\n\nSee {numref}`sec-a`.\n"
    built = build(index, pages={"page": page})
    assert built.halves("div.body", "page")[0].endswith("见第 1 节。")
    assert built.page("page").select_one("p.en").text == "See Section 1."


def test_in_a_block_for_both_a_reference_has_both_halves(build):
    page = PAGE.format(role="`x`") + "\n- {numref}`fig-a`\n- {ref}`sec-here`\n"
    built = build(page)
    items = [li.select_one("a") for li in built.page().select("div.body li")]
    assert [a.text for a in items] == ["图 1 | Fig. 1", "感知机 | The perceptron"]
    assert all(a.select_one(".zh") and a.select_one(".en") for a in items)


def test_a_caption_has_its_number_in_both_languages(build):
    built = build(PAGE.format(role="`x`"))
    number = built.page().select_one("figcaption .caption-number")
    assert number.select_one(".zh").text == "图 1"
    assert number.select_one(".en").text == "Fig. 1"


def test_the_english_half_of_a_caption_has_its_own_number_beside_the_chinese(build):
    built = build(PAGE.format(role="`x`"))
    half = built.page().select_one("figcaption .caption-text .en")
    assert half.text == "Fig. 1 The perceptron."


@pytest.mark.parametrize(("mode", "number"), [("zh", "图 1"), ("en", "Fig. 1")])
def test_a_caption_in_one_language_has_one_number(build, mode, number):
    built = build(PAGE.format(role="`x`"), bilingual_mode=mode)
    caption = built.page().select_one("figcaption")
    assert caption.select_one(".caption-number").text.strip() == number
    assert not caption.select(".bi-number")
