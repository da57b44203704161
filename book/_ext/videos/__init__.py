"""Lecture marks: ``{video}`key` `` links to the second of a lecture that `videos.yml` names.

One file holds every lecture and mark; the role, the table of lectures and the index of
marks are made from it, and a mark beyond its part's length stops the build. The index
leads both ways, to the lecture and to the mark's place in the book. A script opens a mark
beside the text; without it a mark is a link. Delete this when a video has addresses of its
own that survive a change of platform.
"""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

from bilingual.texts import LANGUAGES
from bilingual.trees import twin_texts, twins
from docutils import nodes
from places import IndexDirective, Place, PlacesDomain, in_each
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole
from yaml_lines import read_file

from .table import Mark, Part, Videos, halves, read_videos

logger = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"


def link(text: str, url: str, *classes: str) -> nodes.reference:
    """An outside link."""
    return nodes.reference("", text, refuri=url, internal=False, classes=[*classes])


def anchor(key: str) -> str:
    """Where a mark stands on its page."""
    return f"video-{key}"


class VideoRole(SphinxRole):
    """``{video}`key` ``: the mark's time and title, linked to the lecture; an anchor."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Make the link, or warn with the nearest known keys."""
        marks: dict[str, Mark] = self.env.app.videos.marks
        mark = marks.get(self.text)
        if mark is None:
            near = difflib.get_close_matches(self.text, marks) or sorted(marks)
            logger.warning(
                "video %r is not in videos.yml; did you mean %s?",
                self.text,
                " or ".join(near),
                location=self.get_location(),
                type="videos",
                subtype="unknown",
            )
            return [nodes.literal(self.text, self.text)], []
        title, words = halves(mark.title), {"zh": "视频", "en": "Lecture"}
        made = {
            lang: [
                link(
                    f"▶ {words[lang]} p{mark.part} · {mark.at} {title[lang]}",
                    mark.url,
                    "video-mark",
                )
            ]
            for lang in LANGUAGES
        }
        spot = nodes.target("", "", ids=[anchor(self.text)])
        self.inliner.document.ids[anchor(self.text)] = spot
        here = Place(self.env.docname, self.lineno, anchor(self.text))
        self.env.get_domain("places").note("video", self.text, here)
        return [spot, *twins(made["zh"], made["en"])], []


def part_texts(part: Part) -> dict[str, str]:
    """Title of a part, and its length where it is known."""
    texts = halves(part.title)
    if part.minutes:
        texts["zh"] += f"，{part.minutes} 分钟"
        texts["en"] += f", {part.minutes} min"
    return texts


class VideosTable(SphinxDirective):
    """``{videos}``: every lecture with its parts, as a table."""

    def run(self) -> list[nodes.Node]:
        """Build the table from the checked data."""
        videos: Videos = self.env.app.videos
        table = nodes.table(classes=["videos"])
        group = nodes.tgroup(cols=2)
        table += group
        group += [nodes.colspec(colwidth=40), nodes.colspec(colwidth=60)]
        head, body = nodes.thead(), nodes.tbody()
        group += [head, body]
        head += self.row(["讲 | Lecture", "分段 | Parts"])
        for lecture in videos.lectures.values():
            parts = nodes.entry()
            for number, part in lecture.parts.items():
                text = part_texts(part)
                line = [
                    [link(f"p{number} {text[lang]}", lecture.url(number))]
                    for lang in LANGUAGES
                ]
                parts += nodes.paragraph("", "", *twins(*line))
            body += self.row([lecture.title, parts])
        return [table]

    def row(self, cells: list[str | nodes.entry]) -> nodes.row:
        """A table row; texts carry both languages."""
        row = nodes.row()
        for cell in cells:
            if isinstance(cell, str):
                line = nodes.paragraph("", "", *twin_texts(**halves(cell)))
                cell = nodes.entry("", line)
            row += cell
        return row


