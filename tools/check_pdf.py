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
import sys
from pathlib import Path

from make_pdf import EDITIONS, PDFS, latex_folder
from pdf_contents import Contents, read_pdf
from site_contents import WORDS, Page, bare, read_page, site_pages
from xelatex_log import log_faults

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "book" / "_build" / "html"

CODES = {"zh": "zh-CN", "en": "en"}
# What lies between running head and page number, in points: x, y, width, height.
BODY = {"a4": (0, 68, 595, 712), "phone": (0, 25, 256, 405)}
PREFACE = {"zh": "前言", "en": "Preface"}


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


def own_faults(pdf: Contents, lang: str) -> list[str]:
    """What is wrong with a PDF by itself; ``lang`` is its main language."""
    faults = []
    if "D2L" not in pdf.title:
        faults.append(f"the title is {pdf.title!r}")
    if pdf.language != CODES[lang]:
        faults.append(f"the language is {pdf.language!r}, not {CODES[lang]!r}")
    if not any(PREFACE[lang] in mark for mark in pdf.bookmarks):
        faults.append(f"no bookmark {PREFACE[lang]!r} among {len(pdf.bookmarks)}")
    if not pdf.inside_links or not pdf.outside_links:
        faults.append("no links inside or to the outside")
    if broken := [link for link in pdf.outside_links if "&amp;" in link]:
        faults.append(f"addresses with &amp;: {broken[:3]}")
    if "??" in "".join(pdf.pages):
        faults.append("the text has ??, a reference without aim")
    return faults


def differences(pdf: Contents, languages: tuple[str, ...], site: Path) -> list[str]:
    """What only the PDF or only the site has."""
    faults = []
    lang = languages[
        0
    ]  # a caption in both languages has its number in front of this one
    starts = (n for n, t in enumerate(pdf.pages) if bare(t).startswith(PREFACE[lang]))
    start = next(starts, 0)
    text = "\n".join(pdf.pages[start:])
    squeezed = bare("\n".join(pdf.pages_as_set[start:]))
    seen: dict[str, set[str]] = {kind: set() for kind in WORDS}
    for name in site_pages(site):
        html = (site / name).read_text("utf-8")
        for language in languages:
            page = read_page(html, language)
            faults += compare(name, page, text, squeezed, lang)
            for kind, numbers in page.numbers.items():
                seen[kind] |= set(numbers)
    for kind, numbers in seen.items():
        for number in sorted(pdf_numbers(text, kind, lang) - numbers):
            faults.append(f"{kind} {number} is in the PDF but not on the site")
    return faults


def check_edition(edition: str, path: Path, log: Path) -> list[str]:
    """Everything that is wrong with a PDF."""
    lang, page = EDITIONS[edition]
    languages = ("zh", "en") if lang == "both" else (lang,)
    if log.exists():
        faults = log_faults(log.read_text("utf-8", "replace"))
    else:
        faults = [f"no log of XeLaTeX: {log}"]
    pdf = read_pdf(path, BODY[page])
    faults += own_faults(pdf, languages[0]) + differences(pdf, languages, SITE)
    return list(dict.fromkeys(faults))


def main(arguments: list[str] | None = None) -> int:
    """Check the editions that are there, or those asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("editions", nargs="*", metavar="EDITION")
    given = parser.parse_args(arguments)
    record = PDFS / "pdf.json"
    if not record.exists():
        parser.error(f"no PDFs in {PDFS}: run `make pdf` first")
    if not (SITE / "index.html").exists():
        parser.error(f"no site in {SITE}: run `make html` first")
    made = json.loads(record.read_text("utf-8"))
    count = 0
    for edition in given.editions or made:
        if edition not in made:
            parser.error(f"no edition {edition!r} in {record}")
        row = made[edition]
        log = latex_folder(PDFS / "work" / edition) / "d2l-notes-3.log"
        faults = check_edition(edition, PDFS / row["file"], log)
        count += len(faults)
        print(f"{row['file']}: {row['pages']} pages, {len(faults) or 'no'} faults")
        for fault in faults:
            print(f"  {fault}")
    return bool(count)


if __name__ == "__main__":
    sys.exit(main())
