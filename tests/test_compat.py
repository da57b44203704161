"""The course's names: signatures, returns and forms as its cells expect them."""

import inspect
import warnings
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from d2lnotes import compat as d2l
from d2lnotes.data import TensorBatches, load_fashion_mnist

SIGNATURES = {
    "Accumulator": "(n)",
    "Animator": (
        "(xlabel=None, ylabel=None, legend=None, xlim=None, ylim=None, xscale='linear',"
        " yscale='linear', fmts=('-', 'm--', 'g-.', 'r:'), nrows=1, ncols=1,"
        " figsize=(3.5, 2.5))"
    ),
    "Timer": "()",
    "accuracy": "(y_hat, y)",
    "evaluate_accuracy": "(net, data_iter)",
    "evaluate_loss": "(net, data_iter, loss)",
    "get_dataloader_workers": "()",
    "get_fashion_mnist_labels": "(labels)",
    "linreg": "(X, w, b)",
    "load_array": "(data_arrays, batch_size, is_train=True)",
    "load_data_fashion_mnist": "(batch_size, resize=None)",
    "plot": (
        "(X, Y=None, xlabel=None, ylabel=None, legend=None, xlim=None, ylim=None,"
        " xscale='linear', yscale='linear', fmts=('-', 'm--', 'g-.', 'r:'),"
        " figsize=(3.5, 2.5), axes=None)"
    ),
    "predict_ch3": "(net, test_iter, n=6)",
    "set_figsize": "(figsize=(3.5, 2.5))",
    "sgd": "(params, lr, batch_size)",
    "show_images": "(imgs, num_rows, num_cols, titles=None, scale=1.5)",
    "squared_loss": "(y_hat, y)",
    "synthetic_data": "(w, b, num_examples)",
    "train_ch3": "(net, train_iter, test_iter, loss, num_epochs, updater)",
    "train_epoch_ch3": "(net, train_iter, loss, updater)",
    "try_all_gpus": "()",
    "try_gpu": "(i=0)",
    "use_svg_display": "()",
}


def bare_signature(function) -> str:
    """The signature without annotations."""
    signature = inspect.signature(function)
    parameters = [
        p.replace(annotation=inspect.Parameter.empty)
        for p in signature.parameters.values()
    ]
    return str(
        signature.replace(
            parameters=parameters, return_annotation=inspect.Signature.empty
        )
    )


@pytest.mark.parametrize("name", SIGNATURES)
def test_a_name_has_the_courses_signature(name):
    assert bare_signature(getattr(d2l, name)) == SIGNATURES[name]


def test_set_axes_takes_its_arguments_in_the_courses_order():
    names = list(inspect.signature(d2l.set_axes).parameters)
    assert names[1:] == [
        *("xlabel", "ylabel", "xlim", "ylim", "xscale", "yscale", "legend")
    ]


@pytest.fixture
def images():
    g = torch.Generator().manual_seed(0)
    X = torch.rand(90, 1, 28, 28, generator=g)
    return X, torch.randint(10, (90,), generator=g)


def network(seed=0):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 16), nn.ReLU(), nn.Linear(16, 10))


# --- data ------------------------------------------------------------------------------
def test_load_array_gives_a_dataloaders_batches_bit_for_bit():
    X, y = torch.randn(23, 3), torch.randn(23, 1)
    torch.manual_seed(5)
    ours = [*d2l.load_array((X, y), 5), *d2l.load_array((X, y), 5, is_train=False)]
    torch.manual_seed(5)
    data = TensorDataset(X, y)
    theirs = [*DataLoader(data, 5, shuffle=True), *DataLoader(data, 5, shuffle=False)]
    for (X1, y1), (X2, y2) in zip(ours, theirs, strict=True):
        assert torch.equal(X1, X2)
        assert torch.equal(y1, y2)


def test_a_batch_is_a_list_and_prints_as_a_dataloaders():
    X, y = torch.arange(4.0).reshape(2, 2), torch.tensor([[1.0], [2.0]])
    ours = next(iter(d2l.load_array((X, y), 2, is_train=False)))
    assert repr(ours) == repr(next(iter(DataLoader(TensorDataset(X, y), 2))))


