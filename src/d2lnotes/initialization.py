r"""Where training starts: ways to fill the weights of a network.

Each function whose name ends in ``_`` overwrites the weights of *every* ``nn.Linear`` in a
network, sets the biases to zero and returns the network. With $n_\mathrm{in}$ inputs,
zero-mean weights of variance $\sigma^2$ and inputs of mean square $q$, a layer's outputs
have variance $n_\mathrm{in}\,\sigma^2 q$: the choice of $\sigma$ decides whether signals
shrink or grow. What the activation then makes of them, `gaussian_moments` tells.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

__all__ = [
    "constant_",
    "gain",
    "gaussian_moments",
    "he_normal_",
    "he_uniform_",
    "normal_",
    "orthogonal_",
    "variance_scaling_",
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
    return variance_scaling_(net, 1.0, "fan_avg", uniform=True, generator=generator)


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
    return variance_scaling_(net, 1.0, "fan_avg", generator=generator)


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
    return variance_scaling_(net, 2.0, generator=generator)


def he_uniform_(net: nn.Module, generator: torch.Generator | None = None) -> nn.Module:
    r"""Draw the weights evenly from $\pm\sqrt{6 / n_\mathrm{in}}$: the variance of `he_normal_`.

    Args:
        net: A network with at least one ``nn.Linear``; changed in place.
        generator: Source of randomness; ``None`` means torch's global one.

    Returns:
        ``net``, biases zero.

    Raises:
        ValueError: If ``net`` has no ``nn.Linear``.

    Source:
        He, Zhang, Ren and Sun 2015, ICCV; chapter ``sec-initialization``.

    Example:
        >>> net = he_uniform_(nn.Linear(6, 1))
        >>> bool((net.weight.abs() <= 1).all())  # sqrt(6 / 6) = 1
        True
    """
    return variance_scaling_(net, 2.0, uniform=True, generator=generator)


def variance_scaling_(
    net: nn.Module,
    scale: float,
    mode: str = "fan_in",
    *,
    uniform: bool = False,
    generator: torch.Generator | None = None,
) -> nn.Module:
    r"""Draw the weights with variance ``scale`` / $n$, where $n$ counts a layer's neighbours.

    Xavier is ``scale=1, mode="fan_avg"``, He is ``scale=2, mode="fan_in"``. A *gain* $g$, as
    PyTorch uses the word, is ``scale`` = $g^2$.

    Args:
        net: A network with at least one ``nn.Linear``; changed in place.
        scale: The variance of a weight times $n$, at least 0.
        mode: What $n$ is: ``"fan_in"`` (inputs of the layer; keeps the signal),
            ``"fan_out"`` (outputs; keeps the gradient) or ``"fan_avg"`` (half their sum).
        uniform: Whether to draw evenly from $\pm\sqrt{3\,\mathrm{scale}/n}$ instead of from
            a normal distribution; the variance is the same.
        generator: Source of randomness; ``None`` means torch's global one.

    Returns:
        ``net``, biases zero.

    Raises:
        ValueError: If ``scale`` is negative, ``mode`` is another word or ``net`` has no
            ``nn.Linear``.

    Source:
        Chapter ``sec-initialization``.

    Example:
        >>> net = variance_scaling_(nn.Linear(500, 1000), scale=3.0, mode="fan_out")
        >>> round(1000 * net.weight.var().item(), 1)
        3.0
    """
    if not scale >= 0:
        raise ValueError(f"scale is a variance times a count, at least 0, got {scale}")
    if mode not in FANS:
        raise ValueError(f"mode is one of {', '.join(FANS)}, got {mode!r}")

    def draw(weight: Tensor) -> None:
        fan_out, fan_in = weight.shape  # nn.Linear keeps (outputs, inputs)
        variance = scale / FANS[mode](fan_in, fan_out)
        if uniform:
            bound = math.sqrt(3 * variance)
            weight.uniform_(-bound, bound, generator=generator)
        else:
            weight.normal_(0.0, math.sqrt(variance), generator=generator)

    return _fill(net, draw)


def orthogonal_(
    net: nn.Module, gain: float = 1.0, generator: torch.Generator | None = None
) -> nn.Module:
    r"""Draw each weight matrix evenly from the (semi-)orthogonal ones, times ``gain``.

    A square layer then keeps the length of *every* vector exactly, forward and backward;
    random independent weights keep it only on average.

    Args:
        net: A network with at least one ``nn.Linear``; changed in place.
        gain: All singular values of the weights, at least 0.
        generator: Source of randomness; ``None`` means torch's global one.

    Returns:
        ``net``, biases zero.

    Raises:
        ValueError: If ``gain`` is negative or ``net`` has no ``nn.Linear``.

    Source:
        Saxe, McClelland and Ganguli 2014, ICLR; chapter ``sec-initialization``.

    Example:
        >>> W = orthogonal_(nn.Linear(3, 3)).weight
        >>> torch.allclose(W @ W.T, torch.eye(3), atol=1e-6)
        True
    """
    if not gain >= 0:
        raise ValueError(f"gain is a singular value, at least 0, got {gain}")
    return _fill(
        net, lambda weight: nn.init.orthogonal_(weight, gain, generator=generator)
    )


def gaussian_moments(
    activation: Callable[[Tensor], Tensor], q: float = 1.0
) -> tuple[float, float]:
    r"""What an activation does to a normal input $z \sim N(0, q)$, forward and backward.

    In a wide layer the inputs of the activation are nearly normal. Forward it turns their
    mean square $q$ into $E[\phi(z)^2]$; backward it multiplies the mean square of a gradient
    by $E[\phi'(z)^2]$. Both are integrals, computed by the trapezoid rule in float64.

    Args:
        activation: A function that acts entry by entry and that autograd can follow.
        q: Variance of $z$, greater than 0.

    Returns:
        $E[\phi(z)^2]$ and $E[\phi'(z)^2]$, to about 4 digits for functions with a kink
        away from zero and more for others.

    Raises:
        ValueError: If ``q`` is not a positive finite number.

    Source:
        Poole et al. 2016, NeurIPS; chapter ``sec-initialization``.

    Example:
        >>> forward, backward = gaussian_moments(torch.relu)
        >>> round(forward, 3), round(backward, 3)
        (0.5, 0.5)
    """
    if not 0 < q < math.inf:
        raise ValueError(f"q is a variance, positive and finite, got {q}")
    # Standard deviations; an even number of points, so that none falls on a kink at zero.
    z = torch.linspace(-8.5, 8.5, 20_000, dtype=torch.float64)
    weight = torch.exp(-z.square() / 2)
    weight /= weight.sum()
    with torch.enable_grad():
        x = (z * math.sqrt(q)).requires_grad_()
        h = activation(x)
        (slope,) = torch.autograd.grad(h.sum(), x)
    h = h.detach()
    return (weight @ h.square()).item(), (weight @ slope.square()).item()


def gain(activation: Callable[[Tensor], Tensor], q: float = 1.0) -> float:
    r"""The factor $g$ on the weights that makes up for an activation, for inputs $N(0, q)$.

    With weights of variance $g^2/n_\mathrm{in}$ a layer hands on the mean square that it got:
    $g = \sqrt{q / E[\phi(z)^2]}$, $z \sim N(0, q)$. For ReLU it is $\sqrt2$ whatever $q$ is;
    for a curved activation it depends on $q$.

    Args:
        activation: A function that acts entry by entry and that autograd can follow.
        q: Variance of the activation's input that shall be kept, greater than 0.

    Returns:
        $g > 0$, infinite if the activation is zero everywhere.

    Raises:
        ValueError: If ``q`` is not a positive finite number.

    Source:
        Chapter ``sec-initialization``.

    Example:
        >>> round(gain(torch.relu) ** 2, 3), round(gain(torch.tanh), 2)
        (2.0, 1.59)
    """
    forward, _ = gaussian_moments(activation, q)
    return math.sqrt(q / forward) if forward else math.inf


FANS: dict[str, Callable[[int, int], float]] = {
    "fan_in": lambda fan_in, fan_out: fan_in,
    "fan_out": lambda fan_in, fan_out: fan_out,
    "fan_avg": lambda fan_in, fan_out: (fan_in + fan_out) / 2,
}


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
