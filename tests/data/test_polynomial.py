"""Polynomial features, data and the exact fit, against numpy, lstsq and arithmetic."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from d2lnotes.data import least_squares, polynomial_data, polynomial_features

settings_ = settings(deadline=None, derandomize=True)
seeds = st.integers(0, 2**31)


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def randn(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=seeded(seed), dtype=torch.float64)


def test_features_worked_by_hand():
    # x = 2: 1, 2, 4/2, 8/6, 16/24;  x = -3: 1, -3, 9/2, -27/6, 81/24
    X = polynomial_features(torch.tensor([2.0, -3.0], dtype=torch.float64), 5)
    by_hand = [[1, 2, 2, 4 / 3, 2 / 3], [1, -3, 4.5, -4.5, 3.375]]
    torch.testing.assert_close(X, torch.tensor(by_hand, dtype=torch.float64))


def test_features_are_those_that_the_notes_print():
    """The first example of the notes, as numpy printed it."""
    printed = [1.0, 2.6584e-01, 3.5335e-02, 3.1311e-03, 2.0809e-04, 1.1064e-05]
    printed += [4.9018e-07, 1.8615e-08, 6.1858e-10, 1.8271e-11, 4.8572e-13]
    printed += [1.1738e-14, 2.6004e-16, 5.3176e-18, 1.0097e-19, 1.7895e-21]
    printed += [2.9732e-23, 4.6493e-25, 6.8664e-27, 9.6070e-29]
    X = polynomial_features(torch.tensor([0.26584]), 20)
    # x is printed to 2e-5 of itself, and its power 19 is off by 19 times that
    torch.testing.assert_close(X, torch.tensor([printed]), rtol=5e-4, atol=0)


@given(d=st.integers(1, 25), seed=seeds, factorial=st.booleans())
@settings_
def test_features_are_powers_over_factorials(d, seed, factorial):
    x = randn(7, seed=seed)
    x[0] = 0.0
    powers = np.power(x.numpy()[:, None], np.arange(d))  # with 0 ** 0 = 1
    if factorial:
        powers /= [float(math.factorial(i)) for i in range(d)]
    X = polynomial_features(x, d, factorial=factorial)
    assert X.shape == (7, d)
    torch.testing.assert_close(X, torch.from_numpy(powers), rtol=1e-12, atol=0)


def test_a_column_and_a_row_of_inputs_give_the_same_and_float32_stays():
    x = torch.randn(5, generator=seeded(0))
    X = polynomial_features(x, 4)
    assert torch.equal(X, polynomial_features(x[:, None], 4))
    assert X.dtype == torch.float32


def test_a_hundred_features_do_not_overflow_in_float32():
    # 10 ** 99 and 99! are both beyond float32, their quotient is not
    X = polynomial_features(torch.tensor([10.0]), 100)
    assert X.isfinite().all()
    exact = [10.0**i / math.factorial(i) for i in range(100)]
    torch.testing.assert_close(X, torch.tensor([exact]), rtol=1e-5, atol=1e-38)


def test_features_have_the_right_derivative():
    x = randn(4).requires_grad_()
    assert torch.autograd.gradcheck(lambda x: polynomial_features(x, 6), x)


@given(n=st.integers(1, 50), c=st.lists(st.floats(-9, 9), min_size=1, max_size=6))
@settings_
def test_without_noise_the_data_lie_on_the_polynomial(n, c):
    x, y = polynomial_data(n, coefficients=c, noise=0.0, generator=seeded(n))
    assert x.shape == y.shape == (n, 1)
    by_hand = sum(
        c_i * x.double() ** i / math.factorial(i) for i, c_i in enumerate(c)
    ) * torch.ones(n, 1)
    torch.testing.assert_close(y.double(), by_hand.double(), rtol=1e-4, atol=1e-4)


def test_data_have_their_moments_within_five_standard_errors():
    # E[y] = 5 - 3.4/2 = 3.3;  E[xy] = 1.2 + 5.6 E[x^4]/6 = 4.0;  noise 0.1
    n = 200_000
    x, y = polynomial_data(n, generator=seeded(0))
    for sample, mean in ((x, 0.0), (x**2, 1.0), (y, 3.3), (x * y, 4.0)):
        sample = sample.double()
        assert abs(sample.mean() - mean) < 5 * sample.std() / n**0.5
    w = torch.tensor([[5.0], [1.2], [-3.4], [5.6]])
    noise = y - polynomial_features(x, 4) @ w
    assert abs(noise.std() - 0.1) < 5 * 0.1 / (2 * n) ** 0.5


def test_a_generator_decides_and_none_means_the_global_one():
    state = torch.get_rng_state()
    first = polynomial_data(5, generator=seeded(5))
    assert torch.equal(torch.get_rng_state(), state)  # the global one is not touched
    torch.manual_seed(5)
    for other in (
        polynomial_data(5, generator=seeded(5)),
        polynomial_data(5, generator=None),
    ):
        assert all(map(torch.equal, first, other))


def test_least_squares_worked_by_hand():
    # Through (0, 0), (1, 0), (2, 3): normal equations 3b + 3w = 3, 3b + 5w = 6,
    # so w = 3/2 and b = -1/2.
    X = torch.tensor([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
    w = least_squares(X, torch.tensor([[0.0], [0.0], [3.0]]))
    torch.testing.assert_close(w, torch.tensor([[-0.5], [1.5]]))


@given(n=st.integers(1, 12), d=st.integers(1, 12), q=st.integers(1, 3), seed=seeds)
@settings_
def test_least_squares_is_that_of_numpy(n, d, q, seed):
    X, y = randn(n, d, seed=seed), randn(n, q, seed=seed + 1)
    w = least_squares(X, y)
    assert w.shape == (d, q)
    reference = np.linalg.lstsq(X.numpy(), y.numpy(), rcond=None)[0]
    scale = np.linalg.norm(reference)
    np.testing.assert_allclose(w.numpy(), reference, rtol=1e-6, atol=1e-6 * scale)


@given(n=st.integers(3, 15), seed=seeds)
@settings_
def test_dependent_columns_give_the_shortest_solution(n, seed):
    X = randn(n, 2, seed=seed)
    X = torch.cat([X, X.sum(dim=1, keepdim=True)], dim=1)  # rank 2
    y = randn(n, 1, seed=seed + 1)
    w = least_squares(X, y)
    torch.testing.assert_close(X @ w, X[:, :2] @ least_squares(X[:, :2], y))
    null = torch.tensor([[1.0], [1.0], [-1.0]], dtype=X.dtype)  # X @ null = 0
    assert abs((w.T @ null).item()) < 1e-9 * w.norm()


@given(seed=seeds, exponent=st.integers(-12, 12))
@settings_
def test_with_enough_examples_the_scale_of_a_column_does_not_matter(seed, exponent):
    X, y = randn(9, 4, seed=seed), randn(9, 1, seed=seed + 1)
    scale = torch.tensor([1.0, 10.0**exponent, 1.0, 10.0**-exponent]).double()
    w = least_squares(X * scale, y) * scale[:, None]
    torch.testing.assert_close(w, least_squares(X, y), rtol=1e-8, atol=1e-8)


def test_degree_twelve_on_fifteen_points_is_exact_to_many_digits():
    """Where the normal equations have lost all of them."""
    x = randn(15)
    X = polynomial_features(x, 13)
    w = torch.ones(13, 1, dtype=torch.float64)
    error = (least_squares(X, X @ w) - w).abs().max()
    assert error < 1e-4
    normal = torch.linalg.solve(X.mT @ X, X.mT @ (X @ w))
    assert (normal - w).abs().max() > 100 * error


def test_a_batch_is_the_same_as_one_by_one():
    X, y = randn(2, 3, 6, 4), randn(2, 3, 6, 1)
    X[1, 2, :, 3] = X[1, 2, :, 0]  # one of them is of rank 3
    W = least_squares(X, y)
    assert W.shape == (2, 3, 4, 1)
    for i, j in np.ndindex(2, 3):
        torch.testing.assert_close(W[i, j], least_squares(X[i, j], y[i, j]))
    wide = least_squares(X.mT, randn(2, 3, 4, 1))
    assert wide.shape == (2, 3, 6, 1)


def test_float32_goes_in_and_comes_out_but_float64_works_inside():
    x = randn(40).float()
    X = polynomial_features(x, 7)
    w = torch.tensor([[1.0, -2.0, 3.0, -4.0, 5.0, -6.0, 7.0]]).T
    y = (X.double() @ w.double()).float()
    found = least_squares(X, y)
    assert found.dtype == torch.float32
    torch.testing.assert_close(found, w, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: polynomial_features(torch.arange(3), 2), TypeError, "x must.*int64"),
        (lambda: polynomial_features(torch.ones(2, 2), 2), ValueError, r"\(2, 2\)"),
        (lambda: polynomial_features(torch.tensor(1.0), 2), ValueError, r"got \(\)"),
        (lambda: polynomial_features(torch.ones(2), 0), ValueError, "num_features.* 0"),
        (lambda: polynomial_data(0), ValueError, "n must be at least 1, got 0"),
        (lambda: polynomial_data(1, coefficients=()), ValueError, "coefficients must"),
        (lambda: polynomial_data(1, noise=-1.0), ValueError, "noise is.*got -1"),
        (lambda: polynomial_data(1, noise=math.nan), ValueError, "noise is.*got nan"),
        (
            lambda: least_squares(torch.ones(3, 2), torch.ones(3)),
            ValueError,
            r"got \(3, 2\) and \(3,\)",
        ),
        (
            lambda: least_squares(torch.ones(3, 2), torch.ones(2, 1)),
            ValueError,
            r"got \(3, 2\) and \(2, 1\)",
        ),
        (
            lambda: least_squares(torch.ones(0, 2), torch.ones(0, 1)),
            ValueError,
            r"rows and columns, got shape \(0, 2\)",
        ),
        (
            lambda: least_squares(torch.ones(2, 1).int(), torch.ones(2, 1)),
            TypeError,
            "X must have a floating dtype",
        ),
        (
            lambda: least_squares(torch.ones(2, 1), torch.ones(2, 1).long()),
            TypeError,
            "y must have a floating dtype",
        ),
        (
            lambda: least_squares(torch.full((2, 1), math.inf), torch.ones(2, 1)),
            ValueError,
            "X must be finite",
        ),
        (
            lambda: least_squares(torch.ones(2, 1), torch.full((2, 1), math.nan)),
            ValueError,
            "y must be finite",
        ),
    ],
)
def test_bad_arguments_are_named(call, error, words):
    with pytest.raises(error, match=words):
        call()
