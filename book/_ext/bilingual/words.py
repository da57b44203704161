"""The words that Sphinx, the theme and other extensions print by themselves.

Their message catalogues are wrapped: a message comes out as `中文 | English`, or in the
one language of the edition. What is printed that way is split when the page is rendered
(`page.py`), whatever the theme's templates look like.
"""

from __future__ import annotations

import re
from gettext import NullTranslations
from typing import Any

import sphinx.locale
from sphinx.application import Sphinx
from sphinx.config import Config

from .texts import HAN

# "%s" and "{}" are filled in order: a message with both languages would take twice as many.
POSITIONAL = re.compile(r"%[^(%]|\{\}")

# Kind of a numbered thing: its name with the number, in each language.
NUMBERED = {
    "section": ("第 %s 节", "Section %s"),
    "figure": ("图 %s", "Fig. %s"),
    "table": ("表 %s", "Table %s"),
    "code-block": ("代码 %s", "Listing %s"),
    "exercise": ("练习 %s", "Exercise %s"),
}

# Names that the catalogues lack or translate differently from this book.
BOXES = {
    "note": ("注", "Note"),
    "tip": ("提示", "Tip"),
    "hint": ("提示", "Hint"),
    "important": ("重要", "Important"),
    "warning": ("警告", "Warning"),
    "caution": ("小心", "Caution"),
    "attention": ("注意", "Attention"),
    "danger": ("危险", "Danger"),
    "error": ("错误", "Error"),
    "seealso": ("参见", "See also"),
}
BY = ("作者：", "By")
THEME = {
    "previous": ("上一页", "Previous"),
    "next": ("下一页", "Next"),
    "previous page": ("上一页", "Previous page"),
    "next page": ("下一页", "Next page"),
    "Contents": ("本页目录", "Contents"),
    "On this page": ("本页目录", "On this page"),
    "Search": ("搜索", "Search"),
    "Search the docs ...": ("搜索本书…", "Search this book…"),
    "Search this book...": ("搜索本书…", "Search this book…"),
    "Skip to main content": ("跳到正文", "Skip to main content"),
    "Back to top": ("回到顶部", "Back to top"),
    "Color mode": ("明暗配色", "Colour mode"),
    "Light": ("浅色", "Light"),
    "Dark": ("深色", "Dark"),
    "System Settings": ("跟随系统", "As the system"),
    "Site navigation": ("全书目录", "Site navigation"),
    "Breadcrumb": ("位置", "Breadcrumb"),
    "Home": ("首页", "Home"),
    "By": BY,
    "logo": ("标志", "logo"),
    "Fullscreen mode": ("全屏", "Full screen"),
    "Download this page": ("下载本页", "Download this page"),
    "Download source file": ("下载源文件", "Download the source file"),
    "Download notebook file": ("下载笔记本", "Download the notebook"),
    "Print to PDF": ("打印为 PDF", "Print to PDF"),
    "Toggle primary sidebar": ("展开或收起全书目录", "Show or hide the sidebar"),
    "Toggle secondary sidebar": (
        "展开或收起本页目录",
        "Show or hide the page contents",
    ),
    "Permalink to this heading": ("本标题的永久链接", "Permalink to this heading"),
    "Permalink to this headline": ("本标题的永久链接", "Permalink to this heading"),
    "Link to this heading": ("本标题的链接", "Link to this heading"),
    "Link to this image": ("本图的链接", "Link to this figure"),
    "Link to this table": ("本表的链接", "Link to this table"),
    "Link to this code": ("这段代码的链接", "Link to this code"),
    "Link to this equation": ("本式的链接", "Link to this equation"),
    "Link to this term": ("本术语的链接", "Link to this term"),
    "Click to show": ("展开", "Show"),
    "Click to hide": ("收起", "Hide"),
    "Toggle hidden content": ("展开或收起", "Show or hide"),
    "Main": ("全书", "Book"),
    "Page": ("本页", "Page"),
    "Close": ("关闭", "Close"),
    "Collapse Sidebar": ("收起侧栏", "Collapse the sidebar"),
    "Expand Sidebar": ("展开侧栏", "Expand the sidebar"),
    "Section Navigation": ("本章目录", "Section navigation"),
    "Please activate JavaScript to enable the search functionality.": (
        "搜索需要 JavaScript，请启用。",
        "Please activate JavaScript to enable the search.",
    ),
}


