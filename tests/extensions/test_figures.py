"""What becomes of a cell's drawing in a page, and what the build says about it."""

import io
import math
import re
from base64 import b64decode, b64encode
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import numpy as np
import pytest
import sphinx.locale
from bs4 import BeautifulSoup
from figures import parse
from figures.checks import alt_faults
from figures.colors import STATIC, foreign_colors, palette
from figures.drawing import inline
from figures.fewer_bytes import NUMBER, relative_path
from figures.labels import one_language
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path.parser import parse_path
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from d2lnotes.plotting.charts import STRONGEST_CELL
from d2lnotes.plotting.style import PALETTE

INK, BLUE = PALETTE["ink"], PALETTE["c1"]
DRAWING = f"""<?xml version="1.0"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 width="396pt" height="72pt" viewBox="0 0 396 72" font-family="D2L Notes Sans">
<!-- a comment --><metadata>2026</metadata><style>*{{stroke:red}}</style>
<defs><path id="mark" d="M0 0L1 1 2 0" style="stroke:{BLUE}"/>
<clipPath id="clip"><rect width="9" height="9"/></clipPath></defs>
<g id="unused" clip-path="url(#clip)"><use xlink:href="#mark" style="fill:{BLUE}"/></g>
<path d="M0 0L9 9" stroke="{BLUE.upper()}"/>
<text style="fill:{INK}" text-anchor="middle" x="9">轮 <tspan class="math">x</tspan> | epoch <tspan class="math">x</tspan> &amp; y</text>
<text class="zh">短靴</text><text class="en">ankle boot</text><text>ReLU</text>
</svg>"""
ALT = "一条线。 | A line."


def page(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


# ----------------------------------------------------------------------------- drawings
def test_light_colours_are_those_of_the_package():
    assert palette("light") == PALETTE


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_lines_have_contrast_3_and_texts_4_5(theme):
    colors = palette(theme)
    for name in ("c1", "c2", "c3", "c4", "c5", "c6", "muted", "ink"):
        least = 4.5 if name in ("muted", "ink") else 3.0
        assert contrast(colors[name], colors["paper"]) >= least, name
    for name in ("c1", "c2"):  # the strongest cell of a heat map under its number
        cell = mix(colors[name], colors["paper"], STRONGEST_CELL)
        assert contrast(colors["ink"], cell) >= 4.5, name


def channels(color: str) -> np.ndarray:
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)])


def mix(color: str, paper: str, alpha: float) -> str:
    values = alpha * channels(color) + (1 - alpha) * channels(paper)
    return "#" + "".join(f"{round(v):02x}" for v in values)


def contrast(a: str, b: str) -> float:
    def luminance(color: str) -> float:
        c = channels(color) / 255
        c = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
        return float(c @ [0.2126, 0.7152, 0.0722])

    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def test_a_drawing_becomes_a_clean_svg_of_its_size():
    html = inline(DRAWING, "f1", ALT)
    svg = page(html).svg
    assert svg["viewbox"] == "0 0 396 72"
    assert svg["style"].startswith("max-width:528px;min-width:337px")
    assert not {"width", "height", "font-family"} & set(svg.attrs)
    for gone in ("<?xml", "DOCTYPE", "comment", "metadata", "<style", "unused"):
        assert gone not in html
    ElementTree.fromstring(re.search("<svg.*</svg>", html, re.DOTALL)[0])


def test_palette_colours_become_variables_everywhere():
    html = inline(DRAWING, "f1", ALT)
    assert "fill:var(--fig-c1)" in html
    assert "stroke:var(--fig-c1)" in html
    assert "fill:var(--fig-ink)" in html
    assert not re.findall("#[0-9a-f]{6}", html)


def test_names_differ_between_figures_and_stay_the_same_between_builds():
    html = inline(DRAWING, "f1", ALT) + inline(DRAWING, "f2", ALT)
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids)) == 6
    assert set(re.findall(r'(?:href="|url\()#([\w-]+)', html)) <= set(ids)
    assert inline(DRAWING, "f1", ALT) == inline(DRAWING, "f1", ALT)


def test_the_halves_of_a_label_are_marked():
    label = page(inline(DRAWING, "f1", ALT)).find("text")
    zh, sep, en = label.find_all("tspan", recursive=False)
    assert (zh.get_text(), zh["lang"], zh["class"]) == ("轮 x", "zh-CN", ["zh"])
    assert (en.get_text(), en["lang"], en["class"]) == ("epoch x & y", "en", ["en"])
    assert sep["class"] == ["bi-sep"]
    assert [t["class"] for t in zh.find_all("tspan")] == [["math"]]


