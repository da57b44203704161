"""A page of the site is sent without its solutions; the first that is opened brings all.

They are a sixth of a page, and read after an hour's thought if at all. They lie in a
script beside the page, which works from disk too, as a file that is fetched would not.
Until it has come, and for readers without scripts, a fold holds the way to the copy on
the page that collects the solutions; a page that no other collects keeps its own.
"""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

from bilingual.page import html_in_edition, rewrite_named_pages
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_exercise.nodes import solution_node

from .collected import anchor, collected

STATIC = Path(__file__).parent / "static"
SUFFIX = ".solutions.js"  # of the script beside a page
WAY = ("看解答", "See the solution")
CONTENT = "solution-content"  # of every solution, by sphinx-exercise
BEGIN, END = "<!--solution {}-->", "<!--/solution-->"
KEPT_APART = re.compile(r"<!--solution ([\w-]+)-->(.*?)<!--/solution-->", re.DOTALL)
SCRIPT = "data-script"  # names the script in a fold
# What ends a text between backticks, or is read as code in it.
SPECIAL, ESCAPED = re.compile(r"[`\\]|[$](?={)"), r"\\\g<0>"


class MarkSolutions(SphinxPostTransform):
    """Put the way to the copy into each fold, and a mark around what is kept apart."""

    default_priority = 990  # nothing looks into the solutions after it
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Fold by fold."""
        here = self.env.docname
        collections = [p for p, pages in collected(self.env).items() if here in pages]
        if not collections or not isinstance(self.app.builder, StandaloneHTMLBuilder):
            return
        copies = self.app.builder.get_relative_uri(here, collections[0])
        words = html_in_edition(*WAY, self.config.bilingual_mode)
        for solution in self.document.findall(solution_node):
            address = f"{copies}#{anchor(solution['target_label'])}"
            link = f'<a class="reference internal" href="{address}">{words}</a>'
            spots = "".join(f'<span id="{name}"></span>' for name in inside(solution))
            way = f'<p class="solution-way" {SCRIPT}="">{spots}{link}</p>'
            begin = BEGIN.format(solution["ids"][0])
            solution.insert(1, nodes.raw("", f"{way}{begin}", format="html"))
            solution.append(nodes.raw("", END, format="html"))


def inside(solution: nodes.Element) -> list[str]:
    """The names in a solution to which a link may lead."""
    ids = [name for node in solution.findall(nodes.Element) for name in node["ids"]]
    return [name for name in ids if name not in {*solution["ids"], CONTENT}]


def script(solutions: dict[str, str]) -> str:
    r"""What hands the solutions over; their HTML stays legible for who looks for classes.

    Example:
        >>> script({"sol-a": '<p class="zh">`${x}` \\</p>'})
        'bringSolutions({\n"sol-a": `<p class="zh">\\`\\${x}\\` \\\\</p>`,\n});\n'
    """
    rows = [
        f"{json.dumps(name)}: `{SPECIAL.sub(ESCAPED, html)}`,\n"
        for name, html in solutions.items()
    ]
    return f"bringSolutions({{\n{''.join(rows)}}});\n"


def keep_apart(html: str, page: str, folder: Path) -> str:
    """The page without its solutions, for which a script is written beside it."""
    solutions: dict[str, str] = {}

    def take(match: re.Match[str]) -> str:
        solutions[match[1]] = match[2].strip()
        return ""

    html = KEPT_APART.sub(take, html)
    path = folder / f"{page}{SUFFIX}"
    if not solutions:
        path.unlink(missing_ok=True)  # of an earlier build
        return html
    text = script(solutions)
    path.parent.mkdir(parents=True, exist_ok=True)  # the page comes after it
    path.write_text(text, "utf-8")
    address = f"{path.name}?v={sha256(text.encode()).hexdigest()[:8]}"
    return html.replace(f'{SCRIPT}=""', f'{SCRIPT}="{address}"')


def keep_all_apart(app: Sphinx) -> None:
    """Take the solutions out of each page when all that rewrites pages has seen them."""
    rewrite_named_pages(
        app, lambda html, page: keep_apart(html, page, Path(app.outdir))
    )


def add_assets(app: Sphinx, config: Any) -> None:
    """The script that brings them."""
    config.html_static_path.append(str(STATIC))
    app.add_js_file("solutions.js", loading_method="defer")
