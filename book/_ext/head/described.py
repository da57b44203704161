"""A page's description and title for search engines and previews."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from bilingual.texts import halves, pick
from docutils import nodes
from sphinx.application import Sphinx

LOCALES = {"zh": "zh_CN", "en": "en_US"}
LONGEST = {"zh": 90, "en": 170}  # characters; search engines show about as many
NO_PROSE = (nodes.math, nodes.math_block, nodes.literal_block, nodes.footnote_reference)


def languages(mode: str) -> list[str]:
    """The languages of an edition, the first one first."""
    return [mode] if mode in LOCALES else list(LOCALES)


def prose(paragraph: nodes.Element) -> str:
    """The words of a paragraph; a formula stands as its TeX."""
    return re.sub(r"\s+", " ", paragraph.astext()).strip()


def shortened(text: str, longest: int) -> str:
    """The whole sentences that fit, else the words that do.

    Example:
        >>> shortened("One. Two three.", 9), shortened("一二三四五", 4)
        ('One.', '一二三…')
    """
    if len(text) <= longest:
        return text
    ends = [m.end() for m in re.finditer(r"[。！？]|[.!?](?=\s)", text[:longest])]
    if ends:
        return text[: ends[-1]]
    return re.sub(r"\s\S*$", "", text[: longest - 1]) + "…"


def first_paragraphs(doctree: nodes.document) -> dict[str, str]:
    """Language -> its first paragraph outside boxes, quotes and tables."""
    found: dict[str, str] = {}
    for paragraph in doctree.findall(nodes.paragraph):
        if not isinstance(paragraph.parent, (nodes.section, nodes.document)):
            continue
        has_math = any(
            True for _ in paragraph.findall(lambda n: isinstance(n, NO_PROSE))
        )
        for language in LOCALES:
            if language in paragraph["classes"] and not has_math:
                found.setdefault(language, prose(paragraph))
    return found


def tags(properties: dict[str, str]) -> str:
    """Open Graph's tags."""
    return "".join(
        f'\n<meta property="og:{name}" content="{escape(value)}"/>'
        for name, value in properties.items()
        if value
    )


def described(app: Sphinx, pagename: str, title: str, texts: dict[str, str]) -> str:
    """The tags of one page."""
    mode = app.config.bilingual_mode
    here = languages(mode)
    text = " ".join(
        shortened(texts[lang], LONGEST[lang]) for lang in here if texts.get(lang)
    )

    base = app.config.html_baseurl
    properties = {
        "title": pick(title, mode),
        "type": "book" if pagename == app.config.root_doc else "article",
        "site_name": pick(app.config.html_title, mode),
        "description": text,
        "locale": LOCALES[here[0]],
        "url": base + app.builder.get_target_uri(pagename) if base else "",
        "image": f"{base}_static/sign.png" if base else "",
    }
    more = "".join(
        f'\n<meta property="og:locale:alternate" content="{LOCALES[lang]}"/>'
        for lang in here[1:]
    )
    description = (
        f'\n<meta name="description" content="{escape(text)}"/>' if text else ""
    )
    return description + tags(properties) + more


def describe(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Add the tags to a page that has a text of its own."""
    if doctree is None:
        return
    title = app.env.titles[pagename].astext() if pagename in app.env.titles else ""
    texts = first_paragraphs(doctree)
    if not texts:
        halved = halves(title)
        texts = dict(zip(LOCALES, halved or (title, title), strict=True))
    context["metatags"] = (context.get("metatags") or "") + described(
        app, pagename, title, texts
    )
