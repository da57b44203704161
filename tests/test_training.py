import io
import math
import sys
import time

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.testing import assert_close
from torch.utils.data import DataLoader, TensorDataset

from d2lnotes.data import TensorBatches
from d2lnotes.losses import cross_entropy, squared_loss
from d2lnotes.metrics import evaluate_accuracy
from d2lnotes.mlp import ScratchMLP, copy_weights, mlp
from d2lnotes.training import History, fit, sgd_step, train_epoch


def seeded(seed):
    return torch.Generator().manual_seed(seed)


def three_classes(n=50, seed=0):
    """Three clouds in the plane, a little mixed."""
    y = torch.randint(3, (n,), generator=seeded(seed))
    X = torch.randn(n, 2, generator=seeded(seed + 1)) + 2 * torch.eye(3)[y][:, :2]
    return X, y


def batches(*, batch_size=16, shuffle=False, seed=0):
    return TensorBatches(
        *three_classes(), batch_size, shuffle=shuffle, generator=seeded(seed)
    )


def train_as_in_the_course(net, train_iter, test_iter, num_epochs, optimizer):
    """The loop of the course: losses per example, sums as plain numbers."""
    loss = nn.CrossEntropyLoss(reduction="none")
    rows = []
    for _ in range(num_epochs):
        net.train()
        total_loss, right, n = 0.0, 0.0, 0
        for X, y in train_iter:
            y_hat = net(X)
            values = loss(y_hat, y)
            optimizer.zero_grad()
            values.mean().backward()
            optimizer.step()
            total_loss += float(values.detach().sum())
            right += float((y_hat.argmax(axis=1).type(y.dtype) == y).sum())
            n += y.numel()
        net.eval()
        with torch.no_grad():
            test = [(net(X).argmax(axis=1) == y).float() for X, y in test_iter]
        rows.append((total_loss / n, right / n, torch.cat(test).mean().item()))
    return rows


# One step ----------------------------------------------------------------------------


def test_a_step_worked_by_hand():
    w = torch.tensor([1.0, -2.0], requires_grad=True)
    (w @ torch.tensor([3.0, 4.0])).backward()  # gradient (3, 4)
    sgd_step([w], lr=0.5)
    assert w.tolist() == [-0.5, -4.0]
    assert w.grad.tolist() == [0.0, 0.0]
    sgd_step([w], lr=0.5)  # nothing is left over from the first step
    assert w.tolist() == [-0.5, -4.0]


def test_steps_are_those_of_torch():
    ours, theirs = mlp((2, 4, 3), generator=seeded(1)), mlp((2, 4, 3))
    copy_weights(ours, theirs)
    optimizer = torch.optim.SGD(theirs.parameters(), lr=0.3)
    for X, y in batches():
        cross_entropy(ours(X), y).backward()
        sgd_step(ours.parameters(), lr=0.3)
        optimizer.zero_grad()
        cross_entropy(theirs(X), y).backward()
        optimizer.step()
    for mine, yours in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert_close(mine, yours)


def test_a_parameter_without_gradient_stays_where_it_is():
    w, frozen = torch.ones(1, requires_grad=True), torch.ones(1)
    w.sum().backward()
    sgd_step([frozen, w], lr=0.25)
    assert (frozen.item(), w.item()) == (1.0, 0.75)


@given(st.floats(-100, 100), st.floats(0, 1.99))
def test_a_step_on_a_parabola_goes_downhill(start, lr):
    w = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    before = squared_loss(w, torch.zeros_like(w))
    before.backward()
    sgd_step([w], lr)
    assert_close(w.item(), (1 - lr) * start)
    assert squared_loss(w, torch.zeros_like(w)).item() <= before.item() * (1 + 1e-12)


# One epoch ---------------------------------------------------------------------------


def test_an_epoch_worked_by_hand():
    # y = w x from w = 0, two batches, halves of squares, lr 1.
    # Batch (x, y) = (1, 2), (1, 4): losses 2 and 8, gradient -(2 + 4) / 2, w = 3.
    # Batch (x, y) = (2, 6): loss 0. Mean over three examples: 10 / 3.
    net = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(net.weight)
    data = [
        (torch.tensor([[1.0], [1.0]]), torch.tensor([[2.0], [4.0]])),
        (torch.tensor([[2.0]]), torch.tensor([[6.0]])),
    ]
    optimizer = torch.optim.SGD(net.parameters(), lr=1.0)
    loss, accuracy = train_epoch(net, data, squared_loss, optimizer)
    assert loss == pytest.approx(10 / 3)
    assert accuracy is None
    assert net.weight.item() == 3.0


