"""Made-up data keeps its promises for every seed."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from d2lnotes.data import (
    separable_points,
    synthetic_linear,
    xor_points,
    xor_quadrants,
)

settings_ = settings(deadline=None, derandomize=True)
seeds = st.integers(0, 2**31)


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_xor_worked_by_hand():
    # (-, -) -> -,  (-, +) -> +,  (+, -) -> +,  (+, +) -> -
    X, y = xor_points()
    assert X.tolist() == [[-1, -1], [-1, 1], [1, -1], [1, 1]]
    assert y.tolist() == [-1, 1, 1, -1]
    assert X.dtype == y.dtype == torch.float32
    differ = (X[:, 0] > 0) ^ (X[:, 1] > 0)
    assert torch.equal(differ, y > 0)


@given(n=st.integers(1, 200), seed=seeds)
@settings_
def test_quadrants_are_labelled_by_the_xor_of_the_signs(n, seed):
    X, y = xor_quadrants(n, generator=seeded(seed))
    assert X.shape == (n, 2)
    assert y.shape == (n,)
    assert X.abs().max() <= 1
    assert torch.equal((X[:, 0] > 0) != (X[:, 1] > 0), y == 1)
    assert set(y.tolist()) <= {-1.0, 1.0}


def test_quadrants_are_uniform_within_five_standard_errors():
    n = 100_000
    X, y = xor_quadrants(n, generator=seeded(0))
    assert abs(y.mean()) < 5 / n**0.5
    assert (X.mean(0).abs() < 5 * (1 / 3 / n) ** 0.5).all()
    assert ((X**2).mean(0) - 1 / 3).abs().max() < 5 * (4 / 45 / n) ** 0.5


@given(
    n=st.integers(1, 100),
    d=st.integers(1, 60),
    margin=st.floats(0, 0.999),
    seed=seeds,
)
@settings_
def test_separable_points_keep_margin_and_ball(n, d, margin, seed):
    X, y, w, b = separable_points(n, d, margin=margin, generator=seeded(seed))
    assert (X.shape, y.shape, w.shape) == ((n, d), (n,), (d,))
    assert X.dtype == y.dtype == w.dtype == torch.float32
    assert isinstance(b, float)
    assert (y == -1).sum() == n // 2
    assert (y == 1).sum() == n - n // 2
    assert w.double().norm() ** 2 + b**2 == pytest.approx(1, abs=1e-6)
    scores = y.double() * (X.double() @ w.double() + b)
    assert scores.min() >= margin
    assert X.double().norm(dim=1).max() <= 1
    assert (y * (X @ w + b)).min() >= margin - 1e-6  # in float32, as a page does it


@pytest.mark.parametrize("margin", [0.0, 0.5, 0.9999])
def test_rounding_to_float32_does_not_break_the_margin_or_the_ball(margin):
    X, y, w, b = separable_points(100_000, 1, margin=margin, generator=seeded(0))
    X, y, w = X.double(), y.double(), w.double()
    assert (y * (X @ w + b)).min() >= margin
    assert X.norm(dim=1).max() <= 1


def test_separable_points_fill_the_plane_on_both_sides_of_the_line():
    X, y, w, b = separable_points(2000, 2, margin=0.1, generator=seeded(3))
    across = X @ torch.tensor([-w[1], w[0]]) / w.norm()
    assert across.min() < -0.8
    assert across.max() > 0.8
    for sign in (-1, 1):
        assert (y * (X @ w + b))[y == sign].min() < 0.11  # the margin is nearly met
    assert X.norm(dim=1).max() > 0.95


def test_in_one_dimension_the_points_lie_on_a_line():
    X, y, w, b = separable_points(50, 1, margin=0.3, generator=seeded(1))
    assert X.shape == (50, 1)
    assert ((X[:, 0] * w[0] + b).sign() == y).all()


def test_synthetic_linear_draws_what_the_course_draws():
    """Features first, then the noise, so that the course's numbers come out."""
    w, b, n = torch.tensor([2.0, -3.4]), 4.2, 1000
    torch.manual_seed(0)
    X, y = synthetic_linear(w, b, n)
    torch.manual_seed(0)
    X_course = torch.normal(0, 1, (n, 2))
    y_course = X_course @ w + b
    y_course += torch.normal(0, 0.01, y_course.shape)
    assert torch.equal(X, X_course)
    torch.testing.assert_close(y, y_course.reshape(-1, 1))


@given(d=st.integers(1, 10), column=st.booleans(), seed=seeds)
@settings_
def test_without_noise_the_line_is_exact(d, column, seed):
    w = torch.randn(d, 1, generator=seeded(seed), dtype=torch.float64)
    X, y = synthetic_linear(
        w if column else w.flatten(), 0.5, 7, noise=0.0, generator=seeded(seed + 1)
    )
    assert y.shape == (7, 1)
    assert y.dtype == torch.float64
    torch.testing.assert_close(y, X @ w + 0.5)


def test_the_noise_has_its_standard_deviation_within_five_standard_errors():
    n, sigma = 50_000, 0.5
    w = torch.ones(3)
    X, y = synthetic_linear(w, 1.0, n, noise=sigma, generator=seeded(0))
    noise = y.flatten() - X @ w - 1.0
    assert abs(noise.mean()) < 5 * sigma / n**0.5
    assert abs(noise.std() - sigma) < 5 * sigma / (2 * n) ** 0.5


@pytest.mark.parametrize(
    "draw",
    [
        lambda g: xor_quadrants(5, generator=g),
        lambda g: separable_points(5, 3, generator=g)[:3],
        lambda g: synthetic_linear(torch.ones(2), 0.0, 5, generator=g),
    ],
)
def test_a_generator_decides_and_none_means_the_global_one(draw):
    state = torch.get_rng_state()
    first = draw(seeded(5))
    assert torch.equal(torch.get_rng_state(), state)  # the global one is not touched
    torch.manual_seed(5)
    for other in (draw(seeded(5)), draw(None)):
        assert all(map(torch.equal, first, other))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: xor_quadrants(0), "n must be at least 1, got 0"),
        (lambda: separable_points(0), "n must be at least 1, got 0"),
        (lambda: separable_points(1, 0), "d must be at least 1, got 0"),
        (lambda: separable_points(1, margin=1.0), r"in \[0, 1\), got 1\.0"),
        (lambda: separable_points(1, margin=-0.1), r"in \[0, 1\), got -0\.1"),
        (lambda: separable_points(1, margin=float("nan")), "got nan"),
        (lambda: synthetic_linear(torch.ones(2, 2), 0, 1), r"got \(2, 2\)"),
        (lambda: synthetic_linear(torch.ones(0), 0, 1), r"got \(0,\)"),
        (lambda: synthetic_linear(torch.tensor(1.0), 0, 1), r"got \(\)"),
        (lambda: synthetic_linear(torch.ones(2), 0, 0), "n must be at least 1"),
        (lambda: synthetic_linear(torch.ones(2), 0, 1, noise=-1), "got -1"),
    ],
)
def test_bad_arguments_are_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
