"""Honest execution: a published result was computed by the code that stands here now.

jupyter-cache finds a stored result by a page's cells alone, so after a change in the
package it would publish old numbers. Here every page's results are kept in a folder of
their own, named by a digest of all that can change them: the package modules that the
page imports (and those they import), the pinned and the installed versions, the data
in use. A cell that fails is named with page, line and number, and fails the build.

Delete this file when jupyter-cache can key on more than the cells.
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import importlib.metadata
import importlib.util
import os
import sys
import threading
from collections.abc import Callable
from copy import deepcopy
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import myst_nb.core.execute
import myst_nb.core.execute.cache
from jupyter_cache.executors.utils import single_nb_execution
from myst_nb.core.execute.cache import NotebookClientCache
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ConfigError, ExtensionError
from sphinx.util import logging

logger = logging.getLogger(__name__)

# One thread: with two, a busy two-core machine is up to 15 times slower, and sums
# would be added in another order. A reader's own setting wins.
THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS")
# Tags that change what a cell does; jupyter-cache does not look at them.
RUN_TAGS = frozenset({"skip-execution", "raises-exception"})

# Python 3.11 counts the depth of all threads that parse together, and then gives up.
PARSING = threading.Lock()

Modules = dict[str, Path]


def imported_names(code: str, package: str) -> set[str]:
    """The dotted names inside ``package`` that ``code`` may import.

    ``from package.a import b`` gives ``package.a`` and ``package.a.b``, because ``b``
    may be a module; names that are none are dropped by `module_closure`.
    """
    names: set[str] = set()
    try:
        with PARSING:
            tree = ast.parse(code)
    except SyntaxError:  # a cell with a magic; or one that will fail when it runs
        kept = [
            ln for ln in code.splitlines() if not ln.lstrip().startswith(("%", "!"))
        ]
        try:
            with PARSING:
                tree = ast.parse("\n".join(kept))
        except SyntaxError:
            return names
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {n for n in names if n == package or n.startswith(f"{package}.")}


def package_modules(package: str) -> Modules:
    """Dotted name -> file, for every module of an installed package (unimported)."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return {}
    root = Path(next(iter(spec.submodule_search_locations)))
    modules = {}
    for path in sorted(root.rglob("*.py")):
        parts = [package, *path.relative_to(root).with_suffix("").parts]
        if parts[-1] == "__init__":
            parts.pop()
        modules[".".join(parts)] = path
    return modules


def module_closure(names: set[str], modules: Modules, package: str) -> Modules:
    """Every module that importing ``names`` runs: theirs, their parents', and onward."""
    todo, found = set(names), {}
    while todo:
        name = todo.pop()
        parents = name.split(".")
        todo |= {
            parent
            for i in range(1, len(parents))
            if (parent := ".".join(parents[:i])) not in found
        }
        if name in found or name not in modules:
            continue
        found[name] = modules[name]
        todo |= imported_names(modules[name].read_text("utf-8"), package) - set(found)
    return dict(sorted(found.items()))


def page_digest(
    state: str, page: str, closure: Modules, cells: list[NotebookNode]
) -> str:
    """Sixteen hex digits that change when a page's results may change.

    The text of the cells is not part of it: jupyter-cache compares that by itself.
    """
    digest = hashlib.sha256(f"{state}\0{page}".encode())
    for name, path in closure.items():
        digest.update(f"\0{name}\0".encode())
        digest.update(path.read_bytes())
    for number, cell in enumerate(cells):
        for tag in sorted(RUN_TAGS & set(cell.metadata.get("tags", []))):
            digest.update(f"\0{number} {tag}".encode())
    return digest.hexdigest()[:16]


def sources(notebook: NotebookNode) -> list[str]:
    """The texts of all cells."""
    return [cell.source for cell in notebook.cells]


def failed_cell(notebook: NotebookNode) -> tuple[int, str]:
    """Index of the cell at which execution stopped, and its error in one line."""
    code = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    for i in code:
        for output in notebook.cells[i].outputs:
            if output.output_type == "error":
                return i, f"{output.ename}: {output.evalue}"
    unrun = [i for i in code if notebook.cells[i].get("execution_count") is None]
    return (unrun or code)[0], "no answer from the kernel"


class HonestClient(NotebookClientCache):
    """myst-nb's caching client with a folder per state of what the page depends on."""

    package: str = ""
    state: str = ""
    # Page path -> the files its results depend on; read by `note_dependencies`.
    dependencies: dict[str, list[Path]] = {}  # noqa: RUF012  shared on purpose
    # Page path -> a client that has run it already: `run_ahead`.
    ran: dict[str, HonestClient] = {}  # noqa: RUF012  shared on purpose

    def start_client(self) -> None:
        """Run the page, or take its results from where they are."""
        page = self.notebook
        done = self.ran.pop(str(self.path), None)
        if done is None or sources(done.notebook) != sources(self.notebook):
            self.run()  # nobody ran it yet, or it was edited since
        else:
            self._notebook, self.exec_metadata = done.notebook, done.exec_metadata
        # myst-nb writes the notebook that it read into its output folder, not this one.
        for cell, ran in zip(page.cells, self.notebook.cells, strict=True):
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = ran.outputs, ran.execution_count

    def run(self) -> None:
        """Run the page, or take its results from the folder of the present state."""
        code = [cell for cell in self.notebook.cells if cell.cell_type == "code"]
        names: set[str] = set()
        for cell in code:
            names |= imported_names(cell.source, self.package)
        closure = module_closure(names, package_modules(self.package), self.package)
        self.dependencies[str(self.path)] = list(closure.values())

        digest = page_digest(self.state, self.path.stem, closure, code)
        cache = Path(self.nb_config.execution_cache_path or ".jupyter_cache")
        self._nb_config = self.nb_config.copy(execution_cache_path=str(cache / digest))

        # A stored result brings its old captions and tags along; the page's own count.
        metadata = [deepcopy(cell.metadata) for cell in self.notebook.cells]
        super().start_client()
        for cell, own in zip(self.notebook.cells, metadata, strict=True):
            cell.metadata = own

        if self.exec_metadata and not self.exec_metadata["succeeded"]:
            index, reason = failed_cell(self.notebook)
            if self.exec_metadata["error"] == "CellTimeoutError":
                limit = self.nb_config.execution_timeout
                reason = f"ran longer than the limit of {limit} seconds"
            number = sum(
                c.cell_type == "code" for c in self.notebook.cells[: index + 1]
            )
            self.exec_metadata["error"] = (
                f"{self.path}:{self.cell_line(index)}: code cell {number}: {reason}"
            )


