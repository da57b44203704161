"""Reading a page, step by step."""

from __future__ import annotations

from typing import Any

from sphinx.transforms import SphinxTransform

from .editions import one_language
from .pairing import Pairing
from .report import Reporter
from .theorems import label_proofs, strip_labels
from .titles import lost_marks, short_texts


class Bilingual(SphinxTransform):
    """Split the short texts, pair the blocks, compare the twins, drop a language."""

    default_priority = 25  # before references and the collectors of titles

    def apply(self, **kwargs: Any) -> None:
        """Do all of it for one page."""
        reporter = Reporter(self.env)
        lost_marks(reporter)
        strip_labels(self.document)
        short_texts(self.document, reporter)
        Pairing(reporter).walk(self.document)
        reporter.tell()
        label_proofs(self.document)
        if self.config.bilingual_mode != "both":
            one_language(self.document, self.config.bilingual_mode)
