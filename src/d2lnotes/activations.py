"""Activation functions, written out from their formulas, and their derivatives.

Each function works entry by entry on a tensor of any shape, except `softmax` and
`log_softmax`, which work along one dimension. All of them are safe for large inputs:
no value *and no gradient* overflows.
"""

import math

import torch
from torch import Tensor

__all__ = [
    "gelu",
    "leaky_relu",
    "log_softmax",
    "relu",
    "relu_derivative",
    "scaled_sigmoid",
    "sigmoid",
    "sigmoid_derivative",
    "sign",
    "softmax",
    "step",
    "tanh",
    "tanh_derivative",
]


def step(z: Tensor) -> Tensor:
    r"""Fire or stay silent: $1$ if $z > 0$, else $0$.

    Args:
        z: Any shape, any real dtype.

    Returns:
        Zeros and ones with the shape and dtype of ``z``. The derivative is zero wherever
        it exists, so gradient descent learns nothing through this function.

    Source:
        McCulloch and Pitts 1943; chapter ``sec-perceptron``.

    Example:
        >>> step(torch.tensor([-2.0, 0.0, 3.0]))
        tensor([0., 0., 1.])
    """
    return (z > 0).to(z.dtype)


def sign(z: Tensor) -> Tensor:
    r"""Say which of two classes: $+1$ if $z > 0$, else $-1$.

    Unlike ``torch.sign`` it never answers $0$: a perceptron must decide, and a point
    on its boundary counts as $-1$.

    Args:
        z: Any shape, any signed dtype.

    Returns:
        $\pm 1$ with the shape and dtype of ``z``.

    Source:
        Chapter ``sec-perceptron``.

    Example:
        >>> sign(torch.tensor([-2.0, 0.0, 3.0]))
        tensor([-1., -1.,  1.])
    """
    return 2 * step(z) - 1


def relu(z: Tensor) -> Tensor:
    r"""Rectified linear unit, $\max(z, 0)$.

    There is no derivative at $0$; like ``torch.relu`` we take $0$ there. (Autograd
    makes another choice for another spelling: $\tfrac12$ for ``torch.max(z, zero)``.)

    Args:
        z: Any shape, any real dtype.

    Returns:
        Tensor with the shape and dtype of ``z``, no entry negative.

    Source:
        Nair and Hinton 2010, ICML; chapter ``sec-multilayer-perceptron``.

    Example:
        >>> relu(torch.tensor([-2.0, 0.0, 3.0]))
        tensor([0., 0., 3.])
    """
    return torch.where(z <= 0, torch.zeros_like(z), z)


def leaky_relu(z: Tensor, slope: float = 0.01) -> Tensor:
    r"""Leaky ReLU: $z$ if $z > 0$, else $\alpha z$, so that no unit is ever quite dead.

    Args:
        z: Any shape, floating dtype.
        slope: The slope $\alpha$ on the negative side, no unit; usually in $[0, 1)$.

    Returns:
        Tensor with the shape and dtype of ``z``.

    Source:
        Maas, Hannun and Ng 2013, ICML; chapter ``sec-multilayer-perceptron``.

    Example:
        >>> leaky_relu(torch.tensor([-2.0, 0.0, 3.0]), slope=0.5)
        tensor([-1.,  0.,  3.])
    """
    return torch.where(z > 0, z, slope * z)


def sigmoid(z: Tensor) -> Tensor:
    r"""Logistic sigmoid, $\sigma(z) = 1 / (1 + e^{-z})$.

    For $z < 0$ the same number is computed as $e^{z} / (1 + e^{z})$: then no exponential
    is larger than one, and neither the value nor the gradient can overflow.

    Args:
        z: Any shape, floating dtype.

    Returns:
        Numbers in $[0, 1]$ with the shape and dtype of ``z``.

    Source:
        Chapter ``sec-multilayer-perceptron``.

    Example:
        >>> sigmoid(torch.tensor([-1000.0, 0.0, 1000.0]))
        tensor([0.0000, 0.5000, 1.0000])
    """
    exp = torch.exp(torch.where(z < 0, z, -z))  # e^{-|z|}, at most 1
    return torch.where(z < 0, exp, torch.ones_like(exp)) / (1 + exp)


def tanh(z: Tensor) -> Tensor:
    r"""Hyperbolic tangent, $\tanh z = (1 - e^{-2z}) / (1 + e^{-2z}) = 2\sigma(2z) - 1$.

    Computed on $|z|$ and mirrored, so that nothing overflows, and through
    $e^{u} - 1$ (``expm1``), so that no digits are lost near zero.

    Args:
        z: Any shape, floating dtype.

    Returns:
        Numbers in $[-1, 1]$ with the shape and dtype of ``z``.

    Source:
        Chapter ``sec-multilayer-perceptron``.

    Example:
        >>> tanh(torch.tensor([-1000.0, 0.0, 1000.0]))
        tensor([-1.,  0.,  1.])
    """
    side = torch.where(z < 0, -torch.ones_like(z), torch.ones_like(z))
    u = torch.expm1(-2 * side * z)  # e^{-2|z|} - 1, in (-1, 0]
    return -side * u / (u + 2)


