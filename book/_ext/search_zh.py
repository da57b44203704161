"""Search that finds Chinese: the index holds pairs of neighbouring characters.

Sphinx's own Chinese search needs a dictionary to cut the text, and does not cut the
query, so it finds whole dictionary words only. Here text and query are cut alike, into
all pairs: 收敛定理 is 收敛, 敛定, 定理, and a page that has all three is found. English
is stemmed as usual. Delete this when Sphinx cuts its queries.
"""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.search.en import SearchEnglish

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
RUN = re.compile(rf"[{HAN}]+|[^\W{HAN}]+")

# The same cut in the reader's browser.
SPLIT_QUERY = r"""
var splitQuery = (query) =>
  (query.match(/[\u3400-\u4dbf\u4e00-\u9fff]+|[A-Za-z0-9_\u00c0-\u024f]+/g) || []).flatMap(
    (run) => /^[\u3400-\u9fff]/.test(run) && run.length > 2
      ? Array.from({ length: run.length - 1 }, (_, i) => run.slice(i, i + 2))
      : [run]);
"""


def pairs(run: str) -> list[str]:
    """Neighbouring pairs of a run of Chinese characters; a short run as it is."""
    if len(run) <= 2:
        return [run]
    return [run[i : i + 2] for i in range(len(run) - 1)]


class ChineseAndEnglish(SearchEnglish):
    """Sphinx's English search, and Chinese by pairs."""

    lang = "zh_pairs"
    language_name = "Chinese by pairs of characters, and English"
    js_splitter_code = SPLIT_QUERY

    def split(self, input: str) -> list[str]:
        """Cut a text into the words of the index."""
        words = []
        for run in RUN.findall(input):
            words += pairs(run) if re.match(f"[{HAN}]", run) else [run]
        return words


def choose(app: Sphinx, config: Config) -> None:
    """Search this way wherever pages hold Chinese."""
    if config.html_search_language is None and config.language != "en":
        config.html_search_language = ChineseAndEnglish.lang


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the search language."""
    app.add_search_language(ChineseAndEnglish)
    app.connect("config-inited", choose, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
