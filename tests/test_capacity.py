import math
from itertools import product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from d2lnotes.capacity import cover_count, dichotomies, is_separable, shatters
from d2lnotes.perceptron import best_linear_correct, train_perceptron

SQUARE = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def seeded(seed):
    return torch.Generator().manual_seed(seed)


def labelled(dims, most=7, size=3):
    """Few points on a small lattice: many coincide or lie on one line."""
    point = st.tuples(*[st.integers(-size, size)] * dims)
    return st.lists(
        st.tuples(point, st.sampled_from([-1, 1])), min_size=1, max_size=most
    )


def tensors(rows):
    X = torch.tensor([x for x, _ in rows], dtype=torch.float64)
    return X, torch.tensor([float(y) for _, y in rows], dtype=torch.float64)


@given(labelled(dims=2))
def test_in_the_plane_it_agrees_with_turning_a_line_about_each_point(rows):
    X, y = tensors(rows)
    assert is_separable(X, y) == (best_linear_correct(X, y) == len(y))


@pytest.mark.slow
@settings(max_examples=40)
@given(labelled(dims=3))
def test_in_space_it_agrees_with_the_perceptron(rows):
    X, y = tensors(rows)
    # Lattice points so few and so near are separated soon or not at all.
    assert is_separable(X, y) == train_perceptron(X, y, max_epochs=2000).converged


@given(labelled(dims=1, most=9))
def test_on_the_line_it_agrees_with_comparing_the_ends(rows):
    X, y = tensors(rows)
    plus, minus = X[y > 0].flatten().tolist(), X[y < 0].flatten().tolist()
    apart = not plus or not minus or max(plus) < min(minus) or max(minus) < min(plus)
    assert is_separable(X, y) == apart


@pytest.mark.parametrize("d", [1, 2, 3, 5, 8])
def test_labels_of_a_hyperplane_are_separable_and_a_point_in_between_spoils_them(d):
    X = torch.randn(40, d, generator=seeded(d), dtype=torch.float64)
    y = (X @ torch.randn(d, generator=seeded(9), dtype=torch.float64)).sign()
    assert is_separable(X, y)
    middle = X[y > 0].mean(dim=0, keepdim=True)  # amid the points labelled +1
    assert not is_separable(torch.cat([X, middle]), torch.cat([y, -torch.ones(1)]))


def test_nothing_is_lost_to_rounding():
    tiny = 2.0**-52
    X = torch.tensor([[0.0, 0.0], [2.0, 2.0], [1.0, 1.0 + tiny]], dtype=torch.float64)
    y = torch.tensor([1, 1, -1])
    assert is_separable(X, y)
    X[2, 1] = 1.0  # now exactly between the others
    assert not is_separable(X, y)


@given(labelled(dims=2), st.sampled_from([1e-30, 0.1, 1e30]))
def test_stretching_moving_and_exchanging_sides_change_nothing(rows, factor):
    X, y = tensors(rows)
    answer = is_separable(X, y)
    assert is_separable(X, -y) == answer
    assert is_separable(X * torch.tensor([factor, 1.0]), y) == answer
    assert is_separable(X + 7, y) == answer


def test_xor_is_one_of_two_that_fail_on_a_square():
    labels = {tuple(y) for y in dichotomies(SQUARE).tolist()}
    assert set(product((-1, 1), repeat=4)) - labels == {(1, -1, -1, 1), (-1, 1, 1, -1)}


@given(labelled(dims=2, most=6))
def test_dichotomies_are_those_that_are_separable_one_by_one(rows):
    X, _ = tensors(rows)
    every = [list(y) for y in product((-1, 1), repeat=len(X))]
    expected = [y for y in every if is_separable(X, torch.tensor(y))]
    assert dichotomies(X).tolist() == expected
    assert shatters(X) == (len(expected) == 2 ** len(X))


@pytest.mark.parametrize(("d", "most"), [(1, 10), (2, 9), (3, 8), (4, 7)])
def test_points_in_general_position_have_as_many_dichotomies_as_cover_says(d, most):
    X = torch.randn(most, d, generator=seeded(10 + d))
    for n in range(1, most + 1):
        assert len(dichotomies(X[:n])) == cover_count(n, d)
        assert shatters(X[:n]) == (n <= d + 1)


@given(labelled(dims=2, most=7))
def test_no_points_have_more_dichotomies_than_cover_says(rows):
    X, _ = tensors(rows)
    assert len(dichotomies(X)) <= cover_count(len(X), 2)


@given(st.integers(1, 60), st.integers(0, 60))
def test_cover_count_follows_its_recursion(n, d):
    assert cover_count(n + 1, d + 1) == cover_count(n, d + 1) + cover_count(n, d)
    if n <= d + 1:
        assert cover_count(n, d) == 2**n
    assert 2 * cover_count(2 * (d + 1), d) == 2 ** (2 * (d + 1))


def test_cover_count_by_hand():
    assert cover_count(4, 2) == 2 * (1 + 3 + 3) == 14
    assert cover_count(5, 0) == 2
    assert cover_count(10, 1) == 20  # ten gaps for a threshold, two directions


def test_a_single_point_and_a_single_class_are_separable():
    X = torch.zeros(1, 3)
    assert is_separable(X, torch.tensor([1]))
    assert dichotomies(X).tolist() == [[-1], [1]]
    assert is_separable(SQUARE, torch.ones(4))
    assert not shatters(torch.zeros(2, 3))  # the same point twice


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: is_separable(torch.zeros(3), torch.ones(3)), r"\(n, d\).*got \(3,\)"),
        (lambda: is_separable(SQUARE, torch.ones(3)), r"shape \(4,\), got \(3,\)"),
        (lambda: is_separable(SQUARE, torch.zeros(4)), r"\{-1, \+1\}, got \[0.0\]"),
        (lambda: is_separable(SQUARE / 0, torch.ones(4)), "finite"),
        (lambda: dichotomies(torch.zeros(0, 2)), r"n at least 1, got \(0, 2\)"),
        (lambda: shatters(torch.full((1, 1), math.inf)), "finite"),
        (lambda: cover_count(0, 2), "at least 1, got 0"),
        (lambda: cover_count(3, -1), "at least 0, got -1"),
    ],
)
def test_the_public_door_names_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
