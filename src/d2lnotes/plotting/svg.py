"""SVG as the site wants it: short, the same bytes each time, labels as plain text.

matplotlib places every character of a label that has math in it by itself, in a font
that the reader lacks, and writes comments, metadata and a style sheet for the whole
page. Here a label is one ``<text>`` with its anchor, in which text and math flow, so
that half of it can be shown, in any font. Delete this when matplotlib can do that.
"""

from __future__ import annotations

import io
import re
import warnings
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

import matplotlib
from matplotlib import cbook, font_manager
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
ALIGNMENT = "align-"  # how a Text tells the renderer where it is anchored
ANCHORS = {"left": "start", "center": "middle", "right": "end"}
BACK = "\u200b"  # no width: carries the way back to the line after an index
PRIMES = "′″‴"  # stand high by themselves, so they are not raised and made small
LANGUAGES = ("zh", "en")  # a Text with such a gid is there for that language only
MATH = re.compile(r"(?<!\\)\$(.*?)(?<!\\)\$", re.DOTALL)


class MissingGlyphWarning(UserWarning):
    """A label has a character that the figures' font does not have."""


class BookCanvas(FigureCanvasSVG):
    """Writes a figure as tidy SVG; registered by ``use_style`` for the format svg."""

    def print_svg(
        self, filename: Any, *, bbox_inches_restore: Any = None, **_ignored: Any
    ) -> None:
        """Write the figure; ``metadata`` and the like are ignored: it has none."""
        check_glyphs(self.figure)
        out = io.StringIO()
        dpi = self.figure.dpi
        self.figure.dpi = 72
        width, height = self.figure.get_size_inches()
        renderer = MixedModeRenderer(
            self.figure,
            width,
            height,
            dpi,
            BookRenderer(width * 72, height * 72, out, image_dpi=dpi),
            bbox_inches_restore=bbox_inches_restore,
        )
        gids = {text: text.get_gid() for text in self.figure.findobj(Text)}
        try:
            for text in gids:
                language = gids[text] if gids[text] in LANGUAGES else ""
                text.set_gid(f"{ALIGNMENT}{text.get_ha()}-{language}")
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "Glyph .* missing from font")
                self.figure.draw(renderer)
            renderer.finalize()
        finally:
            for text, gid in gids.items():
                text.set_gid(gid)
        with cbook.open_file_cm(filename, "w", encoding="utf-8") as file:
            if not cbook.file_requires_unicode(file):
                file.write(tidy(out.getvalue()).encode("utf-8"))
            else:
                file.write(tidy(out.getvalue()))


class BookRenderer(RendererSVG):
    """matplotlib's SVG renderer, with labels as text that flows."""

    _anchor = "start"
    _language = ""

    def _write_metadata(self, metadata: Any) -> None:
        """Write none: a date and a version would make equal figures differ."""

    def _write_default_style(self) -> None:
        """Write none: in a page it would hold for the whole page."""

    def open_group(self, s: str, gid: str | None = None) -> None:
        """Begin a group; a text's gid says how it is aligned."""
        if gid and gid.startswith(ALIGNMENT):
            alignment, _, self._language = gid.removeprefix(ALIGNMENT).partition("-")
            self._anchor = ANCHORS[alignment]
            gid = None
        super().open_group(s, gid)

    def draw_text(
        self,
        gc: Any,
        x: float,
        y: float,
        s: str,
        prop: Any,
        angle: float,
        ismath: Any = False,
        mtext: Text | None = None,
    ) -> None:
        """Write one line of text, whose left end is at (x, y), anchored as it should."""
        runs = math_runs(s, prop) if ismath else [(None, s)]
        if runs is None:  # a fraction or a root: needs lines, so it keeps its places
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)
            return
        width, _, _ = self.get_text_width_height_descent(s, prop, ismath)
        along = {"start": 0.0, "middle": 0.5, "end": 1.0}[self._anchor] * width
        style = {"font-size": f"{prop.get_size_in_points():g}px"}
        if prop.get_style() != "normal":
            style["font-style"] = prop.get_style()
        weight = font_manager.weight_dict.get(prop.get_weight(), prop.get_weight())
        if weight != 400:
            style["font-weight"] = str(weight)
        style["fill"] = to_hex(gc.get_rgb())
        alpha = gc.get_alpha() if gc.get_forced_alpha() else gc.get_rgb()[3]
        if alpha != 1:
            style["opacity"] = f"{alpha:g}"
        attributes = {"style": ";".join(f"{k}:{v}" for k, v in style.items())}
        if self._anchor != "start":
            attributes["text-anchor"] = self._anchor
        if self._language:
            attributes["class"] = self._language
        if angle:
            attributes["transform"] = f"translate({x:.2f} {y:.2f}) rotate({-angle:g})"
            attributes["x"] = f"{along:.2f}"
        else:
            attributes |= {"x": f"{x + along:.2f}", "y": f"{y:.2f}"}
        clip = self._get_clip_attrs(gc)
        if clip:
            self.writer.start("g", attrib=clip)
        self.writer.start("text", attrib=attributes)
        for attributes, text in runs:
            self.writer.element("tspan", text, attrib=attributes or {})
        self.writer.end("text")
        if clip:
            self.writer.end("g")


