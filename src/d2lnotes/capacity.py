r"""How many labellings a hyperplane can produce: separable, dichotomies, shattered, counted.

A **dichotomy** of n points is one of the $2^n$ ways to label them $\pm 1$; it is separable if
some hyperplane has all points labelled $+1$ strictly on one side and all others strictly on
the other. A class of classifiers **shatters** the points if it produces all $2^n$ dichotomies,
and its VC dimension is the size of the largest set that it shatters. Nothing here rounds: the
answers are those of exact arithmetic on the numbers given.
"""

import math
from itertools import product

import torch
from torch import Tensor

__all__ = ["cover_count", "dichotomies", "is_separable", "shatters"]


def is_separable(X: Tensor, y: Tensor) -> bool:
    r"""Decide exactly whether some hyperplane separates the two classes strictly.

    By Gordan's theorem either some $(w, b)$ has $y_i(\langle w, x_i\rangle + b) > 0$ for all
    i, or there are weights $\lambda_i \ge 0$ with sum 1 and $\sum_i \lambda_i y_i (x_i, 1) = 0$,
    and never both. (Such weights name a point that both convex hulls have in common.)
    We look for the weights by the simplex method, in integers.

    Args:
        X: Points, ``(n, d)``, finite; integers, or floats, which are fractions. A dozen
            dimensions and a hundred points take well under a second.
        y: Labels in $\{-1, +1\}$, ``(n,)``.

    Returns:
        Whether a separating hyperplane exists; it does if one class is empty.

    Raises:
        ValueError: If shapes do not fit, a label is not $\pm 1$ or a coordinate is not finite.

    Source:
        Gordan 1873, Mathematische Annalen 6; chapter ``sec-capacity``.

    Example:
        >>> X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
        >>> is_separable(X, torch.tensor([-1, 1, 1, 1]))  # OR
        True
        >>> is_separable(X, torch.tensor([-1, 1, 1, -1]))  # XOR
        False
    """
    _check_points(X)
    if y.shape != X.shape[:1]:
        raise ValueError(f"y must have shape ({len(X)},), got {tuple(y.shape)}")
    if not bool((y.abs() == 1).all()):
        raise ValueError(f"y holds labels in {{-1, +1}}, got {y.unique().tolist()}")
    return _separable(_integers(X), [int(label) for label in y.tolist()])


def dichotomies(X: Tensor) -> Tensor:
    r"""List all separable dichotomies of some points.

    The points join one at a time: only dichotomies of the first k points that are separable
    themselves can be part of a larger one. At least one of the two labels of the new point
    is always possible.

    Args:
        X: Points, ``(n, d)``, finite, n at least 1.

    Returns:
        Labels in $\{-1, +1\}$, ``(k, n)``, int64, a row per dichotomy, in lexicographic order.

    Raises:
        ValueError: If ``X`` is not ``(n, d)`` with n at least 1, or not finite.

    Source:
        Chapter ``sec-capacity``.

    Example:
        >>> dichotomies(torch.tensor([[0.0], [1.0]])).tolist()
        [[-1, -1], [-1, 1], [1, -1], [1, 1]]
        >>> len(dichotomies(torch.tensor([[0.0], [1.0], [2.0]])))  # not + - + nor - + -
        6
    """
    _check_points(X)
    points = _integers(X)
    found = [[1]]  # the first label is +1; exchanging the sides gives the other half
    for k in range(2, len(points) + 1):
        longer = []
        for labels in found:
            plus = _separable(points[:k], [*labels, 1])
            if plus:
                longer.append([*labels, 1])
            if not plus or _separable(points[:k], [*labels, -1]):
                longer.append([*labels, -1])
        found = longer
    both = found + [[-label for label in labels] for labels in found]
    return torch.tensor(sorted(both))


def shatters(X: Tensor) -> bool:
    r"""Decide whether half-spaces produce all $2^n$ labellings of some points.

    Args:
        X: Points, ``(n, d)``, finite, n at least 1. Up to $2^n$ labellings are looked at,
            until one fails.

    Returns:
        Whether every labelling is separable.

    Raises:
        ValueError: If ``X`` is not ``(n, d)`` with n at least 1, or not finite.

    Source:
        Vapnik and Chervonenkis 1971, Theory of Probability 16; chapter ``sec-capacity``.

    Example:
        >>> shatters(torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0]]))  # a triangle
        True
        >>> shatters(torch.tensor([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]]))  # on a line
        False
    """
    _check_points(X)
    points = _integers(X)
    return all(_separable(points, list(y)) for y in product((1, -1), repeat=len(X)))


