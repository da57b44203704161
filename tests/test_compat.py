"""The course's names: signatures, returns and forms as its cells expect them."""

import inspect
import warnings

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from d2lnotes import compat as d2l
from d2lnotes.data import TensorBatches

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
    with pytest.raises(ValueError, match="features and labels, got 1"):
        d2l.load_array((torch.ones(2),), 1)


def test_synthetic_data_is_a_linear_model_with_little_noise():
    torch.manual_seed(0)
    w = torch.tensor([2, -3.4])
    X, y = d2l.synthetic_data(w, 4.2, 1000)
    assert (X.shape, y.shape) == ((1000, 2), (1000, 1))
    noise = y.flatten() - X @ w - 4.2
    assert abs(noise.std() - 0.01) < 0.002


def test_fashion_mnist_comes_in_batches_of_images(monkeypatch):
    monkeypatch.setenv("D2LNOTES_DATA", "sample")
    train_iter, test_iter = d2l.load_data_fashion_mnist(32)
    X, y = next(iter(train_iter))
    assert (X.shape, X.dtype, y.dtype) == ((32, 1, 28, 28), torch.float32, torch.int64)
    assert len(test_iter) == 32
    small, _ = d2l.load_data_fashion_mnist(8, resize=14)
    assert next(iter(small))[0].shape == (8, 1, 14, 14)
    assert len(small) == 250


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
    with pytest.raises(ValueError, match="num_epochs is at least 1, got 0"):
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
def test_a_name_of_another_chapter_says_which():
    with pytest.raises(
        AttributeError, match=r"d2l\.corr2d belongs to the chapters on conv"
    ):
        d2l.corr2d  # noqa: B018


def test_a_misspelled_name_is_told_the_nearest():
    with pytest.raises(AttributeError, match="did you mean train_ch3"):
        d2l.train_ch33  # noqa: B018


def test_every_name_of_the_table_can_be_completed():
    assert {*SIGNATURES, "plt", "reduce_sum", "float32"} <= set(dir(d2l))


def test_the_aliases_are_those_of_torch():
    x = d2l.reshape(d2l.arange(6, dtype=d2l.float32), (2, 3))
    assert d2l.reduce_sum(x, 1, keepdim=True).tolist() == [[3], [12]]
    assert d2l.argmax(x, axis=1).tolist() == [2, 2]
    assert d2l.astype(x, torch.int64).dtype == torch.int64
    assert d2l.size(x) == 6
    assert d2l.numpy(x.requires_grad_()).shape == (2, 3)
    assert d2l.matmul(x, d2l.transpose(x)).shape == (2, 2)


def test_a_stopwatch_keeps_its_times():
    timer = d2l.Timer()
    first = timer.stop()
    timer.start()
    second = timer.stop()
    assert timer.times == [first, second]
    assert timer.sum() == first + second
    assert timer.avg() == timer.sum() / 2
    assert timer.cumsum() == [first, first + second]


def test_a_device_is_always_found():
    assert d2l.try_gpu(99) == torch.device("cpu")
    assert len(d2l.try_all_gpus()) >= 1
