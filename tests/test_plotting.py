"""Figures: same bytes each time, palette colours only, labels that can be split."""

import io
import itertools
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
import subset_font
import torch
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

from d2lnotes import plotting
from d2lnotes.plotting import course
from d2lnotes.plotting import style as style_module
from d2lnotes.plotting.charts import STRONGEST_CELL
from d2lnotes.plotting.labels import lines
from d2lnotes.plotting.style import FONT_FILE
from d2lnotes.plotting.svg import MissingGlyphWarning, math_runs, short_path, tidy


@pytest.fixture(autouse=True)
def style():
    with matplotlib.rc_context():
        matplotlib.use("agg")
        plotting.use_style()
        yield
        plt.close("all")


def svg(fig, tmp_path: Path) -> str:
    fig.savefig(tmp_path / "figure.svg")
    return (tmp_path / "figure.svg").read_text("utf-8")


def texts(source: str) -> list[str]:
    root = ElementTree.fromstring(source)
    return ["".join(e.itertext()) for e in root.iter() if e.tag.endswith("}text")]


def draw_gallery() -> None:
    """One figure with every kind of drawing."""
    _, axes = plotting.figure(12, 9, ncols=3, nrows=3)
    a = axes.ravel()
    x = np.arange(1, 11)
    ys = {f"第 {k} 条 | line {k}": 1 / x + k for k in range(6)}
    plotting.curves(a[0], x, ys, bands={"第 0 条 | line 0": (1 / x - 1, 1 / x + 1)})
    a[0].set(xlabel="轮 | epoch", ylabel="损失 $\\ell_1$ | loss $\\ell_1$")
    runs = [SimpleNamespace(train_loss=[2.0, 1.0 + k]) for k in range(3)]
    plotting.history(a[1], {"多层感知机 | MLP": runs})
    X = torch.tensor([[1.0, 1], [1, -1], [-1, 1], [-1, -1]])
    plotting.regions(a[2], lambda Z: Z[:, 0] * Z[:, 1], (-2, 2, -2, 2), steps=40)
    plotting.scatter_classes(a[2], X, torch.tensor([1, -1, -1, 1]))
    plotting.boundary(a[2], [1.0, 2.0], 0.5, arrow=True, margin=0.3)
    plotting.images(a[3], torch.rand(6, 28, 28), 2, 3, titles=["包 | bag"] * 6)
    plotting.heatmap(a[4], torch.linspace(-1, 1, 12).reshape(3, 4))
    plotting.confusion(a[5], [[9, 1], [2, 8]], ["包 | bag", "外套 | coat"])
    plotting.network(a[6], ["d", 5, 3], labels=["x", "h", "o"], bias=True)
    plotting.network(
        a[7],
        [2, 2, 1],
        labels=["x", ["±", "±"], ["×"]],
        colors=[None, ["c1", "c2"], "muted"],
        edge_colors={(0, 0, 0): "c1"},
        edge_labels={(1, -1, 0): "$b$"},
        layer_labels=["输入层 | input layer", None, "输出层 | output layer"],
        between=["4", "2"],
    )
    plotting.network(a[8], [4, 5, 3], mask=[None, [1, 0, 1, 0, 1], None])


GALLERY = (
    "import matplotlib, torch; matplotlib.use('agg')\n"
    "from IPython.core.interactiveshell import InteractiveShell\n"
    "shell = InteractiveShell.instance()\n"
    "import test_plotting as t; import matplotlib.pyplot as plt\n"
    "from hashlib import sha256\n"
    "torch.manual_seed(0); t.plotting.use_style(); t.draw_gallery()\n"
    "data, _ = shell.display_formatter.format(plt.gcf())\n"
    "for kind in ('image/svg+xml', 'application/pdf'):\n"
    "    print(kind, sha256(str(data[kind]).encode()).hexdigest())\n"
)


