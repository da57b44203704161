import math

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch.testing import assert_close

from d2lnotes.losses import cross_entropy, perceptron_loss, squared_loss

REDUCTIONS = ("mean", "sum", "none")
NOISE = torch.randn(6, 5, generator=torch.Generator().manual_seed(0))
CLASSES = torch.tensor([0, 4, 2, 2, 1, 3])
LOGITS = {
    "noise": NOISE,
    "shifted by 1000": NOISE + 1000,
    "of size 10 000": 10_000 * NOISE,
    "constant": torch.full((6, 5), 7.0),
    "float64": NOISE.double(),
}


def value_and_gradient(loss, prediction, *rest):
    prediction = prediction.clone().requires_grad_()
    value = loss(prediction, *rest)
    (value * torch.linspace(1, 2, value.numel()).reshape(value.shape)).sum().backward()
    return value.detach(), prediction.grad


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("name", LOGITS)
def test_cross_entropy_is_that_of_torch(name, reduction):
    logits = LOGITS[name]
    got = value_and_gradient(cross_entropy, logits, CLASSES, reduction)
    expected = value_and_gradient(
        lambda z, y: F.cross_entropy(z, y, reduction=reduction), logits, CLASSES
    )
    assert_close(got, expected)
    assert all(part.isfinite().all() for part in got)


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_cross_entropy_takes_a_batch_of_one(reduction):
    got = cross_entropy(NOISE[:1], CLASSES[:1], reduction)
    assert_close(got, F.cross_entropy(NOISE[:1], CLASSES[:1], reduction=reduction))


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("shift", [0, 1000])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_squared_loss_is_half_that_of_torch(reduction, shift, dtype):
    y_hat, y = (NOISE + shift).to(dtype), NOISE.flip(0).to(dtype)
    got = value_and_gradient(squared_loss, y_hat, y, reduction)
    expected = value_and_gradient(
        lambda a, b: F.mse_loss(a, b, reduction=reduction) / 2, y_hat, y
    )
    assert_close(got, expected)


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_perceptron_loss_is_a_ranking_loss_without_margin(reduction):
    scores, y = NOISE[:, 0], torch.tensor([1.0, 1, 1, -1, -1, -1])
    got = value_and_gradient(perceptron_loss, scores, y, reduction)
    expected = value_and_gradient(
        lambda s, y: F.margin_ranking_loss(s, 0 * s, y, reduction=reduction), scores, y
    )
    assert_close(got, expected)


def test_the_gradients_are_those_of_finite_differences():
    z, y = NOISE.double().requires_grad_(), NOISE.double().flip(0)
    check = torch.autograd.gradcheck
    assert check(lambda z: cross_entropy(z, CLASSES), (z,))
    assert check(lambda z: squared_loss(z, y), (z,))
    assert check(lambda z: perceptron_loss(z, y.sign()), (z,))  # no score is 0


def test_losses_worked_by_hand():
    # half of (3² + 1²), and their mean 2.5
    y_hat, y = torch.tensor([3.0, 1.0]), torch.tensor([0.0, 2.0])
    assert squared_loss(y_hat, y, "none").tolist() == [4.5, 0.5]
    assert squared_loss(y_hat, y).item() == 2.5
    # odds 3 : 1 for the wrong class, so the true one has probability 1/4
    logits = torch.tensor([[3.0, 1.0]]).log()
    assert_close(cross_entropy(logits, torch.tensor([1])).item(), math.log(4))
    assert perceptron_loss(torch.tensor([-2.0, 5.0]), torch.ones(2)).item() == 1.0


def test_the_gradient_of_cross_entropy_is_prediction_minus_truth():
    _, gradient = value_and_gradient(cross_entropy, NOISE, CLASSES, "sum")
    assert_close(gradient, F.softmax(NOISE, dim=1) - F.one_hot(CLASSES, 5))


@pytest.mark.parametrize("size", [1e4, 1e30])
def test_a_confident_mistake_costs_the_gap_and_overflows_nowhere(size):
    logits, y = torch.tensor([[size, 0.0]]), torch.tensor([1])
    value, gradient = value_and_gradient(cross_entropy, logits, y)
    assert_close(value.item(), size, rtol=1e-6, atol=0)
    assert gradient.tolist() == [[1.0, -1.0]]


