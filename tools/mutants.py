"""Break a module on purpose, one small change at a time: does a test notice each?

`mutmut` makes the mutants, finds which tests reach which function, and runs them in
forks of a process that has imported torch already. This program gives it one module and
its quick tests at a time, in a copy of the tree, and compares what survives with
`tests/mutants/survivors.yml`, where each survivor's reason stands. It goes when mutmut
itself can be told which survivors are explained. Run it by `make mutants`.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
SURVIVORS = ROOT / "tests" / "mutants" / "survivors.yml"
BILINGUAL = "tests/extensions/bilingual/"
# Module -> the quick tests that are to notice its mutants.
MODULES = {
    "d2lnotes.losses": ["tests/test_losses.py"],
    "d2lnotes.activations": ["tests/test_activations.py"],
    "d2lnotes.metrics": ["tests/test_metrics.py"],
    "d2lnotes.perceptron": ["tests/test_perceptron.py"],
    "d2lnotes.initialization": ["tests/test_initialization.py"],
    "d2lnotes.regularization.dropout": ["tests/regularization/test_dropout.py"],
    "d2lnotes.regularization.penalties": ["tests/regularization/test_penalties.py"],
    "d2lnotes.compat": ["tests/test_compat.py"],
    # Not test_pairing.py, which builds a page for each case: seconds for a mutant.
    "bilingual.pairing": [f"{BILINGUAL}test_pairing_walk.py"],
}
# It counts the frames up to its caller, and mutmut puts frames of its own between.
DESELECTED = "tests/test_compat.py::test_the_warning_points_at_the_cell_that_trained"
SHARE = 0.9
# mutmut's words for a mutant that the tests noticed. "Interrupted" is pytest's exit code
# for an error while it collects: the broken module, or its `dir`, could not be used at all.
NOTICED = {
    *("killed", "timeout", "suspicious", "segfault"),
    "check was interrupted by user",
}


@dataclass(frozen=True)
class Mutant:
    """One small change of a function."""

    function: str
    change: str
    """The changed lines as in a diff, without indentation."""


def main(arguments: list[str] | None = None) -> int:
    """Run the modules named, or all; 1 if a survivor is unexplained or too many are."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", help=f"of {', '.join(MODULES)}")
    parser.add_argument("--jobs", default="2", help="mutants at a time (default 2)")
    options = parser.parse_args(arguments)
    try:
        modules = [full_name(name) for name in options.modules] or list(MODULES)
    except ValueError as error:
        parser.error(str(error))
    explained = read_explained(SURVIVORS.read_text("utf-8"))
    rows, faults = [], []
    for module in modules:
        start = time.monotonic()
        made, survivors = run(module, options.jobs)
        rows.append(row(module, made, len(survivors), time.monotonic() - start))
        faults += judge(module, made, survivors, explained.get(module, []))
    print("| module | made | killed | survived | share killed | minutes |")
    print("|---|---|---|---|---|---|", *rows, sep="\n")
    print(*faults, sep="\n")
    return 1 if faults else 0


def full_name(name: str) -> str:
    """``losses`` is ``d2lnotes.losses``."""
    for module in MODULES:
        if name in (module, module.rpartition(".")[2]):
            return module
    raise ValueError(f"no module {name!r}; there are {', '.join(MODULES)}")


def row(module: str, made: int, survived: int, seconds: float) -> str:
    """A line of the table."""
    killed = made - survived
    share = f"{killed / made:.1%}"
    cells = (f"`{module}`", made, killed, survived, share, f"{seconds / 60:.0f}")
    return f"| {' | '.join(map(str, cells))} |"


def judge(
    module: str, made: int, survivors: list[Mutant], explained: list[Mutant]
) -> list[str]:
    """What is wrong: survivors without a reason, reasons without a survivor, too many."""
    faults = [
        f"{module}: no test notices this change of {mutant.function}; write the test, or "
        f"say in {SURVIVORS.relative_to(ROOT)} why no test can:\n{mutant.change}"
        for mutant in (Counter(survivors) - Counter(explained)).elements()
    ]
    faults += [
        f"{module}: this change of {mutant.function} is noticed, or made no more; take it "
        f"out of {SURVIVORS.relative_to(ROOT)}:\n{mutant.change}"
        for mutant in (Counter(explained) - Counter(survivors)).elements()
    ]
    if made - len(survivors) < SHARE * made:
        faults.append(
            f"{module}: {len(survivors)} of {made} mutants survive; at least "
            f"{SHARE:.0%} are to be killed"
        )
    return faults


