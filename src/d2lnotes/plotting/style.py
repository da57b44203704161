"""The look of every figure: palette, fonts, formats, all of it reproducible."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import matplotlib
from cycler import cycler
from matplotlib import font_manager
from matplotlib.backend_bases import register_backend
from matplotlib.figure import Figure

from d2lnotes.plotting.svg import BookCanvas

# The light theme's colours, which are also the print's. The site exchanges each for
# `var(--fig-NAME)`, so no two may be equal, and a figure uses no other colour.
PALETTE: dict[str, str] = {
    "ink": "#1b202b",
    "muted": "#596273",
    "grid": "#d4d9e0",
    "paper": "#ffffff",
    "c1": "#464ecf",
    "c2": "#dd7314",
    "c3": "#279383",
    "c4": "#621686",
    "c5": "#876c3c",
    "c6": "#9b0a40",
}
COLORS: list[str] = [PALETTE[f"c{i}"] for i in range(1, 7)]

# What tells lines apart without colour.
LINE_STYLES: tuple[Any, ...] = (
    "-",
    (0, (5, 1.5)),
    (0, (1, 1.2)),
    (0, (5, 1.5, 1, 1.5)),
    (0, (8, 2)),
    (0, (3, 1, 1, 1, 1, 1)),
)
MARKERS: tuple[str, ...] = ("o", "s", "^", "D", "v", "P")

# Latin and Chinese in one file: mathtext looks into one only (tools/subset_font.py).
FONT_FILE = Path(__file__).resolve().parent.parent / "fonts" / "D2LNotesSans.ttf"
FONT = font_manager.FontProperties(fname=FONT_FILE)


_styled: list[bool] = []  # filled by `use_style`


def use_style() -> None:
    """Give every figure the book's look, and notebooks SVG (site) and PDF (print).

    Colours come from ``PALETTE``; text stays text; equal drawings give equal bytes,
    because the hash salt is fixed and no date is written. Calling it twice is the same
    as calling it once.

    Example:
        >>> use_style()
        >>> import matplotlib
        >>> matplotlib.rcParams["svg.fonttype"]
        'none'
    """
    if FONT.get_name() not in font_manager.get_font_names():
        font_manager.fontManager.addfont(FONT_FILE)
    register_backend("svg", BookCanvas)
    _styled.append(True)
    matplotlib.rcParams.update(
        {
            "font.family": [FONT.get_name()],
            "font.size": 10.5,
            "mathtext.fontset": "custom",
            "mathtext.rm": FONT.get_name(),
            "mathtext.it": "DejaVu Sans:italic",
            "mathtext.bf": "DejaVu Sans:bold",
            "mathtext.bfit": "DejaVu Sans:italic:bold",
            "mathtext.sf": FONT.get_name(),
            "mathtext.cal": "DejaVu Sans:italic",
            "mathtext.tt": "DejaVu Sans Mono",
            "mathtext.fallback": "stixsans",
            "axes.titlesize": 10.5,
            "axes.labelsize": 10.5,
            "legend.fontsize": 10,
            "xtick.labelsize": 10,
            "ytick.labelsize": 10,
            "figure.figsize": (5.5, 3.2),
            "figure.dpi": 100,
            "figure.constrained_layout.use": True,
            "figure.facecolor": "none",
            "savefig.facecolor": "none",
            "savefig.transparent": True,
            "savefig.pad_inches": 0.03,
            "axes.facecolor": "none",
            "axes.edgecolor": PALETTE["muted"],
            "axes.labelcolor": PALETTE["ink"],
            "axes.titlecolor": PALETTE["ink"],
            "axes.linewidth": 0.8,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "axes.axisbelow": True,
            "axes.unicode_minus": True,
            "axes.prop_cycle": cycler(color=COLORS, linestyle=LINE_STYLES),
            "grid.color": PALETTE["grid"],
            "grid.linewidth": 0.6,
            "text.color": PALETTE["ink"],
            "xtick.color": PALETTE["muted"],
            "ytick.color": PALETTE["muted"],
            "xtick.labelcolor": PALETTE["ink"],
            "ytick.labelcolor": PALETTE["ink"],
            "lines.linewidth": 1.8,
            "lines.markersize": 5,
            "lines.color": PALETTE["c1"],
            "patch.facecolor": PALETTE["c1"],
            "patch.edgecolor": PALETTE["ink"],
            "hatch.color": PALETTE["muted"],
            "hatch.linewidth": 0.8,
            "legend.facecolor": PALETTE["paper"],
            "legend.edgecolor": "none",
            "legend.framealpha": 0.85,
            "legend.fancybox": False,
            "legend.labelcolor": PALETTE["ink"],
            "image.cmap": "gray",
            "image.interpolation": "none",
            "path.simplify": True,
            "path.simplify_threshold": 0.3,
            "svg.fonttype": "none",
            "svg.hashsalt": "d2lnotes",
            "pdf.fonttype": 42,
        }
    )
    use_svg()


def is_styled() -> bool:
    """Whether `use_style` has been called: whether figures are for a page of the book."""
    return bool(_styled)


def use_svg() -> None:
    """Have a notebook draw figures as SVG, in the book's style for print too, as PDF.

    Outside of a notebook nothing happens.
    """
    if "IPython" not in sys.modules:  # a plain script
        return
    from IPython import get_ipython

    if get_ipython() is None:
        return
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    if _styled:  # only the PDF's date is named: our SVG is written without metadata
        set_matplotlib_formats("svg", "pdf", metadata={"CreationDate": None})
    else:
        set_matplotlib_formats("svg")


def figure(
    width: float = 5.5,
    height: float = 3.2,
    ncols: int = 1,
    nrows: int = 1,
    **kw: Any,
) -> tuple[Figure, Any]:
    """Make a figure with its axes.

    Args:
        width: Width of the whole figure in inches; 5.5 fills a phone's screen and
            two thirds of a page.
        height: Height of the whole figure in inches.
        ncols: Panels side by side.
        nrows: Panels one above the other.
        **kw: Passed on to ``plt.subplots``, e.g. ``sharey=True``.

    Returns:
        The figure and its Axes: one, or an array of them.

    Example:
        >>> fig, ax = figure(ncols=2)
        >>> len(ax)
        2
        >>> import matplotlib.pyplot as plt; plt.close(fig)
    """
    import matplotlib.pyplot as plt

    for name, value in {"width": width, "height": height}.items():
        if not value > 0:
            raise ValueError(f"{name} is a length in inches > 0, got {value}")
    return plt.subplots(nrows, ncols, figsize=(width, height), **kw)


def line_style(index: int) -> dict[str, Any]:
    """Colour and dash pattern of the line number ``index``."""
    return {
        "color": COLORS[index % len(COLORS)],
        "linestyle": LINE_STYLES[index % len(LINE_STYLES)],
    }


def color_of(color: str, argument: str) -> str:
    """The hex value of a palette name, or of a hex value in the palette.

    Raises:
        ValueError: If it is no colour of the palette; ``argument`` is named.
    """
    if color in PALETTE:
        return PALETTE[color]
    if color in PALETTE.values() or color == "none":
        return color
    raise ValueError(
        f"{argument} is a name in plotting.PALETTE ({', '.join(PALETTE)}), "
        f"got {color!r}"
    )
