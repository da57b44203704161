"""One MyST source, two languages: a Chinese block, then its English twin.

    感知机是一个二分类模型。

    The perceptron is a binary classifier.

Short texts carry both on one line: ``## 感知机 | The perceptron``. The site has a switch
中文 | English | 双语; ``BOOK_LANG=zh`` or ``en`` builds one language alone; a block without
its twin, or twins that differ in math, code, links or values, are warnings.

What would make us delete it: a Sphinx that keeps translations as twins in one source.
See ``README.md``.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from . import editions, page, references, report, theorems, transform, words
from .report import Fault
from .texts import halves, pick

__all__ = ["Fault", "halves", "pick", "setup"]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the setting, transforms and hooks."""
    app.setup_extension("warned")  # faults are told when a page is read
    app.add_config_value("bilingual_mode", "both", "env", str)

    app.add_transform(transform.Bilingual)
    app.add_transform(editions.ContentsCaptions)
    app.add_post_transform(references.ReferenceNumbers)
    app.add_post_transform(theorems.TheoremTitles)
    app.add_post_transform(references.ReferenceTexts)
    app.add_post_transform(references.CaptionNumbers)
    app.add_post_transform(theorems.RestoreMarks)
    app.add_post_transform(editions.LatexTitle)

    app.connect("config-inited", editions.choose, priority=100)
    app.connect("config-inited", words.choose_words, priority=110)
    app.connect("config-inited", page.add_assets, priority=120)
    app.connect("builder-inited", words.wrap_catalogues)
    app.connect("builder-inited", theorems.lend_handlers)
    app.connect("builder-inited", page.split_rendered_pages)
    app.connect("env-updated", editions.choose_latex_titles)
    app.connect("env-updated", report.check_terms)
    app.connect("html-page-context", page.author, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