def test_load_array_wants_features_and_labels():
    with pytest.raises(
        ValueError, match=r"^data_arrays holds features and labels, got 1 tensors$"
    ):
        d2l.load_array((torch.ones(2),), 1)


def test_synthetic_data_is_a_linear_model_with_little_noise():
    torch.manual_seed(0)
    w = torch.tensor([2, -3.4])
    X, y = d2l.synthetic_data(w, 4.2, 1000)
    assert (X.shape, y.shape) == ((1000, 2), (1000, 1))
    noise = y.flatten() - X @ w - 4.2
    assert abs(noise.std() - 0.01) < 0.002


def test_the_noise_is_the_courses_whatever_ours_is(monkeypatch):
    asked = []
    monkeypatch.setattr(d2l, "synthetic_linear", lambda *a, **kw: asked.append((a, kw)))
    d2l.synthetic_data("w", "b", 5)
    assert asked == [(("w", "b", 5), {"noise": 0.01})]


def test_fashion_mnist_comes_in_batches_of_images(monkeypatch):
    monkeypatch.setenv("D2LNOTES_DATA", "sample")
    train_iter, test_iter = d2l.load_data_fashion_mnist(32)
    X, y = next(iter(train_iter))
    assert (X.shape, X.dtype, y.dtype) == ((32, 1, 28, 28), torch.float32, torch.int64)
    assert len(test_iter) == 32
    small, _ = d2l.load_data_fashion_mnist(8, resize=14)
    assert next(iter(small))[0].shape == (8, 1, 14, 14)
    assert len(small) == 250


def test_training_images_come_in_a_new_order_and_test_images_in_their_own(monkeypatch):
    monkeypatch.setenv("D2LNOTES_DATA", "sample")
    fashion = load_fashion_mnist()
    train_iter, test_iter = d2l.load_data_fashion_mnist(50)
    (X, y), *_ = test_iter
    assert torch.equal(X, fashion.test_images[:50, None] / 255)
    assert torch.equal(y, fashion.test_labels[:50])
    first, second = (torch.cat([y for _, y in train_iter]) for _ in range(2))
    assert not torch.equal(first, second)
    assert torch.equal(first.sort()[0], fashion.train_labels.sort()[0])


def test_images_are_scaled_as_torchvision_scales_them(monkeypatch):
    from torchvision.transforms.functional import resize

    monkeypatch.setenv("D2LNOTES_DATA", "sample")
    images = load_fashion_mnist().test_images[:4, None] / 255
    for asked, size in ((14, [14, 14]), ((7, 14), [7, 14])):
        _, test_iter = d2l.load_data_fashion_mnist(4, resize=asked)
        batch = next(iter(test_iter))
        assert type(batch) is list
        assert torch.equal(batch[0], resize(images, size, antialias=True))
        assert torch.equal(batch[1], load_fashion_mnist().test_labels[:4])


def test_batches_are_read_here_and_not_by_workers():
    assert d2l.get_dataloader_workers() == 0


def test_labels_have_the_courses_names():
    assert d2l.get_fashion_mnist_labels(torch.tensor([0, 1, 9])) == [
        *("t-shirt", "trouser", "ankle boot")
    ]


# --- model, loss, step -------------------------------------------------------------------
def test_sgd_divides_a_summed_gradient_by_the_batch_size():
    w = torch.tensor([1.0], requires_grad=True)
    (3 * w).sum().backward()
    d2l.sgd([w], lr=0.5, batch_size=3)
    assert w.item() == 0.5
    assert w.grad.item() == 0


def test_squared_loss_is_unreduced_and_halved():
    y_hat, y = torch.tensor([[1.0], [3.0]]), torch.tensor([0.0, 0.0])
    assert d2l.squared_loss(y_hat, y).tolist() == [[0.5], [4.5]]
    assert d2l.linreg(torch.ones(2, 1), torch.tensor([[2.0]]), 1.0).tolist() == [
        [3],
        [3],
    ]


