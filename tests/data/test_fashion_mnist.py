"""Fashion-MNIST as tensors: the values, the sample, and no data at all."""

import gzip
import hashlib
import os
import struct
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from d2lnotes.data import (
    DataNotFoundError,
    DownloadError,
    TensorBatches,
    WrongFileError,
    class_names,
    download,
    files,
    load_fashion_mnist,
)
from d2lnotes.data.fashion_mnist import parse_idx
from d2lnotes.data.make_sample import first_of_each_class, idx_bytes, make_sample

DEBIAN = Path("/usr/share/datasets/fashion-mnist")
FULL = DEBIAN if DEBIAN.is_dir() else files.cache_folder()
full_data = pytest.mark.full_data
# In CI `make html` has fetched it, and a test that is skipped would hide a failure.
needs_full = pytest.mark.skipif(
    not FULL.is_dir() and not os.environ.get("CI"),
    reason="the full data is not on this machine: run `make data`",
)


@pytest.fixture
def sample(monkeypatch):
    monkeypatch.setenv("D2LNOTES_DATA", "sample")
    return load_fashion_mnist()


def test_the_tensors_are_what_the_files_say(tiny, tmp_path):
    folder = tiny.write(tmp_path / "data")
    fashion = load_fashion_mnist(folder)
    assert (fashion.source, fashion.folder, fashion.is_sample) == (
        "folder",
        folder,
        False,
    )
    images, labels = fashion.train_images, fashion.train_labels
    assert images.dtype == fashion.test_images.dtype == torch.uint8
    assert labels.dtype == fashion.test_labels.dtype == torch.int64
    assert images.shape == (40, 28, 28)
    assert fashion.test_images.shape == (20, 28, 28)
    # Row 3 of image 2, by counting bytes: 16 of header, two images, three rows.
    start = 16 + 2 * 784 + 3 * 28
    row = tiny.contents["train-images-idx3-ubyte"][start : start + 28]
    assert images[2, 3].tolist() == list(row)
    assert labels.tolist() == list(tiny.contents["train-labels-idx1-ubyte"][8:])


def test_a_string_names_a_folder_too(tiny, tmp_path):
    assert load_fashion_mnist(str(tiny.write(tmp_path / "data"))).source == "folder"


def test_the_variable_names_a_folder_and_the_argument_wins(tiny, tmp_path, monkeypatch):
    monkeypatch.setenv("FASHION_MNIST_DIR", str(tiny.write(tmp_path / "one")))
    assert load_fashion_mnist().folder == tmp_path / "one"
    two = tiny.write(tmp_path / "two")
    assert load_fashion_mnist(two).folder == two


def test_it_is_downloaded_once(tiny, cache, serve, monkeypatch):
    server = serve(lambda handler, name: (200, tiny.compressed(name)))
    monkeypatch.setattr(download, "mirrors", lambda: [server])
    fashion = load_fashion_mnist(progress=False)
    assert (fashion.source, fashion.folder) == ("download", cache)
    monkeypatch.setattr(download, "mirrors", lambda: [])
    assert load_fashion_mnist().source == "cache"


def test_without_network_and_data_the_error_names_the_cures(tiny):
    with pytest.raises(DownloadError) as caught:
        load_fashion_mnist(progress=False)
    for cure in ("FASHION_MNIST_DIR", "apt install dataset", "D2LNOTES_DATA=sample"):
        assert cure in str(caught.value)


def test_download_false_does_not_ask_the_network(tiny, monkeypatch):
    monkeypatch.setattr(download, "mirrors", lambda: pytest.fail("network asked"))
    with pytest.raises(DataNotFoundError, match=r"download=False\.\nThree cures"):
        load_fashion_mnist(download=False)


def test_a_wrong_file_in_the_cache_is_an_error_and_stays(tiny, cache):
    path = tiny.write(cache) / "t10k-images-idx3-ubyte.gz"
    path.write_bytes(path.read_bytes()[:-100])
    before = path.read_bytes()
    with pytest.raises(WrongFileError) as caught:
        load_fashion_mnist()
    assert str(path) in str(caught.value)
    assert tiny.files[2].sha256 in str(caught.value)
    assert "python -m d2lnotes.data" in str(caught.value)
    assert path.read_bytes() == before
    assert len(list(cache.iterdir())) == 4


def test_its_words_about_itself_name_no_path(sample):
    assert repr(sample) == (
        "FashionMNIST(sample: 2000 training images, 1000 test images)"
    )


