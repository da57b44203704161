"""Mathematics as MathML, made while the book builds: no script, no network, no jump.

Temml turns TeX into MathML inside QuickJS, a small JavaScript engine in a Python
package. A formula that Temml refuses is a warning with its place. Delete this when
Sphinx renders MathML by itself.
"""

from __future__ import annotations

import json
import re
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import quickjs
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from .lines import environment
from .pieces import in_pieces

logger = logging.getLogger(__name__)

ASSETS = Path(__file__).parent / "assets"
RENDER = """
function render(tex, display) {
  // As JSON: the engine hands over a long string, a "rope", only when it is flattened.
  return JSON.stringify(
    temml.renderToString(tex, {displayMode: display, throwOnError: true}));
}
"""
OPENING = re.compile(r"[（【《「『“‘(\[]+$")
CLOSING = re.compile(r"[，。、；：！？）】》」』”’,.;:!?)\]%]+")
# What `\bigl(` becomes: a bracket of which browsers do not know that it is one, so that
# they put spaces around it as around a sign of operation.
BRACKET = re.compile(r'<mo fence="true" (?!form=)')
# Signs that browsers space or size each in its own way; here as TeX does. Firefox takes the
# circles for big operators, and Chromium puts spaces of a relation around dots.
SIGNS = {
    "⊙": 'largeop="false"',
    "⊕": 'largeop="false"',
    "⊗": 'largeop="false"',
    "…": 'lspace="0em" rspace="0.1667em"',
    "⋯": 'lspace="0.1667em" rspace="0.1667em"',
}
# What MathML Core knows no more, on every bracket and comma.
IDLE = re.compile(r' (?:fence|separator)="true"')
SIGN = re.compile(rf"<mo>([{''.join(SIGNS)}])</mo>")


@cache
def engine() -> Any:
    """Temml's render function; one engine per process."""
    context = quickjs.Context()
    context.eval((ASSETS / "temml.min.js").read_text("utf-8"))
    context.eval(RENDER)
    return context.get("render")


@cache
def to_mathml(tex: str, display: bool) -> str:
    """One formula as a ``<math>`` element.

    Raises:
        ValueError: if Temml refuses it; the message says where in the formula.
    """
    try:
        mathml = json.loads(engine()(tex, display))
    except quickjs.JSException as error:
        raise ValueError(str(error).split("\n", 1)[0].strip()) from None
    mathml = BRACKET.sub(r'\g<0>lspace="0em" rspace="0em" ', mathml)
    mathml = SIGN.sub(lambda found: f"<mo {SIGNS[found[1]]}>{found[1]}</mo>", mathml)
    return IDLE.sub("", mathml)


def lined_up(tex: str) -> str:
    """A display in the environment that it needs."""
    name = environment(tex)
    return rf"\begin{{{name}}}{tex}\end{{{name}}}" if name else tex


def converted(node: nodes.Element, display: bool) -> str:
    """The node's MathML, or its TeX in a red box and a warning."""
    tex = node.astext().strip()
    try:
        return to_mathml(lined_up(tex) if display else tex, display)
    except ValueError as error:
        logger.warning(
            "formula %r: %s; mend the TeX: a brace, a \\end or a command's name",
            tex[:60],
            error,
            location=node,
            type="mathml",
            subtype="tex",
        )
        return f'<code class="math-error">{escape(tex)}</code>'


def visit_math(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula in the line; a long one may end a line inside."""
    mathml = converted(node, display=False)
    if mathml.startswith("<math"):
        mathml = in_pieces(mathml)
    self.body.append(mathml)
    raise nodes.SkipNode


def visit_math_block(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a displayed formula; a wide one scrolls in its own box."""
    self.body.append(self.starttag(node, "div", CLASS="math-block"))
    self.body.append(f'<div class="math-scroll">{converted(node, display=True)}</div>')
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, _("Link to this equation"))
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


class KeepPunctuation(SphinxPostTransform):
    """No line break between a formula and the bracket before or the mark after it."""

    default_priority = 940
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Put them into one box that does not break."""
        for math in list(self.document.findall(nodes.math)):
            parent = math.parent
            here = parent.index(math)  # by place: equal texts count as the same node
            before = parent[here - 1] if here else None
            after = parent[here + 1] if here + 1 < len(parent) else None
            opens = isinstance(before, nodes.Text) and OPENING.search(before.astext())
            closes = isinstance(after, nodes.Text) and CLOSING.match(after.astext())
            if not opens and not closes:
                continue
            box = nodes.inline("", "", classes=["keep-together"])
            parent[here] = box
            if opens:
                parent[here - 1] = nodes.Text(before.astext()[: opens.start()])
                box += nodes.Text(opens[0])
            box += math
            if closes:
                parent[here + 1] = nodes.Text(after.astext()[closes.end() :])
                box += nodes.Text(closes[0])


def look(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Where no page is written, as in `make check`, formulas are tried all the same."""
    if app.builder.name == "dummy":
        for node in doctree.findall(
            lambda n: isinstance(n, nodes.math | nodes.math_block)
        ):
            converted(node, display=isinstance(node, nodes.math_block))


def add_assets(app: Sphinx) -> None:
    """Ship the math font and its style."""
    app.config.html_static_path.append(str(ASSETS / "static"))
    app.add_css_file("mathml.css")


def setup(app: Sphinx) -> dict[str, Any]:
    """Offer ``html_math_renderer = "mathml"``."""
    app.add_html_math_renderer(
        "mathml",
        inline_renderers=(visit_math, None),
        block_renderers=(visit_math_block, None),
    )
    app.add_post_transform(KeepPunctuation)
    app.connect("builder-inited", add_assets)
    app.connect("doctree-resolved", look)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
