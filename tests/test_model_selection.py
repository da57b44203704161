import math
from statistics import mean

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from d2lnotes.model_selection import (
    cross_validate,
    grid,
    k_fold,
    learning_curve,
    log_uniform,
    mean_and_error,
    one_standard_error,
    random_search,
    uniform,
)


def seeded(seed):
    return torch.Generator().manual_seed(seed)


def fit_mean(X, y):
    return y.mean()


def squared_error(mean, X, y):
    return (y - mean).square().mean()


# Folds --------------------------------------------------------------------------------

SIZES = st.integers(2, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(2, n)))


@given(SIZES, st.booleans())
def test_every_example_validates_once_and_trains_in_all_other_folds(sizes, shuffle):
    n, k = sizes
    folds = list(k_fold(n, k, shuffle=shuffle, generator=seeded(0)))
    assert len(folds) == k
    assert sorted(torch.cat([v for _, v in folds]).tolist()) == list(range(n))
    for train, validation in folds:
        both = torch.cat([train, validation])
        assert sorted(both.tolist()) == list(range(n))


@given(SIZES)
def test_the_folds_differ_in_size_by_at_most_one(sizes):
    lengths = [len(validation) for _, validation in k_fold(*sizes)]
    assert max(lengths) - min(lengths) <= 1


def test_without_shuffling_the_blocks_are_runs_of_neighbours():
    folds = [(t.tolist(), v.tolist()) for t, v in k_fold(7, 3, shuffle=False)]
    assert folds == [
        ([3, 4, 5, 6], [0, 1, 2]),
        ([0, 1, 2, 5, 6], [3, 4]),
        ([0, 1, 2, 3, 4], [5, 6]),
    ]


def test_a_generator_decides_the_folds_and_the_global_one_stays_where_it_is():
    state = torch.get_rng_state()
    first, again, other = (
        [v.tolist() for _, v in k_fold(20, 4, generator=seeded(s))] for s in (1, 1, 2)
    )
    assert torch.equal(torch.get_rng_state(), state)
    assert first == again
    assert first != other


def test_the_folds_do_not_depend_on_what_is_drawn_between_them():
    generator = seeded(3)
    expected = [v.tolist() for _, v in k_fold(12, 3, generator=seeded(3))]
    found = []
    for _, validation in k_fold(12, 3, generator=generator):
        torch.rand(5, generator=generator)
        found.append(validation.tolist())
    assert found == expected


def test_shuffling_puts_every_example_into_every_fold_equally_often():
    k, rounds = 5, 2000
    counts = torch.zeros(k, 10)
    generator = seeded(4)
    for _ in range(rounds):
        for i, (_, validation) in enumerate(k_fold(10, k, generator=generator)):
            counts[i, validation] += 1
    standard_error = math.sqrt(0.2 * 0.8 / rounds)
    assert (counts / rounds - 0.2).abs().max() < 5 * standard_error


@pytest.mark.parametrize(("n", "k"), [(5, 1), (5, 6), (5, 0), (5, -2), (1, 1), (0, 2)])
def test_a_number_of_folds_that_cannot_be_is_refused_at_the_call(n, k):
    with pytest.raises(ValueError, match=f"k is a number of blocks .* got {k}"):
        k_fold(n, k)  # not only when the first fold is asked for


# Cross-validation ---------------------------------------------------------------------


def test_cross_validation_worked_by_hand():
    X, y = torch.zeros(6, 1), torch.tensor([0.0, 2.0, 1.0, 3.0, 5.0, 7.0])
    # means without the block: 4, 3.5, 1.5
    scores = cross_validate(fit_mean, squared_error, X, y, 3, shuffle=False)
    assert scores == pytest.approx(
        [(16 + 4) / 2, (6.25 + 0.25) / 2, (12.25 + 30.25) / 2]
    )


def test_fit_is_called_anew_for_each_fold_and_never_sees_the_validation_rows():
    X, seen = torch.arange(11), []

    def fit(X, y):
        seen.append(set(X.tolist()))
        return object()

    def score(model, X, y):
        models.append(model)
        assert torch.equal(X, y)  # rows of inputs and targets stay together
        assert seen[-1] | set(X.tolist()) == set(range(11))
        assert not seen[-1] & set(X.tolist())
        return 0.0

    models = []
    assert cross_validate(fit, score, X, X, 4) == [0.0] * 4
    assert len(set(models)) == 4


