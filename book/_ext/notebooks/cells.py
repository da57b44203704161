"""Code cells as a reader wants them: they run alone, in any folder, in one language.

What only the site needs goes: `glue` (the text has its values already), records of claims,
drawings for print. Cells that the page removes stay, folded, because later cells may use
what they set and because they draw from the same random numbers; they check what the text
says, and a reader who changes the code above is not stopped by one that fails.
"""

from __future__ import annotations

import ast
import base64
from collections.abc import Iterator
from html import escape
from typing import Any
from xml.etree import ElementTree

from bilingual.texts import pick
from figures import parse, split_labels
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell

SITE_ONLY = "myst_nb"  # the package whose `glue` hands values to the text
FOLDED = {"hide-input", "hide-cell", "remove-cell", "remove-input"}
REMOVED = {"remove-cell"}
RECORD = "application/papermill.record/"
PRINT_ONLY = {"application/pdf"}
# matplotlib's own style sheet, which `figures.parse` drops, and paper for dark themes.
SVG_STYLE = "stroke-linejoin:round;stroke-linecap:butt;background:#ffffff"
FALLBACK_FONT = "sans-serif"


def tags(cell: NotebookNode) -> set[str]:
    """The tags of a cell."""
    return set(cell.metadata.get("tags", []))


def is_removed(cell: NotebookNode) -> bool:
    """Whether the page does not show the cell at all."""
    return bool(tags(cell) & REMOVED)


# --- source --------------------------------------------------------------------------
def is_glue(node: ast.stmt) -> bool:
    """Whether a statement only hands a value to the text, or imports what does."""
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").split(".")[0] == SITE_ONLY
    if isinstance(node, ast.For | ast.If):
        return all(map(is_glue, [*node.body, *node.orelse]))
    call = node.value if isinstance(node, ast.Expr) else None
    name = call.func if isinstance(call, ast.Call) else None
    return isinstance(name, ast.Name) and name.id == "glue"


def glue_statements(body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, bool]]:
    """Outermost such statements, and whether each is all that its block has."""
    for node in body:
        if is_glue(node):
            yield node, all(map(is_glue, body))
        else:
            for name in ("body", "orelse", "finalbody"):
                yield from glue_statements(getattr(node, name, []))


def without_glue(source: str) -> str:
    r"""A cell's code without what only the site needs.

    Example:
        >>> print(without_glue("x = 1\nglue('x', x, display=False)\nx"))
        x = 1
        x
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a magic
        return source
    lines: list[str | None] = list(source.split("\n"))
    for node, alone in glue_statements(tree.body):
        first, last = node.lineno - 1, node.end_lineno
        whole = lines[first:last]
        indent = " " * node.col_offset
        if None in whole or (whole[0] or "")[: node.col_offset].strip():
            raise ValueError(
                f"line {node.lineno}: give `glue` a line of its own, so that a notebook "
                "can leave it out"
            )
        lines[first:last] = [None] * (last - first)
        if alone and node.col_offset:
            lines[first] = f"{indent}pass"
    kept = "\n".join(line for line in lines if line is not None)
    return kept.strip("\n")


# --- outputs ---------------------------------------------------------------------------
def drawing(svg: str, lang: str) -> str:
    """A drawing with the labels of one language, on paper of its own."""
    root = parse(svg)
    split_labels(root, lang)
    root.set("xmlns", "http://www.w3.org/2000/svg")
    own = root.get("style", "").strip("; ")
    root.set("style", f"{SVG_STYLE};{own}" if own else SVG_STYLE)
    for element in root.iter():
        font = element.get("font-family")
        if font and FALLBACK_FONT not in font:
            element.set("font-family", f"{font}, {FALLBACK_FONT}")
    return ElementTree.tostring(root, encoding="unicode")


def as_image(svg: str, alt: str) -> str:
    """A drawing as an ``<img>``, which viewers show in a notebook they do not trust yet.

    JupyterLab shows no SVG output of a notebook that came from elsewhere; an image in
    HTML it does, with its alt text.
    """
    data = base64.b64encode(svg.encode()).decode()
    return f'<img alt="{escape(alt)}" src="data:image/svg+xml;base64,{data}">'


def outputs(cell: NotebookNode, lang: str, count: int | None) -> list[NotebookNode]:
    """What the cell printed and drew, in one language; nothing that only the site needs."""
    found = []
    for output in cell.get("outputs", []):
        output = dict(output)
        if output["output_type"] == "stream" and output["name"] == "stderr":
            continue
        if "data" in output:
            data = {
                kind: content
                for kind, content in output["data"].items()
                if not kind.startswith(RECORD) and kind not in PRINT_ONLY
            }
            if not data:
                continue
            output["metadata"] = {}
            if "image/svg+xml" in data:
                alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
                svg = drawing(data.pop("image/svg+xml"), lang)
                data["text/html"] = as_image(svg, pick(alt, lang))
            output["data"] = data
        if output["output_type"] == "execute_result":
            output["execution_count"] = count
        found.append(from_dict(output))
    return found


# --- the whole cell ----------------------------------------------------------------------
def metadata(cell: NotebookNode) -> dict[str, Any]:
    """Folded where the page folds; what the page removes may fail without stopping."""
    kept: dict[str, Any] = {}
    own = tags(cell)
    names = [*sorted(own & {"skip-execution", "raises-exception"})]
    if is_removed(cell) and "raises-exception" not in names:
        names.append("raises-exception")
    if own & FOLDED:
        kept["jupyter"] = {"source_hidden": True}
        kept["cellView"] = "form"  # Colab's word for folded
    if names:
        kept["tags"] = names
    return kept


def code_cell(cell: NotebookNode, lang: str, count: int) -> NotebookNode | None:
    """The cell for a notebook, or ``None`` if only the site needs it."""
    source = without_glue(cell.source)
    if not source.strip() or all(
        line.startswith("#") or not line.strip() for line in source.split("\n")
    ):
        return None
    ran = cell.get("execution_count") is not None
    number = count if ran else None
    return new_code_cell(
        source,
        execution_count=number,
        metadata=metadata(cell),
        outputs=[] if is_removed(cell) else outputs(cell, lang, number),
    )