def cover_count(n: int, d: int) -> int:
    r"""Count the separable dichotomies of n points in general position in $\mathbb{R}^d$.

    Cover's theorem: $C(n, d) = 2 \sum_{k=0}^{d} \binom{n-1}{k}$. In general position no k + 2
    points lie in a flat of dimension k, for any k < d; the count is the same for all such
    sets, and no other set of n points has more.

    Args:
        n: Number of points, at least 1.
        d: Dimension of the space, at least 0 (where all points are one).

    Returns:
        The count: $2^n$ as long as $n \le d + 1$, half of it at $n = 2(d + 1)$.

    Raises:
        ValueError: If ``n`` is less than 1 or ``d`` is negative.

    Source:
        Cover 1965, IEEE Transactions on Electronic Computers 14; chapter ``sec-capacity``.

    Example:
        >>> [cover_count(n, d=2) for n in range(1, 6)]
        [2, 4, 8, 14, 22]
    """
    if n < 1:
        raise ValueError(f"n is a number of points, at least 1, got {n}")
    if d < 0:
        raise ValueError(f"d is a dimension, at least 0, got {d}")
    return 2 * sum(math.comb(n - 1, k) for k in range(d + 1))


def _check_points(X: Tensor) -> None:
    """Raise unless ``X`` is ``(n, d)`` with n at least 1 and finite."""
    if X.ndim != 2 or len(X) == 0:
        raise ValueError(
            f"X must have shape (n, d), n at least 1, got {tuple(X.shape)}"
        )
    if not bool(X.isfinite().all()):
        raise ValueError("X must be finite, got inf or nan")


def _integers(X: Tensor) -> list[list[int]]:
    """Stretch each coordinate until it is whole, which moves no point across a hyperplane."""
    columns = []
    for column in X.T.tolist():
        ratios = [value.as_integer_ratio() for value in column]
        scale = math.lcm(*(q for _, q in ratios))
        columns.append([p * (scale // q) for p, q in ratios])
    return [list(row) for row in zip(*columns, strict=True)] or [
        [] for _ in range(len(X))
    ]


def _separable(points: list[list[int]], labels: list[int]) -> bool:
    """Say whether no weights as in `is_separable` exist: phase one of the simplex method.

    Rows are the equations; an artificial variable stands in each, and the last row holds
    the reduced costs of driving their sum to zero. All entries are determinants over the
    same denominator, so every division is exact (Edmonds, Bareiss). Bland's rule
    keeps the method from running in circles.
    """
    n = len(points)
    signed = [[y * v for v in (*x, 1)] for x, y in zip(points, labels, strict=True)]
    rows = [[*row, 0] for row in zip(*signed, strict=True)] + [[1] * (n + 1)]
    costs = [-sum(column) for column in zip(*rows, strict=True)]
    basis = [n] * len(rows)  # n: an artificial variable, which never comes back
    denominator = 1
    while costs[-1] != 0:
        enter = next((j for j in range(n) if costs[j] < 0), None)
        if enter is None:
            return True  # the sum stays positive: there are no such weights
        leave = None
        for i, row in enumerate(rows):
            if row[enter] > 0 and (
                leave is None or _first(rows, basis, enter, i, leave)
            ):
                leave = i
        pivot_row = rows[leave]
        pivot = pivot_row[enter]
        for row in (*rows, costs):
            if row is not pivot_row:
                factor = row[enter]
                row[:] = [
                    (pivot * a - factor * b) // denominator
                    for a, b in zip(row, pivot_row, strict=True)
                ]
        denominator, basis[leave] = pivot, enter
    return False


def _first(rows: list[list[int]], basis: list[int], enter: int, i: int, k: int) -> bool:
    """Say whether row i stops the entering variable before row k does (ties: Bland)."""
    here, there = rows[i][-1] * rows[k][enter], rows[k][-1] * rows[i][enter]
    return (here, basis[i]) < (there, basis[k])
