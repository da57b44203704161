"""The written site: style sheets and fonts made slim, what nothing asks for removed."""

from __future__ import annotations

import pickle
import posixpath
import re
from hashlib import sha256
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging

from .fonts import FACE, readable, shown, subset_font, with_source
from .joined import STATIC
from .styles import slim_styles
from .words import Words, words_of

logger = logging.getLogger(__name__)

LATER = "*.solutions.js"  # what pages bring when it is asked for (`_ext/solutions`)
COPIES = "_sphinx_design_static"  # sphinx-design leaves its files twice
ASKED = re.compile(r'\b(?:href|src|content|data-[\w-]+)="([^"?#]+)')
INLINE = re.compile(r"<script[^>]*>(.+?)</script>", re.DOTALL)
STYLE = re.compile(rf'("(?:\.\./)*({STATIC}/[^"?]+\.css))(?:\?[^"]*)?"')


def asked_by(pages: dict[Path, str]) -> set[str]:
    """The names of the files that pages ask for or link to."""
    return {
        posixpath.basename(address)
        for text in pages.values()
        for address in set(ASKED.findall(text))
    }


def slim_fonts(root: Path, sheets: dict[str, str], characters: set[str]) -> None:
    """Put each font that a style sheet names into it, with these characters alone."""
    wanted = shown(characters, "".join(sheets.values()))
    for name, css in sheets.items():
        for face in FACE.findall(css):
            address = readable(face)
            if address is None:
                continue
            file = root / posixpath.dirname(name) / address
            data = subset_font(file.read_bytes(), wanted)
            css = css.replace(face, with_source(face, data))
        sheets[name] = css


def made_slim(root: Path, names: list[str], words: Words, memory: Path) -> dict:
    """File -> its slim content; remembered until files, words or this package change."""
    sheets = {name: (root / name).read_text("utf-8") for name in names}
    words.prefixes = tuple(sorted(words.prefixes))
    own = [
        code.read_text("utf-8") for code in sorted(Path(__file__).parent.glob("*.py"))
    ]
    said = map(sorted, (words.names, words.variables, words.characters))
    state = [own, sheets, *said]
    key = sha256(repr([*state, words.prefixes]).encode()).hexdigest()
    if memory.exists():
        known, files = pickle.loads(memory.read_bytes())
        if known == key:
            return files
    slimmed = slim_styles(sheets, words)
    slim_fonts(root, slimmed, words.characters)
    files = {name: css.encode() for name, css in slimmed.items()}
    memory.write_bytes(pickle.dumps((key, files)))
    return files


def remove_unasked(root: Path, asked: set[str]) -> None:
    """Take out files of extensions and themes that no page, style or script names."""
    files = [f for d in (STATIC, COPIES) for f in (root / d).rglob("*") if f.is_file()]
    kept = {file for file in files if file.name in asked and COPIES not in file.parts}
    while True:
        texts = "".join(
            f.read_text("utf-8") for f in kept if f.suffix in (".css", ".js", ".svg")
        )
        texts = re.sub(r"sourceMappingURL=\S+", "", texts)
        more = {f for f in files if f.name in texts and COPIES not in f.parts} - kept
        if not more:
            break
        kept |= more
    for file in set(files) - kept:
        file.unlink()
    folders = [d for d in (root / STATIC).rglob("*") if d.is_dir()]
    for folder in sorted([*folders, root / COPIES], reverse=True):
        if folder.exists() and not any(folder.iterdir()):
            folder.rmdir()


def slim(app: Sphinx, exception: Exception | None) -> None:
    """Go through the site once it is complete."""
    if exception or app.builder.name != "html":
        return
    root = Path(app.outdir)
    pages = {
        path: path.read_text("utf-8")
        for path in root.rglob("*.html")
        if not path.relative_to(root).parts[0].startswith("_")
    }
    asked = asked_by(pages)
    static = [f for f in (root / STATIC).rglob("*") if f.is_file() and f.name in asked]
    names = {f.relative_to(root).as_posix(): f for f in static}
    scripts = {f.read_text("utf-8") for f in static if f.suffix == ".js"}
    scripts |= {script for text in pages.values() for script in INLINE.findall(text)}
    later = [path.read_text("utf-8") for path in root.rglob(LATER)]
    words = words_of([*pages.values(), *later], scripts)
    styles = sorted(name for name in names if name.endswith(".css"))
    files = made_slim(root, styles, words, Path(app.doctreedir) / "light.pickle")
    for name, data in files.items():
        (root / name).write_bytes(data)
    remove_unasked(root, asked)

    def address(match: re.Match[str]) -> str:
        data = files.get(match[2])
        version = f"?v={sha256(data).hexdigest()[:8]}" if data else ""
        return f'{match[1]}{version}"'

    for path, text in pages.items():
        versioned = STYLE.sub(address, text)
        if versioned != text:
            path.write_text(versioned, "utf-8")
    logger.info("light: %d style sheets made slim", len(files))