def test_the_accuracy_of_an_epoch_is_that_of_the_answers_before_each_step():
    net = nn.Linear(1, 2)
    nn.init.zeros_(net.weight)
    nn.init.zeros_(net.bias)  # says class 0 first, and class 1 ever after
    data = [(torch.ones(3, 1), torch.ones(3, dtype=torch.int64))] * 2
    optimizer = torch.optim.SGD(net.parameters(), lr=100.0)
    loss, accuracy = train_epoch(net, data, cross_entropy, optimizer)
    assert accuracy == 0.5
    assert loss == pytest.approx(math.log(2) / 2)
    assert type(loss) is type(accuracy) is float


def test_an_epoch_puts_the_net_into_training_mode():
    net = nn.Sequential(nn.Dropout(0.5), nn.Linear(2, 3)).eval()
    train_epoch(
        net, batches(), cross_entropy, torch.optim.SGD(net.parameters(), lr=0.1)
    )
    assert net[0].training


# Many epochs -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "build", [ScratchMLP, lambda d, q, h, **kw: mlp((d, h, q), **kw)]
)
def test_fit_is_the_loop_of_the_course_over_a_dataloader(build):
    X, y = three_classes()
    ours, theirs = (build(2, 3, 8, std=0.5, generator=seeded(2)) for _ in range(2))
    history = fit(ours, batches(shuffle=True, seed=3), batches(), num_epochs=5, lr=0.2)
    rows = train_as_in_the_course(
        theirs,
        DataLoader(TensorDataset(X, y), 16, shuffle=True, generator=seeded(3)),
        DataLoader(TensorDataset(X, y), 16),
        5,
        torch.optim.SGD(theirs.parameters(), lr=0.2),
    )
    got = [history.train_loss, history.train_accuracy, history.test_accuracy]
    assert_close(torch.tensor(got).T, torch.tensor(rows))
    for mine, yours in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert_close(mine, yours)


def test_with_the_loss_of_the_course_its_weights_come_out_bit_for_bit():
    ours, theirs = (mlp((2, 8, 3), generator=seeded(2)) for _ in range(2))
    loss = nn.CrossEntropyLoss(reduction="none")
    fit(ours, batches(shuffle=True), batches(), num_epochs=5, lr=0.2, loss=loss)
    data = TensorDataset(*three_classes())
    train_as_in_the_course(
        theirs,
        DataLoader(data, 16, shuffle=True, generator=seeded(0)),
        DataLoader(data, 16),
        5,
        torch.optim.SGD(theirs.parameters(), lr=0.2),
    )
    assert all(map(torch.equal, ours.parameters(), theirs.parameters()))


def test_the_steps_of_a_rate_are_those_of_torchs_optimizer_bit_for_bit():
    ours, theirs = (mlp((2, 8, 3), generator=seeded(2)) for _ in range(2))
    ours[1].bias.requires_grad_(False)  # a parameter without a gradient stays
    theirs[1].bias.requires_grad_(False)
    sgd = torch.optim.SGD(theirs.parameters(), lr=0.3)
    fit(ours, batches(), num_epochs=3, lr=0.3)
    fit(theirs, batches(), num_epochs=3, optimizer=sgd)
    assert all(map(torch.equal, ours.parameters(), theirs.parameters()))


def test_one_seed_gives_one_history_and_another_seed_another():
    losses = []
    for seed in (4, 4, 5):
        torch.manual_seed(seed)
        train = TensorBatches(*three_classes(), 8, shuffle=True)
        losses.append(fit(mlp((2, 8, 3)), train, num_epochs=3, lr=0.5).train_loss)
    assert losses[0] == losses[1] != losses[2]


def test_the_two_networks_by_hand_and_by_layers_learn_alike():
    by_hand, by_layers = (
        ScratchMLP(2, 3, 8, std=0.5, generator=seeded(6)),
        mlp((2, 8, 3)),
    )
    copy_weights(by_hand, by_layers)
    histories = [
        fit(net, batches(), batches(), num_epochs=10, lr=0.2)
        for net in (by_hand, by_layers)
    ]
    first, second = (torch.tensor(history.train_loss) for history in histories)
    assert_close(first, second)
    assert histories[0].test_accuracy == histories[1].test_accuracy
    assert first[-1] < 0.7 * first[0]


