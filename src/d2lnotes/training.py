"""The training loop: one step, one epoch, many epochs. It draws and plots nothing."""

import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from d2lnotes.losses import cross_entropy
from d2lnotes.metrics import Accumulator, Batches, evaluate_accuracy

__all__ = ["History", "fit", "sgd_step", "train_epoch"]

Loss = Callable[[Tensor, Tensor], Tensor]


@dataclass
class History:
    """What a training was like: plain numbers, one per epoch.

    Attributes:
        train_loss: Mean loss per example, measured *during* the epoch, while the weights
            were changing.
        train_accuracy: Fraction right, measured during the epoch; empty for regression.
        test_accuracy: Fraction right *after* the epoch; empty without test batches.
        elapsed_s: Seconds from the start of the training to the end of the epoch, test
            included.
    """

    train_loss: list[float] = field(default_factory=list)
    train_accuracy: list[float] = field(default_factory=list)
    test_accuracy: list[float] = field(default_factory=list)
    elapsed_s: list[float] = field(default_factory=list)


def sgd_step(params: Iterable[Tensor], lr: float) -> None:
    r"""Take one step downhill, $\theta \leftarrow \theta - \eta\,\nabla_\theta L$, and clear the gradients.

    Args:
        params: Parameters, changed in place; one without a gradient is left alone.
        lr: Learning rate $\eta$, at least 0.

    Raises:
        TypeError: If ``params`` is a single tensor or holds something else than tensors.
        ValueError: If ``lr`` is negative.

    Source:
        Chapter ``sec-linear-models``.

    Example:
        >>> w = torch.tensor(3.0, requires_grad=True)
        >>> (w**2).backward()  # gradient 6
        >>> sgd_step([w], lr=0.5)
        >>> w.item(), w.grad.item()
        (0.0, 0.0)
    """
    _check_lr(lr)
    if isinstance(params, Tensor):
        raise TypeError("params is a list of tensors, got one tensor; write [w]")
    with torch.no_grad():
        for param in params:
            if not isinstance(param, Tensor):
                raise TypeError(f"params holds tensors, got {type(param).__name__}")
            if param.grad is not None:
                param -= lr * param.grad
                param.grad.zero_()


def train_epoch(
    net: nn.Module, batches: Batches, loss: Loss, optimizer: torch.optim.Optimizer
) -> tuple[float, float | None]:
    """Go through the data once, with one step of the optimizer per batch.

    Loss and accuracy are those of the answers given on the way, before each step, so they cost
    nothing extra.

    Args:
        net: The network; it is put into training mode.
        batches: Pairs ``(X, y)``.
        loss: Called as ``loss(net(X), y)``; returns the mean of the batch, or one value
            per example.
        optimizer: Anything with ``zero_grad`` and ``step``.

    Returns:
        Mean loss per example, and the fraction of right answers in [0, 1], or ``None`` if the
        targets are not classes (floating numbers).

    Raises:
        ValueError: If ``batches`` is empty.

    Source:
        Chapter ``sec-linear-models``.

    Example:
        >>> net = nn.Linear(1, 1)
        >>> batches = [(torch.ones(4, 1), torch.ones(4, 1))]
        >>> optimizer = torch.optim.SGD(net.parameters(), lr=1.0)
        >>> loss, accuracy = train_epoch(net, batches, nn.MSELoss(), optimizer)
        >>> accuracy is None
        True
    """
    net.train()
    metric = Accumulator(3)  # sum of losses, number of right answers, of examples
    for X, y in batches:
        y_hat = net(X)
        batch_loss = loss(y_hat, y).mean()
        optimizer.zero_grad()
        batch_loss.backward()
        optimizer.step()
        classes = not y.is_floating_point()
        right = (y_hat.argmax(dim=1) == y).sum() if classes else 0
        metric.add(batch_loss * len(y), right, len(y))
    if metric[2] == 0:
        raise ValueError(
            "batches is empty; a generator is used up after one epoch, a list is not"
        )
    return metric[0] / metric[2], metric[1] / metric[2] if classes else None