def both_or_one(zh: str, en: str, mode: str) -> str:
    """``甲 | A``, or the half of the edition."""
    return {"zh": zh, "en": en}.get(mode, f"{zh} | {en}")


class Catalogue(NullTranslations):
    """A message catalogue that gives each message in the languages of the edition."""

    def __init__(self, chinese: NullTranslations, mode: str) -> None:
        super().__init__()
        self.chinese, self.mode = chinese, mode

    def add_fallback(self, fallback: NullTranslations) -> None:
        """Another catalogue of the same name was loaded."""
        self.chinese.add_fallback(fallback)

    def gettext(self, message: str) -> str:
        """A message in the languages of the edition."""
        if HAN.search(message):  # a template translates what is translated already
            return message
        if message == "By" and self.mode == "both":  # page.author says it in both
            return ""
        if message in THEME:
            return both_or_one(*THEME[message], self.mode)
        return self.combine(self.chinese.gettext(message), message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The same for a message with a number."""
        english = msgid1 if n == 1 else msgid2
        return self.combine(self.chinese.ngettext(msgid1, msgid2, n), english)

    def combine(self, chinese: str, english: str) -> str:
        """Join the two, unless a translation lacks or the message has unnamed gaps."""
        if self.mode == "en":
            return english
        whole = HAN.search(chinese) and not POSITIONAL.search(english)
        return f"{chinese} | {english}" if self.mode == "both" and whole else chinese


def wrap_catalogues(app: Sphinx) -> None:
    """Every catalogue of the printed words; messages on the console stay as they are.

    Called twice: a theme that is no extension of the book loads its own with the builder.
    """
    mode = app.config.bilingual_mode
    for key, catalogue in list(sphinx.locale.translators.items()):
        if key[0] == "general":
            inner = catalogue.chinese if isinstance(catalogue, Catalogue) else catalogue
            sphinx.locale.translators[key] = Catalogue(inner, mode)
    app.translator = sphinx.locale.translators["general", "sphinx"]


class NumberFormat(str):
    """``图 %s`` that comes out in both languages: ``图 3.1 | Fig. 3.1``.

    Sphinx fills ``numfig_format`` with ``%``; as a string it is the Chinese half, which
    is what the LaTeX writer puts before its own counters.
    """

    english: str

    def __new__(cls, chinese: str, english: str = "") -> NumberFormat:
        """Keep both formats."""
        made = super().__new__(cls, chinese)
        made.english = english
        return made

    def __mod__(self, number: Any) -> str:
        """Fill both."""
        return f"{str(self) % number} | {self.english % number}"


def choose_words(app: Sphinx, config: Config) -> None:
    """Catalogues, names of boxes and number formats for the edition."""
    mode = config.bilingual_mode
    wrap_catalogues(app)
    for name in (
        "togglebutton_hint",
        "togglebutton_hint_hide",
    ):  # read early, in English
        if getattr(config, name, None) in THEME:
            setattr(config, name, both_or_one(*THEME[getattr(config, name)], mode))
    for name, pair in BOXES.items():
        sphinx.locale.admonitionlabels[name] = both_or_one(*pair, mode)
    formats = {
        kind: NumberFormat(zh, en) if mode == "both" else both_or_one(zh, en, mode)
        for kind, (zh, en) in NUMBERED.items()
    }
    config.numfig_format = {**formats, **config.numfig_format}
