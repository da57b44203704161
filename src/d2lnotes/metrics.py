"""Counting right answers; averaging over batches; looking at a model without changing it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from d2lnotes.losses import check_classes

__all__ = [
    "Accumulator",
    "accuracy",
    "confusion_matrix",
    "evaluate_accuracy",
    "evaluate_loss",
    "num_correct",
]

Net = Callable[[Tensor], Tensor]
Batches = Iterable[tuple[Tensor, Tensor]]


def num_correct(logits: Tensor, y: Tensor) -> int:
    """Count the examples whose largest score is at the true class.

    Args:
        logits: Scores, ``(n, q)``; probabilities serve as well. Of equal largest scores
            the first counts.
        y: True classes, ``(n,)``, integers in 0 … q-1.

    Returns:
        A count in 0 … n.

    Raises:
        ValueError: If the shapes do not fit.

    Source:
        Chapter ``sec-linear-models``.

    Example:
        >>> num_correct(torch.tensor([[0.1, 0.9], [0.8, 0.2]]), torch.tensor([1, 1]))
        1
    """
    if logits.ndim != 2 or y.shape != logits.shape[:1]:
        raise ValueError(
            "logits must have shape (n, q) and y shape (n,), "
            f"got {tuple(logits.shape)} and {tuple(y.shape)}"
        )
    return int((logits.argmax(dim=1) == y).sum())


def accuracy(logits: Tensor, y: Tensor) -> float:
    """Fraction of the examples whose largest score is at the true class.

    Args:
        logits: Scores, ``(n, q)``, n at least 1.
        y: True classes, ``(n,)``, integers in 0 … q-1.

    Returns:
        A fraction in [0, 1].

    Raises:
        ValueError: If the shapes do not fit or there are no examples.

    Source:
        Chapter ``sec-linear-models``.

    Example:
        >>> accuracy(torch.tensor([[0.1, 0.9], [0.8, 0.2]]), torch.tensor([1, 1]))
        0.5
    """
    if len(y) == 0:
        raise ValueError("accuracy needs at least one example, got an empty batch")
    return num_correct(logits, y) / len(y)


class Accumulator:
    """Running sums of ``n`` quantities.

    Tensors are added without their graph and become numbers only when they are asked for,
    so a training loop need not wait for them.

    Args:
        n: How many sums, at least 1.

    Raises:
        ValueError: If ``n`` is less than 1, or `add` gets another number of values.

    Example:
        >>> metric = Accumulator(2)
        >>> metric.add(3, 4)
        >>> metric.add(torch.tensor(0.5), 4)
        >>> metric[0] / metric[1]
        0.4375
    """

    def __init__(self, n: int) -> None:
        if n < 1:
            raise ValueError(f"n, the number of sums, is at least 1, got {n}")
        self.n = n
        self.reset()

    def add(self, *values: float | Tensor) -> None:
        """Add one value to each sum; a tensor must hold a single number."""
        if len(values) != self.n:
            raise ValueError(f"add takes {self.n} values, got {len(values)}")
        self.sums = [
            total + _plain(value)
            for total, value in zip(self.sums, values, strict=True)
        ]

    def reset(self) -> None:
        """Begin again at zero."""
        self.sums: list[float | Tensor] = [0.0] * self.n

    def __getitem__(self, i: int) -> float:
        return float(self.sums[i])

    def __len__(self) -> int:
        return self.n


def evaluate_accuracy(net: Net, batches: Batches) -> float:
    """Fraction of right answers of ``net`` on all ``batches``.

    Nothing is recorded for gradients. Layers such as dropout are in evaluation mode
    meanwhile; afterwards every layer is again in the mode it was in.

    Args:
        net: Maps ``X`` to logits ``(n, q)``; an ``nn.Module`` or any function.
        batches: Pairs ``(X, y)`` with ``y`` of shape ``(n,)``; of any sizes.

    Returns:
        A fraction in [0, 1]; each example counts the same, whatever its batch.

    Raises:
        ValueError: If there are no examples.

    Source:
        Chapter ``sec-linear-models``.

    Example:
        >>> batches = [(torch.eye(2), torch.tensor([0, 0])), (torch.eye(2), torch.arange(2))]
        >>> evaluate_accuracy(lambda X: X, batches)
        0.75
    """
    metric = Accumulator(2)
    with evaluating(net):
        for X, y in batches:
            metric.add(num_correct(net(X), y), len(y))
    return metric[0] / _num_examples(metric[1])


def evaluate_loss(
    net: Net, batches: Batches, loss: Callable[[Tensor, Tensor], Tensor]
) -> float:
    """Mean loss per example of ``net`` on all ``batches``.

    Nothing is recorded for gradients, and ``net`` comes back in the mode it was in.

    Args:
        net: Maps ``X`` to predictions; an ``nn.Module`` or any function.
        batches: Pairs ``(X, y)``, of any sizes.
        loss: Called as ``loss(net(X), y)``; returns the mean of the batch, or one value
            per example.

    Returns:
        The mean, in the unit of ``loss``; each example counts the same, whatever its batch.

    Raises:
        ValueError: If there are no examples.

    Source:
        Chapter ``sec-linear-models``.

    Example:
        >>> from d2lnotes.losses import squared_loss
        >>> batches = [(torch.ones(3), torch.ones(3)), (torch.ones(1), torch.zeros(1))]
        >>> evaluate_loss(lambda X: X, batches, squared_loss)  # (0 + 0 + 0 + 1/2) / 4
        0.125
    """
    metric = Accumulator(2)
    with evaluating(net):
        for X, y in batches:
            metric.add(loss(net(X), y).mean() * len(y), len(y))
    return metric[0] / _num_examples(metric[1])


def confusion_matrix(net: Net, batches: Batches, num_classes: int) -> Tensor:
    """Count how often each class is taken for each.

    Args:
        net: Maps ``X`` to logits ``(n, num_classes)``; an ``nn.Module`` or any function.
            It comes back in the mode it was in.
        batches: Pairs ``(X, y)`` with classes ``y`` of shape ``(n,)``.
        num_classes: How many classes, q; at least 1.

    Returns:
        Counts, int64 ``(q, q)``: entry ``[i, j]`` is the number of examples of class i that
        ``net`` takes for class j. The diagonal holds the right answers.

    Raises:
        TypeError: If ``y`` does not hold integers.
        ValueError: If a label or the width of the logits does not fit ``num_classes``, or that
            is less than 1.

    Source:
        Chapter ``sec-from-scratch``.

    Example:
        >>> batches = [(torch.eye(2), torch.tensor([0, 0]))]
        >>> confusion_matrix(lambda X: X, batches, num_classes=2)
        tensor([[1, 1],
                [0, 0]])
    """
    if num_classes < 1:
        raise ValueError(f"num_classes is at least 1, got {num_classes}")
    counts = torch.zeros(num_classes * num_classes, dtype=torch.int64)
    with evaluating(net):
        for X, y in batches:
            logits = net(X)
            if logits.ndim != 2 or logits.shape[1] != num_classes:
                raise ValueError(
                    f"net must give logits of shape (n, num_classes) = (n, {num_classes}), "
                    f"got {tuple(logits.shape)}"
                )
            check_classes(logits, y)
            pairs = num_classes * y.long() + logits.argmax(dim=1)  # place of (i, j)
            counts += pairs.bincount(minlength=num_classes**2)
    return counts.reshape(num_classes, num_classes)


@contextmanager
def evaluating(net: Net) -> Iterator[None]:
    """Evaluation mode and no gradients inside; outside, every layer as it was."""
    layers = list(net.modules()) if isinstance(net, nn.Module) else []
    modes = [layer.training for layer in layers]
    try:
        for layer in layers:
            layer.training = False
        with torch.no_grad():
            yield
    finally:
        for layer, mode in zip(layers, modes, strict=True):
            layer.training = mode


def _plain(value: float | Tensor) -> float | Tensor:
    """Return a number as it is, a tensor without its graph, in double precision."""
    return value.detach().double() if isinstance(value, Tensor) else value


def _num_examples(count: float) -> float:
    if count == 0:
        raise ValueError("batches is empty: there is no example to average over")
    return count