class VideoIndex(IndexDirective):
    """``{video-index}``: every mark by lecture and part, with its place in the book."""

    kind = "video"

    def lists(self) -> list[nodes.Node]:
        """A section for each lecture."""
        videos: Videos = self.env.app.videos
        self.env.note_dependency(str(videos_path(self.env.app)))
        return [self.lecture(key, videos) for key in videos.lectures]

    def lecture(self, key: str, videos: Videos) -> nodes.section:
        """The marks of a lecture below its parts, in the order of time."""
        lecture = videos.lectures[key]
        section = nodes.section(ids=[f"lecture-{key}"], names=[f"lecture-{key}"])
        section += nodes.title(lecture.title, lecture.title)
        section.document = self.state.document
        self.state.document.note_explicit_target(section)
        for number, part in lecture.parts.items():
            text = part_texts(part)
            line = [
                [link(f"p{number} {text[lang]}", lecture.url(number))]
                for lang in LANGUAGES
            ]
            section += nodes.paragraph("", "", *twins(*line), classes=["video-part"])
            marks = [
                (mark.seconds, name)
                for name, mark in videos.marks.items()
                if mark.lecture == lecture and mark.part == number
            ]
            if marks:
                items = [self.mark(name, videos) for _, name in sorted(marks)]
                section += nodes.bullet_list("", *items, classes=["index-list"])
        return section

    def mark(self, key: str, videos: Videos) -> nodes.list_item:
        """To the lecture, and to the book."""
        mark, spots = videos.marks[key], in_each("video", key)
        title = halves(mark.title)
        line = [
            [
                link(f"▶ {mark.at} {title[lang]}", mark.url, "video-mark"),
                nodes.Text(" → "),
                spots[lang],
            ]
            for lang in LANGUAGES
        ]
        return nodes.list_item("", nodes.paragraph("", "", *twins(*line)))


def check_used(app: Sphinx, env: BuildEnvironment) -> None:
    """A mark stands once on a page, and on some page if there is an index of them."""
    domain: PlacesDomain = env.get_domain("places")
    found = domain.of("video")
    for key, places in sorted(found.items()):
        for count, again in enumerate(places):
            first = next(p for p in places if p.docname == again.docname)
            if places.index(first) < count:
                logger.warning(
                    "video %r stands in line %d of this page already: keep one",
                    key,
                    first.line,
                    location=again[:2],
                    type="videos",
                    subtype="twice",
                )
    unused = [key for key in app.videos.marks if key not in found]
    for index in domain.indexes("video")[:1] if unused else []:
        logger.warning(
            "these marks of videos.yml stand on no page: %s; put {video}`key` where the "
            "book treats the matter, or take them out of the file",
            ", ".join(unused),
            location=index,
            type="videos",
            subtype="unused",
        )


def videos_path(app: Sphinx) -> Path:
    """The file with the lectures and marks."""
    return Path(app.srcdir) / "videos.yml"


def load(app: Sphinx) -> None:
    """Read `videos.yml` once per build."""
    app.videos = read_file(videos_path(app), read_videos, Videos())


def depend(app: Sphinx, doctree: nodes.document) -> None:
    """A page with marks is read again when `videos.yml` has changed."""
    if any(
        "video-mark" in n["classes"] for n in doctree.findall(nodes.reference)
    ) or any("videos" in n["classes"] for n in doctree.findall(nodes.table)):
        app.env.note_dependency(str(videos_path(app)))


def add_player(app: Sphinx, config: Config) -> None:
    """The script and the style of the player."""
    config.html_static_path = [*config.html_static_path, str(STATIC)]
    app.add_css_file("videos.css")
    app.add_js_file("videos.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register role, directives and hooks."""
    app.setup_extension("places")
    app.add_role("video", VideoRole())
    app.add_directive("videos", VideosTable)
    app.add_directive("video-index", VideoIndex)
    app.connect("config-inited", add_player)
    app.connect("builder-inited", load)
    app.connect("doctree-read", depend)
    app.connect("env-updated", check_used)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
