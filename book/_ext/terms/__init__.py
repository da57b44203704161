"""One word per idea and language: `terms.yml` is the glossary, its links, and their lint.

``{terms}`` prints the glossary; the first mention of each term on a page is linked to it;
a text that uses another word than the table's is a warning with line and cure.

What would make us delete it: nothing in Sphinx knows of two languages; a book in one
would write ``{glossary}`` by hand.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from . import glossary, links, lint, table

__all__ = ["setup"]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register directive, transforms and hooks."""
    app.add_config_value("terms_digest", "", "env", str)  # computed, never set
    app.add_directive("terms", glossary.Terms)
    app.add_transform(lint.OtherWords)
    app.add_transform(links.FirstMentions)
    app.add_post_transform(links.Plain)
    app.connect("config-inited", table.load)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
