r"""Where training starts: ways to fill the weights of a network.

Each function overwrites the weights of *every* ``nn.Linear`` in a network, sets the biases
to zero and returns the network. With $n_\mathrm{in}$ inputs, zero-mean weights of variance
$\sigma^2$ and inputs of mean square $q$, a layer's outputs have variance
$n_\mathrm{in}\,\sigma^2 q$: the choice of $\sigma$ decides whether signals shrink or grow.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

__all__ = [
    "constant_",
    "he_normal_",
    "normal_",
    "xavier_normal_",
    "xavier_uniform_",
    "zeros_",
]


def zeros_(net: nn.Module) -> nn.Module:
    """Set everything to zero: then all hidden units stay equal, and ReLU nets learn nothing.

    Args:
        net: A network with at least one ``nn.Linear``; changed in place.

    Returns:
        ``net``.

    Raises:
        ValueError: If ``net`` has no ``nn.Linear``.

    Source:
        Chapter ``sec-mlp-questions``.

    Example:
        >>> zeros_(nn.Linear(2, 1)).weight.tolist()
        [[0.0, 0.0]]
    """
    return constant_(net, 0.0)


def constant_(net: nn.Module, value: float) -> nn.Module:
    """Set all weights to one number: the units of a layer can then never come to differ.

    Args:
        net: A network with at least one ``nn.Linear``; changed in place.
        value: The number.

    Returns:
        ``net``, biases zero.

    Raises:
        ValueError: If ``net`` has no ``nn.Linear``.

    Source:
        Chapter ``sec-mlp-questions``.

    Example:
        >>> constant_(nn.Linear(2, 1), 0.5).weight.tolist()
        [[0.5, 0.5]]
    """
    return _fill(net, lambda weight: weight.fill_(value))


def normal_(
    net: nn.Module, std: float, generator: torch.Generator | None = None
) -> nn.Module:
    r"""Draw the weights from $N(0, \sigma^2)$, the same $\sigma$ in every layer.

    Args:
        net: A network with at least one ``nn.Linear``; changed in place.
        std: Standard deviation $\sigma$ (not the variance), at least 0.
        generator: Source of randomness; ``None`` means torch's global one.

    Returns:
        ``net``, biases zero.

    Raises:
        ValueError: If ``std`` is negative or ``net`` has no ``nn.Linear``.

    Source:
        Chapter ``sec-from-scratch``.

    Example:
        >>> net = normal_(nn.Linear(1000, 1000), std=0.01)
        >>> round(net.weight.std().item(), 3)
        0.01
    """
    if not std >= 0:
        raise ValueError(f"std is a standard deviation, at least 0, got {std}")
    return _fill(net, lambda weight: weight.normal_(0.0, std, generator=generator))


def xavier_uniform_(
    net: nn.Module, generator: torch.Generator | None = None
) -> nn.Module:
    r"""Draw the weights evenly from $\pm\sqrt{6 / (n_\mathrm{in} + n_\mathrm{out})}$.

    A uniform number on $[-a, a]$ has variance $a^2/3$: this is the variance of
    `xavier_normal_`, and so the $2$ becomes a $6$.

    Args:
        net: A network with at least one ``nn.Linear``; changed in place.
        generator: Source of randomness; ``None`` means torch's global one.

    Returns:
        ``net``, biases zero.

    Raises:
        ValueError: If ``net`` has no ``nn.Linear``.

    Source:
        Glorot and Bengio 2010, AISTATS; chapter ``sec-mlp-questions``.

    Example:
        >>> net = xavier_uniform_(nn.Linear(5, 1))
        >>> bool((net.weight.abs() <= 1).all())  # sqrt(6 / (5 + 1)) = 1
        True
    """

    def draw(weight: Tensor) -> None:
        bound = math.sqrt(6 / sum(weight.shape))
        weight.uniform_(-bound, bound, generator=generator)

    return _fill(net, draw)


def xavier_normal_(
    net: nn.Module, generator: torch.Generator | None = None
) -> nn.Module:
    r"""Draw the weights from $N(0, \sigma^2)$ with $\sigma^2 = 2 / (n_\mathrm{in} + n_\mathrm{out})$.

    Keeping the variance of the signal asks for $1/n_\mathrm{in}$, that of the gradient for
    $1/n_\mathrm{out}$; this is the compromise. It ignores the activation.

    Args:
        net: A network with at least one ``nn.Linear``; changed in place.
        generator: Source of randomness; ``None`` means torch's global one.

    Returns:
        ``net``, biases zero.

    Raises:
        ValueError: If ``net`` has no ``nn.Linear``.

    Source:
        Glorot and Bengio 2010, AISTATS; chapter ``sec-mlp-questions``.

    Example:
        >>> net = xavier_normal_(nn.Linear(1000, 1000))
        >>> round(1000 * net.weight.var().item(), 1)
        1.0
    """

    def draw(weight: Tensor) -> None:
        weight.normal_(0.0, math.sqrt(2 / sum(weight.shape)), generator=generator)

    return _fill(net, draw)


def he_normal_(net: nn.Module, generator: torch.Generator | None = None) -> nn.Module:
    r"""Draw the weights from $N(0, \sigma^2)$ with $\sigma^2 = 2 / n_\mathrm{in}$, for ReLU.

    ReLU silences one half, $E[\mathrm{relu}(z)^2] = \tfrac12 \mathrm{Var}(z)$; twice the
    variance makes up for it.

    Args:
        net: A network with at least one ``nn.Linear``; changed in place.
        generator: Source of randomness; ``None`` means torch's global one.

    Returns:
        ``net``, biases zero.

    Raises:
        ValueError: If ``net`` has no ``nn.Linear``.

    Source:
        He, Zhang, Ren and Sun 2015, ICCV; chapter ``sec-mlp-questions``.

    Example:
        >>> net = he_normal_(nn.Linear(1000, 1000))
        >>> round(1000 * net.weight.var().item(), 1)
        2.0
    """

    def draw(weight: Tensor) -> None:
        fan_in = weight.shape[1]  # nn.Linear keeps (outputs, inputs)
        weight.normal_(0.0, math.sqrt(2 / fan_in), generator=generator)

    return _fill(net, draw)


def _fill(net: nn.Module, draw: Callable[[Tensor], object]) -> nn.Module:
    """Apply ``draw`` to the weight of each linear layer and set its bias to zero."""
    layers = [layer for layer in net.modules() if isinstance(layer, nn.Linear)]
    if not layers:
        raise ValueError(f"net must contain an nn.Linear, got {net}")
    with torch.no_grad():
        for layer in layers:
            draw(layer.weight)
            if layer.bias is not None:
                layer.bias.zero_()
    return net
