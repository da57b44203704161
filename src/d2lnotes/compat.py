"""The course's names: ``from d2lnotes import compat as d2l`` runs the course's cells.

The PyTorch cells of the course book's chapters on linear networks and multilayer perceptrons
call some forty helpers of its package ``d2l``. They stand here with the same signatures,
returns and printed forms, as thin adapters to the modules of this package.

Where they differ on purpose:

=========================== ==================================== ==============================
name                        in the course                        here
=========================== ==================================== ==============================
``load_data_fashion_mnist`` torchvision's data set read by four  the whole set in memory; the
                            worker processes                     same batches for the same seed
``load_array``              a ``DataLoader``                     the same batches, from memory;
                                                                 two tensors, as in its cells
``train_ch3``               stops with an ``AssertionError`` if  warns; labels in two languages
                            the fit is poor                      after ``plotting.use_style()``
``evaluate_accuracy``,      leaves the network in evaluation     gives every layer back in the
``predict_ch3``             mode, or in the mode it was in       mode it was in
``evaluate_loss``           changes no mode; records the graph   evaluation mode meanwhile; no
                                                                 graph
``Accumulator``             sums of Python numbers               tensors become numbers when
                                                                 asked for, in double precision
``Animator``                redraws after every point            at most four times a second,
                                                                 once at the end; nothing when
                                                                 nobody looks
``plot``, ``Animator``      matplotlib's colours                 the book's colours and dashes
another name                ``has no attribute``                 names the chapter it is from,
                                                                 or the nearest name
=========================== ==================================== ==============================

No state is hidden: ``set_figsize`` and ``plot`` set matplotlib's size of new figures, as in the
course, for its cells rely on it; nothing else outlives a call.
"""

import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from d2lnotes.data import (
    TensorBatches,
    class_names,
    load_fashion_mnist,
    synthetic_linear,
)
from d2lnotes.metrics import Accumulator, evaluating

Batches = Iterable[tuple[Tensor, Tensor]]
Updater = torch.optim.Optimizer | Callable[[int], object]

# Tensor aliases, which let the course's text read alike in every framework.
ones, zeros, tensor, arange, normal, rand = (
    torch.ones, torch.zeros, torch.tensor, torch.arange, torch.normal, torch.rand
)  # fmt: skip
exp, log, sin, cos, sinh, cosh, tanh = (
    torch.exp, torch.log, torch.sin, torch.cos, torch.sinh, torch.cosh, torch.tanh
)  # fmt: skip
matmul, meshgrid, linspace, eye, stack, concat, abs, float32, int32 = (
    torch.matmul, torch.meshgrid, torch.linspace, torch.eye, torch.stack, torch.cat,
    torch.abs, torch.float32, torch.int32,
)  # fmt: skip


def numpy(x: Tensor) -> Any:
    """The values as a NumPy array, without the graph."""
    return x.detach().numpy()


def size(x: Tensor) -> int:
    """The number of entries."""
    return x.numel()


def reshape(x: Tensor, *shape: Any) -> Tensor:
    """``x`` in another shape."""
    return x.reshape(*shape)


def reduce_sum(x: Tensor, *args: Any, **kw: Any) -> Tensor:
    """The sum of the entries, along an axis if one is given."""
    return x.sum(*args, **kw)


def reduce_mean(x: Tensor, *args: Any, **kw: Any) -> Tensor:
    """The mean of the entries, along an axis if one is given."""
    return x.mean(*args, **kw)


def argmax(x: Tensor, *args: Any, **kw: Any) -> Tensor:
    """The place of the largest entry, along an axis if one is given."""
    return x.argmax(*args, **kw)


def astype(x: Tensor, *args: Any, **kw: Any) -> Tensor:
    """``x`` in another dtype."""
    return x.type(*args, **kw)


def transpose(x: Tensor) -> Tensor:
    """The transpose of a matrix."""
    return x.t()


def to(x: Tensor, *args: Any, **kw: Any) -> Tensor:
    """``x`` on another device or in another dtype."""
    return x.to(*args, **kw)


def try_gpu(i: int = 0) -> torch.device:
    """GPU number ``i`` if there is one, else the CPU."""
    return torch.device(f"cuda:{i}" if torch.cuda.device_count() > i else "cpu")


def try_all_gpus() -> list[torch.device]:
    """All GPUs, or the CPU if there is none."""
    return [torch.device(f"cuda:{i}") for i in range(torch.cuda.device_count())] or [
        torch.device("cpu")
    ]


