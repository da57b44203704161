"""Each item of the notes has one place in the book, each correction one box."""

import pytest


@pytest.fixture
def build(build_page):
    def build(page: str):
        built = build_page(page, "notes")
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