@lru_cache
def installed(packages: tuple[str, ...]) -> str:
    """Name and version of each package that is installed."""
    found = []
    for name in packages:
        try:
            found.append(f"{name}=={importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            found.append(f"{name} missing")
    return " ".join(found)


def named(place: str) -> Callable[..., Any]:
    """The function that ``module:function`` names."""
    module, function = place.split(":")
    return getattr(importlib.import_module(module), function)


def use_source(folder: Path) -> None:
    """The package beside the book is the one it imports, here and in the kernels.

    No step of installing can be forgotten, and no other copy can be meant.
    """
    if not folder.is_dir():
        raise ConfigError(f"execution_source must name a folder, {folder} is none")
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
        importlib.invalidate_caches()
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if str(folder) not in paths:
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(folder), *paths]))


def set_up(app: Sphinx, config: Config) -> None:
    """Describe the state behind every page's results, and take over execution."""
    for variable in THREAD_VARIABLES:
        os.environ.setdefault(variable, "1")
    os.environ.setdefault("PYTHONHASHSEED", "0")  # the order of sets may reach a page
    os.environ.setdefault("D2LNOTES_LIVE", "0")  # a growing curve is drawn once
    if config.execution_source:
        use_source(Path(app.srcdir, config.execution_source).resolve())
    config.nb_execution_raise_on_error = False  # we raise, after all pages were tried

    parts = [
        f"python {sys.version_info.major}.{sys.version_info.minor}",
        installed(tuple(config.execution_versions)),
    ]
    for name in config.execution_pins:
        path = Path(app.srcdir) / name
        if path.exists():
            parts.append(hashlib.sha256(path.read_bytes()).hexdigest())
    if config.execution_prepare:  # before we ask for the data's identity
        named(config.execution_prepare)(lambda line: logger.info("%s", line))
    if config.execution_identity:
        parts.append(str(named(config.execution_identity)()))
    config.execution_state = "\n".join(parts)

    HonestClient.package = config.execution_package
    HonestClient.state = config.execution_state
    myst_nb.core.execute.NotebookClientCache = HonestClient
    # A kernel sends what a cell prints in as many pieces as the clock happens to cut it.
    myst_nb.core.execute.cache.single_nb_execution = partial(
        single_nb_execution, coalesce_streams=True
    )


def note_dependencies(app: Sphinx, doctree: Any) -> None:
    """A page is read again when a module behind it has changed."""
    env = app.env
    for path in HonestClient.dependencies.get(str(env.doc2path(env.docname)), ()):
        env.note_dependency(str(path))


def executions(env: BuildEnvironment) -> dict[str, dict[str, Any]]:
    """Page -> myst-nb's record of its last execution."""
    records = {doc: data.get("exec_data") for doc, data in env.nb_metadata.items()}
    return {doc: record for doc, record in records.items() if record}


def refuse_failures(app: Sphinx, env: BuildEnvironment) -> None:
    """Stop the build if a page's cells failed, naming every such page and cell."""
    failed = [r for r in executions(env).values() if not r["succeeded"]]
    if failed:
        # Raising here keeps the environment from being stored: the next build tries again.
        raise ExtensionError(
            "these cells failed (their tracebacks stand above):\n  "
            + "\n  ".join(str(record["error"]) for record in failed)
        )


def report_times(app: Sphinx, exception: Exception | None) -> None:
    """Say how long each page took when its cells last ran, slowest first."""
    if exception or not getattr(app.env, "nb_metadata", None):
        return
    times = {d: r["runtime"] for d, r in executions(app.env).items() if r["runtime"]}
    if times:
        logger.info("\nseconds per page when its cells last ran, slowest first:")
    for doc, seconds in sorted(times.items(), key=lambda item: -item[1]):
        logger.info("  %6.1f  %s", seconds, doc)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the settings and hooks."""
    app.add_config_value("execution_package", "", "env", str)
    app.add_config_value(
        "execution_source", "", "env", str
    )  # its folder, from the book's
    app.add_config_value("execution_versions", [], "env", list)
    app.add_config_value("execution_pins", [], "env", list)
    app.add_config_value("execution_identity", "", "env", str)
    app.add_config_value("execution_prepare", "", "env", str)
    app.add_config_value("execution_state", "", "env", str)  # computed, never set
    app.connect("config-inited", set_up)
    app.connect("doctree-read", note_dependencies)
    app.connect("env-updated", refuse_failures)
    app.connect("build-finished", report_times)
    return {
        "version": "1",
        "env_version": 1,  # raise it when a page must be read again
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