@pytest.mark.slow
def test_two_processes_draw_the_same_bytes_for_site_and_print():
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])

    def draw(seed: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", GALLERY],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        ).stdout

    first = draw("1")
    assert first.count("\n") == 2
    assert first == draw("2")


# ------------------------------------------------------------------------------- colours
@pytest.mark.slow
def test_figures_use_only_colours_of_the_palette(tmp_path):
    draw_gallery()
    source = re.sub(r'href="data:[^"]*"', "", svg(plt.gcf(), tmp_path))
    found = {color.lower() for color in re.findall(r"#[0-9a-fA-F]{6}\b", source)}
    assert found == set(plotting.PALETTE.values())


def linear(color: str) -> np.ndarray:
    rgb = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


# What reaches people without one kind of cone: Machado, Oliveira, Fernandes 2009,
# IEEE Trans. Vis. Comput. Graph. 15(6), severity 1.
VISION = {
    "full": np.eye(3),
    "protan": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deutan": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritan": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}


def oklab(rgb: np.ndarray) -> np.ndarray:
    lms = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    lab = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    return lab @ np.cbrt(lms @ np.clip(rgb, 0, 1))


def test_line_colours_differ_for_every_kind_of_sight_and_in_lightness():
    for a, b in itertools.combinations(plotting.COLORS, 2):
        assert abs(oklab(linear(a))[0] - oklab(linear(b))[0]) > 0.04, (a, b)
        for sight, matrix in VISION.items():
            seen = [oklab(matrix @ linear(color)) for color in (a, b)]
            assert np.linalg.norm(seen[0] - seen[1]) > 0.08, (a, b, sight)


def test_numbers_in_a_heat_map_are_drawn_in_ink_on_at_most_half_strength():
    _, ax = plotting.figure()
    plotting.heatmap(ax, [[1.0, -3.0], [0.0, 2.0]])
    assert max(patch.get_alpha() for patch in ax.patches) == STRONGEST_CELL
    assert {text.get_color() for text in ax.texts} == {plotting.PALETTE["ink"]}


def test_lines_differ_in_dashes_and_markers_too():
    _, ax = plotting.figure()
    plotting.curves(ax, [0, 1], {str(k): [k, k] for k in range(6)})
    looks = [(line.get_linestyle(), line.get_marker()) for line in ax.lines]
    dashes = [line._dash_pattern for line in ax.lines]
    assert len({marker for _, marker in looks}) == 6
    assert len(set(map(str, dashes))) == 6


# ---------------------------------------------------------------------------------- text
def test_a_label_is_one_text_with_its_anchor(tmp_path):
    fig, ax = plotting.figure()
    ax.set(xlabel="权重 $w_1$ | weight $w_1$", ylabel="训练损失 | training loss")
    source = svg(fig, tmp_path)
    assert "训练损失 | training loss" in texts(source)
    label = re.search(r"<text[^>]*>(?:(?!</text>).)*权重.*?</text>", source)[0]
    assert 'text-anchor="middle"' in label
    assert label.count('font-style="italic"') == 2
    assert re.sub(r"<[^>]*>|\u200b", "", label) == "权重 w1 | weight w1"


def test_math_comes_back_to_the_line_after_an_index():
    prop = font_manager.FontProperties(size=10)
    runs = math_runs("$x_1$ 与 $x_2$ | $x_1$ and $x_2$", prop)
    moves = [float((attributes or {}).get("dy", 0)) for attributes, _ in runs]
    assert moves.count(0.0) == 3 + 4  # text, and letters that stay on the line
    assert abs(sum(moves[:-1])) < 0.011  # before the last index: on the line


def test_a_prime_is_neither_small_nor_raised_twice():
    runs = math_runs("$f'(x)$", font_manager.FontProperties(size=10))
    prime = next(attributes for attributes, text in runs if text.startswith("′"))
    assert not {"font-size", "dy"} & set(prime)


def test_a_fraction_keeps_its_bar(tmp_path):
    fig, ax = plotting.figure()
    ax.set_xlabel(r"$\frac{1}{2}$")
    assert "<rect" in svg(fig, tmp_path)


def test_every_line_of_a_centred_label_is_centred(tmp_path):
    fig, ax = plotting.figure()
    ax.text(0.5, 0.5, "一 | one\n二十二 | twenty-two", ha="center")
    source = svg(fig, tmp_path)
    found = [re.search(rf"<text[^>]*>{word}", source)[0] for word in ("一 ", "二十二")]
    places = [re.search(r' x="([\d.]+)"', text)[1] for text in found]
    assert all('text-anchor="middle"' in text for text in found)
    assert abs(float(places[0]) - float(places[1])) < 0.02


@pytest.mark.filterwarnings("ignore:Glyph")  # matplotlib's own, without the label
def test_a_missing_character_is_named_with_its_label(tmp_path):
    fig, ax = plotting.figure()
    ax.set_xlabel("龘 | x")
    with pytest.warns(MissingGlyphWarning, match=r"龘 \(U\+9F98, in '龘 \| x'\)"):
        fig.savefig(tmp_path / "figure.svg")


def test_the_font_has_every_listed_character_and_stays_small():
    known = set(map(chr, FT2Font(str(FONT_FILE)).get_charmap()))
    assert set(subset_font.characters()) <= known
    assert FONT_FILE.stat().st_size <= subset_font.LIMIT
    assert {p.name for p in FONT_FILE.parent.glob("LICENSE*")} == {
        "LICENSE-DejaVu.txt",
        "LICENSE-Droid.txt",
    }


def test_style_is_idempotent():
    before = dict(matplotlib.rcParams)
    plotting.use_style()
    assert dict(matplotlib.rcParams) == before
    entries = font_manager.fontManager.ttflist
    assert sum(entry.fname == str(FONT_FILE) for entry in entries) == 1


def test_wide_titles_stack_by_language_and_short_ones_do_not():
    assert lines("包 | bag", 8, room=80) == [("包 | bag", None)]
    assert lines("短靴 | ankle boot\n对 | right", 8, room=30) == [
        ("短靴", "zh"),
        ("对", "zh"),
        ("ankle boot", "en"),
        ("right", "en"),
    ]


def test_stacked_halves_carry_their_language(tmp_path):
    fig = plotting.images(None, np.zeros((1, 8, 8)), 1, 1, ["运动鞋类 | all sneakers"])
    source = svg(fig, tmp_path)
    assert re.search(r'<text[^>]*class="zh"[^>]*>运动鞋类<', source)
    assert re.search(r'<text[^>]*class="en"[^>]*>all sneakers<', source)


# --------------------------------------------------------------------------- tidy SVG
@pytest.mark.slow
def test_svg_is_well_formed_and_without_comment_metadata_or_style_sheet(tmp_path):
    draw_gallery()
    source = svg(plt.gcf(), tmp_path)
    root = ElementTree.fromstring(source)
    tags = {element.tag.split("}")[-1] for element in root.iter()}
    assert not tags & {"metadata", "style", "title"}
    assert "<!--" not in source
    assert "<?xml" not in source
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    used = set(re.findall(r'(?:href="|url\()#([\w-]+)', source))
    assert sorted(used) == sorted(ids)


POINT = st.tuples(st.integers(-500, 500), st.integers(-500, 500))


@given(st.lists(POINT, min_size=2, max_size=20))
def test_short_path_stays_on_the_path(points):
    points = [(x / 10, y / 10) for x, y in points]
    long = "M " + " L ".join(f"{x:.6f} {y:.6f}" for x, y in points)
    numbers = [float(n) for n in re.findall(r"-?[\d.]+", short_path(long))]
    kept = list(zip(numbers[::2], numbers[1::2], strict=True))
    assert kept[0] == pytest.approx(points[0])
    assert kept[-1] == pytest.approx(points[-1])
    for point in points:  # on one of the pieces that are left
        assert min(map(distance(point), kept, kept[1:])) < 0.05


def distance(point):
    def to_piece(a, b):
        a, b, p = map(np.array, (a, b, point))
        if (a == b).all():
            return np.linalg.norm(p - a)
        t = np.clip((p - a) @ (b - a) / ((b - a) @ (b - a)), 0, 1)
        return np.linalg.norm(p - a - t * (b - a))

    return to_piece


# --------------------------------------------------------------------------------- charts
def test_history_shows_the_mean_and_the_extremes_of_several_runs():
    runs = [
        SimpleNamespace(train_loss=[4.0, 2.0]),
        SimpleNamespace(train_loss=[2.0, 1]),
    ]
    _, ax = plotting.figure()
    plotting.history(ax, {"a": runs})
    assert ax.lines[0].get_ydata().tolist() == [3.0, 1.5]
    band = ax.collections[0].get_paths()[0].vertices
    assert {tuple(v) for v in band} >= {(1, 2), (1, 4), (2, 1), (2, 2)}


def test_boundary_lies_on_the_line_and_keeps_the_view():
    _, ax = plotting.figure()
    ax.set(xlim=(-1, 3), ylim=(-2, 2))
    w, b = np.array([2.0, -1.0]), 0.5
    plotting.boundary(ax, w, b, arrow=True, margin=0.2)
    ends = np.stack(ax.lines[0].get_data(), 1)
    assert ends @ w + b == pytest.approx([0, 0])
    assert (ax.get_xlim(), ax.get_ylim()) == ((-1, 3), (-2, 2))


@pytest.mark.parametrize("q", [2, 3])
def test_regions_take_logits_of_any_number_of_classes(q):
    _, ax = plotting.figure()
    W = torch.eye(3)[:2, :q]
    plotting.regions(ax, lambda X: X @ W, (-1, 1, -1, 1), steps=30)
    assert len(ax.collections) == q + (q - 1)  # fills, and borders drawn once


def test_borders_of_integer_classes_are_straight_lines_not_stairs():
    _, ax = plotting.figure()
    plotting.regions(ax, lambda X: (X[:, 1] > 0.37 * X[:, 0]).long(), (-1, 1, -1, 1))
    border = ax.collections[1].get_paths()[0].vertices
    assert len(border) <= 4
    assert np.abs(border[:, 1] - 0.37 * border[:, 0]).max() < 2 / 200


def test_images_of_every_shape_are_the_same_pixels():
    X = torch.arange(3 * 16, dtype=torch.uint8).reshape(3, 4, 4)
    shown = []
    for form in (X, X[:, None], X.reshape(3, 16)):
        fig = plotting.images(None, form, 1, 3)
        shown.append(
            [np.array(c.images[0].get_array()) for c in fig.axes[0].child_axes]
        )
    np.testing.assert_array_equal(shown[0], shown[1])
    np.testing.assert_array_equal(shown[0], shown[2])


def test_confusion_counts_stand_where_they_belong():
    _, ax = plotting.figure()
    plotting.confusion(ax, torch.tensor([[5, 2], [0, 7]]), ["a", "b"])
    placed = {t.get_position(): t.get_text() for t in ax.texts}
    assert placed == {(0, 0): "5", (1, 0): "2", (1, 1): "7"}  # (column, row)


# ------------------------------------------------------------------------------- network
def circles(ax) -> np.ndarray:
    ax.figure.canvas.draw()
    units = [line for line in ax.lines if line.get_gid() == "unit"]
    places = [ax.transData.transform(line.get_xydata()[0]) for line in units]
    radius = units[0].get_markersize() / 2 / 72 * ax.figure.dpi
    return np.array([(*place, radius) for place in places])


@pytest.mark.parametrize(
    "sizes", [[4, 5, 3], ["d", 1], [784, 256, 128, 10], [1, 1], [2, 9, 2]]
)
@pytest.mark.parametrize("height", [2.0, 3.2])
def test_units_do_not_touch_and_texts_stay_off_them(sizes, height):
    fig, ax = plotting.figure(5.5, height)
    label = "隐藏层 | hidden layer"
    plotting.network(
        ax,
        sizes,
        layer_labels=[label] * len(sizes),
        between=["1 000"] * (len(sizes) - 1),
    )
    found = circles(ax)
    for (ax1, ay1, r), (bx, by, _) in itertools.combinations(found, 2):
        assert np.hypot(ax1 - bx, ay1 - by) > 2 * r
    for text in ax.texts:
        box = text.get_window_extent()
        for x, y, r in found:
            nearest = (np.clip(x, box.x0, box.x1), np.clip(y, box.y0, box.y1))
            assert np.hypot(nearest[0] - x, nearest[1] - y) > r
        assert box.x0 >= 0
        assert box.y0 >= -1
        assert box.y1 <= fig.bbox.y1 + 1
    boxes = [text.get_window_extent() for text in ax.texts]
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))


