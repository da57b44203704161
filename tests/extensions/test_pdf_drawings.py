"""Drawings in print are in the language of the edition, and vectors."""

import subprocess
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from pdf.drawings import convert, in_language, without_glyph

FONTS = (Path(__file__).parents[2] / "src" / "d2lnotes" / "fonts",)
SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="90pt" height="30pt"
 viewBox="0 0 90 30" font-family="D2L Notes Sans"><defs><path id="m" d="M0 0L9 9"/></defs>
<use href="#m" style="stroke:#000"/>
<text x="5" y="20" style="font-size:10px">轮 | epoch</text>
<text class="zh" x="60" y="20">只</text><text class="en" x="60" y="20">only</text></svg>"""


@pytest.mark.parametrize(
    ("mode", "there", "gone"),
    [("zh", ["轮", "只"], ["epoch", "only"]), ("en", ["epoch", "only"], ["轮", "只"])],
)
def test_a_drawing_keeps_the_labels_of_one_language(mode, there, gone):
    svg = in_language(SVG, mode)
    assert all(word in svg for word in there)
    assert not any(word in svg for word in gone)


def test_a_drawing_in_both_languages_keeps_all():
    assert "轮 | epoch" in in_language(SVG, "both")


def output(*command: object) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.usefixtures("programs")
def test_the_pdf_has_the_label_as_text_in_the_font_of_the_figures(tmp_path):
    target = tmp_path / "fig.pdf"
    convert(in_language(SVG, "zh"), target, FONTS)
    assert "轮" in output("pdftotext", target, "-")
    assert "D2LNotesSans" in output("pdffonts", target)


@pytest.mark.usefixtures("programs")
def test_signs_that_the_font_of_the_figures_lacks_are_matplotlibs(tmp_path):
    svg = SVG.replace("轮 | epoch", "⟨w̃⟩")
    assert without_glyph(svg, FONTS) == []
    convert(svg, tmp_path / "fig.pdf", FONTS)
    assert "DejaVuSans" in output("pdffonts", tmp_path / "fig.pdf")


def test_a_mark_is_joined_to_its_letter_and_the_pen_moves_on():
    spans = '<tspan>w</tspan><tspan dx="-1" dy="-1.4">̃</tspan><tspan dx="1.5" dy="3">k</tspan>'
    svg = in_language(SVG.replace("轮 | epoch", spans), "en")
    assert '<tspan>w̃</tspan><tspan dx="0.50" dy="1.60">k</tspan>' in svg


def test_a_character_that_no_font_has_is_named():
    assert without_glyph(SVG.replace("轮", "㐀"), FONTS) == ["㐀"]


@pytest.mark.usefixtures("programs")
def test_the_pdf_is_the_same_each_time(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    for name in ("a", "b"):
        convert(in_language(SVG, "en"), tmp_path / f"{name}.pdf", FONTS)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


# ---------------------------------------------------------------------------- a build
@pytest.fixture
def latex(build_book):
    """Build a page with a cell that drew this; returns the book and its LaTeX."""

    def build(svg: str, mode: str = "zh"):
        figure = {"name": "fig-a", "caption": "一。\n\nOne."}
        options = {"figure": figure, "image": {"alt": "甲 | A"}}
        data = {"image/svg+xml": svg, "application/pdf": "JVBERg==", "text/plain": "F"}
        cell = new_code_cell(
            "plot()",
            outputs=[new_output("display_data", data)],
            metadata={"mystnb": options},
        )
        page = new_notebook(cells=[new_markdown_cell("# 甲 | A"), cell])
        page.metadata["language_info"] = {"name": "python"}
        book = build_book(
            {
                "index": "# 书 | Book\n\n```{toctree}\na\n```\n",
                "a.ipynb": nbformat.writes(page),
            },
            builder="latex",
            extensions=["myst_nb", "bilingual", "figures", "pdf"],
            source_suffix={".md": "myst-nb", ".ipynb": "myst-nb"},
            exclude_patterns=["_build"],
            nb_execution_mode="off",
            bilingual_mode=mode,
            html_title="书 | Book",
            pdf_figure_fonts=[str(folder) for folder in FONTS],
            suppress_warnings=["app.add_node", "figures"],
        )
        (tex,) = (p for p in book.app.outdir.glob("*.tex") if "mess" not in p.name)
        return book, tex.read_text("utf-8")

    return build


def printed(book) -> Path:
    """The drawing that LaTeX is given."""
    (path,) = book.app.outdir.glob("fig-*.pdf")
    return path


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize(("mode", "word"), [("zh", "轮"), ("en", "epoch")])
def test_a_cells_figure_is_printed_in_the_language_of_the_edition(latex, mode, word):
    book, tex = latex(SVG, mode)
    assert book.warnings == []
    assert printed(book).stem in tex
    assert output("pdftotext", printed(book), "-").split()[0] == word


@pytest.mark.usefixtures("programs")
def test_a_character_that_would_print_as_a_box_is_told_with_its_page(latex):
    book, _ = latex(SVG.replace("轮", "㐀"))
    (warning,) = book.warnings
    assert warning.startswith("a.ipynb:")
    assert "no font of the figures has 㐀 (U+3400)" in warning


@pytest.mark.usefixtures("programs")
def test_a_drawing_that_is_refused_is_told_and_matplotlibs_is_printed(latex):
    book, tex = latex(SVG.replace('width="90pt"', 'width="0pt"'))
    (warning,) = book.warnings
    assert "rsvg-convert refused a drawing" in warning
    assert not list(book.app.outdir.glob("fig-*.pdf"))
    assert "includegraphics" in tex


@pytest.mark.usefixtures("programs")
def test_a_drawing_that_is_none_is_told_and_matplotlibs_is_printed(latex):
    book, tex = latex(SVG.replace("</svg>", ""))
    (warning,) = book.warnings
    assert "an SVG that cannot be printed: no element found" in warning
    assert "includegraphics" in tex


def test_without_the_program_matplotlibs_figure_is_printed_and_the_cure_named(
    latex, monkeypatch
):
    monkeypatch.setenv("PATH", "")
    book, tex = latex(SVG)
    (warning,) = book.warnings
    assert "install the package librsvg2-bin" in warning
    assert not list(book.app.outdir.glob("fig-*.pdf"))
    assert "includegraphics" in tex
