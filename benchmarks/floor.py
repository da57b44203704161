"""Claim: little is left to gain but in the matrix products themselves.

The *floor* of an epoch is the time of its bare products: forward $XW$, backward $X^T G$ for
the weights and $G W^T$ for the layer below, of exactly these shapes, one product per layer
and batch and nothing else: no data, no activation, no loss, no step. The first table has
the speed of each product on this machine; the second an epoch of training in ours against
the floor, taking turns; what the barest loop on autograd reaches, which keeps no record at
all; and what a loop with a backward pass written by hand reaches.

Run:
    python benchmarks/floor.py                 # about two minutes
    python benchmarks/floor.py --examples 6000 # a tenth of it
"""

import argparse
import statistics
from collections.abc import Callable
from itertools import pairwise

import torch
from epoch import BATCH, dropout_net, mlp, our_batches
from rounds import alternate, machine, median, set_threads, spread, table
from torch import Tensor, nn

from d2lnotes import compat as d2l
from d2lnotes.training import fit

NETS = {"784-256-10": (784, 256, 10), "784-256-256-10": (784, 256, 256, 10)}


def products(sizes: tuple[int, ...], batch: int) -> dict[str, Callable[[], Tensor]]:
    """Each product of one step of a multilayer perceptron, named by its shapes."""
    found = {}
    for i, (n_in, n_out) in enumerate(pairwise(sizes)):
        X, W = torch.randn(batch, n_in), torch.randn(n_out, n_in)
        G = torch.randn(batch, n_out)

        def forward(X=X, W=W) -> Tensor:
            return X @ W.t()

        def weights(X=X, G=G) -> Tensor:
            return G.t() @ X

        def below(G=G, W=W) -> Tensor:
            return G @ W

        found[f"layer {i + 1}, XW: {batch}x{n_in} by {n_in}x{n_out}"] = forward
        found[f"layer {i + 1}, dW: {n_out}x{batch} by {batch}x{n_in}"] = weights
        if i > 0:  # nobody asks for the gradient of the images
            found[f"layer {i + 1}, dX: {batch}x{n_out} by {n_out}x{n_in}"] = below
    return found


def flop(name: str) -> float:
    """Floating-point operations of a product: two per multiplication and addition."""
    (a, b), (_, c) = (map(int, s.split("x")) for s in name.split(": ")[1].split(" by "))
    return 2.0 * a * b * c


def speeds(sizes: tuple[int, ...], repeats: int = 30, rounds: int = 9) -> list[tuple]:
    """Microseconds and GFLOP/s of each product, median over rounds that take turns."""
    ways = {
        name: lambda run=run: [run() for _ in range(repeats)]
        for name, run in products(sizes, BATCH).items()
    }
    rows = []
    for name, taken in alternate(ways, rounds).items():
        times = [s.cpu / repeats for s in taken]
        rows.append(
            (
                name,
                f"{statistics.median(times) * 1e6:.0f}",
                f"{flop(name) / statistics.median(times) / 1e9:.1f}",
                f"{flop(name) / min(times) / 1e9:.1f}",
            )
        )
    return rows


def floor_epoch(sizes: tuple[int, ...], steps: int) -> None:
    """All products of an epoch, and nothing else."""
    step = list(products(sizes, BATCH).values())
    for _ in range(steps):
        for product in step:
            product()


def our_training(net: nn.Module, batches, lr: float) -> Callable[[], object]:
    """One epoch of training as `train_ch3` runs it, without the test pass."""
    loss = nn.CrossEntropyLoss(reduction="none")
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    return lambda: d2l.train_epoch_ch3(net, batches, loss, optimizer)


def bare(net: nn.Module, batches, lr: float) -> Callable[[], object]:
    """The least that training with autograd can be: forward, backward, step, no record."""
    loss, params = nn.CrossEntropyLoss(), list(net.parameters())

    def run() -> None:
        for X, y in batches:
            gradients = torch.autograd.grad(loss(net(X), y), params)
            with torch.no_grad():
                for param, gradient in zip(params, gradients, strict=True):
                    param.add_(gradient, alpha=-lr)

    return run


def by_hand(batches, lr: float) -> Callable[[], object]:
    """784-256-10 with its backward pass written out: no autograd, no layer, no optimizer."""
    net = mlp()
    (W1, b1), (W2, b2) = (
        (layer.weight.detach(), layer.bias.detach()) for layer in (net[1], net[3])
    )

    def run() -> None:
        loss, right = torch.zeros(()), torch.zeros((), dtype=torch.int64)
        for X, y in batches:
            X = X.flatten(1)
            H = torch.addmm(b1, X, W1.t()).relu_()
            O = torch.addmm(b2, H, W2.t())  # noqa: E741
            log_p = O.log_softmax(1)
            loss += nn.functional.nll_loss(log_p, y, reduction="sum")
            right += (O.argmax(1) == y).sum()
            G = log_p.exp_()  # (b, 10): softmax minus one-hot, by the size of the batch
            G[torch.arange(len(y)), y] -= 1
            G /= len(y)
            dH = (G @ W2) * (H > 0)
            W2.addmm_(G.t(), H, alpha=-lr)
            b2.sub_(G.sum(0), alpha=lr)
            W1.addmm_(dH.t(), X, alpha=-lr)
            b1.sub_(dH.sum(0), alpha=lr)

    return run


def main() -> None:
    """Read the options, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--examples", type=int, default=60_000)
    options = parser.parse_args()
    set_threads()
    print(machine(), "\n")
    head = ("product", "microseconds", "GFLOP/s, median", "GFLOP/s, best")
    print(table(head, speeds((784, 256, 256, 10))))

    torch.manual_seed(0)
    batches = our_batches(options.examples)[0]
    rows = []
    for name, sizes in NETS.items():
        net = mlp() if len(sizes) == 3 else dropout_net()
        other, third = ((mlp() if len(sizes) == 3 else dropout_net()) for _ in "ab")
        ways = {
            "the products alone": lambda s=sizes: floor_epoch(s, len(batches)),
            "train_ch3": our_training(net, batches, 0.1),
            "fit(lr=...)": lambda net=other: fit(
                net, batches, num_epochs=1, lr=0.1, loss=nn.CrossEntropyLoss()
            ),
            "barest autograd": bare(third, batches, 0.1),
        }
        if len(sizes) == 3:
            ways["written by hand"] = by_hand(batches, 0.1)
        taken = alternate(ways, options.rounds)
        floor = taken["the products alone"]
        rows += [
            (name, way, f"{median(s):.3f}", f"{median(s, 'cpu'):.3f}",
             f"{min(t.cpu for t in s):.3f}", spread(s, floor, "cpu"))
            for way, s in taken.items()
        ]  # fmt: skip
    print(f"\nOne epoch of training, {len(batches.X)} examples, batches of {BATCH}; "
          f"ratios: median (least-most) of {options.rounds} rounds\n")  # fmt: skip
    head = ("network", "way", "wall s", "cpu s", "best cpu s", "cpu / floor")
    print(table(head, rows))


if __name__ == "__main__":
    main()