def math_runs(s: str, prop: Any) -> list[tuple[dict[str, str] | None, str]] | None:
    r"""Cut a label into plain text and styled pieces of math, which flow one by one.

    Returns:
        Pairs of attributes (``None``: plain text) and text. Each formula ends on the
        line on which it began, the last excepted. ``None`` if there is a line to draw, as in ``\frac``.

    Example:
        >>> from matplotlib.font_manager import FontProperties
        >>> runs = math_runs("权重 $w_1$", FontProperties(size=10))
        >>> [text for _, text in runs]
        ['权重 ', 'w', '1']
    """
    from matplotlib.mathtext import MathTextParser

    parser = MathTextParser("path")
    runs: list[tuple[dict[str, str] | None, str]] = []
    size = prop.get_size_in_points()
    for index, part in enumerate(MATH.split(s)):
        if index % 2 == 0:
            if part:
                runs.append((None, part.replace(r"\$", "$")))
            continue
        _, _, _, glyphs, rects = parser.parse(f"${part}$", 72, prop)
        if rects:
            return None
        # matplotlib rounds the height of a formula up, which lifts it a little.
        lift = min((g[4] for g in glyphs if g[1] > 0.99 * size), default=0.0)
        lift = lift if 0 < lift < 1 else 0.0
        at_x = at_y = 0.0
        last: dict[str, str] | None = None
        for font, font_size, code, x, y in sorted(glyphs, key=lambda g: g[3]):
            y -= lift
            if chr(code) in PRIMES:
                font_size, y = size, 0.0
            style = {"class": "math"}
            entry = _face(font)
            if entry.style != "normal" and chr(code).isalpha():
                style["font-style"] = "italic"
            if entry.weight not in (400, "normal"):
                style["font-weight"] = "bold"
            if abs(font_size - size) > 0.01:
                style["font-size"] = f"{font_size:.3g}px"
            moves = {}
            if abs(x - at_x) > 0.07 * size:
                moves["dx"] = f"{x - at_x:.2f}"
            if abs(y - at_y) > 0.01:
                moves["dy"] = f"{at_y - y:.2f}"
            at_x, at_y = x + _advance(font, font_size, code), y
            if moves or style != last:
                runs.append(({**style, **moves}, chr(code)))
            else:
                runs[-1] = (runs[-1][0], runs[-1][1] + chr(code))
            last = style
        if abs(at_y) > 0.01:  # back to the line
            runs.append(({"class": "math", "dy": f"{at_y:.2f}"}, BACK))
    if runs and runs[-1][1] == BACK:
        runs.pop()
    return runs


def _face(font: FT2Font) -> font_manager.FontEntry:
    return font_manager.ttfFontProperty(font)


def _advance(font: FT2Font, size: float, code: int) -> float:
    font.set_size(size, 72)
    glyph = font.load_char(code)
    return glyph.linearHoriAdvance / 65536


@lru_cache
def characters(path: str) -> frozenset[str]:
    """The characters that a font file has."""
    return frozenset(map(chr, FT2Font(path).get_charmap()))


def check_glyphs(figure: Figure) -> None:
    """Warn once of all characters in a figure's labels that its font does not have."""
    missing: dict[str, str] = {}
    for text in figure.findobj(Text):
        label = text.get_text()
        if not text.get_visible() or not label:
            continue
        paths = font_manager.fontManager._find_fonts_by_props(text.get_fontproperties())
        known = frozenset().union(*map(characters, paths))
        plain = MATH.sub("", label) if text.get_parse_math() else label
        for character in plain:
            if character not in known and character not in "\n\u200b":
                missing.setdefault(character, label)
    if missing:
        listed = ", ".join(
            f"{c} (U+{ord(c):04X}, in {label!r})" for c, label in missing.items()
        )
        warnings.warn(
            f"the figures' font lacks {listed}: add the characters to "
            "tools/subset_font.py and run it",
            MissingGlyphWarning,
            stacklevel=2,
        )


# ---------------------------------------------------------------------------- tidying

NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
GEOMETRY = ("d", "x", "y", "width", "height", "transform", "points", "viewBox", "style")
REFERENCE = re.compile(r"#([\w-]+)")