def test_every_unit_is_joined_to_every_unit_of_the_next_layer():
    _, ax = plotting.figure()
    plotting.network(ax, [4, 5, 3])
    edges = [line for line in ax.lines if line.get_gid() == "edge"]
    assert len(edges) == 4 * 5 + 5 * 3


def test_dropped_units_have_no_edges_and_a_cross():
    _, ax = plotting.figure()
    plotting.network(ax, [4, 5, 3], mask=[None, [1, 0, 1, 0, 1], None])
    gids = [line.get_gid() for line in ax.lines]
    assert gids.count("edge") == 4 * 3 + 3 * 3
    assert gids.count("dropped") == 2


def test_a_wide_layer_shows_its_last_unit_after_dots():
    _, ax = plotting.figure()
    plotting.network(ax, [784, "h"], labels=["x", "a"])
    shown = [text.get_text() for text in ax.texts]
    assert shown[:5] == ["$x_{1}$", "$x_{2}$", "$x_{3}$", "$x_{4}$", "$x_{784}$"]
    assert shown[-1] == "$a_{h}$"
    assert sum(line.get_gid() == "dots" for line in ax.lines) == 6


# ------------------------------------------------------------------------- odd requests
def test_a_figure_is_the_same_in_a_file_of_text_and_one_of_bytes():
    fig, ax = plotting.figure()
    ax.set_xlabel("轮 | epoch")
    text, data = io.StringIO(), io.BytesIO()
    fig.savefig(text, format="svg")
    fig.savefig(data, format="svg")
    assert data.getvalue().decode("utf-8") == text.getvalue()


