"""Drawings of layered networks: units as circles, weights as lines, left to right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from d2lnotes.plotting.labels import LINE, lines, width, write
from d2lnotes.plotting.style import PALETTE, color_of

LABEL_SIZE = 10.0  # points, of texts beside the network
ELLIPSIS = None  # stands in a column for the units that are not drawn


def network(
    ax: Axes,
    sizes: Sequence[int | str],
    *,
    labels: Sequence[str | Sequence[str] | None] | None = None,
    layer_labels: Sequence[str | None] | None = None,
    between: Sequence[str | None] | None = None,
    edge_labels: Mapping[tuple[int, int, int], str] | None = None,
    colors: Sequence[str | Sequence[str] | None] | None = None,
    edge_colors: Mapping[tuple[int, int, int], str] | None = None,
    bias: bool = False,
    mask: Sequence[Sequence[bool] | None] | None = None,
    max_units: int = 6,
    node_size: float = 26,
) -> Axes:
    """Draw a fully connected network, its input on the left.

    A layer of more than ``max_units`` units is drawn as its first ones, three dots, and
    its last one. Units count from 0; -1 is the last one.

    Args:
        ax: Where to draw; its frame and ticks go.
        sizes: Units per layer, from input to output; a text such as ``"d"`` is a layer
            of unnamed width, drawn with dots.
        labels: Per layer, what stands in its units: a text per unit, or one letter,
            ``"x"``, which becomes $x_1, x_2, …$; ``None`` for nothing.
        layer_labels: A text below each layer, ``"隐藏层 | hidden layer"``.
        between: A text above each gap between two layers, e.g. parameter counts.
        edge_labels: Text on the edge (layer, from unit, to unit).
        colors: Per layer, a name in ``PALETTE`` for all its units or one per unit.
        edge_colors: Name in ``PALETTE`` of the edge (layer, from unit, to unit), which
            is also drawn thicker.
        bias: Whether each layer but the last has a unit with the constant 1.
        mask: Per layer, whether each unit is kept; the others are crossed out and lose
            their edges. ``None``: all are kept.
        max_units: Most units drawn per layer, at least 3.
        node_size: Diameter of a unit in points; less if they would touch.

    Returns:
        ``ax``.

    Raises:
        ValueError: If an argument does not fit ``sizes``.

    Example:
        >>> from d2lnotes.plotting import figure
        >>> fig, ax = figure()
        >>> ax = network(ax, [4, 5, 3], labels=["x", "h", "o"])
        >>> len([line for line in ax.lines if line.get_gid() == "edge"])
        35
        >>> import matplotlib.pyplot as plt; plt.close(fig)
    """
    if len(sizes) < 2:
        raise ValueError(f"sizes names at least two layers, got {list(sizes)}")
    if max_units < 3:
        raise ValueError(f"max_units is at least 3, got {max_units}")
    for size in sizes:
        if not isinstance(size, str) and size < 1:
            raise ValueError(f"sizes are at least 1, got {list(sizes)}")
    depth = len(sizes)
    for name, value, n in (
        ("labels", labels, depth),
        ("layer_labels", layer_labels, depth),
        ("colors", colors, depth),
        ("mask", mask, depth),
        ("between", between, depth - 1),
    ):
        if value is not None and len(value) != n:
            raise ValueError(f"{name} has {n} entries, got {len(value)}")

    counts = [max_units + 1 if isinstance(s, str) else int(s) for s in sizes]
    columns = [_column(n, max_units) for n in counts]
    slots = max(len(c) + (bias and k < depth - 1) for k, c in enumerate(columns))
    place: dict[tuple[int, int | str], tuple[float, float]] = {}
    dots = []
    for k, column in enumerate(columns):
        with_bias = bias and k < depth - 1
        top = (len(column) + with_bias - 1) / 2
        for row, unit in enumerate(column):
            if unit is ELLIPSIS:
                dots.append((k, top - row))
            else:
                place[k, unit] = (k, top - row)
        if with_bias:
            place[k, "bias"] = (k, top - len(column))

    ax_width, ax_height = _size(ax)
    gap = ax_width / depth  # points between two layers
    above = _texts(between, gap - 6)
    below = _texts(layer_labels, gap - 6)
    rows_above, rows_below = (max(map(len, t), default=0) for t in (above, below))
    # All in points: a pad of half a unit, and the lines of text beyond it.
    room = ax_height - LINE * LABEL_SIZE * (rows_above + rows_below) - 12
    half = (slots - 1) / 2
    diameter = min(node_size, 0.86 * room / slots)
    step = (room - diameter) / max(slots - 1, 1)  # from one unit to the next
    pad = diameter / 2 + 3
    low = -half - (pad + 3 + LINE * LABEL_SIZE * rows_below) / step
    high = half + (pad + 3 + LINE * LABEL_SIZE * rows_above) / step
    ax.set(xlim=(-0.5, depth - 0.5), ylim=(low, high))
    ax.set_axis_off()

    kept = _kept(mask, counts)
    styled = {
        **{_edge(e, counts, "edge_colors"): c for e, c in (edge_colors or {}).items()}
    }
    for k in range(depth - 1):
        for (layer, unit), start in place.items():
            if layer != k or (unit, k) in kept["dropped"]:
                continue
            for (to_layer, to_unit), end in place.items():
                if to_layer != k + 1 or to_unit == "bias":
                    continue
                if (to_unit, k + 1) in kept["dropped"]:
                    continue
                color = styled.get((k, unit, to_unit))
                ax.plot(
                    *zip(start, end, strict=True),
                    color=color_of(color, "edge_colors") if color else PALETTE["muted"],
                    linestyle=(0, (2, 2)) if unit == "bias" else "-",
                    linewidth=1.8 if color else 0.8,
                    zorder=1.5 if color else 1,
                    gid="edge",
                )
    for k, y in dots:
        for shift in (-0.2, 0.0, 0.2):
            ax.plot(k, y + shift, "o", ms=2.2, color=PALETTE["muted"], gid="dots")
    for (k, unit), (x, y) in place.items():
        color = _color(colors, k, unit)
        dropped = (unit, k) in kept["dropped"]
        ax.plot(
            x,
            y,
            marker="o",
            markersize=diameter,
            markerfacecolor=PALETTE["paper"],
            markeredgecolor=PALETTE["muted"] if dropped or unit == "bias" else color,
            markeredgewidth=0.8 if dropped or unit == "bias" else 1.5,
            linestyle="none",
            zorder=2,
            gid="unit",
        )
        text = "1" if unit == "bias" else _label(labels, sizes, counts, k, unit)
        if text and not dropped:
            size = _fitting_size(text, diameter)
            ax.text(x, y, text, ha="center", va="center", fontsize=size, zorder=3)
        if dropped:
            ax.plot(
                x,
                y,
                marker="x",
                markersize=0.55 * diameter,
                markeredgecolor=PALETTE["c2"],
                markeredgewidth=2,
                linestyle="none",
                zorder=3,
                gid="dropped",
            )
    for edge, text in (edge_labels or {}).items():
        k, i, j = _edge(edge, counts, "edge_labels")
        if (k, i) not in place or (k + 1, j) not in place:
            raise ValueError(f"edge_labels: the edge {edge} is hidden by the dots")
        start, end = np.array(place[k, i]), np.array(place[k + 1, j])
        x, y = start + 0.4 * (end - start)
        color = styled.get((k, i, j))
        ax.text(
            x,
            y,
            text,
            ha="center",
            va="center",
            fontsize=LABEL_SIZE,
            color=PALETTE["ink"],
            zorder=2.5,
            bbox={"facecolor": PALETTE["paper"], "edgecolor": "none", "pad": 0.8},
            gid=f"edge-label-{color or 'ink'}",
        )
    for k, text in enumerate(below):
        write(ax, (k, -half), text, size=LABEL_SIZE, above=False, gap=pad)
    for k, text in enumerate(above):
        write(ax, (k + 0.5, half), text, size=LABEL_SIZE, above=True, gap=pad)
    return ax


def _column(count: int, max_units: int) -> list[int | None]:
    """The units that are drawn; ``ELLIPSIS`` where some are left out."""
    if count <= max_units:
        return list(range(count))
    return [*range(max_units - 2), ELLIPSIS, count - 1]


def _size(ax: Axes) -> tuple[float, float]:
    """Width and height in points that the layout will give to the axes."""
    inches = ax.figure.get_size_inches()
    spec = ax.get_subplotspec()
    if spec is not None and ax.figure.get_constrained_layout():
        rows, cols = spec.get_gridspec().get_geometry()
        share = np.array([len(spec.colspan) / cols, len(spec.rowspan) / rows])
        return tuple(72 * (inches * share - 0.1))
    position = ax.get_position()
    return 72 * position.width * inches[0], 72 * position.height * inches[1]


def _texts(
    labels: Sequence[str | None] | None, room: float
) -> list[list[tuple[str, str | None]]]:
    """The lines of each text; if one has to be stacked, all of them are."""
    given = [text or "" for text in labels or ()]
    cut = [lines(text, LABEL_SIZE, room) for text in given]
    if any(language for text in cut for _, language in text):
        cut = [lines(text, LABEL_SIZE, 0.0) for text in given]
    return cut


def _label(
    labels: Sequence[str | Sequence[str] | None] | None,
    sizes: Sequence[int | str],
    counts: Sequence[int],
    k: int,
    unit: int,
) -> str:
    given = labels[k] if labels is not None else None
    if not given:
        return ""
    if isinstance(given, str):
        if isinstance(sizes[k], str) and unit == counts[k] - 1:
            return f"${given}_{{{sizes[k]}}}$"
        return f"${given}$" if counts[k] == 1 else f"${given}_{{{unit + 1}}}$"
    shown = [u for u in range(counts[k])]
    if len(given) not in (counts[k], len(shown)):
        raise ValueError(f"labels[{k}] has {counts[k]} texts, got {len(given)}")
    return given[unit]


def _fitting_size(text: str, diameter: float) -> float:
    """The font size in points at which the text fits into a circle."""
    fitting = 0.8 * diameter / max(width(text, 10.0) / 10, 0.1)
    return float(np.clip(fitting, 6.0, min(11.0, 0.5 * diameter)))


def _color(
    colors: Sequence[str | Sequence[str] | None] | None, k: int, unit: int | str
) -> str:
    given = colors[k] if colors is not None else None
    if given is None or unit == "bias":
        return PALETTE["ink"]
    if not isinstance(given, str):
        given = given[unit]
    return color_of(given, f"colors[{k}]")


def _kept(
    mask: Sequence[Sequence[bool] | None] | None, counts: Sequence[int]
) -> dict[str, set[Any]]:
    dropped = set()
    for k, kept in enumerate(mask or ()):
        if kept is None:
            continue
        kept = [bool(value) for value in kept]
        if len(kept) != counts[k]:
            raise ValueError(f"mask[{k}] has {counts[k]} entries, got {len(kept)}")
        dropped |= {(unit, k) for unit, stays in enumerate(kept) if not stays}
    return {"dropped": dropped}


def _edge(
    edge: tuple[int, int, int], counts: Sequence[int], argument: str
) -> tuple[int, int, int]:
    k, i, j = edge
    if not 0 <= k < len(counts) - 1:
        raise ValueError(f"{argument}: layer of {edge} is in 0 … {len(counts) - 2}")
    for unit, layer in ((i, k), (j, k + 1)):
        if not -counts[layer] <= unit < counts[layer]:
            raise ValueError(
                f"{argument}: unit {unit} of {edge} is not in layer {layer}, "
                f"which has {counts[layer]}"
            )
    return k, i % counts[k], j % counts[k + 1]
