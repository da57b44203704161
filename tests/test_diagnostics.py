import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from d2lnotes.diagnostics import LayerScales, _rms, first_nonfinite, layer_scales
from d2lnotes.losses import cross_entropy
from d2lnotes.mlp import mlp


def seeded(seed):
    return torch.Generator().manual_seed(seed)


def batch(n=8, d=6, seed=0):
    X = torch.randn(n, d, generator=seeded(seed))
    return X, torch.arange(n) % 3


def hooks_left(net):
    return sum(len(layer._forward_hooks) for layer in net.modules())


# layer_scales -------------------------------------------------------------------------


def test_two_layers_worked_by_hand():
    net = nn.Sequential(nn.Linear(1, 2, bias=False), nn.ReLU(), nn.Linear(2, 1, False))
    net[0].weight.data = torch.tensor([[3.0], [-4.0]])
    net[2].weight.data = torch.tensor([[5.0, 7.0]])
    # x = 2: z = (6, -8), h = (6, 0), o = 30; dL/do = 1, dL/dh = (5, 7), dL/dz = (5, 0)
    scales = layer_scales(net, torch.tensor([[2.0]]), loss=torch.sum)
    assert scales.names == ["0 Linear", "1 ReLU", "2 Linear"]
    expected = [math.sqrt(50), math.sqrt(18), 30.0]
    assert scales.activations == pytest.approx(expected)
    expected = [math.sqrt(12.5), math.sqrt(37), 1.0]
    assert scales.gradients == pytest.approx(expected)


@pytest.mark.parametrize("activation", [nn.ReLU, nn.Tanh, nn.Sigmoid])
def test_scales_are_those_of_a_forward_and_backward_pass_by_hand(activation):
    X, y = batch()
    net = mlp((6, 5, 4, 3), activation=activation, generator=seeded(1))
    outputs, H = [], X.clone().requires_grad_()
    for layer in net:
        H = layer(H)
        H.retain_grad()
        outputs.append(H)
    cross_entropy(H, y).backward()
    scales = layer_scales(net, X, y, cross_entropy)
    assert scales.names == [
        f"{i} {type(layer).__name__}" for i, layer in enumerate(net)
    ]
    for i, out in enumerate(outputs):
        value = out.square().mean().sqrt().item()
        assert scales.activations[i] == pytest.approx(value, rel=1e-5)
        value = out.grad.square().mean().sqrt().item()
        assert scales.gradients[i] == pytest.approx(value, rel=1e-5)


def test_a_layer_that_works_in_place_hides_nothing():
    X, y = batch()
    net = nn.Sequential(nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 3))
    expected = layer_scales(net, X, y, cross_entropy)
    net[1].inplace = True
    assert layer_scales(net, X, y, cross_entropy) == expected


def test_a_first_layer_may_work_in_place():
    X, y = batch(d=3)
    before = X.clone()
    scales = layer_scales(nn.ReLU(inplace=True), X, y, cross_entropy)
    assert scales == layer_scales(nn.ReLU(), X, y, cross_entropy)
    assert torch.equal(X, before)


def test_without_a_loss_there_are_no_gradients_and_no_graph():
    X, _ = batch()
    scales = layer_scales(mlp((6, 5, 3)), X)
    assert len(scales.activations) == 4
    assert scales.gradients == []


def test_kinds_choose_the_layers():
    X, y = batch()
    net = mlp((6, 5, 4, 3), generator=seeded(2))
    every = layer_scales(net, X, y, cross_entropy)
    some = layer_scales(net, X, y, cross_entropy, kinds=nn.Linear)
    assert some.names == ["1 Linear", "3 Linear", "5 Linear"]
    assert some.activations == every.activations[1::2]
    assert some.gradients == every.gradients[1::2]
    both = layer_scales(net, X, kinds=(nn.Linear, nn.ReLU))
    assert both.names == every.names[1:]


def test_nothing_in_the_network_is_changed():
    X, y = batch()
    net = nn.Sequential(nn.Linear(6, 5), nn.BatchNorm1d(5), nn.ReLU(), nn.Linear(5, 3))
    cross_entropy(net(X), y).backward()
    state = {key: value.clone() for key, value in net.state_dict().items()}
    before = [p.grad.clone() for p in net.parameters()]
    input_before = X.clone()
    layer_scales(net, X, y, cross_entropy)
    layer_scales(net, X)
    assert first_nonfinite(net, X) is None
    assert net.training
    assert hooks_left(net) == 0
    assert all(torch.equal(net.state_dict()[key], state[key]) for key in state)
    grads = [p.grad for p in net.parameters()]
    assert all(torch.equal(a, b) for a, b in zip(grads, before, strict=True))
    assert torch.equal(X, input_before)
    assert not X.requires_grad


def test_gradients_are_measured_inside_no_grad_too():
    X, y = batch()
    net = mlp((6, 5, 3), generator=seeded(3))
    expected = layer_scales(net, X, y, cross_entropy)
    with torch.no_grad():
        assert layer_scales(net, X, y, cross_entropy) == expected
    for parameter in net.parameters():  # frozen: gradients still reach the outputs
        parameter.requires_grad_(False)
    assert layer_scales(net, X, y, cross_entropy) == expected


