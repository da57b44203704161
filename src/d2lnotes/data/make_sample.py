"""Make the small sample that is shipped with the package from the full data."""

import gzip
import hashlib
import struct
from pathlib import Path

from torch import Tensor

from d2lnotes.data.fashion_mnist import FashionMNIST
from d2lnotes.data.files import FULL

TRAIN_PER_CLASS = 200
TEST_PER_CLASS = 100


def first_of_each_class(labels: Tensor, per_class: int) -> Tensor:
    """The places of the first ``per_class`` examples of every class, in order.

    Args:
        labels: ``(n,)`` classes.
        per_class: How many of each, at least 1.

    Returns:
        int64 ``(per_class * number of classes,)``, rising.

    Raises:
        ValueError: If a class has fewer.

    Example:
        >>> import torch
        >>> first_of_each_class(torch.tensor([0, 1, 1, 1, 0, 0]), 2)
        tensor([0, 1, 2, 4])
    """
    chosen = []
    for label in labels.unique():
        places = (labels == label).nonzero().flatten()
        if len(places) < per_class:
            raise ValueError(
                f"class {int(label)} has {len(places)} examples, needs {per_class}"
            )
        chosen.extend(places[:per_class].tolist())
    return labels.new_tensor(sorted(chosen))


def make_sample(fashion: FashionMNIST, folder: Path) -> list[tuple[str, int, str]]:
    """Write the sample: as many of each class, the first ones, in their old order.

    The same input gives the same bytes: no random choice, no time in the gzip header.

    Args:
        fashion: The full data.
        folder: Where the four ``.gz`` files go.

    Returns:
        Name, decompressed length in bytes and decompressed SHA-256 of each file: what
        ``files.SAMPLE`` has to say.
    """
    train = first_of_each_class(fashion.train_labels, TRAIN_PER_CLASS)
    test = first_of_each_class(fashion.test_labels, TEST_PER_CLASS)
    arrays = (
        fashion.train_images[train],
        fashion.train_labels[train],
        fashion.test_images[test],
        fashion.test_labels[test],
    )
    made = []
    for file, array in zip(FULL, arrays, strict=True):
        content = idx_bytes(array)
        (folder / f"{file.name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
        made.append((file.name, len(content), hashlib.sha256(content).hexdigest()))
    return made


def idx_bytes(array: Tensor) -> bytes:
    """An array of small whole numbers in the idx format.

    Args:
        array: Any shape, entries 0 to 255.

    Returns:
        Header and data.

    Example:
        >>> import torch
        >>> idx_bytes(torch.tensor([7, 8, 9])).hex(" ")
        '00 00 08 01 00 00 00 03 07 08 09'
    """
    header = struct.pack(f">HBB{array.dim()}I", 0, 8, array.dim(), *array.shape)
    return header + bytes(array.flatten().tolist())
