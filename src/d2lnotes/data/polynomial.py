r"""Polynomial regression: features $x^i/i!$, data with known coefficients, the exact fit.

Three functions, one per question: what does the model see, where do the data come from, and
what is the best answer, if no training stands between us and it?
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

__all__ = ["least_squares", "polynomial_data", "polynomial_features"]


def polynomial_features(
    x: Tensor, num_features: int, *, factorial: bool = True
) -> Tensor:
    r"""The powers of $x$, each divided by its factorial: $x^i / i!$ for $i = 0, 1, \dots$.

    Each column is the one before it times $x/i$, so that neither $x^i$ nor $i!$ is ever
    formed by itself: either would overflow long before their quotient does.

    Args:
        x: Inputs, ``(n,)`` or ``(n, 1)``, floating dtype.
        num_features: Number of columns $d$, at least 1; the degree is $d - 1$.
        factorial: Whether to divide by $i!$; ``False`` gives the plain powers $x^i$.

    Returns:
        Features ``(n, d)``, dtype of ``x``; column 0 holds ones, also where ``x`` is 0.

    Raises:
        TypeError: If ``x`` is not floating.
        ValueError: If ``x`` has another shape or ``num_features`` is less than 1.

    Source:
        Chapter ``sec-polynomial-regression``.

    Example:
        >>> polynomial_features(torch.tensor([2.0, -1.0]), 4)
        tensor([[ 1.0000,  2.0000,  2.0000,  1.3333],
                [ 1.0000, -1.0000,  0.5000, -0.1667]])
    """
    if not x.is_floating_point():
        raise TypeError(f"x must have a floating dtype, got {x.dtype}")
    if x.dim() not in (1, 2) or (x.dim() == 2 and x.shape[1] != 1):
        raise ValueError(f"x must have shape (n,) or (n, 1), got {tuple(x.shape)}")
    if num_features < 1:
        raise ValueError(f"num_features must be at least 1, got {num_features}")
    x = x.reshape(-1, 1)
    i = torch.arange(1, num_features, dtype=x.dtype, device=x.device)
    ratios = x / i if factorial else x.expand(-1, num_features - 1)  # (n, d - 1)
    return torch.cat([torch.ones_like(x), ratios], dim=1).cumprod(dim=1)


def polynomial_data(
    n: int,
    *,
    coefficients: Sequence[float] = (5.0, 1.2, -3.4, 5.6),
    noise: float = 0.1,
    generator: torch.Generator | None = None,
) -> tuple[Tensor, Tensor]:
    r"""Standard normal $x$ and a noisy polynomial of it.

    $y = \sum_i c_i\,x^i/i! + \varepsilon$ with $\varepsilon \sim N(0, \sigma^2)$; by default
    the cubic $5 + 1.2x - 3.4x^2/2! + 5.6x^3/3!$ with $\sigma = 0.1$. All $x$ are drawn
    first, then the noise, in torch's default dtype.

    Args:
        n: Number of examples, at least 1.
        coefficients: $c_0, c_1, \dots$, at least one, in the unit of ``y``.
        noise: Standard deviation $\sigma$ of the noise, at least 0, in the unit of ``y``.
        generator: Source of randomness; ``None`` means torch's global one.

    Returns:
        ``x`` ``(n, 1)`` and ``y`` ``(n, 1)``.

    Raises:
        ValueError: If ``n`` is less than 1, there is no coefficient or ``noise`` is
            negative.

    Source:
        Chapter ``sec-polynomial-regression``.

    Example:
        >>> x, y = polynomial_data(3, coefficients=(2.0, 1.0), noise=0.0)
        >>> torch.allclose(y, 2 + x)
        True
    """
    if n < 1:
        raise ValueError(f"n must be at least 1, got {n}")
    if len(coefficients) == 0:
        raise ValueError("coefficients must have at least one number, got none")
    if not noise >= 0:
        raise ValueError(f"noise is a standard deviation >= 0, got {noise}")
    x = torch.randn(n, 1, generator=generator)
    epsilon = noise * torch.randn(n, 1, generator=generator)
    c = torch.as_tensor(coefficients, dtype=x.dtype).reshape(-1, 1)  # (d, 1)
    return x, polynomial_features(x, len(c)) @ c + epsilon


def least_squares(X: Tensor, y: Tensor) -> Tensor:
    r"""The weights with the least squared error, $\min_w \lVert Xw - y\rVert^2$, exactly.

    With at least as many examples as features, and independent columns, the answer is
    unique: from $X = QR$ it is $R^{-1}Q^\top y$. This never forms $X^\top X$, which would
    square the condition number, and does not care how the columns are scaled. Otherwise
    many weights do equally well, and the shortest of them is returned (by SVD; how short a
    vector is does depend on the scale of the columns). All is computed in float64.

    Args:
        X: Features, ``(n, d)``, floating dtype, finite; or a batch of such, ``(…, n, d)``.
        y: Targets, ``(n, 1)``, or several columns of them, ``(n, q)``; batched as ``X``.

    Returns:
        Weights ``(d, 1)`` (``(…, d, q)``) in the dtype of ``X``. Weights that are large
        and cancel lose their meaning in float32: give ``X`` in float64 and evaluate there.

    Raises:
        TypeError: If ``X`` or ``y`` is not floating.
        ValueError: If the shapes do not fit, or ``X`` or ``y`` is not finite.

    Source:
        Golub 1965, Numerische Mathematik 7; chapter ``sec-polynomial-regression``.

    Example:
        >>> x = torch.tensor([0.0, 1.0, 2.0])
        >>> X = polynomial_features(x, 2)
        >>> least_squares(X, 3 + 2 * x.reshape(-1, 1))
        tensor([[3.],
                [2.]])
    """
    for name, value in (("X", X), ("y", y)):
        if not value.is_floating_point():
            raise TypeError(f"{name} must have a floating dtype, got {value.dtype}")
    if X.dim() < 2 or y.dim() != X.dim() or X.shape[:-1] != y.shape[:-1]:
        raise ValueError(
            "X and y must have shapes (…, n, d) and (…, n, q), "
            f"got {tuple(X.shape)} and {tuple(y.shape)}"
        )
    if 0 in X.shape:
        raise ValueError(f"X must have rows and columns, got shape {tuple(X.shape)}")
    for name, value in (("X", X), ("y", y)):
        if not bool(value.isfinite().all()):
            raise ValueError(f"{name} must be finite, got inf or nan in it")
    dtype, (n, d) = X.dtype, X.shape[-2:]
    X, y = X.double(), y.double()
    if n < d:
        return torch.linalg.lstsq(X, y, driver="gelsd").solution.to(dtype)
    Q, R = torch.linalg.qr(X)  # (…, n, d), (…, d, d)
    # What is new in a column, against its length: no more than rounding if it depends
    # on the columns before it.
    new = R.diagonal(dim1=-2, dim2=-1).abs()  # (…, d)
    length = torch.linalg.vector_norm(X, dim=-2)
    full = (new > math.sqrt(n) * d * torch.finfo(X.dtype).eps * length).all(dim=-1)
    w = torch.empty(*X.shape[:-2], d, y.shape[-1], dtype=X.dtype, device=X.device)
    QTy = Q.mT @ y
    w[full] = torch.linalg.solve_triangular(R[full], QTy[full], upper=True)
    if not bool(full.all()):
        w[~full] = torch.linalg.lstsq(X[~full], y[~full], driver="gelsd").solution
    return w.to(dtype)
