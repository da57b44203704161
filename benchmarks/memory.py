"""Claim: the whole data set in memory takes less of it than four workers do.

Each way runs in a process of its own, which loads the data and trains 784-256-10 for one
epoch. Reported: the bytes of data that it holds, and the peak of its resident memory, alone
and with its worker processes at their peak (pages that they share counted once where the
system tells, which is Linux's proportional set size). ``nothing but imports`` is what Python,
torch and torchvision take before any data is read. As float32 the images would be four times
as large; they stay bytes, and only a batch becomes float32.

Run:
    python benchmarks/memory.py                 # about a minute; Linux
    python benchmarks/memory.py --examples 6000
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import warnings
from pathlib import Path

import torch
from epoch import BATCH, course_batches, course_epoch, mlp, our_batches, our_epoch
from rounds import machine, set_threads, table

from d2lnotes.data import load_fashion_mnist, write_for_torchvision

WAYS = ("imports", "ours", "course 0", "course 4")
NAMES = ("nothing but imports", "ours", "course's, 0 workers", "course's, 4 workers")


def family(pid: int) -> list[int]:
    """A process and its descendants."""
    found = [pid]
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for child in children.read_text().split():
                found += family(int(child))
        except OSError:  # it has ended meanwhile
            pass
    return found


def megabytes_now(pids: list[int]) -> float:
    """Proportional set size of these processes together: shared pages count once."""
    total = 0
    for pid in pids:
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(
            int(line.split()[1]) for line in rollup.splitlines() if line[:4] == "Pss:"
        )
    return total * 1024 / 1e6


class Watch:
    """The peak of this process and its workers, looked at twice a second in a thread."""

    def __enter__(self) -> "Watch":
        self.peak, self.stop = 0.0, threading.Event()
        self.thread = threading.Thread(target=self.look)
        self.thread.start()
        return self

    def look(self) -> None:
        """Look until told to stop; each look costs some milliseconds."""
        while True:
            self.peak = max(self.peak, megabytes_now(family(os.getpid())))
            if self.stop.wait(0.5):
                return

    def __exit__(self, *exception: object) -> None:
        self.stop.set()
        self.thread.join()


def run(way: str, root: str, examples: int) -> dict[str, float]:
    """Train by one way in this process; what it took, in megabytes."""
    set_threads()
    warnings.filterwarnings("ignore", message="This DataLoader will create")
    torch.manual_seed(0)
    held = 0
    with Watch() as watch:
        if way != "imports":
            net = mlp()
            optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
            if way == "ours":
                batches = our_batches(examples)
                our_epoch(net, batches, optimizer)
                tensors = [t for b in batches for t in (b.X, b.y)]
            else:
                batches = course_batches(root, int(way.split()[1]), examples)
                course_epoch(net, batches, optimizer)
                sets = [getattr(b.dataset, "dataset", b.dataset) for b in batches]
                tensors = [t for s in sets for t in (s.data, s.targets)]
            held = sum(t.untyped_storage().nbytes() for t in tensors) / 1e6
    return {"data": held, "peak": watch.peak}


def main() -> None:
    """Read the options; start a process per way; print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--examples", type=int, default=60_000)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--root", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        print(json.dumps(run(options.way, options.root, options.examples)))
        return
    set_threads()
    print(machine(), "\n")
    rows = []
    with tempfile.TemporaryDirectory() as root:
        write_for_torchvision(root)
        for way, name in zip(WAYS, NAMES, strict=True):
            command = [sys.executable, __file__, "--way", way, "--root", root]
            command += ["--examples", str(options.examples)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            found = json.loads(done.stdout.splitlines()[-1])
            above = found["peak"] - rows[0][2] if rows else 0.0
            rows.append((name, found["data"], found["peak"], above))
    head = ("way", "data held, MB", "peak with workers, MB", "above imports, MB")
    print(table(head, [(r[0], *(f"{x:.0f}" for x in r[1:])) for r in rows]))
    images = load_fashion_mnist().train_images
    print(f"\ntraining images as bytes: {images.nbytes / 1e6:.0f} MB; as float32: "
          f"{4 * images.nbytes / 1e6:.0f} MB; a batch of {BATCH}: "
          f"{4 * 784 * BATCH / 1e6:.1f} MB")  # fmt: skip


if __name__ == "__main__":
    main()
