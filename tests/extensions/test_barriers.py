"""The markup that axe-core objects to is mended, and nothing else."""

import pytest
from barriers import mend


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ('<th class="head"><p></p></th>', '<td class="head"></td>'),
        ('<a role="doc-biblioentry">', "<a>"),
        (
            '<summary><span class="toctree-toggle">',
            '<summary aria-label="Show or hide the pages below"><span class="toctree-toggle">',
        ),
        ("<summary>100 %</summary>", "<summary>100 %</summary>"),
        ('<th class="head"><p>n</p></th>', '<th class="head"><p>n</p></th>'),
    ],
)
def test_only_what_keeps_readers_out_is_mended(written, mended):
    assert mend(written, "en") == mended


def test_names_are_in_the_languages_of_the_edition():
    written = '<div id="pst-primary-sidebar">'
    assert 'aria-label="书名、搜索与目录"' in mend(written, "zh")
    assert "书名、搜索与目录 | Title, search and contents" in mend(written, "both")


def test_every_page_of_a_build_is_mended(build_page):
    built = build_page("Text.", "bilingual", "barriers", html_theme="sphinx_book_theme")
    sidebar = built.page.select_one("#pst-primary-sidebar")
    assert sidebar["role"] == "complementary"
    assert sidebar["aria-label"] == "书名、搜索与目录 | Title, search and contents"
