"""The address at which the site will stand, where the build knows it."""

from __future__ import annotations

import os
from pathlib import Path
from xml.sax.saxutils import escape

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

# Ours, then those that hosts of sites set in their builds: Read the Docs, GitLab.
VARIABLES = ("BOOK_URL", "READTHEDOCS_CANONICAL_URL", "CI_PAGES_URL")
SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
{}
</urlset>
"""


def know_base(app: Sphinx, config: Config) -> None:
    """Take the base address from the environment unless the settings have it."""
    found = (os.environ.get(name) for name in VARIABLES)
    base = config.html_baseurl or next(filter(None, found), "")
    if base and not base.startswith(("https://", "http://")):
        raise ConfigError(
            f"the base address of the site begins with https://, got {base!r}: see "
            f"html_baseurl and {', '.join(VARIABLES)}"
        )
    config.html_baseurl = base.rstrip("/") + "/" if base else ""


def write_sitemap(app: Sphinx, exception: Exception | None) -> None:
    """List the pages for search engines; without a base address there is no sitemap."""
    if exception or app.builder.name != "html":
        return
    path = Path(app.outdir) / "sitemap.xml"
    base = app.config.html_baseurl
    if not base:
        path.unlink(missing_ok=True)
        return
    addresses = [
        base + app.builder.get_target_uri(name) for name in sorted(app.env.found_docs)
    ]
    lines = [f"<url><loc>{escape(address)}</loc></url>" for address in addresses]
    path.write_text(SITEMAP.format("\n".join(lines)), "utf-8")
