"""Where in the book something stands, for indexes that link to it.

While pages are read, an extension notes a thing with its anchor; an index holds `place`
nodes, which become links when all pages are known: number and title of the section. An
index is written again when any page was read again. Delete this when Sphinx's own
indexes can say in which section their entries stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from bilingual.texts import LANGUAGES
from bilingual.trees import mark_of
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

NOWHERE = {"zh": "本书尚无", "en": "not in this book yet"}
PREFACE = {"zh": "前言", "en": "Preface"}  # the first page has the book's title
COMMA = {"zh": "、", "en": ", "}
BETWEEN = {"zh": "：", "en": ": "}  # a page's title and that of an unnumbered section


class Place(NamedTuple):
    """A line of a page, and the anchor that stands there."""

    docname: str
    line: int
    anchor: str


class place(nodes.Inline, nodes.TextElement):
    """Stands in an index for the link to a thing: ``kind``, ``key`` and ``lang``."""


class PlacesDomain(Domain):
    """Holds where each thing stands, and which pages are indexes."""

    name = "places"
    label = "places"
    data_version = 1
    initial_data = {"places": {}, "sections": {}, "indexes": {}}  # noqa: RUF012

    def of(self, kind: str) -> dict[str, list[Place]]:
        """Key -> where it stands, in no order."""
        return self.data["places"].setdefault(kind, {})

    def note(self, kind: str, key: str, place: Place) -> None:
        """Remember that a thing stands there."""
        self.of(kind).setdefault(key, []).append(place)

    def note_index(self, kind: str, docname: str) -> None:
        """Remember that a page is an index of things of a kind."""
        self.data["indexes"].setdefault(docname, set()).add(kind)

    def indexes(self, kind: str) -> list[str]:
        """The pages that are an index of this kind."""
        found = self.data["indexes"].items()
        return sorted(docname for docname, kinds in found if kind in kinds)

    def here(self, docname: str) -> Iterator[Place]:
        """Everything that stands on a page."""
        for things in self.data["places"].values():
            for places in things.values():
                yield from (place for place in places if place.docname == docname)

    def clear_doc(self, docname: str) -> None:
        """Forget a page that is read again or gone."""
        self.data["sections"].pop(docname, None)
        self.data["indexes"].pop(docname, None)
        for things in self.data["places"].values():
            for key, places in list(things.items()):
                things[key] = [place for place in places if place.docname != docname]
                if not things[key]:
                    del things[key]

    def merge_domaindata(self, docnames: set[str], otherdata: dict[str, Any]) -> None:
        """Take over what a parallel reader found."""
        for name in ("sections", "indexes"):
            found = otherdata[name].items()
            self.data[name].update({doc: row for doc, row in found if doc in docnames})
        for kind, things in otherdata["places"].items():
            for key, places in things.items():
                for place in places:
                    if place.docname in docnames:
                        self.note(kind, key, place)


# --- an index ------------------------------------------------------------------------
def language_half(lang: str, children: list[nodes.Node]) -> list[nodes.Node]:
    """The half of a title in a language; all of it if it serves both."""
    halves = [child for child in children if mark_of(child)]
    mine = [child for child in halves if mark_of(child) == lang]
    found = mine[0].children if mine else children
    return [child.deepcopy() for child in found]


def entry(env: BuildEnvironment, docname: str, anchor: str) -> nodes.reference | None:
    """The line of a page's table of contents that leads to a section."""
    contents = env.tocs.get(docname, nodes.bullet_list())
    links = contents.findall(nodes.reference)
    return next((n for n in links if n["anchorname"] == anchor), None)


def label(
    env: BuildEnvironment, docname: str, anchor: str, lang: str
) -> list[nodes.Node]:
    """Number and title of a section in one language; ``anchor`` is empty for the page."""
    line = entry(env, docname, anchor)
    number = env.toc_secnumbers.get(docname, {}).get(anchor)
    words = language_half(lang, line.children if line is not None else [])
    if number:
        return [nodes.Text(".".join(map(str, number)) + " "), *words]
    if not anchor and docname == env.config.root_doc:
        return [nodes.Text(PREFACE[lang])]
    if not anchor:
        return words
    return [*label(env, docname, "", lang), nodes.Text(BETWEEN[lang]), *words]


