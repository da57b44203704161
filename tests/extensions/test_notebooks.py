"""What becomes of a page in a notebook, and what the zip holds."""

import base64
import io
import re
import zipfile
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from notebooks import bundle, escaping, wheel
from notebooks.cells import without_glue

ROOT = Path(__file__).resolve().parents[2]
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="9pt" height="9pt" viewBox="0 0 9 9">'
    "<text>轮 | epoch</text></svg>"
)


def text(source: str) -> dict:
    return new_markdown_cell(source)


def code(source: str, *outputs, tags=(), **mystnb) -> dict:
    metadata = {"tags": list(tags), "mystnb": mystnb}
    return new_code_cell(
        source, execution_count=7, outputs=list(outputs), metadata=metadata
    )


def drawn(svg: str = SVG) -> dict:
    data = {"image/svg+xml": svg, "application/pdf": "JVBERg==", "text/plain": "Fig"}
    return new_output("display_data", data)


@pytest.fixture
def build(make_app, tmp_path: Path, sphinx_put_back):
    """Build a page of these cells; returns what reads its notebook in a language."""
    source = tmp_path / "source"

    def build(*cells, fresh=True, builder="html", **conf):
        settings = {
            "extensions": [
                *("myst_nb", "bilingual", "sphinx_proof", "sphinx_exercise"),
                *("figures", "notebooks"),
            ],
            "language": "zh_CN",
            "html_theme": "basic",
            "html_title": "书 | Book",
            "numfig": True,
            "math_numfig": True,
            "nb_execution_mode": "off",
            "exclude_patterns": ["_build"],
            "templates_path": [],
            "html_static_path": [],
            "myst_enable_extensions": ["dollarmath", "colon_fence"],
            "suppress_warnings": ["bilingual", "figures", "app.add_node"],
            **conf,
        }
        source.mkdir(exist_ok=True)
        lines = "".join(f"{name} = {value!r}\n" for name, value in settings.items())
        (source / "conf.py").write_text(lines, "utf-8")
        (source / "index.md").write_text(
            "# 书 | Book\n\n```{toctree}\n:numbered:\n\na\n```\n", "utf-8"
        )
        if fresh:
            page = new_notebook(cells=[text("(sec-a)=\n# 页 | Page"), *cells])
            page.metadata["kernelspec"] = {"name": "python3", "display_name": "Python"}
            page.metadata["language_info"] = {"name": "python"}
            for index, each in enumerate(page.cells):
                each["id"] = f"c{index}"
            nbformat.write(page, source / "a.ipynb")
        app = make_app(builder, srcdir=source)
        app.build()
        app.complaints = [
            line
            for line in re.sub(r"\x1b\[[\d;]*m", "", app.warning.getvalue()).split("\n")
            if "WARNING" in line and "setting up ext" not in line
        ]
        return app

    return build


def read(app, lang: str = "zh"):
    path = Path(app.outdir) / "notebooks" / lang / "a.ipynb"
    return nbformat.read(path, as_version=4)


def markdown(app, lang: str = "zh") -> str:
    cells = read(app, lang).cells
    return "\n\n".join(c.source for c in cells if c.cell_type == "markdown")


def codes(app, lang: str = "zh") -> list:
    return [cell for cell in read(app, lang).cells if cell.cell_type == "code"]


ONE = code("1 + 1")


# ------------------------------------------------------------------------------- text
def test_each_notebook_is_in_one_language(build):
    app = build(text("文。\n\nText."), ONE)
    assert "文。" in markdown(app, "zh")
    assert "Text." not in markdown(app, "zh")
    assert "Text." in markdown(app, "en")
    assert "文。" not in markdown(app, "en")
    assert app.complaints == []


def test_an_edition_has_its_own_language_only(build):
    app = build(text("文。\n\nText."), ONE, bilingual_mode="en")
    assert "Text." in markdown(app, "en")
    assert not (Path(app.outdir) / "notebooks" / "zh").exists()


def test_headings_have_the_number_of_the_site_and_a_cell_of_their_own(build):
    app = build(text("## 节 | Section\n\n文。\n\nText."), ONE)
    sources = [cell.source for cell in read(app, "en").cells]
    assert sources[0] == "# 1 Page"
    assert sources[2] == "## 1.1 Section\n\nText."


def test_formulas_stay_tex_with_the_number_of_the_site(build):
    app = build(text("文 $x<y$。\n\nText $x<y$.\n\n$$\na\n$$ (eq-a)\n"), ONE)
    assert "Text $x< y$." in markdown(app, "en")
    assert "$$\na \\tag{1.1}\n$$" in markdown(app)


