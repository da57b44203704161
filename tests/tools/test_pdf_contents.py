"""PDFs as pypdf and matplotlib write them, and what is found in them."""

import pytest
from matplotlib.figure import Figure
from pdf_contents import page_texts, read_pdf
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import DictionaryObject, Fit, NameObject, TextStringObject

pytestmark = pytest.mark.usefixtures("programs")
WHOLE = (0, 0, 400, 400)


@pytest.fixture
def printed(tmp_path):
    """A sheet of 360 points with a head, a body and a foot."""
    path = tmp_path / "printed.pdf"
    figure = Figure(figsize=(5, 5))
    for y, words in ((0.95, "HEAD"), (0.5, "the body"), (0.02, "7")):
        figure.text(0.1, y, words)
    figure.savefig(path)
    return path


@pytest.fixture
def linked(printed, tmp_path):
    """The same with all that is found without reading text."""
    writer = PdfWriter(clone_from=printed)
    writer.add_metadata({"/Title": "D2L 笔记 3"})
    writer.root_object[NameObject("/Lang")] = TextStringObject("zh-CN")
    chapter = writer.add_outline_item(title="3 多层感知机", page_number=0)
    writer.add_outline_item(title="3.1 感知机", page_number=0, parent=chapter)
    writer.add_outline_item(title="前言", page_number=0)
    spot = (10, 10, 20, 20)
    writer.add_annotation(0, Link(rect=spot, url="https://d2l.ai/?a&b"))
    writer.add_annotation(0, Link(rect=spot, target_page_index=0, fit=Fit.fit()))
    by_action = Link(rect=spot, url="")  # XeLaTeX writes its links inside so
    by_action[NameObject("/A")] = DictionaryObject(
        {NameObject("/S"): NameObject("/GoTo"), NameObject("/D"): TextStringObject("x")}
    )
    writer.add_annotation(0, by_action)
    writer.write(tmp_path / "linked.pdf")
    return tmp_path / "linked.pdf"


def test_everything_that_a_pdf_says_of_itself_is_found(linked):
    found = read_pdf(linked, WHOLE)
    assert found.title == "D2L 笔记 3"
    assert found.language == "zh-CN"
    assert found.bookmarks == ["3 多层感知机", "3.1 感知机", "前言"]
    assert found.outside_links == ["https://d2l.ai/?a&b"]
    assert found.inside_links == 2


def test_a_pdf_that_says_nothing_of_itself_can_be_read(printed):
    found = read_pdf(printed, WHOLE)
    assert (found.title, found.language) == ("", "")
    assert (found.bookmarks, found.outside_links, found.inside_links) == ([], [], 0)


def test_head_and_foot_are_left_out(printed):
    assert PdfReader(printed).pages[0].mediabox.height == 360
    text, _ = page_texts(printed, (0, 40, 400, 280))
    assert text.split() == ["the", "body"]
