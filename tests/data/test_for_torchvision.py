"""The verified files where torchvision looks for them."""

import numpy as np
import torch
from torchvision.datasets import FashionMNIST

from d2lnotes.data import load_fashion_mnist, write_for_torchvision
from d2lnotes.data.files import SAMPLE


def test_torchvision_finds_the_same_images_and_asks_no_network(tmp_path, monkeypatch):
    monkeypatch.setenv("D2LNOTES_DATA", "sample")
    monkeypatch.delenv("FASHION_MNIST_DIR", raising=False)
    monkeypatch.setattr("urllib.request.urlopen", None)
    raw = write_for_torchvision(tmp_path / "new" / "data")
    assert sorted(path.name for path in raw.iterdir()) == sorted(f.name for f in SAMPLE)
    fashion = load_fashion_mnist()
    for train, images, labels in (
        (True, fashion.train_images, fashion.train_labels),
        (False, fashion.test_images, fashion.test_labels),
    ):
        theirs = FashionMNIST(tmp_path / "new" / "data", train, download=True)
        assert torch.equal(theirs.data, images)
        assert torch.equal(theirs.targets, labels)
        assert np.array_equal(theirs[3][0], images[3].numpy())


def test_writing_again_repairs_what_was_there(tmp_path, monkeypatch):
    monkeypatch.setenv("D2LNOTES_DATA", "sample")
    monkeypatch.delenv("FASHION_MNIST_DIR", raising=False)
    raw = write_for_torchvision(tmp_path)
    file = raw / SAMPLE[0].name
    right = file.read_bytes()
    file.write_bytes(right[:100])
    assert write_for_torchvision(tmp_path) == raw
    assert file.read_bytes() == right
