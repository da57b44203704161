import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from d2lnotes.losses import squared_loss
from d2lnotes.metrics import (
    Accumulator,
    accuracy,
    confusion_matrix,
    evaluate_accuracy,
    evaluate_loss,
    num_correct,
)

LOGITS = torch.tensor([[0.1, 0.9], [0.8, 0.2], [0.4, 0.6]])
Y = torch.tensor([1, 1, 1])


def identity(X):
    return X


def cut(X, y, sizes):
    """Cut examples into batches of the given sizes."""
    return list(zip(X.split(sizes), y.split(sizes), strict=True))


def test_num_correct_is_a_count_and_accuracy_a_fraction():
    assert num_correct(LOGITS, Y) == 2
    assert type(num_correct(LOGITS, Y)) is int
    assert accuracy(LOGITS, Y) == 2 / 3


def test_of_equal_scores_the_first_counts():
    assert num_correct(torch.zeros(1, 3), torch.tensor([0])) == 1
    assert num_correct(torch.zeros(1, 3), torch.tensor([2])) == 0


def test_nobody_is_right_about_no_examples():
    assert num_correct(torch.zeros(0, 3), torch.zeros(0, dtype=torch.int64)) == 0


@given(st.integers(-1000, 1000))
def test_a_shift_of_the_scores_changes_no_answer(shift):
    assert num_correct(LOGITS.double() + shift, Y) == 2


def test_an_accumulator_adds_place_by_place():
    metric = Accumulator(2)
    metric.add(1, 10.5)
    metric.add(torch.tensor(2), torch.tensor(0.5))
    assert (metric[0], metric[1], len(metric)) == (3.0, 11.0, 2)
    assert type(metric[0]) is float
    metric.reset()
    assert (metric[0], metric[1]) == (0.0, 0.0)


def test_an_accumulator_lets_go_of_the_graph():
    metric = Accumulator(1)
    w = torch.ones(1, requires_grad=True)
    metric.add((2 * w).sum())
    assert not metric.sums[0].requires_grad
    assert metric[0] == 2.0


def test_an_accumulator_keeps_small_numbers_beside_a_large_sum():
    metric = Accumulator(1)
    metric.add(torch.tensor(2.0**24))
    for _ in range(8):
        metric.add(torch.tensor(1.0))  # float32 would stay at 2^24
    assert metric[0] == 2.0**24 + 8


def test_an_accumulator_may_be_read_while_it_runs():
    metric = Accumulator(1)
    sums = []
    for value in (1, 2, 3):
        metric.add(value)
        sums.append(metric[0])
    assert sums == [1, 3, 6]


sizes_of_batches = st.lists(st.integers(1, 9), min_size=1, max_size=6)


