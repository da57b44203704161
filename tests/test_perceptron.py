import math
from itertools import product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from d2lnotes.data import separable_points, xor_points, xor_quadrants
from d2lnotes.perceptron import (
    best_linear_correct,
    convergence_bound,
    margin,
    predict,
    radius,
    train_perceptron,
)

seeds = st.integers(0, 2**31)


def seeded(seed):
    return torch.Generator().manual_seed(seed)


def rosenblatt(X, y, max_epochs):
    """The rule as it is written on the page: one point after the other."""
    w, b, mistakes = torch.zeros(X.shape[1], dtype=X.dtype), 0.0, []
    for epoch in range(1, max_epochs + 1):
        before = len(mistakes)
        for i in range(len(X)):
            if y[i] * (w @ X[i] + b) <= 0:
                w, b = w + y[i] * X[i], b + y[i].item()
                mistakes.append((epoch, i))
        if len(mistakes) == before:
            break
    return w, b, mistakes


def test_a_run_worked_by_hand():
    # (2,0)+ : 0 <= 0, w = (2,0), b = 1.   (1,0)- : -(2+1) <= 0, w = (1,0), b = 0.
    # Epoch 2: (2,0)+ : 2 > 0 right.       (1,0)- : -1 <= 0, w = (0,0), b = -1.
    # Epoch 3: (2,0)+ : -1 <= 0, w = (2,0), b = 0.  (1,0)- : -2 <= 0, w = (1,0), b = -1.
    # Epoch 4: (2,0)+ : 1 > 0.             (1,0)- : 0 <= 0, w = (0,0), b = -2.
    # Epoch 5: (2,0)+ : w = (2,0), b = -1. (1,0)- : -1 <= 0, w = (1,0), b = -2.
    # Epoch 6: (2,0)+ : 0 <= 0, w = (3,0), b = -1.  (1,0)- : w = (2,0), b = -2.
    # Epoch 7: (2,0)+ : 2 > 0.             (1,0)- : 0 <= 0, w = (1,0), b = -3.
    # Epoch 8: (2,0)+ : -1 <= 0, w = (3,0), b = -2. (1,0)- : w = (2,0), b = -3.
    # Epoch 9: (2,0)+ : 1 > 0.             (1,0)- : 1 > 0. Done.
    X, y = torch.tensor([[2.0, 0.0], [1.0, 0.0]]), torch.tensor([1.0, -1.0])
    run = train_perceptron(X, y)
    assert (run.w.tolist(), run.b) == ([2.0, 0.0], -3.0)
    assert (run.num_epochs, run.num_updates, run.converged) == (9, 13, True)
    assert [(u.epoch, u.index) for u in run.updates[:4]] == [
        (1, 0),
        (1, 1),
        (2, 1),
        (3, 0),
    ]
    assert (run.updates[1].w.tolist(), run.updates[1].b) == ([1.0, 0.0], 0.0)


@given(seeds, st.integers(1, 12), st.integers(1, 4))
def test_the_updates_are_those_of_the_rule_read_point_by_point(seed, n, d):
    # Small integers: no sum is rounded, so the two must agree exactly.
    X = torch.randint(-4, 5, (n, d), generator=seeded(seed)).double()
    y = 2.0 * torch.randint(2, (n,), generator=seeded(seed + 1)).double() - 1
    w, b, mistakes = rosenblatt(X, y, max_epochs=20)
    run = train_perceptron(X, y, max_epochs=20)
    assert [(u.epoch, u.index) for u in run.updates] == mistakes
    assert torch.equal(run.w, w)
    assert run.b == b


@given(seeds, st.integers(2, 60), st.sampled_from([2, 3, 20]))
def test_separable_points_are_learned_within_the_bound(seed, n, d):
    X, y, w_star, b_star = separable_points(n, d, margin=0.1, generator=seeded(seed))
    run = train_perceptron(X, y)
    assert run.converged
    assert torch.equal(predict(X, run.w, run.b), y)
    assert run.num_updates == len(run.updates)
    assert run.num_updates <= convergence_bound(X, y, w_star, b_star)
    # and, for any separator will do, within the bound of the one that was found
    if margin(X, y, run.w, run.b) > 0:
        assert run.num_updates <= convergence_bound(X, y, run.w, run.b)


