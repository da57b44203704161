"""Plain strings in two languages: halves of `中文 | English`, scripts, numerals.

Nothing here knows Sphinx or docutils, so everything tests without a build.
"""

from __future__ import annotations

import re
from collections import Counter

LANGUAGES = ("zh", "en")
SEPARATOR = re.compile(r"\s+\|\s+")
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
HAN_OR_FULL_WIDTH = re.compile(
    r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]"
)
WORD = re.compile(r"[A-Za-z][A-Za-z'’-]+")
ADDRESS = re.compile(r"https?://\S+|\b[\w-]+(?:[./][\w-]+)+")  # d2l.ai, data/batches.py
# Punctuation that ends a clause; a point or comma before a digit or a letter does not.
HALF_WIDTH = re.compile(rf"{HAN.pattern}[,.;:?!](?=\s|{HAN.pattern}|$)")
FULL_WIDTH_END = re.compile(r"[。！？：；，、…”）》]\s*$")
SENTENCE_END = re.compile(r"[.!?:][)”\"']*\s*$")
BRACKETS = {"(": ")", "[": "]", "（": "）", "《": "》", "“": "”"}

# A lone Latin block of this many words may be a name, which needs no Chinese.
NAME_WORDS = 3


def balanced(text: str) -> bool:
    """Whether every bracket that opens in ``text`` closes in it, and the reverse."""
    return all(text.count(a) == text.count(b) for a, b in BRACKETS.items())


def halves(text: str) -> tuple[str, str] | None:
    """``("甲", "A")`` for ``"甲 | A"``; ``None`` if ``text`` is not such a pair.

    A pair has one `` | ``, Chinese before it, none after it, and no bracket that opens
    in one half and closes in the other (``P(甲 | A)`` is mathematics).

    Example:
        >>> halves("轮 | epoch")
        ('轮', 'epoch')
        >>> halves("P(A | B)") is None
        True
    """
    parts = SEPARATOR.split(text)
    if len(parts) != 2:
        return None
    zh, en = parts
    if not zh or not en or not HAN.search(zh) or HAN.search(en):
        return None
    return (zh, en) if balanced(zh) and balanced(en) else None


def pick(text: str, lang: str) -> str:
    """The half of ``text`` in ``lang`` (``"zh"`` or ``"en"``); all of it otherwise.

    Example:
        >>> pick("轮 | epoch", "en")
        'epoch'
        >>> pick("轮 | epoch", "both")
        '轮 | epoch'
    """
    pair = halves(text)
    return pair[LANGUAGES.index(lang)] if pair and lang in LANGUAGES else text


def half_width(text: str) -> list[str]:
    """Half-width punctuation of a Chinese text, with the character before it.

    Example:
        >>> half_width("先看图, 再看 d2l.ai。"), half_width("先看图，再看。")
        (['图,'], [])
    """
    return [found[0] for found in HALF_WIDTH.finditer(text)]


def count_han(text: str) -> int:
    """Number of Chinese characters."""
    return len(HAN.findall(text))


def words(text: str) -> list[str]:
    """Latin words of two letters or more; addresses and file names are none."""
    return WORD.findall(ADDRESS.sub(" ", text))


def is_name(text: str) -> bool:
    """Whether a Latin text may be a name, the same in both languages.

    Example:
        >>> is_name("Fashion-MNIST"), is_name("softmax"), is_name("It learns.")
        (True, True, False)
        >>> is_name("Stopping condition")
        False
    """
    found = words(text)
    if len(found) < 2:
        return True
    if len(found) > NAME_WORDS or SENTENCE_END.search(text):
        return False
    return not any(word.islower() and len(word) > 2 for word in found)


