"""Look at the PDFs as a reader would, and at what XeLaTeX said: `check_pdf.py [EDITION …]`.

No character without a glyph, no reference without its aim, no line more than 5 points too
wide; title, language, bookmarks, links; text that can be searched; and of every page of
the site every heading, numbered equation, figure, table, listing and paragraph. Exit
status 1 and a list of the faults otherwise.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import unicodedata
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from bs4 import BeautifulSoup, Tag

ROOT = Path(__file__).resolve().parents[1]
PDFS = ROOT / "book" / "_build" / "pdf"
SITE = ROOT / "book" / "_build" / "html"

TOO_WIDE = 5.0  # points
LANGUAGES = {"zh": ("zh",), "en": ("en",), "both": ("zh", "en"), "phone": ("zh",)}
CODES = {"zh": "zh-CN", "en": "en", "both": "zh-CN", "phone": "zh-CN"}
# What lies between running head and page number, in points: x, y, width, height.
BODY = {"a4": (0, 68, 595, 712), "phone": (0, 25, 256, 405)}
WORDS = {
    "figure": {"zh": "图", "en": "Fig."},
    "table": {"zh": "表", "en": "Table"},
    "listing": {"zh": "代码", "en": "Listing"},
}
PREFACE = {"zh": "前言", "en": "Preface"}
SAMPLE = 24  # characters of a paragraph that are looked for


# ------------------------------------------------------------------------------ the log
def log_faults(log: str) -> list[str]:
    r"""What XeLaTeX complained of in its last run.

    Example:
        >>> log_faults("Overfull \\hbox (5.1pt too wide) in paragraph at lines 3--4")
        ['a line is 5.1 pt too wide or high: hbox in paragraph at lines 3--4']
    """
    flat = re.sub(r"(?<=.{79})\n", "", log)  # TeX breaks its lines at 79
    faults = sorted(
        {
            f"no glyph: {m[1]}"
            for m in re.finditer(r"Missing character: (.*?)!?\n", flat)
        }
    )
    faults += sorted(
        {
            f"undefined: {m[0]}"
            for m in re.finditer(
                r"(?:Reference|Citation|Hyper reference) [`'][^']*'[^\n]*undefined",
                flat,
            )
        }
    )
    for kind, points, where in re.findall(
        r"^Overfull \\([hv]box) \(([\d.]+)pt too (?:wide|high)\) ?([^\n]*)", log, re.M
    ):
        if float(points) > TOO_WIDE:
            faults.append(f"a line is {points} pt too wide or high: {kind} {where}")
    return faults


# ------------------------------------------------------------------------------ the PDF
def objects_of(pdf: bytes) -> str:
    """The objects of a PDF as text, those in compressed streams too."""
    parts = [pdf.decode("latin-1")]
    for match in re.finditer(rb"/Type\s*/ObjStm.*?stream\r?\n", pdf, re.S):
        start = match.end()
        end = pdf.find(b"endstream", start)
        try:
            parts.append(
                zlib.decompressobj().decompress(pdf[start:end]).decode("latin-1")
            )
        except zlib.error:
            continue
    return "\n".join(parts)


def pdf_string(raw: str) -> str:
    """A string of a PDF, in brackets or in hexadecimal.

    Example:
        >>> pdf_string("<feff8bba>"), pdf_string("(en)")
        ('论', 'en')
    """
    if raw.startswith("<"):
        data = bytes.fromhex(re.sub(r"\s", "", raw[1:-1]))
    else:
        inside = re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), raw[1:-1])
        data = re.sub(r"\\(.)", r"\1", inside, flags=re.S).encode("latin-1")
    if data[:2] == b"\xfe\xff":
        return data[2:].decode("utf-16-be", "replace")
    return data.decode("latin-1")


STRING = r"(<[0-9a-fA-F\s]*>|\((?:\\.|[^\\()])*\))"


@dataclass
class Read:
    """What is found in a PDF."""

    title: str = ""
    language: str = ""
    bookmarks: list[str] = field(default_factory=list)
    outside_links: list[str] = field(default_factory=list)
    inside_links: int = 0
    pages: list[str] = field(default_factory=list)
    """The text of each page in lines as printed, without head and foot."""
    pages_as_set: list[str] = field(default_factory=list)
    """The same in the order of typesetting: the cells of a table one after the other."""


def read_pdf(path: Path, body: tuple[int, int, int, int]) -> Read:
    """Read a PDF with poppler, and its objects by ourselves."""
    objects = objects_of(path.read_bytes())
    info = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True)
    title = re.search(r"^Title:\s*(.*)$", info.stdout, re.M)
    lang = re.search(rf"/Lang\s*{STRING}", objects)
    crop = [f"-{n}" if i % 2 == 0 else str(n) for i, n in enumerate(zip_crop(body))]
    text, as_set = (
        subprocess.run(
            ["pdftotext", *crop, *order, path, "-"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for order in ([], ["-raw"])
    )
    outlines = re.findall(rf"/Title\s*{STRING}", objects)
    return Read(
        title=title[1].strip() if title else "",
        language=pdf_string(lang[1]) if lang else "",
        bookmarks=[pdf_string(raw) for raw in outlines],
        outside_links=[pdf_string(r) for r in re.findall(rf"/URI\s*{STRING}", objects)],
        inside_links=len(re.findall(r"/S\s*/GoTo", objects)),
        pages=text.split("\f"),
        pages_as_set=as_set.split("\f"),
    )


def zip_crop(body: tuple[int, int, int, int]) -> list[object]:
    """Names and values of the options by which `pdftotext` crops."""
    return [part for pair in zip("xyWH", body, strict=True) for part in pair]


def bare(text: str) -> str:
    """Letters, digits and Chinese characters alone: what no typesetting changes.

    Example:
        >>> bare("多层 感知机（MLP）—— ﬁt")
        '多层感知机MLPfit'
    """
    return re.sub(r"[^\w]|_", "", unicodedata.normalize("NFKC", text))


# ----------------------------------------------------------------------------- the site
@dataclass
class Page:
    """What a page of the site shows, in one language."""

    headings: list[list[str]] = field(default_factory=list)
    """Each as the pieces between its formulas."""
    equations: list[str] = field(default_factory=list)
    numbers: dict[str, list[str]] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    """定理 3.1, 练习 3.2 …: what has its number in its title."""
    paragraphs: list[str] = field(default_factory=list)


def in_language(tag: Tag, lang: str) -> Tag:
    """A copy with one language, without what is not read."""
    copy = BeautifulSoup(str(tag), "html.parser")
    other = "en" if lang == "zh" else "zh"
    away = f".{other}, .bi-sep, .headerlink, .section-number, .bi-number, script"
    for node in copy.select(away):
        node.decompose()
    return copy


def read_page(html: str, lang: str) -> Page:
    """What the article of a page shows."""
    article = BeautifulSoup(html, "html.parser").find("article")
    page = Page()
    if article is None:
        return page
    for heading in article.find_all(re.compile(r"^h[1-6]$")):
        copy = in_language(heading, lang)
        for formula in copy.find_all(["math", "code"]):
            formula.replace_with("\0")
        pieces = [bare(piece) for piece in copy.get_text().split("\0")]
        page.headings.append([piece for piece in pieces if piece])
    page.equations = [
        match[1]
        for eqno in article.select(".eqno")
        if (match := re.search(r"\(([\d.]+)\)", eqno.get_text()))
    ]
    for kind, words in WORDS.items():
        page.numbers[kind] = []
        for number in article.select(".caption-number"):
            match = re.match(rf"{words['zh']} ([\d.]+)", number.get_text().strip())
            if match:
                page.numbers[kind].append(match[1])
    captions = {word for words in WORDS.values() for word in words.values()}
    for number in article.select(f".{lang} .caption-number"):
        name = " ".join(number.get_text().split())
        if name[-1:].isdigit() and name.partition(" ")[0] not in captions:
            page.names.append(name)
    for paragraph in article.find_all("p"):
        around = [paragraph, *paragraph.parents]
        classes = {name for tag in around for name in tag.get("class") or ()}
        if {"en", "zh"} & classes and lang not in classes:
            continue
        if {"admonition-title", "rubric", "fig"} & classes or paragraph.find(
            ["math", "code", "a", "svg", "img"]
        ):
            continue
        text = bare(in_language(paragraph, lang).get_text())
        if len(text) >= SAMPLE:
            page.paragraphs.append(text[:SAMPLE])
    return page


def site_pages(site: Path) -> list[str]:
    """The pages of the site in reading order, as its contents list them."""
    soup = BeautifulSoup((site / "index.html").read_text("utf-8"), "html.parser")
    links = [
        a.get("href", "") for a in soup.select("nav.bd-links a.reference.internal")
    ]
    names = [link.partition("#")[0] for link in links]
    return ["index.html", *dict.fromkeys(n for n in names if n and n != "#")]


# --------------------------------------------------------------------------- comparison
def pdf_numbers(text: str, kind: str, lang: str) -> set[str]:
    """The numbers of figures, tables … at the beginning of a caption."""
    word = re.escape(WORDS[kind][lang])
    return set(re.findall(rf"^\s*{word}\s*(\d+\.\d+)\s*[:：]", text, re.M))


def compare(name: str, page: Page, text: str, squeezed: str, lang: str) -> list[str]:
    """What of a page of the site is not in the PDF."""
    faults, at = [], 0
    for heading in page.headings[name == "index.html" :]:  # its title is on the cover
        for piece in heading:
            found = squeezed.find(piece, at)
            if found < 0 and piece not in squeezed:
                faults.append(f"{name}: heading not in the PDF: {piece}")
            elif found >= 0:
                at = found
    for number in page.equations:
        if not re.search(rf"\({re.escape(number)}\)\s*$", text, re.M):
            faults.append(f"{name}: no equation ({number}) in the PDF")
    for kind, numbers in page.numbers.items():
        for number in sorted(set(numbers) - pdf_numbers(text, kind, lang)):
            faults.append(f"{name}: {kind} {number} is not in the PDF")
    for title in page.names:
        if not re.search(
            re.escape(title).replace(r"\ ", r"\s*") + r"(?![\d.]*\d)", text
        ):
            faults.append(f"{name}: {title} is not in the PDF")
    lost = [p for p in page.paragraphs if p not in squeezed and p[:12] not in squeezed]
    faults += [f"{name}: paragraph not in the PDF: {p} …" for p in lost]
    return faults


def check_edition(
    edition: str, path: Path, log: Path, site: Path | None, left_out: set[str]
) -> list[str]:
    """Everything that is wrong with a PDF."""
    faults = log_faults(log.read_text("utf-8", "replace")) if log.exists() else []
    if not log.exists():
        faults.append(f"no log of XeLaTeX: {log}")
    read = read_pdf(path, BODY["phone" if edition == "phone" else "a4"])
    lang = LANGUAGES[edition][0]
    if not read.title or "D2L" not in read.title:
        faults.append(f"the title is {read.title!r}")
    if read.language != CODES[edition]:
        faults.append(f"the language is {read.language!r}, not {CODES[edition]!r}")
    if not any(PREFACE[lang] in mark for mark in read.bookmarks):
        faults.append(f"no bookmark {PREFACE[lang]!r} among {len(read.bookmarks)}")
    if not read.inside_links or not read.outside_links:
        faults.append("no links inside or to the outside")
    if broken := [link for link in read.outside_links if "&amp;" in link]:
        faults.append(f"addresses with &amp;: {broken[:3]}")
    if "??" in "".join(read.pages):
        faults.append("the text has ??, a reference without aim")
    starts = (n for n, t in enumerate(read.pages) if bare(t).startswith(PREFACE[lang]))
    start = next(starts, 0)
    text = "\n".join(read.pages[start:])
    squeezed = bare("\n".join(read.pages_as_set[start:]))
    if site is None:
        return faults
    seen: dict[str, set[str]] = {kind: set() for kind in WORDS}
    for name in site_pages(site):
        if name in left_out:
            continue
        html = (site / name).read_text("utf-8")
        for language in LANGUAGES[edition]:
            page = read_page(html, language)
            # A caption in both languages has its number in front of the first.
            faults += compare(name, page, text, squeezed, lang)
            for kind, numbers in page.numbers.items():
                seen[kind] |= set(numbers)
    for kind, numbers in seen.items():
        for number in sorted(pdf_numbers(text, kind, lang) - numbers):
            faults.append(f"{kind} {number} is in the PDF but not on the site")
    return list(dict.fromkeys(faults))


def main(arguments: list[str] | None = None) -> int:
    """Check the editions that are there, or those asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("editions", nargs="*", metavar="EDITION")
    parser.add_argument("--pdfs", type=Path, default=PDFS)
    parser.add_argument(
        "--work", type=Path, help="where XeLaTeX ran; default PDFS/work"
    )
    parser.add_argument("--site", type=Path, default=SITE)
    parser.add_argument("--no-site", action="store_true", help="compare with no site")
    given = parser.parse_args(arguments)
    record = given.pdfs / "pdf.json"
    if not record.exists():
        parser.error(f"no PDFs in {given.pdfs}: run `make pdf` first")
    made = json.loads(record.read_text("utf-8"))
    work = given.work or given.pdfs / "work"
    if not given.no_site and not (given.site / "index.html").exists():
        parser.error(f"no site in {given.site}: run `make html` first")
    count = 0
    for edition in given.editions or made:
        if edition not in made:
            parser.error(f"no edition {edition!r} in {record}")
        faults = check_edition(
            edition,
            given.pdfs / made[edition]["file"],
            work / edition / "_build" / "latex" / "d2l-notes-3.log",
            None if given.no_site else given.site,
            set(),
        )
        count += len(faults)
        print(
            f"{made[edition]['file']}: {made[edition]['pages']} pages, "
            f"{len(faults) or 'no'} faults"
        )
        for fault in faults:
            print(f"  {fault}")
    return bool(count)


if __name__ == "__main__":
    sys.exit(main())
