"""The verified files, laid out for ``torchvision.datasets.FashionMNIST``."""

import os
from pathlib import Path

from d2lnotes.data import files
from d2lnotes.data.download import ensure_fashion_mnist

__all__ = ["write_for_torchvision"]


def write_for_torchvision(root: str | os.PathLike) -> Path:
    """Write the four files of Fashion-MNIST where torchvision looks for them.

    torchvision checks only that they exist; these were verified when they were read.
    Cells that name its class then run without a network, with ``download=True`` too.

    Args:
        root: What is given to torchvision as ``root``; made if it does not exist.

    Returns:
        The folder of the files, ``root/FashionMNIST/raw``.

    Raises:
        DataError: If there is no good copy of the data.

    Source:
        Chapter ``sec-setup``, section on the course's own code.

    Example:
        >>> import tempfile
        >>> from torchvision.datasets import FashionMNIST
        >>> with tempfile.TemporaryDirectory() as root:
        ...     raw = write_for_torchvision(root)
        ...     image, label = FashionMNIST(root, train=False)[0]
        >>> image.size, label
        ((28, 28), 9)
    """
    copy = files.locate() or ensure_fashion_mnist()
    raw = Path(root) / "FashionMNIST" / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    for file, content in zip(copy.files, copy.read(), strict=True):
        (raw / file.name).write_bytes(content)
    return raw
