"""The ledger: every claim of the book, what it demands, and what this build measured.

A page's cells call ``d2lnotes.claims.claim``, which leaves a record among their outputs;
``{claims}`` becomes a table of all records. A name that two claims share is a fault.

Delete this file when the ledger is no longer printed; the claims check themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bilingual import halves
from bilingual.trees import drop, twin_texts, twins
from docutils import nodes
from myst_nb.ext.glue.crossref import read_glue_cache
from places import link, toc_order
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

logger = logging.getLogger(__name__)

PREFIX = "claim:"  # how the records are named among a page's glued values
MIME = "application/vnd.d2lnotes.claim+json"
CALL = re.compile(r"\bclaim\(\s*[\"']([^\"']+)[\"']")
SIGNS = {"<=": "≤", ">=": "≥", "==": "="}
YES, NO = "是 | yes", "否 | no"
HEAD = ("论断 | claim", "要求 | demanded", "实测 | measured", "种子数 | seeds")


@dataclass(frozen=True)
class Claim:
    """One record, with the section it belongs to (``""``: the whole page)."""

    name: str
    value: float | bool
    relation: str
    bound: Any
    says: str
    seeds: int | None
    section: str = ""

    @property
    def demand(self) -> list[nodes.Node]:
        """What the value has to satisfy."""
        if self.relation == "in":
            text = f"[{number(self.bound[0])}, {number(self.bound[1])}]"
        elif isinstance(self.bound, bool):
            return shown(self.bound)
        else:
            text = f"{SIGNS.get(self.relation, self.relation)} {number(self.bound)}"
        return [nodes.Text(text)]


def number(value: float) -> str:
    """A value as the table shows it: at most four significant digits.

    Example:
        >>> number(1e-9), number(203530), number(0.12345), number(-2.0)
        ('1 × 10⁻⁹', '203530', '0.1235', '−2')
    """
    if isinstance(value, int) or (value == int(value) and abs(value) < 1e6):
        return f"{int(value)}".replace("-", "−")
    text = f"{value:.4g}".replace("-", "−")
    mantissa, exponent, power = text.partition("e")
    if not exponent:
        return text
    raised = str(int(power.replace("−", "-"))).translate(
        str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
    )
    return f"{mantissa} × 10{raised}"


def shown(value: float | bool) -> list[nodes.Node]:
    """A value in a cell: a number, or "yes" or "no" in both languages.

    A tick or a cross would not do: a claim may demand that something is not so, and then
    a cross would stand for success.
    """
    if isinstance(value, bool):
        return twin_texts(*halves(YES if value else NO))
    return [nodes.Text(number(value))]


class ClaimsDomain(Domain):
    """Holds in which section each claim stands, and what the ledger last said."""

    name = "claims"
    label = "claims"
    data_version = 1
    initial_data = {"sections": {}, "shown": None}  # noqa: RUF012  Sphinx's own way

    @property
    def sections(self) -> dict[str, dict[str, str]]:
        """Page -> name of a claim -> id of its section."""
        return self.data["sections"]

    def clear_doc(self, docname: str) -> None:
        """Forget a page that is read again or gone."""
        self.sections.pop(docname, None)

    def merge_domaindata(self, docnames: set[str], otherdata: dict[str, Any]) -> None:
        """Take over what a parallel reader found."""
        for docname in docnames & set(otherdata["sections"]):
            self.sections[docname] = otherdata["sections"][docname]


class Ledger(nodes.General, nodes.Element):
    """Where the table will stand."""


class Claims(SphinxDirective):
    """``{claims}``: the table of all claims of the book."""

    def run(self) -> list[nodes.Node]:
        """Leave a place; the records are complete when every page has been read."""
        return [Ledger()]


def note_sections(app: Sphinx, doctree: nodes.document) -> None:
    """Remember for each claim of a page the section whose cell makes it."""
    env, found = app.env, {}
    starts = [
        (section.line or 1, section["ids"][0])
        for section in doctree.findall(nodes.section)
        if section["ids"] and isinstance(section[0], nodes.title)  # no proof's content
    ][1:]  # the first is the page itself
    source = Path(env.doc2path(env.docname)).read_text("utf-8")
    for call in CALL.finditer(source):
        line = source.count("\n", 0, call.start()) + 1
        section = max((s for s in starts if s[0] <= line), default=(0, ""))[1]
        found.setdefault(call[1], section)  # the text may quote the call later on
    domain: ClaimsDomain = env.get_domain("claims")
    if found:
        domain.sections[env.docname] = found


def all_claims(env: BuildEnvironment) -> Iterator[tuple[str, list[Claim]]]:
    """Every page that makes claims, in reading order, with its records."""
    read_glue_cache.cache_clear()  # the page may have run again in this process
    sections = env.get_domain("claims").sections
    order = toc_order(env)
    for docname in sorted(env.nb_metadata, key=lambda d: (order.get(d, len(order)), d)):
        keys = env.nb_metadata[docname].get("glue", [])
        if not any(key.startswith(PREFIX) for key in keys):
            continue
        values = read_glue_cache(str(env.mystnb_config.output_folder), docname)
        here = sections.get(docname, {})
        yield (
            docname,
            [
                Claim(**record, section=here.get(record["name"], ""))
                for key, value in values.items()
                if key.startswith(PREFIX) and (record := value["data"][MIME])
            ],
        )


def check(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """A name stands for one claim; the ledger is written again when a record changed."""
    homes: dict[str, str] = {}
    records = []
    for docname, claims in all_claims(env):
        for claim in claims:
            if claim.name in homes:
                logger.warning(
                    "claim %r is made in %s already: give this one another name",
                    claim.name,
                    homes[claim.name],
                    location=docname,
                    type="claims",
                    subtype="twice",
                )
            homes[claim.name] = docname
        records.append((docname, claims))
    domain: ClaimsDomain = env.get_domain("claims")
    if domain.data["shown"] == records:
        return []
    domain.data["shown"] = records
    return [
        docname
        for docname in env.found_docs
        if any(env.get_doctree(docname).findall(Ledger))
    ]


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the table where the directive left a place."""
    for place in list(doctree.findall(Ledger)):
        table = ledger(app, docname)
        mode = app.config.bilingual_mode
        if mode != "both":
            drop(table, {"zh": "en", "en": "zh"}[mode])
        place.replace_self(table)


