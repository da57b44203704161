"""The teaching package behind “D2L Notes 3: Multilayer Perceptrons”.

The table of contents. A module is loaded when it is first used, so that importing
the package is quick and silent: nothing is downloaded, seeded or restyled.

===================  ============================================================
``data``             Fashion-MNIST, batches of tensors, made-up data, polynomials
``activations``      ReLU, sigmoid, tanh, softmax and the derivatives that we plot
``losses``           squared error, cross-entropy from logits, perceptron loss
``metrics``          running sums, accuracy, confusion matrix
``perceptron``       Rosenblatt's rule, its updates, its bound, its defeat by XOR
``mlp``              the same network twice: by hand and with ``nn.Sequential``
``initialization``   zeros, normal, Xavier, He, orthogonal
``regularization``   penalties, ridge regression, dropout
``diagnostics``      the scale of signals and gradients, layer by layer
``capacity``         which labellings half-spaces can give, exactly
``model_selection``  K-fold, search over hyperparameters, learning curves
``training``         one epoch, ``fit``, and the history that it returns
``plotting``         the one home of matplotlib
``claims``           assertions with a name, a margin and what was measured
``compat``           the course's names: ``from d2lnotes import compat as d2l``
===================  ============================================================

Example:
    >>> import d2lnotes
    >>> X, y = d2lnotes.data.xor_points()
    >>> y
    tensor([-1.,  1.,  1., -1.])
"""

from importlib import import_module

__version__ = "0.1.0"

__all__ = [
    "activations",
    "capacity",
    "claims",
    "compat",
    "data",
    "diagnostics",
    "initialization",
    "losses",
    "metrics",
    "mlp",
    "model_selection",
    "perceptron",
    "plotting",
    "regularization",
    "training",
]


def __getattr__(name: str):
    """Load the module ``name`` when it is first asked for."""
    if name in __all__:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """The table of contents, for completion."""
    return sorted([*globals(), *__all__])
