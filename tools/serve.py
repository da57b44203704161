"""Show the book and build it again at every save: `serve.py [options of sphinx-autobuild]`.

sphinx-autobuild watches, serves and reloads the browser; but for each build it starts a new
Python, which takes as long to import Sphinx and this book's extensions as to build one
page. It calls its builder in a process forked from this one, so here everything is
imported beforehand and the fork builds by itself. When a module that is loaded has changed
since, a new Python builds, as sphinx-autobuild would; start again to be quick again.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import sphinx_autobuild.__main__ as autobuild
from sphinx.cmd.build import build_main
from sphinx.config import Config

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "book"
BUILD = BOOK / "_build"
STARTED = time.time()


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
    autobuild.main([
        *("--watch", str(ROOT / "src")),
        *("--re-ignore", r"_build|conf\.py$|__pycache__|egg-info"),
        *("-d", str(BUILD / "serve-doctrees")),
        *arguments,
        *(str(BOOK), str(BUILD / "serve")),
    ])  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
