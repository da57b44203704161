"""A Content-Security-Policy on every page: it runs its own scripts and loads its own files.

The policy stands in the page, so that it holds on any host and from disk. Scripts in the
page are allowed by their hash; frames may come from the host of the lectures alone. What
the theme writes as `onclick` becomes an attribute that one script of ours obeys. Delete
this when the theme needs no inline script and the host sends a policy.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

from bilingual.page import rewrite_rendered_pages
from sphinx.application import Sphinx
from sphinx.config import Config

STATIC = Path(__file__).parent / "static"
LECTURES = "https://player.bilibili.com"
INLINE = re.compile(
    r"<script(?![^>]*\b(?:src|type=\"text/x-)\b)[^>]*>(.*?)</script>", re.DOTALL
)
ONCLICK = re.compile(r'\bonclick="(?:window\.)?(\w+)\(\)"')
# Sphinx makes a function of a text, the rule for plurals; Chinese has one form for all.
PLURAL = re.compile(r"new Function\([^;]*catalog\.plural_expr[^;]*\)(?=;)")
CHARSET = re.compile(r'<meta charset="[^"]*"\s*/?>', re.IGNORECASE)


def hashes(html: str) -> list[str]:
    """The hashes by which the scripts inside a page are allowed.

    Example:
        >>> hashes("<script>1</script><script src='a.js'></script>")
        ["'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='"]
    """
    found = dict.fromkeys(INLINE.findall(html))
    digests = (sha256(script.encode()).digest() for script in found if script.strip())
    return [f"'sha256-{b64encode(digest).decode()}'" for digest in digests]


def policy(html: str) -> str:
    """The policy of a page. `file:` is the page's own folder when it is read from disk."""
    return "; ".join(
        [
            "default-src 'self' file:",
            " ".join(["script-src 'self' file:", *hashes(html)]),
            "style-src 'self' file: 'unsafe-inline'",  # the colours of a drawing's lines
            "img-src 'self' file: data:",
            "font-src 'self' file: data:",
            f"frame-src {LECTURES}",
            "object-src 'none'",
            "base-uri 'self'",
        ]
    )


def secured(html: str) -> str:
    """The page with its policy, right after the character set."""
    html = ONCLICK.sub(r'data-run="\1"', html)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(html)}"/>'
    return CHARSET.sub(lambda match: f"{match[0]}\n{meta}", html, count=1)


def secure_rendered_pages(app: Sphinx) -> None:
    """Pass every rendered page through :func:`secured`."""
    rewrite_rendered_pages(app, secured)


def without_eval(app: Sphinx, exception: Exception | None) -> None:
    """Take out of Sphinx's script the one thing that the policy does not allow."""
    script = Path(app.outdir) / "_static" / "doctools.js"
    if exception or app.builder.format != "html" or not script.exists():
        return
    before = script.read_text("utf-8")
    after = PLURAL.sub("() => 0", before)
    if after != before:
        script.write_text(after, "utf-8")


def add_script(app: Sphinx, config: Config) -> None:
    """The script that obeys `data-run`."""
    config.html_static_path = [*config.html_static_path, str(STATIC)]
    app.add_js_file("run.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the hooks; the pages are rendered by the time they are secured."""
    app.connect("config-inited", add_script)
    app.connect("builder-inited", secure_rendered_pages, priority=900)
    app.connect("build-finished", without_eval)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