def test_batches_are_shuffled_for_training_only(sample):
    train, test = sample.train_batches(64), sample.test_batches()
    assert isinstance(train, TensorBatches)
    assert (train.batch_size, train.shuffle) == (64, True)
    assert (test.batch_size, test.shuffle) == (256, False)
    y = torch.cat([y for _, y in test])
    assert torch.equal(y, sample.test_labels)
    generator = torch.Generator()
    assert sample.train_batches(1, generator=generator).generator is generator
    assert not sample.train_batches(1, shuffle=False).shuffle


def test_the_sample_has_as_many_of_each_class(sample):
    assert sample.is_sample
    assert sample.train_labels.bincount().tolist() == [200] * 10
    assert sample.test_labels.bincount().tolist() == [100] * 10
    assert sample.train_images.shape == (2000, 28, 28)
    assert sample.test_images.shape == (1000, 28, 28)


def test_the_sample_is_made_the_same_again(sample, tmp_path):
    # From itself: the first 200 of each class are all of them.
    made = make_sample(sample, tmp_path)
    assert [files.IdxFile(*line) for line in made] == list(files.SAMPLE)
    for path in tmp_path.iterdir():
        assert path.read_bytes()[4:8] == b"\0\0\0\0"  # no time in the gzip header


@full_data
@needs_full
def test_the_sample_comes_from_the_full_data(tmp_path):
    made = make_sample(load_fashion_mnist(FULL), tmp_path)
    assert [files.IdxFile(*line) for line in made] == list(files.SAMPLE)


@full_data
@needs_full
def test_the_full_data_is_what_torchvision_reads(tmp_path):
    from torchvision.datasets import FashionMNIST

    raw = tmp_path / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    for file in files.FULL:
        packed = FULL / f"{file.name}.gz"
        content = gzip.decompress(packed.read_bytes()) if packed.exists() else None
        (raw / file.name).write_bytes(content or (FULL / file.name).read_bytes())
    fashion = load_fashion_mnist(raw)
    for train, images, labels in (
        (True, fashion.train_images, fashion.train_labels),
        (False, fashion.test_images, fashion.test_labels),
    ):
        theirs = FashionMNIST(tmp_path, train=train)
        assert torch.equal(images, theirs.data)
        assert torch.equal(labels, theirs.targets)
    assert fashion.train_labels.bincount().tolist() == [6000] * 10
    assert fashion.test_labels.bincount().tolist() == [1000] * 10


def test_class_names_are_those_of_torchvision_in_our_spelling():
    from torchvision.datasets import FashionMNIST

    for ours, theirs in zip(class_names(), FashionMNIST.classes, strict=True):
        assert ours.lower() == theirs.split("/")[0].lower()
    assert len(set(class_names("zh"))) == 10
    with pytest.raises(ValueError, match="'en' or 'zh', got 'de'"):
        class_names("de")


shapes = st.lists(st.integers(0, 5), min_size=1, max_size=4)


@given(shape=shapes, seed=st.integers(0, 2**31))
@settings(deadline=None, derandomize=True)
def test_what_is_written_as_idx_is_read_back(shape, seed):
    generator = torch.Generator().manual_seed(seed)
    array = torch.randint(0, 256, shape, generator=generator, dtype=torch.uint8)
    assert torch.equal(parse_idx(bytearray(idx_bytes(array))), array)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "starts with 00 00 08, got ''"),
        (b"\x1f\x8b\x08\x00", "got '1f 8b 08 00'"),
        (b"\0\0\x0d\x01\0\0\0\0", "starts with 00 00 08"),  # floats
        (b"\0\0\x08\x02\0\0\0\x01", "header is cut: 8 of 12 bytes"),
        (b"\0\0\x08\x01\0\0\0\x03ab", r"header says \(3,\), got 2 bytes"),
        (b"\0\0\x08\x01\0\0\0\x01ab", r"header says \(1,\), got 2 bytes"),
    ],
)
def test_what_is_no_idx_file_is_refused(content, why):
    with pytest.raises(ValueError, match=why):
        parse_idx(bytearray(content))


def test_an_idx_header_worked_by_hand():
    # 00 00 | 08 bytes | 02 axes | 2 | 3 | the six entries
    array = torch.tensor([[1, 2, 3], [4, 5, 255]])
    content = bytes.fromhex("00000802 00000002 00000003 010203 0405ff")
    assert idx_bytes(array) == content
    assert parse_idx(bytearray(content)).tolist() == array.tolist()
    assert struct.unpack(">I", content[4:8]) == (2,)
    assert len(hashlib.sha256(content).hexdigest()) == 64


def test_a_class_that_is_too_small_for_the_sample_is_named():
    with pytest.raises(ValueError, match="class 1 has 1 examples, needs 2"):
        first_of_each_class(torch.tensor([0, 0, 1]), 2)