@given(seeds)
def test_each_update_corrects_a_mistake_and_the_two_growth_lemmas_hold(seed):
    X, y, w_star, b_star = separable_points(20, margin=0.05, generator=seeded(seed))
    X, y, w_star = X.double(), y.double(), w_star.double()
    rho, r = margin(X, y, w_star, b_star), radius(X)
    size = math.hypot(w_star.norm().item(), b_star)
    w, b = torch.zeros(2, dtype=torch.float64), 0.0
    for k, update in enumerate(train_perceptron(X, y).updates, start=1):
        x_i, y_i = X[update.index], y[update.index].item()
        assert y_i * (w @ x_i + b) <= 0
        w, b = w + y_i * x_i, b + y_i
        assert torch.equal(update.w, w)
        assert update.b == b
        assert (w @ w_star + b * b_star).item() / size >= k * rho * (1 - 1e-9)
        assert (w @ w).item() + b * b <= k * (r * r + 1) * (1 + 1e-9)


def test_xor_is_never_learned_and_the_weights_return_to_zero():
    X = torch.tensor([[1.0, 1.0], [-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0]])
    y = torch.tensor([-1.0, -1.0, 1.0, 1.0])
    run = train_perceptron(X, y, max_epochs=50)
    assert not run.converged
    assert (run.num_epochs, run.num_updates) == (50, 200)
    ends = [u for u in run.updates if u.index == 3]
    assert all(u.w.tolist() == [0.0, 0.0] and u.b == 0.0 for u in ends)


def test_a_run_gives_up_after_a_thousand_epochs():
    X, y = torch.ones(2, 1), torch.tensor([1.0, -1.0])  # one place, two labels
    run = train_perceptron(X, y)
    assert (run.converged, run.num_epochs) == (False, 1000)


def test_a_start_takes_the_type_of_the_points():
    X, y = torch.tensor([[1.0], [-1.0]]), torch.tensor([1.0, -1.0])
    run = train_perceptron(X, y, w=torch.tensor([2.0], dtype=torch.float64))
    assert run.w.dtype == torch.float32
    assert run.w.tolist() == [2.0]


def test_a_run_may_start_elsewhere_and_leaves_the_start_alone():
    X, y = torch.tensor([[1.0], [-1.0]]), torch.tensor([1.0, -1.0])
    w = torch.tensor([5.0])
    run = train_perceptron(X, y, w=w, b=1.0)
    assert (run.num_updates, run.w.tolist(), run.b) == (0, [5.0], 1.0)
    train_perceptron(X, -y, w=w)
    assert w.tolist() == [5.0]


def test_the_bound_holds_from_zero_and_not_from_any_start_of_norm_one():
    X, y = torch.zeros(1, 2), torch.ones(1)
    w_star, b_star = torch.zeros(2), 1.0
    assert convergence_bound(X, y, w_star, b_star) == 1.0
    assert train_perceptron(X, y).num_updates == 1
    assert train_perceptron(X, y, b=-1.0).num_updates == 2


def test_the_last_epoch_counts_and_giving_up_is_no_success():
    X, y = torch.tensor([[1.0], [-1.0]]), torch.tensor([1.0, -1.0])
    assert train_perceptron(X, y, max_epochs=2).converged
    run = train_perceptron(X, y, max_epochs=1)  # right, but nobody has checked
    assert (run.converged, run.num_epochs, run.num_updates) == (False, 1, 2)


def test_a_point_on_the_line_is_minus():
    X = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, -1.0]])
    assert predict(X, torch.tensor([1.0, 1.0]), 0.0).tolist() == [-1, 1, -1]


