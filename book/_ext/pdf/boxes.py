"""Boxes in print: theorems, proofs, exercises, solutions, corrections."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.latex import LaTeXTranslator

# What prints nothing itself: marks of languages, names.
SILENT = (nodes.raw, nodes.target, nodes.comment)
# What a proof may end in that ends in a paragraph itself.
HOLDERS = (nodes.Sequential, nodes.list_item, nodes.admonition, nodes.container)


def take_over(app: Sphinx) -> None:
    """Set the boxes of sphinx-proof and sphinx-exercise as LaTeX environments."""
    if app.builder.format != "latex":
        return
    import sphinx_exercise.nodes as exercises
    import sphinx_proof.nodes as proofs

    theorems = set(proofs.NODE_TYPES.values()) - {proofs.proof_node}
    for kind in theorems:
        app.add_node(kind, override=True, latex=(open_box("booktheorem"), close_box))
    app.add_node(proofs.proof_node, override=True, latex=(open_proof, close_proof))
    for name in ("exercise_node", "exercise_enumerable_node"):
        kind = getattr(exercises, name)
        app.add_node(kind, override=True, latex=(open_box("bookexercise"), close_box))
    app.add_node(
        exercises.solution_node,
        override=True,
        latex=(open_box("booksolution"), close_box),
    )
    app.add_node(
        exercises.exercise_latex_number_reference,
        override=True,
        latex=(exercise_link, pass_by),
    )
    app.add_node(
        nodes.admonition, override=True, latex=(open_admonition, close_admonition)
    )


class RoomBelowHeadings(SphinxPostTransform):
    """A heading takes the beginning of the box below it along to the next page."""

    default_priority = 330
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Ask for the room in front of the heading: behind it would be too late."""
        for section in list(self.document.findall(nodes.section)):
            below = [n for n in section.children[1:] if not isinstance(n, SILENT)]
            if below and isinstance(below[0], nodes.Admonition):
                room = "\n\\needspace{\\bookboxroom}\n"
                at = section.parent.index(section)
                section.parent.insert(at, nodes.raw("", room, format="latex"))


def exercise_link(self: Any, node: nodes.Element) -> None:
    """A reference to an exercise; its box has the name that Sphinx gives any other."""
    registry = getattr(self.builder.env, "sphinx_exercise_registry", {})
    exercise = registry.get(node["refid"])
    if exercise is None:
        return
    label = f"{exercise['docname']}:{node['refid']}"
    self.body.append(f"\\hyperref[\\detokenize{{{label}}}]{{")
    for child in node.children:
        child.walkabout(self)
    self.body.append("}")
    raise nodes.SkipNode


def pass_by(self: Any, node: nodes.Element) -> None:
    """Nothing is left to write."""


def open_box(environment: str) -> Any:
    """A visitor that opens ``environment`` with the node's title as its argument."""

    def visit(self: Any, node: nodes.Element) -> None:
        for name in node["ids"]:
            self.body.append(self.hypertarget(name))
        self.body.append(
            f"\n\\needspace{{7\\baselineskip}}\n\\begin{{{environment}}}{{"
        )
        title = next((c for c in node.children if isinstance(c, nodes.title)), None)
        if title is not None:
            for child in title.children:
                child.walkabout(self)
            node.remove(title)
        self.body.append("}\n")
        self.no_latex_floats += 1  # a box cannot hold a figure that floats
        node["pdf_environment"] = environment

    return visit


def close_box(self: Any, node: nodes.Element) -> None:
    """Close it."""
    self.no_latex_floats -= 1
    self.body.append(f"\n\\end{{{node['pdf_environment']}}}\n")


def open_admonition(self: Any, node: nodes.Element) -> None:
    """A correction to the notes has a box of its own; others are boxes for notes."""
    if type(node.parent).__name__ == "proof_node":  # the proof's text, no box
        node["pdf_environment"] = ""
        return
    kind = "bookcorrection" if "correction" in node["classes"] else "booknote"
    open_box(kind)(self, node)


def close_admonition(self: Any, node: nodes.Element) -> None:
    """Close it."""
    if node["pdf_environment"]:
        close_box(self, node)


def open_proof(self: LaTeXTranslator, node: nodes.Element) -> None:
    """A proof is running text with a mark at its end, if it can be in its last line."""
    paragraph = last_paragraph(node)
    node["pdf_mark"] = paragraph is None
    if paragraph is not None:
        paragraph += nodes.raw("", "\\bookqed{}", format="latex")
    self.body.append("\n\\begin{bookproof}\n")


def close_proof(self: LaTeXTranslator, node: nodes.Element) -> None:
    """Close it."""
    mark = "\n\\bookqed" if node["pdf_mark"] else ""
    self.body.append(f"{mark}\n\\end{{bookproof}}\n")


def last_paragraph(node: nodes.Element) -> nodes.paragraph | None:
    """The paragraph that ends a node, in whatever list; none if a display does."""
    for child in reversed(node.children):
        if isinstance(child, nodes.paragraph):
            return child
        if isinstance(child, SILENT):
            continue
        if isinstance(child, HOLDERS):
            return last_paragraph(child)
        break
    return None
