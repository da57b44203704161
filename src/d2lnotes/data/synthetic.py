"""Made-up data, small enough to understand: XOR, separable points, a noisy line."""

import torch
from torch import Tensor

__all__ = ["separable_points", "synthetic_linear", "xor_points", "xor_quadrants"]


def xor_points() -> tuple[Tensor, Tensor]:
    r"""The four corners of a square, labelled by the exclusive or of their signs.

    $y = -x_1 x_2$: one where the signs differ, minus one where they agree.

    Returns:
        ``X`` ``(4, 2)`` with entries -1 and 1, ``y`` ``(4,)`` with entries -1 and 1.

    Source:
        Minsky and Papert 1969, *Perceptrons*; chapter ``sec-perceptron``.

    Example:
        >>> X, y = xor_points()
        >>> X.tolist()
        [[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]]
        >>> y.tolist()
        [-1.0, 1.0, 1.0, -1.0]
    """
    X = torch.tensor([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
    return X, -X[:, 0] * X[:, 1]


def xor_quadrants(
    n: int, *, generator: torch.Generator | None = None
) -> tuple[Tensor, Tensor]:
    r"""Points of a square, labelled by the exclusive or of their signs.

    $x$ is uniform in $[-1, 1]^2$; $y = 1$ in the second and fourth quadrants, where
    the signs differ, and $y = -1$ elsewhere.

    Args:
        n: Number of points, at least 1.
        generator: Source of randomness; ``None`` means torch's global one.

    Returns:
        ``X`` ``(n, 2)`` in [-1, 1], ``y`` ``(n,)`` with entries -1 and 1.

    Raises:
        ValueError: If ``n`` is less than 1.

    Source:
        Chapter ``sec-multilayer-perceptron``.

    Example:
        >>> X, y = xor_quadrants(100)
        >>> bool(((X[:, 0] * X[:, 1] < 0) == (y == 1)).all())
        True
    """
    _at_least("n", n, 1)
    X = 2 * torch.rand(n, 2, generator=generator) - 1
    return X, torch.where(X[:, 0] * X[:, 1] < 0, 1.0, -1.0)


def separable_points(
    n: int,
    d: int = 2,
    *,
    margin: float = 0.1,
    generator: torch.Generator | None = None,
) -> tuple[Tensor, Tensor, Tensor, float]:
    r"""Points of the unit ball that a hyperplane separates with a margin.

    Draws $(w^*, b^*)$ with $\lVert w^*\rVert^2 + b^{*2} = 1$, then points with
    $y\,(\langle w^*, x\rangle + b^*) \ge \rho$ and $\lVert x\rVert \le 1$: the
    assumptions of the convergence theorem with $r = 1$. Half of the points have
    either label, in random order; the component along $w^*$ is uniform over what the
    margin leaves, and so is the rest over what the ball leaves.

    Args:
        n: Number of points, at least 1.
        d: Number of features, at least 1.
        margin: The margin $\rho$, in [0, 1), in the units of the features.
        generator: Source of randomness; ``None`` means torch's global one.

    Returns:
        ``X`` ``(n, d)``, ``y`` ``(n,)`` with entries -1 and 1, ``w_star`` ``(d,)``,
        ``b_star``.

    Raises:
        ValueError: If ``n`` or ``d`` is less than 1 or ``margin`` outside [0, 1).

    Source:
        Novikoff 1962; chapter ``sec-perceptron``.

    Example:
        >>> X, y, w, b = separable_points(200, margin=0.1)
        >>> bool((y * (X @ w + b) >= 0.1).all()), bool((X.norm(dim=1) <= 1).all())
        (True, True)
    """
    _at_least("n", n, 1)
    _at_least("d", d, 1)
    if not 0.0 <= margin < 1.0:
        raise ValueError(f"margin must lie in [0, 1), got {margin}")
    options = {"dtype": torch.float64, "generator": generator}

    # |b| <= (1 - margin) / 3 leaves room for both classes: |w| - |b| > margin.
    b = (1 - margin) / 3 * (2 * torch.rand((), **options).item() - 1)
    length = (1 - b * b) ** 0.5
    direction = torch.randn(d, **options)
    direction /= direction.norm()

    y = torch.ones(n, dtype=torch.float64)
    y[: n // 2] = -1
    y = y[torch.randperm(n, generator=generator)]

    guard = 2e-6  # keeps rounding to float32 from breaking the two promises
    nearest = (margin + guard - y * b) / length  # distance along w from the origin
    along = nearest + (1 - guard - nearest) * torch.rand(n, **options)
    rest = torch.randn(n, d, **options)
    rest -= (rest @ direction)[:, None] * direction
    if d > 1:
        size = (1 - guard - along**2).clamp(min=0).sqrt()
        size = size * torch.rand(n, **options) ** (1 / (d - 1))
        rest *= (size / rest.norm(dim=1))[:, None]
    X = (y * along)[:, None] * direction + rest * (d > 1)
    return X.float(), y.float(), (length * direction).float(), b


def synthetic_linear(
    w: Tensor,
    b: float,
    n: int,
    *,
    noise: float = 0.01,
    generator: torch.Generator | None = None,
) -> tuple[Tensor, Tensor]:
    r"""Data for linear regression with known weights.

    $y = Xw + b + \varepsilon$ with standard normal features and
    $\varepsilon \sim N(0, \sigma^2)$.

    Args:
        w: Weights, ``(d,)`` or ``(d, 1)``, floating dtype.
        b: Bias, in the unit of ``y``.
        n: Number of examples, at least 1.
        noise: Standard deviation $\sigma$ of the noise, at least 0, in the unit of
            ``y``.
        generator: Source of randomness; ``None`` means torch's global one.

    Returns:
        ``X`` ``(n, d)`` and ``y`` ``(n, 1)``: a column, as ``nn.Linear(d, 1)`` gives
        it, for a row against a column would broadcast in a loss.

    Raises:
        ValueError: If ``w`` has another shape, ``n`` is less than 1 or ``noise`` is
            negative.

    Source:
        Chapter ``sec-linear-models``.

    Example:
        >>> X, y = synthetic_linear(torch.tensor([2.0, -3.4]), 4.2, 5, noise=0.0)
        >>> torch.allclose(y, X @ torch.tensor([[2.0], [-3.4]]) + 4.2)
        True
    """
    w = torch.as_tensor(w)
    if w.dim() not in (1, 2) or (w.dim() == 2 and w.shape[1] != 1) or len(w) == 0:
        raise ValueError(f"w must have shape (d,) or (d, 1), got {tuple(w.shape)}")
    _at_least("n", n, 1)
    if noise < 0:
        raise ValueError(f"noise is a standard deviation >= 0, got {noise}")
    w = w.reshape(-1)
    X = torch.normal(0.0, 1.0, (n, len(w)), generator=generator, dtype=w.dtype)
    epsilon = torch.normal(0.0, noise, (n,), generator=generator, dtype=w.dtype)
    return X, (X @ w + b + epsilon).reshape(-1, 1)


def _at_least(name: str, value: int, least: int) -> None:
    if value < least:
        raise ValueError(f"{name} must be at least {least}, got {value}")