def test_accuracy_is_a_count():
    y_hat = torch.tensor([[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]])
    assert d2l.accuracy(y_hat, torch.tensor([0, 2])) == 1.0
    assert d2l.accuracy(torch.tensor([1.0, 0.0]), torch.tensor([1, 1])) == 1.0


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.integers(0, 99))
def test_no_evaluation_depends_on_how_the_examples_were_cut(sizes, seed):
    g = torch.Generator().manual_seed(seed)
    n = sum(sizes)
    X = torch.randn(n, 3, generator=g, requires_grad=True)
    classes = torch.randint(3, (n,), generator=g)
    right = int((X.argmax(1) == classes).sum())
    batches = list(zip(X.split(sizes), classes.split(sizes), strict=True))
    assert d2l.evaluate_accuracy(lambda X: X, batches) == right / n
    y = torch.randn(n * 3, generator=g)
    batches = list(zip(X.split(sizes), y.split([3 * k for k in sizes]), strict=True))
    value = d2l.evaluate_loss(lambda X: X, batches, d2l.squared_loss)
    expected = nn.functional.mse_loss(X.detach(), y.reshape(n, 3)) / 2
    assert value == pytest.approx(expected.item(), rel=1e-5)


def test_evaluation_is_without_dropout():
    net = nn.Sequential(nn.Dropout(1.0))
    X, y = torch.eye(2), torch.tensor([0, 1])
    assert d2l.evaluate_accuracy(net, [(X, y)]) == 1.0
    assert d2l.evaluate_loss(net, [(X, X)], d2l.squared_loss) == 0.0
    assert net.training


def test_an_epoch_trains_a_network_that_was_being_evaluated(images):
    net = network().eval()
    updater = torch.optim.SGD(net.parameters(), lr=0.1)
    d2l.train_epoch_ch3(net, [images], nn.CrossEntropyLoss(), updater)
    assert net.training


