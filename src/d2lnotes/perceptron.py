"""Rosenblatt's perceptron: its rule, its updates, its bound, and its defeat by XOR."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

import torch
from torch import Tensor

from d2lnotes.activations import sign

__all__ = [
    "PerceptronRun",
    "Update",
    "best_linear_correct",
    "convergence_bound",
    "margin",
    "predict",
    "radius",
    "train_perceptron",
]


class Update(NamedTuple):
    """One correction: in which epoch (from 1), at which example (from 0), and what came out.

    ``w`` and ``b`` are the parameters *after* the update.
    """

    epoch: int
    index: int
    w: Tensor
    b: float


@dataclass(frozen=True)
class PerceptronRun:
    """What `train_perceptron` did.

    Attributes:
        w: Weights at the end, ``(d,)``.
        b: Bias at the end.
        num_updates: How many mistakes were corrected.
        num_epochs: How many times the data were gone through; in a run that converged
            the last one is the one without a mistake.
        converged: Whether the last epoch was free of mistakes.
        updates: All corrections in order.
    """

    w: Tensor
    b: float
    num_updates: int
    num_epochs: int
    converged: bool
    updates: list[Update] = field(repr=False)


def predict(X: Tensor, w: Tensor, b: float) -> Tensor:
    r"""Classify each row by the side of the line it lies on, $\mathrm{sign}(Xw + b)$.

    Args:
        X: Points, ``(n, d)``.
        w: Weights, ``(d,)``, the dtype of ``X``.
        b: Bias.

    Returns:
        Labels in $\{-1, +1\}$, ``(n,)``; a point on the boundary gets $-1$.

    Source:
        Chapter ``sec-perceptron``.

    Example:
        >>> predict(torch.tensor([[2.0, 0.0], [0.0, 2.0]]), torch.tensor([1.0, -1.0]), b=0.0)
        tensor([ 1., -1.])
    """
    return sign(X @ w + b)


def train_perceptron(
    X: Tensor,
    y: Tensor,
    *,
    max_epochs: int = 1000,
    w: Tensor | None = None,
    b: float = 0.0,
) -> PerceptronRun:
    r"""Go through the points in order and correct each mistake until there is none.

    A mistake is $y_i (\langle w, x_i\rangle + b) \le 0$; it is corrected by
    $w \leftarrow w + y_i x_i$ and $b \leftarrow b + y_i$. If a line separates the classes, this
    ends after at most `convergence_bound` updates; if none does, it never ends.

    Args:
        X: Points, ``(n, d)``, floating dtype, finite.
        y: Labels in $\{-1, +1\}$, ``(n,)``.
        max_epochs: Give up after so many passes through the data, at least 1.
        w: Initial weights, ``(d,)``; ``None`` means zeros.
        b: Initial bias.

    Returns:
        The final parameters and the record of every update.

    Raises:
        ValueError: If shapes do not fit, a label is not $\pm 1$, a coordinate is not finite
            or ``max_epochs`` is less than 1.

    Source:
        Rosenblatt 1958, Psychological Review 65; chapter ``sec-perceptron``.

    Example:
        >>> X, y = torch.tensor([[1.0, 0.0], [-1.0, 0.0]]), torch.tensor([1.0, -1.0])
        >>> train_perceptron(X, y)
        PerceptronRun(w=tensor([2., 0.]), b=0.0, num_updates=2, num_epochs=2, converged=True)
    """
    _check_points(X, y)
    if max_epochs < 1:
        raise ValueError(f"max_epochs is at least 1, got {max_epochs}")
    w = torch.zeros(X.shape[1], dtype=X.dtype) if w is None else w.to(X.dtype)
    if w.shape != X.shape[1:]:
        raise ValueError(f"w must have shape ({X.shape[1]},), got {tuple(w.shape)}")
    labels, b, updates = y.tolist(), float(b), []
    for epoch in range(1, max_epochs + 1):
        before = len(updates)
        i = _next_mistake(X, y, w, b, start=0)
        while i is not None:
            w = w + labels[i] * X[i]
            b = b + labels[i]
            updates.append(Update(epoch, i, w, b))
            i = _next_mistake(X, y, w, b, start=i + 1)
        if len(updates) == before:
            return PerceptronRun(w, b, len(updates), epoch, True, updates)
    return PerceptronRun(w, b, len(updates), max_epochs, False, updates)


def radius(X: Tensor) -> float:
    r"""Distance of the farthest point from the origin, $r = \max_i \lVert x_i\rVert$.

    Args:
        X: Points, ``(n, d)``, n at least 1.

    Returns:
        A distance, at least 0, in the unit of ``X``.

    Raises:
        ValueError: If ``X`` is not a matrix with at least one row.

    Example:
        >>> radius(torch.tensor([[3.0, 4.0], [1.0, 0.0]]))
        5.0
    """
    if X.ndim != 2 or len(X) == 0:
        raise ValueError(
            f"X must have shape (n, d), n at least 1, got {tuple(X.shape)}"
        )
    return X.double().norm(dim=1).max().item()


def margin(X: Tensor, y: Tensor, w: Tensor, b: float) -> float:
    r"""Margin of a separator, $\rho = \min_i y_i(\langle w, x_i\rangle + b) / \sqrt{\lVert w\rVert^2 + b^2}$.

    The separator is scaled so that $\lVert w\rVert^2 + b^2 = 1$, as in the convergence
    theorem. (The distance to the line divides by $\lVert w\rVert$ alone and is never smaller
    in size.)

    Args:
        X: Points, ``(n, d)``.
        y: Labels in $\{-1, +1\}$, ``(n,)``.
        w: Weights of the separator, ``(d,)``.
        b: Bias of the separator.

    Returns:
        The margin: positive if every point is on its right side, else zero or negative.

    Raises:
        ValueError: If shapes do not fit, a label is not $\pm 1$ or ``w`` and ``b`` are zero.

    Source:
        Novikoff 1962; chapter ``sec-perceptron``.

    Example:
        >>> X, y = torch.tensor([[2.0], [-3.0]]), torch.tensor([1.0, -1.0])
        >>> margin(X, y, w=torch.tensor([7.0]), b=0.0)
        2.0
    """
    _check_points(X, y)
    w, b = w.double(), float(b)
    size = (w @ w + b * b).sqrt()
    if size == 0:
        raise ValueError(
            "w and b are all zero: that separates nothing and has no margin"
        )
    return (y * (X.double() @ w + b) / size).min().item()


def convergence_bound(X: Tensor, y: Tensor, w_star: Tensor, b_star: float) -> float:
    r"""Most updates that the perceptron can need from zero, $(r^2 + 1) / \rho^2$.

    Here $r$ is the `radius` of the points and $\rho$ the `margin` of *any* separator; the
    wider its margin, the better the bound.

    Args:
        X: Points, ``(n, d)``.
        y: Labels in $\{-1, +1\}$, ``(n,)``.
        w_star: Weights of a separator, ``(d,)``, of any length.
        b_star: Bias of the separator.

    Returns:
        The bound on the number of updates, at least 1.

    Raises:
        ValueError: If $(w^*, b^*)$ does not separate the classes.

    Source:
        Novikoff 1962, *On convergence proofs on perceptrons*; chapter ``sec-perceptron``.

    Example:
        >>> X, y = torch.tensor([[2.0], [-2.0]]), torch.tensor([1.0, -1.0])
        >>> convergence_bound(X, y, w_star=torch.tensor([1.0]), b_star=0.0)  # (4 + 1) / 4
        1.25
    """
    rho = margin(X, y, w_star, b_star)
    if rho <= 0:
        raise ValueError(
            f"w_star and b_star must separate the classes, got margin {rho:g}"
        )
    return (radius(X) ** 2 + 1) / rho**2


def best_linear_correct(X: Tensor, y: Tensor) -> int:
    r"""Most points that any line in the plane classifies right, exactly.

    Only finitely many lines need be tried. (1) A point on the line is never needed: it is
    answered $-1$, and so it is when the line is pushed a little towards the $+1$ side.
    (2) Turn a line that touches no point a little, which changes no answer, until it is
    parallel to no line through two points. Then push it sideways: the first point $p$
    that it meets, it meets alone. So the line through $p$, with $p$ counted on the side it
    came from, gives the same answers. (3) Conversely, each line that goes through one point
    alone can be pushed off it to either side. So it is enough to turn a line about each point
    $p$ and to look whenever it has passed a further point, or several in one direction.

    Either side may be the one called $+1$. Calling one side $-1$ and the other $+1$ is right
    $n_+ - S$ times, with $n_+$ the number of labels $+1$ and $S$ the sum of the labels on the
    first side; the other way round it is right $n_- + S$ times. Slopes are compared as fractions,
    and floats are fractions, so no rounding enters.

    Args:
        X: Points, ``(n, 2)``, finite, n at least 1. The time grows like $n^2 \log n$:
            well under a second for a hundred points, some seconds for 400.
        y: Labels in $\{-1, +1\}$, ``(n,)``.

    Returns:
        A count, at least $n/2$; it is $n$ just when some line separates the classes.

    Raises:
        ValueError: If ``X`` is not ``(n, 2)``, shapes do not fit, a label is not $\pm 1$ or
            a coordinate is not finite.

    Source:
        Chapter ``sec-perceptron``.

    Example:
        >>> X = torch.tensor([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
        >>> best_linear_correct(X, y=torch.tensor([-1.0, 1.0, 1.0, -1.0]))  # XOR
        3
    """
    _check_points(X, y)
    if X.shape[1] != 2:
        raise ValueError(f"X holds points of the plane, (n, 2), got {tuple(X.shape)}")
    votes: Counter[tuple[Fraction, ...]] = Counter()  # sum of labels at each place
    for point, label in zip(X.tolist(), y.tolist(), strict=True):
        votes[tuple(map(Fraction, point))] += int(label)
    num_plus, num_minus = int((y > 0).sum()), int((y < 0).sum())
    best = max(num_plus, num_minus)  # a line that leaves all points on one side
    for p in votes:
        for S in _sums_on_one_side(p, votes):
            for side in (S, S + votes[p]):  # without and with p itself
                best = max(best, num_plus - side, num_minus + side)
    return best


def _sums_on_one_side(
    p: tuple[Fraction, ...], votes: Counter[tuple[Fraction, ...]]
) -> Iterator[int]:
    """Turn a line about ``p``, from upright to upright, and sum the votes on its left."""
    left = 0
    turns: Counter[Fraction] = Counter()  # slope -> what joins the left side there
    for q, vote in votes.items():
        dx, dy = q[0] - p[0], q[1] - p[1]
        if dx > 0 or (
            dx == 0 and dy > 0
        ):  # the line points down, a little to the right
            left += vote
        if dx != 0:  # a point ahead leaves the left side, a point behind joins it
            turns[dy / dx] += -vote if dx > 0 else vote
    return accumulate((turns[slope] for slope in sorted(turns)), initial=left)


def _next_mistake(X: Tensor, y: Tensor, w: Tensor, b: float, start: int) -> int | None:
    """Return the first index from ``start`` on with y(<w, x> + b) <= 0, if there is one."""
    mistakes = (y[start:] * (X[start:] @ w + b) <= 0).nonzero()
    return start + int(mistakes[0]) if len(mistakes) else None


def _check_points(X: Tensor, y: Tensor) -> None:
    """Raise unless ``X`` is ``(n, d)``, finite, and ``y`` ``(n,)`` of labels +1 and -1."""
    if X.ndim != 2 or len(X) == 0:
        raise ValueError(
            f"X must have shape (n, d), n at least 1, got {tuple(X.shape)}"
        )
    if y.shape != X.shape[:1]:
        raise ValueError(f"y must have shape ({len(X)},), got {tuple(y.shape)}")
    if not bool((y.abs() == 1).all()):
        raise ValueError(
            f"y holds labels in {{-1, +1}}, got {y.unique().tolist()}; "
            "2 * y - 1 makes them from 0 and 1"
        )
    if not bool(X.isfinite().all()):
        raise ValueError("X must be finite, got inf or nan")
