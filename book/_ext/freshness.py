"""A changed extension or style sheet reaches every page, not just pages edited since.

Sphinx looks at pages and settings; when neither changed it copies no static file, and it
keeps what an extension made before the extension was edited. So the state of both is a
setting here. And every page shows titles and numbers of others, in its contents, in its
links to the neighbours, in its references: when one changes, all pages are written.
Delete this when Sphinx watches its static files and titles.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

EXTENSIONS = Path(__file__).parent
CODE = {".py"}
SKIP = {"__pycache__", "_build"}


def digest(files: Iterable[Path]) -> str:
    """Sixteen hex digits of the names and contents of files."""
    state = hashlib.sha256()
    for path in sorted(files):
        state.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return state.hexdigest()[:16]


def watch(app: Sphinx, config: Config) -> None:
    """Read the pages again after a change of code, write them after one of static files."""
    folders = [EXTENSIONS, *(Path(app.srcdir) / f for f in config.html_static_path)]
    files = {
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and not SKIP & set(path.parts)
    }
    code = {path for path in files if path.suffix in CODE}
    config.freshness_code = digest(code)
    config.freshness_static = digest(files - code)


def write_all(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Every page, if a title, a number or the order of the pages has changed."""
    titles = {docname: title.astext() for docname, title in env.titles.items()}
    numbers = [env.toc_secnumbers, env.toc_fignumbers]
    shown = repr([sorted(titles.items()), env.collect_relations(), numbers])
    if getattr(env, "freshness_shown", None) == shown:
        return []
    env.freshness_shown = shown  # type: ignore[attr-defined]
    return sorted(env.found_docs)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the two settings and the hooks."""
    app.add_config_value("freshness_code", "", "env", str)  # computed, never set
    app.add_config_value("freshness_static", "", "html", str)  # computed, never set
    app.connect("config-inited", watch)
    app.connect("env-get-updated", write_all, priority=900)  # the numbers are settled
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
