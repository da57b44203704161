"""Data: Fashion-MNIST, batches of tensors, and made-up data for the first chapters.

The table of contents. A name's module is loaded when the name is first used, so
that ``data_identity`` and ``ensure_fashion_mnist``, which a build asks before
anything else, do not wait for torch.
"""

from importlib import import_module

_HOME = {
    "load_fashion_mnist": "fashion_mnist",
    "FashionMNIST": "fashion_mnist",
    "class_names": "fashion_mnist",
    "write_for_torchvision": "for_torchvision",
    "TensorBatches": "batches",
    "xor_points": "synthetic",
    "xor_quadrants": "synthetic",
    "separable_points": "synthetic",
    "synthetic_linear": "synthetic",
    "polynomial_features": "polynomial",
    "polynomial_data": "polynomial",
    "least_squares": "polynomial",
    "data_identity": "files",
    "DataError": "files",
    "DataNotFoundError": "files",
    "WrongFileError": "files",
    "ensure_fashion_mnist": "download",
    "DownloadError": "download",
    "CacheError": "download",
}

__all__ = list(_HOME)


def __getattr__(name: str):
    """Load the module that holds ``name`` when the name is first asked for."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value  # so that this happens once
    return value


def __dir__() -> list[str]:
    """The table of contents, for completion."""
    return sorted([*globals(), *__all__])
