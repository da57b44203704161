"""What twins must share, whatever the words: math, code, references, links, values."""

from __future__ import annotations

import re
from collections import Counter

from docutils import nodes
from sphinx import addnodes

from .report import Fault, Reporter
from .texts import HAN, count_han, half_width, number_differences, words
from .trees import LOOSE, ancestors, classes, is_pasted, prose

# A text of this many Chinese characters is long enough for its length to mean something.
LONG = 30
WORDS_PER_CHARACTER = (0.25, 1.6)


def contents(node: nodes.Node) -> Counter[str]:
    """Everything in a block that its twin must have too, each by a name to show."""
    found: Counter[str] = Counter()

    def visit(node: nodes.Node) -> None:
        if isinstance(node, nodes.Text):
            return
        if isinstance(node, (nodes.math, nodes.math_block)):
            found[f"math ${' '.join(node.astext().split())}$"] += 1
        elif isinstance(node, (nodes.literal, nodes.literal_block)):
            found[f"code `{node.astext()}`"] += 1
        elif isinstance(node, addnodes.pending_xref):
            if node["reftype"] != "term":
                found[f"{role_of(node)}`{node['reftarget']}`"] += 1
        elif isinstance(node, nodes.footnote_reference):
            found[f"footnote [^{node.get('refname') or node.astext()}]"] += 1
        elif isinstance(node, nodes.image):
            found[f"image {node.get('uri')}"] += 1
        elif is_pasted(node):
            found[f"glued value {node.astext()}"] += 1
        elif type(node).__name__ == "PendingGlueReference":
            found[f"glued value {node.get('key', '')}"] += 1
        else:
            if isinstance(node, nodes.reference) and node.get("refuri"):
                found[f"link <{node['refuri']}>"] += 1
            if isinstance(node, (nodes.list_item, nodes.row)):
                found[node.tagname.replace("_", " ")] += 1
            for child in node.children:
                visit(child)

    visit(node)
    return found


def role_of(node: addnodes.pending_xref) -> str:
    """The role as its author wrote it, nearly."""
    domain = node.get("refdomain")
    plain = domain in (None, "", "std", "math")
    return f"{{{node['reftype']}}}" if plain else f"{{{domain}:{node['reftype']}}}"


def terms(node: nodes.Node) -> list[str]:
    """Glossary terms that a block links to."""
    links = node.findall(addnodes.pending_xref)
    return [link["reftarget"] for link in links if link["reftype"] == "term"]


def listed(items: Counter[str]) -> str:
    """``3 × a, b``."""
    names = (f"{n} × {name}" if n > 1 else name for name, n in items.items())
    return ", ".join(names) or "nothing more"


def is_loose(*twins: nodes.Element) -> bool:
    """Whether one of the twins is marked ``{.loose}``, around it or inside it."""
    return any(
        LOOSE in classes(node)
        for twin in twins
        for node in [*ancestors(twin), *twin.findall(nodes.Element)]
    )


def compare(
    reporter: Reporter,
    zh: nodes.Element,
    en: nodes.Element,
    at: nodes.Node | None = None,
) -> None:
    """Note every difference between twins, at the English one unless ``at`` says else."""
    if wrong := half_width(prose(zh)):
        reporter.note(
            zh if at is None else at,
            Fault.PUNCTUATION,
            f"half-width punctuation in Chinese: {' '.join(wrong)} (write ，。；：？！)",
        )
    at = en if at is None else at
    left, right = contents(zh), contents(en)
    if left != right:
        reporter.note(
            at,
            Fault.DIFFERENT,
            f"twins differ: only Chinese has {listed(left - right)};"
            f" only English has {listed(right - left)}",
        )
    if terms(zh) or terms(en):
        reporter.terms(at, terms(zh), terms(en))
    compare_words(reporter, prose(zh), prose(en), at, loose=is_loose(zh, en))


def compare_words(
    reporter: Reporter, zh: str, en: str, at: nodes.Node, *, loose: bool
) -> None:
    """Note wrong language, other numbers, other length."""
    han, latin = count_han(zh), len(words(en))
    if HAN.search(en):
        left_over = "".join(re.findall(r"[\u3000-\u303f\u3400-\u9fff]+", en))[:16]
        reporter.note(
            at,
            Fault.LANGUAGE,
            f"Chinese in the English twin: {left_over} (translate it, or mark a name"
            " that stays Chinese: [名字]{.neutral})",
        )
    if loose:
        return
    only = number_differences(zh, en)
    if any(only):
        reporter.note(
            at,
            Fault.NUMBER,
            f"twins differ in numbers: only Chinese has {', '.join(only[0]) or 'none'};"
            f" only English has {', '.join(only[1]) or 'none'} (mark the English twin"
            " {.loose} if that is right)",
        )
    low, high = WORDS_PER_CHARACTER
    if han >= LONG and not low <= latin / han <= high:
        reporter.note(
            at,
            Fault.LENGTH,
            f"twins of very different length: {han} characters, {latin} words"
            " (mark the English twin {.loose} if that is right)",
        )
