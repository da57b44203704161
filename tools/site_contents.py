"""What the pages of the site show in one language, for a comparison with the PDFs."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from bs4 import BeautifulSoup, Tag

WORDS = {
    "figure": {"zh": "图", "en": "Fig."},
    "table": {"zh": "表", "en": "Table"},
    "listing": {"zh": "代码", "en": "Listing"},
}
SAMPLE = 24  # characters of a paragraph that are looked for


def bare(text: str) -> str:
    """Letters, digits and Chinese characters alone: what no typesetting changes.

    Example:
        >>> bare("多层 感知机（MLP）—— ﬁt")
        '多层感知机MLPfit'
    """
    return re.sub(r"[^\w]|_", "", unicodedata.normalize("NFKC", text))


@dataclass
class Page:
    """What a page of the site shows, in one language."""

    headings: list[list[str]] = field(default_factory=list)
    """Each as the pieces between its formulas."""
    equations: list[str] = field(default_factory=list)
    numbers: dict[str, list[str]] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    """定理 3.1, 练习 3.2 …: what has its number in its title."""
    paragraphs: list[str] = field(default_factory=list)


def in_language(tag: Tag, lang: str) -> Tag:
    """A copy with one language, without what is not read."""
    copy = BeautifulSoup(str(tag), "html.parser")
    other = "en" if lang == "zh" else "zh"
    away = f".{other}, .bi-sep, .headerlink, .section-number, .bi-number, script"
    for node in copy.select(away):
        node.decompose()
    return copy


def read_page(html: str, lang: str) -> Page:
    """What the article of a page shows."""
    article = BeautifulSoup(html, "html.parser").find("article")
    page = Page()
    if article is None:
        return page
    for heading in article.find_all(re.compile(r"^h[1-6]$")):
        copy = in_language(heading, lang)
        for formula in copy.find_all(["math", "code"]):
            formula.replace_with("\0")
        pieces = [bare(piece) for piece in copy.get_text().split("\0")]
        page.headings.append([piece for piece in pieces if piece])
    page.equations = [
        match[1]
        for eqno in article.select(".eqno")
        if (match := re.search(r"\(([\d.]+)\)", eqno.get_text()))
    ]
    for kind, words in WORDS.items():
        page.numbers[kind] = []
        for number in article.select(".caption-number"):
            match = re.match(rf"{words['zh']} ([\d.]+)", number.get_text().strip())
            if match:
                page.numbers[kind].append(match[1])
    captions = {word for words in WORDS.values() for word in words.values()}
    for number in article.select(f".{lang} .caption-number"):
        name = " ".join(number.get_text().split())
        if name[-1:].isdigit() and name.partition(" ")[0] not in captions:
            page.names.append(name)
    for paragraph in article.find_all("p"):
        around = [paragraph, *paragraph.parents]
        classes = {name for tag in around for name in tag.get("class") or ()}
        if {"en", "zh"} & classes and lang not in classes:
            continue
        if {"admonition-title", "rubric", "fig"} & classes or paragraph.find(
            ["math", "code", "a", "svg", "img"]
        ):
            continue
        text = bare(in_language(paragraph, lang).get_text())
        if len(text) >= SAMPLE:
            page.paragraphs.append(text[:SAMPLE])
    return page


def site_pages(site: Path) -> list[str]:
    """The pages of the site in reading order, as its contents list them."""
    soup = BeautifulSoup((site / "index.html").read_text("utf-8"), "html.parser")
    links = [
        a.get("href", "") for a in soup.select("nav.bd-links a.reference.internal")
    ]
    names = [link.partition("#")[0] for link in links]
    return ["index.html", *dict.fromkeys(n for n in names if n and n != "#")]