ANSWERS = {  # predictions, true values, how many are right
    "values": ([1.0, 1.0, 1.0], [1, 0, 0], 1),
    "a column of values": ([[1.0], [1.0], [1.0]], [[1], [0], [0]], 1),
    "two classes": ([[0.0, 5.0], [0.0, 5.0], [5.0, 0.0]], [1, 0, 0], 2),
    "three classes": (
        [[0.0, 5.0, 9.0], [9.0, 5.0, 0.0], [0.0, 5.0, 0.0]],
        [2, 0, 2],
        2,
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_right_answers_are_counted_alike_in_training_and_after(name):
    y_hat, y, right = ANSWERS[name]
    y_hat, y = torch.tensor(y_hat, requires_grad=True), torch.tensor(y)
    assert d2l.accuracy(y_hat, y) == right
    assert type(d2l.accuracy(y_hat, y)) is float
    sizes = []
    loss, fraction = d2l.train_epoch_ch3(
        lambda X: y_hat, [(torch.ones(3, 7), y)], lambda y_hat, y: y_hat, sizes.append
    )
    assert loss == y_hat.sum().item() / 3
    assert fraction == right / 3
    assert sizes == [3]
    assert torch.equal(y_hat.grad, torch.ones_like(y_hat))


def test_evaluation_gives_the_network_back_in_training_mode(images):
    net = network()
    data = TensorBatches(*images, 30)
    value = d2l.evaluate_accuracy(net, data)
    assert 0 <= value <= 1
    assert net.training
    assert (
        d2l.evaluate_loss(
            lambda X: X,
            [(torch.ones(2, 1), torch.zeros(2))],
            nn.MSELoss(reduction="none"),
        )
        == 1.0
    )


@pytest.mark.parametrize("reduction", ["none", "mean"])
def test_an_epoch_is_that_of_a_plain_loop(images, reduction):
    X, y = images
    net, twin = network(), network()
    loss = nn.CrossEntropyLoss(reduction=reduction)
    updater = torch.optim.SGD(net.parameters(), lr=0.1)
    total, right = d2l.train_epoch_ch3(
        net, [(X[:60], y[:60]), (X[60:], y[60:])], loss, updater
    )
    by_hand, count = 0.0, 0
    for part in (slice(0, 60), slice(60, 90)):
        out = twin(X[part])
        value = nn.functional.cross_entropy(out, y[part])
        count += int((out.argmax(1) == y[part]).sum())
        by_hand += value.item() * (len(X[part]) if reduction == "none" else 1)
        twin.zero_grad()
        value.backward()
        with torch.no_grad():
            for p in twin.parameters():
                p -= 0.1 * p.grad
    assert total == pytest.approx(by_hand / 90, rel=1e-5)
    assert right == count / 90
    for p, q in zip(net.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(p, q)


def test_an_updater_may_be_a_function_of_the_batch_size():
    w = torch.zeros(2, 1, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    X, y = d2l.synthetic_data(torch.tensor([2, -3.4]), 4.2, 200)
    for _ in range(20):
        d2l.train_epoch_ch3(
            lambda X: d2l.linreg(X, w, b),
            d2l.load_array((X, y), 10),
            d2l.squared_loss,
            lambda batch_size: d2l.sgd([w, b], 0.1, batch_size),
        )
    torch.testing.assert_close(w.flatten(), torch.tensor([2, -3.4]), atol=0.02, rtol=0)
    assert abs(b.item() - 4.2) < 0.02


def test_training_is_bit_for_bit_that_over_a_dataloader(images):
    weights = []
    for make in (
        lambda: d2l.load_array(images, 20),
        lambda: DataLoader(TensorDataset(*images), 20, shuffle=True),
    ):
        net = network()
        updater = torch.optim.SGD(net.parameters(), lr=0.1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # a poor fit, on noise
            d2l.train_ch3(
                net, make(), [images], nn.CrossEntropyLoss(reduction="none"), 2, updater
            )
        weights.append(torch.cat([p.flatten() for p in net.parameters()]))
    assert torch.equal(*weights)


def test_a_poor_fit_is_a_warning_and_not_an_end(images):
    net = network()
    updater = torch.optim.SGD(net.parameters(), lr=0.0)
    loss = nn.CrossEntropyLoss(reduction="none")
    with pytest.warns(UserWarning, match="a poor fit: train loss 2"):
        d2l.train_ch3(net, [images], [images], loss, 1, updater)


def test_the_warning_points_at_the_cell_that_trained(monkeypatch):
    monkeypatch.setattr(d2l, "train_epoch_ch3", lambda *args: (1.0, 0.0))
    monkeypatch.setattr(d2l, "evaluate_accuracy", lambda *args: 0.0)
    with pytest.warns(UserWarning, match="a poor fit") as caught:
        d2l.train_ch3(None, [], [], None, 1, None)
    assert [warning.filename for warning in caught] == [__file__]


@pytest.mark.parametrize(
    ("train_loss", "train_acc", "test_acc", "poor"),
    [
        (0.49, 0.71, 0.71, False),
        (0.5, 0.71, 0.71, True),
        (0.49, 0.7, 0.71, True),
        (0.49, 0.71, 0.7, True),
    ],
)
def test_a_fit_is_poor_from_the_courses_limits_on(
    monkeypatch, train_loss, train_acc, test_acc, poor
):
    monkeypatch.setattr(d2l, "train_epoch_ch3", lambda *args: (train_loss, train_acc))
    monkeypatch.setattr(d2l, "evaluate_accuracy", lambda *args: test_acc)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        d2l.train_ch3(None, [], [], None, 1, None)
    assert [str(warning.message) for warning in caught] == [
        f"a poor fit: train loss {train_loss:.3f}, train acc {train_acc:.3f},"
        f" test acc {test_acc:.3f} (the course's train_ch3 stops here)"
    ] * poor


@pytest.mark.parametrize(
    ("styled", "labels", "figsize"),
    [
        (False, ["epoch", "train loss", "train acc", "test acc"], (3.5, 2.5)),
        (
            True,
            [
                *("轮 | epoch", "训练损失 | train loss"),
                *("训练精度 | train accuracy", "测试精度 | test accuracy"),
            ],
            (5.5, 3.2),
        ),
    ],
)
@pytest.mark.parametrize(("num_epochs", "last"), [(1, 2), (2, 2), (3, 3)])
def test_training_shows_each_epoch_in_the_courses_axes(
    monkeypatch, styled, labels, figsize, num_epochs, last
):
    asked, points = [], []

    class Spy:
        def __init__(self, **settings):
            asked.append(settings)

        def add(self, x, y):
            points.append((x, y))

    monkeypatch.setattr("d2lnotes.plotting.Animator", Spy)
    monkeypatch.setattr("d2lnotes.plotting.is_styled", lambda: styled)
    calls = []
    monkeypatch.setattr(
        d2l, "train_epoch_ch3", lambda *args: calls.append(args) or (0.25, 0.75)
    )
    monkeypatch.setattr(
        d2l, "evaluate_accuracy", lambda *args: 0.8 * (args == ("net", "test"))
    )
    d2l.train_ch3("net", "train", "test", "loss", num_epochs, "updater")
    assert calls == [("net", "train", "loss", "updater")] * num_epochs
    assert points == [(k, (0.25, 0.75, 0.8)) for k in range(1, num_epochs + 1)]
    xlabel, *legend = labels
    assert asked == [
        {
            "xlabel": xlabel,
            "xlim": [1, last],
            "ylim": [0.3, 0.9],
            "legend": legend,
            "figsize": figsize,
        }
    ]


@pytest.mark.filterwarnings("ignore:a poor fit:UserWarning")
@pytest.mark.parametrize("styled", [False, True])
def test_the_curves_have_both_languages_in_the_book_only(images, monkeypatch, styled):
    made = []
    animator = d2l.Animator
    monkeypatch.setattr(
        "d2lnotes.plotting.Animator",
        lambda **kw: made.append(animator(**kw)) or made[-1],
    )
    monkeypatch.setattr("d2lnotes.plotting.is_styled", lambda: styled)
    net = network()
    updater = torch.optim.SGD(net.parameters(), lr=0.1)
    loss = nn.CrossEntropyLoss(reduction="none")
    d2l.train_ch3(net, [images], [images], loss, 1, updater)
    texts = [t.get_text() for t in made[0].axes[0].get_legend().get_texts()]
    english = ["train loss", "train acc", "test acc"]
    assert texts == english or styled
    assert all(" | " in text for text in texts) == styled


def test_training_wants_an_epoch(images):
    with pytest.raises(ValueError, match=r"^num_epochs is at least 1, got 0$"):
        d2l.train_ch3(network(), [images], [images], nn.CrossEntropyLoss(), 0, None)


# --- figures -------------------------------------------------------------------------------
@pytest.fixture
def plt():
    import matplotlib

    matplotlib.use("agg")
    yield d2l.plt
    d2l.plt.close("all")


def test_prediction_shows_true_above_predicted(images, plt):
    d2l.predict_ch3(network(), [images], n=3)
    texts = [t.get_text() for cell in plt.gcf().axes[0].child_axes for t in cell.texts]
    assert len(plt.gcf().axes[0].child_axes) == 3
    assert texts


def test_prediction_shows_the_first_images_with_both_names(images, monkeypatch):
    X, y = images
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.Dropout(1.0))
    with torch.no_grad():
        net[1].weight.zero_()
        net[1].bias.copy_(torch.arange(10.0))  # always an ankle boot, but for dropout
    shown = []
    monkeypatch.setattr(
        d2l, "show_images", lambda *args, **kw: shown.append((args, kw))
    )
    d2l.predict_ch3(net, [(X, y), (X + 1, y)])
    ((pictures, rows, columns), rest) = shown[0]
    assert torch.equal(pictures, X[:6, 0])
    assert (rows, columns) == (1, 6)
    names = d2l.get_fashion_mnist_labels(y[:6])
    assert rest == {"titles": [f"{name}\nankle boot" for name in names]}
    assert net.training


def test_prediction_takes_images_without_channel_and_needs_an_answer_for_each(
    monkeypatch,
):
    shown = []
    monkeypatch.setattr(d2l, "show_images", lambda *args, **kw: shown.append(args))
    X, y = torch.rand(4, 5, 6), torch.tensor([0, 1, 2, 3])
    d2l.predict_ch3(lambda X: torch.ones(len(X), 10), [(X, y)], n=2)
    assert torch.equal(shown[0][0], X[:2])
    with pytest.raises(ValueError, match="shorter"):
        d2l.predict_ch3(lambda X: torch.ones(1, 10), [(X, y)], n=2)


def test_an_image_is_as_wide_as_asked_with_its_title(images, monkeypatch):
    asked = []

    def spy(ax, arrays, *args, **kw):
        asked.append((ax, arrays, args, kw))
        return SimpleNamespace(axes=[SimpleNamespace(child_axes=["first", "second"])])

    monkeypatch.setattr("d2lnotes.plotting.images", spy)
    X = images[0][:, 0]
    axes = d2l.show_images(list(X), 2, 3, titles=list("abcdef"))
    d2l.show_images(X.numpy(), 1, 2, scale=2.0)
    assert axes.tolist() == ["first", "second"]
    assert [(ax, args, kw) for ax, _, args, kw in asked] == [
        (None, (2, 3, list("abcdef")), {"size": 1.5}),
        (None, (1, 2, None), {"size": 2.0}),
    ]
    assert [len(arrays) for _, arrays, _, _ in asked] == [6, 2]
    assert np.array_equal(asked[0][1], X[:6].numpy())


def test_figures_are_drawn_as_svg_in_the_size_asked(plt, monkeypatch):
    asked = []
    monkeypatch.setattr("d2lnotes.plotting.use_svg", lambda: asked.append("svg"))
    with plt.rc_context():
        d2l.use_svg_display()
        d2l.set_figsize((4, 2))
        assert plt.rcParams["figure.figsize"] == [4, 2]
        d2l.set_figsize()
        assert plt.rcParams["figure.figsize"] == [3.5, 2.5]
    assert asked == ["svg"] * 3


def test_images_come_back_as_axes(images, plt):
    axes = d2l.show_images(
        images[0][:6].reshape(6, 28, 28), 2, 3, titles=list("abcdef")
    )
    assert isinstance(axes, np.ndarray)
    assert len(axes) == 6


def test_plot_takes_one_curve_or_several(plt):
    x = torch.arange(3.0)
    d2l.plot(x, [x**2, x**3], "x", "y", legend=["a", "b"], figsize=(4, 2))
    ax = plt.gca()
    assert [line.get_ydata().tolist() for line in ax.lines] == [[0, 1, 4], [0, 1, 8]]
    assert ax.get_xlabel() == "x"
    assert plt.rcParams["figure.figsize"] == [4, 2]
    d2l.plot(x)
    assert [line.get_xdata().tolist() for line in ax.lines] == [[0, 1, 2]]
    with pytest.raises(
        ValueError, match="X holds one curve, or as many as Y, got 2 and 3"
    ):
        d2l.plot([x, x], [x, x, x])


def test_nobody_looks_and_nothing_is_drawn():
    animator = d2l.Animator(legend=["a", "b"])
    for epoch in range(3):
        animator.add(epoch, (epoch, None))
    assert animator._fig is None
    assert animator.X == [[0, 1, 2], []]
    assert animator.axes[0].lines[0].get_ydata().tolist() == [0, 1, 2]


def test_an_animator_wants_as_many_x_as_y():
    with pytest.raises(ValueError, match="got 2 and 3"):
        d2l.Animator().add((1, 2), (1, 2, 3))


def run_notebook(source: str, monkeypatch, **environment):
    """The outputs of one cell in a real kernel."""
    import nbformat
    from nbclient import NotebookClient

    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source)],
        metadata={
            "kernelspec": {"name": "python3", "display_name": "", "language": "python"}
        },
    )
    NotebookClient(notebook, timeout=120).execute()
    return notebook.cells[0].outputs


CELL = (
    "from d2lnotes import compat as d2l\n"
    "animator = d2l.Animator(xlabel='epoch', legend=['loss'])\n"
    "draws = []\n"
    "draw = animator._draw\n"
    "animator._draw = lambda: (draws.append(1), draw())\n"
    "for epoch in range(200):\n    animator.add(epoch, epoch ** 2)\n"
    "len(draws)"
)


@pytest.mark.slow
@pytest.mark.parametrize(("live", "most"), [("0", 0), ("1", 190)])
def test_a_notebook_ends_with_one_figure(monkeypatch, live, most):
    outputs = run_notebook(CELL, monkeypatch, D2LNOTES_LIVE=live)
    shown = [o for o in outputs if o.output_type == "display_data"]
    (drawn,) = [o for o in outputs if o.output_type == "execute_result"]
    assert len(shown) == 1
    assert "image/svg+xml" in shown[0].data
    assert int(drawn.data["text/plain"]) <= most


# --- what is not there ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "chapter"),
    [
        ("Trainer", "the course's object-oriented API, d2l 1.0"),
        ("DATA_HUB", "the chapter on the Kaggle house prices"),
        ("corr2d", "the chapters on convolutional networks"),
        ("bleu", "the chapters on recurrent networks and attention"),
        ("train_2d", "the chapter on optimization"),
    ],
)
def test_a_name_of_another_chapter_says_which(name, chapter):
    with pytest.raises(AttributeError) as caught:
        getattr(d2l, name)
    assert str(caught.value) == (
        f"d2l.{name} belongs to {chapter}, which d2lnotes does not serve: it has"
        " the names of the linear-network and multilayer-perceptron chapters"
    )


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("train_ch33", "; did you mean train_ch3 or train_epoch_ch3?"),
        ("Animatr", "; did you mean Animator?"),
        ("xyzzy", ""),
    ],
)
def test_a_misspelled_name_is_told_the_nearest(name, hint):
    with pytest.raises(AttributeError) as caught:
        getattr(d2l, name)
    assert str(caught.value) == (
        f"module 'd2lnotes.compat' has no attribute {name!r}{hint}"
    )