def test_leave_one_out_agrees_with_the_shortcut_for_least_squares():
    g = seeded(5)
    X = torch.randn(15, 4, generator=g, dtype=torch.float64)
    y = torch.randn(15, 1, generator=g, dtype=torch.float64)

    def fit(X, y):
        return torch.linalg.lstsq(X, y).solution

    def score(w, X, y):
        return (X @ w - y).square().mean()

    scores = cross_validate(fit, score, X, y, 15, shuffle=False)
    H = X @ torch.linalg.inv(X.T @ X) @ X.T
    shortcut = ((y - H @ y).squeeze() / (1 - H.diagonal())).square()
    torch.testing.assert_close(torch.tensor(scores, dtype=torch.float64), shortcut)


def test_scores_are_plain_numbers():
    y = torch.ones(4)
    scores = cross_validate(fit_mean, squared_error, y, y, 2)
    assert all(type(score) is float for score in scores)


def test_inputs_and_targets_of_different_lengths_are_refused():
    X, y = torch.zeros(4, 1), torch.zeros(3)
    message = "y has a target for each of the 4 rows of X, got 3"
    with pytest.raises(ValueError, match=message):
        cross_validate(fit_mean, squared_error, X, y, 2)
    with pytest.raises(ValueError, match=message):
        learning_curve(fit_mean, squared_error, X, y, [1], 2)


# Choosing -----------------------------------------------------------------------------


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=20))
def test_mean_and_error_are_those_of_torch(scores):
    values = torch.tensor(scores, dtype=torch.float64)
    m, error = mean_and_error(scores)
    assert m == pytest.approx(values.mean().item(), abs=1e-9)
    expected = values.std().item() / math.sqrt(len(scores))
    assert error == pytest.approx(expected, abs=1e-9)


def test_one_score_has_no_spread():
    with pytest.raises(ValueError, match=r"scores holds 2 numbers or more.* got 1"):
        mean_and_error([1.0])


def test_the_rule_takes_the_first_within_one_standard_error_of_the_best():
    # the best is "c": mean 2, standard error 1
    best = [1.0, 3.0]
    assert one_standard_error({"a": [3.1, 3.1], "b": [2.9, 2.9], "c": best}) == "b"
    assert (
        one_standard_error({"a": [3.0, 3.0], "c": best}) == "a"
    )  # exactly at the edge
    assert one_standard_error({"a": [3.1, 3.1], "c": best, "d": [2.5, 2.5]}) == "c"


def test_the_rule_measures_with_the_error_of_the_best_and_not_its_own():
    # the first is unsteady, but the best, of mean 2, is sure to 0.1
    assert one_standard_error({1: [0.0, 6.0], 2: [1.9, 2.1]}) == 2


def test_the_rule_needs_a_candidate():
    with pytest.raises(ValueError, match="candidates holds one setting or more"):
        one_standard_error({})


# Learning curves ----------------------------------------------------------------------


def test_training_sets_are_nested_and_the_validation_blocks_stay():
    X, calls = torch.arange(12), []

    def fit(X, y):
        return X.tolist()

    def score(model, X, y):
        calls.append((model, X.tolist()))
        return len(X)

    curve = learning_curve(fit, score, X, X, [2, 5, 9], 4, generator=seeded(6))
    assert curve.sizes == [2, 5, 9]
    assert curve.train == [[2.0] * 4, [5.0] * 4, [9.0] * 4]
    assert curve.validation == [[3.0] * 4] * 3
    trained = [model for model, rows in calls if rows == model]
    blocks = [rows for model, rows in calls if rows != model]
    for fold in range(4):
        small, middle, large = trained[fold::4]
        assert large[:5] == middle
        assert middle[:2] == small
        assert blocks[fold] == blocks[fold + 4] == blocks[fold + 8]
        assert not set(large) & set(blocks[fold])


def test_the_end_of_the_curve_is_cross_validation():
    y = torch.randn(20, generator=seeded(7))
    curve = learning_curve(fit_mean, squared_error, y, y, [16], 5, generator=seeded(8))
    scores = cross_validate(fit_mean, squared_error, y, y, 5, generator=seeded(8))
    assert curve.validation[0] == pytest.approx(scores)


def test_the_errors_of_a_mean_follow_their_formulas():
    # training on m: sigma^2 (1 - 1/m) on the old examples, sigma^2 (1 + 1/m) on new ones
    y = torch.randn(40_000, generator=seeded(9), dtype=torch.float64)
    train, validation = [], []
    for chunk in y.split(40):
        curve = learning_curve(fit_mean, squared_error, chunk, chunk, [4], 2)
        train.append(mean(curve.train[0]))
        validation.append(mean(curve.validation[0]))
    for values, expected in ((train, 1 - 1 / 4), (validation, 1 + 1 / 4)):
        m, error = mean_and_error(values)
        assert abs(m - expected) < 5 * error