def test_a_step_on_the_perceptron_loss_is_rosenblatts_rule_off_the_kink():
    w, x, y = (
        torch.tensor([1.0, -2.0], requires_grad=True),
        torch.tensor([3.0, 1.0]),
        -1,
    )
    perceptron_loss(w @ x, torch.tensor(float(y))).backward()
    assert_close(w.detach() - w.grad, w.detach() + y * x)


def test_autograd_stays_still_at_the_kink_where_the_rule_moves():
    w, x = torch.zeros(2, requires_grad=True), torch.tensor([3.0, 1.0])
    perceptron_loss(w @ x, torch.tensor(1.0)).backward()
    assert w.grad.tolist() == [0.0, 0.0]


@given(st.integers(1, 40), st.floats(-1000, 1000))
def test_knowing_nothing_costs_the_logarithm_of_the_number_of_classes(q, score):
    logits = torch.full((1, q), score, dtype=torch.float64)
    loss = cross_entropy(logits, torch.tensor([q - 1])).item()
    assert loss == pytest.approx(math.log(q), abs=1e-12)


@given(st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=6), st.data())
def test_cross_entropy_is_never_negative(scores, data):
    y = torch.tensor([data.draw(st.integers(0, len(scores) - 1))])
    assert cross_entropy(torch.tensor([scores]), y).item() >= 0


@pytest.mark.parametrize("dtype", [torch.uint8, torch.int32, torch.int64])
def test_classes_may_be_any_integers(dtype):
    assert_close(cross_entropy(NOISE, CLASSES.to(dtype)), cross_entropy(NOISE, CLASSES))


def test_no_examples_lose_nothing_in_sum():
    logits, y = torch.zeros(0, 3), torch.zeros(0, dtype=torch.int64)
    assert cross_entropy(logits, y, "sum").item() == 0
    assert cross_entropy(logits, y, "none").shape == (0,)


MISTAKES = {
    "shapes that would broadcast": (
        lambda: squared_loss(torch.zeros(3, 1), torch.zeros(3)),
        ValueError,
        r"y must have the shape of y_hat, \(3, 1\), got \(3,\); "
        "reshape one of them, or they would be broadcast against each other",
    ),
    "a reduction by another name": (
        lambda: squared_loss(torch.zeros(3), torch.zeros(3), "average"),
        ValueError,
        'reduction is "mean", "sum" or "none", got \'average\'',
    ),
    "logits without batch": (
        lambda: cross_entropy(torch.zeros(3), torch.tensor([0])),
        ValueError,
        r"logits must have shape \(n, q\), got \(3,\)",
    ),
    "one-hot classes": (
        lambda: cross_entropy(torch.zeros(2, 3), torch.zeros(2, 3)),
        ValueError,
        r"y must have shape \(2,\), one class per row of logits, got \(2, 3\)",
    ),
    "floating classes": (
        lambda: cross_entropy(torch.zeros(2, 3), torch.zeros(2)),
        TypeError,
        r"y must hold integers \(classes 0, 1, …\), got torch.float32",
    ),
    "classes counted from one": (
        lambda: cross_entropy(torch.zeros(2, 3), torch.tensor([1, 3])),
        ValueError,
        "y holds classes 0 to 2, got 1 to 3",
    ),
    "one class, and it is none": (
        lambda: cross_entropy(torch.zeros(1, 3), torch.tensor([3])),
        ValueError,
        "y holds classes 0 to 2, got 3 to 3",
    ),
    "a negative class": (
        lambda: cross_entropy(torch.zeros(2, 3), torch.tensor([-1, 1])),
        ValueError,
        "y holds classes 0 to 2, got -1 to 1",
    ),
    "scores and labels of different shapes": (
        lambda: perceptron_loss(torch.zeros(2, 1), torch.ones(2)),
        ValueError,
        r"y must have the shape of scores, \(2, 1\), got \(2,\)",
    ),
    "labels zero and one": (
        lambda: perceptron_loss(torch.zeros(2), torch.tensor([0.0, 1.0])),
        ValueError,
        r"y holds labels in \{-1, \+1\}, got \[0.0, 1.0\]",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named(name):
    call, error, message = MISTAKES[name]
    with pytest.raises(error, match=f"^{message}$"):
        call()