def test_every_name_of_the_table_can_be_completed():
    names = dir(d2l)
    assert {*SIGNATURES, "plt", "set_axes", "reduce_sum", "float32"} <= set(names)
    assert not [name for name in names if name.startswith("_")]


def test_the_aliases_are_those_of_torch():
    x = d2l.reshape(d2l.arange(6, dtype=d2l.float32), (2, 3))
    assert x.shape == d2l.reshape(x, 2, 3).shape == (2, 3)
    assert d2l.reduce_sum(x, 1, keepdim=True).tolist() == [[3], [12]]
    assert d2l.reduce_mean(x, 1, keepdim=True).tolist() == [[1], [4]]
    assert d2l.argmax(x, axis=1).tolist() == [2, 2]
    assert d2l.argmax(x, 0, keepdim=True).tolist() == [[1, 1, 1]]
    assert d2l.astype(x, torch.int64).dtype == torch.int64
    assert d2l.astype(x, dtype=torch.int64).dtype == torch.int64
    assert d2l.to(x, torch.int64).dtype == torch.int64
    assert d2l.to(x, device="meta").device.type == "meta"
    assert d2l.size(x) == 6
    assert d2l.numpy(x.requires_grad_()).shape == (2, 3)
    assert d2l.matmul(x, d2l.transpose(x)).shape == (2, 2)


def test_a_stopwatch_keeps_its_times(monkeypatch):
    clock = iter([10.0, 10.1, 20.0, 20.2, 20.5])
    monkeypatch.setattr("time.perf_counter", lambda: next(clock))
    timer = d2l.Timer()
    first = timer.stop()
    timer.start()
    second, third = timer.stop(), timer.stop()
    assert timer.times == [first, second, third] == [10.1 - 10, 20.2 - 20, 0.5]
    assert timer.sum() == first + second + third
    assert timer.avg() == timer.sum() / 3
    assert timer.cumsum() == [first, first + second, first + second + third]


@pytest.mark.parametrize("count", [0, 2])
def test_a_device_is_always_found(monkeypatch, count):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: count)
    gpus = [torch.device(f"cuda:{i}") for i in range(count)]
    cpu = torch.device("cpu")
    assert d2l.try_all_gpus() == (gpus or [cpu])
    found = [d2l.try_gpu(), d2l.try_gpu(1), d2l.try_gpu(2)]
    assert found == [*gpus, cpu, cpu, cpu][:3]
