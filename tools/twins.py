"""The twins of a page, read from its Markdown source; no build needed.

The build pairs the nodes of a parsed page (`book/_ext/bilingual`); here MyST's own parser
gives the blocks of a source with their lines, and a looser rule pairs them, so that a page
can also be read as it was at another revision.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from bilingual.texts import halves, script_of
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

CONFIG = Path(__file__).parents[1] / "book" / "_config.yml"
SYNTAX = set(
    yaml.safe_load(CONFIG.read_text("utf-8"))["parse"]["myst_enable_extensions"]
)
PARSER = create_md_parser(MdParserConfig(enable_extensions=SYNTAX), RendererHTML)
CODE_DIRECTIVES = ("code-cell", "code-block", "code", "math", "literalinclude", "raw")
DIRECTIVE = re.compile(r"\{([\w:+-]+)\}\s*(.*)$")
OPTION = re.compile(r"^:[\w-]+:(?:\s+(.*))?$")
FENCES = ("fence", "colon_fence")
# Not words: math, code, roles with their targets, addresses of links.
NOT_WORDS = re.compile(
    r"\$[^$]*\$|\{[\w:]+\}`[^`]*`|`[^`]*`|\]\([^)]*\)|\{\.\w+\}|https?://\S+"
)


@dataclass(frozen=True)
class Block:
    """A paragraph, list item or short text, with its line and what it is part of."""

    line: int
    text: str
    kind: str


@dataclass(frozen=True)
class Pair:
    """A Chinese text and its English twin."""

    page: str
    zh: str
    en: str
    zh_line: int
    en_line: int


def blocks(source: str, above: int = 0) -> Iterator[Block]:
    r"""The prose of a Markdown source, block by block; code and equations are left out.

    Args:
        source: All of a page, or the content of a directive.
        above: How many lines of the page stand above it.

    Example:
        >>> [b.text for b in blocks("# 甲 | A\n\n乙。\n\n```python\nx\n```\n\nB.")]
        ['甲 | A', '乙。', 'B.']
    """
    tokens, line = PARSER.parse(source), 0
    for at, token in enumerate(tokens):
        line = token.map[0] if token.map else line  # a cell has that of its row
        if token.type == "inline":
            yield Block(
                above + line + 1, token.content, kind_of(tokens[max(0, at - 2) : at])
            )
        elif token.type in FENCES:
            yield from directive(token, above + line)


def kind_of(before: Sequence[Token]) -> str:
    """What a text is part of, by the two tokens that stand before it."""
    opened = [token.type for token in before]
    if opened[-1:] in (["th_open"], ["td_open"]):
        return "cell"
    if opened[-1:] == ["heading_open"]:
        return "heading"
    return "item" if opened == ["list_item_open", "paragraph_open"] else "paragraph"


def directive(fence: Token, above: int) -> Iterator[Block]:
    """Title, options with two halves, and content of a directive; of code, its captions."""
    found = DIRECTIVE.match(fence.info.strip())
    if not found:
        return
    name, title = found.groups()
    code = name in CODE_DIRECTIVES
    if title and not code:
        yield Block(above + 1, title, "title")
    lines = fence.content.splitlines()
    body = 0
    if lines[:1] == ["---"] and "---" in lines[1:]:
        body = lines.index("---", 1) + 1
        options = yaml.compose("\n".join(lines[1 : body - 1]))
        yield from captions(options, above + 2)
    while body < len(lines) and (option := OPTION.match(lines[body])):
        if option[1] and halves(option[1]):
            yield Block(above + body + 2, option[1], "option")
        body += 1
    if not code:
        yield from blocks("\n".join(lines[body:]), above + 1 + body)


def captions(node: yaml.Node | None, above: int) -> Iterator[Block]:
    """The texts for readers in the options of a cell, of which each has both languages."""
    if not isinstance(node, yaml.MappingNode):
        return
    for key, value in node.value:
        if isinstance(value, yaml.MappingNode):
            yield from captions(value, above)
        elif isinstance(value, yaml.ScalarNode) and key.value in ("caption", "alt"):
            start = above + value.start_mark.line
            if value.style in ("|", ">"):  # paragraphs below the sign
                yield from blocks(value.value, start + 1)
            elif halves(value.value):
                yield Block(start + 1, value.value, "caption")


def pairs(page: str, source: str) -> Iterator[Pair]:
    """The twins of a page: short texts with both halves, and blocks one after the other."""
    waiting: Block | None = None
    items: dict[str, list[Block]] = {"zh": [], "en": []}

    def lists() -> Iterator[Pair]:
        """Whole lists or tables as twins: as many Chinese rows as English ones."""
        zh, en = items["zh"], items["en"]
        if len(zh) == len(en):
            for left, right in zip(zh, en, strict=True):
                yield Pair(page, left.text, right.text, left.line, right.line)
        items["zh"], items["en"] = [], []

    for block in blocks(source):
        pair = halves(block.text)
        if pair:
            yield Pair(page, *pair, block.line, block.line)
            waiting = None
            continue
        expected = waiting is not None or bool(items["zh"])
        lang = script_of(words(block.text), waiting=expected)
        if block.kind in ("item", "cell") and waiting is None and lang:
            items[lang].append(block)
            continue
        if lang == "zh":
            waiting = block
        elif lang == "en" and waiting is not None:
            yield Pair(page, waiting.text, block.text, waiting.line, block.line)
            waiting = None
        elif lang == "en" and items["zh"] and items["zh"][-1].kind == "item":
            left = items["zh"].pop()  # a long item, its twin below it
            yield Pair(page, left.text, block.text, left.line, block.line)
        if block.kind == "paragraph" and lang == "zh":
            yield from lists()
    yield from lists()


def words(text: str) -> str:
    """Text without math, code and targets."""
    return NOT_WORDS.sub(" ", text)
