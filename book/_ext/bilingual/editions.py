"""One book, three editions: both languages with a switch, or one language alone.

``BOOK_LANG`` in the environment wins over ``bilingual_mode`` in the configuration.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ConfigError
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from .report import Fault, warn
from .texts import HAN, LANGUAGES, halves, pick
from .trees import drop

MODES = ("both", *LANGUAGES)


def choose(app: Sphinx, config: Config) -> None:
    """Settle the edition before anything reads the configuration."""
    mode = os.environ.get("BOOK_LANG") or config.bilingual_mode
    if mode not in MODES:
        raise ConfigError(
            f"BOOK_LANG / bilingual_mode is one of {', '.join(MODES)}, got {mode!r}"
        )
    config.bilingual_mode = mode
    if mode == "en":
        config.language = "en"
    if mode == "both":
        return
    for name, value, _ in list(config):
        chosen = picked(value, mode)
        if chosen != value:
            setattr(config, name, chosen)


def picked(value: Any, mode: str) -> Any:
    """A configuration value with every ``中文 | English`` in it halved."""
    if type(value) is str:
        return pick(value, mode)
    if isinstance(value, dict):
        return {key: picked(item, mode) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(picked(item, mode) for item in value)
    return value


def choose_latex_titles(app: Sphinx, env: BuildEnvironment) -> None:
    """Jupyter Book sets the titles of the PDFs after every configuration event."""
    if app.config.bilingual_mode != "both":
        documents = picked(app.config.latex_documents, app.config.bilingual_mode)
        app.config.latex_documents = documents


def one_language(document: nodes.document, mode: str) -> None:
    """Leave one language in a page."""
    drop(document, LANGUAGES[1 - LANGUAGES.index(mode)])
    for image in document.findall(nodes.image):
        if "alt" in image:
            image["alt"] = pick(image["alt"], mode)
    for section in document.findall(nodes.section):
        for title in section.children:
            if isinstance(title, nodes.title):  # sphinx-proof finds pages by this name
                section["names"].append(nodes.fully_normalize_name(title.astext()))


class ContentsCaptions(SphinxTransform):
    """Captions and titles that a table of contents was given by hand."""

    default_priority = 110  # sphinx-external-toc makes the tables at 100

    def apply(self, **kwargs: Any) -> None:
        """Ask for both halves; leave one in an edition in one language."""
        mode = self.config.bilingual_mode
        for toctree in self.document.findall(addnodes.toctree):
            for text in (toctree.get("caption"), *(t for t, _ in toctree["entries"])):
                self.check(text or "")
            for name in ("caption", "rawcaption", "entries"):
                if toctree.get(name):
                    toctree[name] = picked(toctree[name], mode)

    def check(self, text: str) -> None:
        """Warn of a caption with one half only, at its line of the table of contents."""
        if halves(text) or not HAN.search(text):
            return
        contents = Path(self.env.srcdir) / "_toc.yml"
        lines = contents.read_text("utf-8").splitlines() if contents.exists() else []
        line = next((n for n, line in enumerate(lines, 1) if text in line), 1)
        place = f"{contents}:{line}" if lines else (self.env.docname, line)
        warn(place, Fault.NO_ENGLISH, f"“{text}” has no English: write 中文 | English")


class LatexTitle(SphinxPostTransform):
    """The title of the whole PDF is plain text, or the LaTeX writer complains."""

    default_priority = 40

    def run(self, **kwargs: Any) -> None:
        """Flatten the first title, where LaTeX is written."""
        if self.app.builder.format == "latex":
            title = next(iter(self.document.findall(nodes.title)), None)
            if title is not None:
                text = nodes.Text(title.astext())
                title.children = []
                title += text
