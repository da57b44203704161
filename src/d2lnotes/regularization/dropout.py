r"""Dropout: a unit is silent at random while the network trains, and never afterwards.

With keeping mask $m \sim \mathrm{Bernoulli}(1-p)$ a value $h$ becomes $h' = m\,h/(1-p)$. Then
$E[h'] = h$ and $\mathrm{Var}(h') = h^2\,p/(1-p)$: the mean is kept, the noise grows with $p$.
"""

import torch
from torch import Tensor, nn

__all__ = ["Dropout", "dropout"]


def dropout(
    X: Tensor, drop_prob: float, *, generator: torch.Generator | None = None
) -> Tensor:
    r"""Zero each entry with probability ``drop_prob`` and rescale the rest.

    With $m \sim \mathrm{Bernoulli}(1-p)$ this is $h' = m\,h / (1-p)$, so $E[h'] = h$
    and inference needs no correction.

    Args:
        X: Activations, any shape, floating dtype.
        drop_prob: Probability $p$ of zeroing an entry, in $[0, 1]$, no unit.
        generator: Source of randomness, on the device of ``X``; ``None`` means torch's
            global one.

    Returns:
        Tensor with the shape and dtype of ``X``. An infinite entry that is dropped becomes
        nan, as in torch: a network that has run away should be seen, not silenced.

    Raises:
        TypeError: If ``X`` is not of a floating dtype.
        ValueError: If ``drop_prob`` lies outside $[0, 1]$.

    Source:
        Srivastava et al. 2014, JMLR 15; chapter ``sec-dropout``.

    Example:
        >>> dropout(torch.ones(2), drop_prob=0.0)
        tensor([1., 1.])
        >>> kept = dropout(torch.ones(10_000), drop_prob=0.8) != 0
        >>> bool(abs(kept.float().mean() - 0.2) < 0.02)
        True
    """
    _check_drop_prob(drop_prob)
    if not X.is_floating_point():
        raise TypeError(
            f"X is of a floating dtype, because the rest is rescaled, got {X.dtype}"
        )
    if drop_prob == 1.0:  # 1 / (1 - p) is infinite, and infinity times zero is nan
        return torch.zeros_like(X)
    keep = torch.rand(X.shape, generator=generator, device=X.device) >= drop_prob
    return X * (keep.to(X.dtype) / (1.0 - drop_prob))  # torch.where takes twice as long


class Dropout(nn.Module):
    """Layer that drops in training mode and passes its input on in evaluation mode.

    Whether it drops is what ``net.train()`` and ``net.eval()`` say, and nothing else.

    Args:
        drop_prob: Probability of zeroing an entry, in [0, 1], no unit.
        generator: Source of randomness; ``None`` means torch's global one.

    Attributes:
        drop_prob: As given.
        generator: As given. Copying the network copies its state, so that the copy
            draws the same masks.

    Raises:
        ValueError: If ``drop_prob`` lies outside [0, 1].

    Source:
        Srivastava et al. 2014, JMLR 15; chapter ``sec-dropout``.

    Example:
        >>> layer = Dropout(0.5)
        >>> layer
        Dropout(drop_prob=0.5)
        >>> layer.eval()(torch.ones(2))
        tensor([1., 1.])
    """

    def __init__(
        self, drop_prob: float, *, generator: torch.Generator | None = None
    ) -> None:
        super().__init__()
        _check_drop_prob(drop_prob)
        self.drop_prob = drop_prob
        self.generator = generator

    def forward(self, X: Tensor) -> Tensor:
        """Return ``X`` (any shape) with entries dropped; in evaluation mode ``X`` itself."""
        if not self.training:
            return X
        return dropout(X, self.drop_prob, generator=self.generator)

    def extra_repr(self) -> str:
        """What stands between the brackets when the layer is printed."""
        return f"drop_prob={self.drop_prob}"


def _check_drop_prob(drop_prob: float) -> None:
    if not 0.0 <= drop_prob <= 1.0:
        raise ValueError(f"drop_prob is a probability in [0, 1], got {drop_prob}")
