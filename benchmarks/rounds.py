"""What every benchmark here needs: alternating rounds, medians, ratios, a table.

On a machine that others use too, a time alone says little and two times taken minutes
apart say less. So the ways that are compared take turns, round by round; each ratio is
one of two neighbours in the same round, and the median over the rounds is reported.
Seconds of processor time (own processes only, worker processes included) stand beside
those of the clock.
"""

import os
import platform
import resource
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Seconds:
    """How long one run took: by the clock, and in processor time of all processes."""

    wall: float
    cpu: float


def set_threads() -> int:
    """One thread, unless OMP_NUM_THREADS or MKL_NUM_THREADS says how many.

    Two threads on two busy processors can be many times slower than one.
    """
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        if wanted := os.environ.get(variable):
            torch.set_num_threads(int(wanted))
            break
    else:
        torch.set_num_threads(1)
    return torch.get_num_threads()


def cpu_seconds() -> float:
    """Processor time so far, of this process and of its children that have ended."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def measure(run: Callable[[], object]) -> Seconds:
    """Run once."""
    wall, cpu = time.perf_counter(), cpu_seconds()
    run()
    return Seconds(time.perf_counter() - wall, cpu_seconds() - cpu)


def alternate(
    ways: Mapping[str, Callable[[], object]], rounds: int, *, warm_up: bool = True
) -> dict[str, list[Seconds]]:
    """Let the ways take turns; one list per way, one entry per round.

    Args:
        ways: Name of each way and what to run.
        rounds: How many rounds, at least 1. Every other round goes backwards, so that
            no way always runs right after the same other one.
        warm_up: Whether to run each way once before, untimed.
    """
    if warm_up:
        for run in ways.values():
            run()
    taken: dict[str, list[Seconds]] = {name: [] for name in ways}
    for i in range(rounds):
        for name in list(ways)[:: 1 if i % 2 == 0 else -1]:
            taken[name].append(measure(ways[name]))
    return taken


def median(seconds: Sequence[Seconds], clock: str = "wall") -> float:
    """Median over the rounds; ``clock`` is ``"wall"`` or ``"cpu"``."""
    return statistics.median(getattr(s, clock) for s in seconds)


def spread(
    slow: Sequence[Seconds], fast: Sequence[Seconds], clock: str = "wall"
) -> str:
    """Median and extremes of the ratios of the rounds, for a table."""
    pairs = zip(slow, fast, strict=True)
    ratios = sorted(getattr(s, clock) / getattr(f, clock) for s, f in pairs)
    return f"{statistics.median(ratios):.2f} ({ratios[0]:.2f}-{ratios[-1]:.2f})"


def machine() -> str:
    """One line on where and with what this was measured."""
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo") as info:
            model = next(ln.split(":")[1].strip() for ln in info if "model name" in ln)
    except (OSError, StopIteration):
        pass
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return (
        f"{model}, {os.cpu_count()} processors, load {load}; Python"
        f" {platform.python_version()}, torch {torch.__version__},"
        f" {torch.get_num_threads()} thread(s)"
    )


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table, its columns aligned."""
    cells = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        "| " + " | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + " |"
        for row in cells
    ]
    return "\n".join(
        [lines[0], "|" + "|".join("-" * (w + 2) for w in widths) + "|", *lines[1:]]
    )
