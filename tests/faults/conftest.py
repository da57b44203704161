"""A tiny book built as a reader of the README builds: by a process of its own."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

EXTENSIONS = Path(__file__).parents[2] / "book" / "_ext"
STRICT = ("-n", "-W", "--keep-going")


class Book:
    """Pages, and `sphinx-build` on them with the extensions named."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.source = folder / "book"
        self.site = folder / "_build" / "html"
        self.source.mkdir()
        self.conf()

    def conf(self, *extensions: str, **settings: object) -> None:
        """Write the settings."""
        settings = {
            "extensions": ["myst_parser", "publish", "warned", *extensions],
            "html_theme": "basic",
            "html_copy_source": False,
            **settings,
        }
        lines = "".join(f"{name} = {value!r}\n" for name, value in settings.items())
        (self.source / "conf.py").write_text(lines, "utf-8")

    def write(self, **pages: str) -> None:
        """Write pages; the first page lists the others."""
        for name, text in pages.items():
            (self.source / f"{name}.md").write_text(text, "utf-8")
        others = sorted(p.stem for p in self.source.glob("*.md") if p.stem != "index")
        contents = "\n".join(others)
        index = f"# Book\n\n```{{toctree}}\n{contents}\n```\n"
        path = self.source / "index.md"
        if not path.exists() or path.read_text("utf-8") != index:
            path.write_text(index, "utf-8")

    def command(self, *options: str, builder: str = "html") -> list[str]:
        """What to run in the folder of the book."""
        out = self.site.with_name(builder)
        doctrees = self.site.with_name(".doctrees")
        sphinx = [sys.executable, "-m", "sphinx", "-b", builder, "-d", str(doctrees)]
        return [*sphinx, *options, str(self.source), str(out)]

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(EXTENSIONS), "NO_COLOR": "1"}

    def build(self, *options: str, **others: str) -> subprocess.CompletedProcess[str]:
        """Build, and return status and words."""
        return subprocess.run(
            self.command(*options, **others),
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def start(self, *options: str) -> subprocess.Popen[str]:
        """Begin a build in a process group of its own."""
        return subprocess.Popen(
            self.command(*options),
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def published(self, site: Path | None = None) -> dict[str, str]:
        """Every file of the site with a digest of its content."""
        site = site or self.site
        return {
            path.relative_to(site).as_posix(): hashlib.sha256(
                path.read_bytes()
            ).hexdigest()
            for path in sorted(site.rglob("*"))
            if path.is_file()
        }

    def leftovers(self) -> list[str]:
        """What lies beside the site."""
        return sorted(p.name for p in self.site.parent.glob(".html.*"))


def kill(process: subprocess.Popen[str]) -> None:
    """End a build and all that it started, at once."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.fixture
def book(tmp_path: Path) -> Book:
    made = Book(tmp_path)
    made.write(one="# One\n\nFirst.\n", two="# Two\n\nSecond.\n")
    return made
