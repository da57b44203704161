"""One build of a book at a time, and nothing kept from a build that was killed.

Two builds in one checkout would write into each other's pages; the second stops and says
who is at work. The lock is the operating system's, so a killed build leaves none. Sphinx
saves what it read before it writes the pages: after a kill in between, the next build
would think them up to date. So a build that finds the trace of a killed one reads
everything again.

Delete this when Sphinx locks its folder of doctrees and saves it last.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

logger = logging.getLogger(__name__)

LOCK = "build.lock"
WHO = "build.who"  # the process that has, or had, the lock
TRACE = "build.unfinished"  # there while pages are read and written
FIRST, LAST = -1000, 10_000  # priorities


def begin(app: Sphinx, config: Config) -> None:
    """Take the lock, and clear up after a build that was killed."""
    folder = Path(app.doctreedir)
    folder.mkdir(parents=True, exist_ok=True)
    lock, who = FileLock(folder / LOCK), folder / WHO
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        # The name is missing for the instant between taking the lock and signing.
        name = who.read_text("utf-8") if who.exists() else "a process"
        raise ExtensionError(
            f"{folder.parent}: another build is at work here: {name}. Wait until it has"
            " ended, or end it with `kill` and that number, and build again."
        ) from error
    app.build_lock = lock  # type: ignore[attr-defined]
    who.write_text(f"process {os.getpid()}, since {datetime.now():%H:%M:%S}", "utf-8")
    if (folder / TRACE).exists():
        logger.info("the last build was killed: every page is read again")
        (folder / ENV_PICKLE_FILENAME).unlink(missing_ok=True)


def leave_trace(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """From here on, what is stored is not what the site shows."""
    (Path(app.doctreedir) / TRACE).touch()


def end(app: Sphinx, exception: Exception | None) -> None:
    """Let the next build in. After an exception Sphinx itself forgets what it read."""
    (Path(app.doctreedir) / TRACE).unlink(missing_ok=True)
    app.build_lock.release()  # type: ignore[attr-defined]


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect begin and end."""
    app.connect("config-inited", begin, priority=FIRST)
    app.connect("env-before-read-docs", leave_trace, priority=FIRST)
    app.connect("build-finished", end, priority=LAST)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
