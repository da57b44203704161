"""Show the book and build it again at every save: `serve.py [options of sphinx-autobuild]`.

sphinx-autobuild watches, serves and reloads the browser; but for each build it starts a new
Python, which takes as long to import Sphinx and this book's extensions as to build one
page, and the browser waits until the whole book is done. Here an edited page is shown first
(`preview`), and the book follows when nothing has been saved for some seconds. Both happen
in processes forked from this one, where everything is imported beforehand. When a module
that is loaded has changed since, a new Python builds, as sphinx-autobuild would; start
again to be quick again.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import sphinx_autobuild.__main__ as autobuild
import watchfiles
from preview import Preview
from sphinx.cmd.build import build_main
from sphinx.config import Config

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "book"
BUILD = BOOK / "_build"
SITE = BUILD / "serve"
DOCTREES = BUILD / "serve-doctrees"
STARTED = time.time()
# Whoever writes saves again soon, and while the book is built nothing else is.
PAUSE = 3000  # ms
FORK = get_context("fork")


def own_modules_changed() -> bool:
    """Whether a module of the book or of the package is older in memory than on disk."""
    files = (getattr(module, "__file__", None) for module in sys.modules.values())
    own = (Path(f) for f in files if f and Path(f).is_relative_to(ROOT))
    return any(file.exists() and file.stat().st_mtime > STARTED for file in own)


class Builder(autobuild.Builder):
    """Builds in the process it is called in, unless that would use forgotten code."""

    def __call__(self, *, changed_paths: Sequence[Path]) -> None:
        """Build what has changed."""
        if not changed_paths or own_modules_changed():
            return super().__call__(changed_paths=changed_paths)
        build_main(self.sphinx_args)
        return None


def fork(function: Callable[..., Any], **arguments: Any) -> bool:
    """Call a function in a process of its own; whether it went well."""
    process = FORK.Process(target=function, kwargs=arguments)
    process.start()
    process.join()
    return process.exitcode == 0


def attempt(preview: Preview, pages: list[str]) -> None:
    """Show pages; if that fails, the build will fail too and say why."""
    sys.stderr = None  # type: ignore[assignment]
    preview.show(pages)


def show_on_demand(connection: Connection) -> None:
    """Keep the book in memory, and show the pages among the files that are sent here.

    In a process of its own: a book in memory changes what a build here would give.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the watcher ends this
    preview = None
    try:
        preview = Preview(BOOK, DOCTREES, SITE)
    except Exception as error:  # whatever it is, the build has told
        print(f"pages are shown when the book is built: {error}", flush=True)
    gc.freeze()
    while True:
        paths = connection.recv()
        pages = preview.pages(paths) if preview else []
        connection.send(bool(pages) and fork(attempt, preview=preview, pages=pages))


class Watcher(autobuild.RebuildServer):
    """Shows edited pages at once, and builds the book in the pause that follows."""

    memory: BaseProcess | None = None

    def remember(self) -> None:
        """Have the book as it is now in memory."""
        self.forget()
        self.connection, other = FORK.Pipe()
        self.memory = FORK.Process(target=show_on_demand, args=[other])
        self.memory.start()

    def forget(self) -> None:
        """Have no book in memory."""
        if self.memory:
            self.memory.kill()  # uvicorn has taken SIGTERM
            self.memory.join()
            self.memory = None

    def show(self, paths: Sequence[Path]) -> bool:
        """Show pages before the book is built; whether that could be done."""
        if own_modules_changed():
            return False
        self.connection.send(paths)
        return self.connection.recv()

    async def watch(self) -> None:
        """Wait for changes, and for pauses after them."""
        self.remember()
        waiting: set[Path] = set()
        try:
            async for changes in watchfiles.awatch(
                *self.paths,
                watch_filter=lambda _, path: not self.ignore(path),
                rust_timeout=PAUSE,
                yield_on_timeout=True,
            ):
                changed = {Path(path).resolve() for _, path in changes}
                waiting |= changed
                if changed and await asyncio.to_thread(self.show, sorted(changed)):
                    self.flag.set()
                elif waiting:
                    paths = sorted(waiting)
                    await asyncio.to_thread(
                        fork, self.change_callback, changed_paths=paths
                    )
                    waiting.clear()
                    self.flag.set()
                    self.remember()
        finally:
            self.forget()


def main(arguments: list[str]) -> None:
    """Import all that a build needs, then watch."""
    own = [str(BOOK / "_ext"), str(ROOT / "src")]
    sys.path[:0] = own
    others = filter(None, [os.environ.get("PYTHONPATH")])  # for a new Python
    os.environ["PYTHONPATH"] = os.pathsep.join([*own, *others])
    for extension in Config.read(BOOK).extensions:
        import_module(extension)
    gc.freeze()  # the forks need not look at what is imported
    autobuild.Builder = Builder
    autobuild.RebuildServer = Watcher
    autobuild.main([
        *("--watch", str(ROOT / "src")),
        *("--re-ignore", r"_build|conf\.py$|__pycache__|egg-info"),
        *("-d", str(DOCTREES)),
        *arguments,
        *(str(BOOK), str(SITE)),
    ])  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
