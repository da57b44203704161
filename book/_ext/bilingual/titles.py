"""Short texts, `中文 | English` on one line: titles, captions, terms, cells, alt texts."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx import addnodes

from .parity import compare
from .report import Fault, Reporter
from .texts import HAN, HAN_OR_FULL_WIDTH, halves, script_of
from .trees import NEUTRAL, ancestors, mark, mark_of, prose, split

TITLES = (nodes.title, nodes.rubric, nodes.subtitle, nodes.caption, nodes.term)
FENCE = re.compile(r"[\s>]*(`{3,}|~{3,}|:{3,})\s*(.*)$")
LONE_MARK = re.compile(r"[\s>]*\{\.(?:en|zh|neutral|loose)\}\s*$")
DEAF = re.compile(r"[\s>]*(?:(?:`{3,}|~{3,}|:{3,})\{|\$\$|\\begin\{|<|\([\w:.-]+\)=)")
STUCK = re.compile(r"\{\.(?:en|zh|neutral|loose)\}")


def is_card_title(node: nodes.Node) -> bool:
    """The title of a `sphinx-design` card is a node class of its own."""
    return type(node).__name__ == "PassthroughTextElement"


def lost_marks(reporter: Reporter) -> None:
    """A language mark above a directive, an equation or a label does nothing."""
    literal = ""  # the fence of the code block that we are in
    for number, line in enumerate(reporter.source, 1):
        fence = FENCE.match(line)
        if literal:
            if fence and fence[1].startswith(literal) and not fence[2]:
                literal = ""
        elif fence and fence[1][0] != ":" and not fence[2].startswith("{"):
            literal = fence[1] if fence[2] else ""
        elif fence and fence[2].startswith("{code"):
            literal = fence[1]
        elif LONE_MARK.match(line) and DEAF.match(
            "".join(reporter.source[number:][:1])
        ):
            reporter.note(
                number,
                Fault.SYNTAX,
                "a language mark has no effect above a directive, an equation, a label or"
                " raw HTML: mark the blocks inside, or put it below the label",
            )


def short_texts(document: nodes.document, reporter: Reporter) -> None:
    """Split every short text of a page, and note those with one half only."""
    for node in list(document.findall(nodes.Element)):
        if any(NEUTRAL in around["classes"] for around in ancestors(node)):
            continue
        if isinstance(node, nodes.paragraph):
            paragraph(node, reporter)
        elif isinstance(node, TITLES) or is_card_title(node):
            title(node, reporter)
        elif isinstance(node, nodes.image):
            alt_text(node, reporter)


def paragraph(node: nodes.paragraph, reporter: Reporter) -> None:
    """Split the paragraph of a list item, cell or caption; look for marks gone wrong."""
    done = split(node)
    if done:
        compare(reporter, *done, at=node)
    words = prose(node)
    if STUCK.search(words):
        reporter.note(
            node,
            Fault.SYNTAX,
            "a language mark inside a paragraph: put an empty line before it",
        )
    if "**" in words:
        reporter.note(
            node,
            Fault.SYNTAX,
            "`**` is left over: bold does not close between full-width punctuation and"
            " a Chinese character; write `**术语**（English）`, punctuation outside",
        )
    join_lines(node)


def join_lines(node: nodes.Element) -> None:
    """A line break between two Chinese characters is no space."""
    for at in range(len(node.children) - 2, 0, -1):
        before, here, after = (n.astext() for n in node.children[at - 1 : at + 2])
        if here == "\n" and before and after:
            both = HAN_OR_FULL_WIDTH.match(before[-1]) and HAN_OR_FULL_WIDTH.match(
                after
            )
            if both:
                del node[at]


def title(node: nodes.TextElement, reporter: Reporter) -> None:
    """Split a title, or say which half it lacks."""
    if any(mark_of(child) for child in node.children):
        return
    done = split(node)
    if done:
        compare(reporter, *done, at=node)
        return
    words = prose(node)
    if isinstance(node, nodes.term) and in_glossary(node):
        lang = script_of(
            words, waiting=True
        )  # 感知机 and perceptron are terms of one entry
        if lang:
            mark(node, lang)
    elif isinstance(node, nodes.caption) and isinstance(node.parent, nodes.figure):
        pass  # its English is the next paragraph: pairing.figure
    elif type(node).__name__ in ("exercise_title", "solution_title"):
        pass  # words of sphinx-exercise: theorems.py
    elif HAN.search(words):
        reporter.note(
            node,
            Fault.NO_ENGLISH,
            f"“{words.strip()[:30]}” has no English: write 中文 | English",
        )
    elif script_of(words) == "en":
        reporter.note(
            node,
            Fault.NO_CHINESE,
            f"“{words.strip()[:30]}” has no Chinese: write 中文 | English",
        )


def in_glossary(node: nodes.Node) -> bool:
    """Whether a term belongs to a ``{glossary}``."""
    return any(isinstance(around, addnodes.glossary) for around in ancestors(node))


def alt_text(node: nodes.image, reporter: Reporter) -> None:
    """An alt text with Chinese needs both halves; the page or the edition picks one."""
    alt = node.get("alt", "")
    if halves(alt):
        return
    if HAN.search(alt):
        reporter.note(
            node,
            Fault.NO_ENGLISH,
            f"alt text “{alt[:30]}” has no English: write 中文 | English",
        )
    elif script_of(alt) == "en":
        reporter.note(
            node,
            Fault.NO_CHINESE,
            f"alt text “{alt[:30]}” has no Chinese: write 中文 | English",
        )
