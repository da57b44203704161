r"""What happens inside a network: the scale of signal and gradient, layer by layer.

A deep network multiplies: forward the signal, backward the gradient. One number per layer,
the root mean square, shows whether the products stay near one, vanish or explode, and the
first output that is not finite shows where a NaN began. Both are recorded by forward hooks,
which are removed again even if the network fails; nothing in the network is changed.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

__all__ = ["LayerScales", "first_nonfinite", "layer_scales"]


@dataclass(frozen=True)
class LayerScales:
    """Root mean squares by layer, in the order in which the layers were called.

    Attributes:
        names: Place and kind of each layer, ``"1 Linear"``; a layer that is called twice
            is there twice.
        activations: Of the layer's output, at least 0; ``nan`` or ``inf`` where the output
            holds a NaN or, without one, an infinity.
        gradients: Of the gradient of the loss with respect to that output; empty if there
            was no loss.
    """

    names: list[str]
    activations: list[float]
    gradients: list[float]


def layer_scales(
    net: nn.Module,
    X: Tensor,
    y: Tensor | None = None,
    loss: Callable[..., Tensor] | None = None,
    *,
    kinds: type[nn.Module] | tuple[type[nn.Module], ...] | None = None,
) -> LayerScales:
    r"""Measure how large each layer's output is, and the gradient with respect to it.

    The root mean square of the $m$ entries of an output is $\sqrt{\frac1m \sum_i h_i^2}$,
    computed in float64 without overflow. The network is run once, in the mode in which it
    is; afterwards its parameters, their gradients and its buffers are what they were.

    Args:
        net: Any module; its layers without children are recorded.
        X: A batch that ``net`` takes, of the network's dtype.
        y: What ``loss`` compares the output with; ``None`` if it needs the output only.
        loss: From ``(output, y)``, or from ``(output)`` if ``y`` is ``None``, to a single
            number; ``None`` means that no gradients are wanted.
        kinds: Only layers of these classes, for example ``nn.Linear``; ``None`` means all
            whose output is one tensor of a floating dtype.

    Returns:
        Names, activations and gradients by layer. A gradient is 0 where the loss does not
        depend on the output.

    Raises:
        ValueError: If there is a ``y`` but no ``loss``, the loss is not a single number, or
            no gradient leads back from it.

    Source:
        Chapter ``sec-numerical-stability``.

    Example:
        >>> net = nn.Sequential(nn.Linear(1, 1, bias=False), nn.ReLU())
        >>> _ = nn.init.constant_(net[0].weight, 3.0)
        >>> layer_scales(net, torch.ones(2, 1), loss=torch.sum)
        LayerScales(names=['0 Linear', '1 ReLU'], activations=[3.0, 3.0], gradients=[1.0, 1.0])
    """
    if loss is None and y is not None:
        raise ValueError("y is for the loss to compare with, got y but no loss")
    names: list[str] = []
    activations: list[float] = []
    gradients: list[float] = []

    def record(name: str, layer: nn.Module, output: Tensor) -> None:
        if kinds is not None and not isinstance(layer, kinds):
            return
        place = len(names)
        names.append(name)
        activations.append(_rms(output))
        if loss is not None:
            gradients.append(0.0)  # unless the backward pass comes by
            if output.requires_grad:
                # A hook, not retain_grad: it sees the output as it is now, even if the
                # next layer works in place.
                output.register_hook(
                    lambda gradient: gradients.__setitem__(place, _rms(gradient))
                )

    with torch.set_grad_enabled(loss is not None), _recorded(net, record):
        if loss is None:
            net(X)
            return LayerScales(names, activations, gradients)
        sources = [p for p in net.parameters() if p.requires_grad]
        if X.is_floating_point():
            # Then layers before the first weights have a gradient too. The network gets a
            # copy: autograd forbids a first layer to work in place on the source itself.
            sources.append(X.detach().requires_grad_())
            X = sources[-1].clone()
        output = net(X)
        value = loss(output) if y is None else loss(output, y)
        if value.numel() != 1:
            raise ValueError(
                f"loss gives a single number, got shape {tuple(value.shape)}; "
                "take its mean or sum"
            )
        if not value.requires_grad:
            raise ValueError(
                "loss depends on an input or a parameter with a gradient, got one that "
                "does not; is everything frozen, or the output detached?"
            )
        # grad, not backward: the parameters' own gradients stay as they are.
        torch.autograd.grad(value.sum(), sources, allow_unused=True)
    return LayerScales(names, activations, gradients)


def first_nonfinite(net: nn.Module, X: Tensor) -> str | None:
    """Name the first layer whose output holds a NaN or an infinity.

    That is where the trouble shows first in the forward pass: look at what this layer
    computes and at its weights. (An update may have spoilt them one step earlier.)

    Args:
        net: Any module; its layers without children are watched.
        X: A batch that ``net`` takes.

    Returns:
        Place and kind of the layer, ``"1 Linear"``; ``"input"`` if ``X`` itself is not
        finite; ``"output"`` if all layers are finite but the network's result is not;
        ``None`` if everything is finite. A network that fails after a bad layer does not
        keep the answer back.

    Source:
        Chapter ``sec-nan-clinic``.

    Example:
        >>> class Log(nn.Module):
        ...     def forward(self, X):
        ...         return X.log()
        >>> net = nn.Sequential(nn.ReLU(), Log(), nn.Linear(1, 1))
        >>> first_nonfinite(net, torch.tensor([[1.0], [-1.0]]))
        '1 Log'
    """
    if not _is_finite(X):
        return "input"
    bad: list[str] = []

    def record(name: str, layer: nn.Module, output: Tensor) -> None:
        if not _is_finite(output):
            bad.append(name)

    with torch.no_grad(), _recorded(net, record):
        try:
            output = net(X)
        except Exception:
            if not bad:
                raise
            return bad[0]
    if bad:
        return bad[0]
    return None if _is_finite(output) else "output"


def _rms(values: Tensor) -> float:
    """Root mean square of all entries, in float64; no square overflows or underflows."""
    values = values.detach().double().abs()
    largest = values.max().item() if values.numel() else 0.0
    if largest == 0 or not math.isfinite(largest):
        return largest
    return largest * (values / largest).square().mean().sqrt().item()


def _is_finite(value: object) -> bool:
    """Whether a tensor is finite; what is no tensor counts as finite."""
    return not isinstance(value, Tensor) or bool(torch.isfinite(value).all())


@contextmanager
def _recorded(
    net: nn.Module, record: Callable[[str, nn.Module, Tensor], None]
) -> Iterator[None]:
    """Call ``record`` with each output; then remove the hooks and restore the buffers."""
    buffers = [(buffer, buffer.clone()) for buffer in net.buffers()]
    handles = []

    def watch(name: str, layer: nn.Module) -> None:
        title = f"{name} {type(layer).__name__}".strip()

        def hook(layer: nn.Module, inputs: object, output: object) -> None:
            if isinstance(output, Tensor) and output.is_floating_point():
                record(title, layer, output)

        handles.append(layer.register_forward_hook(hook))

    try:
        for name, layer in net.named_modules():
            if next(layer.children(), None) is None:
                watch(name, layer)
        yield
    finally:
        for handle in handles:
            handle.remove()
        with torch.no_grad():
            for buffer, before in buffers:  # batch normalization keeps running averages
                buffer.copy_(before)