def fit(
    net: nn.Module,
    train_batches: Batches,
    test_batches: Batches | None = None,
    *,
    num_epochs: int,
    lr: float | None = None,
    optimizer: torch.optim.Optimizer | None = None,
    loss: Loss = cross_entropy,
    progress: bool | None = None,
    on_epoch: Callable[[int, History], object] | None = None,
) -> History:
    """Train a network and say how it went.

    Args:
        net: The network; trained in place and left in training mode.
        train_batches: Pairs ``(X, y)``; gone through once per epoch.
        test_batches: Pairs ``(X, y)`` with classes ``y``, for the accuracy after each epoch.
        num_epochs: How often to go through the data, at least 1.
        lr: Learning rate of plain stochastic gradient descent, at least 0.
        optimizer: Any optimizer of ``torch.optim``, instead of ``lr``.
        loss: Called as ``loss(net(X), y)``; returns the mean of the batch, or one value
            per example.
        progress: Whether to show a bar on stderr. ``None``: only if that is a terminal.
        on_epoch: Called after each epoch with its number, from 1, and the history so far.

    Returns:
        The history; nothing of it depends on whether anybody watched.

    Raises:
        ValueError: If not exactly one of ``lr`` and ``optimizer`` is given, ``num_epochs`` is
            less than 1, or there are no examples.

    Source:
        Chapter ``sec-linear-models``.

    Example:
        >>> from d2lnotes.mlp import mlp
        >>> X = torch.tensor([[-1.0], [1.0]])
        >>> y = torch.tensor([0, 1])
        >>> history = fit(mlp((1, 2)), [(X, y)], [(X, y)], num_epochs=20, lr=1.0)
        >>> history.test_accuracy[-1]
        1.0
    """
    if (lr is None) == (optimizer is None):
        got = "neither" if lr is None else "both"
        raise ValueError(f"give exactly one of lr and optimizer, got {got}")
    if num_epochs < 1:
        raise ValueError(f"num_epochs is at least 1, got {num_epochs}")
    if optimizer is None:
        _check_lr(lr)
        optimizer = _PlainSGD(net.parameters(), lr)
    history, start = History(), time.perf_counter()
    for epoch in range(1, num_epochs + 1):
        train_loss, train_accuracy = train_epoch(net, train_batches, loss, optimizer)
        history.train_loss.append(train_loss)
        if train_accuracy is not None:
            history.train_accuracy.append(train_accuracy)
        if test_batches is not None:
            history.test_accuracy.append(evaluate_accuracy(net, test_batches))
        history.elapsed_s.append(time.perf_counter() - start)
        if sys.stderr.isatty() if progress is None else progress:
            _show_progress(epoch, num_epochs, history)
        if on_epoch is not None:
            on_epoch(epoch, history)
    return history


class _PlainSGD:
    """The steps of ``torch.optim.SGD(params, lr)``, bit for bit, in a third of the time.

    Torch's own looks up hooks, groups and options at each step; measured in
    ``benchmarks/floor.py`` that is 7 % of an epoch of 784-256-10.
    """

    def __init__(self, params: Iterable[Tensor], lr: float) -> None:
        self.params, self.lr = list(params), lr

    def zero_grad(self) -> None:
        for param in self.params:
            param.grad = None

    @torch.no_grad()
    def step(self) -> None:
        for param in self.params:
            if param.grad is not None:
                param.add_(param.grad, alpha=-self.lr)


def _show_progress(epoch: int, num_epochs: int, history: History) -> None:
    """Overwrite one line on stderr: bar, loss, accuracy, seconds."""
    done = 20 * epoch // num_epochs
    line = f"[{'#' * done}{'.' * (20 - done)}] epoch {epoch}/{num_epochs}"
    line += f"  loss {history.train_loss[-1]:.4f}"
    if history.test_accuracy:
        line += f"  test accuracy {history.test_accuracy[-1]:.3f}"
    line += f"  {history.elapsed_s[-1]:.1f} s"
    end = "\n" if epoch == num_epochs else ""
    print(f"\r{line}", end=end, file=sys.stderr, flush=True)


def _check_lr(lr: float) -> None:
    if not lr >= 0:
        raise ValueError(f"lr is a learning rate, at least 0, got {lr}")
