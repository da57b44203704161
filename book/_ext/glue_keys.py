"""Computed values: a key is set once in the book, its number is not typed, 7e-04 is 7 × 10⁻⁴.

myst-nb tells of a key set twice on a page, or used and never set; not of one that two pages
set, nor of its number typed into a sentence, which stays when the result changes. Delete
this when myst-nb keeps an index of its keys, and writes numbers for people.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from bilingual.report import line_of
from bilingual.trees import prose
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

logger = logging.getLogger(__name__)

NUMBER = re.compile(
    r"(?<![\w.,/-])\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?%?(?![\w,]*\d|[.-]\d)"
)
EXPONENT = re.compile(r"(-?)(\d+(?:\.\d+)?)e([-+]?\d+)")
# A number with this many digits after its leading zeros is no coincidence.
DIGITS = 3
TEXTS = (nodes.paragraph, nodes.title, nodes.caption, nodes.term)
OTHERS = "claim:"  # records of claims are glued too, and checked by `claims`


def telling(text: str) -> bool:
    """Whether a number is long enough to be known by.

    Example:
        >>> telling("0.832"), telling("0.05"), telling("100"), telling("1,234")
        (True, False, False, True)
    """
    digits = re.sub(r"\D", "", text.partition("e")[0])
    return len(digits.strip("0")) >= DIGITS


class TypedNumbers(SphinxTransform):
    """Look for the numbers of the page's pasted values among its words."""

    default_priority = 34  # after the bilingual extension has marked the twins

    def apply(self, **kwargs: Any) -> None:
        """Warn of each."""
        pasted = {
            node.astext()
            for node in self.document.findall(nodes.inline)
            if "pasted-text" in node["classes"] and telling(node.astext())
        }
        if not pasted:
            return
        source = Path(self.env.doc2path(self.env.docname)).read_text("utf-8")
        lines = source.splitlines()
        for node in self.document.findall(lambda n: isinstance(n, TEXTS)):
            for number in sorted(set(NUMBER.findall(prose(node))) & pasted):
                logger.warning(
                    "%s is typed, and a cell of this page computes it: paste it with"
                    " {glue:text} as the page does elsewhere",
                    number,
                    location=(self.env.docname, line_of(node, lines)),
                    type="glue_keys",
                    subtype="typed",
                )


class PowersOfTen(SphinxPostTransform):
    """A pasted value in a programmer's notation becomes a formula."""

    default_priority = 900  # before formulas are kept together with their punctuation

    def run(self, **kwargs: Any) -> None:
        """Replace each."""
        for node in list(self.document.findall(nodes.inline)):
            if "pasted-text" in node["classes"] and (tex := as_power(node.astext())):
                node.replace_self(nodes.math(tex, tex, classes=node["classes"]))


def as_power(text: str) -> str:
    r"""The TeX of a number with an exponent; nothing for any other text.

    Example:
        >>> as_power("7.1e-04"), as_power("1e+06"), as_power("2.5e+00"), as_power("0.3")
        ('7.1\\times 10^{-4}', '10^{6}', '2.5', '')
    """
    match = EXPONENT.fullmatch(text)
    if match is None:
        return ""
    sign, digits, power = match[1], match[2], int(match[3])
    if power == 0:
        return sign + digits
    factor = "" if digits == "1" else rf"{digits}\times "
    return f"{sign}{factor}10^{{{power}}}"


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """A key stands for one value of the book."""
    homes: dict[str, str] = {}
    for docname in sorted(getattr(env, "nb_metadata", {})):
        for key in env.nb_metadata[docname].get("glue", []):
            if key in homes and not key.startswith(OTHERS):
                logger.warning(
                    "glue key %r is set in %s already: give this one another name",
                    key,
                    homes[key],
                    location=(docname, line_of_key(env, docname, key)),
                    type="glue_keys",
                    subtype="twice",
                )
            homes.setdefault(key, docname)


def line_of_key(env: BuildEnvironment, docname: str, key: str) -> int:
    """The line of a page that sets a key; 1 if it is put together there."""
    lines = Path(env.doc2path(docname)).read_text("utf-8").splitlines()
    call = re.compile(rf"\bglue\(\s*[\"']{re.escape(key)}[\"']")
    return next((n for n, line in enumerate(lines, 1) if call.search(line)), 1)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register transforms and check."""
    app.add_transform(TypedNumbers)
    app.add_post_transform(PowersOfTen)
    app.connect("env-updated", check)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