@pytest.mark.parametrize("y_dtype", [torch.float32, torch.float64, torch.int64])
@pytest.mark.parametrize("x_dtype", [torch.float32, torch.float64])
def test_labels_may_be_of_any_type_and_weights_keep_that_of_the_points(
    x_dtype, y_dtype
):
    X, y, w_star, b_star = separable_points(50, generator=seeded(0))
    expected = train_perceptron(X.double(), y.double())
    run = train_perceptron(X.to(x_dtype), y.to(y_dtype))
    assert run.w.dtype == x_dtype
    assert run.num_updates == expected.num_updates
    bound = convergence_bound(X.to(x_dtype), y.to(y_dtype), w_star.to(x_dtype), b_star)
    assert bound == pytest.approx(convergence_bound(X, y, w_star, b_star))


def test_radius_margin_and_bound_worked_by_hand():
    X, y = torch.tensor([[3.0, 4.0], [-1.0, 0.0]]), torch.tensor([1.0, -1.0])
    w, b = torch.tensor([0.0, 3.0]), 4.0  # of length 5
    assert radius(X) == 5.0
    assert margin(X[:1], y[:1], w, b) == pytest.approx(16 / 5)
    assert margin(X, y, w, b) == pytest.approx(-4 / 5)
    assert convergence_bound(X[:1], y[:1], w, b) == pytest.approx(26 * 25 / 256)


@given(seeds, st.floats(1e-3, 1e3))
def test_margin_and_bound_ignore_the_length_of_the_separator(seed, factor):
    X, y, w, b = separable_points(10, generator=seeded(seed))
    longer = (factor * w.double(), factor * b)
    assert margin(X, y, *longer) == pytest.approx(margin(X, y, w.double(), b))
    assert convergence_bound(X, y, *longer) == pytest.approx(
        convergence_bound(X, y, w.double(), b)
    )


# The most points any line classifies right -------------------------------------------


def most_correct_on_a_grid(X, y):
    """Try every whole normal vector up to 7 and every cut: enough for a 4 by 4 grid.

    Differences of points have entries up to 3; between two neighbouring such directions
    lies their sum, with entries up to 6.
    """
    W = torch.tensor(list(product(range(-7, 8), repeat=2)), dtype=X.dtype)
    heights = W @ X.T  # (225, n)
    nothing = torch.full((len(W), 1), -100.0)
    cuts = torch.cat([heights + 0.5, nothing], dim=1)  # (225, n + 1)
    above = heights[:, None, :] > cuts[:, :, None]  # (225, n + 1, n)
    return int((torch.where(above, 1, -1) == y).sum(-1).max())


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from([-1, 1])),
        min_size=1,
        max_size=9,
    )
)
def test_no_line_does_better_and_one_does_as_well(points):
    table = torch.tensor(points, dtype=torch.float64)
    X, y = table[:, :2], table[:, 2]
    assert best_linear_correct(X, y) == most_correct_on_a_grid(X, y)


@given(seeds, st.integers(1, 12))
def test_no_random_line_does_better(seed, n):
    X = torch.randn(n, 2, generator=seeded(seed))
    y = torch.randn(n, generator=seeded(seed + 1)).sign()
    W = torch.randn(2, 500, generator=seeded(seed + 2))
    b = torch.randn(500, generator=seeded(seed + 3))
    most = (torch.where(X @ W + b > 0, 1, -1) == y[:, None]).sum(0).max().item()
    assert max(most, n / 2) <= best_linear_correct(X, y) <= n


def test_xor_leaves_one_of_four_points_wrong():
    assert best_linear_correct(*xor_points()) == 3


@given(seeds)
def test_all_separable_points_can_be_right(seed):
    X, y, _, _ = separable_points(15, margin=0.0, generator=seeded(seed))
    assert best_linear_correct(X, y) == 15


@given(seeds)
@settings(max_examples=25)
def test_the_best_line_beats_the_one_that_was_trained(seed):
    X, y = xor_quadrants(20, generator=seeded(seed))
    run = train_perceptron(X, y, max_epochs=20)
    right = int((predict(X, run.w, run.b) == y).sum())
    assert right <= best_linear_correct(X, y)