def test_a_text_keeps_its_slant_weight_strength_and_clip(tmp_path):
    fig, ax = plotting.figure()
    look = {"style": "italic", "weight": 700, "alpha": 0.25}
    ax.text(0.5, 0.5, "look", clip_on=True, **look)
    source = svg(fig, tmp_path)
    (style,) = re.findall(r'style="([^"]*)"[^>]*>look', source)
    found = dict(part.split(":") for part in style.split(";"))
    assert (found["font-style"], found["font-weight"]) == ("italic", "700")
    assert found["opacity"] == "0.25"
    assert re.search(r"<g clip-path[^>]*><text[^>]*>look</text></g>", source)


def test_bold_math_is_bold():
    runs = math_runs(r"$\mathbf{W}x$", font_manager.FontProperties(size=10))
    assert [attributes.get("font-weight") for attributes, _ in runs] == ["bold", None]


@pytest.mark.parametrize(
    ("given", "short"),
    [
        ("M 0 0 Q 1 1 2 0 L 3 0 z", "M0 0Q1 1 2 0L3 0z"),
        ("M 0 0 L 1 0 z L 0 2", "M0 0L1 0zL0 2"),  # a line right after a close
    ],
)
def test_a_path_goes_on_after_a_curve_and_after_its_end(given, short):
    assert short_path(given) == short