class Timer:
    """A stopwatch that keeps every time it took, in seconds; it starts at once.

    Example:
        >>> timer = Timer()
        >>> timer.stop() >= 0, len(timer.times)
        (True, 1)
    """

    def __init__(self) -> None:
        self.times: list[float] = []
        self.start()

    def start(self) -> None:
        """Start, or start again."""
        self.tik = time.perf_counter()

    def stop(self) -> float:
        """Stop; return the seconds since the start and keep them."""
        self.times.append(time.perf_counter() - self.tik)
        return self.times[-1]

    def avg(self) -> float:
        """Mean of the times kept."""
        return self.sum() / len(self.times)

    def sum(self) -> float:
        """Their sum."""
        return sum(self.times)

    def cumsum(self) -> list[float]:
        """Their running sums."""
        return torch.tensor(self.times, dtype=torch.float64).cumsum(0).tolist()


def synthetic_data(w: Tensor, b: float, num_examples: int) -> tuple[Tensor, Tensor]:
    """Made-up data of a linear model with noise of standard deviation 0.01.

    Args:
        w: Weights ``(d,)`` or ``(d, 1)``.
        b: Bias.
        num_examples: Number of examples $n$.

    Returns:
        ``X`` ``(n, d)``, standard normal, and ``y`` ``(n, 1)``.
    """
    return synthetic_linear(w, b, num_examples, noise=0.01)


