"""Charts: curves, points and their boundary, regions, images, heat maps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.path import Path

from d2lnotes.plotting.labels import LINE, lines, write
from d2lnotes.plotting.style import (
    COLORS,
    MARKERS,
    PALETTE,
    color_of,
    figure,
    line_style,
)

if TYPE_CHECKING:
    from d2lnotes.training import History

# The strongest fill on which ink is still read, in light and in dark.
STRONGEST_CELL = 0.5
TITLE_SIZE = 9.0  # points, above an image


def _array(values: Any, argument: str, ndim: int | None = None) -> np.ndarray:
    if hasattr(values, "detach"):
        values = values.detach().cpu().numpy()
    array = np.asarray(values)
    if ndim is not None and array.ndim != ndim:
        raise ValueError(
            f"{argument} has {ndim} dimension{'s' * (ndim != 1)}, got shape {array.shape}"
        )
    return array


def curves(
    ax: Axes,
    x: Any,
    ys: Mapping[str, Any],
    *,
    bands: Mapping[str, tuple[Any, Any]] | None = None,
    markers: bool | None = None,
    legend: bool = True,
) -> Axes:
    """Draw one line per label; colour, dashes and markers tell them apart.

    Args:
        ax: Where to draw.
        x: Positions, shape (n,), shared by all lines.
        ys: Label to values, each (n,).
        bands: Label to (low, high), each (n,): the shaded spread around that line.
        markers: Whether each point is marked; ``None`` means up to 30 points are.
        legend: Whether to name the lines (with more than one, or a band).

    Returns:
        ``ax``.

    Raises:
        ValueError: If lengths differ, or a band has no line.

    Example:
        >>> fig, ax = figure()
        >>> ax = curves(ax, [1, 2], {"训练 | train": [3, 4], "测试 | test": [2, 5]})
        >>> [line.get_linestyle() for line in ax.lines]
        ['-', '--']
        >>> import matplotlib.pyplot as plt; plt.close(fig)
    """
    x = _array(x, "x", 1)
    bands = dict(bands or {})
    if unknown := set(bands) - set(ys):
        raise ValueError(f"bands names lines that ys has not: {sorted(unknown)}")
    if markers is None:
        markers = len(x) <= 30
    for index, (label, values) in enumerate(ys.items()):
        values = _array(values, f"ys[{label!r}]", 1)
        if len(values) != len(x):
            raise ValueError(
                f"ys[{label!r}] has as many values as x, {len(x)}, got {len(values)}"
            )
        style = line_style(index)
        if label in bands:
            low, high = (_array(b, f"bands[{label!r}]", 1) for b in bands[label])
            ax.fill_between(x, low, high, color=style["color"], alpha=0.18, lw=0)
        ax.plot(
            x,
            values,
            label=label,
            marker=MARKERS[index % len(MARKERS)] if markers else None,
            markersize=4,
            **style,
        )
    if legend and len(ys) > 1:
        ax.legend()
    return ax


def history(
    ax: Axes,
    histories: Mapping[str, History | Sequence[History]],
    quantity: str = "train_loss",
) -> Axes:
    """Draw a quantity of training histories by epoch.

    Several runs under one label become their mean with a band from the lowest to the
    highest run.

    Args:
        ax: Where to draw.
        histories: Label to one history, or to the histories of several seeds.
        quantity: A field of ``History``: ``"train_loss"``, ``"train_accuracy"``, …

    Returns:
        ``ax``, with the epochs 1, 2, … as x-axis.

    Raises:
        ValueError: If a history has no such values, or runs differ in length.

    Example:
        >>> from types import SimpleNamespace as Run
        >>> runs = [Run(train_loss=[2.0, 1.0]), Run(train_loss=[4.0, 1.0])]
        >>> fig, ax = figure()
        >>> history(ax, {"SGD": runs}).lines[0].get_ydata().tolist()
        [3.0, 1.0]
        >>> import matplotlib.pyplot as plt; plt.close(fig)
    """
    from matplotlib.ticker import MaxNLocator

    ys, bands, lengths = {}, {}, set()
    for label, runs in histories.items():
        runs = runs if isinstance(runs, Sequence) else [runs]
        rows = [getattr(run, quantity, None) for run in runs]
        if not rows or not all(rows):
            raise ValueError(f"histories[{label!r}] has no values of {quantity!r}")
        lengths |= {len(row) for row in rows}
        if len(lengths) > 1:
            raise ValueError(
                f"histories have the same number of epochs, got {sorted(lengths)}"
            )
        values = np.asarray(rows, dtype=float)  # (runs, epochs)
        ys[label] = values.mean(0)
        if len(rows) > 1:
            bands[label] = (values.min(0), values.max(0))
    curves(ax, np.arange(1, lengths.pop() + 1), ys, bands=bands)
    ax.set_xlabel("轮 | epoch")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    return ax


def images(
    ax: Axes | None,
    X: Any,
    nrows: int,
    ncols: int,
    titles: Sequence[str] | None = None,
    *,
    size: float = 1.1,
) -> Figure:
    """Show grey images in a grid, row by row.

    Args:
        ax: Where to put the grid; ``None`` makes a new figure.
        X: Images, shape (n, h, w), (n, 1, h, w), or (n, h·w) if square; the first
            ``nrows * ncols`` are shown. Each is stretched from its black to its white
            only if it is of a float dtype outside [0, 1].
        nrows: Rows of the grid.
        ncols: Columns of the grid.
        titles: A text above each image; a line break starts a second line. Where
            ``甲 | A`` is wider than the image, its halves stand one above the other.
        size: Width of one image in inches, in a new figure.

    Returns:
        The figure.

    Raises:
        ValueError: If there are too few images or titles, or ``X`` holds no images.

    Example:
        >>> fig = images(None, np.zeros((4, 28, 28)), 2, 2, titles=list("abcd"))
        >>> len(fig.axes[0].child_axes)
        4
        >>> import matplotlib.pyplot as plt; plt.close(fig)
    """
    X = _array(X, "X")
    if X.ndim == 2:
        side = round(X.shape[1] ** 0.5)
        if side * side != X.shape[1]:
            raise ValueError(f"X of shape (n, h·w) holds squares, got {X.shape}")
        X = X.reshape(-1, side, side)
    if X.ndim == 4 and X.shape[1] == 1:
        X = X[:, 0]
    if X.ndim != 3:
        raise ValueError(
            f"X holds grey images, (n, h, w) or (n, 1, h, w), got {X.shape}"
        )
    count = nrows * ncols
    if len(X) < count:
        raise ValueError(
            f"X holds at least nrows * ncols = {count} images, got {len(X)}"
        )
    if titles is not None and len(titles) < count:
        raise ValueError(f"titles has one text per image, {count}, got {len(titles)}")
    texts = [
        lines(title, TITLE_SIZE, 72 * size - 4) for title in (titles or [])[:count]
    ]
    rows = max(map(len, texts), default=0)
    room = (rows * LINE * TITLE_SIZE + 6) / 72 if rows else 0.0  # inches above an image
    if ax is None:
        _, ax = figure(size * ncols, (size * X.shape[1] / X.shape[2] + room) * nrows)
    ax.set_axis_off()
    share = size / (size + room)
    for k in range(count):
        row, col = divmod(k, ncols)
        low = 1 - (row + 1) / nrows
        cell = ax.inset_axes(
            (col / ncols + 0.03 / ncols, low, 0.94 / ncols, share * 0.97 / nrows)
        )
        image = X[k]
        top = 255 if image.dtype == np.uint8 else 1
        low_high = (0, top) if image.min() >= 0 and image.max() <= top else (None, None)
        cell.imshow(image, cmap="gray", vmin=low_high[0], vmax=low_high[1])
        cell.set(xticks=[], yticks=[])
        cell.grid(False)
        for spine in cell.spines.values():
            spine.set(visible=True, color=PALETTE["muted"], linewidth=0.6)
        if texts:
            write(
                cell,
                (0.5, 1.0),
                texts[k],
                size=TITLE_SIZE,
                above=True,
                coordinates="axes fraction",
                gap=2,
            )
    return ax.figure


def scatter_classes(
    ax: Axes,
    X: Any,
    y: Any,
    *,
    labels: tuple[str, str] | None = ("$+1$", "$-1$"),
    size: float = 36,
) -> Axes:
    """Draw points of two classes: filled circles for +1, open squares for −1.

    Args:
        ax: Where to draw.
        X: Points, shape (n, 2).
        y: Classes, shape (n,), in {−1, +1}.
        labels: Names of the two classes for a legend; ``None`` for none.
        size: Area of a mark in square points.

    Returns:
        ``ax``.

    Raises:
        ValueError: If ``X`` is not (n, 2) or ``y`` holds other values.

    Example:
        >>> fig, ax = figure()
        >>> ax = scatter_classes(ax, [[1, 1], [1, -1]], [-1, 1])
        >>> len(ax.collections)
        2
        >>> import matplotlib.pyplot as plt; plt.close(fig)
    """
    X, y = _array(X, "X", 2), _array(y, "y", 1)
    if X.shape != (len(y), 2):
        raise ValueError(f"X is (n, 2) with n = {len(y)} as y, got {X.shape}")
    if not np.isin(y, (-1, 1)).all():
        raise ValueError(f"y is in {{-1, +1}}, got {np.unique(y).tolist()}")
    for sign, marker, color, fill, label in (
        (1, "o", PALETTE["c1"], PALETTE["c1"], labels and labels[0]),
        (-1, "s", PALETTE["c2"], PALETTE["paper"], labels and labels[1]),
    ):
        chosen = X[y == sign]
        if len(chosen):
            ax.scatter(
                *chosen.T,
                s=size,
                marker=marker,
                facecolors=fill,
                edgecolors=color,
                linewidths=1.6,
                label=label or None,
                zorder=3,
            )
    if labels:  # above, where it hides no point
        ax.legend(
            loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, borderaxespad=0.2
        )
    return ax


def boundary(
    ax: Axes,
    w: Any,
    b: float,
    *,
    label: str | None = None,
    color: str = "ink",
    linestyle: Any = "-",
    linewidth: float = 1.8,
    arrow: bool = False,
    margin: float | None = None,
) -> Axes:
    r"""Draw the line $\langle w, x\rangle + b = 0$ across the present view.

    The view (``xlim``, ``ylim``) is kept: set it, or draw the points, first.

    Args:
        ax: Where to draw.
        w: Weights, shape (2,), not both zero.
        b: Bias.
        label: Name in the legend.
        color: Name in ``PALETTE``.
        linestyle: Any matplotlib line style.
        linewidth: Width in points.
        arrow: Whether to draw $w$ as an arrow, standing on the line, to the + side.
        margin: A distance: shade the band that reaches so far on both sides.

    Returns:
        ``ax``.

    Raises:
        ValueError: If ``w`` is not of shape (2,) or is zero.

    Example:
        >>> fig, ax = figure()
        >>> ax = boundary(ax, [0.0, 2.0], -1.0)
        >>> ax.lines[0].get_ydata().tolist()
        [0.5, 0.5]
        >>> import matplotlib.pyplot as plt; plt.close(fig)
    """
    w = _array(w, "w", 1).astype(float)
    b = float(b)
    norm = float(np.linalg.norm(w))
    if w.shape != (2,) or norm == 0:
        raise ValueError(f"w has shape (2,) and is not zero, got {w.tolist()}")
    color = color_of(color, "color")
    xlim, ylim = ax.get_xlim(), ax.get_ylim()
    corner = np.array([[x, y] for x in xlim for y in ylim])
    centre = corner.mean(0)
    foot = centre - (w @ centre + b) / norm**2 * w  # nearest point of the line
    reach = np.linalg.norm(corner - foot, axis=1).max()
    along = np.array([-w[1], w[0]]) / norm
    ends = np.stack([foot - reach * along, foot + reach * along])
    if w[0] == 0:  # level: keep both ends exact
        ends[:, 1] = -b / w[1]
    normal = w / norm
    if margin is not None:
        corners = [*(ends - margin * normal), *(ends + margin * normal)[::-1]]
        ax.fill(*np.array(corners).T, color=color, alpha=0.12, lw=0)
    ax.plot(*ends.T, color=color, linestyle=linestyle, linewidth=linewidth, label=label)
    if arrow:
        length = 0.18 * min(np.ptp(xlim), np.ptp(ylim))
        ax.annotate(
            "",
            foot + length * normal,
            foot,
            arrowprops={
                "arrowstyle": "-|>",
                "color": color,
                "lw": linewidth,
                "shrinkA": 0,
                "shrinkB": 0,
            },
        )
    ax.set(xlim=xlim, ylim=ylim)
    return ax


def regions(
    ax: Axes,
    f: Callable[[Any], Any],
    extent: tuple[float, float, float, float],
    *,
    steps: int = 200,
    alpha: float = 0.2,
    edges: bool = True,
) -> Axes:
    """Shade the plane by the sign, or by the class, of a function.

    Args:
        ax: Where to draw.
        f: From points, a float32 tensor (n, 2), to scores (n,) or (n, 1), of which the
            sign counts (positive as class +1), or to integer classes (n,), or to
            logits (n, q), of which the largest counts.
        extent: ``(x_low, x_high, y_low, y_high)``, also the view.
        steps: Grid points per side.
        alpha: Strength of the shade in (0, 1].
        edges: Whether the borders are drawn.

    Returns:
        ``ax``.

    Raises:
        ValueError: If the extent is empty or ``f`` gives something else.

    Example:
        >>> fig, ax = figure()
        >>> ax = regions(ax, lambda X: X[:, 0] * X[:, 1], (-1, 1, -1, 1))
        >>> ax.get_xlim() == (-1, 1)
        True
        >>> import matplotlib.pyplot as plt; plt.close(fig)
    """
    import torch

    x_low, x_high, y_low, y_high = extent
    if not (x_low < x_high and y_low < y_high):
        raise ValueError(f"extent is (x_low, x_high, y_low, y_high), got {extent}")
    xs, ys = np.linspace(x_low, x_high, steps), np.linspace(y_low, y_high, steps)
    points = np.stack(np.meshgrid(xs, ys), -1).reshape(-1, 2)
    with torch.no_grad():
        out = f(torch.tensor(points, dtype=torch.float32))
    out = _array(out, "the result of f")
    if out.ndim == 2 and out.shape[1] == 1:
        out = out[:, 0]
    if out.shape[0] != len(points) or out.ndim > 2:
        raise ValueError(f"f gives (n,) or (n, q) for n points, got {out.shape}")
    if out.ndim == 2 or out.dtype.kind in "iu":
        if out.ndim == 2:  # by how much a class beats the others: borders are smooth
            others = [np.delete(out, c, axis=1).max(1) for c in range(out.shape[1])]
            layers = [out[:, c] - others[c] for c in range(out.shape[1])]
        else:
            layers = [(out == c).astype(float) - 0.5 for c in np.unique(out)]
        fills = [COLORS[i % len(COLORS)] for i in range(len(layers))]
    else:
        layers, fills = [out, -out], [PALETTE["c1"], PALETTE["c2"]]
    # Between two classes the grid gives stairs; a score gives the border itself.
    stairs = out.ndim == 1 and out.dtype.kind in "iu"
    tolerance = (1.1 if stairs else 0.05) * np.array([xs[1] - xs[0], ys[1] - ys[0]])
    for values, fill in zip(layers, fills, strict=True):
        grid = values.reshape(steps, steps).astype(float)
        drawn = []
        if grid.max() > 0:
            top = max(grid.max(), 1e-9) * 2
            drawn.append(
                ax.contourf(xs, ys, grid, levels=[0, top], colors=[fill], alpha=alpha)
            )
        # The last class has the borders that the others have drawn already.
        if edges and values is not layers[-1] and grid.min() < 0 < grid.max():
            color = PALETTE["muted"]
            drawn.append(
                ax.contour(xs, ys, grid, levels=[0], colors=[color], linewidths=1.2)
            )
        for contours in drawn:
            contours.set_paths(
                [_straightened(path, tolerance) for path in contours.get_paths()]
            )
    ax.set(xlim=(x_low, x_high), ylim=(y_low, y_high))
    ax.grid(False)
    return ax


def _straightened(path: Path, tolerance: np.ndarray) -> Path:
    """A path of straight pieces without the points that are nearly on a line."""
    path.should_simplify = False  # made for pixels: in data units it bends the lines
    pieces = []
    for polygon in path.to_polygons(closed_only=False):
        points = np.asarray(polygon)
        keep = _corners(points / tolerance)
        codes = np.full(keep.sum(), Path.LINETO)
        codes[0] = Path.MOVETO
        if len(codes) > 2 and (points[0] == points[-1]).all():
            codes[-1] = Path.CLOSEPOLY
        pieces.append(Path(points[keep], codes))
    return Path.make_compound_path(*pieces) if pieces else path


def _corners(points: np.ndarray) -> np.ndarray:
    """Which points to keep so that no other is further than 1 from the lines.

    Source:
        Douglas & Peucker 1973, Cartographica 10(2).
    """
    keep = np.zeros(len(points), dtype=bool)
    keep[[0, -1]] = True
    waiting = [(0, len(points) - 1)]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:
            continue
        inner, start = points[first + 1 : last], points[first]
        along = points[last] - start
        length = np.hypot(*along)
        if length == 0:
            away = np.hypot(*(inner - start).T)
        else:
            x, y = (inner - start).T
            away = np.abs(along[0] * y - along[1] * x) / length
        farthest = int(away.argmax())
        if away[farthest] > 1:
            middle = first + 1 + farthest
            keep[middle] = True
            waiting += [(first, middle), (middle, last)]
    return keep


def heatmap(
    ax: Axes,
    M: Any,
    *,
    fmt: str | None = "{:.2g}",
    vmax: float | None = None,
    row_labels: Sequence[str] | None = None,
    col_labels: Sequence[str] | None = None,
    fontsize: float = 9,
) -> Axes:
    """Draw a matrix: the larger an entry, the stronger its cell.

    Positive entries are c1, negative ones c2.

    Args:
        ax: Where to draw.
        M: Matrix, shape (m, n), finite.
        fmt: Format of the numbers, e.g. ``"{:.1f}"``; ``None`` for no numbers.
        vmax: The absolute value that gets the strongest shade; ``None``: the largest.
        row_labels: Names of the rows, m texts.
        col_labels: Names of the columns, n texts.
        fontsize: Size of the numbers in points.

    Returns:
        ``ax``, with row 0 on top.

    Raises:
        ValueError: If ``M`` is no finite matrix, or labels do not fit it.

    Example:
        >>> fig, ax = figure()
        >>> ax = heatmap(ax, [[1.0, 0.5], [-0.5, 0.0]])
        >>> [text.get_text() for text in ax.texts]
        ['1', '0.5', '−0.5', '0']
        >>> import matplotlib.pyplot as plt; plt.close(fig)
    """
    M = _array(M, "M", 2).astype(float)
    if not np.isfinite(M).all():
        raise ValueError("M is finite, got nan or infinity in it")
    rows, cols = M.shape
    for name, labels, n in (
        ("row_labels", row_labels, rows),
        ("col_labels", col_labels, cols),
    ):
        if labels is not None and len(labels) != n:
            raise ValueError(f"{name} has {n} texts, got {len(labels)}")
    top = float(np.abs(M).max() if vmax is None else vmax) or 1.0
    for i in range(rows):
        for j in range(cols):
            value = M[i, j]
            strength = round(min(abs(value) / top, 1.0) * STRONGEST_CELL, 3)
            if strength:
                color = PALETTE["c1" if value >= 0 else "c2"]
                ax.add_patch(
                    Rectangle((j - 0.5, i - 0.5), 1, 1, fc=color, alpha=strength, lw=0)
                )
            if fmt is not None:
                ax.text(
                    j,
                    i,
                    fmt.format(value).replace("-", "−"),
                    ha="center",
                    va="center",
                    fontsize=fontsize,
                    color=PALETTE["ink"],
                )
    ax.set(xlim=(-0.5, cols - 0.5), ylim=(rows - 0.5, -0.5))
    ax.set_aspect("equal")
    ax.grid(False)
    for axis, labels, n in ((ax.xaxis, col_labels, cols), (ax.yaxis, row_labels, rows)):
        axis.set_ticks(range(n) if labels is not None else [], labels=labels)
        axis.set_tick_params(length=0)
    for spine in ax.spines.values():
        spine.set(visible=True, color=PALETTE["muted"], linewidth=0.6)
    return ax


def confusion(ax: Axes, matrix: Any, names: Sequence[str]) -> Axes:
    """Draw a confusion matrix: counts, shaded by their share of the row.

    Args:
        ax: Where to draw.
        matrix: Counts, shape (q, q), rows true classes, columns predicted ones.
        names: Names of the q classes, ``"裤子 | trouser"``.

    Returns:
        ``ax``.

    Raises:
        ValueError: If the matrix is not square, or the names do not fit it.

    Example:
        >>> fig, ax = figure()
        >>> ax = confusion(ax, [[9, 1], [2, 8]], ["猫 | cat", "狗 | dog"])
        >>> ax.texts[0].get_text()
        '9'
        >>> import matplotlib.pyplot as plt; plt.close(fig)
    """
    M = _array(matrix, "matrix", 2)
    if M.shape[0] != M.shape[1]:
        raise ValueError(f"matrix is square, got {M.shape}")
    if len(names) != len(M):
        raise ValueError(f"names has {len(M)} texts, got {len(names)}")
    shares = M / np.maximum(M.sum(1, keepdims=True), 1)
    # The root, because the errors are few and the ones worth seeing.
    heatmap(ax, np.sqrt(shares), fmt=None, vmax=1.0, row_labels=names, col_labels=names)
    for (i, j), count in np.ndenumerate(M):
        if count:
            ax.text(j, i, f"{count:d}", ha="center", va="center", fontsize=9)
    for label in ax.get_xticklabels():
        label.set(rotation=45, ha="right", rotation_mode="anchor")
    ax.set(xlabel="预测 | predicted", ylabel="真实 | true")
    return ax
