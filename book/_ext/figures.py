"""Figures made by cells stand in the page itself, in its language, colours and font.

The SVG that a cell drew is put into the HTML: its colours become CSS variables that
follow the theme, labels ``甲 | A`` become halves of which the switch shows one, and the
alt text is read in the reader's language. Warns of a figure without alt text, caption
or name, of one-language labels, and of colours outside the palette.

Delete this file when the theme can recolour an ``<img>``, and Sphinx knows its language.
"""

from __future__ import annotations

import io
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from bilingual.texts import HAN, SEPARATOR, halves, script_of
from docutils import nodes
from PIL import Image
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

logger = logging.getLogger(__name__)

STATIC = Path(__file__).resolve().parent / "figures_static"
LANGUAGES = {"zh": "zh-CN", "en": "en"}

SVG = "{http://www.w3.org/2000/svg}"
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
UNITS = {"pt": 4 / 3, "px": 1.0, "": 1.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}
HEX = re.compile(r"#[0-9a-fA-F]{6}\b")
REFERENCE = re.compile(r"(url\()?#([^\s()]+)(?(1)\))")
PNG = "data:image/png;base64,"
NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
STEP = re.compile(r"([MLCQz])([^MLCQz]*)", re.IGNORECASE)
# What matplotlib writes: absolute moves, lines and curves.
PATH = re.compile(r"(?:[MLCQ][\d\s.e,-]*|[zZ]\s*)+")
PAINTS = ("fill", "stroke", "stop-color", "flood-color", "color")
# A point of the drawing is at least this many CSS pixels: 10-point labels are then no
# smaller than 8.5 px; a figure wider than the screen at that size scrolls.
SMALLEST_POINT = 0.85
# More colours than this outside the palette are a colour map, e.g. of `pcolormesh`.
COLOR_MAP = 12


# ------------------------------------------------------------------------------ colours
@lru_cache
def palette(theme: str = "light") -> dict[str, str]:
    """Colour name -> hex value of a theme, as `figures.css` has them.

    Example:
        >>> palette()["paper"], sorted(palette()) == sorted(palette("dark"))
        ('#ffffff', True)
    """
    css = (STATIC / "figures.css").read_text("utf-8")
    light, dark = (
        dict(re.findall(r"--fig-([\w-]+):\s*(#[0-9a-f]{6})", block))
        for block in re.findall(
            r"/\* (?:light|dark) \*/\s*[^{]*\{(.*?)\}", css, re.DOTALL
        )
    )
    return {"light": light, "dark": dark}[theme]


def foreign_colors(root: Element) -> list[str]:
    """The colours of a drawing that are not in the palette; none of a colour map."""
    known = set(palette().values())
    found = {
        color.lower()
        for element in root.iter()
        for name in ("style", *PAINTS)
        for color in HEX.findall(element.get(name, ""))
    }
    foreign = sorted(found - known)
    return foreign if len(foreign) <= COLOR_MAP else []


def recolor(root: Element) -> None:
    """Make every palette colour the variable of the theme."""
    names = {color: name for name, color in palette().items()}

    def variable(match: re.Match[str]) -> str:
        color = match[0].lower()
        return f"var(--fig-{names[color]},{color})" if color in names else color

    for element in root.iter():
        style = element.get("style", "")
        for name in PAINTS:  # an attribute cannot hold var()
            if HEX.fullmatch(element.get(name, "")):
                style = f"{name}:{element.attrib.pop(name)};{style}"
        if style:
            element.set("style", HEX.sub(variable, style).strip("; "))


# ------------------------------------------------------------------------------- labels
def labels(root: Element) -> list[str]:
    """The texts of a drawing, line by line, but for those of one language by intent."""
    texts = (text for text in root.iter("text") if text.get("class") not in LANGUAGES)
    return ["".join(text.itertext()).strip() for text in texts]


