"""The cover page of the site becomes the preface, and addresses become plain."""

from __future__ import annotations

import html
from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform


class PlainAddresses(SphinxTransform):
    """MyST escapes ``&`` in addresses for HTML; LaTeX would print ``&amp;``."""

    default_priority = 210

    def apply(self, **kwargs: Any) -> None:
        """Unescape them where LaTeX is written."""
        if self.app.builder.format == "latex":
            for link in self.document.findall(nodes.reference):
                if "&amp;" in link.get("refuri", ""):
                    link["refuri"] = html.unescape(link["refuri"])


class Preface(SphinxPostTransform):
    """Begin the text of the root page with an unnumbered chapter."""

    default_priority = 720  # after Jupyter Book has laid out the root page at 700
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Put the heading below the title, which LaTeX prints on its own page."""
        section = next(iter(self.document.findall(nodes.section)), None)
        if section is not None and isinstance(section[0], nodes.title):
            heading = nodes.raw("", "\n\\bookpreface\n", format="latex")
            section.insert(1, heading)
