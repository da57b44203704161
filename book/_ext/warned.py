"""A page that was warned of is read again in every build, until the fault is cured.

Sphinx and myst-nb tell most faults while they read or write a page, and a page that has not
changed is neither read nor written: a build with warnings as errors would fail once, and
succeed when it is simply started again. Delete this when Sphinx keeps its warnings.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.logging import NAMESPACE, get_node_location, is_suppressed_warning

PAGES = (
    "warned.txt"  # among the doctrees, which are saved before the last warnings come
)


class Listener(logging.Handler):
    """Collects the places that warnings are about."""

    def __init__(self, app: Sphinx) -> None:
        super().__init__(logging.WARNING)
        self.app = app
        self.places: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Note the place: a page's name, or its path and a line."""
        kind = getattr(record, "type", ""), getattr(record, "subtype", "")
        if is_suppressed_warning(*kind, self.app.config.suppress_warnings):
            return
        location = getattr(record, "location", None)
        if isinstance(location, tuple):
            location = location[0]
        elif isinstance(location, nodes.Node):
            location = get_node_location(location)
        self.places.add(str(location or ""))


def listen(app: Sphinx) -> None:
    """Hear every warning of this build."""
    app.listener = Listener(app)  # type: ignore[attr-defined]
    logging.getLogger(NAMESPACE).addHandler(app.listener)


def again(
    app: Sphinx, env: BuildEnvironment, added: set, changed: set, removed: set
) -> list[str]:
    """The pages that the last build warned of."""
    path = Path(app.doctreedir) / PAGES
    return path.read_text("utf-8").split() if path.exists() else []


def keep(app: Sphinx, exception: Exception | None) -> None:
    """Store the pages for the next build; after an exception it reads all of them."""
    if exception:
        return
    places = {place.partition(":")[0] for place in app.listener.places}  # type: ignore
    pages = {app.env.path2doc(place) or place for place in places}
    # What is said of another file, such as `_toc.yml`, may have come from any page.
    found = pages if pages <= app.env.found_docs else app.env.found_docs
    (Path(app.doctreedir) / PAGES).write_text("\n".join(sorted(found)), "utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the hooks."""
    app.connect("builder-inited", listen)
    app.connect("env-get-outdated", again)
    app.connect("build-finished", keep)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