def one_language(label: str) -> str | None:
    """The language that a label lacks, ``"zh"`` or ``"en"``, or ``None``.

    Example:
        >>> one_language("轮 | epoch"), one_language("轮"), one_language("ReLU")
        (None, 'en', None)
    """
    if halves(label):
        return None
    if HAN.search(label):
        return "en"
    return "zh" if script_of(label) == "en" else None


def split_label(text: Element, mode: str) -> None:
    """Put the halves of ``甲 | A`` into tspans, or keep the half of the edition."""
    whole = "".join(text.itertext())
    if not halves(whole.strip()):
        return
    cut = SEPARATOR.search(whole)
    parts: dict[str, Element] = {lang: Element("tspan") for lang in LANGUAGES}
    at = 0
    for attributes, run in runs(text):
        for lang, low, high in (("zh", 0, cut.start()), ("en", cut.end(), len(whole))):
            piece = run[max(low - at, 0) : max(high - at, 0)]
            if piece or (not run and lang == "en"):
                append_run(parts[lang], attributes, piece)
        at += len(run)
    for child in list(text):
        text.remove(child)
    text.text = None
    if mode in LANGUAGES:
        text.text = parts[mode].text
        text.extend(parts[mode])
        return
    for lang, code in LANGUAGES.items():
        parts[lang].attrib.update({"class": lang, "lang": code})
    separator = Element("tspan", {"class": "bi-sep"})
    separator.text = " | "
    text.extend([parts["zh"], separator, parts["en"]])


def split_labels(root: Element, mode: str) -> None:
    """Split every label of a drawing; texts of one language by intent stay in theirs."""
    for parent in list(root.iter()):
        for text in [child for child in parent if child.tag == "text"]:
            if (lang := text.get("class")) not in LANGUAGES:
                split_label(text, mode)
            elif mode == "both":
                text.set("lang", LANGUAGES[lang])
            elif lang == mode:
                del text.attrib["class"]
            else:
                parent.remove(text)


def runs(text: Element) -> Iterator[tuple[dict[str, str], str]]:
    """The pieces of a text with their attributes, in order."""
    if text.text:
        yield {}, text.text
    for child in text:
        yield dict(child.attrib), "".join(child.itertext())
        if child.tail:
            yield {}, child.tail


def append_run(parent: Element, attributes: dict[str, str], piece: str) -> None:
    """Add a piece of text at the end of an element."""
    if attributes:
        ElementTree.SubElement(parent, "tspan", attributes).text = piece
    elif len(parent):
        parent[-1].tail = (parent[-1].tail or "") + piece
    else:
        parent.text = (parent.text or "") + piece


# -------------------------------------------------------------------------- the drawing
def parse(svg: str) -> Element:
    """The root of an SVG without namespaces, comments, metadata and style sheets.

    Raises:
        ElementTree.ParseError: If it is not well-formed.
    """
    root = ElementTree.fromstring(svg)
    for element in root.iter():
        element.tag = element.tag.removeprefix(SVG)
        if XLINK_HREF in element.attrib:
            element.set("href", element.attrib.pop(XLINK_HREF))
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in ("metadata", "style", "script", "title", "desc"):
                parent.remove(child)
    return root


def name_apart(root: Element, prefix: str) -> None:
    """Give the names inside a drawing a prefix and drop those that nobody uses."""
    names: dict[str, str] = {}
    for element in root.iter():
        for value in element.attrib.values():
            if not value.startswith("data:"):
                for _, name in REFERENCE.findall(value):
                    names.setdefault(name, f"{prefix}-{len(names) + 1}")

    def renamed(match: re.Match[str]) -> str:
        name = names.get(match[2], match[2])
        return f"url(#{name})" if match[1] else f"#{name}"

    defined = {e.get("id") for e in root.iter()} & set(names)
    names = {name: new for name, new in names.items() if name in defined}
    for element in root.iter():
        for key, value in list(element.attrib.items()):
            if key == "id":
                if value in names:
                    element.set("id", names[value])
                else:
                    del element.attrib["id"]
            elif "#" in value and not value.startswith("data:"):
                element.set(key, REFERENCE.sub(renamed, value))