def scaled_sigmoid(z: Tensor) -> Tensor:
    r"""Sigmoid adjusted to look like $z$ near zero, $4\sigma(z) - 2 = 2\tanh(z/2)$.

    Computed as on the right: $4\sigma(z) - 2$ subtracts two numbers that are nearly equal
    for small $z$, and rounds to zero for $|z| < 10^{-8}$ (float32).

    Args:
        z: Any shape, floating dtype.

    Returns:
        Numbers in $[-2, 2]$ with the shape and dtype of ``z``.

    Source:
        Chapter ``sec-initialization``.

    Example:
        >>> scaled_sigmoid(torch.tensor([-1000.0, 1e-9, 1000.0]))
        tensor([-2.0000e+00,  1.0000e-09,  2.0000e+00])
    """
    return 2 * tanh(z / 2)


def gelu(z: Tensor) -> Tensor:
    r"""Gaussian error linear unit, $z\,\Phi(z)$ with the normal distribution function $\Phi$.

    Args:
        z: Any shape, floating dtype.

    Returns:
        Tensor with the shape and dtype of ``z``, no entry below $-0.17$.

    Source:
        Hendrycks and Gimpel 2016, arXiv:1606.08415; chapter ``sec-multilayer-perceptron``.

    Example:
        >>> gelu(torch.tensor([-1.0, 0.0, 1.0]))
        tensor([-0.1587,  0.0000,  0.8413])
    """
    return 0.5 * z * torch.erfc(-z / math.sqrt(2))


def softmax(O: Tensor, dim: int = -1) -> Tensor:  # noqa: E741  (the page's letter)
    r"""Turn scores into probabilities, $\hat y_j = e^{o_j} / \sum_k e^{o_k}$.

    Adding a constant to every score changes nothing, so we first subtract the largest:
    every exponential is then at most one, and the sum at least one.

    Args:
        O: Scores (logits), any shape, floating dtype; usually ``(n, q)``.
        dim: The dimension that the classes lie along.

    Returns:
        Tensor with the shape and dtype of ``O``: entries in $[0, 1]$ that sum to one
        along ``dim``.

    Source:
        Chapter ``sec-linear-models``.

    Example:
        >>> softmax(torch.tensor([[0.0, 0.0], [1000.0, 0.0]]))
        tensor([[0.5000, 0.5000],
                [1.0000, 0.0000]])
    """
    E = torch.exp(O - O.detach().amax(dim, keepdim=True))
    return E / E.sum(dim, keepdim=True)


def log_softmax(O: Tensor, dim: int = -1) -> Tensor:  # noqa: E741
    r"""Logarithm of `softmax`, $o_j - \log \sum_k e^{o_k}$, without ever forming it.

    A probability can be too small for a float; its logarithm is an ordinary number.
    ``softmax(O).log()`` gives $-\infty$ where this gives $-1000$.

    Args:
        O: Scores (logits), any shape, floating dtype; usually ``(n, q)``.
        dim: The dimension that the classes lie along.

    Returns:
        Tensor with the shape and dtype of ``O``, no entry positive.

    Source:
        Chapter ``sec-linear-models``.

    Example:
        >>> log_softmax(torch.tensor([[1000.0, 0.0]]))
        tensor([[    0., -1000.]])
    """
    Z = O - O.detach().amax(dim, keepdim=True)
    return Z - Z.exp().sum(dim, keepdim=True).log()


def relu_derivative(z: Tensor) -> Tensor:
    r"""Derivative of `relu`: $1$ if $z > 0$, else $0$ (at $0$ by convention).

    Example:
        >>> relu_derivative(torch.tensor([-2.0, 0.0, 3.0]))
        tensor([0., 0., 1.])
    """
    return step(z)


def sigmoid_derivative(z: Tensor) -> Tensor:
    r"""Derivative of `sigmoid`, $\sigma(z)\,\sigma(-z)$: at most $\tfrac14$, reached at $0$.

    The usual $\sigma(z)(1 - \sigma(z))$ is the same number, but rounds to zero as soon
    as $\sigma(z)$ rounds to one.

    Example:
        >>> sigmoid_derivative(torch.tensor([-1000.0, 0.0, 1000.0]))
        tensor([0.0000, 0.2500, 0.0000])
    """
    return sigmoid(z) * sigmoid(-z)


def tanh_derivative(z: Tensor) -> Tensor:
    r"""Derivative of `tanh`, $1 - \tanh^2 z$: at most $1$, reached at $0$.

    Computed as $4\,\sigma(2z)\,\sigma(-2z)$, which keeps its digits where $\tanh z$
    rounds to one.

    Example:
        >>> tanh_derivative(torch.tensor([-1000.0, 0.0, 1000.0]))
        tensor([0., 1., 0.])
    """
    return 4 * sigmoid_derivative(2 * z)
