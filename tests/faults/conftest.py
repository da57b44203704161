"""A tiny book that is built by a process of its own, so that it can be killed or starved."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

OURS = ("myst_parser", "publish", "warned", "freshness")
EXTENSIONS = Path(__file__).parents[2] / "book" / "_ext"

# Imports Sphinx once, then forks a child for each build: half a second instead of two.
# A child is the leader of a process group, as a shell's job is.
NURSERY = """
import json, os, sys, traceback
import myst_nb, myst_parser, sphinx.application, sphinx.builders.html
import sphinxcontrib.bibtex  # noqa
from sphinx.cmd.build import main
for line in sys.stdin:
    job = json.loads(line)
    child = os.fork()
    if child == 0:
        os.setsid()
        log = os.open(job["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.environ.update(job["environment"])
        status = 99
        try:
            status = main(job["arguments"])
        except BaseException:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    print(child, flush=True)
    if job["wait"]:
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@dataclass(frozen=True)
class Ended:
    """A build that has ended."""

    status: int
    words: str


@dataclass
class Running:
    """A build that is at work."""

    process: int
    log: Path

    def kill(self) -> None:
        """End it and all that it started, at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process, signal.SIGKILL)
        self.wait()

    def wait(self, seconds: float = 60.0) -> str:
        """Wait until it has ended, and return its words. A zombie has."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            state = Path(f"/proc/{self.process}/stat")
            if not state.exists() or state.read_text().rpartition(")")[2][1] == "Z":
                return self.log.read_text("utf-8")
            time.sleep(0.01)
        raise TimeoutError(f"still at work after {seconds} s")


@pytest.fixture(scope="module")
def nursery() -> Iterator[subprocess.Popen[str]]:
    """The process that has builds as children."""
    environment = {**os.environ, "PYTHONPATH": str(EXTENSIONS), "NO_COLOR": "1"}
    with subprocess.Popen(
        [sys.executable, "-c", NURSERY],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.stdin.close()


def digest(path: Path) -> str:
    """A file's content in a few letters.

    Sphinx's index of words keeps those that no page has any more, with an empty list.
    """
    content = path.read_bytes()
    if path.name == "searchindex.js":
        content = re.sub(rb'"[^"]*": \[\](, )?', b"", content)
        content = content.replace(b", }", b"}")
    return hashlib.sha256(content).hexdigest()


class Book:
    """Pages, settings, and builds of them."""

    def __init__(self, folder: Path, nursery: subprocess.Popen[str]) -> None:
        self.folder, self.nursery = folder, nursery
        self.source = folder / "book"
        self.site = folder / "_build" / "html"
        self.doctrees = folder / "_build" / ".doctrees"
        self.source.mkdir()
        self.settings()

    def settings(self, *extensions: str, code: str = "", **settings: object) -> None:
        """Write `conf.py`."""
        settings = {
            "extensions": [*OURS, *extensions],
            "html_theme": "basic",
            "html_copy_source": False,
            **settings,
        }
        lines = "".join(f"{name} = {value!r}\n" for name, value in settings.items())
        (self.source / "conf.py").write_text(lines + code, "utf-8")

    def write(self, **pages: str) -> None:
        """Write pages; the first page lists all the others."""
        for name, text in pages.items():
            (self.source / f"{name}.md").write_text(text, "utf-8")
        others = sorted(p.stem for p in self.source.glob("*.md") if p.stem != "index")
        contents = "\n".join(others)
        index = f"# Book\n\n```{{toctree}}\n{contents}\n```\n"
        path = self.source / "index.md"
        if not path.exists() or path.read_text("utf-8") != index:
            path.write_text(
                index, "utf-8"
            )  # else it would be out of date for no reason

    def start(
        self, *options: str, builder: str = "html", wait: bool = False, **environment
    ) -> Running:
        """Begin a build."""
        out = self.site.with_name(builder)
        doctrees = ["-d", str(self.doctrees)]
        arguments = ["-b", builder, *doctrees, *options, str(self.source), str(out)]
        log = self.folder / f"{time.monotonic_ns()}.log"
        job = {
            "arguments": arguments,
            "environment": environment,
            "log": str(log),
            "wait": wait,
        }
        self.nursery.stdin.write(json.dumps(job) + "\n")
        self.nursery.stdin.flush()
        return Running(int(self.nursery.stdout.readline()), log)

    def build(self, *options: str, **others: str) -> Ended:
        """Build, and return status and words."""
        running = self.start(*options, wait=True, **others)
        return Ended(int(self.nursery.stdout.readline()), running.log.read_text())

    def strict(self, **others: str) -> Ended:
        """Build as the README says for contributors: warnings are errors."""
        return self.build("-n", "-W", "--keep-going", **others)

    def published(self) -> dict[str, str]:
        """Every file of the site with a digest of its content."""
        return {
            path.relative_to(self.site).as_posix(): digest(path)
            for path in sorted(self.site.rglob("*"))
            if path.is_file()
        }

    def beside(self) -> list[str]:
        """What lies beside the site."""
        return sorted(path.name for path in self.site.parent.glob(".html.*"))


@pytest.fixture(scope="session")
def make_book() -> type[Book]:
    """The class, for books that outlive a test."""
    return Book


@pytest.fixture
def book(tmp_path: Path, nursery: subprocess.Popen[str]) -> Book:
    """A book of three pages."""
    made = Book(tmp_path, nursery)
    made.write(one="# One\n\nFirst.\n", two="# Two\n\nSecond.\n")
    return made
