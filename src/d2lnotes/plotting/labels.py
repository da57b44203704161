"""Labels in two languages: ``甲 | A`` on one line, or stacked where that is too wide."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.textpath import TextPath

from d2lnotes.plotting.style import FONT

HAN = re.compile(r"[\u3400-\u9fff]")
SEPARATOR = re.compile(r"\s+\|\s+")
LINE = 1.3  # line height in font sizes


def halves(label: str) -> tuple[str, str] | None:
    """``("甲", "A")`` for ``"甲 | A"``, else ``None``.

    Example:
        >>> halves("轮 | epoch"), halves("$x_1$")
        (('轮', 'epoch'), None)
    """
    parts = SEPARATOR.split(label)
    if len(parts) == 2 and HAN.search(parts[0]) and not HAN.search(parts[1]):
        return parts[0], parts[1]
    return None


@lru_cache(maxsize=1000)
def width(text: str, size: float) -> float:
    """Width of one line of text in points."""
    if not text.strip():
        return 0.0
    extents = TextPath((0, 0), text, size=size, prop=FONT).get_extents()
    return float(extents.width)


def lines(label: str, size: float, room: float) -> list[tuple[str, str | None]]:
    """Cut a label into lines of (text, language) that fit into a width.

    Args:
        label: One or more lines, each ``甲 | A`` or neutral.
        size: Font size in points.
        room: Width in points.

    Returns:
        The lines as they are if all fit, with language ``None``; else first the Chinese
        halves and then the English ones.

    Example:
        >>> lines("短靴 | ankle boot", 8, room=40)
        [('短靴', 'zh'), ('ankle boot', 'en')]
    """
    given = label.split("\n")
    pairs = [halves(line) for line in given]
    if not any(pairs) or all(width(line, size) <= room for line in given):
        return [(line, None) for line in given]
    stacked: list[tuple[str, str | None]] = []
    for index, language in enumerate(("zh", "en")):
        for line, pair in zip(given, pairs, strict=True):
            if pair:
                stacked.append((pair[index], language))
            elif index == 0:
                stacked.append((line, None))
    return stacked


def write(
    ax: Axes,
    xy: tuple[float, float],
    label_lines: list[tuple[str, str | None]],
    *,
    size: float,
    above: bool,
    coordinates: Any = "data",
    gap: float = 0.0,
) -> list[Text]:
    """Write lines, centred, above or below a point.

    Args:
        ax: Where to write.
        xy: The point.
        label_lines: What :func:`lines` gave.
        size: Font size in points.
        above: Whether the lines stand above the point.
        coordinates: The point's coordinate system, as ``annotate`` has it.
        gap: Distance from the point in points.

    Returns:
        One text per line; its gid is its language, so that the site can hide it.
    """
    texts = []
    count = len(label_lines)
    for index, (text, language) in enumerate(label_lines):
        row = count - 1 - index if above else -index
        texts.append(
            ax.annotate(
                text,
                xy,
                xycoords=coordinates,
                xytext=(0, row * LINE * size + (gap if above else -gap)),
                textcoords="offset points",
                ha="center",
                va="bottom" if above else "top",
                fontsize=size,
                annotation_clip=False,
                gid=language,
                in_layout=False,  # room for it has been left inside the axes
            )
        )
    return texts
