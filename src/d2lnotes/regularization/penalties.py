r"""Small weights: the $L_2$ and $L_1$ penalties, and what minimizes a loss with them.

With a loss $L$ that is a mean over the examples, the penalized loss is
$L(w, b) + \lambda\,\Omega(w)$; the bias is never penalized.
"""

import torch
from torch import Tensor

__all__ = ["l1_penalty", "l2_penalty", "ridge", "soft_threshold"]


def l2_penalty(w: Tensor) -> Tensor:
    r"""Half the squared norm, $\tfrac12 \lVert w\rVert_2^2$; its gradient is $w$ itself.

    Args:
        w: Weights, any shape, floating dtype.

    Returns:
        A scalar, at least 0, in the square of the unit of ``w``.

    Source:
        Krogh and Hertz 1991, NIPS; chapter ``sec-weight-decay``.

    Example:
        >>> l2_penalty(torch.tensor([3.0, 4.0]))
        tensor(12.5000)
    """
    return torch.sum(w.pow(2)) / 2


def l1_penalty(w: Tensor) -> Tensor:
    r"""Sum of the absolute values, $\lVert w\rVert_1$; its slope is the sign of each weight.

    Args:
        w: Weights, any shape, floating dtype.

    Returns:
        A scalar, at least 0, in the unit of ``w``. At a zero weight, where there is a
        kink, autograd answers with slope 0.

    Source:
        Tibshirani 1996, JRSS B 58; chapter ``sec-weight-decay``.

    Example:
        >>> l1_penalty(torch.tensor([3.0, -4.0]))
        tensor(7.)
    """
    return torch.sum(w.abs())


def soft_threshold(z: Tensor, t: float) -> Tensor:
    r"""Move every entry towards zero by $t$, and no further: $\operatorname{sign}(z)\max(|z| - t, 0)$.

    It minimizes $\tfrac12 (w - z)^2 + t\,|w|$ over $w$, entry by entry, and hence is the
    step that an $L_1$ penalty asks for.

    Args:
        z: Any shape, floating dtype.
        t: The threshold, at least 0, in the unit of ``z``.

    Returns:
        Tensor with the shape and dtype of ``z``, exactly 0 where $|z| \le t$.

    Raises:
        ValueError: If ``t`` is negative.

    Source:
        Tibshirani 1996, JRSS B 58; chapter ``sec-weight-decay``.

    Example:
        >>> soft_threshold(torch.tensor([3.0, -0.5, -2.0]), 1.0).tolist()
        [2.0, 0.0, -1.0]
    """
    if not t >= 0:
        raise ValueError(f"t is a threshold, at least 0, got {t}")
    # not sign(z) * …, which would leave a minus sign on the zeros
    return z - z.clamp(-t, t)


def ridge(
    X: Tensor, y: Tensor, weight_decay: float, *, bias: bool = True
) -> tuple[Tensor, Tensor]:
    r"""Minimize $\tfrac1{2n}\lVert Xw + b - y\rVert^2 + \tfrac\lambda2\lVert w\rVert^2$, exactly.

    With $X = U S V^\top$ (its column means removed if there is a bias) the answer is
    $w = V \operatorname{diag}\bigl(\tfrac{s_j}{s_j^2 + n\lambda}\bigr) U^\top y$. At
    $\lambda = 0$ this is the least-squares solution of smallest norm.

    Args:
        X: Features, ``(n, d)``, floating dtype, n at least 1; n < d is fine.
        y: Targets, ``(n,)`` or ``(n, 1)``.
        weight_decay: The strength $\lambda$, at least 0. The loss is a *mean*: against a
            loss that is a sum, $n\lambda$ takes the place of $\lambda$.
        bias: Whether there is a bias $b$, which is not penalized.

    Returns:
        ``w``, ``(d,)`` or ``(d, 1)`` like ``y``, and ``b``, a scalar (0 without bias), in
        the dtype of ``X``; computed in float64.

    Raises:
        TypeError: If ``X`` is not of a floating dtype.
        ValueError: If the shapes do not fit or ``weight_decay`` is negative.

    Source:
        Hoerl and Kennard 1970, Technometrics 12; chapter ``sec-weight-decay``.

    Example:
        >>> X = torch.tensor([[1.0], [-1.0]])
        >>> w, b = ridge(X, torch.tensor([3.0, 1.0]), weight_decay=1.0)
        >>> w.tolist(), b.item()  # slope 1 without the penalty, half of it with
        ([0.5], 2.0)
    """
    if X.ndim != 2 or X.shape[0] == 0:
        raise ValueError(f"X has shape (n, d), n at least 1, got {tuple(X.shape)}")
    if not X.is_floating_point():
        raise TypeError(
            f"X is of a floating dtype, because w gets the same, got {X.dtype}"
        )
    n = len(X)
    if tuple(y.shape) not in {(n,), (n, 1)}:
        raise ValueError(f"y has shape ({n},) or ({n}, 1), got {tuple(y.shape)}")
    if not weight_decay >= 0:
        raise ValueError(f"weight_decay is at least 0, got {weight_decay}")
    A, t = X.double(), y.double().reshape(n, 1)
    x_mean, y_mean = A.mean(dim=0), t.mean()
    if bias:  # the best bias sends the mean of X to the mean of y
        A, t = A - x_mean, t - y_mean
    U, s, Vh = torch.linalg.svd(A, full_matrices=False)
    # Directions that hold rounding errors only: at weight_decay = 0 they would explode.
    # The errors are those of X as given: far from zero, they outgrow what centring leaves.
    size = torch.linalg.matrix_norm(X.double())
    rounding = max(A.shape) * torch.finfo(A.dtype).eps * size
    shrunk = torch.where(s > rounding, s / (s**2 + n * weight_decay), 0.0)  # (r,)
    w = Vh.T @ (shrunk[:, None] * (U.T @ t))  # (d, 1)
    b = y_mean - x_mean @ w[:, 0] if bias else torch.zeros((), dtype=A.dtype)
    return w.reshape(-1, *y.shape[1:]).to(X.dtype), b.to(X.dtype)
