"""Fashion-MNIST as four tensors in memory, from wherever a good copy lies."""

import os
import struct
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from d2lnotes.data import files
from d2lnotes.data.batches import TensorBatches

__all__ = ["FashionMNIST", "class_names", "load_fashion_mnist"]

_CLASS_NAMES = {
    "en": (
        "T-shirt",
        "trouser",
        "pullover",
        "dress",
        "coat",
        "sandal",
        "shirt",
        "sneaker",
        "bag",
        "ankle boot",
    ),
    "zh": (
        "T恤",
        "裤子",
        "套衫",
        "连衣裙",
        "外套",
        "凉鞋",
        "衬衫",
        "运动鞋",
        "包",
        "短靴",
    ),
}


@dataclass(frozen=True, eq=False)
class FashionMNIST:
    """Fashion-MNIST: grey images of clothes, 28 x 28 pixels, in ten classes.

    Args:
        train_images: ``(60000, 28, 28)`` uint8, 0 black to 255 white.
        train_labels: ``(60000,)`` int64, classes 0 to 9.
        test_images: ``(10000, 28, 28)`` uint8.
        test_labels: ``(10000,)`` int64.
        source: Where it came from: ``"folder"``, ``"cache"``, ``"debian"``,
            ``"download"`` or ``"sample"``.
        folder: The folder that was read.

    Source:
        Xiao, Rasul and Vollgraf 2017, arXiv:1708.07747; chapter ``sec-setup``.
        The sample has 2 000 and 1 000 images, as many of each class.

    Example:
        >>> images, labels = torch.zeros(3, 28, 28, dtype=torch.uint8), torch.arange(3)
        >>> FashionMNIST(images, labels, images, labels, "sample", Path("tiny"))
        FashionMNIST(sample: 3 training images, 3 test images)
    """

    train_images: Tensor = field(repr=False)
    train_labels: Tensor = field(repr=False)
    test_images: Tensor = field(repr=False)
    test_labels: Tensor = field(repr=False)
    source: str
    folder: Path

    @property
    def is_sample(self) -> bool:
        """Whether this is the small sample that is shipped with the package."""
        return self.source == "sample"

    def __repr__(self) -> str:
        """Say what it is; no path, so that a page reads the same on any machine."""
        kind = "sample" if self.is_sample else "full"
        return (
            f"FashionMNIST({kind}: {len(self.train_labels)} training images, "
            f"{len(self.test_labels)} test images)"
        )

    def train_batches(
        self,
        batch_size: int,
        *,
        shuffle: bool = True,
        generator: torch.Generator | None = None,
    ) -> TensorBatches:
        """Batches of the training set, in a new order at each pass.

        Args:
            batch_size: Examples per batch, at least 1; the last batch may be smaller.
            shuffle: Whether to draw a new order at each pass.
            generator: Source of randomness; ``None`` means torch's global one.

        Returns:
            Batches of images ``(b, 1, 28, 28)`` float32 in [0, 1] and labels ``(b,)``.
        """
        return TensorBatches(
            self.train_images,
            self.train_labels,
            batch_size,
            shuffle=shuffle,
            generator=generator,
        )

    def test_batches(self, batch_size: int = 256) -> TensorBatches:
        """Batches of the test set, in the order of the file.

        Args:
            batch_size: Examples per batch, at least 1; the last batch may be smaller.

        Returns:
            Batches of images ``(b, 1, 28, 28)`` float32 in [0, 1] and labels ``(b,)``.
        """
        return TensorBatches(self.test_images, self.test_labels, batch_size)


def class_names(language: str = "en") -> tuple[str, ...]:
    """The names of the ten classes, in the order of the labels 0 to 9.

    Args:
        language: ``"en"`` or ``"zh"``.

    Returns:
        Ten names.

    Raises:
        ValueError: If there are no names in that language.

    Example:
        >>> class_names()[9], class_names("zh")[9]
        ('ankle boot', '短靴')
    """
    if language not in _CLASS_NAMES:
        raise ValueError(f"language must be 'en' or 'zh', got {language!r}")
    return _CLASS_NAMES[language]


