import copy
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from d2lnotes.regularization import Dropout, dropout

N = 200_000


def seeded(seed):
    return torch.Generator().manual_seed(seed)


@given(
    st.lists(st.integers(0, 4), min_size=0, max_size=3),
    st.floats(0, 0.99),
    st.sampled_from([torch.float32, torch.float64, torch.bfloat16]),
    st.integers(0, 2**32),
)
def test_an_entry_becomes_zero_or_is_rescaled(shape, p, dtype, seed):
    X = torch.randn(shape, generator=seeded(seed)).to(dtype)
    out = dropout(X, p, generator=seeded(seed))
    assert out.shape == X.shape
    assert out.dtype == dtype
    scale = torch.ones((), dtype=dtype) / (
        1 - p
    )  # rounded to the dtype, as is its product
    assert ((out == 0) | (out == X * scale)).all()


@pytest.mark.parametrize("p", [0.1, 0.2, 0.5, 0.9])
def test_dropout_keeps_the_mean_and_has_the_variance_of_the_formula(p):
    x = 2.0
    out = dropout(torch.full((N,), x), p, generator=seeded(0)).double()
    variance = x**2 * p / (1 - p)
    assert abs(out.mean().item() - x) < 5 * math.sqrt(variance / N)
    # of two values the fourth central moment is known: v^2 (1 - 3 p q) / (p q)
    q = 1 - p
    fourth = variance**2 * (1 - 3 * p * q) / (p * q)
    standard_error = math.sqrt((fourth - variance**2) / N)
    measured = ((out - x) ** 2).mean().item()  # at p = 1/2 every square is x^2
    assert abs(measured - variance) <= 5 * standard_error + 1e-6


@pytest.mark.parametrize("p", [0.2, 0.5])
def test_the_fraction_that_is_dropped_is_that_of_torch(p):
    torch.manual_seed(0)
    theirs = (nn.functional.dropout(torch.ones(N), p) == 0).double().mean().item()
    ours = (dropout(torch.ones(N), p, generator=seeded(0)) == 0).double().mean().item()
    assert abs(ours - theirs) < 5 * math.sqrt(2 * p * (1 - p) / N)


def test_the_gradient_has_the_mask_of_the_output():
    X = torch.randn(5, 4, dtype=torch.float64, generator=seeded(1)).requires_grad_()
    out = dropout(X, 0.25, generator=seeded(2))
    out.sum().backward()
    torch.testing.assert_close(X.grad, (out.detach() / X.detach()))
    assert torch.autograd.gradcheck(
        lambda X: dropout(X, 0.25, generator=seeded(2)), (X,)
    )


def test_entries_are_dropped_independently():
    kept = (dropout(torch.ones(N, 2), 0.5, generator=seeded(3)) != 0).double()
    correlation = torch.corrcoef(kept.T)[0, 1].item()
    assert abs(correlation) < 5 / math.sqrt(N)


def test_at_the_ends_nothing_and_everything_is_dropped():
    X = torch.tensor([1.0, -2.0, math.inf, math.nan])
    torch.testing.assert_close(dropout(X, 0.0), X, equal_nan=True, rtol=0, atol=0)
    assert torch.equal(dropout(X, 1.0), torch.zeros(4))


def test_no_gradient_comes_back_where_everything_is_dropped():
    X = torch.ones(3, requires_grad=True)
    (dropout(X, 1.0) + X).sum().backward()
    # 1 from the bare X; without the special case 0 * 1 / 0 would make it nan
    assert torch.equal(X.grad, torch.ones(3))


def test_an_infinite_entry_is_not_silenced():
    out = dropout(torch.full((100,), math.inf), 0.5, generator=seeded(4))
    assert out.isnan().any()
    assert out.isinf().any()
    assert not out.isfinite().any()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_the_result_has_the_dtype_of_the_input_and_its_precision(dtype):
    X = torch.full((100,), 3.0, dtype=dtype)
    out = dropout(X, 0.1, generator=seeded(4))
    assert out.dtype == dtype
    expected = torch.tensor(3.0, dtype=dtype) * (torch.tensor(1.0, dtype=dtype) / 0.9)
    assert (out[out != 0] == expected).all()


def test_probability_zero_keeps_an_entry_whose_draw_is_zero(monkeypatch):
    # torch.rand gives 0 once in 2^24 draws
    monkeypatch.setattr(torch, "rand", lambda shape, **kw: torch.zeros(shape))
    assert dropout(torch.ones(3), 0.0).tolist() == [1.0, 1.0, 1.0]


def test_the_mask_is_drawn_where_the_input_is():
    assert dropout(torch.ones(3, device="meta"), 0.5).device.type == "meta"


def test_the_input_is_not_changed():
    X = torch.ones(10)
    dropout(X, 0.5)
    assert torch.equal(X, torch.ones(10))


def test_a_generator_decides_all_and_the_global_one_stays_where_it_is():
    state = torch.get_rng_state()
    first, again, other = (
        dropout(torch.ones(50), 0.5, generator=seeded(s)) for s in (5, 5, 6)
    )
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize("p", [-0.1, 1.5, math.nan])
@pytest.mark.parametrize("make", [lambda p: dropout(torch.ones(2), p), Dropout])
def test_a_probability_outside_its_range_is_told(make, p):
    with pytest.raises(ValueError, match=rf"drop_prob .* \[0, 1\], got {p}"):
        make(p)


def test_integers_are_told():
    with pytest.raises(TypeError, match=r"X is of a floating dtype.*got torch\.int64"):
        dropout(torch.arange(3), 0.5)


def test_the_layer_drops_in_training_mode_only():
    net = nn.Sequential(nn.Flatten(), Dropout(0.5, generator=seeded(7)))
    X = torch.ones(4, 25)
    assert torch.equal(net(X), dropout(X, 0.5, generator=seeded(7)))
    assert net.eval()(X) is X
    assert (net.train()(X) == 0).any()


def test_the_layer_has_no_parameters_and_says_what_it_is():
    layer = Dropout(0.2)
    assert list(layer.parameters()) == []
    assert layer.state_dict() == {}
    assert repr(layer) == "Dropout(drop_prob=0.2)"


def test_a_copy_of_the_layer_draws_the_same_masks():
    layer = Dropout(0.5, generator=seeded(8))
    twin = copy.deepcopy(layer)
    X = torch.ones(50)
    assert torch.equal(layer(X), twin(X))


def test_networks_side_by_side_get_masks_of_their_own():
    X = torch.ones(3, 50)
    out = torch.func.vmap(lambda x: dropout(x, 0.5), randomness="different")(X)
    assert not torch.equal(out[0], out[1])
