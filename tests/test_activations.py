import math

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch.testing import assert_close

from d2lnotes import activations
from d2lnotes.activations import (
    gelu,
    leaky_relu,
    log_softmax,
    relu,
    relu_derivative,
    scaled_sigmoid,
    sigmoid,
    sigmoid_derivative,
    sign,
    softmax,
    step,
    tanh,
    tanh_derivative,
)

REFERENCES = {
    relu: torch.relu,
    leaky_relu: F.leaky_relu,
    sigmoid: torch.sigmoid,
    tanh: torch.tanh,
    gelu: F.gelu,
    scaled_sigmoid: lambda z: 2 * torch.tanh(z / 2),
    softmax: lambda z: F.softmax(z, dim=-1),
    log_softmax: lambda z: F.log_softmax(z, dim=-1),
}
NOISE = 3 * torch.randn(6, 5, generator=torch.Generator().manual_seed(0))
INPUTS = {
    "noise": NOISE,
    "shifted up by 1000": NOISE + 1000,
    "shifted down by 1000": NOISE - 1000,
    "of size 10 000": 10_000 * NOISE,
    "tiny": 1e-4 * NOISE,
    "constant": torch.full((3, 4), 0.7),
    "all zero": torch.zeros(3, 4),
    "batch of one": NOISE[:1],
    "one class": NOISE[:, :1],
    "one row without batch": NOISE[0],
    "images": NOISE.reshape(2, 3, 5),
    "float64": NOISE.double(),
}
numbers = st.floats(-50, 50)


def value_and_gradient(function, z):
    """The output and the gradient of a weighted sum of it (weights all different)."""
    z = z.clone().requires_grad_()
    out = function(z)
    weights = torch.linspace(-1, 2, out.numel(), dtype=out.dtype).reshape(out.shape)
    (out * weights).sum().backward()
    return out.detach(), z.grad


@pytest.mark.parametrize("name", INPUTS)
@pytest.mark.parametrize("ours", REFERENCES, ids=lambda f: f.__name__)
def test_value_and_gradient_are_those_of_torch(ours, name):
    expected = value_and_gradient(REFERENCES[ours], INPUTS[name])
    got = value_and_gradient(ours, INPUTS[name])
    assert got[0].dtype == INPUTS[name].dtype
    assert_close(got, expected)
    assert all(part.isfinite().all() for part in got)


@pytest.mark.parametrize("ours", REFERENCES, ids=lambda f: f.__name__)
def test_the_gradient_is_that_of_finite_differences(ours):
    z = NOISE.double().requires_grad_()  # no entry at a kink
    assert torch.autograd.gradcheck(ours, (z,))


@pytest.mark.parametrize("ours", REFERENCES, ids=lambda f: f.__name__)
def test_a_nan_is_not_hidden(ours):
    assert ours(torch.full((2,), math.nan)).isnan().all()


@pytest.mark.parametrize("ours", REFERENCES, ids=lambda f: f.__name__)
def test_the_input_is_not_changed(ours):
    z = NOISE.clone()
    ours(z)
    assert_close(z, NOISE, rtol=0, atol=0)


@pytest.mark.parametrize("dim", [0, 1, 2, -1])
def test_softmax_works_along_any_dimension(dim):
    scores = torch.randn(2, 3, 4)
    assert_close(softmax(scores, dim), F.softmax(scores, dim))
    assert_close(log_softmax(scores, dim), F.log_softmax(scores, dim))


def test_step_fires_above_zero_only():
    assert step(torch.tensor([-1.0, -0.0, 0.0, 1e-30])).tolist() == [0, 0, 0, 1]
    assert step(torch.tensor([-3, 0, 2])).dtype == torch.int64


def test_sign_always_decides_and_zero_is_minus():
    assert sign(torch.tensor([-2.0, 0.0, 1e-30])).tolist() == [-1, -1, 1]
    assert sign(torch.zeros(1, dtype=torch.float64)).dtype == torch.float64


def test_no_gradient_passes_a_relu_at_zero():
    z = torch.zeros(1, requires_grad=True)
    relu(z).backward()
    assert z.grad.item() == 0.0 == relu_derivative(torch.zeros(1)).item()


