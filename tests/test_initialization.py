import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from d2lnotes.activations import gelu, leaky_relu, relu, scaled_sigmoid, sigmoid, tanh
from d2lnotes.initialization import (
    constant_,
    gain,
    gaussian_moments,
    he_normal_,
    he_uniform_,
    normal_,
    orthogonal_,
    variance_scaling_,
    xavier_normal_,
    xavier_uniform_,
    zeros_,
)
from d2lnotes.losses import cross_entropy
from d2lnotes.mlp import ScratchMLP, mlp
from d2lnotes.training import sgd_step

FAN_IN, FAN_OUT = 300, 200
DEPTH, WIDTH = 40, 256  # of the deep nets


def seeded(seed):
    return torch.Generator().manual_seed(seed)


def draw_he(weight, generator):
    nn.init.kaiming_normal_(weight, nonlinearity="relu", generator=generator)


def draw_he_uniform(weight, generator):
    nn.init.kaiming_uniform_(weight, nonlinearity="relu", generator=generator)


def draw_fan_out(weight, generator):
    nn.init.kaiming_normal_(
        weight, mode="fan_out", nonlinearity="relu", generator=generator
    )


RANDOM = {  # ours, torch's, the variance of a weight
    "normal": (
        lambda net, generator=None: normal_(net, 0.1, generator),
        lambda weight, generator: nn.init.normal_(weight, 0, 0.1, generator=generator),
        0.01,
    ),
    "xavier_uniform": (
        xavier_uniform_,
        lambda weight, generator: nn.init.xavier_uniform_(weight, generator=generator),
        2 / (FAN_IN + FAN_OUT),
    ),
    "xavier_normal": (
        xavier_normal_,
        lambda weight, generator: nn.init.xavier_normal_(weight, generator=generator),
        2 / (FAN_IN + FAN_OUT),
    ),
    "he_normal": (he_normal_, draw_he, 2 / FAN_IN),
    "he_uniform": (he_uniform_, draw_he_uniform, 2 / FAN_IN),
    "fan_out": (
        lambda net, generator=None: variance_scaling_(
            net, 2.0, "fan_out", generator=generator
        ),
        draw_fan_out,
        2 / FAN_OUT,
    ),
    "orthogonal": (
        lambda net, generator=None: orthogonal_(net, 1.5, generator),
        lambda weight, generator: nn.init.orthogonal_(weight, 1.5, generator=generator),
        1.5**2 / FAN_IN,  # FAN_OUT rows of length 1.5
    ),
}
ALL = {name: ours for name, (ours, _, _) in RANDOM.items()}
ALL |= {"zeros": zeros_, "constant": lambda net: constant_(net, 0.5)}


@pytest.mark.parametrize("name", RANDOM)
def test_the_draws_are_those_of_torch(name):
    ours, theirs, _ = RANDOM[name]
    net = ours(mlp((FAN_IN, 40, FAN_OUT)), generator=seeded(0))
    generator = seeded(0)
    for layer in (net[1], net[3]):
        expected = torch.empty_like(layer.weight)
        theirs(expected, generator)
        torch.testing.assert_close(layer.weight.detach(), expected)


@pytest.mark.parametrize("name", RANDOM)
def test_the_variance_is_that_of_the_formula(name):
    ours, _, variance = RANDOM[name]
    W = ours(nn.Linear(FAN_IN, FAN_OUT), generator=seeded(1)).weight.detach()
    kurtosis = 9 / 5 if name.endswith("uniform") else 3
    standard_error = variance * math.sqrt((kurtosis - 1) / W.numel())
    assert abs(W.var().item() - variance) < 5 * standard_error
    assert abs(W.mean().item()) < 5 * math.sqrt(variance / W.numel())


def test_xavier_uniform_fills_its_interval_and_no_more():
    W = xavier_uniform_(nn.Linear(FAN_IN, FAN_OUT), generator=seeded(2)).weight
    bound = math.sqrt(6 / (FAN_IN + FAN_OUT))
    assert 0.999 * bound < W.abs().max().item() <= bound


@pytest.mark.parametrize("name", ALL)
def test_every_linear_layer_is_filled_its_bias_is_zero_and_nothing_else_is_touched(
    name,
):
    inner = nn.Sequential(nn.Linear(3, 3), nn.LayerNorm(3))
    net = nn.Sequential(nn.Linear(4, 3), inner, nn.Linear(3, 2, bias=False))
    linear = (net[0], inner[0], net[2])
    for layer in linear:
        nn.init.constant_(layer.weight, 77.0)
    norm = {key: value.clone() for key, value in inner[1].state_dict().items()}
    parameters = list(net.parameters())
    assert ALL[name](net) is net
    assert not any((layer.weight == 77.0).any() for layer in linear)
    assert not net[0].bias.any()
    assert not inner[0].bias.any()
    assert all(torch.equal(inner[1].state_dict()[key], norm[key]) for key in norm)
    # in place: an optimizer that was made before still has the right tensors
    assert all(a is b for a, b in zip(parameters, net.parameters(), strict=True))
    assert all(value.requires_grad for value in parameters)


