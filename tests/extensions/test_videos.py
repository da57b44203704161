"""Every lecture mark opens the right second, or the build says why it cannot."""

import re
from pathlib import Path

import pytest
import videos
import yaml
from sphinx.errors import ConfigError

BOOK = Path(__file__).parents[2] / "book"
GOOD = """
lectures:
  mlp:
    bvid: BV1hh411U7gn
    title: 多层感知机 | Multilayer perceptrons
    parts:
      1: {title: 感知机 | The perceptron, minutes: 14}
      2: {title: 问答 | Questions}
marks:
  training: {lecture: mlp, part: 1, at: "02:37", title: 训练 | Training}
"""


@pytest.fixture
def build(build_page):
    def build(page: str, data: str = GOOD):
        built = build_page(page, "videos", files={"videos.yml": data})
        return built.page, built.warnings

    return build


def test_a_mark_links_to_its_second_in_both_languages(build):
    page, warnings = build("{video}`training`")
    zh, en = page.select("a.video-mark")
    assert zh["href"] == "https://www.bilibili.com/video/BV1hh411U7gn/?p=1&t=157"
    assert en["href"] == zh["href"]
    assert (zh.text, en.text) == (
        "▶ 视频 p1 · 02:37 训练",
        "▶ Lecture p1 · 02:37 Training",
    )
    assert en.find_parent("span", class_="en")["lang"] == "en"
    assert not warnings


def test_an_unknown_mark_is_named_with_its_neighbour(build):
    _, warnings = build("{video}`trainin`")
    assert "index.md:3: WARNING: video 'trainin' is not in videos.yml" in warnings
    assert "did you mean training?" in warnings


def test_a_mark_used_twice_on_a_page_is_named_with_both_places(build):
    _, warnings = build("{video}`training`\n\nText.\n\n{video}`training`")
    assert "index.md:7: WARNING: video 'training' stands in line 3 of this" in warnings


def test_the_index_lists_the_marks_by_part_and_time(build):
    marks = """
  second: {lecture: mlp, part: 2, at: "00:08", title: 问答 | Questions}
  sooner: {lecture: mlp, part: 1, at: "01:17", title: 定义 | Definition}
"""
    page, _ = build("```{video-index}\n```", GOOD.rstrip() + marks)
    at = [a.text for a in page.select(".index-list .en .video-mark")]
    assert at == ["▶ 01:17 Definition", "▶ 02:37 Training", "▶ 00:08 Questions"]
    parts = [a.text for a in page.select(".video-part .en a")]
    assert parts == ["p1 The perceptron, 14 min", "p2 Questions"]


def test_an_index_names_the_marks_that_no_page_has(build):
    _, warnings = build("```{video-index}\n```")
    assert "these marks of videos.yml stand on no page: training" in warnings


def test_without_an_index_a_mark_may_be_unused(build):
    assert build("Text.")[1] == ""


def test_the_table_lists_every_part(build):
    page, _ = build("```{videos}\n```")
    links = [a["href"] for a in page.select("table.videos a")]
    assert links == 2 * ["https://www.bilibili.com/video/BV1hh411U7gn/?p=1"] + 2 * [
        "https://www.bilibili.com/video/BV1hh411U7gn/?p=2"
    ]
    assert "14 分钟" in page.select_one("table.videos").text


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            '"02:37"',
            '"15:00"',
            "mark training: 15:00 lies beyond the part's 14 minutes",
        ),
        ('"02:37"', "12:37", 'at must be "mm:ss" in quotation marks, got 757'),
        ('"02:37"', '"02:61"', "at must be"),
        ("part: 1", "part: 3", "part 3 is none of [1, 2]"),
        ("lecture: mlp", "lecture: cnn", "lecture 'cnn' is none of mlp"),
        ("训练 | Training", "训练", "needs both languages"),
        ("BV1hh411U7gn", "av170001", "is no video id"),
        ("marks:", "mark:", "needs the keys lectures and marks"),
        ("parts:", "parts: [", "not readable as YAML"),
    ],
)
def test_a_fault_in_the_file_is_named(old: str, new: str, words: str):
    assert old in GOOD
    with pytest.raises(ValueError, match=re.escape(words)):
        videos.read_videos(GOOD.replace(old, new))


def test_a_fault_in_the_file_stops_the_build_with_its_path(build):
    with pytest.raises(ConfigError, match=r"videos\.yml:\d+: mark training"):
        build("", GOOD.replace('"02:37"', '"99:00"'))


def test_the_books_own_file_is_sound_and_holds_the_marks_of_the_notes():
    book = videos.read_videos((BOOK / "videos.yml").read_text("utf-8"))
    of_lecture = {lecture.bvid: key for key, lecture in book.lectures.items()}
    found = {}
    for mark in book.marks.values():
        parts = found.setdefault(of_lecture[mark.lecture.bvid], {})
        parts.setdefault(mark.part, []).append(mark.seconds)
    # every mark that the notes have: lecture, part, seconds
    assert found == {
        "mlp": {1: [0, 157, 497], 2: [2, 262, 503, 839, 971], 3: [3], 4: [8]},
        "selection": {1: [3, 1030], 2: [1, 600, 845], 3: [0, 39]},
        "decay": {1: [42, 284, 561], 2: [0]},
        "dropout": {1: [115, 288, 649], 2: [1], 3: [5]},
        "stability": {1: [213, 217, 898], 2: [0, 160], 3: [0]},
    }


def test_every_mark_of_the_book_is_used_on_a_page():
    marks = yaml.safe_load((BOOK / "videos.yml").read_text("utf-8"))["marks"]
    text = "".join(page.read_text("utf-8") for page in BOOK.rglob("*.md"))
    assert [key for key in marks if f"{{video}}`{key}`" not in text] == []