@pytest.mark.parametrize("turned", [False, True])
def test_points_of_one_line_are_cut_once(turned):
    X = torch.tensor([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [3.0, 3.0]])
    X = X * torch.tensor([1.0, 0.0]) if turned else X
    assert best_linear_correct(X, torch.tensor([1.0, -1.0, 1.0, -1.0])) == 3
    assert best_linear_correct(X, torch.tensor([1.0, 1.0, -1.0, -1.0])) == 4
    assert best_linear_correct(X, torch.tensor([1.0, -1.0, -1.0, 1.0])) == 3


def test_points_of_one_place_share_their_answer():
    X, y = torch.full((5, 2), 0.1), torch.tensor([1.0, 1.0, -1.0, 1.0, -1.0])
    assert best_linear_correct(X, y) == 3


def test_no_rounding_can_put_a_point_on_the_wrong_side():
    # The middle point is on the line through the other two, or off it by one part in
    # 2^104: too little for the slopes, which are equal when rounded to doubles.
    tiny = 2.0**-52
    middle, left = (0.0, 0.0), (-1.0 - tiny, -1.0)
    on, off = (1.0 + tiny, 1.0), (1.0 + 2 * tiny, 1.0 + tiny)
    assert on[1] / on[0] == off[1] / off[0]
    y = torch.tensor([1.0, -1.0, 1.0])
    for right, most in ((on, 2), (off, 3)):
        X = torch.tensor([left, middle, right], dtype=torch.float64)
        assert best_linear_correct(X, y) == most


MISTAKES = {
    "labels zero and one": (
        lambda: train_perceptron(torch.zeros(2, 2), torch.tensor([0.0, 1.0])),
        r"y holds labels in \{-1, \+1\}, got \[0.0, 1.0\]; 2 \* y - 1 makes them "
        "from 0 and 1",
    ),
    "labels in a column": (
        lambda: train_perceptron(torch.zeros(2, 2), torch.ones(2, 1)),
        r"y must have shape \(2,\), got \(2, 1\)",
    ),
    "a point that is no number": (
        lambda: train_perceptron(torch.tensor([[math.nan, 0.0]]), torch.ones(1)),
        "X must be finite, got inf or nan",
    ),
    "points without rows": (
        lambda: train_perceptron(torch.zeros(2), torch.ones(2)),
        r"X must have shape \(n, d\), n at least 1, got \(2,\)",
    ),
    "no points": (
        lambda: radius(torch.zeros(0, 2)),
        r"X must have shape \(n, d\), n at least 1, got \(0, 2\)",
    ),
    "weights of another length": (
        lambda: train_perceptron(torch.zeros(2, 2), torch.ones(2), w=torch.zeros(3)),
        r"w must have shape \(2,\), got \(3,\)",
    ),
    "no epochs": (
        lambda: train_perceptron(torch.zeros(2, 2), torch.ones(2), max_epochs=0),
        "max_epochs is at least 1, got 0",
    ),
    "a separator of length zero": (
        lambda: margin(torch.zeros(2, 2), torch.ones(2), torch.zeros(2), 0.0),
        "w and b are all zero: that separates nothing and has no margin",
    ),
    "a separator that does not separate": (
        lambda: convergence_bound(*xor_points(), torch.tensor([1.0, 0.0]), 0.0),
        "w_star and b_star must separate the classes, got margin -1",
    ),
    "a separator that touches a point": (
        lambda: convergence_bound(torch.eye(2), torch.ones(2), torch.eye(2)[0], 0.0),
        "w_star and b_star must separate the classes, got margin 0",
    ),
    "points of space": (
        lambda: best_linear_correct(torch.zeros(2, 3), torch.ones(2)),
        r"X holds points of the plane, \(n, 2\), got \(2, 3\)",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named(name):
    call, message = MISTAKES[name]
    with pytest.raises(ValueError, match=f"^{message}$"):
        call()
