"""A page as Markdown that every notebook viewer shows: no marks of MyST are left.

`MarkdownWriter` turns a resolved doctree in one language into a list of pieces: blocks of
Markdown, and `CodeCell` where a cell of the page stands. Boxes become quotes; a quote
around a cell is interrupted by it. Exercises have a heading each, and solutions a
`FoldedHeading`. A node that it does not know is a warning, so that nothing is lost in
silence.
"""

# ruff: noqa: D102  (a method `block_…` or `inline_…` is named after the node it writes)
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from docutils import nodes
from sphinx.util import logging

from . import escaping
from .escaping import CLOSE, OPEN

logger = logging.getLogger(__name__)

BUILT_BOXES = {"note", "tip", "hint", "important", "warning", "caution", "attention"}
BUILT_BOXES |= {"danger", "error", "seealso"}
# Say nothing in a notebook.
SILENT = {"comment", "target", "index", "substitution_definition", "raw", "toctree"}
SILENT |= {"system_message", "pending", "colspec", "meta", "title_reference_target"}
# Containers of which only the contents matter.
CLEAR = {"document", "container", "compound", "only", "highlightlang", "legend"}
CLEAR |= {"start_of_file", "tgroup", "glossary", "proof_node", "docinfo"}

# Names of lexers that only Sphinx knows.
LEXERS = {"default": "", "none": "", "ipython3": "python", "ipython": "python"}


@dataclass(frozen=True)
class CodeCell:
    """Stands for a code cell, by its place among the cells of the executed notebook."""

    index: int
    captions: tuple[str, ...] = ()


@dataclass(frozen=True)
class FoldedHeading:
    """A heading under which a reader finds what follows, up to the next of its level."""

    text: str


Piece = str | CodeCell | FoldedHeading


@dataclass
class Numbers:
    """The site's numbers of one page; ``""`` for what has none."""

    section: Callable[[nodes.section], str] = lambda node: ""
    caption: Callable[[nodes.Element], str] = lambda node: ""
    equation: Callable[[nodes.math_block], str] = lambda node: ""


