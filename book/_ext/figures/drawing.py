"""A drawing as it stands in the page: read, cleaned, in the page's language and colours."""

from __future__ import annotations

import re
from html import escape
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from bilingual.texts import halves

from .colors import recolor
from .fewer_bytes import pack_images, shorten
from .labels import LANGUAGES, split_labels
from .merged import merge

SVG = "{http://www.w3.org/2000/svg}"
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
UNITS = {"pt": 4 / 3, "px": 1.0, "": 1.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}
REFERENCE = re.compile(r"(url\()?#([^\s()]+)(?(1)\))")
# A point of the drawing is at least this many CSS pixels: 10-point labels are then no
# smaller than 8.5 px; a figure wider than the screen at that size scrolls.
SMALLEST_POINT = 0.85


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
    merge(root)
    name_apart(root, prefix)
    shorten(root)
    pack_images(root)
    style = root.get("style", "").strip("; ")
    root.set(
        "style",
        f"max-width:{width:.0f}px;min-width:{points * SMALLEST_POINT:.0f}px"
        + (f";{style}" if style else ""),
    )
    root.set("aria-hidden", "true")
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