@pytest.mark.parametrize("name", RANDOM)
def test_a_generator_decides_all_and_the_global_one_stays_where_it_is(name):
    ours = ALL[name]
    state = torch.get_rng_state()
    first, again, other = (
        ours(nn.utils.skip_init(nn.Linear, 4, 3), generator=seeded(s)).weight
        for s in (3, 3, 4)
    )
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_orthogonal_rows_have_one_length_and_right_angles():
    W = orthogonal_(nn.Linear(FAN_IN, FAN_OUT), 1.5, seeded(4)).weight.detach()
    torch.testing.assert_close(W @ W.T, 1.5**2 * torch.eye(FAN_OUT), atol=1e-5, rtol=0)


@pytest.mark.parametrize("mode", ["fan_in", "fan_out", "fan_avg"])
def test_a_scale_of_zero_gives_zeros(mode):
    assert not variance_scaling_(nn.Linear(3, 2), 0.0, mode).weight.any()


@given(st.floats(-10, 10, width=32))
def test_a_constant_is_everywhere(value):
    net = constant_(mlp((3, 2, 2)), value)
    assert (net[1].weight == value).all()
    assert (net[3].weight == value).all()


def test_zeros_are_a_constant():
    assert not any(value.any() for value in zeros_(mlp((3, 2, 2))).parameters())


# What an activation does to a normal input ---------------------------------------------


@pytest.mark.parametrize("q", [1e-6, 0.3, 1.0, 50.0, 1e8])
def test_moments_of_kinked_lines_are_the_fractions_of_the_theorem(q):
    for slope in (0.0, 0.2, 1.0):
        forward, backward = gaussian_moments(lambda z, a=slope: leaky_relu(z, a), q)
        expected = (1 + slope**2) / 2
        assert math.isclose(forward, expected * q, rel_tol=1e-9)
        assert math.isclose(backward, expected, rel_tol=1e-9)


def test_moments_of_a_line_are_those_of_the_proposition():
    forward, backward = gaussian_moments(lambda z: 3 * z + 2, 0.5)
    assert math.isclose(forward, 9 * 0.5 + 4, rel_tol=1e-9)
    assert math.isclose(backward, 9, rel_tol=1e-9)


@pytest.mark.parametrize("f", [tanh, sigmoid, scaled_sigmoid, gelu])
def test_moments_are_the_averages_over_many_draws(f):
    q, n = 2.0, 400_000
    z = torch.randn(n, generator=seeded(6), dtype=torch.float64) * math.sqrt(q)
    z.requires_grad_()
    h = f(z)
    (slope,) = torch.autograd.grad(h.sum(), z)
    for ours, drawn in zip(gaussian_moments(f, q), (h, slope), strict=True):
        squares = drawn.detach().square()
        assert abs(ours - squares.mean()) < 5 * squares.std() / math.sqrt(n)


def test_moments_of_a_narrow_step_are_not_missed():
    # E[sigmoid'(z)^2] for z ~ N(0, q) tends to (1/6) / sqrt(2 pi q), since the
    # integral of (s (1 - s))^2 over the line is 1/6.
    _, backward = gaussian_moments(sigmoid, 1e4)
    assert math.isclose(backward, 1 / 6 / math.sqrt(2 * math.pi * 1e4), rel_tol=1e-2)


def test_moments_work_where_gradients_are_switched_off():
    with torch.no_grad():
        assert gaussian_moments(relu)[1] == pytest.approx(0.5, rel=1e-3)


def test_gains_of_relu_and_leaky_relu_are_those_of_torch():
    assert gain(relu) == pytest.approx(nn.init.calculate_gain("relu"), rel=1e-3)
    ours = gain(lambda z: leaky_relu(z, 0.3))
    assert ours == pytest.approx(nn.init.calculate_gain("leaky_relu", 0.3), rel=1e-3)


def test_gain_keeps_the_scale_of_a_deep_net():
    g = gain(torch.tanh, q=0.25)
    sizes = (WIDTH,) * 31
    net = mlp(sizes, activation=nn.Tanh)
    variance_scaling_(net, g**2, generator=seeded(7))
    h = 0.5 * torch.randn(64, WIDTH, generator=seeded(8))
    with torch.no_grad():
        assert 0.4 < net[:-1](h).square().mean().sqrt() < 0.8


def test_gain_of_silence_is_infinite():
    assert gain(lambda z: 0 * z) == math.inf


# What they are for --------------------------------------------------------------------

LOG_STEP = 0.1