@pytest.mark.parametrize(
    ("mode", "label", "names"),
    [("zh", "轮 x", ["短靴"]), ("en", "epoch x & y", ["ankle boot"])],
)
def test_an_edition_keeps_its_half_only(mode, label, names):
    html = inline(DRAWING, "f1", ALT, mode)
    first, *rest = page(html).find_all("text")
    assert first.get_text() == label
    assert [text.get_text() for text in rest] == [*names, "ReLU"]
    assert "bi-sep" not in html
    other = {"zh": "A line.", "en": "一条线。"}[mode]
    assert other not in html


def test_the_alt_text_is_read_and_the_drawing_is_not():
    box = page(inline(DRAWING, "f3", ALT)).select_one(".fig")
    alt = box.select_one(".fig-alt")
    assert [(s["lang"], s.get_text()) for s in alt.find_all("span")] == [
        ("zh-CN", "一条线。"),
        ("en", "A line."),
    ]
    assert alt["id"] == box.select_one(".fig-scroll")["data-alt"] == "f3-alt"
    assert box.svg["aria-hidden"] == "true"


def test_alt_text_is_escaped():
    assert "<b>" not in inline(DRAWING, "f1", "小于 <b> | less <b>")


def test_a_raster_keeps_its_data():
    data = "data:image/jpeg;base64,AA//#mark+BB=="
    drawing = DRAWING.replace("</svg>", f'<image id="i" xlink:href="{data}"/></svg>')
    assert f'href="{data}"' in inline(drawing, "f1", ALT)


@pytest.mark.parametrize(
    ("mode", "colors"),
    [
        ("RGBA", [(9, 9, 9, 255), (200, 200, 200, 255)]),
        ("RGBA", [(9, 8, 7, 255), (200, 0, 200, 255)]),
        ("RGBA", [(9, 8, 7, 255), (200, 0, 200, 0)]),
        ("RGB", [(i, 255 - i, 7) for i in range(256)] + [(0, 0, 0)]),
    ],
)
def test_a_bitmap_becomes_smaller_and_keeps_every_pixel(mode, colors):
    before = Image.new(mode, (20, 20))
    before.putdata((colors * 400)[:400])
    file = io.BytesIO()
    before.save(file, "PNG", compress_level=0)
    data = b64encode(file.getvalue()).decode()
    href = f"data:image/png;base64,{data}"
    drawing = DRAWING.replace("</svg>", f'<image xlink:href="{href}"/></svg>')
    packed = re.search(r'base64,([^"]*)', inline(drawing, "f1", ALT))[1]
    after = Image.open(io.BytesIO(b64decode(packed))).convert("RGBA")
    assert after.tobytes() == before.convert("RGBA").tobytes()
    assert len(packed) < len(data)


def test_a_path_is_shorter_and_stays_within_a_tenth_of_a_point():
    points = [(0.737 * k, 150 + 99 * math.sin(k / 20)) for k in range(500)]
    path = "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points)
    short = relative_path(path)
    assert len(short) < 0.7 * len(path)
    numbers = [float(n) for n in NUMBER.findall(short)]
    here = (0.0, 0.0)
    for step, point in zip(
        zip(numbers[::2], numbers[1::2], strict=True), points, strict=True
    ):
        here = (here[0] + step[0], here[1] + step[1])
        assert math.dist(here, point) < 0.1


@pytest.mark.parametrize("path", ["m1 1l2 2", "M0 0A1 1 0 0 0 2 2", "M0 0H9", ""])
def test_a_path_of_another_kind_is_left_alone(path: str):
    assert relative_path(path) == path


def test_a_curve_and_a_closed_path_keep_their_shape():
    path = "M1 1C2 1 3 2 3 3Q4 4 5 5ZM10 10L11.5 10Z"
    assert relative_path(path) == "M1 1c1 0 2 1 2 2q1 1 2 2zm9 9l1.5 0z"


@pytest.mark.parametrize(
    ("written_once", "in_full"),
    [
        ("M0 0L5 1 7 1 7 4z", "M0 0L5 1L7 1L7 4z"),
        ("M0 0C1 0 1 1 2 1 3 1 3 2 4 2", "M0 0C1 0 1 1 2 1C3 1 3 2 4 2"),
        ("M0 0Q1 0 1 1 2 1 2 2", "M0 0Q1 0 1 1Q2 1 2 2"),
        ("M3 3L4 3zL3 9", "M3 3L4 3zM3 3L3 9"),
        ("M3 3 4 3zL3 9", "M3 3L4 3zM3 3L3 9"),
    ],
)
def test_a_letter_that_is_not_said_again_draws_the_same(
    written_once: str, in_full: str
):
    # tidy() of the package writes "L5 1 7 1": each point counts from the one before
    assert corners(relative_path(written_once)) == corners(relative_path(in_full))