def link(
    builder: Builder, here: str, docname: str, anchor: str, *words: nodes.Node
) -> nodes.reference:
    """From one page to an anchor of another; to the page itself if ``anchor`` is empty."""
    address = builder.get_relative_uri(here, docname) + (f"#{anchor}" if anchor else "")
    return nodes.reference("", "", *words, internal=True, refuri=address)


def toc_order(env: BuildEnvironment) -> dict[str, int]:
    """Page -> its place in the table of contents."""
    found: dict[str, int] = {}
    todo = [env.config.root_doc]
    while todo:
        docname = todo.pop()
        if docname not in found:
            found[docname] = len(found)
            todo += reversed(env.toctree_includes.get(docname, []))
    return found


def sections(doctree: nodes.document, anchors: set[str]) -> dict[str, str]:
    """Anchor -> that of the section around it as the table of contents has it."""
    found = {}
    for node in doctree.findall(nodes.Element):
        for anchor in anchors & set(node["ids"]):
            around: nodes.Element | None = node
            while around is not None and not (
                isinstance(around, nodes.section)  # of the page, not of a box
                and isinstance(around.parent, (nodes.section, nodes.document))
            ):
                around = around.parent
            top = around is None or isinstance(around.parent, nodes.document)
            found[anchor] = "" if top else f"#{around['ids'][0]}"
    return found


def note_sections(app: Sphinx, doctree: nodes.document) -> None:
    """Remember in which section of a page its things stand."""
    domain: PlacesDomain = app.env.get_domain("places")
    anchors = {place.anchor for place in domain.here(app.env.docname)}
    if anchors:
        domain.data["sections"][app.env.docname] = sections(doctree, anchors)


class ResolvePlaces(SphinxPostTransform):
    """Make links of the places in an index."""

    default_priority = 9

    def run(self, **kwargs: Any) -> None:
        """Link to every place in reading order, or say that there is none."""
        domain: PlacesDomain = self.env.get_domain("places")
        pages = toc_order(self.env)
        for node in list(self.document.findall(place)):
            lang = node["lang"]
            found = sorted(
                domain.of(node["kind"]).get(node["key"], ()),
                key=lambda place: (pages.get(place.docname, len(pages)), place.line),
            )
            made: list[nodes.Node] = []
            for each in found:
                made += [nodes.Text(COMMA[lang]), self.link(each, lang)]
            nowhere = nodes.inline("", NOWHERE[lang], classes=["place-none"])
            node.replace_self(made[1:] or [nowhere])

    def link(self, place: Place, lang: str) -> nodes.reference:
        """The section's number and title, leading to the very spot."""
        known = self.env.get_domain("places").data["sections"]
        section = known.get(place.docname, {}).get(place.anchor, "")
        words = label(self.env, place.docname, section, lang)
        here, builder = self.env.docname, self.app.builder
        made = link(builder, here, place.docname, place.anchor, *words)
        made["classes"].append("place")
        return made


def in_each(kind: str, key: str) -> dict[str, place]:
    """A link to a thing in each language."""
    return {lang: place("", kind=kind, key=key, lang=lang) for lang in LANGUAGES}


class IndexDirective(SphinxDirective):
    """Base of a directive that lists things of a ``kind`` with their places."""

    kind: str

    def run(self) -> list[nodes.Node]:
        """Remember the page, and list."""
        self.env.get_domain("places").note_index(self.kind, self.env.docname)
        return self.lists()

    def lists(self) -> list[nodes.Node]:
        """The lists; `in_each` makes their links."""
        raise NotImplementedError


def changed(app: Sphinx, name: str, state: Any) -> bool:
    """Whether ``state`` differs from what this builder wrote last; remembers it."""
    if not hasattr(app.env, "places_written"):
        app.env.places_written = {}
    key = f"{app.builder.name} {name}"
    before = app.env.places_written.get(key)
    app.env.places_written[key] = state
    return before != state


def write_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The indexes, if any page was read again or has gone."""
    again = changed(app, "indexes", dict(env.all_docs))
    return sorted(env.get_domain("places").data["indexes"]) if again else []


def setup(app: Sphinx) -> dict[str, Any]:
    """Register domain, node, transform and hooks."""
    app.add_domain(PlacesDomain)
    app.add_node(place)
    app.add_post_transform(ResolvePlaces)
    app.connect("doctree-read", note_sections)
    app.connect("env-updated", write_again)
    return {
        "version": "1",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
