"""Pages whose cells must run are run together, one on each processor, before they are read.

Sphinx reads one page after another and myst-nb runs a page when it is read, so one
processor would do all the work. A page's cells see one thread either way, and its results
do not depend on what runs beside it.

Delete this when myst-nb runs pages in parallel.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from execution import HonestClient
from myst_nb.core.execute import create_client
from myst_nb.core.loggers import SphinxDocLogger
from myst_nb.core.read import create_nb_reader
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

logger = logging.getLogger(__name__)


def run_pages(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Run or fetch the results of all pages that Sphinx is about to read."""
    at_once = app.config.execution_at_once or os.cpu_count() or 1
    if env.mystnb_config.execution_mode != "cache" or at_once < 2 or len(docnames) < 2:
        return
    # The kernels are processes of their own; a thread here only waits for one.
    with ThreadPoolExecutor(at_once) as pool:
        for _ in pool.map(lambda docname: run_page(env, docname), docnames):
            pass  # raises what a page raised


def run_page(env: BuildEnvironment, docname: str) -> None:
    """Run one page; myst-nb finds its results when it comes to read it."""
    path = Path(env.doc2path(docname))
    text = path.read_text("utf-8")
    reader = create_nb_reader(str(path), env.myst_config, env.mystnb_config, text)
    if reader is None:
        return
    notebook = reader.read(text)
    if env.mystnb_config.metadata_key in notebook.metadata:
        return  # settings of its own, which myst-nb reads later
    document = SimpleNamespace(
        settings=SimpleNamespace(env=SimpleNamespace(docname=docname))
    )
    client = create_client(
        notebook,
        str(path),
        env.mystnb_config,
        SphinxDocLogger(document),
        reader.read_fmt,
    )
    if isinstance(client, HonestClient):
        client.start_client()
        HonestClient.ran[str(path)] = client


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the setting and the hook."""
    app.setup_extension("execution")
    # Pages that run at once; 0: as many as there are processors.
    app.add_config_value("execution_at_once", 0, "", int)
    app.connect("env-before-read-docs", run_pages)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