def relative_path(d: str, places: int = 1) -> str:
    """A path's absolute steps as relative ones, rounded: half the bytes.

    Rounding does not add up, since each step starts from where the last one ended.

    Example:
        >>> relative_path("M10.02 20L10.52 19.51L12 19.5z")
        'M10 20l.5-.5l1.5 0z'
    """
    if not PATH.fullmatch(d):
        return d
    steps, here = [], (0.0, 0.0)
    for command, numbers in STEP.findall(d):
        values = [float(n) for n in NUMBER.findall(numbers)]
        points = list(zip(values[::2], values[1::2], strict=True))
        if not points:
            steps.append("z")
            continue
        start = (0.0, 0.0) if command == "M" else here
        offsets = [
            (round(x - start[0], places), round(y - start[1], places))
            for x, y in points
        ]
        here = (start[0] + offsets[-1][0], start[1] + offsets[-1][1])
        written = " ".join(short_number(n) for offset in offsets for n in offset)
        steps.append((command if command == "M" else command.lower()) + written)
    return "".join(steps).replace(" -", "-")


def short_number(number: float) -> str:
    """A number in as few characters as can be.

    Example:
        >>> short_number(-0.50), short_number(-0.0), short_number(12.0)
        ('-.5', '0', '12')
    """
    return re.sub(r"^(-?)0\.", r"\1.", f"{number or 0.0:g}")


def shorten(root: Element) -> None:
    """Write coordinates to a tenth of a point, shapes that are used again to a hundredth."""
    shapes = {e for defs in root.iter("defs") for e in defs.iter()}
    for element in root.iter():
        if "d" in element.attrib:
            places = 2 if element in shapes else 1
            element.set("d", relative_path(element.get("d"), places))
        if element.tag in ("use", "text"):
            for name in {"x", "y"} & set(element.attrib):
                if NUMBER.fullmatch(element.get(name)):
                    value = round(float(element.get(name)), 1)
                    element.set(name, short_number(value))


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


def pixels(length: str) -> float:
    """A length of an SVG in CSS pixels.

    Example:
        >>> pixels("396pt")
        528.0
    """
    match = re.fullmatch(r"([\d.]+)(\w*)", length.strip())
    if not match or match[2] not in UNITS:
        raise ValueError(f"width and height are lengths such as 396pt, got {length!r}")
    return float(match[1]) * UNITS[match[2]]


def inline(svg: str, prefix: str, alt: str, mode: str = "both") -> str:
    """The HTML that stands for a drawing in a page.

    Args:
        svg: What the cell drew.
        prefix: Begins every name in it; differs from figure to figure of a page.
        alt: Alt text, ``中文 | English``.
        mode: Edition: ``"both"``, ``"zh"`` or ``"en"``.

    Returns:
        A ``<div class="fig">`` with the alt text, hidden from sight, and the drawing,
        hidden from screen readers.
    """
    root = parse(svg)
    width, height = pixels(root.get("width", "100")), pixels(root.get("height", "100"))
    root.attrib.setdefault("viewBox", f"0 0 {width:g} {height:g}")
    for name in ("width", "height", "font-family", "version", "id"):
        root.attrib.pop(name, None)
    points = float(root.get("viewBox").split()[2])
    split_labels(root, mode)
    recolor(root)
    name_apart(root, prefix)
    shorten(root)
    pack_images(root)
    style = root.get("style", "").strip("; ")
    root.set(
        "style",
        f"max-width:{width:.0f}px;min-width:{points * SMALLEST_POINT:.0f}px"
        + (f";{style}" if style else ""),
    )
    root.set("xmlns", SVG.strip("{}"))
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    drawing = ElementTree.tostring(root, encoding="unicode").replace(" />", "/>")
    return (
        f'<div class="fig"><span class="fig-alt" id="{prefix}-alt">'
        f"{alt_spans(alt, mode)}</span>"
        f'<div class="fig-scroll" data-alt="{prefix}-alt">{drawing}</div></div>\n'
    )