def corners(relative: str) -> list[tuple[float, float]]:
    """Where the pieces of a relative path end, read as SVG reads them."""
    sizes = {"M": 1, "m": 1, "l": 1, "c": 3, "q": 2}
    ends, here, opened = [], (0, 0), (0, 0)
    for letter, numbers in re.findall(r"([Mmlcqz])([^Mmlcqz]*)", relative):
        if letter == "z":
            here = opened
            continue
        values = [float(n) for n in NUMBER.findall(numbers)]
        for k in range(2 * sizes[letter] - 2, len(values), 2 * sizes[letter]):
            start = (0, 0) if letter == "M" else here
            here = (start[0] + values[k], start[1] + values[k + 1])
            opened = here if letter in "Mm" and k == 0 else opened
            ends.append(here)
    return list(dict.fromkeys(ends))


def test_colours_outside_the_palette_are_found_but_not_those_of_a_colour_map():
    drawing = DRAWING.replace("</svg>", '<path style="fill:#FF0000"/></svg>')
    assert foreign_colors(parse(drawing)) == ["#ff0000"]
    mesh = "".join(f'<path style="fill:#0000{k:02x}"/>' for k in range(30))
    assert foreign_colors(parse(DRAWING.replace("</svg>", mesh + "</svg>"))) == []


@pytest.mark.parametrize(
    ("label", "lacks"),
    [
        ("轮 | epoch", None),
        ("轮", "en"),
        ("number of updates", "zh"),
        ("ReLU", None),
        ("0.5", None),
        ("softmax", None),
    ],
)
def test_a_label_in_one_language_is_found(label, lacks):
    assert one_language(label) == lacks


def test_alt_faults_are_told_once():
    assert [f.subtype for f in alt_faults("", 1, True)] == ["alt"]
    assert [f.subtype for f in alt_faults("一条线。", 1, False)] == ["alt"]
    assert list(alt_faults("一条线。", 1, True)) == []  # the bilingual extension does
    assert list(alt_faults(ALT, 1, False)) == []


# --------------------------------------------------------------------------------- pages
def cell(svg: str = DRAWING, **metadata) -> dict:
    data = {"image/svg+xml": svg, "application/pdf": "JVBERg==", "text/plain": "Figure"}
    output = new_output("display_data", data)
    return new_code_cell("plot()", outputs=[output], metadata={"mystnb": metadata})


FIGURE = {"name": "fig-line", "caption": "一条线。\n\nA line."}


@pytest.fixture
def build(make_app, tmp_path: Path, monkeypatch):
    """Build a page with these cells and return its HTML and its warnings."""
    monkeypatch.setattr(sphinx.locale, "translators", {})
    for name, label in sphinx.locale.admonitionlabels.items():  # put back afterwards
        monkeypatch.setitem(sphinx.locale.admonitionlabels, name, label)
    monkeypatch.delenv("BOOK_LANG", raising=False)
    source = tmp_path / "source"
    source.mkdir()
    (source / "conf.py").write_text(
        "extensions = ['myst_nb', 'bilingual', 'figures']\n"
        "language = 'zh_CN'\nhtml_theme = 'basic'\nnumfig = True\nexclude_patterns = ['_build']\n"
        "nb_execution_mode = 'off'\nsuppress_warnings = ['bilingual']\n"
    )

    def build(*cells, builder: str = "html", fresh: bool = True, **conf):
        title = new_markdown_cell("# 页 | Page")
        notebook = new_notebook(cells=[title, *cells])
        notebook.metadata["language_info"] = {"name": "python"}
        for index, each in enumerate(notebook.cells):
            each["id"] = f"c{index}"
        if fresh:
            nbformat.write(notebook, source / "index.ipynb")
        app = make_app(builder, srcdir=source, confoverrides=conf)
        app.build()
        text = re.sub(r"\x1b\[[\d;]*m", "", app.warning.getvalue())
        # A second application in one process warns of every node class of Sphinx.
        lines = [line for line in text.splitlines() if "setting up ext" not in line]
        return app, [line for line in lines if "WARNING" in line]

    return build


def html_of(app) -> BeautifulSoup:
    return page((app.outdir / "index.html").read_text("utf-8"))


def test_a_cells_figure_stands_in_the_page_with_number_and_caption(build):
    app, warnings = build(cell(figure=FIGURE, image={"alt": ALT}))
    assert warnings == []
    figure = html_of(app).select_one("figure#fig-line")
    assert figure.select_one(".fig svg text tspan.zh").get_text() == "轮 x"
    assert "一条线。" in figure.figcaption.get_text()
    assert not figure.find("img")
    assert not list((app.outdir / "_images").glob("*.svg"))
    assert (app.outdir / "_static" / "figures.css").exists()