def test_a_reference_is_the_number(build):
    page = "$$\na\n$$ (eq-a)\n\n由 {eq}`eq-a`，见{ref}`sec-a`。\n\nBy {eq}`eq-a`, see {ref}`sec-a`."
    assert "By (1.1), see Page." in markdown(build(text(page), ONE), "en")


def test_boxes_are_quotes_with_a_bold_title(build):
    app = build(text("```{note}\n文。\n\nText.\n```"), ONE)
    assert "> **Note**\n>\n> Text." in markdown(app, "en")
    assert "> **注**\n>\n> 文。" in markdown(app)


def test_theorems_have_their_number_and_title(build):
    page = (
        "```{prf:theorem} 甲 | A\n:label: thm-a\n\n文。\n\nText.\n\n$$\nx\n+ y\n$$\n```"
    )
    assert "> **Theorem 1.1 (A)**\n>\n> Text.\n>\n> $$x + y$$" in markdown(
        build(text(page), ONE), "en"
    )


def test_a_proof_is_quoted_once(build):
    app = build(text("```{prf:proof}\n文。\n\nText.\n```"), ONE)
    assert "\n> *Proof.* Text." in markdown(app, "en")


def test_a_quote_is_interrupted_by_a_cell(build):
    start = "```{exercise} 甲 | A\n:label: ex-a\n\n问。\n\nAsk.\n```\n\n```{solution-start} ex-a\n```\n\n前。\n\nBefore."
    app = build(
        text(start), ONE, text("后。\n\nAfter.\n\n```{solution-end}\n```"), code("3")
    )
    _, _, first, *rest = read(app, "en").cells  # title, and how to install
    assert first.source.endswith("> **Solution to Exercise 1.1 (A)**\n>\n> Before.")
    kinds = [(cell.cell_type, cell.source) for cell in rest]
    assert kinds[0] == ("code", "1 + 1")
    assert kinds[1] == ("markdown", "> After.")


def test_lists_and_tables(build):
    page = "- 甲 | A\n  - 乙 | B\n- 丙 | C\n\n| 名 \\| Name | $a$ |\n| --- | --- |\n| `x` | $\\vert y\\vert$ |"
    found = markdown(build(text(page), ONE), "en")
    assert "- A\n\n  - B\n\n- C" in found or "- A\n  - B\n- C" in found
    assert "| Name | $a$ |\n| --- | --- |\n| `x` | $\\vert y\\vert$ |" in found


def test_a_glued_value_stands_in_the_text(build):
    record = new_output(
        "display_data", {"application/papermill.record/text/plain": "0.25"}
    )
    record.metadata = {
        "scrapbook": {"name": "a-b", "mime_prefix": "application/papermill.record/"}
    }
    hidden = code("glue('a-b', 0.25, display=False)", record, tags=["remove-cell"])
    app = build(
        ONE, hidden, text("是 {glue:text}`a-b:.1f`。\n\nIt is {glue:text}`a-b:.1f`.")
    )
    assert "It is 0.2." in markdown(app, "en")


def test_other_pages_are_linked_only_where_the_site_is_known(build):
    page = text("见{doc}`index`。\n\nSee {doc}`index`.")
    assert "See Book." in markdown(build(page, ONE), "en")
    app = build(page, ONE, html_baseurl="https://example.org/book/")
    assert "See [Book](https://example.org/book/index.html?lang=en)." in markdown(
        app, "en"
    )


def test_pages_with_notebooks_are_linked_as_they_lie_in_the_zip(build, tmp_path):
    folder = tmp_path / "source" / "more"
    folder.mkdir(parents=True)
    other = new_notebook(
        cells=[text("# 乙 | B\n\n见{doc}`/a`。\n\nSee {doc}`/a`."), ONE]
    )
    other.metadata["kernelspec"] = {"name": "python3", "display_name": "Python"}
    nbformat.write(other, folder / "b.ipynb")
    page = text("见{doc}`more/b`和{doc}`index`。\n\nSee {doc}`more/b`, {doc}`index`.")
    app = build(page, ONE)
    assert "See [B](more/b.ipynb), Book." in markdown(app, "en")
    path = Path(app.outdir) / "notebooks" / "zh" / "more" / "b.ipynb"
    assert "见[页](../a.ipynb)。" in nbformat.read(path, as_version=4).cells[0].source


