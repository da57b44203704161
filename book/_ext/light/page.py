"""A page without what it does not need: scripts, blank lines."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from bilingual.page import rewrite_rendered_pages
from sphinx.application import Sphinx
from sphinx.config import Config

BLANK = re.compile(r"(<(pre|textarea|script)\b.*?</\2>)|\n\s*\n", re.DOTALL)
TEMPLATES = Path(__file__).parent / "templates"

# Part of a file's name -> what in a page's text needs it; the rest stays everywhere.
NEEDED_BY = {
    "togglebutton": r'class="(?:[^"]* )?(?:toggle|dropdown)\b',
    "toggleHint": r'class="(?:[^"]* )?(?:toggle|dropdown)\b',
    "toggleOpenOnPrint": r'class="(?:[^"]* )?(?:toggle|dropdown)\b',
    "copybutton": r'<div class="highlight"',
    "clipboard": r'<div class="highlight"',
    "design-tabs": r'class="sd-tab',
    "figures.js": r'class="(?:fig|math-scroll)"',
    "sphinx_highlight": r"(?!)",  # our search marks nothing in the pages it leads to
    "solutions.js": r'class="solution-way"',
    "videos.js": r'class="(?:[^"]* )?video-mark',
}
# What the theme says in every page for its search and its list of versions; we have neither.
UNREAD = re.compile(r"DOCUMENTATION_OPTIONS\.(?:pagename|search_as_you_type)\b")
# Sets what scripts after it read, in the page itself; Sphinx's search page runs its
# scripts in their order, some of them in the page too.
AT_ONCE = "documentation_options"
SEARCH = "search"


def add_templates(app: Sphinx, config: Config) -> None:
    """Our ``layout.html`` leaves the theme's heavy scripts out."""
    config.templates_path = [*config.templates_path, str(TEMPLATES)]


def forget_thebe(app: Sphinx, config: Config) -> None:
    """Take sphinx-thebe out: Jupyter Book always loads it, and it asks a foreign host."""
    for listeners in app.events.listeners.values():
        for listener in list(listeners):
            if listener.handler.__module__.split(".")[0] == "sphinx_thebe":
                app.disconnect(listener.id)
    app.registry.css_files[:] = [
        entry for entry in app.registry.css_files if "sphinx-thebe" not in entry[0]
    ]


def is_needed(name: str, text: str) -> bool:
    """Whether a page with this text needs a file, or a line of script, of this name.

    Example:
        >>> is_needed("copybutton.js", "<p>"), is_needed("near.js", "<p>")
        (False, True)
    """
    return all(re.search(p, text) for part, p in NEEDED_BY.items() if part in name)


def without_blank_lines(html: str) -> str:
    r"""A page without the empty lines that templates leave, outside code.

    Example:
        >>> without_blank_lines("<p>\n\n <pre>a\n\nb</pre>")
        '<p>\n <pre>a\n\nb</pre>'
    """
    return BLANK.sub(lambda match: match[1] or "\n", html)


def tidy_rendered_pages(app: Sphinx) -> None:
    """Pass every rendered page through :func:`without_blank_lines`."""
    rewrite_rendered_pages(app, without_blank_lines)


def named(script: Any) -> str:
    """The file that a script of the page's head stands in, or its own words."""
    attributes = getattr(script, "attributes", {})
    return str(getattr(script, "filename", script) or attributes.get("body", ""))


def deferred(script: Any) -> Any:
    """A script that runs when the page has been read, in order with the others."""
    attributes = getattr(script, "attributes", {})
    late = {"defer", "async"} & set(attributes)
    if not getattr(script, "filename", None) or late or AT_ONCE in named(script):
        return script
    # A new one: the pages share it.
    return type(script)(
        script.filename, priority=script.priority, **{**attributes, "defer": "defer"}
    )


def in_one(scripts: list[Any]) -> list[Any]:
    """The scripts; those that stand in the page itself as one, where the first stood."""
    inside = [script for script in scripts if not getattr(script, "filename", script)]
    if len(inside) < 2:
        return scripts
    first = inside[0]
    body = "\n".join(map(named, inside))
    whole = type(first)(None, priority=first.priority, body=body)
    return [
        whole if script is first else script
        for script in scripts
        if script is first or script not in inside
    ]


def choose_scripts(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Keep what the page needs, each once; let it wait for the text."""
    text = context.get("body") or ""
    kept: dict[str, Any] = {}
    for script in context.get("script_files", []):
        if is_needed(named(script), text) and not UNREAD.match(named(script)):
            kept.setdefault(named(script), script)
    wait = deferred if pagename != SEARCH else lambda script: script
    context["script_files"] = [wait(script) for script in in_one(list(kept.values()))]
