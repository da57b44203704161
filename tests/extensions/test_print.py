"""What only a site needs stays away from what is printed."""

import pytest

SITE_ONLY = (
    "barriers",
    "book_search",
    "downloads",
    "head",
    "light",
    "mathml",
    "policy",
    "source_links",
)


def test_a_build_of_plain_text_has_its_pages_and_nothing_else(build_book):
    pages = {"a": "# 甲 | A\n\n```{downloads}\n```\n\n文 $x$。\n\nText $x$.\n"}
    book = build_book(pages, *SITE_ONLY, builder="text", html_title="书 | Book")
    assert book.warnings == []
    files = {path.name for path in book.app.outdir.rglob("*") if path.is_file()}
    assert files == {"a.txt", "index.txt"}


@pytest.mark.parametrize("builder", ["singlehtml", "dirhtml"])
def test_a_site_of_another_layout_has_no_page_for_lost_readers(build_book, builder):
    pages = {"a": "# 甲 | A\n"}
    book = build_book(
        pages, "head", builder=builder, html_title="书 | Book",
        html_baseurl="https://example.org/book",
    )  # fmt: skip
    made = {path.name for path in book.app.outdir.iterdir()}
    assert "index.html" in made
    assert not made & {"404", "404.html", "sitemap.xml"}
