"""The same drawing in fewer bytes: shorter paths, smaller PNGs, nothing visible lost."""

from __future__ import annotations

import io
import re
from base64 import b64decode, b64encode
from xml.etree.ElementTree import Element

from PIL import Image

PNG = "data:image/png;base64,"
NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
STEP = re.compile(r"([MLCQz])([^MLCQz]*)", re.IGNORECASE)
# What matplotlib and ``d2lnotes.plotting.svg`` write: absolute moves, lines and curves,
# a letter not said again while it stays the same.
PATH = re.compile(r"(?:[MLCQ][\d\s.e,-]*|[zZ]\s*)+")
PIECE = {"M": 1, "L": 1, "C": 3, "Q": 2}  # points of one move, line or curve
# What a text of a drawing is by `figures.css`, and what a dashed line is anyway.
TEXT_SO = re.compile(r";fill:var\(--fig-ink\)(?=;|$)")
LINE_SO = re.compile(r"stroke-dashoffset:0(?:;|$)")
UNSEEN, UNSEEN_AREA = 0.15, 0.25  # points by which a line, an edge may miss a corner

Point = tuple[float, float]


def shorten(root: Element) -> None:
    """Write coordinates to a tenth of a point, shapes that are used again to a hundredth."""
    shapes = {e for defs in root.iter("defs") for e in defs.iter()}
    for element in root.iter():
        if "style" in element.attrib:
            unsaid = TEXT_SO if element.tag in ("text", "g") else LINE_SO
            element.set("style", unsaid.sub("", element.get("style")))
        if "d" in element.attrib:
            places = 2 if element in shapes else 1
            unseen = 0 if element in shapes else missable(element.get("style", ""))
            element.set("d", relative_path(element.get("d"), places, unseen))
        if element.tag in ("use", "text"):
            for name in {"x", "y"} & set(element.attrib):
                if NUMBER.fullmatch(element.get(name)):
                    value = round(float(element.get(name)), 1)
                    element.set(name, short_number(value))


def missable(style: str) -> float:
    """By how much a path of this style may miss a corner."""
    if "marker" in style:  # its corners are the marks
        return 0
    return UNSEEN if "stroke" in style or "fill:none" in style else UNSEEN_AREA


def thinned(points: list[Point], unseen: float) -> list[Point]:
    """The corners that a line needs to miss none of these points by more (Douglas, Peucker).

    Example:
        >>> thinned([(0, 0), (1, 0.05), (2, 0), (3, 1)], 0.1)
        [(0, 0), (2, 0), (3, 1)]
    """
    kept, waiting = {0, len(points) - 1}, [(0, len(points) - 1)]
    while waiting:
        first, last = waiting.pop()
        start, end = complex(*points[first]), complex(*points[last])
        way = end - start
        farthest, miss = first, unseen
        for at in range(first + 1, last):
            aside = complex(*points[at]) - start
            along = (aside * way.conjugate()).real / abs(way) ** 2 if way else 0
            distance = abs(aside - min(max(along, 0), 1) * way)
            if distance > miss:
                farthest, miss = at, distance
        if farthest != first:
            kept.add(farthest)
            waiting += [(first, farthest), (farthest, last)]
    return [points[at] for at in sorted(kept)]


def relative_path(d: str, places: int = 1, unseen: float = 0) -> str:
    """A path's absolute steps as relative ones, rounded: half the bytes.

    Rounding does not add up, since each step starts from where the last one ended. The
    ticks of an axis come out as the same step again and again, which packs well.

    Example:
        >>> relative_path("M10.02 20L10.52 19.51 12 19.5zM12 20L12 21")
        'M10 20l.5-.5 1.5 0zm2 0l0 1'
    """
    if not PATH.fullmatch(d):
        return d
    steps, here, opened = [], (0.0, 0.0), (0.0, 0.0)
    for command, numbers in STEP.findall(d):
        values = [float(n) for n in NUMBER.findall(numbers)]
        points = list(zip(values[::2], values[1::2], strict=True))
        if not points:
            steps.append("z")
            here = opened
            continue
        if command == "L" and unseen:
            points = thinned([here, *points], unseen)[1:]
        offsets: list[Point] = []
        size = PIECE[command]
        # One letter may head several pieces, each of which starts where the last ended.
        for at in range(0, len(points), size):
            piece = points[at : at + size]
            start = (0.0, 0.0) if command == "M" and not steps else here
            offsets += [
                (round(x - start[0], places), round(y - start[1], places))
                for x, y in piece
            ]
            here = (start[0] + offsets[-1][0], start[1] + offsets[-1][1])
            if command == "M" and at == 0:
                opened = here  # the points after it are lines already
        written = " ".join(short_number(n) for offset in offsets for n in offset)
        steps.append((command.lower() if steps else "M") + written)
    return "".join(steps).replace(" -", "-")


def short_number(number: float) -> str:
    """A number in as few characters as can be.

    Example:
        >>> short_number(-0.50), short_number(-0.0), short_number(12.0)
        ('-.5', '0', '12')
    """
    return re.sub(r"^(-?)0\.", r"\1.", f"{number or 0.0:g}")


def pack_images(root: Element) -> None:
    """Write the bitmaps of a drawing, same pixels, in the smallest PNG."""
    for image in root.iter("image"):
        data = image.get("href", "")
        if data.startswith(PNG):
            packed = smallest_png(b64decode(data.removeprefix(PNG)))
            image.set("href", PNG + b64encode(packed).decode())


def smallest_png(data: bytes) -> bytes:
    """The same pixels without the channels that say nothing, and without metadata."""
    image = Image.open(io.BytesIO(data))
    pixels = image.convert("RGBA")
    red, green, blue, alpha = pixels.split()
    if alpha.getextrema() == (255, 255):
        gray = red.tobytes() == green.tobytes() == blue.tobytes()
        image = red if gray else pixels.convert("RGB")
        if not gray and (colors := image.getcolors(256)):
            image = image.quantize(len(colors), dither=Image.Dither.NONE)
            if image.convert("RGB").tobytes() != pixels.convert("RGB").tobytes():
                image = pixels.convert("RGB")  # a colour was merged with another
    made = io.BytesIO()
    image.save(made, "PNG", optimize=True)
    return min(data, made.getvalue(), key=len)
