"""TensorBatches against torch's DataLoader and torchvision's ToTensor, bit for bit."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils.data import DataLoader, TensorDataset
from torchvision.transforms import ToTensor

from d2lnotes.data import TensorBatches

settings_ = settings(deadline=None, derandomize=True)


def examples(n: int) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.arange(2.0 * n).reshape(n, 2), torch.arange(n)


def passes(make, own_generator: bool, stop_at: int | None = None):
    """Three passes of an iterable, and the states of both generators after them."""
    torch.manual_seed(1)
    generator = torch.Generator().manual_seed(2) if own_generator else None
    batches, seen = make(generator), []
    for _ in range(3):
        for i, (X, y) in enumerate(batches):
            if i == stop_at:
                break
            seen.append((X, y, torch.rand(1)))  # a reader's own draw, as by dropout
    return seen, torch.get_rng_state(), generator and generator.get_state()


@given(
    n=st.integers(1, 40),
    batch_size=st.integers(1, 45),
    shuffle=st.booleans(),
    own_generator=st.booleans(),
    stop_at=st.none() | st.integers(0, 5),
)
@settings_
def test_batches_and_draws_are_those_of_a_data_loader(
    n, batch_size, shuffle, own_generator, stop_at
):
    X, y = examples(n)
    ours = passes(
        lambda g: TensorBatches(X, y, batch_size, shuffle=shuffle, generator=g),
        own_generator,
        stop_at,
    )
    theirs = passes(
        lambda g: DataLoader(
            TensorDataset(X, y), batch_size, shuffle=shuffle, generator=g
        ),
        own_generator,
        stop_at,
    )
    assert len(ours[0]) == len(theirs[0])
    for mine, yours in zip(ours[0], theirs[0], strict=True):
        assert all(map(torch.equal, mine, yours))
    assert torch.equal(ours[1], theirs[1])
    assert not own_generator or torch.equal(ours[2], theirs[2])


def test_draws_between_the_start_and_the_first_batch_change_nothing():
    """A DataLoader draws its workers' seed at iter() and the order at next()."""
    X, y = examples(10)

    def first(batches):
        torch.manual_seed(0)
        stream = iter(batches)
        torch.rand(3)
        return next(stream)[1]

    theirs = first(DataLoader(TensorDataset(X, y), 4, shuffle=True))
    assert torch.equal(first(TensorBatches(X, y, 4, shuffle=True)), theirs)


def test_every_pixel_value_is_that_of_totensor():
    images = torch.arange(256, dtype=torch.uint8).reshape(1, 16, 16)
    [(X, _)] = TensorBatches(images, torch.zeros(1), 1)
    expected = ToTensor()(images[0].numpy()[:, :, None])
    assert X.dtype == torch.float32
    assert torch.equal(X[0], expected)
    assert X.min() == 0
    assert X.max() == 1


def test_images_are_those_of_torchvision_and_a_data_loader(monkeypatch):
    from d2lnotes.data import load_fashion_mnist

    monkeypatch.setenv("D2LNOTES_DATA", "sample")
    fashion = load_fashion_mnist()
    pairs = [
        (ToTensor()(image.numpy()), int(label))
        for image, label in zip(
            fashion.train_images[:300], fashion.train_labels[:300], strict=True
        )
    ]
    torch.manual_seed(7)
    theirs = list(DataLoader(pairs, 64, shuffle=True))
    torch.manual_seed(7)
    ours = list(
        TensorBatches(
            fashion.train_images[:300], fashion.train_labels[:300], 64, shuffle=True
        )
    )
    for (X, y), (X_theirs, y_theirs) in zip(ours, theirs, strict=True):
        assert X.shape[1:] == (1, 28, 28)
        assert torch.equal(X, X_theirs)
        assert torch.equal(y, y_theirs)
        assert y.dtype == y_theirs.dtype