def test_a_group_has_one_style_if_all_its_signs_have_it():
    sign = '<use style="fill:#000000" />'
    for inside, shared in ((sign * 2, True), (sign + "<use />", False)):
        group = f'<g id="a"><g class="b">{inside}</g></g>'
        short = tidy(f'<svg xmlns="http://www.w3.org/2000/svg">{group}</svg>')
        assert ('<g class="b" style="fill:#000000">' in short) == shared
        assert short.count("fill:#000000") == 1


def test_markers_come_with_few_points_or_on_request():
    for count, markers, drawn in (
        (30, None, True),
        (31, None, False),
        (31, True, True),
        (3, False, False),
    ):
        _, ax = plotting.figure()
        plotting.curves(ax, range(count), {"a": range(count)}, markers=markers)
        assert (ax.lines[0].get_marker() not in ("None", "")) == drawn


def test_one_run_has_no_band():
    _, ax = plotting.figure()
    plotting.history(ax, {"a": SimpleNamespace(train_loss=[2.0, 1.0])})
    assert len(ax.lines) == 1
    assert not ax.collections


def test_points_of_one_class_need_neither_the_other_nor_labels():
    _, ax = plotting.figure()
    plotting.scatter_classes(ax, [[0, 1], [2, 3]], [1, 1], labels=None)
    (points,) = ax.collections
    assert points.get_offsets().tolist() == [[0, 1], [2, 3]]
    assert ax.get_legend() is None


