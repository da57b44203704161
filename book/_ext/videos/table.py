"""`videos.yml`: the lectures, their parts, and the marks in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from bilingual import texts
from yaml_lines import Malformed, read_yaml

AT = re.compile(r"(\d{1,2}):([0-5]\d)")
BVID = re.compile(r"BV[0-9A-Za-z]{10}")


@dataclass(frozen=True)
class Part:
    """One numbered part of a lecture; ``minutes`` is None where nobody wrote it down."""

    title: str
    minutes: int | None = None


@dataclass(frozen=True)
class Lecture:
    """A lecture video with its parts, numbered from 1."""

    bvid: str
    title: str
    parts: dict[int, Part]

    def url(self, part: int, seconds: int | None = None) -> str:
        """Address of a part, at a second if one is given."""
        at = "" if seconds is None else f"&t={seconds}"
        return f"https://www.bilibili.com/video/{self.bvid}/?p={part}{at}"


@dataclass(frozen=True)
class Mark:
    """A moment in a lecture."""

    lecture: Lecture
    part: int
    at: str
    seconds: int
    title: str

    @property
    def url(self) -> str:
        """Address that opens the lecture at this second."""
        return self.lecture.url(self.part, self.seconds)


@dataclass
class Videos:
    """All that `videos.yml` holds, checked."""

    lectures: dict[str, Lecture] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)


def halves(text: str) -> dict[str, str]:
    """``{"zh": 甲, "en": A}`` of ``甲 | A``."""
    pair = texts.halves(text)
    if not pair:
        raise ValueError(f"{text!r} needs both languages: 中文 | English")
    return dict(zip(texts.LANGUAGES, pair, strict=True))


def read_mark(row: dict[str, Any], lectures: dict[str, Lecture]) -> Mark:
    """One entry of ``marks``; raises ValueError that says what is wrong with it."""
    if row["lecture"] not in lectures:
        raise ValueError(f"lecture {row['lecture']!r} is none of {', '.join(lectures)}")
    lecture = lectures[row["lecture"]]
    if row["part"] not in lecture.parts:
        raise ValueError(f"part {row['part']!r} is none of {list(lecture.parts)}")
    match = AT.fullmatch(str(row["at"]))
    if not match:
        raise ValueError(f'at must be "mm:ss" in quotation marks, got {row["at"]!r}')
    seconds = 60 * int(match[1]) + int(match[2])
    minutes = lecture.parts[row["part"]].minutes
    if minutes is not None and seconds >= 60 * (
        minutes + 1
    ):  # lengths are rounded down
        raise ValueError(f"{row['at']} lies beyond the part's {minutes} minutes")
    halves(row["title"])
    return Mark(lecture, row["part"], str(row["at"]), seconds, row["title"])


def read_lecture(row: dict[str, Any]) -> Lecture:
    """One entry of ``lectures``; raises ValueError that says what is wrong with it."""
    if not BVID.fullmatch(row["bvid"]):
        raise ValueError(f"{row['bvid']!r} is no video id (BV + 10)")
    for title in (row["title"], *(part["title"] for part in row["parts"].values())):
        halves(title)
    if min(row["parts"]) < 1:
        raise ValueError("parts count from 1")
    parts = {number: Part(**part) for number, part in row["parts"].items()}
    return Lecture(row["bvid"], row["title"], parts)


def read_videos(text: str) -> Videos:
    """Parse and check `videos.yml`.

    Raises:
        Malformed: naming the entry and its line, what is allowed and what came.
    """
    data = read_yaml(text)
    if not isinstance(data, dict) or set(data) != {"lectures", "marks"}:
        raise Malformed("needs the keys lectures and marks")
    videos = Videos()
    for kind, found, read in (
        ("lecture", videos.lectures, read_lecture),
        ("mark", videos.marks, lambda row: read_mark(row, videos.lectures)),
    ):
        rows = data[f"{kind}s"]
        if not isinstance(rows, dict):
            raise Malformed(
                f"{kind}s: needs entries `key: {{…}}`", data.lines[f"{kind}s"]
            )
        for key, row in rows.items():
            try:
                found[key] = read(row)
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                raise Malformed.entry(
                    f"{kind} {key}", error, rows.lines[key]
                ) from error
    return videos