def script_of(text: str, *, waiting: bool = False) -> str | None:
    """``"zh"``, ``"en"``, or ``None`` for a text that serves both languages.

    Args:
        text: Prose without its math, code and references.
        waiting: A Chinese block just before waits for its twin, so that any Latin word
            makes an English one.

    Example:
        >>> script_of("感知机用 PyTorch"), script_of("It learns."), script_of("ReLU")
        ('zh', 'en', None)
    """
    han, latin = count_han(text), len(words(text))
    chinese_end = FULL_WIDTH_END.search(text)
    enough = latin if SENTENCE_END.search(text) else latin / 2
    if han and (chinese_end or han >= enough):
        return "zh"
    if waiting and re.search("[A-Za-z]", text):
        return "en"
    if not latin or is_name(text):
        return None
    return "en"


# --- numerals ------------------------------------------------------------------------
NUMBER = re.compile(
    r"(?<![\w.,])\d+(?:[,\u202f\u00a0]\d{3})+(?![\d])|(?<![\w.])\d+(?:[.:]\d+)*"
)
UNITS = {"千": 10**3, "万": 10**4, "百万": 10**6, "亿": 10**8}
LATIN_UNITS = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
WITH_UNIT = re.compile(
    r"(?<![\w.])(\d+(?:\.\d+)?)\s*(百万|[千万亿]|(?:thousand|million|billion)\b)"
)
DECADE = re.compile(r"(\d+)\s*世纪\s*(\d+)\s*年代")
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DATE = re.compile(
    rf"\d{{1,2}}\s*[月日号]|(?:{MONTHS})\s+\d{{1,2}}(?!\d)|\d{{1,2}}\s+(?:{MONTHS})"
)
# How each language writes a small number in words.
SPELLED = {
    0: ("零无没空", "zero no none never nothing without"),
    1: ("一首单", "one first a an once single"),
    2: ("二两双俩", "two second both twice double pair half"),
    3: ("三", "three third triple thrice"),
    4: ("四", "four fourth quarter"),
    5: ("五", "five fifth"),
    6: ("六", "six sixth"),
    7: ("七", "seven seventh"),
    8: ("八", "eight eighth"),
    9: ("九", "nine ninth"),
    10: ("十", "ten tenth"),
    11: ("十一", "eleven eleventh"),
    12: ("十二", "twelve twelfth dozen"),
    20: ("二十", "twenty"),
    50: ("半五", "half fifty"),
    100: ("百", "hundred"),
    1000: ("千", "thousand"),
}


def plain(number: float) -> str:
    """``60000.0`` -> ``"60000"``."""
    return str(int(number)) if number == int(number) else repr(number)


def numerals(text: str) -> Counter[str]:
    """The numbers of a text, in one form for both languages; dates are left out.

    Example:
        >>> numerals("6 万张，28 × 28") == numerals("60,000 images of 28 by 28")
        True
    """
    text = DECADE.sub(lambda m: str(100 * (int(m[1]) - 1) + int(m[2])), text)
    text = DATE.sub(" ", text)
    found: Counter[str] = Counter()

    def take(match: re.Match[str]) -> str:
        unit = {**UNITS, **LATIN_UNITS}[match[2]]
        found[plain(round(float(match[1]) * unit, 6))] += 1
        return " "

    text = WITH_UNIT.sub(take, text)
    for number in NUMBER.findall(re.sub(r"(\d)s\b", r"\1", text)):
        found[re.sub(r"[,\u202f\u00a0]", "", number)] += 1
    return found


def spelled(number: str, text: str) -> bool:
    """Whether ``text`` says this number in words."""
    if not number.isdigit() or int(number) not in SPELLED:
        return False
    zh, en = SPELLED[int(number)]
    latin = set(re.findall(r"[a-z]+", text.lower()))
    return any(c in text for c in zh) or bool(latin & set(en.split()))


def number_differences(zh: str, en: str) -> tuple[list[str], list[str]]:
    """Numbers that only one of the twins has, in digits or in words.

    Example:
        >>> number_differences("有 3 层，2 类", "four layers, two classes")
        (['3'], [])
        >>> number_differences("学习率 0.1", "learning rate 0.2")
        (['0.1'], ['0.2'])
    """
    left, right = numerals(zh), numerals(en)
    return (
        sorted(n for n in left if n not in right and not spelled(n, en)),
        sorted(n for n in right if n not in left and not spelled(n, zh)),
    )