@given(sizes_of_batches, st.integers(0, 2**31))
def test_no_average_depends_on_how_the_stream_was_cut(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    n = sum(sizes)
    X = torch.randn(n, 4, generator=generator, dtype=torch.float64)
    y = torch.randint(4, (n,), generator=generator)
    cut_up, whole = cut(X, y, sizes), [(X, y)]
    assert evaluate_accuracy(identity, cut_up) == accuracy(X, y)
    regression = cut(X, X.flip(0), sizes)
    assert evaluate_loss(identity, regression, squared_loss) == pytest.approx(
        squared_loss(X, X.flip(0)).item(), rel=1e-12
    )
    assert torch.equal(
        confusion_matrix(identity, cut_up, 4), confusion_matrix(identity, whole, 4)
    )


def test_a_loss_per_example_and_its_mean_evaluate_alike():
    batches = cut(torch.randn(7, 1), torch.randn(7, 1), [4, 3])
    mean = evaluate_loss(identity, batches, nn.MSELoss())
    assert evaluate_loss(identity, batches, nn.MSELoss(reduction="none")) == (
        pytest.approx(mean, rel=1e-6)
    )


def test_the_small_last_batch_does_not_count_more():
    # three losses of 0 and one of 1/2 are 1/8 on average, not 1/4
    batches = cut(torch.tensor([1.0, 1, 1, 1]), torch.tensor([1.0, 1, 1, 0]), [3, 1])
    assert evaluate_loss(identity, batches, squared_loss) == 0.125


def test_the_rows_of_a_confusion_matrix_are_true_and_its_columns_predicted():
    scores = torch.eye(3)[[0, 1, 1, 2]]
    y = torch.tensor([0, 0, 1, 1])
    matrix = confusion_matrix(identity, cut(scores, y, [3, 1]), 3)
    assert matrix.dtype == torch.int64
    assert matrix.tolist() == [[1, 1, 0], [0, 1, 1], [0, 0, 0]]


@given(sizes_of_batches, st.integers(0, 2**31))
def test_a_confusion_matrix_holds_every_example_and_the_right_ones_on_its_diagonal(
    sizes, seed
):
    generator = torch.Generator().manual_seed(seed)
    n = sum(sizes)
    X = torch.randn(n, 4, generator=generator)
    y = torch.randint(4, (n,), generator=generator)
    matrix = confusion_matrix(identity, cut(X, y, sizes), 4)
    assert matrix.sum(1).tolist() == y.bincount(minlength=4).tolist()
    assert matrix.sum(0).tolist() == X.argmax(1).bincount(minlength=4).tolist()
    assert matrix.trace().item() == num_correct(X, y)


def test_a_confusion_matrix_takes_classes_of_one_byte():
    y = torch.tensor([19], dtype=torch.uint8)  # 20 * 19 + 19 does not fit a byte
    assert confusion_matrix(identity, [(torch.eye(20)[19:], y)], 20)[19, 19] == 1


EVALUATIONS = {
    "accuracy": lambda net, batches: evaluate_accuracy(net, batches),
    "loss": lambda net, batches: evaluate_loss(net, batches, nn.CrossEntropyLoss()),
    "confusion": lambda net, batches: confusion_matrix(net, batches, 2),
}


@pytest.mark.parametrize("evaluate", EVALUATIONS.values(), ids=EVALUATIONS)
def test_evaluation_looks_without_touching(evaluate):
    net = nn.Sequential(nn.BatchNorm1d(2), nn.Dropout(0.5), nn.Linear(2, 2))
    net[0].eval()  # a frozen layer in a network that trains
    before = {name: value.clone() for name, value in net.state_dict().items()}
    seen = []
    net[1].register_forward_hook(
        lambda layer, args, out: seen.append((layer.training, torch.is_grad_enabled()))
    )
    evaluate(net, [(LOGITS, Y)])
    assert seen == [(False, False)]
    assert (net.training, net[0].training, net[1].training) == (True, False, True)
    assert torch.is_grad_enabled()
    after = net.state_dict()
    assert all(torch.equal(after[name], value) for name, value in before.items())


def test_a_failed_evaluation_too_gives_the_net_back_as_it_was():
    net = nn.Sequential(nn.Dropout(0.5), nn.Linear(3, 2))
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        evaluate_accuracy(net, [(LOGITS, Y)])
    assert net[0].training
    assert torch.is_grad_enabled()


def test_one_class_is_enough():
    batches = [(torch.ones(3, 1), torch.zeros(3, dtype=torch.int64))]
    assert confusion_matrix(identity, batches, 1).tolist() == [[3]]


MISTAKES = {
    "labels of another shape": (
        lambda: num_correct(LOGITS, Y.unsqueeze(1)),
        r"logits must have shape \(n, q\) and y shape \(n,\), got \(3, 2\) and \(3, 1\)",
    ),
    "scores without classes": (
        lambda: accuracy(LOGITS[0], Y),
        r"logits must have shape \(n, q\) and y shape \(n,\), got \(2,\) and \(3,\)",
    ),
    "an empty batch": (
        lambda: accuracy(LOGITS[:0], Y[:0]),
        "accuracy needs at least one example, got an empty batch",
    ),
    "no batches for accuracy": (
        lambda: evaluate_accuracy(identity, []),
        "batches is empty: there is no example to average over",
    ),
    "no batches for loss": (
        lambda: evaluate_loss(identity, [], squared_loss),
        "batches is empty: there is no example to average over",
    ),
    "an accumulator of nothing": (
        lambda: Accumulator(0),
        "n, the number of sums, is at least 1, got 0",
    ),
    "a value too few": (lambda: Accumulator(2).add(1), "add takes 2 values, got 1"),
    "a net with more classes": (
        lambda: confusion_matrix(identity, [(LOGITS, Y)], 3),
        r"net must give logits of shape \(n, num_classes\) = \(n, 3\), got \(3, 2\)",
    ),
    "a label with more classes": (
        lambda: confusion_matrix(identity, [(LOGITS, Y + 1)], 2),
        "y holds classes 0 to 1, got 2 to 2",
    ),
    "no classes": (
        lambda: confusion_matrix(identity, [], 0),
        "num_classes is at least 1, got 0",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named(name):
    call, message = MISTAKES[name]
    with pytest.raises(ValueError, match=f"^{message}$"):
        call()