def read_explained(text: str) -> dict[str, list[Mutant]]:
    """Survivors by module from ``survivors.yml``; each must have a reason."""
    explained: dict[str, list[Mutant]] = {}
    for module, entries in (yaml.safe_load(text) or {}).items():
        for entry in entries:
            if not entry["why"].strip():
                raise ValueError(f"{SURVIVORS}: a survivor of {module} without a why")
            mutant = Mutant(entry["function"], entry["change"].strip())
            explained.setdefault(module, []).append(mutant)
    return explained


def run(module: str, jobs: str) -> tuple[int, list[Mutant]]:
    """Make the mutants of a module and run its tests on each: how many, which survived."""
    tree = ROOT / "build" / "mutants" / module
    lay_out(tree, module)
    mutmut(tree, "run", "--max-children", jobs)
    results = mutmut(tree, "results", "--all", "true", quiet=True)
    status = dict(re.findall(r"^ +(\S+): (.+)$", results, re.MULTILINE))
    if not status:
        raise RuntimeError(f"mutmut made no mutants of {module}")
    survivors = [name for name, what in status.items() if what not in NOTICED]
    shown = [mutmut(tree, "show", name, quiet=True) for name in survivors]
    return len(status), [
        Mutant(function_of(name), change_of(diff))
        for name, diff in zip(survivors, shown, strict=True)
    ]


def lay_out(tree: Path, module: str) -> None:
    """Copy package, extensions and tests into one tree as mutmut expects it."""
    shutil.rmtree(tree, ignore_errors=True)
    for source in (ROOT / "src", ROOT / "book" / "_ext"):
        ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(source, tree / "src", ignore=ignored, dirs_exist_ok=True)
    shutil.copytree(ROOT / "tests", tree / "tests", ignore=ignored)
    settings = {
        "source_paths": ["src"],
        "only_mutate": [f"src/{module.replace('.', '/')}.py"],
        "pytest_add_cli_args": [
            *("-m", "not slow and not full_data"),
            *("--hypothesis-profile=mutants", f"--deselect={DESELECTED}"),
        ],
        "pytest_add_cli_args_test_selection": MODULES[module],
        "on_dependency_change": "ignore",
        "use_git_change_detection": False,
    }
    lines = "".join(f"{key} = {toml(value)}\n" for key, value in settings.items())
    pyproject = (ROOT / "pyproject.toml").read_text("utf-8")
    (tree / "pyproject.toml").write_text(
        f"{pyproject}\n[tool.mutmut]\n{lines}", "utf-8"
    )


def toml(value: bool | str | list[str]) -> str:
    """A value as TOML writes it."""
    return str(value).lower() if isinstance(value, bool) else repr(value)


def mutmut(tree: Path, *arguments: str, quiet: bool = False) -> str:
    """Run mutmut in a tree; what it says of a failure goes to the terminal."""
    command = [sys.executable, "-m", "mutmut", *arguments]
    out = subprocess.PIPE if quiet else None
    result = subprocess.run(command, cwd=tree, text=True, stdout=out)
    if result.returncode:
        raise SystemExit(f"mutmut {arguments[0]} failed in {tree}: see above")
    return result.stdout or ""


def function_of(name: str) -> str:
    """``d2lnotes.metrics.xǁAccumulatorǁadd__mutmut_3`` is of ``Accumulator.add``."""
    mangled = name.rpartition(".")[2].partition("__mutmut_")[0]
    return mangled.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")


def change_of(diff: str) -> str:
    """The changed lines of a diff, without indentation."""
    lines = re.findall(r"^([-+])(?![-+]{2} )\s*(.*)$", diff, re.MULTILINE)
    return "\n".join(f"{sign} {line}" for sign, line in lines)


if __name__ == "__main__":
    sys.exit(main())
