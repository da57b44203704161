"""Each kind of block and of inline text, as the Markdown of a notebook."""

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from myst_parser.docutils_ import Parser
from notebooks.markdown import CodeCell, MarkdownWriter, Numbers

EXTENSIONS = ["dollarmath", "colon_fence", "deflist", "attrs_inline"]


def page(source: str) -> nodes.document:
    settings = {"myst_enable_extensions": EXTENSIONS, "myst_suppress_warnings": ["*"]}
    return publish_doctree(source, parser=Parser(), settings_overrides=settings)


def written(source: str, **knowledge) -> str:
    """A page of MyST, as one text."""
    return "\n\n".join(MarkdownWriter(**knowledge).blocks(page(source).children))


@pytest.mark.parametrize(
    ("source", "markdown"),
    [
        ("```{rubric} A line\n```", "**A line**"),
        ("One.\n\n---\n\nTwo.", "One.\n\n---\n\nTwo."),
        ("> Said.\n>\n> Twice.", "> Said.\n>\n> Twice."),
        ("3. a\n4. b", "3. a\n4. b"),
        ("- a\n\n  b\n- c", "- a\n\n  b\n\n- c"),
        ("word\n: One.\n\n  Two.", "**word**\n\nOne.\n\nTwo."),
        (
            "```{epigraph}\nSaid.\n\n-- Someone\n```",
            "> Said.\n>\n> — Someone",
        ),
        ("```{line-block}\nOne\nTwo\n```", "One  \nTwo"),
        ("```{sidebar} Aside\nText.\n```", "> **Aside**\n>\n> Text."),
        ("A *b* **c** `d`.", "A *b* **c** `d`."),
        ("`` a`b `` and `` `c` ``", "``a`b`` and `` `c` ``"),
        ("x{sup}`2` and x{sub}`i`", "x<sup>2</sup> and x<sub>i</sub>"),
        ("[a](https://example.org)", "[a](https://example.org)"),
    ],
)
def test_what_is_written(source, markdown):
    assert written(source) == markdown


@pytest.mark.parametrize(
    ("language", "code", "markdown"),
    [
        ("ipython3", "x = 1\n", "```python\nx = 1\n```"),
        ("default", "x", "```\nx\n```"),
        ("text", "```", "````text\n```\n````"),
    ],
)
def test_code_has_a_fence_longer_than_any_in_it(language, code, markdown):
    block = nodes.literal_block(code, code, language=language)
    assert MarkdownWriter().blocks([block]) == [markdown]


def test_a_footnote_has_its_number_in_both_places():
    found = written("Text[^a].\n\n[^a]: Why.\n\n    More.")
    assert found.startswith("Text<sup>1</sup>.")
    assert found.endswith("<sup>1</sup> Why.\n\nMore.")


def test_a_citation_has_its_label_before_it():
    label = nodes.label("", "A[1]")
    cited = nodes.citation("", label, nodes.paragraph("", "A book."))
    assert MarkdownWriter().blocks([cited]) == [r"[A[1]] A book."]


def test_a_bar_in_a_cell_of_a_table_is_masked():
    table = "| a |\n|---|\n| `b\\|c` $\\|x\\|$ d\\|e |"
    assert written(table) == ("| a |\n| --- |\n| `b\\|c` $\\vert x\\vert{}$ d\\|e |")


def test_a_table_without_a_head_gets_an_empty_one():
    table = "```{list-table}\n* - a\n  - b\n* - c\n  - d\n```"
    assert written(table) == "|  |  |\n| --- | --- |\n| a | b |\n| c | d |"


def test_an_empty_table_says_nothing():
    assert MarkdownWriter().blocks([nodes.table("", nodes.tgroup())]) == []


def test_a_figure_is_its_image_and_its_numbered_caption():
    figure = "```{figure} a.png\n:alt: A dot\nThe words.\n\nMore words.\n```"
    found = written(
        figure,
        image=lambda node: node["uri"],
        numbers=Numbers(caption=lambda node: "Fig. 1"),
    )
    assert found == "![A dot](attachment:a.png)\n\n**Fig. 1** The words.\n\nMore words."


def test_an_image_that_is_not_there_is_its_alt_text():
    assert written("![A dot](a.png)") == "A dot"


def test_an_item_that_begins_with_a_cell_keeps_its_mark():
    cell = nodes.container(nb_element="cell_code", cell_index=4)
    items = nodes.bullet_list("", nodes.list_item("", cell))
    assert MarkdownWriter().blocks([items]) == ["- ", CodeCell(4)]


def test_the_legend_of_a_cells_figure_follows_its_caption():
    legend = nodes.legend("", nodes.paragraph("", "More."))
    figure = nodes.figure("", nodes.caption("", "Words."), legend)
    cell = nodes.container("", figure, nb_element="cell_code", cell_index=0)
    assert MarkdownWriter().blocks([cell]) == [CodeCell(0, ("Words.", "More."))]


def test_a_block_inside_a_line_is_told_and_kept(caplog):
    odd = nodes.paragraph("", "", nodes.Text("a "), nodes.topic("", nodes.Text("b")))
    assert MarkdownWriter().blocks([odd]) == ["a b"]
    assert "a notebook cannot show topic" in caplog.text
