"""Which twin did a change forget?

    python tools/drift.py [BOOK] [--base REVISION] [--message FILE]

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
from collections.abc import Iterable
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "book" / "_ext"))

from twins import Pair, pairs

ONE_SIDED = re.compile(r"^One-sided:\s*(\S+?)(?::(\d+))?(?:\s|$)", re.MULTILINE)


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


def allowed(
    book: Path, base: str, message: str = ""
) -> tuple[set[str], set[tuple[str, int]]]:
    """Pages and lines that commit messages since the base, and this one, let through.

    A page may be named as in the book or as we print it, with the book's folder.
    """
    written = git(book, "log", "--format=%B", f"{base}..HEAD") + f"\n{message}"
    marks = [(named(book, page), line) for page, line in ONE_SIDED.findall(written)]
    return (
        {page for page, line in marks if not line},
        {(page, int(line)) for page, line in marks if line},
    )


def named(book: Path, page: str) -> str:
    """A page's name in the book."""
    return page if (book / page).exists() else page.removeprefix(f"{book.as_posix()}/")


def check(book: Path, base: str | None = None, message: str = "") -> list[str]:
    """The forgotten twins, one line each: place, what it says, what changed."""
    revision = merge_base(book, base)
    old, now = pages_at(book, revision), pages_now(book)
    changed = {name for name in {*old, *now} if old.get(name) != now.get(name)}
    before = [p for n in sorted(changed & set(old)) for p in pairs(n, old[n])]
    after = [p for n in sorted(changed & set(now)) for p in pairs(n, now[n])]
    free_pages, free_lines = allowed(book, revision, message)
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
    parser.add_argument(
        "--message", type=Path, help="file with the message of the commit to be"
    )
    options = parser.parse_args(arguments)
    message = options.message.read_text("utf-8") if options.message else ""
    try:
        git(options.book, "rev-parse", "--show-toplevel")
    except (LookupError, FileNotFoundError) as error:
        print(f"drift: skipped, no history to compare with ({error})", file=sys.stderr)
        return 0
    try:
        told = check(options.book, options.base, message)
    except LookupError as error:
        print(f"drift: cannot compare: {error}", file=sys.stderr)
        return 2
    for line in told:
        print(line)
    if told:
        print(
            f"Forgotten twins: {len(told)}. Change them too; or, if one half alone needed"
            " it, write a line `One-sided: PAGE:LINE why` in the commit message.",
        )
    return bool(told)


if __name__ == "__main__":
    sys.exit(main())
