"""What a page says, cut into sections: the records that a search looks through.

Pure: takes a resolved doctree, knows no Sphinx application. A record stands for a
heading, a term of the glossary, or a name of the package, whatever a link can lead to.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from bilingual.texts import LANGUAGES
from bilingual.trees import SEPARATOR_CLASS, ancestors, classes, language_of, mark_of
from docutils import nodes
from mathml import to_mathml
from sphinx import addnodes

RAISED = str.maketrans(
    "0123456789+-−=()abcdefghijklmnoprstuvwxyzT⊤′∗*",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀᵀ′**",
)
LOWERED = str.maketrans(
    "0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"
)
ACCENTS = str.maketrans(
    "ˆ^~˜‾ˉ¯\u0305→˙", "\u0302\u0302\u0303\u0303" + 4 * "\u0304" + "\u20d7\u0307"
)
RELATIONS = set("=≠<>≤≥≈≡∼∝∈∉→↦⟹⟺≪≫")
SPACES = re.compile(r"\s+")
HAN_GAP = re.compile(
    r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])"
)
# What a link can lead to, and where its name stands in it.
HEADS = {
    nodes.section: nodes.title,
    nodes.definition_list_item: nodes.term,
    addnodes.desc: addnodes.desc_signature,
}
# What is no text.
SILENT = (
    nodes.raw,
    nodes.image,
    nodes.comment,
    nodes.footnote_reference,
    nodes.system_message,
    addnodes.index,
)
# The stroke between twins; the time of a lecture, which has an index of its own.
UNREAD = {SEPARATOR_CLASS, "video-mark"}

Names = dict[str, list[str]]


@dataclass
class Section:
    """One place of a page.

    Attributes:
        anchor: What follows ``#`` in its address; empty for the top of the page.
        title: Its heading, by language.
        blocks: Twins of text, ``(Chinese, English)``, empty where there is none.
        code: The source text of its cells.
        names: Its number, and what numbered things in it are called, 图 3.1 and Fig 3.1.
    """

    anchor: str
    title: dict[str, str]
    blocks: list[list[str]] = field(default_factory=list)
    code: str = ""
    names: list[str] = field(default_factory=list)

    def record(self) -> list[Any]:
        """As the script wants it: a text that serves both languages stands once."""
        title = [self.title[lang] for lang in LANGUAGES]
        blocks = [[zh] if zh == en else [zh, en] for zh, en in self.blocks]
        names = [self.names] if self.names else []
        return [self.anchor, title, blocks, self.code, *names]


def formula(tex: str) -> str:
    r"""A formula as plain text in a line; nothing where it cannot be read.

    Example:
        >>> formula(r"\mathbf{w}"), formula(r"2\times 10^{-3}"), formula(r"e^{\frac{a}{2}}")
        ('w', '2×10⁻³', 'e^(a/2)')
        >>> formula(r"\hat y_i = \sqrt{\frac{1}{n+1}}"), formula(r"\log n_\mathrm{in}")
        ('ŷᵢ = √(1/(n+1))', 'log nᵢₙ')
    """
    try:
        text = in_a_line(ElementTree.fromstring(to_mathml(tex, False)))
    except ValueError:  # told by the page itself
        return ""
    return SPACES.sub(" ", text).strip()


def in_a_line(element: ElementTree.Element) -> str:
    """MathML as one would type it: signs raised and lowered, roots and fractions."""
    kind = element.tag
    pieces = [in_a_line(child) for child in element]
    if kind in ("mover", "munder", "munderover", "msub", "msup", "msubsup"):
        base, *signs = pieces
        if kind == "mover" and len(signs[0].strip()) == 1 and len(base) == 1:
            accent = signs[0].strip().translate(ACCENTS)
            return unicodedata.normalize("NFC", base + accent)
        if kind not in ("mover", "msup"):
            base += shifted(signs.pop(0), LOWERED, "_")
        return base + "".join(shifted(sign, RAISED, "^") for sign in signs)
    if kind == "mfrac":
        over = "/" if element.get("linethickness") != "0px" else ", "  # of a binomial
        return over.join(map(grouped, pieces))
    if kind == "mroot":
        return f"{grouped(pieces[0])}^(1/{pieces[1]})"
    if kind == "msqrt":
        return "√" + grouped("".join(pieces))
    if kind == "mtable":
        return "; ".join(pieces)
    if kind == "mspace":
        return " "
    # Bold and italic letters are letters; \u2061 between a function and its argument is unseen.
    text = "".join(
        unicodedata.normalize("NFKC", sign)
        if sign in "ϕϵ" or sign >= "\U0001d400"
        else sign
        for sign in (element.text or "").replace("\u2061", "")
    )
    if kind == "mo" and text in RELATIONS:
        return f" {text} "
    return text + (" " if kind == "mtr" else "").join(pieces)


def grouped(text: str) -> str:
    """In brackets, if it is more than a number or a name."""
    plain = text.strip()
    bare = all(
        sign.isalnum() or sign == "∂" or unicodedata.combining(sign) for sign in plain
    )
    return plain if bare or plain[:1] + plain[-1:] in ("()", "||") else f"({plain})"


def shifted(text: str, signs: dict[int, int], mark: str) -> str:
    """Raised or lowered, where all its letters can be; else after a mark."""
    tight = text.strip(" ⏞⏟").replace(" ", "")
    if signs.keys() >= {*map(ord, tight)}:
        return tight.translate(signs)
    return mark + grouped(tight) if tight else ""


def words(node: nodes.Node, lang: str) -> str:
    """The text of a node as a reader of one language sees it."""
    if isinstance(node, nodes.Text):
        return node.astext()
    if mark_of(node) not in (None, lang) or UNREAD & {*classes(node)}:
        return ""
    if isinstance(node, nodes.math | nodes.math_block):
        return formula(node.astext())
    if isinstance(node, SILENT):
        return ""
    return "".join(words(child, lang) for child in node.children)


def line(node: nodes.Node, lang: str) -> str:
    """The same in one line, without the spaces that line breaks leave in Chinese."""
    return HAN_GAP.sub("", SPACES.sub(" ", words(node, lang)).strip())


def target_of(node: nodes.Element) -> Section | None:
    """The record that begins with this node, if one does."""
    kind = HEADS.get(type(node))
    heads = [child for child in node.children if kind and isinstance(child, kind)]
    if not heads:
        return None
    anchors = (node if isinstance(node, nodes.section) else heads[0])["ids"]
    if not anchors:
        return None  # a definition in the text, not an entry of the glossary
    name = heads[0].get("fullname")  # of a function: without its arguments
    title = {
        lang: name
        or ", ".join(
            line(head, lang) for head in heads if language_of(head) in (None, lang)
        )
        for lang in LANGUAGES
    }
    return Section(anchors[-1], title)  # a label, where it has one: such addresses stay


def add_text(section: Section, node: nodes.Element) -> None:
    """A block of text: with its twin before it, or on its own."""
    lang = language_of(node)
    if lang is None:
        pair = [line(node, each) for each in LANGUAGES]
        if any(pair):
            section.blocks.append(pair)
        return
    text = line(node, lang)
    if not text:
        return
    last = section.blocks[-1] if section.blocks else None
    if lang == "en" and last and last[0] and not last[1]:
        last[1] = text
    else:
        section.blocks.append([text, ""] if lang == "zh" else ["", text])


def is_heading(node: nodes.Element) -> bool:
    """Whether this is the heading of a record, which keeps it as its title."""
    parent = node.parent
    return (
        (isinstance(node, nodes.title) and isinstance(parent, nodes.section))
        or (isinstance(node, nodes.term) and bool(node["ids"]))
        or isinstance(node, addnodes.desc_signature)
    )


def walk(
    node: nodes.Element, section: Section, sections: list[Section], names: Names
) -> None:
    """Give each text, and each name, to the innermost place that holds it."""
    for child in node.children:
        if not isinstance(child, nodes.Element):
            continue
        inner = target_of(child)
        if inner is not None:
            sections.append(inner)
        here = inner or section
        for anchor in child["ids"]:
            here.names += names.get(anchor, [])
        if isinstance(child, SILENT):
            continue
        if is_heading(child):
            continue
        if isinstance(child, nodes.literal_block | nodes.doctest_block):
            if not any("cell_output" in classes(each) for each in ancestors(child)):
                here.code += child.astext().rstrip() + "\n"
        elif isinstance(child, nodes.TextElement):
            add_text(here, child)
        else:
            walk(child, here, sections, names)


def sections_of(doctree: nodes.document, names: Names) -> list[Section]:
    """All places of a page, in their order; `names` are those of its anchors."""
    sections: list[Section] = []
    walk(doctree, Section("", dict.fromkeys(LANGUAGES, "")), sections, names)
    if sections:
        sections[0].anchor = ""  # the page itself
    return sections
