"""Penalties and the minimizers they have: by hand, against torch, as properties."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from d2lnotes.regularization import l1_penalty, l2_penalty, ridge, soft_threshold

settings_ = settings(deadline=None, derandomize=True)
seeds = st.integers(0, 2**31)


def problem(seed, n=12, d=4, dtype=torch.float64):
    generator = torch.Generator().manual_seed(seed)
    X = torch.randn(n, d, generator=generator, dtype=dtype) + 3.0
    return X, torch.randn(n, 1, generator=generator, dtype=dtype) - 2.0


def penalized(X, y, w, b, weight_decay):
    residual = X @ w + b - y
    return residual.pow(2).mean() / 2 + weight_decay * l2_penalty(w)


def test_penalties_worked_by_hand():
    w = torch.tensor([[3.0], [-4.0]])
    assert l2_penalty(w).item() == (9 + 16) / 2
    assert l1_penalty(w).item() == 3 + 4


def test_the_gradient_of_the_l2_penalty_is_the_weight():
    w = torch.tensor([3.0, -4.0, 0.0], requires_grad=True)
    l2_penalty(w).backward()
    assert torch.equal(w.grad, w.detach())


def test_the_gradient_of_the_l1_penalty_is_the_sign():
    w = torch.tensor([3.0, -4.0, 0.0], requires_grad=True)
    l1_penalty(w).backward()
    assert w.grad.tolist() == [1.0, -1.0, 0.0]


@given(seed=seeds, t=st.floats(0, 3))
@settings_
def test_soft_threshold_is_that_of_torch(seed, t):
    z = torch.randn(50, generator=torch.Generator().manual_seed(seed)) * 2
    torch.testing.assert_close(
        soft_threshold(z, t), torch.nn.functional.softshrink(z, t)
    )


@given(z=st.floats(-5, 5), t=st.floats(0, 3))
@settings_
def test_soft_threshold_minimizes_what_it_says(z, t):
    grid = torch.linspace(-6, 6, 2401, dtype=torch.float64)

    def cost(w):
        return 0.5 * (w - z) ** 2 + t * w.abs()

    best = soft_threshold(torch.tensor(z, dtype=torch.float64), t)
    assert cost(best) <= cost(grid).min() + 1e-12


def test_soft_threshold_gives_zeros_without_a_sign():
    zeros = soft_threshold(torch.tensor([-0.5, 0.5]), 1.0)
    assert [math.copysign(1, value) for value in zeros.tolist()] == [1.0, 1.0]


def test_ridge_worked_by_hand():
    # 2 examples, x = 1 and -1, y = 3 and 1: mean 2, slope 1; (n s)/(n s + n lambda)
    X, y = torch.tensor([[1.0], [-1.0]]), torch.tensor([3.0, 1.0])
    w, b = ridge(X, y, weight_decay=3.0)
    assert w.tolist() == pytest.approx([0.25])
    assert b.item() == pytest.approx(2.0)


@given(seed=seeds, n=st.integers(1, 15), d=st.integers(1, 15), lam=st.floats(0.01, 10))
@settings_
def test_the_gradient_vanishes_at_ridge(seed, n, d, lam):
    X, y = problem(seed, n, d)
    w, b = ridge(X, y, lam)
    w, b = w.requires_grad_(), b.requires_grad_()
    penalized(X, y, w, b, lam).backward()
    assert w.grad.abs().max() < 1e-9
    assert b.grad.abs() < 1e-9


@given(seed=seeds, lam=st.floats(0.01, 10))
@settings_
def test_ridge_solves_the_normal_equations(seed, lam):
    X, y = problem(seed, 9, 14)
    w, b = ridge(X, y, lam, bias=False)
    gram = X.T @ X + len(X) * lam * torch.eye(14, dtype=X.dtype)
    torch.testing.assert_close(w, torch.linalg.solve(gram, X.T @ y))
    assert b.item() == 0.0


@given(seed=seeds, n=st.integers(2, 15), d=st.integers(1, 15))
@settings_
def test_without_decay_ridge_is_the_least_squares_solution_of_smallest_norm(seed, n, d):
    X, y = problem(seed, n, d)
    w, _ = ridge(X, y, 0.0, bias=False)
    torch.testing.assert_close(w, torch.linalg.pinv(X) @ y, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("mean", [0.0, 2.0**10, 2.0**20])
def test_features_far_from_zero_leave_no_rounding_to_blow_up(mean):
    # Sixty-fourths far from zero are exact, so both problems have the same solution; only
    # the mean of 17 of them is rounded, and that must not count as a direction.
    X, y = problem(0, 17, 50)
    X = (X * 64).round() / 64
    near, _ = ridge(X, y, 0.0)
    far, _ = ridge(X + mean, y, 0.0)
    torch.testing.assert_close(far, near, rtol=1e-6, atol=1e-6)


def test_centring_leaves_no_rounding_to_blow_up():
    # 20 examples in 200 dimensions: once centred, the rank is 19, not 20
    X, y = problem(0, 20, 200)
    w, b = ridge(X, y, 0.0)
    torch.testing.assert_close(X @ w + b, y)
    assert w.norm() < 10


@given(seed=seeds, n=st.integers(2, 15), d=st.integers(1, 15), power=st.floats(-12, 12))
@settings_
def test_the_unit_of_the_features_changes_no_prediction(seed, n, d, power):
    X, y = problem(seed, n, d)
    w, b = ridge(X, y, 0.0)
    w_other, b_other = ridge(10**power * X, y, 0.0)
    torch.testing.assert_close(
        10**power * X @ w_other + b_other, X @ w + b, rtol=1e-6, atol=1e-6
    )


@given(seed=seeds, a=st.floats(0.01, 5), factor=st.floats(1.01, 100))
@settings_
def test_more_decay_means_a_smaller_norm(seed, a, factor):
    X, y = problem(seed)
    assert ridge(X, y, a * factor)[0].norm() < ridge(X, y, a)[0].norm()


def test_the_bias_is_free_a_shift_of_the_targets_goes_into_it():
    X, y = problem(1)
    w, b = ridge(X, y, 2.0)
    w_shifted, b_shifted = ridge(X, y + 1000.0, 2.0)
    torch.testing.assert_close(w, w_shifted, rtol=1e-6, atol=1e-9)
    assert (b_shifted - b).item() == pytest.approx(1000.0)


@pytest.mark.parametrize("shape", [(12,), (12, 1)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_shape_follows_y_and_dtype_follows_x(shape, dtype):
    X, y = problem(2, dtype=dtype)
    w, b = ridge(X, y.reshape(shape), 1.0)
    assert w.shape == (4, *shape[1:])
    assert w.dtype == b.dtype == dtype
    assert b.shape == ()


def test_features_that_are_all_zero_get_no_weight():
    w, b = ridge(torch.zeros(5, 2), torch.arange(5.0), 0.0)
    assert w.tolist() == [0.0, 0.0]
    assert b.item() == pytest.approx(2.0)


def test_a_constant_feature_gets_no_weight():
    y = torch.arange(5.0)
    w, b = ridge(torch.ones(5, 2), y, 0.0)
    assert w.tolist() == [0.0, 0.0]
    assert b.item() == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: soft_threshold(torch.ones(1), -1.0), "t is a threshold"),
        (lambda: soft_threshold(torch.ones(1), math.nan), "t is a threshold"),
        (lambda: ridge(torch.ones(3), torch.ones(3), 1.0), r"X has shape \(n, d\)"),
        (lambda: ridge(torch.ones(0, 2), torch.ones(0), 1.0), "at least 1"),
        (lambda: ridge(torch.ones(3, 2), torch.ones(1, 3), 1.0), r"y has shape \(3,\)"),
        (lambda: ridge(torch.ones(3, 2), torch.ones(3), -1.0), "weight_decay is at"),
    ],
)
def test_the_door_says_what_is_allowed(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_integers_are_told_for_the_weights_would_be_cut_down_to_integers():
    with pytest.raises(TypeError, match=r"X is of a floating dtype.*got torch\.int64"):
        ridge(torch.tensor([[1], [-1]]), torch.tensor([3, 1]), 1.0)