def test_two_equal_figures_have_names_of_their_own(build):
    second = {"name": "fig-other", "caption": "同上。\n\nThe same."}
    app, warnings = build(
        cell(figure=FIGURE, image={"alt": ALT}), cell(figure=second, image={"alt": ALT})
    )
    assert warnings == []
    ids = [tag["id"] for tag in html_of(app).find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_missing_alt_caption_and_name_are_told_with_file_and_cure(build):
    _, warnings = build(
        cell(),
        cell(figure={"name": "fig-b"}, image={"alt": ALT}),
        cell(figure={"caption": "一条线。\n\nA line."}, image={"alt": ALT}),
    )
    assert len(warnings) == 4
    assert all(re.search(r"index\.ipynb:\d+: WARNING", line) for line in warnings)
    found = "\n".join(warnings)
    assert "add `mystnb: image: alt: 中文 | English`" in found
    assert "add `mystnb: figure:`" in found
    assert "add `caption:`" in found
    assert "add `name: fig-…`" in found


def test_faults_inside_a_drawing_are_told(build):
    drawing = DRAWING.replace(
        "</svg>", '<path style="fill:#ff0000"/><text>训练损失</text></svg>'
    )
    _, warnings = build(cell(drawing, figure=FIGURE, image={"alt": ALT}))
    assert len(warnings) == 2
    assert any("#ff0000" in line and "plotting.PALETTE" in line for line in warnings)
    assert any("“训练损失” has no English" in line for line in warnings)


def test_a_raster_figure_is_told(build):
    raster = cell(figure=FIGURE, image={"alt": ALT})
    raster.outputs[0].data = nbformat.from_dict({"image/png": "iVBORw0KGgo="})
    _, warnings = build(raster)
    assert len(warnings) == 1
    assert "call `plotting.use_style()`" in warnings[0]


def test_a_fault_is_told_in_every_build_until_it_is_cured(build):
    _, first = build(cell(figure=FIGURE))
    _, again = build(fresh=False)
    _, mended = build(cell(figure=FIGURE, image={"alt": ALT}))
    assert len(first) == 1
    assert again == first
    assert mended == []


def test_a_drawing_that_is_no_drawing_is_told_and_stays_an_image(build):
    broken = DRAWING.replace("</svg>", "")
    app, warnings = build(cell(broken, figure=FIGURE, image={"alt": ALT}))
    assert len(warnings) == 1
    assert "an SVG that no page can show (no element found" in warnings[0]
    assert html_of(app).figure.img["src"].endswith(".svg")


def test_a_drawing_of_a_size_that_no_page_knows_is_told_and_stays_an_image(build):
    wide = DRAWING.replace('width="396pt"', 'width="100%"')
    app, warnings = build(cell(wide, figure=FIGURE, image={"alt": ALT}))
    assert len(warnings) == 1
    assert "lengths such as 396pt, got '100%'" in warnings[0]
    assert html_of(app).figure.img


def test_an_edition_of_one_language_has_no_other_in_its_figures(build):
    app, warnings = build(cell(figure=FIGURE, image={"alt": ALT}), bilingual_mode="en")
    assert warnings == []
    assert not re.search("[\u4e00-\u9fff]", str(html_of(app).figure.select_one(".fig")))


def test_print_is_left_alone(build):
    app, _ = build(cell(figure=FIGURE, image={"alt": ALT}), builder="latex")
    tex = "\n".join(path.read_text("utf-8") for path in app.outdir.glob("*.tex"))
    assert "includegraphics" in tex


def test_the_style_sheet_names_every_colour_in_both_themes():
    css = (STATIC / "figures.css").read_text("utf-8")
    assert set(palette("dark")) == set(PALETTE)
    assert len(set(palette("dark").values())) == len(PALETTE)
    assert 'html[data-theme="dark"]' in css


COORDINATES = st.floats(-500, 500, allow_nan=False).map(lambda x: f"{x:.4f}")
PIECES = [("L", 2), ("C", 6), ("Q", 4)]


@st.composite
def paths(draw) -> str:
    """Absolute paths; a letter heads one piece or several."""
    written = []
    for _ in range(draw(st.integers(1, 3))):
        written += ["M", draw(COORDINATES), draw(COORDINATES)]
        for letter, size in draw(st.lists(st.sampled_from(PIECES), min_size=1)):
            count = size * draw(st.integers(1, 3))
            written += [
                letter,
                *draw(st.lists(COORDINATES, min_size=count, max_size=count)),
            ]
        written += draw(st.sampled_from([[], ["z"]]))
    return " ".join(written)


def drawn(path: str) -> list:
    """What a reader of SVG that is not ours draws."""
    pen = RecordingPen()
    parse_path(path, pen)
    return pen.value


@given(paths())
def test_another_reader_of_paths_draws_the_same(path: str):
    before, after = drawn(path), drawn(relative_path(path))
    assert [how for how, _ in before] == [how for how, _ in after]
    for (_, one), (_, other) in zip(before, after, strict=True):
        for point, moved in zip(one, other, strict=True):
            assert math.dist(point, moved) < 0.1
