"""A style sheet without the rules that match nothing in the site.

A selector that asks for a class or an id that no page and no script names can never
match; what stands inside ``:not()``, ``:is()``, ``:has()`` is left out of this, to be
safe. Custom properties, animations and fonts that nothing mentions go as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .words import Words

PIECE = re.compile(
    r"""(?P<skip>/\*.*?\*/)
    | "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | url\([^"')]*\) | \\.
    | [{};,()\[\]] | [^{};,()\[\]"'/\\u]+ | .""",
    re.DOTALL | re.VERBOSE,
)
GROUP = re.compile(r"@(media|supports|layer|container)\b")
ATTRIBUTE = re.compile(r"\[(?:\"[^\"]*\"|'[^']*'|[^\]])*\]")
FUNCTION = re.compile(r":[\w-]+\([^()]*\)")
NAME = re.compile(r"[.#]((?:\\.|[\w-])+)")


def pieces(css: str) -> Iterator[str]:
    """The text in pieces of which strings, addresses and single brackets are each one."""
    return (m[0] for m in PIECE.finditer(css) if m["skip"] is None)


def statements(css: str) -> Iterator[tuple[str, str | None]]:
    """Top-level statements: what stands before the block, and the block or ``None``.

    Example:
        >>> list(statements('@import "a;b"; p{color:red}'))
        [('@import "a;b"', None), ('p', 'color:red')]
    """
    before: list[str] = []
    inside: list[str] = []
    depth = 0
    for piece in pieces(css):
        if piece == "}":
            depth -= 1
            if depth == 0:
                yield "".join(before).strip(), "".join(inside).strip()
                before, inside = [], []
                continue
        if depth:
            inside.append(piece)
        elif piece == ";":
            yield "".join(before).strip(), None
            before = []
        elif piece != "{":
            before.append(piece)
        depth += piece == "{"


def split(text: str, at: str) -> list[str]:
    """Split at a character outside brackets and strings.

    Example:
        >>> split(":is(a,b),c", ",")
        [':is(a,b)', 'c']
    """
    parts, depth = [""], 0
    for piece in pieces(text):
        depth += (piece in ("(", "[", "{")) - (piece in (")", "]", "}"))
        if piece == at and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece
    return [part.strip() for part in parts if part.strip()]


def can_match(selector: str, words: Words) -> bool:
    """Whether an element of the site may match.

    Example:
        >>> can_match("p.a:not(.b)", Words({"a"})), can_match(".a .b", Words({"a"}))
        (True, False)
    """
    plain, rest = "", ATTRIBUTE.sub("", selector)
    while plain != rest:
        plain, rest = rest, FUNCTION.sub("", rest)
    return all(words.has(re.sub(r"\\", "", name)) for name in NAME.findall(plain))


def matching(css: str, words: Words) -> str:
    """The rules that can match something."""
    kept = []
    for before, block in statements(css):
        if block is None:
            kept.append(f"{before};")
        elif GROUP.match(before):
            if inside := matching(block, words):
                kept.append(f"{before}{{{inside}}}")
        elif before.startswith("@"):
            kept.append(f"{before}{{{block}}}")
        else:
            selectors = [s for s in split(before, ",") if can_match(s, words)]
            if selectors and block:
                kept.append(f"{','.join(selectors)}{{{block}}}")
    return "\n".join(kept)


def without_unused_variables(css: str, used: set[str]) -> str:
    """Leave out custom properties that neither a ``var()`` nor the given names use."""
    kept = []
    for before, block in statements(css):
        if block is None:
            kept.append(f"{before};")
        elif GROUP.match(before):
            kept.append(f"{before}{{{without_unused_variables(block, used)}}}")
        elif "--" not in block:
            kept.append(f"{before}{{{block}}}")
        else:
            lines = [
                line
                for line in split(block, ";")
                if not line.startswith("--") or line.split(":")[0].strip() in used
            ]
            if lines:
                kept.append(f"{before}{{{';'.join(lines)}}}")
    return "\n".join(kept)


def mentioned(css: str) -> set[str]:
    """Custom properties that some value uses."""
    return set(re.findall(r"var\(\s*(--[\w-]+)", css))


def without_unmentioned(css: str, everything: str) -> str:
    """Leave out animations and fonts whose name stands nowhere else."""
    kept = []
    for before, block in statements(css):
        name = ""
        if before.startswith(("@keyframes", "@-webkit-keyframes")):
            name = before.split()[-1]
            uses = len(re.findall(rf"(?<![\w-]){re.escape(name)}(?![\w-])", everything))
            definitions = len(
                re.findall(rf"keyframes\s+{re.escape(name)}\b", everything)
            )
            if uses == definitions:
                continue
        elif before == "@font-face":
            family = re.search(r"font-family:\s*[\"']?([^;\"']+)", block or "")
            others = re.sub(r"@font-face\s*{[^}]*}", "", everything)
            if family and family[1].strip() not in others:
                continue
        kept.append(f"{before};" if block is None else f"{before}{{{block}}}")
    return "\n".join(kept)


def slim_styles(sheets: dict[str, str], words: Words) -> dict[str, str]:
    """All style sheets of the site, by name, with what can be of use.

    Example:
        >>> slim_styles({"a.css": ".b{--x:1} .a{--y:2;top:var(--y)}"}, Words({"a"}))
        {'a.css': '.a{--y:2;top:var(--y)}'}
    """
    slimmed = {name: matching(css, words) for name, css in sheets.items()}
    size = None
    while size != (size := sum(map(len, slimmed.values()))):
        used = words.variables | mentioned("".join(slimmed.values()))
        slimmed = {n: without_unused_variables(css, used) for n, css in slimmed.items()}
    everything = "".join(slimmed.values())
    return {n: without_unmentioned(css, everything) for n, css in slimmed.items()}