def test_a_layer_called_twice_is_recorded_twice():
    layer = nn.Linear(2, 2, bias=False)
    layer.weight.data = 2 * torch.eye(2)
    scales = layer_scales(nn.Sequential(layer, layer), torch.ones(1, 2), loss=torch.sum)
    assert scales == LayerScales(["0 Linear"] * 2, [2.0, 4.0], [2.0, 1.0])


def test_a_single_layer_is_a_network():
    assert layer_scales(nn.ReLU(), torch.ones(3)).names == ["ReLU"]


class Detour(nn.Module):
    """One branch that the result ignores, one output that is a pair, one of integers."""

    def __init__(self):
        super().__init__()
        self.used, self.unused = nn.Linear(2, 2), nn.Linear(2, 2)
        self.pair, self.embed = nn.LSTM(2, 2), nn.Embedding(3, 2)

    def forward(self, X):
        self.unused(X)
        self.pair(X)
        return self.used(X) + self.embed(torch.tensor([0]))


def test_unused_layers_have_gradient_zero_and_pairs_are_left_out():
    scales = layer_scales(Detour(), torch.ones(1, 2), loss=torch.sum)
    assert scales.names == ["unused Linear", "used Linear", "embed Embedding"]
    assert scales.gradients == [0.0, 1.0, 1.0]


def test_integers_go_in():
    net = nn.Sequential(nn.Embedding(3, 2), nn.Linear(2, 1))
    scales = layer_scales(net, torch.tensor([0, 2]), loss=torch.sum)
    assert scales.gradients[1] == 1.0
    assert len(scales.names) == 2


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_a_scale_does_not_overflow_where_its_square_would(dtype):
    top = torch.finfo(dtype).max
    values = torch.full((3,), top, dtype=dtype)
    assert _rms(values) == pytest.approx(top)
    tiny = torch.full((3,), torch.finfo(dtype).tiny, dtype=dtype)
    assert _rms(tiny) == pytest.approx(torch.finfo(dtype).tiny)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20), st.floats(1e-6, 1e6))
def test_a_scale_scales(values, factor):
    X = torch.tensor(values, dtype=torch.float64)
    assert _rms(factor * X) == pytest.approx(factor * _rms(X), rel=1e-9)
    assert _rms(X) <= X.abs().max().item() * (1 + 1e-12)


def test_nan_inf_and_nothing():
    assert math.isnan(_rms(torch.tensor([math.nan, math.inf, 1.0])))
    assert _rms(torch.tensor([-math.inf, 1.0])) == math.inf
    assert _rms(torch.zeros(0)) == 0.0


# first_nonfinite ----------------------------------------------------------------------


def test_the_first_bad_layer_is_named_not_the_ones_it_infects():
    X, _ = batch()
    net = mlp((6, 5, 4, 3), generator=seeded(4))
    assert first_nonfinite(net, X) is None
    net[3].weight.data[0, 0] = math.nan
    assert first_nonfinite(net, X) == "3 Linear"
    net[1].weight.data[0, 0] = math.inf
    assert first_nonfinite(net, X) == "1 Linear"


def test_a_bad_input_is_named_before_any_layer():
    X, _ = batch()
    X[0, 0] = math.inf
    assert first_nonfinite(mlp((6, 5, 3)), X) == "input"


class Outside(nn.Module):
    """Its NaN is made between the layers, where no hook sees it."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Identity()

    def forward(self, X):
        return self.layer(X).log()


def test_a_nan_that_no_layer_made_is_the_outputs():
    assert first_nonfinite(Outside(), -torch.ones(2)) == "output"
    assert first_nonfinite(Outside(), torch.ones(2)) is None


class Failing(nn.Module):
    def forward(self, X):
        raise RuntimeError("no such luck")


def test_a_network_that_fails_leaves_no_hook_and_keeps_a_found_answer():
    X = torch.ones(1, 1)
    net = nn.Sequential(nn.Linear(1, 1), Failing())
    for call in (layer_scales, first_nonfinite):
        with pytest.raises(RuntimeError, match="no such luck"):
            call(net, X)
        assert hooks_left(net) == 0
    net[0].weight.data.fill_(math.nan)
    assert first_nonfinite(net, X) == "0 Linear"


def frozen():
    net = nn.Sequential(nn.Embedding(3, 2), nn.Linear(2, 1))
    return net.requires_grad_(False)


MISTAKES = {
    "labels without a loss": (
        lambda: layer_scales(nn.ReLU(), torch.ones(2), torch.ones(2)),
        "y is for the loss to compare with, got y but no loss",
    ),
    "a loss per example": (
        lambda: layer_scales(nn.ReLU(), torch.ones(2, 3), loss=lambda out: out),
        r"loss gives a single number, got shape \(2, 3\); take its mean or sum",
    ),
    "integers into a frozen network": (
        lambda: layer_scales(frozen(), torch.tensor([0, 2]), loss=torch.sum),
        "does not; is everything frozen, or the output detached",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named(name):
    call, message = MISTAKES[name]
    with pytest.raises(ValueError, match=message):
        call()