def test_a_column_of_scores_is_scores_and_borders_may_be_left_out():
    drawn = []
    for f, edges in (
        (lambda X: X[:, 0], True),
        (lambda X: X[:, :1], True),
        (lambda X: X[:, :1], False),
    ):
        _, ax = plotting.figure()
        plotting.regions(ax, f, (-1, 1, -1, 1), steps=20, edges=edges)
        drawn.append([len(c.get_paths()[0].vertices) for c in ax.collections])
    assert drawn[0] == drawn[1]
    assert len(drawn[1]) == len(drawn[2]) + 1


def test_a_colour_may_be_a_hex_value_of_the_palette_or_none():
    _, ax = plotting.figure()
    blue = plotting.PALETTE["c1"]
    plotting.network(ax, [1, 2], colors=[blue, ["none", "c2"]])
    plotting.boundary(ax, [1, 0], 0, color=blue)
    assert ax.lines[-1].get_color() == blue


def test_lines_for_both_languages_stand_once_among_stacked_ones():
    assert lines("甲乙丙丁 | four signs\n$x$", 8, room=10) == [
        *(("甲乙丙丁", "zh"), ("$x$", None), ("four signs", "en"))
    ]
    assert lines("甲 | a\n", 8, room=100) == [("甲 | a", None), ("", None)]


@pytest.mark.parametrize(
    ("shell", "styled", "formats"),
    [
        (None, True, None),
        (object(), True, ("svg", "pdf")),
        (object(), False, ("svg",)),
    ],
)
def test_a_notebook_draws_svg_and_for_the_book_pdf(monkeypatch, shell, styled, formats):
    import IPython
    from matplotlib_inline import backend_inline

    asked = []
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    monkeypatch.setattr(style_module, "_styled", styled)
    monkeypatch.setattr(
        backend_inline, "set_matplotlib_formats", lambda *a, **kw: asked.append(a)
    )
    plotting.use_svg()
    assert asked == ([formats] if formats else [])
    monkeypatch.delitem(sys.modules, "IPython")  # a plain script
    plotting.use_svg()
    assert asked == ([formats] if formats else [])


class Kernel:
    """As much of a notebook's shell as the animator asks for."""

    kernel = object()

    def __init__(self):
        self.finish = []
        self.events = SimpleNamespace(
            register=lambda name, f: self.finish.append(f),
            unregister=lambda name, f: self.finish.remove(f),
        )


@pytest.mark.parametrize(("live", "draws"), [("1", 2), ("0", 1)])
def test_an_animator_draws_in_place_and_once_more_when_the_cell_is_over(
    monkeypatch, live, draws
):
    import IPython
    from IPython import display

    seen = []
    handle = SimpleNamespace(
        display=lambda fig: seen.append(("display", fig)),
        update=lambda fig: seen.append(("update", fig)),
    )
    shell = Kernel()
    monkeypatch.setitem(sys.modules, "ipykernel", SimpleNamespace())
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    monkeypatch.setattr(display, "DisplayHandle", lambda: handle)
    monkeypatch.setattr(course, "use_svg", lambda: None)
    monkeypatch.setenv("D2LNOTES_LIVE", live)
    animator = plotting.Animator(legend=["a"])
    for x in range(5):  # quicker than the eye
        animator.add(x, x)
    assert len(shell.finish) == 1
    shell.finish[0]()
    assert [how for how, _ in seen] == ["display", "update"][:draws]
    assert len({id(fig) for _, fig in seen}) == 1
    assert animator.axes[0].lines[0].get_ydata().tolist() == [0, 1, 2, 3, 4]
    assert shell.finish == []


def test_a_shell_without_kernel_is_no_notebook(monkeypatch):
    import IPython

    monkeypatch.setitem(sys.modules, "ipykernel", SimpleNamespace())
    monkeypatch.setattr(IPython, "get_ipython", SimpleNamespace)
    animator = plotting.Animator()
    animator.add(1, 2)
    assert animator._fig is None