def linreg(X: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """The linear model ``X @ w + b``."""
    return torch.matmul(X, w) + b


def squared_loss(y_hat: Tensor, y: Tensor) -> Tensor:
    """Half the squared error of every example, in the shape of ``y_hat``."""
    return (y_hat - y.reshape(y_hat.shape)) ** 2 / 2


def sgd(params: Iterable[Tensor], lr: float, batch_size: int) -> None:
    """One step of SGD for gradients of a *summed* loss: they are divided by ``batch_size``."""
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad / batch_size
            param.grad.zero_()


class _Batches(TensorBatches):
    """Batches as lists ``[X, y]``, which print as those of a ``DataLoader``."""

    def __iter__(self) -> Iterator[list[Tensor]]:
        return map(list, super().__iter__())


def load_array(
    data_arrays: Sequence[Tensor], batch_size: int, is_train: bool = True
) -> TensorBatches:
    """Batches ``[X, y]`` of two tensors, in a new order at each pass if ``is_train``.

    Raises:
        ValueError: If there are not two tensors; the course's cells have two.
    """
    if len(data_arrays) != 2:
        raise ValueError(
            f"data_arrays holds features and labels, got {len(data_arrays)} tensors"
        )
    return _Batches(*data_arrays, batch_size, shuffle=is_train)


def get_dataloader_workers() -> int:
    """How many worker processes read data: none, they are in memory."""
    return 0


def get_fashion_mnist_labels(labels: Iterable[int]) -> list[str]:
    """The names of the classes, in the course's spelling (no blank in ``t-shirt``).

    Example:
        >>> get_fashion_mnist_labels([0, 9])
        ['t-shirt', 'ankle boot']
    """
    names = ["t-shirt", *class_names()[1:]]
    return [names[int(i)] for i in labels]


def load_data_fashion_mnist(
    batch_size: int, resize: int | tuple[int, int] | None = None
) -> tuple[Batches, Batches]:
    """Batches of Fashion-MNIST: training in a new order at each pass, and test.

    Args:
        batch_size: Examples per batch.
        resize: Side length, or height and width, to which images are scaled.

    Returns:
        Training and test batches of images ``(b, 1, 28, 28)`` float32 in [0, 1] and labels
        ``(b,)``.
    """
    fashion = load_fashion_mnist()
    batches = (
        _Batches(fashion.train_images, fashion.train_labels, batch_size, shuffle=True),
        _Batches(fashion.test_images, fashion.test_labels, batch_size),
    )
    if resize is None:
        return batches
    return tuple(_Resized(each, resize) for each in batches)


class _Resized:
    """Batches whose images are scaled as they come."""

    def __init__(self, batches: TensorBatches, resize: int | tuple[int, int]) -> None:
        self.batches = batches
        self.size = [resize, resize] if isinstance(resize, int) else list(resize)

    def __len__(self) -> int:
        return len(self.batches)

    def __iter__(self):
        from torchvision.transforms.functional import resize

        for X, y in self.batches:
            yield [resize(X, self.size, antialias=True), y]


def accuracy(y_hat: Tensor, y: Tensor) -> float:
    """The *number* of right predictions, as a float.

    Args:
        y_hat: Scores ``(n, q)``, or predictions in the shape of ``y``.
        y: True classes.
    """
    return float(_num_right(y_hat, y))


def evaluate_accuracy(net: Callable[[Tensor], Tensor], data_iter: Batches) -> float:
    """Fraction of right predictions on all batches."""
    metric = Accumulator(2)
    with evaluating(net):
        for X, y in data_iter:
            metric.add(accuracy(net(X), y), y.numel())
    return metric[0] / metric[1]


def evaluate_loss(
    net: Callable[[Tensor], Tensor],
    data_iter: Batches,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> float:
    """Mean of the losses on all batches, each entry of a loss counting once."""
    metric = Accumulator(2)
    with evaluating(net):
        for X, y in data_iter:
            out = net(X)
            losses = loss(out, y.reshape(out.shape))
            metric.add(losses.sum(), losses.numel())
    return metric[0] / metric[1]


def train_epoch_ch3(
    net: Callable[[Tensor], Tensor],
    train_iter: Batches,
    loss: Callable[[Tensor, Tensor], Tensor],
    updater: Updater,
) -> tuple[float, float]:
    """Go through the data once.

    Args:
        net: A module or function.
        train_iter: Batches ``(X, y)``.
        loss: ``loss(net(X), y)``, one value per example, or their mean.
        updater: An optimizer of torch, which steps along the mean loss, or a function of
            the batch size, which steps along the summed loss.

    Returns:
        Sum of the losses and number of right predictions, each divided by the number of
        examples.
    """
    if isinstance(net, nn.Module):
        net.train()
    metric = Accumulator(3)
    for X, y in train_iter:
        y_hat = net(X)
        losses = loss(y_hat, y)
        if isinstance(updater, torch.optim.Optimizer):
            updater.zero_grad()
            losses.mean().backward()
            updater.step()
        else:
            losses.sum().backward()
            updater(X.shape[0])
        right = _num_right(y_hat.detach(), y)
        metric.add(losses.detach().sum(), right, y.numel())
    return metric[0] / metric[2], metric[1] / metric[2]


def _num_right(y_hat: Tensor, y: Tensor) -> Tensor:
    """Like `accuracy`, but still a tensor, so that the loop need not wait for it."""
    if y_hat.ndim > 1 and y_hat.shape[1] > 1:
        y_hat = y_hat.argmax(dim=1)
    return (y_hat.type(y.dtype) == y).sum()


def train_ch3(
    net: Callable[[Tensor], Tensor],
    train_iter: Batches,
    test_iter: Batches,
    loss: Callable[[Tensor, Tensor], Tensor],
    num_epochs: int,
    updater: Updater,
) -> None:
    """Train, with growing curves of training loss, training and test accuracy.

    A poor fit (training loss at least 0.5, or an accuracy of at most 0.7) is a warning.

    Args:
        net: A module or function.
        train_iter: Batches ``(X, y)`` to train on.
        test_iter: Batches for the test accuracy after each epoch.
        loss: See `train_epoch_ch3`.
        num_epochs: Passes through the data, at least 1.
        updater: See `train_epoch_ch3`.

    Raises:
        ValueError: If ``num_epochs`` is less than 1.
    """
    if num_epochs < 1:
        raise ValueError(f"num_epochs is at least 1, got {num_epochs}")
    from d2lnotes.plotting import Animator, is_styled

    xlabel, *legend = ("epoch", "train loss", "train acc", "test acc")
    figsize = (3.5, 2.5)
    if is_styled():  # a page of the book: both languages, and room for them
        xlabel, *legend = (
            *("轮 | epoch", "训练损失 | train loss"),
            *("训练精度 | train accuracy", "测试精度 | test accuracy"),
        )
        figsize = (5.5, 3.2)
    animator = Animator(
        xlabel=xlabel,
        xlim=[1, max(num_epochs, 2)],  # one epoch is a point, not a range
        ylim=[0.3, 0.9],
        legend=legend,
        figsize=figsize,
    )
    for epoch in range(1, num_epochs + 1):
        train_loss, train_acc = train_epoch_ch3(net, train_iter, loss, updater)
        test_acc = evaluate_accuracy(net, test_iter)
        animator.add(epoch, (train_loss, train_acc, test_acc))
    if train_loss >= 0.5 or min(train_acc, test_acc) <= 0.7:
        warnings.warn(
            f"a poor fit: train loss {train_loss:.3f}, train acc {train_acc:.3f},"
            f" test acc {test_acc:.3f} (the course's train_ch3 stops here)",
            stacklevel=2,
        )


def predict_ch3(
    net: Callable[[Tensor], Tensor], test_iter: Batches, n: int = 6
) -> None:
    """Show the first ``n`` test images with true class above predicted class."""
    X, y = next(iter(test_iter))
    with evaluating(net):
        predicted = net(X[:n]).argmax(dim=1)
    names = zip(
        get_fashion_mnist_labels(y[:n]),
        get_fashion_mnist_labels(predicted),
        strict=True,
    )
    titles = [f"{true}\n{answer}" for true, answer in names]
    show_images(X[:n].reshape(n, *X.shape[-2:]), 1, n, titles=titles)


def use_svg_display() -> None:
    """Have the notebook draw figures as SVG."""
    from d2lnotes.plotting import use_svg

    use_svg()


def set_figsize(figsize: tuple[float, float] = (3.5, 2.5)) -> None:
    """Set matplotlib's size of new figures, in inches."""
    use_svg_display()
    __getattr__("plt").rcParams["figure.figsize"] = figsize


def show_images(
    imgs: Sequence[Any],
    num_rows: int,
    num_cols: int,
    titles: Sequence[str] | None = None,
    scale: float = 1.5,
) -> Any:
    """Show images in a grid.

    Args:
        imgs: Grey images, as tensors, arrays or PIL images, at least
            ``num_rows * num_cols``.
        num_rows: Rows of the grid.
        num_cols: Columns of the grid.
        titles: A text above each image.
        scale: Width of one image in inches.

    Returns:
        Array of the images' axes.
    """
    import numpy as np

    from d2lnotes.plotting import images

    count = num_rows * num_cols
    arrays = np.stack([np.asarray(image) for image in imgs[:count]])
    figure = images(None, arrays, num_rows, num_cols, titles, size=scale)
    return np.array(figure.axes[0].child_axes)


# matplotlib is loaded when a name of these is first used: the rest does not need it.
_PLOTTING = ("Animator", "plot", "set_axes")

# Names of the course's package that stand in other chapters than the two served here.
_ELSEWHERE = {
    "the course's object-oriented API, d2l 1.0": (
        "Module DataModule Trainer HyperParameters ProgressBoard Classifier"
        " LinearRegressionScratch LinearRegression SyntheticRegressionData FashionMNIST"
        " SGD SoftmaxRegression add_to_class"
    ),
    "the chapter on the Kaggle house prices": (
        "DATA_HUB DATA_URL download download_extract download_all KaggleHouse"
    ),
    "the chapters on convolutional networks": (
        "corr2d train_ch6 evaluate_accuracy_gpu Residual resnet18 train_batch_ch13"
        " train_ch13"
    ),
    "the chapters on recurrent networks and attention": (
        "load_data_time_machine Vocab tokenize RNNModel RNNModelScratch train_ch8"
        " predict_ch8 grad_clipping EncoderDecoder Encoder Decoder masked_softmax"
        " DotProductAttention MultiHeadAttention TransformerEncoder train_seq2seq bleu"
    ),
    "the chapter on optimization": "train_2d show_trace_2d train_ch11 get_data_ch11",
}


def __getattr__(name: str) -> Any:
    """Load a plotting name, or say which chapter of the course a name is from."""
    if name == "plt":
        import matplotlib.pyplot as plt

        return plt
    if name in _PLOTTING:
        from d2lnotes import plotting

        return getattr(plotting, name)
    for chapter, names in _ELSEWHERE.items():
        if name in names.split():
            raise AttributeError(
                f"d2l.{name} belongs to {chapter}, which d2lnotes does not serve: it has"
                " the names of the linear-network and multilayer-perceptron chapters"
            )
    import difflib

    near = difflib.get_close_matches(name, __dir__(), n=2)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}{hint}")


def __dir__() -> list[str]:
    """Every name a cell may use, for completion."""
    return sorted({n for n in globals() if not n.startswith("_")} | {"plt", *_PLOTTING})