def ledger(app: Sphinx, docname: str) -> nodes.table:
    """The table: a row per page, then a row per claim of it."""
    builder, widths = app.builder, (55, 15, 20, 10)
    table = nodes.table(classes=["claims"])
    group = nodes.tgroup(cols=len(widths))
    table += group
    group += [nodes.colspec(colwidth=width) for width in widths]
    head, body = nodes.thead(), nodes.tbody()
    group += [head, body]
    head += row(*(cell(*twin_texts(*halves(text))) for text in HEAD))
    for page, claims in all_claims(app.env):
        title = app.env.titles[page].deepcopy().children
        name = cell(link(builder, docname, page, "", *title))
        name["morecols"] = len(widths) - 1
        name["classes"] = ["claims-page"]
        body += row(name)
        for claim in claims:
            says = [
                [link(builder, docname, page, claim.section, nodes.Text(half))]
                for half in halves(claim.says)
            ]
            body += row(
                cell(*twins(*says)),
                cell(*claim.demand),
                cell(*shown(claim.value)),
                cell(nodes.Text("" if claim.seeds is None else str(claim.seeds))),
            )
    return table


def row(*cells: nodes.entry) -> nodes.row:
    """A row of a table."""
    return nodes.row("", *cells)


def cell(*content: nodes.Node) -> nodes.entry:
    """A cell with one paragraph."""
    return nodes.entry("", nodes.paragraph("", "", *content))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register domain, directive and hooks."""
    app.add_domain(ClaimsDomain)
    app.add_node(Ledger)
    app.add_directive("claims", Claims)
    app.connect("doctree-read", note_sections)
    app.connect("env-updated", check)
    app.connect("doctree-resolved", fill)
    return {
        "version": "1",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
