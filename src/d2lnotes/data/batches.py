"""Batches of tensors that lie in memory: what a DataLoader yields, in less time."""

import operator
from collections.abc import Iterator

import torch
from torch import Tensor

__all__ = ["TensorBatches"]


class TensorBatches:
    """Examples and targets in batches, as a ``DataLoader`` yields them.

    Each pass yields ``(X, y)`` pairs. With the same generator, or the same global
    seed, the batches and the random numbers drawn are those of
    ``DataLoader(TensorDataset(X, y), batch_size, shuffle, generator=generator)``,
    bit for bit. Images of type uint8 stay small in memory and come out as
    torchvision's ``ToTensor`` makes them: float32 in [0, 1] with a channel axis.

    Args:
        X: Examples, ``(n, …)``. uint8 of shape ``(n, height, width)`` counts as grey
            images; everything else comes out as it is.
        y: Targets, ``(n, …)``, any type.
        batch_size: Examples per batch, at least 1; the last batch may be smaller.
        shuffle: Whether to draw a new order at each pass.
        generator: Source of randomness; ``None`` means torch's global one.

    Yields:
        ``X`` ``(b, …)``, for grey images ``(b, 1, height, width)`` float32 in
        [0, 1], and ``y`` ``(b, …)``. Both are copies.

    Raises:
        TypeError: If ``X`` or ``y`` is no tensor, ``batch_size`` no integer, or
            ``generator`` no generator.
        ValueError: If there are no examples, their numbers differ, or ``batch_size``
            is less than 1.

    Source:
        Chapter ``sec-linear-models``.

    Example:
        >>> batches = TensorBatches(torch.arange(5.0), torch.arange(5), 2)
        >>> len(batches), [y.tolist() for X, y in batches]
        (3, [[0, 1], [2, 3], [4]])
    """

    def __init__(
        self,
        X: Tensor,
        y: Tensor,
        batch_size: int,
        *,
        shuffle: bool = False,
        generator: torch.Generator | None = None,
    ):
        for name, value in (("X", X), ("y", y)):
            if not isinstance(value, Tensor):
                raise TypeError(f"{name} must be a tensor, got {type(value).__name__}")
            if value.dim() == 0:
                raise ValueError(f"{name} needs an axis of examples, got a scalar")
        if len(X) != len(y):
            raise ValueError(
                f"X and y must have as many examples, got {len(X)} and {len(y)}"
            )
        if len(X) == 0:
            raise ValueError("X and y must have at least one example, got none")
        try:
            batch_size = operator.index(batch_size)
        except TypeError:
            raise TypeError(
                f"batch_size must be an integer, got {batch_size!r}"
            ) from None
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1, got {batch_size}")
        if not isinstance(generator, torch.Generator | None):
            raise TypeError(
                f"generator must be a torch.Generator or None, got {generator!r}"
            )
        self.X, self.y = X, y
        self.batch_size = batch_size
        self.shuffle = bool(shuffle)
        self.generator = generator
        self._is_images = X.dtype == torch.uint8 and X.dim() == 3

    def __len__(self) -> int:
        """The number of batches of one pass."""
        return -(-len(self.X) // self.batch_size)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Start a pass."""
        # A DataLoader draws a seed for its workers at each start, also without any.
        torch.empty((), dtype=torch.int64).random_(generator=self.generator)
        return self._batches()

    def _batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        n, generator = len(self.X), self.generator
        if self.shuffle and generator is None:  # as RandomSampler has it
            seed = int(torch.empty((), dtype=torch.int64).random_())
            generator = torch.Generator().manual_seed(seed)
        order = (
            torch.randperm(n, generator=generator) if self.shuffle else torch.arange(n)
        )
        for rows in order.split(self.batch_size):
            if self.shuffle and len(rows) < self.batch_size:
                torch.randperm(n, generator=generator)  # see below
            X = self.X.index_select(0, rows)  # half the time of X[rows]
            if self._is_images:
                # / 255 and not * (1 / 255), which differs from ToTensor in the last bit
                X = X.unsqueeze(1) / 255  # (b, 1, height, width), float32
            yield X, self.y.index_select(0, rows)
        # RandomSampler draws another order when the first has ended, and drops it.
        if self.shuffle and n % self.batch_size == 0:
            torch.randperm(n, generator=generator)

    def __repr__(self) -> str:
        """Say how much there is."""
        order = "shuffled" if self.shuffle else "in order"
        return (
            f"TensorBatches({len(self.X)} examples, {len(self)} batches "
            f"of {self.batch_size}, {order})"
        )