def parse_idx(content: bytearray) -> Tensor:
    """Read the idx format: two zeros, a type, the number of axes, their lengths, data.

    Args:
        content: The decompressed file; the tensor shares its memory.

    Returns:
        uint8 tensor with the shape that the header states.

    Raises:
        ValueError: If it is no idx file of bytes, or its length is not what the
            header says.

    Source:
        The description of the format that came with MNIST (LeCun, Cortes, Burges).

    Example:
        >>> parse_idx(bytearray([0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9]))
        tensor([7, 8, 9], dtype=torch.uint8)
    """
    if len(content) < 4 or content[:3] != b"\x00\x00\x08":  # 8: unsigned bytes
        raise ValueError(
            f"an idx file of bytes starts with 00 00 08, got {content[:4].hex(' ')!r}"
        )
    start = 4 + 4 * content[3]
    if len(content) < start:
        raise ValueError(f"the idx header is cut: {len(content)} of {start} bytes")
    shape = struct.unpack(f">{content[3]}I", content[4:start])
    data = torch.frombuffer(content, dtype=torch.uint8)[start:]
    if data.numel() != torch.Size(shape).numel():
        raise ValueError(f"the idx header says {shape}, got {data.numel()} bytes")
    return data.reshape(shape)


def load_fashion_mnist(
    folder: str | os.PathLike | None = None,
    *,
    download: bool = True,
    progress: bool | None = None,
) -> FashionMNIST:
    """Load Fashion-MNIST into memory from the first place that has it.

    In this order: ``folder``, else the environment variable FASHION_MNIST_DIR; the
    shipped sample if D2LNOTES_DATA=sample; the cache; the folder of Debian's package
    ``dataset-fashion-mnist``; a download of 31 MB into the cache, which usually takes
    less than a minute. The SHA-256 of each decompressed file is checked at each load.

    Args:
        folder: Folder with the four files, each as ``.gz`` or decompressed.
        download: Whether to download if no place has the data.
        progress: Report a download on standard error: ``True`` or ``False``, or
            ``None`` for a bar in a terminal, lines elsewhere, nothing in a notebook.

    Returns:
        The images (uint8) and labels (int64), and where they came from.

    Raises:
        DataNotFoundError: If no place has it; the message names the cures.
        WrongFileError: If a file is cut, damaged or another one.
        DownloadError: If the download fails or stalls.
        CacheError: If what was downloaded cannot be stored.
        ValueError: If D2LNOTES_DATA is neither ``sample`` nor ``full`` nor empty.

    Source:
        Xiao, Rasul and Vollgraf 2017, arXiv:1708.07747; chapter ``sec-setup``.

    Example:
        >>> fashion = load_fashion_mnist()
        >>> fashion.train_images.shape[1:], fashion.train_images.dtype
        (torch.Size([28, 28]), torch.uint8)
        >>> X, y = next(iter(fashion.train_batches(256)))
        >>> X.shape, X.dtype, y.shape
        (torch.Size([256, 1, 28, 28]), torch.float32, torch.Size([256]))
    """
    copy = files.locate(folder)
    if copy is None and not download:
        raise files.DataNotFoundError(
            "Fashion-MNIST is in none of the usual places, and download=False."
        )
    if copy is None:
        from d2lnotes.data.download import download_into

        cache = files.cache_folder()
        download_into(cache, files.FULL, progress=progress)
        copy = files.Copy("download", cache, files.FULL)
    train_images, train_labels, test_images, test_labels = map(parse_idx, copy.read())
    return FashionMNIST(
        train_images=train_images,
        train_labels=train_labels.long(),
        test_images=test_images,
        test_labels=test_labels.long(),
        source=copy.source,
        folder=copy.folder,
    )
