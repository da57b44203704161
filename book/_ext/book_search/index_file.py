"""The index as a file: a script that hands over the records, and keeps them for the next build.

Texts of one language stand together, and so does the code: a tenth less to send than one
page after the other. A section keeps the number of its texts.
"""

from __future__ import annotations

import json
from typing import Any

CALL = "BookSearch.load("
VERSION = 5  # of the records; an index of another version is written anew

Pages = list[dict[str, Any]]


def script(pages: Pages, **more: Any) -> str:
    """What a browser runs."""
    zh: list[str] = []
    en: list[str | int] = []
    code: list[str] = []
    short = []
    for page in pages:
        sections = []
        for anchor, title, blocks, cells, *names in page["sections"]:
            zh += [block[0] for block in blocks]
            en += [block[1] if len(block) > 1 else 0 for block in blocks]  # 0: the same
            code.append(cells)
            sections.append([anchor, title, len(blocks), *names])
        short.append({**page, "sections": sections})
    index = {"version": VERSION, "pages": short, "zh": zh, "en": en, "code": code}
    text = json.dumps({**index, **more}, ensure_ascii=False, separators=(",", ":"))
    return f"{CALL}{text});\n"


def pages_of(text: str) -> Pages:
    """The pages of an index that an earlier build wrote; none if it is of another kind.

    Example:
        >>> page = {"name": "a", "sections": [["", ["甲", "A"], [["乙", "B"], ["C"]], "d"]]}
        >>> pages_of(script([page])) == [page], pages_of("Search.setIndex({})")
        (True, [])
    """
    line = text.split("\n", 1)[0]
    if not line.startswith(CALL):
        return []
    index = json.loads(line.removeprefix(CALL).removesuffix(");"))
    if index["version"] != VERSION:
        return []
    texts = (
        [zh, en] if en != 0 else [zh]
        for zh, en in zip(index["zh"], index["en"], strict=True)
    )
    code = iter(index["code"])
    for page in index["pages"]:
        page["sections"] = [
            [anchor, title, [next(texts) for _ in range(count)], next(code), *names]
            for anchor, title, count, *names in page["sections"]
        ]
    return index["pages"]
