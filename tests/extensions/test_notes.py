"""Each item of the notes has one place in the book, each correction one box."""

import re
from pathlib import Path

import notes
import pytest
from sphinx.errors import ConfigError

BOOK = Path(notes.__file__).parents[2]
GOOD = """
items:
  3.1 感知机 | 3.1 The perceptron:
    S1: 定义 $x^2$ | The definition $x^2$
    S2: 训练 | Training
corrections:
  感知机 | The perceptron:
    M1: (wrong) 漏了偏置 | The bias is missing
"""
LISTS = "```{notes-items}\n```\n\n```{notes-corrections}\n```\n"
WHOLE = "% S1\n\nOne.\n\n% S2\n\nTwo.\n\n```{correction} M1\n勘误。\n```\n\n"


@pytest.fixture
def build(build_page):
    def build(page: str, data: str = GOOD):
        built = build_page(
            page,
            "notes",
            files={"notes.yml": data},
            myst_enable_extensions=["dollarmath"],
        )
        return built.page, built.warnings

    return build


def test_a_correction_is_a_box_that_each_of_its_numbers_links_to(build):
    page, warnings = build("```{correction} M2 M3\n勘误。\n\nA correction.\n```")
    box = page.select_one("div.admonition.correction")
    assert box.select_one(".admonition-title").text == (
        "笔记勘误 M2、M3 | Correction to the notes M2, M3"
    )
    assert box["id"] == "m2"
    assert page.select_one("#m3") is not None
    assert not warnings


def test_a_correction_wants_numbers(build):
    _, warnings = build("```{correction} two\n勘误。\n```")
    assert "correction wants numbers such as `M2 M3`, got 'two'" in warnings


def test_a_coverage_mark_is_an_anchor_of_what_follows(build):
    page, warnings = build("% S10 S11\n\nThe perceptron is one unit.")
    paragraph = page.select_one("p:-soup-contains('The perceptron is one unit.')")
    anchors = {paragraph.get("id"), *(tag.get("id") for tag in paragraph.find_all())}
    assert anchors >= {"s10", "s11"}
    assert not warnings


def test_a_coverage_mark_above_a_heading_belongs_to_its_section(build):
    page, _ = build("% S10\n\n## Convergence\n\nText.")
    anchor = page.select_one("#s10")
    assert anchor.find_parent("section")["id"] == "convergence" or (
        anchor.name == "section"
    )


def test_an_ordinary_comment_stays_one(build):
    page, _ = build("% S10 and more\n\nText.")
    assert page.select_one("#s10") is None


def test_a_number_used_twice_is_named_with_both_places(build):
    _, warnings = build("% S10\n\nOne.\n\n% S10\n\nTwo.")
    assert "index.md:9: WARNING: S10 stands in index.md:5 already" in warnings


def test_a_list_has_every_item_with_the_link_to_its_place(build):
    page, warnings = build(f"## A section\n\n{WHOLE}{LISTS}")
    lines = [
        (li.select_one(".notes-number").text, li.select_one(".en a.place")["href"])
        for li in page.select(".notes-index > li")
    ]
    assert lines == [("S1", "#s1"), ("S2", "#s2"), ("M1", "#m1")]
    assert warnings == ""


def test_an_item_is_told_in_both_languages_with_its_mathematics(build):
    page, _ = build(LISTS)
    first = page.select_one(".notes-index > li")
    assert first.select_one(".zh").text.startswith("定义 ")
    assert first.select_one(".en").text.startswith("The definition ")
    assert len(first.select(".math")) == 2


def test_a_group_of_items_is_a_section(build):
    page, _ = build(LISTS)
    assert page.select_one("section#notes-items-1 > .notes-index")


def test_a_correction_says_how_bad_the_fault_is(build):
    page, _ = build(LISTS)
    assert page.select_one(".notes-index .en .severity-wrong").text == "wrong"


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        ("% S2\n\n", "S2 of notes.yml stand on no page: put a comment line"),
        (
            "```{correction} M1\n勘误。\n```",
            "M1 of notes.yml stand on no page: give it",
        ),
    ],
)
def test_a_number_without_a_place_is_told(build, lost: str, words: str):
    assert lost in WHOLE
    _, warnings = build(WHOLE.replace(lost, "") + LISTS)
    assert words in warnings


def test_a_number_that_the_file_does_not_have_is_told_at_its_place(build):
    _, warnings = build(f"% S3\n\nThree.\n\n{WHOLE}{LISTS}")
    assert "index.md:5: WARNING: S3 is not in notes.yml" in warnings


def test_without_a_list_nothing_need_be_complete(build):
    assert build("% S3\n\nThree.")[1] == ""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("S2: 训练", "S3: 训练", "items are not numbered 1 to 2"),
        ("S2: 训练", "M2: 训练", "items are numbered S1, S2, …, got 'M2'"),
        ("训练 | Training", "训练", "S2: '训练' needs 中文 | English"),
        ("(wrong)", "(bad)", "M1 begins with (wrong) or (misleading) or (sloppy)"),
        ("感知机 | The perceptron:\n    M", "感知机:\n    M", "needs 中文 | English"),
        ("corrections:", "errata:", "needs the keys items and corrections"),
        ("items:", "items: [", "not readable as YAML"),
    ],
)
def test_a_fault_in_the_file_is_named(old: str, new: str, words: str):
    assert old in GOOD
    with pytest.raises(ValueError, match=re.escape(words)):
        notes.read_notes(GOOD.replace(old, new))


def test_a_fault_in_the_file_stops_the_build_with_its_path(build):
    with pytest.raises(ConfigError, match=r"notes\.yml:\d+: S2"):
        build("", GOOD.replace("训练 | Training", "训练"))


def test_the_books_own_file_names_all_that_the_notes_hold():
    book = notes.read_notes((BOOK / "notes.yml").read_text("utf-8"))
    assert book.numbers("items") == [f"S{n}" for n in range(1, 188)]
    assert sorted(book.numbers("corrections"), key=lambda m: int(m[1:])) == [
        f"M{n}" for n in range(1, 78)
    ]
