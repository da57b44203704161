"""Labels ``甲 | A`` of a drawing: found, split into halves of which one is shown."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from bilingual.texts import HAN, SEPARATOR, halves, script_of

LANGUAGES = {"zh": "zh-CN", "en": "en"}


def labels(root: Element) -> list[str]:
    """The texts of a drawing, line by line, but for those of one language by intent."""
    texts = (text for text in root.iter("text") if text.get("class") not in LANGUAGES)
    return ["".join(text.itertext()).strip() for text in texts]


def one_language(label: str) -> str | None:
    """The language that a label lacks, ``"zh"`` or ``"en"``, or ``None``.

    Example:
        >>> one_language("轮 | epoch"), one_language("轮"), one_language("ReLU")
        (None, 'en', None)
    """
    if halves(label):
        return None
    if HAN.search(label):
        return "en"
    return "zh" if script_of(label) == "en" else None


def split_labels(root: Element, mode: str) -> None:
    """Split every label of a drawing; texts of one language by intent stay in theirs."""
    for parent in list(root.iter()):
        for text in [child for child in parent if child.tag == "text"]:
            if (lang := text.get("class")) not in LANGUAGES:
                split_label(text, mode)
            elif mode == "both":
                text.set("lang", LANGUAGES[lang])
            elif lang == mode:
                del text.attrib["class"]
            else:
                parent.remove(text)


def split_label(text: Element, mode: str) -> None:
    """Put the halves of ``甲 | A`` into tspans, or keep the half of the edition."""
    whole = "".join(text.itertext())
    if not halves(whole.strip()):
        return
    cut = SEPARATOR.search(whole)
    parts: dict[str, Element] = {lang: Element("tspan") for lang in LANGUAGES}
    at = 0
    for attributes, run in runs(text):
        for lang, low, high in (("zh", 0, cut.start()), ("en", cut.end(), len(whole))):
            piece = run[max(low - at, 0) : max(high - at, 0)]
            if piece or (not run and lang == "en"):
                append_run(parts[lang], attributes, piece)
        at += len(run)
    for child in list(text):
        text.remove(child)
    text.text = None
    if mode in LANGUAGES:
        text.text = parts[mode].text
        text.extend(parts[mode])
        return
    for lang, code in LANGUAGES.items():
        parts[lang].attrib.update({"class": lang, "lang": code})
    separator = Element("tspan", {"class": "bi-sep"})
    separator.text = " | "
    text.extend([parts["zh"], separator, parts["en"]])


def runs(text: Element) -> Iterator[tuple[dict[str, str], str]]:
    """The pieces of a text with their attributes, in order."""
    if text.text:
        yield {}, text.text
    for child in text:
        yield dict(child.attrib), "".join(child.itertext())
        if child.tail:
            yield {}, child.tail


def append_run(parent: Element, attributes: dict[str, str], piece: str) -> None:
    """Add a piece of text at the end of an element."""
    if attributes:
        ElementTree.SubElement(parent, "tspan", attributes).text = piece
    elif len(parent):
        parent[-1].tail = (parent[-1].tail or "") + piece
    else:
        parent.text = (parent.text or "") + piece