def test_a_notebook_ends_with_what_it_cites(build, tmp_path):
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "r.bib").write_text(
        "@book{b,author={Bo},title={Beta},publisher={P},year={1962}}\n"
        "@book{a,author={Al},title={Alpha},publisher={P},year={1958}}\n"
        "@book{c,author={Cy},title={Gamma},publisher={P},year={1999}}\n"
    )
    (tmp_path / "source" / "refs.md").write_text(
        "# 文献 | References\n\n{cite}`c`\n\n```{bibliography}\n```\n"
    )
    page = text("见{cite}`b,a`。\n\nSee {cite}`b,a`.")
    extensions = [
        "myst_nb",
        "sphinxcontrib.bibtex",
        "bilingual",
        "figures",
        "notebooks",
    ]
    app = build(page, ONE, extensions=extensions, bibtex_bibfiles=["r.bib"])
    last = read(app, "en").cells[-1].source
    assert last.split("\n\n") == [
        "## References",
        "[Al58] Al. *Alpha*. P, 1958.",
        "[Bo62] Bo. *Beta*. P, 1962.",
    ]
    assert read(app).cells[-1].source.startswith("## 参考文献")


def test_solutions_are_folded_under_their_headings_and_exercises_end_them(build):
    def pair(name):
        return [
            text(
                f"```{{exercise}} 甲 | A\n:label: ex-{name}\n\n问。\n\nAsk.\n```\n\n"
                f"```{{solution-start}} ex-{name}\n```\n\n答。\n\nReply."
            ),
            code(f"'{name}'"),
            text("```{solution-end}\n```"),
        ]

    app = build(
        text("## 练习 | Exercises"), *pair("a"), *pair("b"), text("## 完 | End")
    )
    cells = [
        (cell.source, cell.metadata.get("jp-MarkdownHeadingCollapsed", False))
        for cell in read(app, "en").cells[2:]
    ]
    assert cells == [
        ("## 1.1 Exercises", False),
        ("### Exercise 1.1 (A)\n\nAsk.", False),
        ("#### Solution to Exercise 1.1 (A)", True),
        ("Reply.", False),
        ("'a'", False),
        ("### Exercise 1.2 (A)\n\nAsk.", False),
        ("#### Solution to Exercise 1.2 (A)", True),
        ("Reply.", False),
        ("'b'", False),
        ("## 1.2 End", False),
    ]


def test_no_mark_of_emphasis_is_left_open():
    a, z = escaping.OPEN["**"], escaping.CLOSE["**"]
    assert escaping.emphasized(f"{a}注意：{z}这里") == "<strong>注意：</strong>这里"
    assert escaping.emphasized(f"是{a}术语{z}（A）") == "是**术语**（A）"
    assert escaping.emphasized(f"是{a} 术语{z}。") == "是<strong> 术语</strong>。"


def test_emphasis_inside_emphasis_looks_past_the_other_mark():
    a, z = escaping.OPEN["**"], escaping.CLOSE["**"]
    i, j = escaping.OPEN["*"], escaping.CLOSE["*"]
    assert escaping.emphasized(f"{a}{i}甲。{j}{z} A") == "***甲。*** A"
    assert escaping.emphasized(f"{a}{i}甲。{j}{z}乙") == (
        "<strong><em>甲。</em></strong>乙"
    )


def test_a_node_without_markdown_is_told(build):
    page = "文。\n\nText.\n\n```{productionlist} a: b\n```"
    app = build(text(page), ONE)
    assert any("a notebook cannot show productionlist" in c for c in app.complaints)


def test_a_picture_travels_with_the_cell_that_shows_it(build, tmp_path):
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "dot.png").write_bytes(b"\x89PNG")
    page = "![点 | A dot](dot.png)\n\n## 节 | Section"
    cells = read(build(text(page), ONE), "en").cells
    assert "(attachment:dot.png)" in cells[0].source
    data = base64.b64encode(b"\x89PNG").decode()
    assert cells[0].attachments == {"dot.png": {"image/png": data}}
    assert not any("attachments" in cell for cell in cells[1:])


def test_a_picture_that_is_not_there_is_its_alt_text(build):
    found = markdown(build(text("![点 | A dot](gone.png)"), ONE), "en")
    assert "A dot" in found
    assert "attachment" not in found


def test_an_address_has_no_bracket_that_would_end_it(build):
    page = text(
        "见[此](<https://example.org/a(b) c>)。\n\nSee [it](<https://example.org/a(b) c>)."
    )
    assert "[it](https://example.org/a%28b%29%20c)" in markdown(build(page, ONE), "en")