@dataclass
class MarkdownWriter:
    """Writes one page.

    Args:
        numbers: The site's numbers.
        link: Address of a reference as a notebook can use it; ``""``: plain text.
        box_name: Name of a box such as ``note`` in the language of the page.
        image: Name under which an image is attached to a cell; ``""``: its alt text.
    """

    numbers: Numbers = field(default_factory=Numbers)
    link: Callable[[nodes.reference], str] = lambda node: node.get("refuri", "")
    box_name: Callable[[str], str] = str.title
    image: Callable[[nodes.image], str] = lambda node: ""
    depth: int = 0
    table: bool = False

    # --- blocks --------------------------------------------------------------------
    def blocks(self, children: Iterable[nodes.Node]) -> list[Piece]:
        """The pieces of some blocks; text between them is a paragraph."""
        found: list[Piece] = []
        loose: list[nodes.Node] = []
        for child in children:
            if isinstance(child, nodes.Text | nodes.Inline) and not silent(child):
                loose.append(child)
                continue
            found += self.loose(loose)
            loose = []
            found += self.block(child)
        return found + self.loose(loose)

    def loose(self, children: Sequence[nodes.Node]) -> list[Piece]:
        """A paragraph of what stands between blocks."""
        text = self.line(children)
        return [text] if text else []

    def block(self, node: nodes.Node) -> list[Piece]:
        """The pieces of one block."""
        kind = type(node).__name__
        if silent(node):
            return []
        if node.get("nb_element") == "cell_code":
            return self.cell(node)
        if kind in CLEAR:
            return self.blocks(node.children)
        if kind in BUILT_BOXES:
            return self.quote(self.box_name(kind), node.children)
        method = getattr(self, f"block_{kind}", None)
        if method is None:
            if isinstance(node, nodes.Inline | nodes.TextElement):
                return self.loose([node])
            self.unknown(node)
            return self.blocks(node.children)
        return method(node)

    def unknown(self, node: nodes.Node) -> None:
        """Say that a kind of node has no Markdown yet."""
        logger.warning(
            "a notebook cannot show %s: give it a method in notebooks/markdown.py",
            type(node).__name__,
            location=node,
            type="notebooks",
            subtype="unknown",
        )

    def block_section(self, node: nodes.section) -> list[Piece]:
        self.depth += 1
        found = self.blocks(node.children)
        self.depth -= 1
        return found

    def block_title(self, node: nodes.title) -> list[Piece]:
        section = node.parent
        is_section = isinstance(section, nodes.section)
        number = self.numbers.section(section) if is_section else ""
        text = self.line(node.children)
        level = "#" * min(max(self.depth, 1), 6)
        return [" ".join(filter(None, (level, number, text)))]

    def block_paragraph(self, node: nodes.paragraph) -> list[Piece]:
        return self.loose(node.children)

    def block_rubric(self, node: nodes.rubric) -> list[Piece]:
        return [f"**{self.line(node.children)}**"]

    def block_transition(self, node: nodes.transition) -> list[Piece]:
        return ["---"]

    def block_math_block(self, node: nodes.math_block) -> list[Piece]:
        tex = escaping.display(node.astext())
        number = self.numbers.equation(node)
        tag = rf" \tag{{{number}}}" if number else ""
        return [f"$$\n{tex}{tag}\n$$"]

    def block_literal_block(self, node: nodes.literal_block) -> list[Piece]:
        text = node.astext().rstrip("\n")
        language = LEXERS.get(node.get("language", ""), node.get("language", ""))
        fence = "`" * max(3, 1 + longest_run(text, "`"))
        return [f"{fence}{language}\n{text}\n{fence}"]

    def block_block_quote(self, node: nodes.block_quote) -> list[Piece]:
        return quoted(self.blocks(node.children))

    def block_attribution(self, node: nodes.attribution) -> list[Piece]:
        return [f"— {self.line(node.children)}"]

    def block_line_block(self, node: nodes.line_block) -> list[Piece]:
        lines = [self.line(child.children) for child in node.children]
        return ["  \n".join(lines)]

    # lists
    def block_bullet_list(self, node: nodes.bullet_list) -> list[Piece]:
        return self.items(node, lambda number: "- ")

    def block_enumerated_list(self, node: nodes.enumerated_list) -> list[Piece]:
        start = node.get("start", 1)
        return self.items(node, lambda number: f"{start + number}. ")

    def items(self, node: nodes.Element, mark: Callable[[int], str]) -> list[Piece]:
        """The items of a list: indented below their marks, close if all are short."""
        items: list[list[Piece]] = []
        for number, child in enumerate(node.children):
            first = mark(number)
            inside = merged(self.blocks(child.children))
            if not inside or isinstance(inside[0], CodeCell):
                inside.insert(0, "")
            head, *rest = inside
            items.append([first + indented(head, len(first)), *rest])
        texts = [item[0] for item in items]
        if all(len(item) == 1 for item in items):
            close = all("\n\n" not in text for text in texts)
            return [("\n" if close else "\n\n").join(texts)]
        return [piece for item in items for piece in item]

    def block_definition_list(self, node: nodes.definition_list) -> list[Piece]:
        found: list[Piece] = []
        for item in node.children:
            terms = [c for c in item.children if not isinstance(c, nodes.definition)]
            names = [self.line(c.children) for c in terms if not silent(c)]
            found.append(f"**{' / '.join(filter(None, names))}**")
            for child in item.children:
                if isinstance(child, nodes.definition):
                    found += self.blocks(child.children)
        return found

    # boxes
    def quote(self, title: str, children: Iterable[nodes.Node]) -> list[Piece]:
        """A box: its title in bold, its contents, all of it quoted."""
        head = [f"**{title}**"] if title else []
        return quoted([*head, *self.blocks(children)])

    def block_admonition(self, node: nodes.admonition) -> list[Piece]:
        title, rest = self.titled(node)
        if is_exercise(node) and isinstance(node.parent, nodes.section):
            return [f"{self.below(1)} {title}", *self.blocks(rest)]
        return self.quote(title, rest)

    block_sidebar = block_topic = block_admonition
    block_exercise_node = block_exercise_enumerable_node = block_admonition
    block_unenumerable_node = block_admonition

    def block_solution_node(self, node: nodes.Element) -> list[Piece]:
        """A solution: folded, as on the page, where its end is known by a heading."""
        title, rest = self.titled(node)
        if not (isinstance(node.parent, nodes.section) and ends_at_heading(node)):
            return self.quote(title, rest)
        return [FoldedHeading(f"{self.below(2)} {title}"), *self.blocks(rest)]

    def below(self, levels: int) -> str:
        """The mark of a heading below that of the section."""
        return "#" * min(self.depth + levels, 6)

    def titled(self, node: nodes.Element) -> tuple[str, list[nodes.Node]]:
        """Title and contents of a box; a title of code and words stays as it is."""
        title, rest = "", []
        for child in node.children:
            if isinstance(child, nodes.title) and not title:
                title = self.line(child.children)
            else:
                rest.append(child)
        return title.replace("**", ""), rest

    # tables
    def block_table(self, node: nodes.table) -> list[Piece]:
        title = next((c for c in node.children if isinstance(c, nodes.title)), None)
        caption = self.caption(node, title) if title is not None else ""
        rows = [
            [self.entry(entry) for entry in row.children]
            for row in node.findall(nodes.row)
        ]
        if not rows:
            return []
        has_head = next(iter(node.findall(nodes.thead)), None) is not None
        width = max(map(len, rows))
        if not has_head:
            rows.insert(0, [""] * width)
        rows = [row + [""] * (width - len(row)) for row in rows]
        rows.insert(1, ["---"] * width)
        text = "\n".join("| " + " | ".join(row) + " |" for row in rows)
        return [*filter(None, (caption, text))]

    def entry(self, node: nodes.entry) -> str:
        """A cell of a table: one line, its bars masked."""
        self.table, before = True, self.table
        pieces = [
            piece for piece in self.blocks(node.children) if isinstance(piece, str)
        ]
        self.table = before
        lines = [line for piece in pieces for line in piece.split("\n") if line.strip()]
        return "<br>".join(lines) if len(pieces) > 1 else " ".join(lines)

    # figures and cells
    def cell(self, node: nodes.Element) -> list[Piece]:
        """A code cell with the captions of its figures."""
        captions: list[str] = []
        for figure in node.findall(nodes.figure):
            for child in figure.children:
                if isinstance(child, nodes.caption):
                    captions.append(self.caption(figure, child))
                elif isinstance(child, nodes.legend):
                    captions += self.blocks(child.children)
        return [CodeCell(node["cell_index"], tuple(captions))]

    def caption(self, node: nodes.Element, text: nodes.Element) -> str:
        """**图 3.1** and the words below a figure or above a table."""
        number = self.numbers.caption(node)
        head = f"**{number}** " if number else ""
        return head + self.line(text.children)

    def block_figure(self, node: nodes.figure) -> list[Piece]:
        return self.blocks(node.children)

    def block_caption(self, node: nodes.caption) -> list[Piece]:
        return [self.caption(node.parent, node)]

    def block_image(self, node: nodes.image) -> list[Piece]:
        return [self.inline_image(node)]

    def block_footnote(self, node: nodes.footnote) -> list[Piece]:
        label, *rest = node.children
        head, *more = self.blocks(rest) or [""]
        return [f"<sup>{label.astext()}</sup> {head}", *more]

    def block_citation(self, node: nodes.citation) -> list[Piece]:
        label, *rest = node.children
        head, *more = self.blocks(rest) or [""]
        return [f"[{escaping.text(label.astext())}] {head}", *more]

    # --- inside a line ---------------------------------------------------------------
    def line(self, children: Iterable[nodes.Node]) -> str:
        """Some inline nodes as one line of Markdown."""
        made = "".join(map(self.inline, children))
        made = escaping.emphasized(" ".join(made.split()))
        return made if self.table else escaping.first_character(made)

    def inside(self, node: nodes.Element) -> str:
        """The children of an inline node."""
        return "".join(map(self.inline, node.children))

    def inline(self, node: nodes.Node) -> str:
        """One inline node, emphasis still as the two marks of `escaping`."""
        if isinstance(node, nodes.Text):
            text = escaping.text(node.astext())
            return text.replace("|", r"\|") if self.table else text
        if silent(node) or "bi-number" in node["classes"]:
            return ""
        method = getattr(self, f"inline_{type(node).__name__}", None)
        if method is not None:
            return method(node)
        if not isinstance(node, nodes.Inline | nodes.TextElement):
            self.unknown(node)
        return self.inside(node)

    def inline_strong(self, node: nodes.Element) -> str:
        return f"{OPEN['**']}{self.inside(node)}{CLOSE['**']}"

    def inline_emphasis(self, node: nodes.Element) -> str:
        return f"{OPEN['*']}{self.inside(node)}{CLOSE['*']}"

    def inline_literal(self, node: nodes.literal) -> str:
        text = node.astext()
        if self.table:
            text = text.replace("|", r"\|")
        fence = "`" * (longest_run(text, "`") + 1)
        space = " " if "`" in (text[:1], text[-1:]) else ""
        return f"{fence}{space}{text}{space}{fence}"

    def inline_math(self, node: nodes.math) -> str:
        tex = escaping.tex(node.astext())
        if self.table:
            tex = escaping.without_bars(tex)
        return f"${tex}$"

    def inline_superscript(self, node: nodes.Element) -> str:
        return f"<sup>{self.inside(node)}</sup>"

    def inline_subscript(self, node: nodes.Element) -> str:
        return f"<sub>{self.inside(node)}</sub>"

    def inline_footnote_reference(self, node: nodes.Element) -> str:
        return f"<sup>{node.astext()}</sup>"

    def inline_reference(self, node: nodes.reference) -> str:
        text, address = self.inside(node), self.link(node)
        return f"[{text}]({address})" if address and text else text

    def inline_image(self, node: nodes.image) -> str:
        alt, name = escaping.text(node.get("alt", "")), self.image(node)
        return f"![{alt}](attachment:{name})" if name else alt