def test_a_history_holds_one_plain_number_per_epoch():
    start = time.perf_counter()
    history = fit(mlp((2, 3)), batches(), batches(), num_epochs=4, lr=0.1)
    measured_s = time.perf_counter() - start
    for values in vars(history).values():
        assert len(values) == 4
        assert all(type(value) is float for value in values)
    assert history.elapsed_s == sorted(history.elapsed_s)
    assert 0 < history.elapsed_s[0] < history.elapsed_s[-1] <= measured_s


def test_the_test_accuracy_is_that_after_the_epoch():
    net = mlp((2, 3), generator=seeded(7))
    history = fit(net, batches(), batches(), num_epochs=3, lr=0.5)
    assert history.test_accuracy[-1] == evaluate_accuracy(net, batches())


def test_without_test_batches_there_is_no_test_accuracy():
    history = fit(mlp((2, 3)), batches(), num_epochs=2, lr=0.1)
    assert history.test_accuracy == []
    assert len(history.train_accuracy) == 2


def test_a_regression_has_losses_only():
    X = torch.linspace(-1, 1, 20).unsqueeze(1)
    y = 3 * X + 1
    net = nn.Linear(1, 1)
    history = fit(net, [(X, y)], num_epochs=200, lr=0.5, loss=squared_loss)
    assert history.train_accuracy == history.test_accuracy == []
    assert_close(net.weight.item(), 3.0, rtol=0, atol=1e-3)
    assert_close(net.bias.item(), 1.0, rtol=0, atol=1e-3)


LOSSES = {
    "torch's mean": nn.CrossEntropyLoss(),
    "torch's per example": nn.CrossEntropyLoss(reduction="none"),
    "ours per example": lambda O, y: cross_entropy(O, y, "none"),  # noqa: E741
}


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_a_loss_may_give_the_mean_or_one_value_per_example(loss):
    expected = fit(
        mlp((2, 3), std=0.1, generator=seeded(8)), batches(), num_epochs=3, lr=1
    )
    net = mlp((2, 3), std=0.1, generator=seeded(8))
    history = fit(net, batches(), num_epochs=3, lr=1, loss=loss)
    assert history.train_loss == pytest.approx(expected.train_loss, rel=1e-5)


def test_any_optimizer_will_do():
    X, y = three_classes()
    ours, theirs = (
        mlp((2, 8, 3), generator=seeded(9)),
        mlp((2, 8, 3), generator=seeded(9)),
    )
    fit(
        ours,
        [(X, y)],
        num_epochs=20,
        optimizer=torch.optim.Adam(ours.parameters(), 0.05),
    )
    adam = torch.optim.Adam(theirs.parameters(), 0.05)
    for _ in range(20):
        adam.zero_grad()
        nn.functional.cross_entropy(theirs(X), y).backward()
        adam.step()
    for mine, yours in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert_close(mine, yours)


def test_a_learning_rate_of_zero_changes_nothing():
    net = mlp((2, 3), generator=seeded(10))
    before = [value.clone() for value in net.parameters()]
    history = fit(net, batches(), num_epochs=2, lr=0)
    assert history.train_loss[0] == history.train_loss[1]
    assert all(map(torch.equal, net.parameters(), before))


def test_float64_is_trained_as_it_is():
    X, y = three_classes()
    net = mlp((2, 8, 3)).double()
    fit(net, [(X.double(), y)], [(X.double(), y)], num_epochs=2, lr=0.1)
    assert {value.dtype for value in net.parameters()} == {torch.float64}


def test_a_frozen_layer_stays_frozen():
    net = mlp((2, 8, 3), generator=seeded(11))
    net[1].requires_grad_(False)
    before = [value.clone() for value in net.parameters()]
    fit(net, batches(), num_epochs=1, lr=0.1)
    changed = [
        not torch.equal(*pair) for pair in zip(net.parameters(), before, strict=True)
    ]
    assert changed == [False, False, True, True]


def test_a_callback_sees_each_epoch_with_the_history_so_far():
    seen = []
    history = fit(
        mlp((2, 3)),
        batches(),
        batches(),
        num_epochs=3,
        lr=0.1,
        on_epoch=lambda epoch, h: seen.append((epoch, len(h.test_accuracy), h)),
    )
    assert [row[:2] for row in seen] == [(1, 1), (2, 2), (3, 3)]
    assert all(row[2] is history for row in seen)