def alt_spans(alt: str, mode: str) -> str:
    """The alt text, each half in its language."""
    pair = halves(alt)
    if not pair:
        return escape(alt)
    zh, en = (
        f'<span class="{lang}" lang="{code}">{escape(half)}</span>'
        for (lang, code), half in zip(LANGUAGES.items(), pair, strict=True)
    )
    return {"zh": zh, "en": en}.get(mode, f"{zh} {en}")


# --------------------------------------------------------------------------- in the page
@dataclass(frozen=True)
class Fault:
    """What is wrong with a figure, where, and the cure."""

    line: int
    subtype: str
    text: str


def faults_by_page(env: BuildEnvironment) -> dict[str, list[Fault]]:
    """The faults of every page, also of those that were not read in this build."""
    if not hasattr(env, "figures_faults"):
        env.figures_faults = {}
    return env.figures_faults


def line_of(node: nodes.Node) -> int:
    """The source line of a node or of what is around it."""
    while node is not None and not node.line:
        node = node.parent
    return node.line if node is not None else 1


def is_from_cell(image: nodes.image) -> bool:
    """Whether a cell drew this image: myst-nb puts those into a bundle of formats."""
    around = image.parent
    while around is not None:
        if around.get("nb_element") == "mime_bundle":
            return True
        around = around.parent
    return False


class CheckFigures(SphinxTransform):
    """Look at every figure of a page that a cell made, once per figure."""

    default_priority = 20  # before the bilingual extension moves captions

    def apply(self, **kwargs: Any) -> None:
        """Collect the faults of this page."""
        if not hasattr(self, "env") or not self.env:
            return
        faults = faults_by_page(self.env)[self.env.docname] = []
        for bundle in self.document.findall(nodes.container):
            if bundle.get("nb_element") == "mime_bundle":
                images = list(bundle.findall(nodes.image))
                if images:
                    faults.extend(self.look(images))

    def look(self, images: list[nodes.image]) -> Iterator[Fault]:
        """The faults of one drawing, given in several formats."""
        line = line_of(images[0])
        yield from alt_faults(
            images[0].get("alt", ""), line, "bilingual" in self.app.extensions
        )
        figure = images[0].parent
        while figure is not None and not isinstance(figure, nodes.figure):
            figure = figure.parent
        if figure is None:
            yield Fault(
                line,
                "caption",
                "a figure made by a cell has no caption: add `mystnb: figure:` with "
                "`name: fig-…` and a caption in both languages to the cell",
            )
        else:
            if not figure["names"]:
                yield Fault(
                    line,
                    "name",
                    "a figure made by a cell has no name: add `name: fig-…` to its "
                    "`mystnb: figure:`",
                )
            if not any(isinstance(child, nodes.caption) for child in figure):
                yield Fault(
                    line,
                    "caption",
                    "a figure made by a cell has no caption: add `caption:` in both "
                    "languages to its `mystnb: figure:`",
                )
        if not any(image["uri"].endswith(".svg") for image in images):
            yield Fault(
                line,
                "format",
                "a figure made by a cell is no SVG, so it follows neither theme nor "
                "language: call `plotting.use_style()` in the page's first cell",
            )
        for image in images:
            if image["uri"].endswith(".svg"):
                yield from svg_faults(
                    svg_path(self.env, image).read_text("utf-8"), line
                )


