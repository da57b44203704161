"""Every executed page as a notebook in each language, and all of them in one zip.

``notebooks/zh/mlp/dropout.ipynb`` in the site is the page in clean Markdown, with its
code, figures and numbers; the zip adds the package's wheel and what to install. Each page
offers its notebooks in the header. Delete this when myst-nb writes notebooks from
resolved pages.

``words`` what is said; ``escaping`` strings of Markdown; ``markdown`` a page as Markdown;
``references`` what it cites; ``cells`` its code cells; ``pages`` one notebook; ``wheel``, ``bundle`` the zip;
``site`` where all of it stands in a build.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from . import site

__all__ = ["setup"]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register settings and hooks."""
    app.setup_extension("bilingual")
    app.add_config_value("notebooks_zip", "notebooks.zip", "html", str)
    # The folder of the package that the cells import, from the sources; "": no wheel.
    app.add_config_value("notebooks_project", "", "html", str)
    # Files with pinned versions, and what a notebook needs beside the package's own wishes.
    app.add_config_value("notebooks_pins", [], "html", list)
    app.add_config_value("notebooks_requires", [], "html", list)
    app.connect("config-inited", site.add_assets)
    app.connect("env-updated", site.missing)
    app.connect("doctree-resolved", site.write_page, priority=900)  # after every `fill`
    app.connect("html-page-context", site.in_header, priority=910)  # after the PDFs
    app.connect("build-finished", site.pack)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
