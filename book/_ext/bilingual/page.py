"""The HTML page: the switch 中文 | English | 双语, and the words that templates print.

Blocks carry their language as a class; the page's ``data-book-lang`` decides, in the
style sheet, which are shown. A line in the head sets it before anything is painted.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

from .texts import HAN, halves
from .words import BY, THEME, both_or_one

HERE = Path(__file__).parent

# Before the first paint: ?lang= in the address, else what was chosen last, else both.
HEAD_SCRIPT = """(function () {
  var root = document.documentElement, key = "book-lang", ok = /^(zh|en|both)$/, mode = null;
  try {
    mode = new URLSearchParams(location.search).get("lang");
    if (ok.test(mode)) localStorage.setItem(key, mode); else mode = localStorage.getItem(key);
  } catch (error) { /* no storage: the choice lasts for this page */ }
  if (!ok.test(mode)) mode = "both";
  root.dataset.bookLang = mode;
  root.dataset.pageLang = root.lang;
  if (mode === "en") root.lang = "en";
})();"""

# Not prose: left as it is. A <title> cannot hold elements; bilingual.js picks its half.
OPAQUE = re.compile(
    r"<(script|style|pre|code|textarea|title|option|svg|math)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>",
    re.DOTALL | re.IGNORECASE,
)
WORDED = re.compile(r'(\b(?:title|aria-label|data-bs-title|placeholder)=")([^"]*)"')


def html_twins(zh: str, en: str) -> str:
    """A short text in both languages as HTML; the halves are HTML already."""
    return (
        f'<span class="zh" lang="zh-CN">{zh}</span><span class="bi-sep"> | </span>'
        f'<span class="en" lang="en">{en}</span>'
    )


def html_in_edition(zh: str, en: str, mode: str) -> str:
    """The same, or the half of the edition."""
    return {"zh": zh, "en": en}.get(mode) or html_twins(zh, en)


def split_text(text: str, mode: str) -> str:
    """The text between two tags, its halves marked, or the half of the edition."""
    pair = halves(text.strip()) if "|" in text and HAN.search(text) else None
    if pair is None:
        return text
    before = text[: len(text) - len(text.lstrip())]
    after = text[len(text.rstrip()) :]
    inside = html_in_edition(*pair, mode)
    return f"{before}{inside}{after}"


def translate_tag(tag: str, mode: str) -> str:
    """Tooltips and labels that a template has in English only.

    Example:
        >>> translate_tag('<nav aria-label="Page">', "zh")
        '<nav aria-label="本页">'
    """
    return WORDED.sub(
        lambda m: (
            m[1] + both_or_one(*THEME[m[2]], mode) + '"' if m[2] in THEME else m[0]
        ),
        tag,
    )


def split_page(html: str, mode: str) -> str:
    """Mark the halves of every text that still reads ``中文 | English`` in a page.

    Example:
        >>> split_page('<p title="甲 | A">乙 | B</p>', "en")
        '<p title="甲 | A">B</p>'
    """
    done, at = [], 0
    for match in OPAQUE.finditer(html):
        text, tag = html[at : match.start()], match[0]
        done += [split_text(text, mode), tag if match[1] else translate_tag(tag, mode)]
        at = match.end()
    return "".join([*done, split_text(html[at:], mode)])


def add_assets(app: Sphinx, config: Config) -> None:
    """The package's own style sheet, script and template."""
    config.html_static_path.append(str(HERE / "static"))
    config.templates_path.append(str(HERE / "templates"))
    app.add_css_file("bilingual.css")
    if config.bilingual_mode != "both":
        return
    app.add_js_file(None, body=HEAD_SCRIPT, priority=10)
    app.add_js_file("bilingual.js", loading_method="defer")
    if config.html_theme == "sphinx_book_theme":
        buttons = ["bilingual-switch.html", "article-header-buttons.html"]
        config.html_theme_options.setdefault("article_header_end", buttons)


def rewrite_named_pages(app: Sphinx, rewrite: Callable[[str, str], str]) -> None:
    """Pass the HTML and the name of every page that is rendered through a function.

    The first function that is given comes first.
    """
    if app.builder.format != "html" or not hasattr(app.builder, "templates"):
        return
    templates = app.builder.templates
    render = templates.render

    def render_and_rewrite(template: str, context: dict[str, Any]) -> str:
        html = render(template, context)
        return rewrite(html, context["pagename"]) if "<html" in html else html

    templates.render = render_and_rewrite


def rewrite_rendered_pages(app: Sphinx, rewrite: Callable[[str], str]) -> None:
    """The same for a function that asks for no name."""
    rewrite_named_pages(app, lambda html, page: rewrite(html))


def split_rendered_pages(app: Sphinx) -> None:
    """Pass every rendered page through :func:`split_page`."""
    rewrite_rendered_pages(app, partial(split_page, mode=app.config.bilingual_mode))


def author(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """The footer prints the author after another word: split it beforehand."""
    pair = halves(app.config.author)
    if pair and app.config.bilingual_mode == "both":
        chinese, english = (escape(half) for half in pair)
        english = re.sub(r"^The\b", "the", english)  # no longer the first word
        context["author"] = html_twins(f"{BY[0]}{chinese}", f"{BY[1]} {english}")
