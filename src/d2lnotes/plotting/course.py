"""Figures by the course's signatures: ``plot`` in one call, and curves that grow in training."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from d2lnotes.plotting.style import line_style, use_svg

__all__ = ["Animator", "plot", "set_axes"]

REDRAW_S = 0.25  # a drawing costs about 50 ms; four a second look live and cost little
DEFAULT_FMTS = ("-", "m--", "g-.", "r:")


def set_axes(
    ax: Axes,
    xlabel: str | None,
    ylabel: str | None,
    xlim: tuple[float, float] | None,
    ylim: tuple[float, float] | None,
    xscale: str,
    yscale: str,
    legend: Sequence[str] | None,
) -> None:
    """Set labels, scales, limits, legend and grid of ``ax`` in one call.

    Args:
        ax: The axes.
        xlabel: Text below; ``None`` for none.
        ylabel: Text at the side; ``None`` for none.
        xlim: Left and right end; ``None`` leaves them to matplotlib.
        ylim: Lower and upper end.
        xscale: ``"linear"``, ``"log"``, or another scale of matplotlib.
        yscale: Likewise.
        legend: One text per line; empty or ``None`` for no legend.
    """
    ax.set(xlabel=xlabel or "", ylabel=ylabel or "", xscale=xscale, yscale=yscale)
    if xlim is not None:
        ax.set_xlim(xlim)
    if ylim is not None:
        ax.set_ylim(ylim)
    if legend:
        ax.legend(legend)
    ax.grid(True)


def plot(
    X: Any,
    Y: Any = None,
    xlabel: str | None = None,
    ylabel: str | None = None,
    legend: Sequence[str] | None = None,
    xlim: tuple[float, float] | None = None,
    ylim: tuple[float, float] | None = None,
    xscale: str = "linear",
    yscale: str = "linear",
    fmts: Sequence[str] = DEFAULT_FMTS,
    figsize: tuple[float, float] = (3.5, 2.5),
    axes: Axes | None = None,
) -> None:
    """Draw one or several curves, with labels, scales, limits and legend in one call.

    Args:
        X: Abscissae of one curve, ``(n,)``, or a list of them, one per curve; without ``Y``
            the ordinates.
        Y: Ordinates of one curve or a list of them; ``None`` counts the points from 0.
        xlabel: See `set_axes`, also for the next six.
        ylabel: Label at the side.
        legend: One text per curve.
        xlim: Ends of the x-axis.
        ylim: Ends of the y-axis.
        xscale: Scale of the x-axis.
        yscale: Scale of the y-axis.
        fmts: matplotlib's format of each curve; the default ones become the book's
            colours and dashes.
        figsize: Width and height in inches of a new figure.
        axes: Where to draw, cleared first; ``None`` means the current axes.

    Raises:
        ValueError: If ``X`` and ``Y`` hold different numbers of curves.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> plot([1, 2, 3], [[1, 4, 9], [1, 8, 27]], legend=["square", "cube"])
        >>> len(plt.gca().lines)
        2
        >>> plt.close()
    """
    import matplotlib.pyplot as plt

    xs, ys = (None, _curves(X)) if Y is None else (_curves(X), _curves(Y))
    xs = [range(len(y)) for y in ys] if xs is None else xs
    if len(xs) == 1:
        xs = xs * len(ys)
    if len(xs) != len(ys):
        raise ValueError(
            f"X holds one curve, or as many as Y, got {len(xs)} and {len(ys)}"
        )
    if axes is None:
        use_svg()
        plt.rcParams["figure.figsize"] = figsize
        axes = plt.gca()
    _draw(axes, xs, ys, tuple(fmts))
    set_axes(axes, xlabel, ylabel, xlim, ylim, xscale, yscale, legend)


def _curves(values: Any) -> list[Any]:
    """One curve or several, as a list of curves."""
    single = getattr(values, "ndim", None) == 1 or not hasattr(values[0], "__len__")
    return [values] if single else list(values)


def _draw(
    ax: Axes, xs: Sequence[Any], ys: Sequence[Any], fmts: tuple[str, ...]
) -> None:
    """Clear ``ax`` and draw the curves; the course's own formats become the book's."""
    ax.clear()
    for i, (x, y) in enumerate(zip(xs, ys, strict=True)):
        if fmts == DEFAULT_FMTS:
            ax.plot(x, y, **line_style(i))
        else:
            ax.plot(x, y, fmts[i % len(fmts)])


class Animator:
    """Curves of a training, drawn as their points arrive.

    In a notebook the figure is redrawn in place, at most four times a second, and once more
    when the cell ends. With ``D2LNOTES_LIVE=0`` in the environment, as when a book is built,
    it is drawn only then. Elsewhere nothing is drawn until ``fig`` is asked for.

    Args:
        xlabel: Label of the x-axis.
        ylabel: Label of the y-axis.
        legend: One text per curve.
        xlim: Ends of the x-axis.
        ylim: Ends of the y-axis.
        xscale: Scale of the x-axis.
        yscale: Scale of the y-axis.
        fmts: matplotlib's format of each curve; the default ones become the book's
            colours and dashes.
        nrows: Rows of panels; the curves are drawn in the first panel.
        ncols: Columns of panels.
        figsize: Width and height in inches.

    Source:
        Chapter ``sec-setup``, section on the course's own code.

    Example:
        >>> animator = Animator(xlabel="epoch", legend=["train", "test"])
        >>> animator.add(1, (0.9, 0.8))
        >>> animator.add(2, (0.7, None))  # None: no point on this curve
        >>> animator.X, animator.Y
        ([[1, 2], [1]], [[0.9, 0.7], [0.8]])
    """

    def __init__(
        self,
        xlabel: str | None = None,
        ylabel: str | None = None,
        legend: Sequence[str] | None = None,
        xlim: tuple[float, float] | None = None,
        ylim: tuple[float, float] | None = None,
        xscale: str = "linear",
        yscale: str = "linear",
        fmts: Sequence[str] = DEFAULT_FMTS,
        nrows: int = 1,
        ncols: int = 1,
        figsize: tuple[float, float] = (3.5, 2.5),
    ) -> None:
        self._axes_settings = (xlabel, ylabel, xlim, ylim, xscale, yscale, legend)
        self._grid, self._figsize, self._fmts = (nrows, ncols), figsize, tuple(fmts)
        self._fig: Figure | None = None
        self._drawn_s = float("-inf")
        self._handle: Any = None
        self._shown = False
        self.X: list[list[float]] = []
        self.Y: list[list[float]] = []

    def add(self, x: Any, y: Any) -> None:
        """Add one point to each curve.

        Args:
            x: One number for all curves, or one per curve.
            y: One number, or one per curve; ``None`` skips a curve.

        Raises:
            ValueError: If ``x`` and ``y`` hold different numbers of values.
        """
        ys = list(y) if hasattr(y, "__len__") else [y]
        xs = list(x) if hasattr(x, "__len__") else [x] * len(ys)
        if len(xs) != len(ys):
            raise ValueError(
                f"x holds one number, or as many as y, got {len(xs)} and {len(ys)}"
            )
        while len(self.X) < len(ys):
            self.X.append([])
            self.Y.append([])
        for i, (a, b) in enumerate(zip(xs, ys, strict=True)):
            if a is not None and b is not None:
                self.X[i].append(a)
                self.Y[i].append(b)
        self._show()

    @property
    def fig(self) -> Figure:
        """The figure with all points so far."""
        if self._fig is None:
            self._fig = Figure(self._figsize, layout="constrained")
            self._fig.subplots(*self._grid)
        _draw(self._fig.axes[0], self.X, self.Y, self._fmts)
        set_axes(self._fig.axes[0], *self._axes_settings)
        return self._fig

    @property
    def axes(self) -> list[Axes]:
        """Its panels."""
        return self.fig.axes

    def _show(self) -> None:
        """Draw, if somebody looks and did not look a moment ago."""
        ipython = _notebook()
        if ipython is None:
            return
        if self._handle is None:
            from IPython.display import DisplayHandle

            use_svg()
            self._handle, self._shown = DisplayHandle(), False
            ipython.events.register("post_run_cell", self._finish)
        live = os.environ.get("D2LNOTES_LIVE") != "0"
        if live and time.monotonic() - self._drawn_s > REDRAW_S:
            self._draw()

    def _draw(self) -> None:
        """Put the figure where it stands already, or at the end of the output."""
        (self._handle.update if self._shown else self._handle.display)(self.fig)
        self._shown, self._drawn_s = True, time.monotonic()

    def _finish(self, *result: Any) -> None:
        """The cell is over: draw all points, and listen no more."""
        _notebook().events.unregister("post_run_cell", self._finish)
        self._draw()
        self._handle = None  # points added by a later cell get a figure there


def _notebook() -> Any:
    """IPython's shell if it runs in a notebook's kernel, else ``None``."""
    if "ipykernel" not in sys.modules:
        return None
    from IPython import get_ipython

    shell = get_ipython()
    return shell if shell is not None and hasattr(shell, "kernel") else None