def test_a_hash_in_code_begins_no_cell(build):
    app = build(text("```python\n# no heading\n```\n\n文。\n\nText."), ONE)
    sources = [cell.source for cell in read(app, "en").cells]
    assert any("```python\n# no heading\n```" in each for each in sources)


# ------------------------------------------------------------------------------- cells
def test_cells_stand_in_order_and_count_from_one(build):
    stream = new_output("stream", name="stdout", text="2\n")
    app = build(code("a = 1", stream), text("文。\n\nText."), code("b = a"))
    cells = codes(app)
    assert [c.source for c in cells] == ["a = 1", "b = a"]
    assert [c.execution_count for c in cells] == [1, 2]
    assert cells[0].outputs[0].text == "2\n"


def test_what_a_cell_warned_of_and_recorded_is_left_out(build):
    record = new_output(
        "display_data", {"application/papermill.record/text/plain": "1"}
    )
    warned = new_output("stream", name="stderr", text="DeprecationWarning")
    value = new_output("execute_result", {"text/plain": "2"}, execution_count=7)
    (cell,) = codes(build(code("1 + 1", warned, record, value)))
    (output,) = cell.outputs
    assert output.data == {"text/plain": "2"}
    assert output.execution_count == cell.execution_count == 1


def test_a_removed_cell_comes_before_the_next_cell_of_the_page(build):
    app = build(
        code("a = 1"), text("文。\n\nText."), code("b = 2", tags=["remove-cell"]), ONE
    )
    assert [c.source for c in codes(app)] == ["a = 1", "b = 2", "1 + 1"]


def test_a_removed_cell_stays_folded_at_its_place(build):
    app = build(
        ONE, code("x = 2", tags=["remove-cell"]), text("文。\n\nText."), code("x")
    )
    assert [c.source for c in codes(app)] == ["1 + 1", "x = 2", "x"]
    hidden = codes(app)[1]
    assert hidden.metadata.jupyter.source_hidden
    assert "raises-exception" in hidden.metadata.tags
    assert "raises-exception" not in codes(app)[2].metadata.get("tags", [])


def test_what_only_glues_is_left_out():
    source = "from myst_nb import glue\nfor k in (1, 2):\n    y = k\n    glue('a', k)\nif y:\n    glue('b', y)"
    assert without_glue(source) == "for k in (1, 2):\n    y = k"
    assert without_glue("def f():\n    glue('a', 1)\nf()") == "def f():\n    pass\nf()"
    with pytest.raises(ValueError, match="a line of its own"):
        without_glue("x = 1; glue('x', x)")
    magic = "%matplotlib inline\nglue('x', 1)"
    assert without_glue(magic) == magic


def test_a_cell_that_no_notebook_can_leave_glue_out_of_is_told(build):
    app = build(code("x = 1; glue('x', x)"))
    assert any(
        "no notebook: line 1: give `glue` a line of its own" in c
        for c in app.complaints
    )
    assert not list(Path(app.outdir).rglob("*.ipynb"))


def test_a_figure_has_one_language_and_its_caption_follows(build):
    figure = {"name": "fig-a", "caption": "甲。\n\nA."}
    app = build(
        code("plot()", drawn(), figure=figure, image={"alt": "图 | A plot"}),
        code("check()", tags=["remove-cell"]),
    )
    first, caption, _ = read(app, "en").cells[2:]
    output = first.outputs[0]
    assert set(output.data) == {"text/html", "text/plain"}  # SVG needs trust
    image = BeautifulSoup(output.data["text/html"], "html.parser").img
    assert image["alt"] == "A plot"
    svg = base64.b64decode(image["src"].removeprefix("data:image/svg+xml;base64,"))
    assert b">epoch<" in svg
    assert caption.source == "**Fig. 1.1** A."


def test_a_drawing_names_a_font_that_every_machine_has(build):
    svg = SVG.replace("<text>", '<text font-family="D2L Notes Sans">')
    output = codes(build(code("plot()", drawn(svg))))[0].outputs[0]
    image = BeautifulSoup(output.data["text/html"], "html.parser").img["src"]
    made = base64.b64decode(image.removeprefix("data:image/svg+xml;base64,"))
    assert b'font-family="D2L Notes Sans, sans-serif"' in made


def test_notebooks_are_valid_and_the_same_in_every_build(build):
    app = build(text("文。\n\nText."), ONE, code("1 + 1"))
    ids = [cell.id for cell in read(app).cells]
    assert len(set(ids)) == len(ids)
    nbformat.validate(read(app))
    path = Path(app.outdir) / "notebooks" / "zh" / "a.ipynb"
    before = path.read_bytes()
    path.unlink()
    build(fresh=False)  # nothing is read again, and yet it comes back
    assert path.read_bytes() == before