@given(n=st.integers(1, 30), batch_size=st.integers(1, 35), shuffle=st.booleans())
@settings_
def test_a_pass_gives_each_example_once(n, batch_size, shuffle):
    X, y = examples(n)
    batches = TensorBatches(X, y, batch_size, shuffle=shuffle)
    got = list(batches)
    assert len(got) == len(batches)
    assert [len(y) for _, y in got[:-1]] == [batch_size] * (len(got) - 1)
    assert 1 <= len(got[-1][1]) <= batch_size
    numbers = torch.cat([y for _, y in got])
    assert sorted(numbers.tolist()) == list(range(n))
    assert shuffle or numbers.tolist() == list(range(n))
    assert torch.equal(torch.cat([X for X, _ in got]), X[numbers])


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("dtype", [torch.float32, torch.uint8])
def test_changing_a_batch_leaves_the_data_alone(shuffle, dtype):
    X = torch.ones(6, 3, 3, dtype=dtype)
    y = torch.ones(6)
    for X_batch, y_batch in TensorBatches(X, y, 6, shuffle=shuffle):
        X_batch.zero_()
        y_batch.zero_()
    assert X.min() == 1
    assert y.min() == 1


@pytest.mark.parametrize(
    "X",
    [
        torch.zeros(4, 3, dtype=torch.uint8),  # no image: two axes
        torch.zeros(4, 1, 2, 2, dtype=torch.uint8),  # has its channel axis
        torch.zeros(4, 2, 2, dtype=torch.float64),
        torch.zeros(4, dtype=torch.int64),
    ],
)
def test_everything_but_grey_images_comes_out_as_it_is(X):
    [(X_batch, _)] = TensorBatches(X, torch.zeros(4), 4)
    assert X_batch.dtype == X.dtype
    assert X_batch.shape == X.shape


def test_three_batches_worked_by_hand():
    batches = TensorBatches(torch.tensor([[1.0], [2.0], [3.0]]), torch.arange(3), 2)
    assert len(batches) == 2  # ceil(3 / 2)
    assert [(X.tolist(), y.tolist()) for X, y in batches] == [
        ([[1.0], [2.0]], [0, 1]),
        ([[3.0]], [2]),
    ]
    assert repr(batches) == "TensorBatches(3 examples, 2 batches of 2, in order)"


def test_two_passes_may_run_at_the_same_time():
    batches = TensorBatches(*examples(4), 2)
    pairs = [(a[1].tolist(), b[1].tolist()) for a in batches for b in batches]
    assert pairs == [
        ([0, 1], [0, 1]),
        ([0, 1], [2, 3]),
        ([2, 3], [0, 1]),
        ([2, 3], [2, 3]),
    ]


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (([1, 2], torch.zeros(2), 1), TypeError, "X must be a tensor, got list"),
        ((torch.zeros(2), [1, 2], 1), TypeError, "y must be a tensor, got list"),
        ((torch.tensor(1.0), torch.zeros(1), 1), ValueError, "X needs an axis"),
        ((torch.zeros(3), torch.zeros(2), 1), ValueError, "got 3 and 2"),
        ((torch.zeros(0), torch.zeros(0), 1), ValueError, "at least one example"),
        ((torch.zeros(2), torch.zeros(2), 0), ValueError, "at least 1, got 0"),
        ((torch.zeros(2), torch.zeros(2), -3), ValueError, "at least 1, got -3"),
        ((torch.zeros(2), torch.zeros(2), 2.0), TypeError, "an integer, got 2.0"),
        ((torch.zeros(2), torch.zeros(2), None), TypeError, "an integer, got None"),
    ],
)
def test_bad_arguments_are_named(arguments, error, words):
    with pytest.raises(error, match=words):
        TensorBatches(*arguments)


def test_a_seed_is_no_generator():
    with pytest.raises(TypeError, match=r"torch\.Generator or None, got 42"):
        TensorBatches(torch.zeros(2), torch.zeros(2), 1, generator=42)