def test_values_worked_by_hand():
    # 1 / (1 + 1/3) = 3/4; (1 - 1/4) / (1 + 1/4) = 3/5; 1 : 2 : 3 in sixths
    assert_close(sigmoid(torch.tensor(3.0).log()), torch.tensor(3 / 4))
    assert_close(tanh(torch.tensor(2.0).log()), torch.tensor(3 / 5))
    thirds = softmax(torch.tensor([[1.0, 2.0, 3.0]]).log())
    assert_close(thirds, torch.tensor([[1 / 6, 2 / 6, 3 / 6]]))
    assert leaky_relu(torch.tensor(-4.0), slope=0.25).item() == -1.0


def test_sigmoid_keeps_its_digits_where_it_is_tiny():
    z = torch.tensor(-80.0)
    assert_close(sigmoid(z).item(), math.exp(-80), rtol=1e-5, atol=0)
    assert_close(sigmoid_derivative(-z).item(), math.exp(-80), rtol=1e-5, atol=0)


def test_tanh_keeps_its_digits_near_zero():
    z = torch.tensor([1e-6, -3e-5])
    assert_close(tanh(z), z, rtol=1e-6, atol=0)


def test_the_scaled_sigmoid_is_what_its_name_says_and_keeps_its_digits():
    z = torch.linspace(-20, 20, 81, dtype=torch.float64)
    assert_close(scaled_sigmoid(z), 4 * sigmoid(z) - 2)
    tiny = torch.tensor([1e-9, -3e-5])
    assert_close(scaled_sigmoid(tiny), tiny, rtol=1e-6, atol=0)


def test_infinity_saturates():
    ends = torch.tensor([-math.inf, math.inf])
    assert sigmoid(ends).tolist() == [0.0, 1.0]
    assert tanh(ends).tolist() == [-1.0, 1.0]
    assert relu(ends).tolist() == [0.0, math.inf]


def test_a_class_ruled_out_by_minus_infinity_gets_no_probability():
    p = softmax(torch.tensor([[0.0, -math.inf, 0.0]]))
    assert p.tolist() == [[0.5, 0.0, 0.5]]


def test_log_softmax_is_exact_where_the_probability_underflows():
    scores = torch.tensor([[10_000.0, 0.0]])
    assert softmax(scores).log()[0, 1] == -math.inf
    assert log_softmax(scores).tolist() == [[0.0, -10_000.0]]


def test_gelu_never_goes_below_its_minimum():
    assert -0.17 < gelu(torch.linspace(-5, 0, 1001)).min() < -0.1699


@given(st.lists(numbers, min_size=1, max_size=8), st.floats(-1000, 1000))
def test_softmax_sums_to_one_and_ignores_a_shift(row, shift):
    scores = torch.tensor([row], dtype=torch.float64)
    p = softmax(scores)
    assert_close(p.sum(1), torch.ones(1, dtype=torch.float64))
    assert_close(softmax(scores + shift), p, rtol=1e-10, atol=1e-12)
    assert_close(log_softmax(scores).exp(), p)


@given(st.floats(-700, 700))
def test_the_symmetries(number):
    z = torch.tensor(number, dtype=torch.float64)
    assert_close(sigmoid(z) + sigmoid(-z), torch.ones_like(z))
    assert_close(tanh(-z), -tanh(z))
    assert_close(tanh(z), 2 * sigmoid(2 * z) - 1)
    assert_close(relu(z) - relu(-z), z)
    assert_close(gelu(z) - gelu(-z), z)
    assert_close(softmax(torch.stack([z, -z]))[0], sigmoid(2 * z))


@given(numbers)
def test_the_derivatives_are_those_of_autograd_and_bounded(number):
    z = torch.tensor(number, dtype=torch.float64, requires_grad=True)
    for function, derivative, most in (
        (relu, relu_derivative, 1),
        (sigmoid, sigmoid_derivative, 1 / 4),
        (tanh, tanh_derivative, 1),
    ):
        (gradient,) = torch.autograd.grad(function(z), z)
        slope = derivative(z.detach())
        assert_close(slope, gradient)
        assert 0 <= slope.item() <= most


def test_every_public_name_exists():
    assert sorted(activations.__all__) == activations.__all__
    assert all(callable(getattr(activations, name)) for name in activations.__all__)
