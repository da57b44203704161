"""Compare two builds of the site byte for byte: `compare_sites.py SITE SITE`.

Two cold builds of one commit must give the same pages, figures and numbers. Exit
status 1 and a list of what differs otherwise.
"""

from __future__ import annotations

import argparse
import difflib
import filecmp
import sys
from pathlib import Path

# Sphinx's own record of how it was called, and its cache of page states.
ALLOWED = {".buildinfo", ".doctrees"}


def files(site: Path) -> dict[str, Path]:
    """Relative name -> file, for all that is published."""
    return {
        path.relative_to(site).as_posix(): path
        for path in sorted(site.rglob("*"))
        if path.is_file() and not ALLOWED & set(path.relative_to(site).parts)
    }


def first_difference(one: Path, other: Path) -> str:
    """The first differing line of two text files, shortened; empty for others."""
    try:
        lines = [p.read_text("utf-8").splitlines() for p in (one, other)]
    except UnicodeDecodeError:
        return ""
    changed = (
        line[:160] for line in difflib.unified_diff(*lines, n=0) if line[:1] in "+-"
    )
    return "\n    ".join([*changed][2:6])


def main(arguments: list[str] | None = None) -> int:
    """Print what differs between two sites."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sites", nargs=2, type=Path)
    one, other = (files(site) for site in parser.parse_args(arguments).sites)
    if not one or not other:
        parser.error("one of the folders holds no files")
    faults = [f"only in one of them: {name}" for name in sorted(set(one) ^ set(other))]
    for name in sorted(set(one) & set(other)):
        if not filecmp.cmp(one[name], other[name], shallow=False):
            faults.append(f"{name}\n    {first_difference(one[name], other[name])}")
    print("\n".join(faults) or f"{len(one)} files, all the same")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
