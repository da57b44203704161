"""The same network twice: by hand, from four parameters, and from PyTorch's layers."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from d2lnotes.activations import relu

__all__ = ["ScratchMLP", "copy_weights", "mlp", "num_parameters", "softmax_regression"]


class ScratchMLP(nn.Module):
    r"""One hidden layer by hand: $H = \mathrm{relu}(X W_1 + b_1)$, $O = H W_2 + b_2$.

    The weights start as normal noise, the biases at zero. ``nn.Module`` does nothing here
    but keep the list of parameters.

    Args:
        num_inputs: Features per example, d; at least 1.
        num_outputs: Scores per example, q; at least 1.
        num_hiddens: Units of the hidden layer, h; at least 1.
        std: Standard deviation of the initial weights, at least 0.
        generator: Source of randomness; ``None`` means torch's global one.

    Attributes:
        W1: Weights ``(d, h)``. b1: Biases ``(h,)``.
        W2: Weights ``(h, q)``. b2: Biases ``(q,)``.

    Raises:
        ValueError: If a size is less than 1 or ``std`` is negative.

    Source:
        Chapter ``sec-from-scratch``.

    Example:
        >>> net = ScratchMLP(num_inputs=784, num_outputs=10, num_hiddens=256)
        >>> net(torch.rand(2, 1, 28, 28)).shape
        torch.Size([2, 10])
    """

    def __init__(
        self,
        num_inputs: int,
        num_outputs: int,
        num_hiddens: int,
        *,
        std: float = 0.01,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        _check_sizes((num_inputs, num_hiddens, num_outputs))
        _check_std(std)
        self.W1 = nn.Parameter(
            torch.randn(num_inputs, num_hiddens, generator=generator) * std
        )
        self.b1 = nn.Parameter(torch.zeros(num_hiddens))
        self.W2 = nn.Parameter(
            torch.randn(num_hiddens, num_outputs, generator=generator) * std
        )
        self.b2 = nn.Parameter(torch.zeros(num_outputs))

    def forward(self, X: Tensor) -> Tensor:
        """Return the logits ``(n, q)`` of ``X`` ``(n, …)``; each example is flattened."""
        X = X.flatten(start_dim=1)  # (n, d)
        H = relu(X @ self.W1 + self.b1)  # (n, h)
        return H @ self.W2 + self.b2  # (n, q)


def softmax_regression(
    num_inputs: int,
    num_outputs: int,
    *,
    std: float = 0.01,
    generator: torch.Generator | None = None,
) -> nn.Sequential:
    r"""Softmax regression, $O = X W + b$: flatten, then one linear layer.

    It gives logits; the softmax is in the loss.

    Args:
        num_inputs: Features per example, d; at least 1.
        num_outputs: Classes, q; at least 1.
        std: Standard deviation of the initial weights, at least 0; biases start at zero.
        generator: Source of randomness; ``None`` means torch's global one.

    Returns:
        ``nn.Sequential(nn.Flatten(), nn.Linear(num_inputs, num_outputs))``.

    Raises:
        ValueError: If a size is less than 1 or ``std`` is negative.

    Source:
        Chapter ``sec-linear-models``.

    Example:
        >>> softmax_regression(784, 10)
        Sequential(
          (0): Flatten(start_dim=1, end_dim=-1)
          (1): Linear(in_features=784, out_features=10, bias=True)
        )
    """
    return mlp((num_inputs, num_outputs), std=std, generator=generator)


def mlp(
    sizes: Sequence[int],
    *,
    activation: Callable[[], nn.Module] = nn.ReLU,
    std: float | None = None,
    generator: torch.Generator | None = None,
) -> nn.Sequential:
    """Multilayer perceptron from PyTorch's layers, with an activation after all but the last.

    Args:
        sizes: Units of each layer from the inputs to the outputs, at least two numbers, each
            at least 1: ``(784, 256, 10)`` has one hidden layer of 256.
        activation: Makes the layer between two linear ones: a class such as ``nn.ReLU``.
        std: Standard deviation of the initial weights, biases zero. ``None`` means
            PyTorch's own start, uniform within plus or minus 1 / sqrt(inputs of the layer),
            with the draws that ``nn.Linear`` would make.
        generator: Source of randomness; ``None`` means torch's global one.

    Returns:
        ``nn.Sequential`` of ``nn.Flatten``, ``nn.Linear``, activation, …, ``nn.Linear``; it
        maps ``(n, …)`` to logits ``(n, sizes[-1])``.

    Raises:
        TypeError: If ``activation`` is a layer instead of something that makes layers.
        ValueError: If there are fewer than two sizes, one is less than 1 or ``std`` is
            negative.

    Source:
        Chapter ``sec-concise``.

    Example:
        >>> mlp((784, 256, 10))
        Sequential(
          (0): Flatten(start_dim=1, end_dim=-1)
          (1): Linear(in_features=784, out_features=256, bias=True)
          (2): ReLU()
          (3): Linear(in_features=256, out_features=10, bias=True)
        )
    """
    _check_sizes(sizes)
    if isinstance(activation, nn.Module):
        raise TypeError(
            f"activation is a class such as nn.ReLU, got the layer {activation!r}; "
            "each place in the network needs a layer of its own"
        )
    layers: list[nn.Module] = [nn.Flatten()]
    for i, (fan_in, fan_out) in enumerate(pairwise(sizes)):
        if i > 0:
            layers.append(activation())
        layers.append(_linear(fan_in, fan_out, std, generator))
    return nn.Sequential(*layers)


def copy_weights(source: nn.Module, target: nn.Module) -> None:
    """Copy all weights and biases from one network into another of the same sizes.

    Either may be a `ScratchMLP` or built from ``nn.Linear``. ``nn.Linear`` keeps its weights
    as (outputs, inputs), the transpose of our $W$, so they are transposed on the way.

    Args:
        source: The network that is read.
        target: The network that is overwritten; layer by layer as wide as ``source``.

    Raises:
        ValueError: If the two differ in the number or the sizes of their layers, or a layer
            has no bias; ``target`` is then untouched.

    Source:
        Chapter ``sec-concise``.

    Example:
        >>> scratch, concise = ScratchMLP(4, 2, 3), mlp((4, 3, 2))
        >>> copy_weights(scratch, concise)
        >>> X = torch.rand(5, 4)
        >>> torch.allclose(scratch(X), concise(X))
        True
    """
    read, written = _weights(source, "source"), _weights(target, "target")
    sizes = [[tuple(W.shape) for W, _ in layers] for layers in (read, written)]
    if sizes[0] != sizes[1]:
        raise ValueError(
            "source and target must have the same layers (inputs, outputs), "
            f"got {sizes[0]} and {sizes[1]}"
        )
    with torch.no_grad():
        for (W, b), (W_new, b_new) in zip(read, written, strict=True):
            W_new.copy_(W)
            b_new.copy_(b)


def num_parameters(net: nn.Module) -> int:
    """Count the numbers that training adjusts, weights and biases together.

    Example:
        >>> num_parameters(mlp((784, 256, 10)))  # 784*256 + 256 + 256*10 + 10
        203530
    """
    return sum(parameter.numel() for parameter in net.parameters())


def _linear(
    fan_in: int, fan_out: int, std: float | None, generator: torch.Generator | None
) -> nn.Linear:
    """``nn.Linear`` whose initial numbers come from ``generator``."""
    if std is not None:
        _check_std(std)
    layer = nn.utils.skip_init(nn.Linear, fan_in, fan_out)  # draws nothing by itself
    if std is None:
        nn.init.kaiming_uniform_(layer.weight, a=math.sqrt(5), generator=generator)
        bound = 1 / math.sqrt(fan_in)
        nn.init.uniform_(layer.bias, -bound, bound, generator=generator)
    else:
        nn.init.normal_(layer.weight, 0.0, std, generator=generator)
        nn.init.zeros_(layer.bias)
    return layer


def _weights(net: nn.Module, name: str) -> list[tuple[Tensor, Tensor]]:
    """Pairs of W (inputs, outputs), a view, and b (outputs,), layer by layer."""
    if isinstance(net, ScratchMLP):
        return [(net.W1, net.b1), (net.W2, net.b2)]
    layers = [layer for layer in net.modules() if isinstance(layer, nn.Linear)]
    if any(layer.bias is None for layer in layers):
        raise ValueError(f"{name} must have a bias in every layer, got {net}")
    return [(layer.weight.T, layer.bias) for layer in layers]


def _check_sizes(sizes: Sequence[int]) -> None:
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(
            "a network needs at least two sizes (inputs, …, outputs), each at least 1, "
            f"got {tuple(sizes)}"
        )


def _check_std(std: float) -> None:
    if not std >= 0:
        raise ValueError(f"std is a standard deviation, at least 0, got {std}")
