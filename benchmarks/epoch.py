"""Claim: an epoch of the course's networks is several times faster here, with the same result.

Seconds per epoch (training and test pass over Fashion-MNIST, batches of 256) of 784-256-10
and of the dropout network 784-256-256-10, in ways that take turns in one process:

* ours: ``d2lnotes.compat``, which is what ``train_ch3`` runs: batches from memory; the dropout
  network once with this package's ``Dropout``, once with torch's, as the course has it, and once
  without any, the bound that no mask can beat;
* the course's way: ``torchvision.datasets.FashionMNIST`` with ``ToTensor``, a ``DataLoader``
  with 0 and with 4 worker processes, and a loop that turns loss and accuracy into numbers
  at each step.

Then, from one seed, both ways train the same layers for one epoch, and every weight must be
equal bit for bit; and over several seeds the accuracies, which differ among themselves by far more.

Run:
    python benchmarks/epoch.py                    # 5 rounds on all images, about 5 minutes
    python benchmarks/epoch.py --examples 6000    # a tenth of it
    OMP_NUM_THREADS=2 python benchmarks/epoch.py  # with two threads
"""

import argparse
import statistics
import tempfile
import warnings
from collections.abc import Callable

import torch
from rounds import alternate, machine, median, set_threads, spread, table
from torch import nn
from torch.utils.data import DataLoader, Subset
from torchvision.datasets import FashionMNIST
from torchvision.transforms import ToTensor

from d2lnotes import compat as d2l
from d2lnotes.data import TensorBatches, load_fashion_mnist, write_for_torchvision
from d2lnotes.regularization import Dropout

BATCH = 256


def mlp() -> nn.Sequential:
    """784-256-10, ReLU, weights of standard deviation 0.01."""
    return start(nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10))


def dropout_net(dropout: Callable[[float], nn.Module] = nn.Dropout) -> nn.Sequential:
    """784-256-256-10 with dropout 0.2 and 0.5, as in the course's short version."""
    first = (nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), dropout(0.2))
    return start(
        *first, nn.Linear(256, 256), nn.ReLU(), dropout(0.5), nn.Linear(256, 10)
    )


def start(*layers: nn.Module) -> nn.Sequential:
    """The layers with the course's initial weights."""
    net = nn.Sequential(*layers)
    for layer in net:
        if isinstance(layer, nn.Linear):
            nn.init.normal_(layer.weight, std=0.01)
    return net


def our_batches(examples: int):
    """Batches from memory, training and test."""
    fashion = load_fashion_mnist()
    images, labels = fashion.train_images[:examples], fashion.train_labels[:examples]
    return TensorBatches(images, labels, BATCH, shuffle=True), fashion.test_batches(
        BATCH
    )


def course_batches(root: str, workers: int, examples: int):
    """Batches as the course loads them; of the training images only the first."""
    train, test = (FashionMNIST(root, part, ToTensor()) for part in (True, False))
    if examples < len(train):
        train = Subset(train, range(examples))
    return (
        DataLoader(train, BATCH, shuffle=True, num_workers=workers),
        DataLoader(test, BATCH, shuffle=False, num_workers=workers),
    )


def our_epoch(net, batches, optimizer) -> float:
    """What ``train_ch3`` does in an epoch; the test accuracy."""
    loss = nn.CrossEntropyLoss(reduction="none")
    d2l.train_epoch_ch3(net, batches[0], loss, optimizer)
    return d2l.evaluate_accuracy(net, batches[1])


def course_epoch(net, batches, optimizer) -> float:
    """The course's epoch, each sum a plain number at each step; the test accuracy."""
    loss = nn.CrossEntropyLoss(reduction="none")
    sums = [0.0, 0.0, 0]
    net.train()
    for X, y in batches[0]:
        y_hat = net(X)
        losses = loss(y_hat, y)
        optimizer.zero_grad()
        losses.mean().backward()
        optimizer.step()
        right = float((y_hat.argmax(axis=1).type(y.dtype) == y).sum())
        step = (float(losses.detach().sum()), right, y.numel())
        sums = [total + value for total, value in zip(sums, step, strict=True)]
    net.eval()
    right = count = 0
    with torch.no_grad():
        for X, y in batches[1]:
            right += float((net(X).argmax(axis=1).type(y.dtype) == y).sum())
            count += y.numel()
    return right / count


