"""What looks alike is written once: ticks and lines as one path, marks as one with markers.

Half of a chart's bytes say the same again: the ticks and grid lines of an axis, the
points of a series. Paint order changes only where nothing overlaps.
"""

from __future__ import annotations

import re
from itertools import count, groupby
from xml.etree.ElementTree import Element, SubElement

from .fewer_bytes import NUMBER, PATH

USED = re.compile(r"#([\w-]+)")
STRAIGHT = re.compile(r"M([^A-Z]+)L([^A-Z]+)")
FEW = 3  # marks or labels; to say once what fewer share is no shorter
MARK = 12.0  # points that a mark reaches beyond its place

Box = tuple[float, float, float, float]  # left, top, right, bottom
NOWHERE = (float("inf"), float("inf"), -float("inf"), -float("inf"))


def merge(root: Element) -> None:
    """Shorten a drawing in place; paths that are not absolute stay as they are."""
    shapes = {e.get("id"): e for d in root.iter("defs") for e in d if e.get("id")}
    draw_ticks(root, shapes)
    join_groups(root)
    draw_marks(root, shapes)
    join_paths(root)
    share_letters(root)
    drop_unused(root)


def style_of(element: Element) -> dict[str, str]:
    """The style of an element as a table.

    Example:
        >>> style_of(Element("path", {"style": "fill:none;stroke:red"}))
        {'fill': 'none', 'stroke': 'red'}
    """
    pairs = (part.split(":", 1) for part in element.get("style", "").split(";") if part)
    return {name.strip(): value.strip() for name, value in pairs}


def written(style: dict[str, str]) -> str:
    """A table as a style."""
    return ";".join(f"{name}:{value}" for name, value in style.items())


def numbers(text: str) -> list[float]:
    """The numbers of a path or an attribute."""
    return [float(number) for number in NUMBER.findall(text)]


def name_of(use: Element) -> str:
    """What a ``<use>`` shows."""
    return use.get("href", "").removeprefix("#")


def draw_ticks(root: Element, shapes: dict[str | None, Element]) -> None:
    """Draw a straight line where one is used, so that it can be joined with others."""
    for parent in list(root.iter()):
        for at, use in enumerate(parent):
            shape = shapes.get(name_of(use)) if use.tag == "use" else None
            line = STRAIGHT.fullmatch(shape.get("d", "")) if shape is not None else None
            if shape is None or not line or "transform" in {*use.attrib, *shape.attrib}:
                continue
            x, y = float(use.get("x", 0)), float(use.get("y", 0))
            points = [numbers(point) for point in line.groups()]
            if any(len(point) != 2 for point in points):
                continue
            d = "L".join(f"{x + dx:.2f} {y + dy:.2f}" for dx, dy in points)
            kept = {k: v for k, v in use.attrib.items() if k not in ("href", "x", "y")}
            style = {**style_of(use), **style_of(shape), "fill": "none"}
            parent[at] = Element(
                "path", {**kept, "d": f"M{d}", "style": written(style)}
            )


def join_groups(root: Element) -> None:
    """Make neighbours that say the same of what they hold one group."""
    for parent in list(root.iter()):
        for _, group in groupby(list(parent), lambda e: e.tag == "g" and e.attrib):
            first, *others = group
            if first.tag == "g" and "opacity" not in style_of(first):
                for other in others:
                    first.extend(other)
                    parent.remove(other)


def draw_marks(root: Element, shapes: dict[str | None, Element]) -> None:
    """Make the marks of a series the corners of one path, with a marker on each."""
    homes = {shape: defs for defs in root.iter("defs") for shape in defs}
    fresh = (f"marker-{number}" for number in count(1))

    def look(element: Element) -> dict[str, str] | None:
        place = {"x", "y"} <= set(element.attrib) <= {"x", "y", "href", "style"}
        plain = "opacity" not in style_of(element) and name_of(element) in shapes
        kept = {**element.attrib, "x": "", "y": ""}
        return kept if element.tag == "use" and place and plain else None

    for parent in list(root.iter()):
        for alike, group in groupby(list(parent), look):
            marks = list(group)
            if alike is None or len(marks) < FEW or "opacity" in style_of(parent):
                continue
            # A marker takes nothing from the path that it marks, nor from that's parents.
            style = written(style_of(parent) | style_of(marks[0]))
            name, shape = next(fresh), shapes[name_of(marks[0])]
            marker = SubElement(homes[shape], "marker", {"id": name, "style": style})
            marker.attrib |= {"markerUnits": "userSpaceOnUse", "overflow": "visible"}
            if shape in list(homes[shape]):
                homes[shape].remove(shape)
                marker.append(shape)
            else:
                SubElement(marker, "use", {"href": f"#{shape.get('id')}"})
            places = [f"{mark.get('x')} {mark.get('y')}" for mark in marks]
            style = f"fill:none;stroke:none;marker:url(#{name})"
            path = {"d": f"M{places[0]}L{' '.join(places[1:])}", "style": style}
            parent.insert(list(parent).index(marks[0]), Element("path", path))
            for mark in marks:
                parent.remove(mark)


