"""The sidebar shows the reader's page from the first paint on.

The theme scrolls it there when its script comes, after the page has been painted: the
reader sees the contents jump, and now and then Chromium counts it as a shift of the page.
Here it is done as soon as the sidebar has been read; the theme then finds nothing left to
do. Delete this when the theme does it by itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

TEMPLATES = Path(__file__).parent / "templates"
COMPONENT = "sidebar-place.html"


def add_templates(app: Sphinx, config: Config) -> None:
    """Let the theme find the component."""
    config.templates_path.append(str(TEMPLATES))


def add(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Put the component at the sidebar's end."""
    if context.get("sidebars"):
        context["sidebars"] = [*context["sidebars"], COMPONENT]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the hooks."""
    app.connect("config-inited", add_templates)
    app.connect("html-page-context", add)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
