"""Claim: an epoch costs what its arithmetic costs, and the rest is a small constant per batch.

One of four things changes at a time, from the base 784-256-10, batches of 256: the number of
examples, the width of the hidden layer, the number of hidden layers, the size of a batch.
Seconds of processor time of one epoch of training (`fit(lr=…)`), the settings of a table
taking turns. Columns: the epoch, relative to the row before; its arithmetic (multiplications
and additions of the matrix products), relative to the row before; the speed reached. Where
both factors agree, the cost is the arithmetic. Small nets and small batches are slower than
theirs, for each step has a price of its own, which the last line states.

Run:
    python benchmarks/scaling.py                # about two minutes
    python benchmarks/scaling.py --examples 6000
"""

import argparse
from collections.abc import Callable
from itertools import pairwise

import torch
from rounds import alternate, machine, median, set_threads, table

from d2lnotes.data import TensorBatches, load_fashion_mnist
from d2lnotes.mlp import mlp
from d2lnotes.training import fit


def epoch(
    examples: int, *, width: int = 256, depth: int = 1, batch: int = 256
) -> Callable[[], object]:
    """A function that trains a network for one more epoch."""
    fashion = load_fashion_mnist()
    images, labels = fashion.train_images[:examples], fashion.train_labels[:examples]
    batches = TensorBatches(images, labels, batch, shuffle=True)
    net = mlp(sizes(width, depth))
    return lambda: fit(net, batches, num_epochs=1, lr=0.01)


def sizes(width: int, depth: int) -> tuple[int, ...]:
    """Units of each layer."""
    return (784, *[width] * depth, 10)


def flop(examples: int, *, width: int = 256, depth: int = 1, batch: int = 256) -> float:
    """Operations of an epoch: three products per layer, two for the first, 2 per entry."""
    layers = [a * b for a, b in pairwise(sizes(width, depth))]
    return 2.0 * examples * (3 * sum(layers) - layers[0])


def compare(what: str, settings: dict[object, dict], rounds: int) -> None:
    """The table of one series."""
    torch.manual_seed(0)
    ways = {str(value): epoch(**kw) for value, kw in settings.items()}
    taken = alternate(ways, rounds)
    cpu = [median(taken[name], "cpu") for name in ways]
    work = [flop(**kw) for kw in settings.values()]
    rows = []
    for i, name in enumerate(ways):
        factors = ("", "")
        if i > 0:
            factors = (f"x {cpu[i] / cpu[i - 1]:.2f}", f"x {work[i] / work[i - 1]:.2f}")
        rows.append((name, f"{cpu[i]:.3f}", *factors, f"{work[i] / cpu[i] / 1e9:.0f}"))
    head = (what, "cpu s", "time", "arithmetic", "GFLOP/s")
    print(f"\n{table(head, rows)}")
    if what == "batch":
        steps = [-(-kw["examples"] // kw["batch"]) for kw in settings.values()]
        price = (cpu[0] - cpu[-1]) / (steps[0] - steps[-1])
        print(f"\nprice of a step besides its arithmetic: about {price * 1e6:.0f} us")


def main() -> None:
    """Read the options, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--examples", type=int, default=15_000, help="of the base")
    options = parser.parse_args()
    set_threads()
    print(machine())
    n, rounds = options.examples, options.rounds
    compare("examples", {m: {"examples": m} for m in (n // 2, n, 2 * n, 4 * n)}, rounds)
    widths = (64, 128, 256, 512, 1024)
    compare("width", {w: {"examples": n, "width": w} for w in widths}, rounds)
    depths = {d: {"examples": n, "depth": d} for d in (1, 2, 4, 8)}
    compare("hidden layers", depths, rounds)
    sizes_of_batch = (16, 64, 256, 1024)
    compare("batch", {b: {"examples": n, "batch": b} for b in sizes_of_batch}, rounds)


if __name__ == "__main__":
    main()