def decades_per_layer(initialize, activation, seed):
    """Slope of log10 E[h²] over the layers."""
    sizes = (WIDTH,) * (DEPTH + 1)
    net = initialize(mlp(sizes, activation=activation).double(), generator=seeded(seed))
    h = torch.randn(64, WIDTH, generator=seeded(seed + 1), dtype=torch.float64)
    with torch.no_grad():
        first = h.square().mean()
        return ((net(h).square().mean() / first).log10() / DEPTH).item()


@pytest.mark.parametrize("seed", range(0, 6, 2))
def test_he_keeps_the_signal_of_a_deep_relu_net_and_xavier_halves_it_at_each_layer(
    seed,
):
    assert abs(decades_per_layer(he_normal_, nn.ReLU, seed)) < LOG_STEP
    slope = decades_per_layer(xavier_normal_, nn.ReLU, seed)
    assert abs(slope - math.log10(1 / 2)) < LOG_STEP


@pytest.mark.parametrize("seed", range(0, 6, 2))
def test_xavier_keeps_the_signal_of_a_deep_linear_net_and_he_doubles_it(seed):
    for initialize in (xavier_normal_, xavier_uniform_):
        assert abs(decades_per_layer(initialize, nn.Identity, seed)) < LOG_STEP
    slope = decades_per_layer(he_normal_, nn.Identity, seed)
    assert abs(slope - math.log10(2)) < LOG_STEP


@pytest.mark.parametrize("seed", range(0, 6, 2))
def test_a_standard_deviation_of_one_hundredth_loses_the_signal(seed):
    slope = decades_per_layer(
        lambda net, generator: normal_(net, 0.01, generator), nn.ReLU, seed
    )
    assert abs(slope - math.log10(WIDTH * 0.01**2 / 2)) < LOG_STEP


def train_some(net):
    X, y = torch.randn(20, 4, generator=seeded(5)), torch.arange(20) % 3
    for _ in range(20):
        cross_entropy(net(X), y).backward()
        sgd_step(net.parameters(), lr=0.5)
    return net


def test_from_zeros_a_relu_net_learns_nothing_but_the_last_bias():
    net = train_some(zeros_(mlp((4, 5, 3))))
    assert not net[1].weight.any()
    assert not net[1].bias.any()
    assert not net[3].weight.any()
    assert net[3].bias.any()


def test_from_a_constant_the_hidden_units_stay_twins():
    net = train_some(constant_(mlp((4, 5, 3), activation=nn.Tanh), 0.1))
    W = net[1].weight
    assert (W != 0.1).any()
    assert torch.allclose(W, W[:1].expand_as(W))


def test_no_spread_and_no_gain_are_zeros_and_a_gain_below_one_shrinks():
    assert not normal_(nn.Linear(3, 2), 0.0).weight.any()
    assert not orthogonal_(nn.Linear(3, 2), 0.0).weight.any()
    W = orthogonal_(nn.Linear(3, 3), 0.5).weight
    torch.testing.assert_close(W @ W.T, torch.eye(3) / 4)


def test_gain_and_variance_are_one_unless_told():
    W = orthogonal_(nn.Linear(3, 3)).weight
    torch.testing.assert_close(W @ W.T, torch.eye(3))
    assert gaussian_moments(torch.tanh) == gaussian_moments(torch.tanh, 1.0)
    assert gain(torch.tanh) == gain(torch.tanh, 1.0)


MISTAKES = {
    "a negative spread": (
        lambda: normal_(nn.Linear(2, 2), -0.1),
        "std is a standard deviation, at least 0, got -0.1",
    ),
    "a spread that is no number": (
        lambda: normal_(nn.Linear(2, 2), math.nan),
        "std is a standard deviation, at least 0, got nan",
    ),
    "a negative scale": (
        lambda: variance_scaling_(nn.Linear(2, 2), -1.0),
        "scale is a variance times a count, at least 0, got -1.0",
    ),
    "an unknown mode": (
        lambda: variance_scaling_(nn.Linear(2, 2), 1.0, "in"),
        "mode is one of fan_in, fan_out, fan_avg, got 'in'",
    ),
    "a negative gain": (
        lambda: orthogonal_(nn.Linear(2, 2), -1.0),
        "gain is a singular value, at least 0, got -1.0",
    ),
    "a variance of zero": (
        lambda: gaussian_moments(relu, 0.0),
        "q is a variance, positive and finite, got 0.0",
    ),
    "an infinite variance": (
        lambda: gain(relu, math.inf),
        "q is a variance, positive and finite, got inf",
    ),
    "a net by hand": (
        lambda: he_normal_(ScratchMLP(4, 2, 3)),
        r"net must contain an nn.Linear, got ScratchMLP\(",
    ),
    "a net without layers": (
        lambda: zeros_(nn.ReLU()),
        r"net must contain an nn.Linear, got ReLU\(\)",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named(name):
    call, message = MISTAKES[name]
    with pytest.raises(ValueError, match=f"^{message}"):
        call()
