"""How long a page takes to read, below its title, in both languages."""

from __future__ import annotations

import math
import re
from typing import Any

from bilingual.page import html_in_edition
from bilingual.texts import HAN
from docutils import nodes
from sphinx.application import Sphinx

# Characters and words a minute of a reader who follows an argument; seconds for the rest.
SPEED = {"zh": 350, "en": 220}
SECONDS = {nodes.math_block: 10, nodes.literal_block: 10, nodes.image: 10}
LATIN = re.compile(r"[A-Za-z]+")
SHORT = 2  # minutes; a shorter page needs no estimate
TITLE = re.compile(r"</h1>")


def minutes(doctree: nodes.document) -> int:
    """Minutes for one language, the slower one where the twins differ."""
    amounts = {"zh": 0, "en": 0}
    for node in doctree.findall(nodes.TextElement):
        if "zh" in node["classes"]:
            amounts["zh"] += len(HAN.findall(node.astext()))
        elif "en" in node["classes"]:
            amounts["en"] += len(LATIN.findall(node.astext()))
    reading = max(amounts[language] / SPEED[language] for language in SPEED)
    looking = sum(
        seconds * len(list(doctree.findall(kind))) for kind, seconds in SECONDS.items()
    )
    return math.ceil(reading + looking / 60)


def note_reading_time(app: Sphinx, doctree: nodes.document) -> None:
    """Remember a page's time."""
    app.env.metadata[app.env.docname]["reading_minutes"] = minutes(doctree)


def tell_reading_time(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Put it below the title."""
    time = app.env.metadata.get(pagename, {}).get("reading_minutes", 0)
    if time <= SHORT or not context.get("body"):
        return
    zh, en = f"约 {time} 分钟读完", f"About {time} minutes to read"
    said = html_in_edition(zh, en, app.config.bilingual_mode)
    line = f'</h1>\n<p class="reading-time">{said}</p>'
    context["body"] = TITLE.sub(lambda _: line, context["body"], count=1)