def test_an_edition_links_without_asking_for_a_language(build):
    page = text("见{doc}`index`。\n\nSee {doc}`index`.")
    site = "https://example.org/book/"
    app = build(page, ONE, html_baseurl=site, bilingual_mode="en")
    assert f"See [Book]({site}index.html)." in markdown(app, "en")


def test_a_notebook_whose_page_has_gone_goes_too(build):
    app = build(ONE)
    old = Path(app.outdir) / "notebooks" / "en" / "gone.ipynb"
    old.write_text("{}")
    build(fresh=False)
    assert not old.exists()


def test_a_builder_for_one_file_writes_no_notebooks(build):
    app = build(ONE, builder="singlehtml")
    assert not list(Path(app.outdir).rglob("*.ipynb"))


def test_a_page_without_cells_is_no_notebook(build):
    app = build(text("文。\n\nText."))
    assert not (Path(app.outdir) / "notebooks").exists()


# --------------------------------------------------------------------------------- zip
def test_the_zip_has_what_a_reader_needs(build):
    app = build(
        ONE,
        notebooks_project=str(ROOT),
        notebooks_pins=[str(ROOT / "requirements.txt")],
    )
    packed = Path(app.outdir) / "notebooks" / "notebooks.zip"
    with zipfile.ZipFile(packed) as archive:
        names = archive.namelist()
        wheels = [name for name in names if name.endswith(".whl")]
        needs = archive.read("notebooks/requirements.txt").decode().split("\n")
        inside = zipfile.ZipFile(io.BytesIO(archive.read(wheels[0]))).namelist()
    assert names == sorted(names)
    assert {"notebooks/zh/a.ipynb", "notebooks/en/a.ipynb"} <= set(names)
    assert needs[0] == f"./{Path(wheels[0]).name}"
    assert any(line.startswith("torch==") for line in needs)
    assert "d2lnotes/fonts/D2LNotesSans.ttf" in inside
    assert any(name.startswith("d2lnotes/data/sample/") for name in inside)
    assert Path(wheels[0]).name in markdown(app)


def test_the_wheel_is_the_same_every_time_and_leaves_nothing_behind(tmp_path):
    before = {path for path in ROOT.iterdir()} | set((ROOT / "src").iterdir())
    made = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        made.append(wheel.build(ROOT, tmp_path / name).read_bytes())
    assert made[0] == made[1]
    assert {path for path in ROOT.iterdir()} | set((ROOT / "src").iterdir()) == before


def test_a_wheel_that_cannot_be_built_says_why(tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 3\n")
    with pytest.raises(RuntimeError, match="setuptools built no wheel"):
        wheel.build(tmp_path, tmp_path)


def test_the_same_files_make_the_same_zip(tmp_path):
    files = {"b": b"2", "a": b"1"}
    for name, order in (("x", files), ("y", dict(reversed(files.items())))):
        bundle.write(tmp_path / name, order)
    assert (tmp_path / "x").read_bytes() == (tmp_path / "y").read_bytes()


def test_pins_leave_out_hashes_and_other_packages():
    lock = "numpy==2.0 ; python_version > '3' \\\n    --hash=sha256:00\nsix==1.0\nJinja2==3 # why\n"
    assert bundle.pins(lock, ["NumPy", "jinja2"]) == [
        "numpy==2.0 ; python_version > '3'",
        "Jinja2==3",
    ]


# -------------------------------------------------------------------------------- header
def test_the_header_offers_notebooks_first_and_the_zip_last(build):
    from notebooks.site import in_header

    app = build(ONE)
    source = {"label": "download-source-button", "text": ".md"}
    groups = [{"label": "download-buttons", "buttons": [source]}]
    in_header(app, "a", "page.html", {"header_buttons": groups}, None)
    buttons = groups[0]["buttons"]
    assert [b.get("url") for b in buttons] == [
        "notebooks/zh/a.ipynb",
        "notebooks/en/a.ipynb",
        None,
        "notebooks/notebooks.zip",
    ]
    assert buttons[2]["text"] == "本页源文件 | Source of this page"
    groups = []  # a theme without downloads of its own
    in_header(app, "a", "page.html", {"header_buttons": groups}, None)
    assert [g["label"] for g in groups] == ["download-buttons"]
    assert len(groups[0]["buttons"]) == 3
    groups = []
    in_header(app, "index", "page.html", {"header_buttons": groups}, None)
    assert groups == []
