"""The package's wheel, built offline beside the source tree, the same bytes every time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

EPOCH = 315532800  # 1980-01-01, the first date that a zip can hold
BUILD = "import sys; from setuptools import build_meta; print(build_meta.build_wheel(sys.argv[1]))"
SCRAP = shutil.ignore_patterns("__pycache__", "*.pyc", "*.egg-info", ".*")


def build(project: Path, into: Path) -> Path:
    """Build the wheel of the project in a copy, so that nothing is left in its tree.

    Args:
        project: The folder with ``pyproject.toml`` and ``src``.
        into: Where the wheel comes.

    Raises:
        RuntimeError: With what setuptools said.
    """
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "project"
        copy.mkdir()
        for name in ("pyproject.toml", "LICENSE", "README.md"):
            if (project / name).exists():
                shutil.copyfile(project / name, copy / name)
        shutil.copytree(
            project / "src", copy / "src", ignore=SCRAP, copy_function=shutil.copyfile
        )
        for path in copy.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("PYTHONPATH", "PYTHONHOME")
        }
        done = subprocess.run(
            [sys.executable, "-c", BUILD, str(into)],
            cwd=copy,
            env={**environment, "SOURCE_DATE_EPOCH": str(EPOCH)},
            capture_output=True,
            text=True,
        )
    if done.returncode:
        raise RuntimeError(f"setuptools built no wheel of {project}:\n{done.stderr}")
    return into / done.stdout.strip().splitlines()[-1]