def tidy(svg: str) -> str:
    """Shorten an SVG that matplotlib wrote, without a visible change.

    Coordinates get two decimals, groups that say nothing go, names that nothing refers
    to go, definitions come once, a style that all children share moves to the parent.
    """
    root = ElementTree.fromstring(svg)  # leaves comments out
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{SVG}}}")
        if (href := element.attrib.pop(f"{{{XLINK}}}href", None)) is not None:
            element.set("href", href.replace("\n", ""))
        for name in GEOMETRY:
            if name in element.attrib:
                element.set(name, NUMBER.sub(_short, element.attrib[name]))
        if "style" in element.attrib:
            element.set("style", re.sub(r"\s*([:;])\s*", r"\1", element.get("style")))
        if element.tag != "tspan":
            element.text = None
        element.tail = None
        if element.tag == "image":
            element.set("style", "image-rendering:pixelated")
        if "d" in element.attrib:
            element.set("d", short_path(element.get("d")))
    used = {
        name
        for element in root.iter()
        for value in element.attrib.values()
        if not value.startswith("data:")
        for name in REFERENCE.findall(value)
    }
    for element in root.iter():
        if element.get("id") not in used:
            element.attrib.pop("id", None)
    _flatten(root)
    _share_styles(root)
    root.attrib.pop("version", None)
    root.set("xmlns", SVG)
    root.set("style", "stroke-linejoin:round")
    family = ", ".join(matplotlib.rcParams["font.family"])
    root.set("font-family", f"{family}, sans-serif")
    return ElementTree.tostring(root, encoding="unicode")


def _short(match: re.Match[str]) -> str:
    return _plain(float(match[0]))


def short_path(d: str) -> str:
    """Path data without needless letters, blanks and points on a straight line.

    Example:
        >>> short_path("M 0 0 L 1 1 L 2 2 L 5 2 z")
        'M0 0L2 2 5 2z'
    """
    out: list[str] = []
    line: list[tuple[float, float]] = []  # the present run of straight pieces
    here = (0.0, 0.0)

    def end_line() -> None:
        if line:
            points = " ".join(f"{_plain(x)} {_plain(y)}" for x, y in _bends(line)[1:])
            if points:
                out.append("L" + points)
            line.clear()

    for letter, numbers in re.findall(r"([MLQCz])([^MLQCz]*)", d):
        values = [float(value) for value in numbers.replace(",", " ").split()]
        if letter == "L" and line:
            line.extend(zip(values[::2], values[1::2], strict=True))
            continue
        end_line()
        if letter == "L":
            line.append(here)
            line.extend(zip(values[::2], values[1::2], strict=True))
            continue
        out.append(letter + " ".join(map(_plain, values)))
        if values:
            here = (values[-2], values[-1])
        if letter in "MQC":
            line.append(here)
    end_line()
    return "".join(out)


def _bends(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points of a polyline at which it turns by more than a rounding error."""
    kept = points[:1]
    skipped: list[tuple[float, float]] = []
    for following, point in zip(points[2:], points[1:-1], strict=True):
        skipped.append(point)
        (ax, ay), (bx, by) = kept[-1], following
        length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
        straight = length > 0 and all(
            abs((bx - ax) * (py - ay) - (by - ay) * (px - ax)) <= 0.02 * length
            and 0 <= (px - ax) * (bx - ax) + (py - ay) * (by - ay) <= length**2
            for px, py in skipped
        )
        if not straight:
            kept.append(point)
            skipped.clear()
    return kept + points[max(len(points) - 1, 1) :]


def _plain(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _flatten(parent: ElementTree.Element) -> None:
    """Put a bare group's children in its place; drop what cannot be seen."""
    children: list[ElementTree.Element] = []
    for child in parent:
        _flatten(child)
        if child.tag in ("g", "defs") and not len(child):
            continue
        if child.tag == "path" and child.get("style") == "fill:none":
            continue
        if child.tag == "text":
            _unwrap(child)
        if child.tag == "g" and not child.attrib:
            children.extend(child)
        else:
            children.append(child)
    parent[:] = children


def _unwrap(text: ElementTree.Element) -> None:
    """Turn tspans without attributes into plain text."""
    last: ElementTree.Element | None = None
    for child in list(text):
        if child.attrib:
            last = child
            continue
        if last is None:
            text.text = (text.text or "") + (child.text or "")
        else:
            last.tail = (last.tail or "") + (child.text or "")
        text.remove(child)


def _share_styles(parent: ElementTree.Element) -> None:
    for child in parent:
        _share_styles(child)
    if parent.tag != "g" or "style" in parent.attrib or len(parent) < 2:
        return
    styles = {child.get("style") for child in parent}
    if len(styles) == 1 and None not in styles and all(c.tag == "use" for c in parent):
        parent.set("style", styles.pop())
        for child in parent:
            del child.attrib["style"]
