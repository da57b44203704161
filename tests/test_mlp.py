import math
from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.testing import assert_close

from d2lnotes.losses import cross_entropy
from d2lnotes.mlp import (
    ScratchMLP,
    copy_weights,
    mlp,
    num_parameters,
    softmax_regression,
)


def seeded(seed):
    return torch.Generator().manual_seed(seed)


def reference(num_inputs, num_outputs, num_hiddens):
    """The same network in PyTorch's own words."""
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(num_inputs, num_hiddens),
        nn.ReLU(),
        nn.Linear(num_hiddens, num_outputs),
    )


NOISE = torch.randn(6, 1, 3, 4, generator=seeded(0))
INPUTS = {
    "images": NOISE,
    "rows": NOISE.flatten(1),
    # float64: near 1000 the rounding of float32 would decide, by the weights of the day
    "shifted by 1000": NOISE.double() + 1000,
    "constant": torch.full((6, 12), 0.3),
    "batch of one": NOISE[:1],
    "float64": NOISE.double(),
}


@pytest.mark.parametrize("name", INPUTS)
def test_the_network_by_hand_has_outputs_and_gradients_of_pytorchs(name):
    torch.manual_seed(0)
    X = INPUTS[name]
    y = torch.arange(len(X)) % 5
    theirs = reference(12, 5, 7).to(X.dtype)
    ours = ScratchMLP(12, 5, 7).to(X.dtype)
    copy_weights(theirs, ours)
    assert_close(ours(X), theirs(X))
    cross_entropy(ours(X), y).backward()
    nn.CrossEntropyLoss()(theirs(X), y).backward()
    hidden, output = theirs[1], theirs[3]
    assert_close(ours.W1.grad, hidden.weight.grad.T)
    assert_close(ours.b1.grad, hidden.bias.grad)
    assert_close(ours.W2.grad, output.weight.grad.T)
    assert_close(ours.b2.grad, output.bias.grad)


def test_the_network_by_hand_worked_by_hand():
    net = ScratchMLP(2, 1, 2)
    with torch.no_grad():
        net.W1.copy_(torch.tensor([[1.0, 1.0], [1.0, 1.0]]))
        net.b1.copy_(torch.tensor([0.0, -1.0]))
        net.W2.copy_(torch.tensor([[1.0], [-2.0]]))
    # relu(s) - 2 relu(s - 1) of s = x1 + x2: the exclusive or
    X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    assert net(X).tolist() == [[0.0], [1.0], [1.0], [0.0]]


def test_the_gradient_is_that_of_finite_differences():
    net = ScratchMLP(4, 3, 5, std=1.0, generator=seeded(1)).double()
    X = torch.randn(2, 4, generator=seeded(2), dtype=torch.float64)
    names = [name for name, _ in net.named_parameters()]

    def forward(*values):
        return torch.func.functional_call(net, dict(zip(names, values, strict=True)), X)

    assert torch.autograd.gradcheck(forward, tuple(net.parameters()))


def test_the_parameters_are_four_in_the_order_of_the_page():
    net = ScratchMLP(784, 10, 256)
    shapes = {name: tuple(value.shape) for name, value in net.named_parameters()}
    assert list(shapes) == ["W1", "b1", "W2", "b2"]
    assert shapes == {"W1": (784, 256), "b1": (256,), "W2": (256, 10), "b2": (10,)}
    assert all(type(value) is nn.Parameter for value in net.parameters())


def test_the_start_by_hand_makes_the_draws_of_the_page():
    torch.manual_seed(3)
    W1 = torch.randn(12, 7) * 0.01
    W2 = torch.randn(7, 5) * 0.01
    torch.manual_seed(3)
    net = ScratchMLP(12, 5, 7)
    assert torch.equal(net.W1, W1)
    assert torch.equal(net.W2, W2)
    assert not net.b1.any()
    assert not net.b2.any()


def test_the_default_start_makes_the_draws_of_nn_linear():
    torch.manual_seed(4)
    theirs = reference(12, 5, 7)
    state = torch.get_rng_state()
    torch.manual_seed(4)
    ours = mlp((12, 7, 5))
    assert torch.equal(torch.get_rng_state(), state)
    for mine, yours in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert torch.equal(mine, yours)
    for mine, yours in zip(
        mlp((12, 7, 5), generator=seeded(4)).parameters(),
        ours.parameters(),
        strict=True,
    ):
        assert torch.equal(mine, yours)


BUILDERS = {
    "by hand": lambda generator: ScratchMLP(12, 5, 7, generator=generator),
    "mlp": lambda generator: mlp((12, 7, 5), generator=generator),
    "mlp with std": lambda generator: mlp((12, 7, 5), std=0.1, generator=generator),
    "softmax": lambda generator: softmax_regression(12, 5, generator=generator),
}


@pytest.mark.parametrize("build", BUILDERS.values(), ids=BUILDERS)
def test_a_generator_decides_all_and_the_global_one_stays_where_it_is(build):
    state = torch.get_rng_state()
    first, again, other = (list(build(seeded(s)).parameters()) for s in (5, 5, 6))
    assert torch.equal(torch.get_rng_state(), state)
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert not torch.equal(first[0], other[0])


