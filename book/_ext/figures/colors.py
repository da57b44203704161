"""The colours of a drawing become variables that follow the theme."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from xml.etree.ElementTree import Element

STATIC = Path(__file__).resolve().parent / "static"
HEX = re.compile(r"#[0-9a-fA-F]{6}\b")
PAINTS = ("fill", "stroke", "stop-color", "flood-color", "color")
# More colours than this outside the palette are a colour map, e.g. of `pcolormesh`.
COLOR_MAP = 12


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
        return f"var(--fig-{names[color]})" if color in names else color

    for element in root.iter():
        style = element.get("style", "")
        for name in PAINTS:  # an attribute cannot hold var()
            if HEX.fullmatch(element.get(name, "")):
                style = f"{name}:{element.attrib.pop(name)};{style}"
        if style:
            element.set("style", HEX.sub(variable, style).strip("; "))