def is_plain(element: Element) -> bool:
    """Whether it is a path that another may be written behind."""
    kept = {"id", "transform", "opacity"} & set(element.attrib)
    marked = "marker" in element.get("style", "")
    absolute = PATH.fullmatch(element.get("d", ""))
    return element.tag == "path" and not kept and not marked and bool(absolute)


def is_stroke(element: Element) -> bool:
    """Whether it looks the same once or twice in one place: nothing filled, nothing sheer."""
    style = element.get("style", "")
    return "fill:none" in style and "opacity" not in style


def box_of(element: Element) -> Box | None:
    """Where an element can be seen, roughly and never too small; ``None``: anywhere."""
    if "transform" in element.attrib:
        return None
    if element.tag in ("defs", "clipPath", "marker"):
        return NOWHERE
    if element.tag == "path" and PATH.fullmatch(element.get("d", "")):
        values = numbers(element.get("d", ""))
        reach = numbers(style_of(element).get("stroke-width", "2"))[0]
        if "marker" in element.get("style", ""):
            reach = MARK
        xs, ys = values[::2], values[1::2]
        return min(xs) - reach, min(ys) - reach, max(xs) + reach, max(ys) + reach
    if element.tag not in ("text", "use") or not {"x", "y"} <= set(element.attrib):
        return None
    x, y = float(element.get("x", 0)), float(element.get("y", 0))
    if element.tag == "use":
        return x - MARK, y - MARK, x + MARK, y + MARK
    size = numbers(style_of(element).get("font-size", "16"))[0]
    wide = size * len("".join(element.itertext()))
    left = x - wide * {"middle": 0.5, "end": 1}.get(element.get("text-anchor", ""), 0)
    return left, y - size, left + wide, y + size / 2


def apart(one: Box | None, other: Box | None) -> bool:
    """Whether two boxes have no point in common.

    Example:
        >>> apart((0, 0, 1, 1), (2, 0, 3, 1)), apart((0, 0, 1, 1), None)
        (True, False)
    """
    if one is None or other is None:
        return False
    return (
        one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]
    )


def join_paths(parent: Element) -> None:
    """Write a path behind an earlier one of the same look, if it touches nothing between."""
    kept: list[tuple[Element, list[Box | None]]] = []
    for element in list(parent):
        if element.tag == "g":
            join_paths(element)
        box = box_of(element)
        same = earlier(element, box, kept) if is_plain(element) else None
        if same is None:
            kept.append((element, [box]))
            continue
        joined, boxes = kept[same]
        joined.set("d", f"{joined.get('d')}{element.get('d')}")
        boxes.append(box)
        parent.remove(element)


def earlier(
    element: Element, box: Box | None, kept: list[tuple[Element, list[Box | None]]]
) -> int | None:
    """The place of a path with the same look that this one may join."""
    look = {**element.attrib, "d": ""}
    for at in range(len(kept) - 1, -1, -1):
        other, boxes = kept[at]
        free = all(apart(box, each) for each in boxes)
        if is_plain(other) and {**other.attrib, "d": ""} == look:
            return at if free or is_stroke(element) else None
        if not free:
            return None
    return None


def share_letters(root: Element) -> None:
    """Say the style of neighbouring labels once."""

    def look(element: Element) -> tuple[str, str | None] | None:
        style, anchor = element.get("style"), element.get("text-anchor")
        return (style, anchor) if element.tag == "text" and style else None

    for shared, group in groupby(list(root), look):
        labels = list(group)
        if shared is None or len(labels) < FEW:
            continue
        names = [name for name in ("style", "text-anchor") if name in labels[0].attrib]
        together = Element("g", {name: labels[0].get(name, "") for name in names})
        root.insert(list(root).index(labels[0]), together)
        for label in labels:
            for name in names:
                del label.attrib[name]
            root.remove(label)
            together.append(label)


def drop_unused(root: Element) -> None:
    """Leave out the shapes that nothing shows any more."""
    named = {
        name for e in root.iter() for v in e.attrib.values() for name in USED.findall(v)
    }
    for parent in list(root.iter()):
        for defs in [child for child in parent if child.tag == "defs"]:
            for shape in list(defs):
                if not named & {e.get("id") for e in shape.iter()}:
                    defs.remove(shape)
            if not len(defs):
                parent.remove(defs)