@pytest.mark.parametrize("std", [0.01, 0.5])
def test_the_start_has_the_standard_deviation_that_was_asked_for(std):
    nets = {
        "by hand": ScratchMLP(300, 10, 300, std=std, generator=seeded(7)).W1,
        "mlp": mlp((300, 300, 10), std=std, generator=seeded(7))[1].weight,
        "softmax": softmax_regression(300, 300, std=std, generator=seeded(7))[1].weight,
    }
    standard_error = std / math.sqrt(2 * 300 * 300)
    for name, W in nets.items():
        assert abs(W.std().item() - std) < 5 * standard_error, name
        assert abs(W.mean().item()) < 5 * std / 300, name


def test_with_std_the_biases_start_at_zero():
    net = mlp((4, 3, 2), std=0.1)
    assert not net[1].bias.any()
    assert not net[3].bias.any()


def test_softmax_regression_is_one_affine_map():
    net = softmax_regression(12, 5, generator=seeded(8))
    layer = net[1]
    assert [type(part) for part in net] == [nn.Flatten, nn.Linear]
    assert_close(net(NOISE), NOISE.flatten(1) @ layer.weight.T + layer.bias)


def test_an_mlp_has_its_activation_between_its_layers_only():
    net = mlp((12, 7, 6, 5), activation=nn.Tanh)
    kinds = [nn.Flatten, nn.Linear, nn.Tanh, nn.Linear, nn.Tanh, nn.Linear]
    assert [type(part) for part in net] == kinds
    assert net[2] is not net[4]
    assert net(NOISE).shape == (6, 5)


@given(st.lists(st.integers(1, 6), min_size=2, max_size=5))
def test_the_number_of_parameters_is_the_sum_over_the_layers(sizes):
    count = sum((a + 1) * b for a, b in pairwise(sizes))
    assert num_parameters(mlp(sizes)) == count
    if len(sizes) == 3:
        assert num_parameters(ScratchMLP(sizes[0], sizes[2], sizes[1])) == count


def test_the_network_of_the_course_has_203_530_parameters():
    by_hand = 784 * 256 + 256 + 256 * 10 + 10
    assert by_hand == 203_530
    assert num_parameters(ScratchMLP(784, 10, 256)) == by_hand
    assert num_parameters(mlp((784, 256, 10))) == by_hand


@pytest.mark.parametrize("source", ["by hand", "mlp"])
@pytest.mark.parametrize("target", ["by hand", "mlp"])
def test_weights_are_copied_either_way_and_not_shared(source, target):
    source = BUILDERS[source](seeded(9))
    target = BUILDERS[target](seeded(10))
    X = NOISE
    assert not torch.allclose(source(X), target(X))
    copy_weights(source, target)
    assert_close(source(X), target(X))
    assert all(value.requires_grad for value in target.parameters())
    before = source(X)
    with torch.no_grad():
        for value in target.parameters():
            value.add_(1.0)
    assert torch.equal(source(X), before)


def test_a_square_layer_is_transposed_too():
    source, target = ScratchMLP(4, 4, 4, std=1.0), mlp((4, 4, 4))
    copy_weights(source, target)
    assert torch.equal(target[1].weight, source.W1.T)


def test_a_copy_that_does_not_fit_changes_nothing():
    source, target = mlp((12, 7, 5)), ScratchMLP(12, 4, 7)
    before = [value.clone() for value in target.parameters()]
    with pytest.raises(ValueError, match="same layers"):
        copy_weights(source, target)
    for value, old in zip(target.parameters(), before, strict=True):
        assert torch.equal(value, old)


def test_deeper_networks_copy_too():
    source, target = mlp((12, 7, 6, 5)), mlp((12, 7, 6, 5), std=0.01)
    copy_weights(source, target)
    assert_close(source(NOISE), target(NOISE))


MISTAKES = {
    "one size": (
        lambda: mlp((784,)),
        ValueError,
        r"at least two sizes \(inputs, …, outputs\), each at least 1, got \(784,\)",
    ),
    "an empty layer": (
        lambda: mlp((784, 0, 10)),
        ValueError,
        r"each at least 1, got \(784, 0, 10\)",
    ),
    "no hidden units": (
        lambda: ScratchMLP(784, 10, 0),
        ValueError,
        r"each at least 1, got \(784, 0, 10\)",
    ),
    "a negative spread by hand": (
        lambda: ScratchMLP(4, 2, 3, std=-1.0),
        ValueError,
        "std is a standard deviation, at least 0, got -1.0",
    ),
    "a negative spread": (
        lambda: softmax_regression(4, 2, std=-1.0),
        ValueError,
        "std is a standard deviation, at least 0, got -1.0",
    ),
    "a spread that is no number": (
        lambda: mlp((4, 2), std=math.nan),
        ValueError,
        "std is a standard deviation, at least 0, got nan",
    ),
    "a layer for an activation": (
        lambda: mlp((4, 3, 2), activation=nn.ReLU()),
        TypeError,
        r"activation is a class such as nn.ReLU, got the layer ReLU\(\)",
    ),
    "a copy between different layers": (
        lambda: copy_weights(mlp((4, 3, 2)), ScratchMLP(4, 2, 5)),
        ValueError,
        r"got \[\(4, 3\), \(3, 2\)\] and \[\(4, 5\), \(5, 2\)\]",
    ),
    "a copy from a layer without bias": (
        lambda: copy_weights(nn.Linear(2, 2, bias=False), nn.Linear(2, 2)),
        ValueError,
        "source must have a bias in every layer, got Linear",
    ),
    "a copy into a layer without bias": (
        lambda: copy_weights(nn.Linear(2, 2), nn.Linear(2, 2, bias=False)),
        ValueError,
        "target must have a bias in every layer, got Linear",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named(name):
    call, error, message = MISTAKES[name]
    with pytest.raises(error, match=message):
        call()