def trainer(make: Callable, epoch: Callable, batches, lr: float, seed: int = 0):
    """A network from a seed, and a function that trains it for one more epoch."""
    torch.manual_seed(seed)
    net = make()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    return net, lambda: epoch(net, batches, optimizer)


def compare(
    name: str,
    make: Callable,
    lr: float,
    options,
    root: str,
    own: Callable | None = None,
) -> None:
    """The table of one network, and whether both ways agree.

    ``own`` makes the same network of this package's layers, which draw other random numbers;
    then the table also has ours without any dropout: no mask can be faster than none.
    """
    ours = our_batches(options.examples)
    ways = {"ours": trainer(own or make, our_epoch, ours, lr)[1]}
    if own is not None:
        ways["ours, torch's layers"] = trainer(make, our_epoch, ours, lr)[1]
        maskless = trainer(lambda: make(lambda p: nn.Identity()), our_epoch, ours, lr)
        ways["ours, no dropout"] = maskless[1]
    for workers in options.workers:
        theirs = course_batches(root, workers, options.examples)
        ways[f"course's, {workers} workers"] = trainer(make, course_epoch, theirs, lr)[
            1
        ]
    taken = alternate(ways, options.rounds)
    head = ("way", "wall s", "cpu s", "wall / ours", "cpu / ours")
    rows = [
        (
            way,
            f"{median(s):.2f}",
            f"{median(s, 'cpu'):.2f}",
            spread(s, taken["ours"]),
            spread(s, taken["ours"], "cpu"),
        )
        for way, s in taken.items()
    ]
    print(
        f"\n{name}, batch {BATCH}, {len(ours[0].X)} examples: seconds per epoch, "
        f"median of {options.rounds} rounds; ratios: median (least-most)\n"
    )
    print(table(head, rows))

    theirs = course_batches(root, 0, options.examples)
    pairs = []
    for seed in range(options.seeds):
        nets, scores = [], []
        for epoch, batches in ((our_epoch, ours), (course_epoch, theirs)):
            net, run = trainer(make, epoch, batches, lr, seed)
            scores.append(run())
            nets.append(torch.cat([p.flatten() for p in net.parameters()]))
        same = torch.equal(*nets)
        pairs.append(
            (seed, *(f"{s:.4f}" for s in scores), "equal" if same else "DIFFERENT")
        )
        if not same:
            raise SystemExit(f"seed {seed}: the weights differ")
    print("\nAfter one epoch from the same seed, the same layers\n")
    head = (
        "seed",
        "test accuracy, ours",
        "the course's way",
        "all weights, bit for bit",
    )
    print(table(head, pairs))
    if own is not None:
        scores = (
            trainer(own, our_epoch, ours, lr, s)[1]() for s in range(options.seeds)
        )
        print("\nwith our layers:", ", ".join(f"{score:.4f}" for score in scores))
    accuracies = [float(row[1]) for row in pairs]
    if len(accuracies) > 1:
        print(
            f"\nspread over seeds: standard deviation {statistics.stdev(accuracies):.4f}"
        )


def main() -> None:
    """Read the options, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--examples", type=int, default=60_000, help="training images")
    parser.add_argument("--workers", type=int, nargs="*", default=[0, 4])
    parser.add_argument("--seeds", type=int, default=3, help="seeds for the comparison")
    options = parser.parse_args()
    set_threads()
    print(machine())
    # torch warns of four workers on fewer processors; the course's code has four
    warnings.filterwarnings("ignore", message="This DataLoader will create")
    with tempfile.TemporaryDirectory() as root:
        write_for_torchvision(root)
        compare("784-256-10", mlp, 0.1, options, root)
        compare(
            "784-256-256-10 with dropout",
            dropout_net,
            0.5,
            options,
            root,
            own=lambda: dropout_net(Dropout),
        )


if __name__ == "__main__":
    main()