def alt_faults(alt: str, line: int, bilingual_checks: bool) -> Iterator[Fault]:
    """What is wrong with an alt text; the bilingual extension tells of a lone half."""
    cure = "`mystnb: image: alt: 中文 | English`, what is to be seen, without numbers"
    if not alt.strip():
        text = f"a figure made by a cell has no alt text: add {cure}"
        yield Fault(line, "alt", text)
    elif not halves(alt) and not (
        bilingual_checks and (HAN.search(alt) or script_of(alt) == "en")
    ):
        text = f"the alt text “{alt[:30]}” has one language only: write {cure}"
        yield Fault(line, "alt", text)


def svg_faults(svg: str, line: int) -> Iterator[Fault]:
    """What is wrong inside a drawing."""
    try:
        root = parse(svg)
    except ElementTree.ParseError as error:
        text = f"a cell made an SVG that is not well-formed ({error}): redraw it"
        yield Fault(line, "svg", text)
        return
    if foreign := foreign_colors(root):
        yield Fault(
            line,
            "color",
            f"a figure uses colours outside the palette, {', '.join(foreign)}: take "
            "those of `plotting.PALETTE`, which have a dark variant",
        )
    for label in labels(root):
        if lacks := one_language(label):
            language = {"zh": "Chinese", "en": "English"}[lacks]
            text = f"the label “{label[:30]}” has no {language}: write 中文 | English"
            yield Fault(line, "label", text)


def svg_path(env: BuildEnvironment, image: nodes.image) -> Path:
    """Where myst-nb wrote an image; a relative address is relative to the source."""
    path = Path(image["uri"])
    if path.is_absolute() and path.exists():
        return path
    inside = Path(env.srcdir) / str(path).lstrip("/")
    beside = Path(env.doc2path(env.docname)).parent / path
    return inside if inside.exists() else beside


class InlineFigures(SphinxPostTransform):
    """Replace every SVG that a cell drew by the drawing itself, in HTML."""

    default_priority = 150  # after myst-nb has chosen the format (4)
    formats = ("html",)

    def apply(self, **kwargs: Any) -> None:
        """Leave other builders alone: print takes the PDF."""
        super().apply(**kwargs)

    def run(self, **kwargs: Any) -> None:
        """Number the drawings of the page in reading order."""
        mode = getattr(self.config, "bilingual_mode", "both")
        count = 0
        for image in list(self.document.findall(nodes.image)):
            if not image["uri"].endswith(".svg") or not self.from_cell(image):
                continue
            count += 1
            svg = svg_path(self.env, image).read_text("utf-8")
            try:
                html = inline(svg, f"f{count}", image.get("alt", ""), mode)
            except (ElementTree.ParseError, ValueError):
                continue  # has been told; the image stays an image
            drawing = nodes.raw("", html, format="html")
            drawing.source, drawing.line = image.source, image.line
            image.replace_self(drawing)

    def from_cell(self, image: nodes.image) -> bool:
        """Whether myst-nb wrote the file: it has a folder of its own."""
        return "jupyter_execute" in Path(image["uri"]).parts


def report(app: Sphinx, env: BuildEnvironment) -> None:
    """Tell every fault, also of pages that were not read in this build."""
    for docname, faults in sorted(faults_by_page(env).items()):
        for fault in faults:
            logger.warning(
                fault.text,
                location=(docname, fault.line),
                type="figures",
                subtype=fault.subtype,
            )


def purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a page that is read anew or gone."""
    faults_by_page(env).pop(docname, None)


def merge(
    app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment
) -> None:
    """Take over what another process found."""
    faults_by_page(env).update(
        {name: faults_by_page(other).get(name, []) for name in docnames}
    )


def add_assets(app: Sphinx, config: Any) -> None:
    """The style sheet with both themes' colours, and keys for boxes that scroll."""
    config.html_static_path.append(str(STATIC))
    app.add_css_file("figures.css")
    app.add_js_file("figures.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register transforms and hooks."""
    app.add_transform(CheckFigures)
    app.add_post_transform(InlineFigures)
    app.connect("config-inited", add_assets)
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", report)
    return {
        "version": "1",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
