"""The site offers the PDFs that there are, and says when they are old."""

import json

import downloads
import pytest
from pdf.stamp import digest_of_text

PAGES = {"a": "# 甲 | A\n\n```{downloads}\n```\n\n文。\n\nText.\n"}


@pytest.fixture
def build(build_book):
    return lambda **options: build_book(PAGES, "downloads", **options)


def leave_pdfs(tmp_path, text: str) -> None:
    folder = tmp_path / "_build" / "pdf"
    folder.mkdir(parents=True)
    made = {}
    for edition in ("zh", "en"):
        (folder / f"{edition}.pdf").write_bytes(b"%PDF")
        made[edition] = {
            "file": f"{edition}.pdf",
            "pages": 3,
            "bytes": 2_000_000,
            "text": text,
        }
    (folder / "pdf.json").write_text(json.dumps(made))


def test_without_pdfs_nothing_is_offered_and_nothing_breaks(build):
    book = build()
    assert book.warnings == []
    assert not book.page("a").select(".pdf-downloads")
    assert "`make pdf` makes them" in book.written


def test_pdfs_are_copied_and_offered(build, tmp_path):
    leave_pdfs(tmp_path, "other")
    book = build()
    links = book.page("a").select(".pdf-downloads a")
    assert [a["href"] for a in links] == ["pdf/zh.pdf", "pdf/en.pdf"]
    assert (book.app.outdir / "pdf" / "zh.pdf").read_bytes() == b"%PDF"
    assert "PDF in Chinese" in links[0].text


def test_a_pdf_that_is_gone_is_not_offered(build, tmp_path):
    leave_pdfs(tmp_path, "other")
    (tmp_path / "_build" / "pdf" / "en.pdf").unlink()
    assert len(build().page("a").select(".pdf-downloads a")) == 1


def test_old_pdfs_are_called_old(build, tmp_path):
    leave_pdfs(tmp_path, "other")
    book = build()
    assert "they are older than the text" in book.written
    assert book.page("a").select(".pdf-old")


def test_new_pdfs_are_not_called_old(build, tmp_path):
    leave_pdfs(tmp_path, digest_of_text(tmp_path.parent))
    book = build()
    assert "older" not in book.written
    assert not book.page("a").select(".pdf-old")


def header(book, page: str, *groups) -> list[dict]:
    """The groups of buttons of a page's header, after the PDFs have come."""
    found = list(groups)
    downloads.in_header(book.app, page, "page.html", {"header_buttons": found}, None)
    return found


def test_the_header_offers_pdfs_before_what_the_theme_offers(build, tmp_path):
    leave_pdfs(tmp_path, "other")
    theme = {"label": "download-buttons", "buttons": [{"label": "source"}]}
    (group,) = header(build(), "deep/a", theme)
    assert [b["label"] for b in group["buttons"]] == [
        *("download-pdf-zh", "download-pdf-en", "source")
    ]
    assert group["buttons"][0]["url"] == "../pdf/zh.pdf"


def test_the_header_of_a_theme_without_downloads_gets_a_group_of_its_own(
    build, tmp_path
):
    leave_pdfs(tmp_path, "other")
    first, second = header(build(), "a", {"label": "other", "buttons": []})
    assert [b["url"] for b in first["buttons"]] == ["pdf/zh.pdf", "pdf/en.pdf"]
    assert second["label"] == "other"


def test_print_takes_no_pdfs_along(build, tmp_path):
    leave_pdfs(tmp_path, "other")
    book = build(builder="text")
    assert not (book.app.outdir / "pdf").exists()
    assert "PDF" not in (book.app.outdir / "a.txt").read_text("utf-8")
