"""Search in both languages: one script holds what every section says, and looks in it.

The index is a script, not a file that is fetched, so that a search works from a zip on
disk too. It holds the text itself, so a result shows what stands there, in the reader's
language. Delete this when Sphinx cuts Chinese queries and shows its summaries offline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from bilingual.texts import LANGUAGES
from bilingual.theorems import KINDS
from bilingual.words import NUMBERED
from docutils import nodes
from places import toc_order
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.search.en import english_stopwords, js_porter_stemmer

from .index_file import pages_of, script
from .sections import sections_of

HERE = Path(__file__).parent
INDEX = "searchindex.js"
# Words of a question, beside Sphinx's stopwords.
ASKING = re.findall(
    r"\w+",
    "what how why when where which does do can should must i my we our you your need use "
    "using used many much too between vs have has from",
)
# Pairs of a traditional character and its simplified one.
TRADITIONAL = [
    pair
    for line in Path(HERE, "traditional.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
    for pair in line.split()
]
# What the page on which one searches is, for search engines.
SAYS = {
    "zh": "在全书中搜索：中文与英文，定理、图和公式的编号，函数名，公式。",
    "en": "Search the whole book, in Chinese and English, for words, numbers of theorems, "
    "figures and equations, names of functions, and formulas.",
}
SCRIPTS = ("_static/search.js", INDEX)


def add_assets(app: Sphinx, config: Config) -> None:
    """Ship the script, the style and the page; the builder looks for them at its start."""
    config.html_static_path.append(str(HERE / "static"))
    config.templates_path.append(str(HERE / "templates"))


def begin(app: Sphinx) -> None:
    """Take the place of Sphinx's search; start with what the last build knew."""
    if not isinstance(app.builder, StandaloneHTMLBuilder):
        return  # what is written has no page on which one searches
    app.connect("env-updated", write_unknown)
    app.connect("doctree-resolved", collect, priority=950)  # all has filled the page
    app.connect("html-collect-pages", add_page)
    app.connect("build-finished", finish)
    app.builder.search = False
    app.search_pages = {}
    known = Path(app.outdir, INDEX)
    if known.exists():
        pages = pages_of(known.read_text("utf-8"))
        app.search_pages = {page["name"]: page for page in pages}


def write_unknown(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Write the pages again that the index has lost."""
    silent = {name for name in env.all_docs if "nosearch" in env.metadata[name]}
    return sorted(set(env.all_docs) - set(app.search_pages) - silent)


def top_ids(doctree: nodes.document) -> list[str]:
    """The anchors of the page's own heading, which labels may name."""
    top = doctree.next_node(nodes.section)
    return list(top["ids"]) if top is not None else []


def names_of(env: BuildEnvironment, docname: str) -> dict[str, list[str]]:
    """What the anchors of a page are called: a section its number, others as one asks."""
    kinds = {kind: (f"{zh} %s", f"{kind} %s") for kind, zh in KINDS.items()}
    kinds |= NUMBERED | {"figure": ("图 %s", "fig %s")}
    kinds["displaymath"] = ("式 %s", "equation %s")
    names = {
        anchor.removeprefix("#"): [".".join(map(str, number))]
        for anchor, number in env.toc_secnumbers.get(docname, {}).items()
        if number
    }
    for kind, things in env.toc_fignumbers.get(docname, {}).items():
        for anchor, number in things.items():
            written = ".".join(map(str, number))
            names[anchor] = [name % written for name in kinds.get(kind, ())]
    return names


def collect(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Keep what a page says, as it is written: values filled in, references named."""
    app.search_pages.pop(docname, None)
    if "nosearch" in app.env.metadata[docname]:
        return
    number = app.env.toc_secnumbers.get(docname, {}).get("") or ()
    names = names_of(app.env, docname)
    ids = top_ids(doctree)
    names |= {id_: names.get("", []) for id_ in ids[:1]}
    quiet = any(fnmatch(docname, each) for each in app.config.search_quiet)
    app.search_pages[docname] = {
        "name": docname,
        "url": app.builder.get_target_uri(docname),
        "number": ".".join(map(str, number)),
        "weight": 0.4 if quiet else 1,
        "ids": ids,
        "sections": [each.record() for each in sections_of(doctree, names)],
    }


def words_of(app: Sphinx) -> Iterator[dict[str, Any]]:
    """The book's terms: their words by language, and where each is introduced."""
    labels = app.env.get_domain("std").anonlabels
    for term in getattr(app, "terms", []):
        docname, anchor = labels.get(term.at, ("", ""))[:2]
        words = {
            lang: [*term.words(lang), *term.also.get(lang, [])] for lang in LANGUAGES
        }
        yield {**words, "page": docname, "anchor": anchor}


def add_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The page on which one searches."""
    mode = app.config.bilingual_mode
    says = " ".join(text for lang, text in SAYS.items() if mode in (lang, "both"))
    metatags = f'\n<meta name="description" content="{says}"/>'
    context = {"search_scripts": SCRIPTS, "metatags": metatags}
    yield "search", context, "search.html"


def finish(app: Sphinx, error: Exception | None) -> None:
    """Write the index: pages in the order of the book."""
    if error:
        return
    order = toc_order(app.env)
    names = sorted(set(app.search_pages) & set(app.env.all_docs))
    names.sort(key=lambda name: order.get(name, len(order)))
    pages = [app.search_pages[name] for name in names]
    terms = list(words_of(app))
    written = set(repr((pages, terms)))
    text = script(
        pages,
        terms=terms,
        stopwords=sorted(english_stopwords.union(ASKING)),
        traditional=[
            pair
            for pair in TRADITIONAL
            if pair[0] not in written and pair[1] in written
        ],
    )
    Path(app.outdir, INDEX).write_text(f"{text}{js_porter_stemmer.strip()}\n", "utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the setting and what begins; the rest is for builders of a site."""
    app.add_config_value("search_quiet", [], "html", [list])
    app.connect("config-inited", add_assets)
    app.add_css_file("search.css")
    app.connect("builder-inited", begin)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
