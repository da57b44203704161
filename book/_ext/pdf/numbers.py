"""Numbers in print are those of the site: LaTeX is told them and counts nothing."""

from __future__ import annotations

import re
from typing import Any

from bilingual.theorems import number_of, page_of
from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

COUNTERS = {"figure": "figure", "table": "table", "code-block": "literalblock"}


def told(counter: str, number: str) -> nodes.raw:
    """LaTeX that says which number the next thing of this kind has."""
    return nodes.raw("", f"\\booknumber{{{counter}}}{{{number}}}%\n", format="latex")


class KnowThePage(SphinxPostTransform):
    """When Sphinx puts all pages into one tree, it leaves their nodes with old parents.

    What asks for the page of a node goes from parent to parent.
    """

    default_priority = 0
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Set the parents right."""
        for page in self.document.findall(addnodes.start_of_file):
            for child in page.children:
                child.parent = page


class SiteNumbers(SphinxPostTransform):
    """Write its number in front of everything that has one."""

    default_priority = 300  # after the copies of solutions are made, all titles too
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Figures, tables, listings, equations."""
        std = self.env.get_domain("std")
        for node in list(self.document.findall(nodes.Element)):
            if isinstance(node, nodes.math_block):
                if node.get("label"):
                    label = f"equation-{node['label']}"
                    number = number_of(self.env, node["docname"], "displaymath", label)
                    self.tell(node, "equation", number)
                continue
            kind = std.get_enumerable_node_type(node)
            if kind not in COUNTERS or not std.get_numfig_title(node):
                continue
            docname = page_of(node, self.env.docname)
            numbers = (number_of(self.env, docname, kind, i) for i in node["ids"])
            number = next(filter(None, numbers), "")
            if isinstance(node, nodes.figure):
                if number:
                    node.insert(0, told("figure", number))
            else:
                self.tell(node, COUNTERS[kind], number)

    def tell(self, node: nodes.Element, counter: str, number: str) -> None:
        """Put the number before the node."""
        if number:
            node.parent.insert(node.parent.index(node), told(counter, number))


class NotesTargets(SphinxPostTransform):
    """Places of the items of the notes: LaTeX drops a name in front of a figure or box."""

    default_priority = 320
    formats = ("latex",)
    names = re.compile(r"s\d+")

    def run(self, **kwargs: Any) -> None:
        """Write the label there, and take it off what comes next."""
        for target in list(self.document.findall(nodes.target)):
            found = [*target["ids"], target.get("refid", "")]
            found = [name for name in found if self.names.fullmatch(name)]
            if not found:
                continue
            after = target.next_node(nodes.Element, ascend=True, descend=False)
            while isinstance(after, nodes.target):
                after = after.next_node(nodes.Element, ascend=True, descend=False)
            if after is not None:  # docutils hands all names but the first on to it
                handed = [n for n in after["ids"] if self.names.fullmatch(n)]
                found += [name for name in handed if name not in found]
                after["ids"] = [name for name in after["ids"] if name not in found]
            page = page_of(target, self.env.docname)
            labels = "".join(
                f"\\phantomsection\\label{{\\detokenize{{{page}:{name}}}}}%\n"
                for name in found
            )
            target.replace_self(nodes.raw("", labels, format="latex"))