def test_a_plot_may_go_into_axes_and_have_its_own_formats():
    _, (left, right) = plt.subplots(1, 2)
    plt.sca(right)
    plotting.plot([1, 2], [[3, 4], [5, 6]], axes=left, fmts=("r:", "b--"))
    assert [(a.get_color(), a.get_linestyle()) for a in left.lines] == [
        *(("r", ":"), ("b", "--"))
    ]
    assert not right.lines


# -------------------------------------------------------------------------------- errors
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda ax: plotting.curves(ax, [1, 2], {"a": [1]}), r"ys\['a'\].*2, got 1"),
        (lambda ax: plotting.curves(ax, [1], {}, bands={"b": 0}), "bands names lines"),
        (lambda ax: plotting.history(ax, {"a": []}), r"histories\['a'\]"),
        (
            lambda ax: plotting.history(
                ax, {k: SimpleNamespace(train_loss=[1.0] * len(k)) for k in ("a", "bb")}
            ),
            r"same number of epochs, got \[1, 2\]",
        ),
        (lambda ax: plotting.images(ax, np.zeros((1, 4, 4)), 1, 2), "at least .* 2"),
        (lambda ax: plotting.images(ax, np.zeros((2, 3, 4, 4)), 1, 2), "grey images"),
        (lambda ax: plotting.images(ax, np.zeros((2, 5)), 1, 2), "squares"),
        (lambda ax: plotting.images(ax, np.zeros((2, 4, 4)), 1, 2, ["a"]), "titles"),
        (lambda ax: plotting.scatter_classes(ax, [[0, 0]], [2]), "y is in"),
        (lambda ax: plotting.scatter_classes(ax, [[0, 0]], [1, 1]), "X is"),
        (lambda ax: plotting.boundary(ax, [0, 0], 1), "w has shape"),
        (lambda ax: plotting.boundary(ax, [1, 0], 1, color="red"), "color is a name"),
        (lambda ax: plotting.regions(ax, len, (1, 0, 0, 1)), "extent"),
        (lambda ax: plotting.regions(ax, lambda X: X[:3], (0, 1, 0, 1)), "f gives"),
        (lambda ax: plotting.heatmap(ax, [[np.nan]]), "M is finite"),
        (lambda ax: plotting.heatmap(ax, [1.0]), "M has 2 dimensions"),
        (lambda ax: plotting.heatmap(ax, [[1.0]], row_labels="ab"), "row_labels"),
        (lambda ax: plotting.confusion(ax, [[1, 2]], ["a"]), "matrix is square"),
        (lambda ax: plotting.confusion(ax, [[1]], ["a", "b"]), "names has 1"),
        (lambda ax: plotting.network(ax, [3]), "at least two layers"),
        (lambda ax: plotting.network(ax, [3, 0]), "at least 1"),
        (lambda ax: plotting.network(ax, [3, 2], labels=["x"]), "labels has 2"),
        (lambda ax: plotting.network(ax, [3, 2], labels=["x", ["a"]]), r"labels\[1\]"),
        (lambda ax: plotting.network(ax, [3, 2], max_units=2), "max_units"),
        (lambda ax: plotting.network(ax, [3, 2], mask=[[1], None]), r"mask\[0\]"),
        (lambda ax: plotting.network(ax, [3, 2], colors=["red", None]), r"colors\[0\]"),
        (
            lambda ax: plotting.network(ax, [9, 2], edge_labels={(0, 6, 0): "w"}),
            "hidden by the dots",
        ),
        (
            lambda ax: plotting.network(ax, [3, 2], edge_colors={(0, 3, 0): "c1"}),
            "unit 3 of .* not in layer 0",
        ),
        (
            lambda ax: plotting.network(ax, [3, 2], edge_colors={(1, 0, 0): "c1"}),
            r"layer of \(1, 0, 0\) is in 0 … 0",
        ),
        (lambda ax: plotting.figure(width=0), "width is a length"),
    ],
)
def test_an_error_names_the_argument(call, message):
    _, ax = plotting.figure()
    with pytest.raises(ValueError, match=message):
        call(ax)
