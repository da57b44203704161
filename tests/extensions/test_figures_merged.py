"""What looks alike in a drawing is written once, and looks as before."""

from itertools import pairwise
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import numpy as np
import pytest
from figures.fewer_bytes import UNSEEN, shorten, thinned
from figures.merged import merge
from hypothesis import given
from hypothesis import strategies as st

GRID, DATA = "fill:none;stroke:#ddd;stroke-width:0.6", "fill:none;stroke:red"
DEFS = (
    '<defs><path id="tick" d="M0 0L0 3.5" style="stroke-width:0.8"/>'
    '<path id="dot" d="M0 1C1 1 1 -1 0 -1z" style="stroke:blue"/></defs>'
)


def merged(inside: str) -> Element:
    root = ElementTree.fromstring(f"<svg>{DEFS}{inside}</svg>")
    merge(root)
    return root


def line(y: int, style: str = GRID, more: str = "") -> str:
    return f'<path d="M0 {y}L90 {y}" style="{style}"{more}/>'


def dots(count: int, style: str = "fill:blue") -> str:
    return "".join(
        f'<use href="#dot" x="{9 * k}" y="{k}" style="{style}"/>' for k in range(count)
    )


def looks(root: Element) -> list[str]:
    return [f"{e.tag} {e.get('d', '')}" for e in root if e.tag != "defs"]


def test_the_ticks_of_an_axis_are_one_path():
    ticks = (f'<use href="#tick" x="{x}" y="50" style="stroke:gray"/>' for x in (5, 25))
    labels = (f'<text x="{x}" y="66" style="font-size:10px">1</text>' for x in (5, 25))
    first, second = zip(ticks, labels, strict=True)
    root = merged("".join([*first, *second]))
    (path,) = root.findall("path")
    assert path.get("d") == "M5.00 50.00L5.00 53.50M25.00 50.00L25.00 53.50"
    assert path.get("style") == "stroke:gray;stroke-width:0.8;fill:none"
    assert root.find("defs/path[@id='tick']") is None


def test_the_marks_of_a_series_are_the_corners_of_one_path():
    legend = '<use href="#dot" x="70" y="70" style="fill:blue"/>'
    root = merged(f'<g clip-path="url(#c)">{dots(4)}</g>{legend}')
    (path,) = root.findall("g/path")
    assert path.get("d") == "M0 0L9 1 18 2 27 3"
    marker = root.find("defs/marker")
    assert path.get("style").endswith(f"marker:url(#{marker.get('id')})")
    assert marker.get("style") == "fill:blue"  # it takes nothing from the path
    assert marker.find("path").get("id") == "dot"  # which the legend shows too
    assert root.find("use").get("x") == "70"


def test_two_looks_of_one_mark_are_two_markers():
    root = merged(dots(3) + dots(3, "fill:red"))
    styles = [marker.get("style") for marker in root.findall("defs/marker")]
    assert styles == ["fill:blue", "fill:red"]
    assert root.find("defs/marker[2]/use").get("href") == "#dot"


def test_marks_that_one_group_each_held_become_one_series():
    one_each = (f'<g clip-path="url(#c)">{dots(1)}</g>' for _ in range(3))
    root = merged("".join(one_each))
    assert [len(group) for group in root.findall("g")] == [1]
    assert root.find("g/path") is not None


@pytest.mark.parametrize("style", ["opacity:0.5", "fill:blue;opacity:.5"])
def test_what_is_sheer_as_a_whole_stays(style: str):
    assert len(merged(f"<g>{dots(4, style)}</g>").findall("g/use")) == 4
    assert len(merged(f'<g style="{style}">{dots(4)}</g>').findall("g/use")) == 4


def test_a_line_goes_behind_an_earlier_one_unless_something_would_be_covered():
    apart = merged(line(10) + line(40, DATA) + line(70))
    assert looks(apart) == ["path M0 10L90 10M0 70L90 70", "path M0 40L90 40"]
    between = merged(line(10) + line(40, DATA) + line(40))
    assert len(looks(between)) == 3
    text = '<text x="45" y="42" style="font-size:10px">words</text>'
    assert len(looks(merged(line(10) + text + line(40)))) == 3
    turned = '<text x="0" y="0" transform="rotate(90)">words</text>'
    assert len(looks(merged(line(10) + turned + line(40)))) == 3


def test_areas_that_overlap_are_not_joined():
    def area(x: int) -> str:
        return f'<path d="M{x} 0L{x + 9} 0L{x} 9z" style="fill:red;fill-opacity:0.5"/>'

    assert len(looks(merged(area(0) + area(30)))) == 1
    assert len(looks(merged(area(0) + area(5)))) == 2


def test_a_path_of_another_kind_is_joined_with_none_and_may_be_anywhere():
    other = '<path d="m0 0h9" style="fill:none;stroke:red"/>'
    assert len(looks(merged(other + other))) == 2
    assert len(looks(merged(line(10) + other + line(70)))) == 3


def test_labels_side_by_side_say_their_style_once():
    style = 'style="font-size:10px" text-anchor="end"'
    root = merged("".join(f'<text x="1" y="{y}" {style}>a</text>' for y in (1, 2, 3)))
    (group,) = root.findall("g")
    assert group.attrib == {"style": "font-size:10px", "text-anchor": "end"}
    assert [set(text.attrib) for text in group] == [{"x", "y"}] * 3


def test_no_mark_is_lost_though_it_lies_on_a_line():
    root = merged(f"<g>{dots(9)}</g>")
    shorten(root)
    assert root.find("g/path").get("d") == "M0 0l" + " ".join(["9 1"] * 8)


POINTS = st.tuples(st.floats(-50, 50), st.floats(-50, 50))


def off(point: tuple, start: tuple, end: tuple) -> float:
    """How far a point is from a stretch, by looking at a thousand places of it."""
    places = np.linspace(start, end, 1001)
    return np.hypot(*(places - point).T).min()


@given(st.lists(POINTS, min_size=2, max_size=12))
def test_a_thinned_line_misses_no_corner_that_is_seen(points: list):
    kept = thinned(points, UNSEEN)
    assert (kept[0], kept[-1]) == (points[0], points[-1])
    stretches = list(pairwise(kept)) or [(kept[0], kept[0])]
    for point in points:
        assert min(off(point, *stretch) for stretch in stretches) <= UNSEEN + 0.1