def silent(node: nodes.Node) -> bool:
    """Whether a node says nothing here."""
    return isinstance(node, nodes.Element) and type(node).__name__ in SILENT


def is_exercise(node: nodes.Node) -> bool:
    """Whether a box is an exercise, as its directive left it or with a whole title."""
    return isinstance(node, nodes.Admonition) and "exercise" in node["classes"]


def ends_at_heading(node: nodes.Element) -> bool:
    """Whether an exercise, a solution or a section follows a node, or nothing."""
    after = node.findall(descend=False, siblings=True, include_self=False)
    following = next((each for each in after if not silent(each)), None)
    return (
        following is None
        or is_exercise(following)
        or type(following).__name__ in ("section", "solution_node")
    )


def longest_run(text: str, character: str) -> int:
    """How often a character stands in a row at most."""
    return max(map(len, re.findall(f"{re.escape(character)}+", text)), default=0)


def indented(text: str, width: int) -> str:
    """A text whose second and later lines stand further right."""
    return text.replace("\n", "\n" + " " * width).replace(" " * width + "\n", "\n")


def merged(pieces: Iterable[Piece]) -> list[Piece]:
    """Pieces with the texts that follow each other made one."""
    found: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and found and isinstance(found[-1], str):
            found[-1] += "\n\n" + piece
        else:
            found.append(piece)
    return found


def quoted(pieces: Iterable[Piece]) -> list[Piece]:
    """The texts as quotes.

    A formula goes on one line: JupyterLab takes formulas out of the text before it looks
    at the quote, and would show the ``>`` of their lines.
    """
    found: list[Piece] = []
    for piece in merged(escaping.on_one_line(piece) for piece in pieces):
        if isinstance(piece, str):
            lines = (f"> {line}" if line else ">" for line in piece.split("\n"))
            piece = "\n".join(lines)
        found.append(piece)
    return found
