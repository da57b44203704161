"""A page must not show where it was built: paths of this machine in the outputs of cells.

A warning of Python's, a folder that a cell prints, a traceback: each carries a path that
tells the reader nothing and makes two machines build two books. Delete this when myst-nb
can be told to refuse them.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)


def folders(srcdir: Path) -> re.Pattern[str]:
    """The folders of this machine that may show up: the book's, Python's, the user's."""
    found = {srcdir.parent, Path(sys.prefix), Path.home(), Path(tempfile.gettempdir())}
    names = sorted((str(f) for f in found if len(f.parts) > 1), key=len, reverse=True)
    return re.compile(
        rf"(?<![\w.:/-])(?:{'|'.join(map(re.escape, names))})(?![\w-])\S*"
    )


def look(app: Sphinx, doctree: nodes.document) -> None:
    """Warn of every output with such a path."""
    path = folders(Path(app.srcdir))
    for cell in doctree.findall(nodes.container):
        if cell.get("nb_element") != "cell_code_output":
            continue
        found = path.search(cell.astext())
        if found:
            logger.warning(
                "the output of a cell shows a path of this machine, %s: print a file's"
                " name alone, or cure the warning that names it",
                found[0],
                location=(
                    app.env.docname,
                    (cell.parent.line or 2) - 1,
                ),  # its first line
                type="machine_paths",
            )


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the look."""
    app.connect("doctree-read", look)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
