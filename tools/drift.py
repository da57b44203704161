"""Which twin did a change forget?

    python tools/drift.py [BOOK] [--base REVISION]

Compares the Markdown sources of BOOK as they are now with those of the merge base, reads
the twins of both from the sources (no build needed), and names every pair of which one
half has new words and the other has not. Changes in punctuation, space or case count for
nothing; a pair that is new, gone or moved is no fault.

Where only one half needed the change, say so in a commit message since the base::

    One-sided: mlp/perceptron.md:34 the English said "weigths"

The line number is that of the twin left as it was; without one, the whole page is let
through. Exit status: 0 nothing forgotten, 1 forgotten twins, 2 no comparison possible.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "book" / "_ext"))

from bilingual.texts import halves, script_of

CODE_DIRECTIVES = ("code-cell", "code-block", "code", "math", "literalinclude", "raw")
FENCE = re.compile(r"^\s*(`{3,}|~{3,}|:{3,})\s*(.*)$")
DIRECTIVE = re.compile(r"\{([\w:+-]+)\}\s*(.*)$")
OPTION = re.compile(r"^:[\w-]+:(?:\s|$)")
MARK = re.compile(r"^\{\.(\w+)\}$")
LABEL = re.compile(r"^\([\w:.-]+\)=$")
ITEM = re.compile(r"^(\s*(?:[-*+]|\d+[.)])\s+)(?:\[[ x]\]\s+)?")
HEADING = re.compile(r"^#{1,6}\s+")
ONE_SIDED = re.compile(r"^One-sided:\s*(\S+?)(?::(\d+))?(?:\s|$)", re.MULTILINE)
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


def blocks(source: str) -> Iterator[Block]:
    r"""The prose of a Markdown source, block by block; code and equations are left out.

    Example:
        >>> [b.text for b in blocks("# 甲 | A\n\n乙。\n\n```python\nx\n```\n\nB.")]
        ['甲 | A', '乙。', 'B.']
    """
    lines = source.splitlines()
    at = 0
    if lines and lines[0].strip() == "---":  # front matter
        at = next((n for n, x in enumerate(lines[1:], 1) if x.strip() == "---"), 0) + 1
    waiting: list[str] = []
    start, kind, literal, equation = 0, "paragraph", "", False
    caption = -1  # indentation of the `caption:` of a cell that we are in

    def done() -> Iterator[Block]:
        nonlocal waiting, kind
        if waiting:
            yield Block(start, "\n".join(waiting), kind)
        waiting, kind = [], "paragraph"

    for number, line in enumerate(lines[at:], at + 1):
        bare = line.strip().lstrip("> ").strip()
        fence = FENCE.match(line.lstrip("> "))
        if literal:
            indent = len(line) - len(line.lstrip())
            if caption >= 0 and bare and indent <= caption:
                caption = -1
                yield from done()
            if fence and fence[1].startswith(literal) and not fence[2]:
                literal = ""
            elif caption >= 0 and bare:
                start = start if waiting else number
                waiting.append(bare)
            elif caption >= 0:
                yield from done()
            elif re.match(r"caption:\s*[|>]", bare):
                caption = indent
            elif caption_line(bare):
                yield Block(number, caption_line(bare), "caption")
            continue
        if equation:
            equation = not bare.startswith("$$") and not bare.endswith("$$")
            continue
        if fence:
            yield from done()
            directive = DIRECTIVE.match(fence[2])
            if directive and directive[2] and directive[1] not in CODE_DIRECTIVES:
                yield Block(number, directive[2], "title")
            code = directive[1] in CODE_DIRECTIVES if directive else fence[1][0] != ":"
            literal = fence[1] if code and (fence[2] or not literal) else ""
            continue
        if bare.startswith("$$"):
            yield from done()
            equation = bare.count("$$") == 1
            continue
        if not bare or MARK.match(bare) or LABEL.match(bare) or OPTION.match(bare):
            yield from done()
            if OPTION.match(bare) and halves(bare.partition(": ")[2]):
                yield Block(number, bare.partition(": ")[2], "option")
            continue
        if bare.startswith(("% ", "+++", "<")) or set(bare) <= set("|-: "):
            yield from done()
            continue
        if HEADING.match(bare):
            yield from done()
            yield Block(number, HEADING.sub("", bare), "heading")
            continue
        if bare.startswith("|"):
            yield from done()
            for cell in re.split(r"(?<!\\)\|", bare)[1:-1]:
                yield Block(number, cell.replace("\\|", "|").strip(), "cell")
            continue
        item = ITEM.match(line)
        if item:
            yield from done()
            kind, bare = "item", line[item.end() :].strip()
        elif re.match(r"\[\^[^]]+\]:\s", bare):  # a footnote
            yield from done()
            bare = bare.partition(":")[2].strip()
        if not waiting:
            start = number
        waiting.append(bare)
    yield from done()


def caption_line(line: str) -> str:
    """The caption or alt text in the options of a code cell, where it has two halves."""
    match = re.match(r"(?:caption|alt|:caption:):?\s+(.*)$", line)
    text = match[1] if match else ""
    return text if halves(text) else ""


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


def essence(text: str) -> str:
    """What must change for a change to count: letters and digits."""
    return re.sub(r"[\W_]+", "", text).lower()


def forgotten(before: Iterable[Pair], after: Iterable[Pair]) -> list[tuple[Pair, str]]:
    """Pairs of which one half changed, with the language of the half that did not."""

    def key(pair: Pair) -> tuple[str, str]:
        return essence(pair.zh), essence(pair.en)

    before, after = list(before), list(after)
    gone = Counter(map(key, before)) - Counter(map(key, after))
    new = Counter(map(key, after)) - Counter(map(key, before))
    found = []
    for pair in after:
        zh, en = key(pair)
        if not new[zh, en]:
            continue
        new[zh, en] -= 1
        for old_zh, old_en in list(gone):
            if (old_zh == zh) == (old_en == en) or not gone[old_zh, old_en]:
                continue
            gone[old_zh, old_en] -= 1
            found.append((pair, "zh" if old_zh == zh else "en"))
            break
    return found


# --- git -----------------------------------------------------------------------------
def git(book: Path, *arguments: str) -> str:
    """Output of a git command, run in the book's folder."""
    done = subprocess.run(
        ["git", "-c", "core.quotepath=false", *arguments],
        cwd=book,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if done.returncode:
        raise LookupError(done.stderr.strip() or f"git {' '.join(arguments)} failed")
    return done.stdout


def merge_base(book: Path, base: str | None) -> str:
    """The revision to compare with: where we left ``base``, else the main branch.

    On the main branch itself that is the last commit while something is uncommitted, and
    the one before it otherwise.
    """
    if base:
        return git(book, "merge-base", base, "HEAD").strip()
    head = git(book, "rev-parse", "HEAD").strip()
    for name in ("origin/HEAD", "origin/main", "main", "HEAD~1"):
        try:
            found = git(book, "merge-base", name, "HEAD").strip()
        except LookupError:
            continue
        if found != head or uncommitted(book):
            return found
    return head


def uncommitted(book: Path) -> bool:
    """Whether a page differs from the last commit."""
    return bool(git(book, "status", "--porcelain", "--", "*.md").strip())


def pages_at(book: Path, revision: str) -> dict[str, str]:
    """The Markdown sources of the book at a revision, by path."""
    names = git(book, "ls-tree", "-r", "--name-only", revision, "--", ".").splitlines()
    return {
        name: git(book, "show", f"{revision}:./{name}")
        for name in names
        if name.endswith(".md") and not hidden(name)
    }


def pages_now(book: Path) -> dict[str, str]:
    """The Markdown sources as they are in the folder."""
    names = (path.relative_to(book).as_posix() for path in book.rglob("*.md"))
    return {n: (book / n).read_text("utf-8") for n in sorted(names) if not hidden(n)}


def hidden(name: str) -> bool:
    """Whether a path lies in a folder such as `_build` or `.git`."""
    return any(part.startswith(("_", ".")) for part in name.split("/"))


def allowed(book: Path, base: str) -> tuple[set[str], set[tuple[str, int]]]:
    """Pages and lines that commit messages since the base let through."""
    marks = ONE_SIDED.findall(git(book, "log", "--format=%B", f"{base}..HEAD"))
    return (
        {page for page, line in marks if not line},
        {(page, int(line)) for page, line in marks if line},
    )


def check(book: Path, base: str | None = None) -> list[str]:
    """The forgotten twins, one line each: place, what it says, what changed."""
    revision = merge_base(book, base)
    old, now = pages_at(book, revision), pages_now(book)
    changed = {name for name in {*old, *now} if old.get(name) != now.get(name)}
    before = [p for n in sorted(changed & set(old)) for p in pairs(n, old[n])]
    after = [p for n in sorted(changed & set(now)) for p in pairs(n, now[n])]
    free_pages, free_lines = allowed(book, revision)
    told = []
    for pair, left in forgotten(before, after):
        line, other = pair.zh_line, pair.en_line
        if left == "en":
            line, other = other, line
        if pair.page in free_pages or (pair.page, line) in free_lines:
            continue
        names = {"zh": "Chinese", "en": "English"}
        text = " ".join((pair.zh if left == "zh" else pair.en).split())
        changed_name = names["en" if left == "zh" else "zh"]
        told.append(
            f"{book / pair.page}:{line}: the {changed_name} twin (line {other}) changed,"
            f" this {names[left]} one did not: {text[:40]}"
        )
    return told


def main(arguments: list[str] | None = None) -> int:
    """Run the check."""
    parser = argparse.ArgumentParser(description="Which twin did a change forget?")
    parser.add_argument("book", nargs="?", default="book", type=Path)
    parser.add_argument("--base", help="branch or revision to compare with")
    options = parser.parse_args(arguments)
    try:
        git(options.book, "rev-parse", "--show-toplevel")
    except (LookupError, FileNotFoundError) as error:
        print(f"drift: skipped, no history to compare with ({error})", file=sys.stderr)
        return 0
    try:
        told = check(options.book, options.base)
    except LookupError as error:
        print(f"drift: cannot compare: {error}", file=sys.stderr)
        return 2
    for line in told:
        print(line)
    if told:
        print(
            f"{len(told)} twins forgotten. Change them too; or, if one half alone needed"
            " it, write `One-sided: PAGE:LINE why` in the commit message.",
        )
    return bool(told)


if __name__ == "__main__":
    sys.exit(main())