@pytest.mark.parametrize("size", [0, 9])
def test_a_size_that_the_folds_cannot_give_is_refused(size):
    y = torch.zeros(10)  # 3 folds: at least 6 train
    with pytest.raises(ValueError, match=f"from 1 to 6, got {size}"):
        learning_curve(fit_mean, squared_error, y, y, [size], 3)


def test_a_wrong_size_is_refused_before_anything_is_trained():
    def fit(X, y):
        pytest.fail("trained, although a later size is out of range")

    y = torch.zeros(10)
    with pytest.raises(ValueError, match="from 1 to 6, got 7"):
        learning_curve(fit, squared_error, y, y, [2, 7], 3)


# Search -------------------------------------------------------------------------------


@given(st.lists(st.integers(1, 4), max_size=4))
def test_a_grid_holds_every_combination_once(counts):
    space = {f"name{i}": list(range(count)) for i, count in enumerate(counts)}
    found = grid(space)
    assert len(found) == math.prod(counts)
    assert len({tuple(sorted(setting.items())) for setting in found}) == len(found)
    assert all(list(setting) == list(space) for setting in found)


def test_the_last_name_of_a_grid_varies_fastest():
    found = [tuple(s.values()) for s in grid({"a": [1, 2], "b": "xy"})]
    assert found == [(1, "x"), (1, "y"), (2, "x"), (2, "y")]


def test_a_search_can_be_continued():
    space = {"lr": log_uniform(1e-4, 1.0), "width": [8, 16, 32]}
    assert random_search(space, 9, seeded(10))[:4] == random_search(
        space, 4, seeded(10)
    )
    assert random_search(space, 0) == []


def test_each_value_of_a_list_is_equally_likely():
    n = 6000
    found = [s["width"] for s in random_search({"width": "abc"}, n, seeded(11))]
    standard_error = math.sqrt(2 / 9 / n)
    for value in "abc":
        assert abs(found.count(value) / n - 1 / 3) < 5 * standard_error


def test_each_factor_of_ten_is_equally_likely():
    n = 6000
    space = {"lr": log_uniform(1e-3, 1.0)}
    decades = [
        math.floor(math.log10(s["lr"])) for s in random_search(space, n, seeded(12))
    ]
    standard_error = math.sqrt(2 / 9 / n)
    for decade in (-3, -2, -1):
        assert abs(decades.count(decade) / n - 1 / 3) < 5 * standard_error


def test_hyperparameters_are_drawn_independently():
    space = {"a": uniform(0.0, 1.0), "b": uniform(0.0, 1.0)}
    found = random_search(space, 4000, seeded(13))
    pairs = torch.tensor([list(s.values()) for s in found], dtype=torch.float64)
    assert abs(torch.corrcoef(pairs.T)[0, 1].item()) < 5 / math.sqrt(4000)


@given(st.floats(1e-6, 1e3), st.floats(1.001, 1e6), st.floats(0, 1))
def test_values_stay_in_their_range_and_rise(low, factor, u):
    high = low * factor
    for make in (uniform, log_uniform):
        values = make(low, high)
        assert low * (1 - 1e-9) <= values(u) <= high * (1 + 1e-9)
        assert values(0.0) == low
        assert values(1.0) == pytest.approx(high)


@pytest.mark.parametrize("search", [grid, lambda space: random_search(space, 3)])
def test_a_name_without_values_is_named(search):
    with pytest.raises(ValueError, match=r"space\['lr'\] holds one value or more"):
        search({"width": [1], "lr": []})


def test_a_negative_number_of_settings_is_refused():
    with pytest.raises(
        ValueError, match="n is a number of settings, at least 0, got -1"
    ):
        random_search({"a": [1]}, -1)


@pytest.mark.parametrize(
    ("make", "low", "high"),
    [
        (uniform, 1.0, 1.0),
        (uniform, 2.0, 1.0),
        (uniform, math.nan, 1.0),
        (log_uniform, 0.0, 1.0),
        (log_uniform, -1.0, 1.0),
        (log_uniform, 1.0, math.inf),
    ],
)
def test_a_range_that_is_none_is_refused(make, low, high):
    with pytest.raises(ValueError, match="low < high"):
        make(low, high)
