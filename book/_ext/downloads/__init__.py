"""The PDFs on the site: copied into it, offered on the cover page and in every header.

``{downloads}`` stands for the buttons. The PDFs are those that `make pdf` left; without
any the site offers none, and when they are older than the text the build and the page
say so. Delete this when Jupyter Book offers its own PDFs.
"""

from __future__ import annotations

import json
import shutil
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from bilingual.page import html_in_edition
from docutils import nodes
from download_menu import download_menu
from pdf.stamp import digest_of_text
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

logger = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"
MADE = "_build/pdf"  # where `make pdf` leaves them
FOLDER = "pdf"  # in the site
NAMES = {
    "zh": ("中文 PDF", "PDF in Chinese"),
    "en": ("英文 PDF", "PDF in English"),
    "both": ("双语 PDF", "PDF in both languages"),
    "phone": ("手机版 PDF（中文）", "PDF for the phone (Chinese)"),
}
OLD = ("这些 PDF 比网站的正文旧。", "These PDFs are older than the text of the site.")


class downloads(nodes.General, nodes.Element):
    """Stands for the buttons."""


class Downloads(SphinxDirective):
    """``{downloads}``: a button for each PDF."""

    def run(self) -> list[nodes.Node]:
        """Leave a placeholder: which PDFs there are is known when the page is written."""
        self.env.metadata[self.env.docname]["downloads"] = True
        return [downloads()]


def found(folder: Path) -> dict[str, dict[str, Any]]:
    """Edition -> what `make pdf` recorded of it, for the PDFs that are there."""
    record = folder / "pdf.json"
    if not record.exists():
        return {}
    made = json.loads(record.read_text("utf-8"))
    return {
        edition: made[edition]
        for edition in NAMES
        if edition in made and (folder / made[edition]["file"]).exists()
    }


def look(app: Sphinx, config: Config) -> None:
    """Find the PDFs; pages are written again when they have changed."""
    folder = Path(app.srcdir) / MADE
    app.pdfs = found(folder)  # type: ignore[attr-defined]
    text = digest_of_text(Path(app.srcdir).parent) if app.pdfs else ""
    app.pdfs_are_old = any(pdf["text"] != text for pdf in app.pdfs.values())
    config.downloads_state = json.dumps([app.pdfs, app.pdfs_are_old], sort_keys=True)
    config.html_static_path.append(str(STATIC))
    app.add_css_file("downloads.css")


def buttons(
    pdfs: dict[str, dict[str, Any]], old: bool, to_root: str, mode: str = "both"
) -> str:
    """The HTML of the buttons of the cover page; nothing where there are no PDFs."""
    if not pdfs:
        return ""
    said = partial(html_in_edition, mode=mode)
    links = []
    for edition, pdf in pdfs.items():
        size = f"{pdf['pages']} 页，{pdf['bytes'] / 1e6:.1f} MB"
        size_en = f"{pdf['pages']} pages, {pdf['bytes'] / 1e6:.1f} MB"
        links.append(
            f'<a class="pdf-{edition}" href="{to_root}{FOLDER}/{escape(pdf["file"])}">'
            f"{said(*NAMES[edition])} "
            f'<span class="pdf-size">{said(size, size_en)}</span></a>'
        )
    note = f'<span class="pdf-old">{said(*OLD)}</span>' if old else ""
    return f'<div class="pdf-downloads">{"".join(links)}{note}</div>\n'


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the buttons where the directive left a place; print has none."""
    for place in list(doctree.findall(downloads)):
        made: list[nodes.Node] = []
        if app.builder.format == "html":
            to_root = "../" * docname.count("/")
            mode = app.config.bilingual_mode
            html = buttons(app.pdfs, app.pdfs_are_old, to_root, mode)
            made = [nodes.raw("", html, format="html")] if html else []
        place.replace_self(made)


def in_header(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """The PDFs come first among the downloads of every page's header."""
    groups = context.get("header_buttons")
    if not app.pdfs or groups is None:
        return
    links = [
        {
            "type": "link",
            "url": "../" * pagename.count("/") + f"{FOLDER}/{pdf['file']}",
            "text": " | ".join(NAMES[edition]),
            "icon": "fas fa-file-pdf",
            "label": f"download-pdf-{edition}",
        }
        for edition, pdf in app.pdfs.items()
    ]
    menu = download_menu(groups)
    menu["buttons"] = links + menu["buttons"]


def copy(app: Sphinx, exception: Exception | None) -> None:
    """Put the PDFs into the site, and say when they are older than the text."""
    if exception or app.builder.format != "html":
        return
    target = Path(app.outdir) / FOLDER
    shutil.rmtree(target, ignore_errors=True)
    if not app.pdfs:
        logger.info("no PDFs to offer: `make pdf` makes them")
        return
    target.mkdir()
    for pdf in app.pdfs.values():
        shutil.copy(Path(app.srcdir) / MADE / pdf["file"], target)
    logger.info("the site offers %d PDFs", len(app.pdfs))
    if app.pdfs_are_old:
        logger.info("they are older than the text: `make pdf`, then `make html` again")


def offering(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Pages with buttons are written in every build; there are one or two."""
    return [doc for doc, data in env.metadata.items() if "downloads" in data]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register directive and hooks."""
    app.add_config_value("downloads_state", "", "html", str)  # computed, never set
    app.add_node(downloads)
    app.add_directive("downloads", Downloads)
    app.connect("config-inited", look)
    app.connect("env-updated", offering)
    app.connect("doctree-resolved", fill)
    app.connect("html-page-context", in_header, priority=900)
    app.connect("build-finished", copy)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