def test_training_that_explodes_is_recorded_and_not_hidden():
    X = torch.full((4, 1), 1e4)
    history = fit(nn.Linear(1, 1), [(X, X)], num_epochs=30, lr=1.0, loss=squared_loss)
    assert not math.isfinite(history.train_loss[-1])


# What one sees of it -----------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_nothing_is_written_where_nobody_watches(capfd):
    fit(mlp((2, 3)), batches(), batches(), num_epochs=2, lr=0.1)
    assert capfd.readouterr() == ("", "")


def test_a_terminal_gets_one_line_that_is_overwritten(monkeypatch, capsys):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    history = fit(mlp((2, 3)), batches(), batches(), num_epochs=4, lr=0.1)
    text = terminal.getvalue()
    lines = text.split("\r")
    assert text.count("\n") == 1
    assert text.endswith("\n")
    assert lines[0] == ""
    assert lines[1].startswith("[#####...............] epoch 1/4  loss ")
    assert lines[4].startswith("[####################] epoch 4/4  loss ")
    assert f"loss {history.train_loss[-1]:.4f}" in lines[4]
    assert f"test accuracy {history.test_accuracy[-1]:.3f}" in lines[4]
    assert capsys.readouterr().out == ""


def test_the_bar_can_be_asked_for_and_forbidden(monkeypatch, capsys):
    fit(mlp((2, 3)), batches(), num_epochs=1, lr=0.1, progress=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert "epoch 1/1  loss" in err
    assert "accuracy" not in err
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    fit(mlp((2, 3)), batches(), num_epochs=1, lr=0.1, progress=False)
    assert terminal.getvalue() == ""


def test_the_bar_changes_no_result(capsys):
    histories = [
        fit(
            mlp((2, 3), generator=seeded(12)),
            batches(),
            num_epochs=2,
            lr=0.1,
            progress=p,
        )
        for p in (True, False)
    ]
    assert histories[0].train_loss == histories[1].train_loss


def test_histories_do_not_share_their_lists():
    History().train_loss.append(1.0)
    assert History().train_loss == []


def a_generator_of_batches():
    return iter(list(batches()))


MISTAKES = {
    "neither rate nor optimizer": (
        lambda: fit(mlp((2, 3)), batches(), num_epochs=1),
        ValueError,
        "give exactly one of lr and optimizer, got neither",
    ),
    "both": (
        lambda: fit(
            net := mlp((2, 3)),
            batches(),
            num_epochs=1,
            lr=0.1,
            optimizer=torch.optim.SGD(net.parameters(), lr=0.1),
        ),
        ValueError,
        "give exactly one of lr and optimizer, got both",
    ),
    "no epochs": (
        lambda: fit(mlp((2, 3)), batches(), num_epochs=0, lr=0.1),
        ValueError,
        "num_epochs is at least 1, got 0",
    ),
    "uphill": (
        lambda: fit(mlp((2, 3)), batches(), num_epochs=1, lr=-0.1),
        ValueError,
        "lr is a learning rate, at least 0, got -0.1",
    ),
    "one step uphill": (
        lambda: sgd_step([torch.ones(1)], lr=math.nan),
        ValueError,
        "lr is a learning rate, at least 0, got nan",
    ),
    "no batches": (
        lambda: fit(mlp((2, 3)), [], num_epochs=1, lr=0.1),
        ValueError,
        "batches is empty; a generator is used up after one epoch, a list is not",
    ),
    "batches that are used up": (
        lambda: fit(mlp((2, 3)), a_generator_of_batches(), num_epochs=2, lr=0.1),
        ValueError,
        "batches is empty; a generator is used up after one epoch, a list is not",
    ),
    "test batches that are used up": (
        lambda: fit(
            mlp((2, 3)), batches(), a_generator_of_batches(), num_epochs=2, lr=0.1
        ),
        ValueError,
        "batches is empty: there is no example to average over",
    ),
    "a single parameter": (
        lambda: sgd_step(torch.ones(2), lr=0.1),
        TypeError,
        r"params is a list of tensors, got one tensor; write \[w\]",
    ),
    "layers for parameters": (
        lambda: sgd_step(mlp((2, 3)), lr=0.1),
        TypeError,
        "params holds tensors, got Flatten",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named(name):
    call, error, message = MISTAKES[name]
    with pytest.raises(error, match=message):
        call()
