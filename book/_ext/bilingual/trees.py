"""Nodes in two languages: the prose of a node, its mark, its two halves.

Two classes say everything: ``zh`` or ``en`` for the style sheet and ``language-…``, which
docutils writes as ``lang="…"``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docutils import nodes
from sphinx import addnodes

from .texts import HAN, LANGUAGES, SEPARATOR, balanced

LANG_CLASS = {"zh": "language-zh-CN", "en": "language-en"}
NEUTRAL, LOOSE, SEPARATOR_CLASS = "neutral", "loose", "bi-sep"
REMEMBERED = "bilingual"  # the mark as an attribute, for extensions that drop classes

# Not prose: the same in both languages.
SHARED = (
    nodes.math,
    nodes.math_block,
    nodes.literal,
    nodes.literal_block,
    nodes.image,
    nodes.raw,
    nodes.footnote_reference,
    nodes.comment,
    addnodes.index,
)
# What may be cut in two when the separator stands inside it.
CUTTABLE = (
    nodes.strong,
    nodes.emphasis,
    nodes.inline,
    nodes.reference,
    addnodes.pending_xref,
)


def ancestors(node: nodes.Node) -> Iterator[nodes.Element]:
    """The nodes around a node, innermost first."""
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def classes(node: nodes.Node) -> list[str]:
    """Classes of a node; a text has none."""
    return node["classes"] if isinstance(node, nodes.Element) else []


def is_pasted(node: nodes.Node) -> bool:
    """Whether this is a value that a cell computed (``{glue:text}``)."""
    return "pasted-text" in classes(node)


def mark_of(node: nodes.Node) -> str | None:
    """The language that this very node is marked with."""
    return next((lang for lang in LANGUAGES if lang in classes(node)), None)


def language_of(node: nodes.Node) -> str | None:
    """The language of the block around a node, ``None`` if it serves both."""
    return next(filter(None, map(mark_of, [node, *ancestors(node)])), None)


def mark(node: nodes.Element, lang: str) -> None:
    """Say that a node is in one language."""
    node[REMEMBERED] = lang
    for name in (lang, LANG_CLASS[lang]):
        if name not in node["classes"]:
            node["classes"].append(name)


def half(lang: str, children: Sequence[nodes.Node]) -> nodes.inline:
    """Inline text in one language."""
    return nodes.inline("", "", *children, classes=[lang, LANG_CLASS[lang]])


def twins(zh: Sequence[nodes.Node], en: Sequence[nodes.Node]) -> list[nodes.Node]:
    """A short text in both languages, with the separator between them."""
    bar = nodes.inline(" | ", " | ", classes=[SEPARATOR_CLASS])
    return [half("zh", zh), bar, half("en", en)]


def twin_texts(zh: str, en: str) -> list[nodes.Node]:
    """Plain strings as twins."""
    return twins([nodes.Text(zh)], [nodes.Text(en)])


def prose(node: nodes.Node, *, also_marked: bool = True) -> str:
    """The words of a node: its text without math, code, references and pasted values.

    Args:
        node: Any node.
        also_marked: Whether text in marked halves (``zh``, ``en``) counts too.
    """
    if isinstance(node, nodes.Text):
        return node.astext()
    if isinstance(node, SHARED) or is_pasted(node) or NEUTRAL in classes(node):
        return ""
    if isinstance(node, addnodes.pending_xref) and not node.get("refexplicit"):
        return ""
    if SEPARATOR_CLASS in classes(node) and not also_marked:
        return ""
    return " ".join(
        prose(child, also_marked=also_marked)
        for child in node.children
        if also_marked or not mark_of(child)
    )


Parts = tuple[list[nodes.Node], list[nodes.Node]]


def cut(children: Sequence[nodes.Node]) -> Parts | None:
    """Cut inline nodes at their one separator, also inside bold, emphasis or a link."""
    found: list[tuple[int, Parts]] = []
    for at, child in enumerate(children):
        if isinstance(child, nodes.Text):
            pieces = SEPARATOR.split(child.astext())
            if len(pieces) > 2:
                return None
            if len(pieces) == 2:
                left, right = ([nodes.Text(p)] if p else [] for p in pieces)
                found.append((at, (left, right)))
        elif isinstance(child, CUTTABLE) and not mark_of(child):
            if SEPARATOR_CLASS in classes(child):
                return None
            inside = cut(child.children)
            if inside:
                shells = (child.copy(), child.copy())
                for shell, part in zip(shells, inside, strict=True):
                    shell.extend(part)
                found.append((at, ([shells[0]], [shells[1]])))
    if len(found) != 1:
        return None
    at, (left, right) = found[0]
    return [*children[:at], *left], [*right, *children[at + 1 :]]


def text_with_code(children: Sequence[nodes.Node]) -> str:
    """Text with ``#`` in place of math and code, to see whether its brackets close."""
    return "".join(
        "#"
        if isinstance(child, SHARED) or is_pasted(child)
        else child.astext()
        if not child.children
        else text_with_code(child.children)
        for child in children
    )


def split(node: nodes.Element) -> tuple[nodes.inline, nodes.inline] | None:
    """Turn ``中文 | English`` in a text element into two marked halves; returns them."""
    parts = cut(node.children)
    if parts is None:
        return None
    zh, en = (" ".join(map(prose, part)) for part in parts)
    whole = [text_with_code(part).strip() for part in parts]
    if not HAN.search(zh) or HAN.search(en) or not all(map(balanced, whole)):
        return None
    if not all(whole):
        return None
    node.children = []
    node.extend(twins(*parts))
    return node.children[0], node.children[2]


def drop(tree: nodes.Element, other: str) -> None:
    """Remove every block and half in the language ``other``, and the separators."""
    for node in list(tree.findall(nodes.Element)):
        gone = other in node["classes"] or SEPARATOR_CLASS in node["classes"]
        if gone and node.parent is not None:
            node.parent.remove(node)
