"""Losses: how wrong is one answer, and how wrong are many."""

from torch import Tensor

from d2lnotes.activations import log_softmax, relu

__all__ = ["cross_entropy", "perceptron_loss", "squared_loss"]


def squared_loss(y_hat: Tensor, y: Tensor, reduction: str = "mean") -> Tensor:
    r"""Half the squared error, $\tfrac12 (\hat y - y)^2$; its derivative is $\hat y - y$.

    Args:
        y_hat: Predictions, any shape, floating dtype.
        y: Targets, exactly the shape of ``y_hat``: ``(n, 1)`` against ``(n,)`` would
            quietly compare every prediction with every target.
        reduction: ``"mean"`` or ``"sum"`` over all entries, or ``"none"``.

    Returns:
        A scalar, or with ``"none"`` one loss per entry, in the square of the unit of ``y``.

    Raises:
        ValueError: If the shapes differ or ``reduction`` is none of the three.

    Source:
        Chapter ``sec-linear-models``.

    Example:
        >>> import torch
        >>> squared_loss(torch.tensor([1.0, 5.0]), torch.tensor([1.0, 2.0]))
        tensor(2.2500)
    """
    if y_hat.shape != y.shape:
        raise ValueError(
            f"y must have the shape of y_hat, {tuple(y_hat.shape)}, got {tuple(y.shape)}; "
            "reshape one of them, or they would be broadcast against each other"
        )
    return _reduce(0.5 * (y_hat - y) ** 2, reduction)


def cross_entropy(logits: Tensor, y: Tensor, reduction: str = "mean") -> Tensor:
    r"""Cross-entropy of the true classes, $-\log \hat y_{y}$ with $\hat y = \mathrm{softmax}(o)$.

    It takes the scores themselves, not probabilities, and goes through `log_softmax`,
    so a score of $10^4$ is as safe as one of $1$. Its gradient is $\hat y - e_y$.

    Args:
        logits: Scores, ``(n, q)``, floating dtype.
        y: True classes, ``(n,)``, integers in $\{0, \dots, q-1\}$.
        reduction: ``"mean"`` or ``"sum"`` over the examples, or ``"none"``.

    Returns:
        A scalar, or with ``"none"`` the losses of the examples, ``(n,)``; in nats,
        at least $0$. Knowing nothing costs $\log q$.

    Raises:
        TypeError: If ``y`` does not hold integers.
        ValueError: If shapes or labels do not fit, or ``reduction`` is none of the three.

    Source:
        Chapter ``sec-linear-models``.

    Example:
        >>> import torch
        >>> cross_entropy(torch.zeros(3, 2), torch.tensor([0, 1, 1]))  # log 2
        tensor(0.6931)
    """
    check_classes(logits, y)
    log_p = log_softmax(logits).gather(1, y.long().unsqueeze(1))  # (n, 1)
    return _reduce(-log_p.squeeze(1), reduction)


def perceptron_loss(scores: Tensor, y: Tensor, reduction: str = "mean") -> Tensor:
    r"""Perceptron loss, $\max(0, -y\,s)$ with the score $s = \langle w, x\rangle + b$.

    Zero for a right answer, and how far on the wrong side for a wrong one. Stochastic
    subgradient descent on it with learning rate $1$ is Rosenblatt's rule, but for the kink:
    at $s = 0$ autograd answers $0$ here, while the rule makes its update there.

    Args:
        scores: Any shape, floating dtype.
        y: Labels in $\{-1, +1\}$, the shape of ``scores``.
        reduction: ``"mean"`` or ``"sum"`` over all entries, or ``"none"``.

    Returns:
        A scalar, or with ``"none"`` one loss per entry; in the unit of ``scores``.

    Raises:
        ValueError: If the shapes differ, a label is not $\pm 1$, or ``reduction`` is none
            of the three.

    Source:
        Rosenblatt 1958, Psychological Review 65; chapter ``sec-perceptron``.

    Example:
        >>> import torch
        >>> perceptron_loss(torch.tensor([2.0, 3.0]), torch.tensor([1.0, -1.0]), "none")
        tensor([0., 3.])
    """
    if scores.shape != y.shape:
        raise ValueError(
            f"y must have the shape of scores, {tuple(scores.shape)}, got {tuple(y.shape)}"
        )
    if not bool((y.abs() == 1).all()):
        raise ValueError(f"y holds labels in {{-1, +1}}, got {y.unique().tolist()}")
    return _reduce(relu(-y * scores), reduction)


def check_classes(logits: Tensor, y: Tensor) -> None:
    """Raise unless ``y`` holds a class, 0 … q-1, for each row of ``logits``."""
    if logits.ndim != 2:
        raise ValueError(f"logits must have shape (n, q), got {tuple(logits.shape)}")
    if y.shape != logits.shape[:1]:
        raise ValueError(
            f"y must have shape ({len(logits)},), one class per row of logits, "
            f"got {tuple(y.shape)}"
        )
    if y.is_floating_point() or y.is_complex():
        raise TypeError(f"y must hold integers (classes 0, 1, …), got {y.dtype}")
    q = logits.shape[1]
    if y.numel() == 0:
        return
    lowest, highest = (int(end) for end in y.aminmax())
    if lowest < 0 or highest >= q:
        raise ValueError(f"y holds classes 0 to {q - 1}, got {lowest} to {highest}")


def _reduce(values: Tensor, reduction: str) -> Tensor:
    """Mean, sum, or the values themselves."""
    if reduction == "mean":
        return values.mean()
    if reduction == "sum":
        return values.sum()
    if reduction == "none":
        return values
    raise ValueError(f'reduction is "mean", "sum" or "none", got {reduction!r}')
