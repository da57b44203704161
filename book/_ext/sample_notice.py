"""A build with the shipped sample of the data says so on every page that uses it.

With ``D2LNOTES_DATA=sample`` the pages train on a few thousand images; a reader must
not take their numbers for those of the full data set.
"""

from __future__ import annotations

import os
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

LOADER = "load_fashion_mnist"
TITLE = "样本数据 | Sample data"
ZH = (
    "本次构建只用了随书附带的小样本（设置了 D2LNOTES_DATA=sample）。本页的图和数字不是在完整的 "
    "Fashion-MNIST 上得到的。"
)
EN = (
    "This build used only the small sample shipped with the book (D2LNOTES_DATA=sample). "
    "The figures and numbers on this page do not come from the full Fashion-MNIST."
)


class SampleNotice(SphinxTransform):
    """Put the notice under the title of a page whose cells load the images."""

    default_priority = 15  # before the bilingual pairing, which marks the twins

    def apply(self, **kwargs: Any) -> None:
        """Insert the box."""
        if os.environ.get("D2LNOTES_DATA") != "sample":
            return
        cells = self.document.findall(nodes.literal_block)
        if not any(LOADER in cell.astext() for cell in cells):
            return
        box = nodes.admonition("", nodes.title(TITLE, TITLE), classes=["warning"])
        box += [nodes.paragraph(ZH, ZH), nodes.paragraph(EN, EN)]
        section = next(iter(self.document.findall(nodes.section)), self.document)
        section.insert(1, box)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the transform."""
    app.add_transform(SampleNotice)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
