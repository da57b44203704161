"""Find the twins: a Chinese block and, right after it, an English one of the same kind."""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes

from .parity import compare
from .report import Fault, Reporter
from .texts import HAN, script_of
from .titles import STUCK, TITLES
from .trees import NEUTRAL, mark, mark_of, prose, twins

# Between twins these do not count.
SILENT = (
    nodes.target,
    nodes.comment,
    nodes.substitution_definition,
    nodes.system_message,
    nodes.docinfo,
    nodes.field_list,
    nodes.Text,
    addnodes.index,
)
LISTS = (
    nodes.bullet_list,
    nodes.enumerated_list,
    nodes.definition_list,
    nodes.block_quote,
)
# A block of these kinds may be one of two twins; every other block stands once.
PROSE = (*LISTS, nodes.paragraph, nodes.table, nodes.line_block)


class Pairing:
    """Walks a page and marks the twins, noting every block that has none."""

    def __init__(self, reporter: Reporter) -> None:
        self.reporter = reporter

    def language(self, node: nodes.Element, *, waiting: bool) -> str | None:
        """``zh``, ``en``, ``both`` (look inside) or ``None`` (serves both)."""
        if NEUTRAL in node["classes"]:
            return None
        if mark_of(node):
            return mark_of(node)
        if isinstance(node, nodes.paragraph):
            if STUCK.search(prose(node)):
                return None  # noted already
            lang = script_of(prose(node, also_marked=False), waiting=waiting)
            return lang or ("both" if any(map(mark_of, node.children)) else None)
        if any(mark_of(n) for n in node.findall(nodes.Element)):
            return "both"
        leaves = (nodes.paragraph, nodes.term, nodes.line)
        texts = [prose(n) for n in node.findall(nodes.Element) if isinstance(n, leaves)]
        found = {script_of(text, waiting=waiting) for text in texts} - {None}
        if isinstance(
            node, nodes.table
        ):  # names and symbols stay Latin in Chinese rows
            if "zh" in found:
                return "zh"
            return "en" if waiting and found else ("both" if found else None)
        return "both" if len(found) > 1 else next(iter(found), None)

    def walk(self, parent: nodes.Element) -> None:
        """Pair the children of ``parent``, then what is inside them."""
        if isinstance(parent, nodes.figure):
            self.figure(parent)
        waiting: nodes.Element | None = None
        for node in list(parent.children):
            if isinstance(node, (*SILENT, *TITLES)):
                continue
            lang = self.kind(node, waiting)
            if lang == "en":
                self.english(node, waiting)
                waiting = None
                continue
            if waiting is not None:
                self.lonely(waiting)
            waiting = node if lang == "zh" else None
            if lang == "both" and not isinstance(node, nodes.paragraph):
                self.walk(node)
        if waiting is not None:
            self.lonely(waiting)

    def kind(self, node: nodes.Element, waiting: nodes.Element | None) -> str | None:
        """Like :meth:`language`, for any child of a container."""
        if NEUTRAL in node["classes"]:
            return None
        if node.get("nb_element") == "mime_bundle":
            return self.output(node)
        if node.get("nb_element") == "cell_code_source" or isinstance(
            node, nodes.image
        ):
            return None
        if isinstance(node, (nodes.raw, nodes.math_block)):
            return self.shared(node)
        if isinstance(node, nodes.FixedTextElement):  # code
            return None
        if not isinstance(node, PROSE):
            return mark_of(node) or "both"
        lang = self.language(node, waiting=type(node) is type(waiting))
        whole = lang != "zh" or not isinstance(node, LISTS) or self.has_twin(node)
        return lang if whole else "both"

    def has_twin(self, node: nodes.Element) -> bool:
        """Whether a Chinese list is followed by an English one; else pair its items."""
        after = node.parent.children[node.parent.index(node) + 1 :]
        following = next((n for n in after if not isinstance(n, SILENT)), None)
        if type(following) is not type(node):
            return False
        return self.language(following, waiting=True) == "en"

    def english(self, node: nodes.Element, waiting: nodes.Element | None) -> None:
        """An English block: the twin of the waiting Chinese one, if of its kind."""
        if type(node) is type(waiting):
            compare(self.reporter, waiting, node)
            mark(waiting, "zh")
        else:
            if waiting is not None:
                self.lonely(waiting)
            self.reporter.note(
                node,
                Fault.NO_CHINESE,
                "an English block with no Chinese block of its kind just before it:"
                f" {excerpt(node)} (mark it {{.neutral}} if it serves both languages)",
            )
        mark(node, "en")

    def lonely(self, node: nodes.Element) -> None:
        """A Chinese block that nothing English follows."""
        self.reporter.note(
            node,
            Fault.NO_ENGLISH,
            "a Chinese block with no English twin of its kind right after it:"
            f" {excerpt(node)}",
        )
        mark(node, "zh")

    def output(self, bundle: nodes.Element) -> None:
        """Of a cell's output only Markdown is prose."""
        for form in bundle.children:
            if form.get("mime_type") == "text/markdown":
                self.walk(form)

    def shared(self, node: nodes.Element) -> None:
        """An equation or raw HTML stands once: it cannot be Chinese."""
        text = node.astext()
        if HAN.search(text) and not ('class="zh' in text or NEUTRAL in node["classes"]):
            what = "raw HTML" if isinstance(node, nodes.raw) else "an equation"
            self.reporter.note(
                node,
                Fault.SHARED,
                f"Chinese in {what}, which both languages share: {excerpt(node)}",
            )

    def figure(self, figure: nodes.figure) -> None:
        """Caption in Chinese, then a paragraph in English: make them one caption."""
        caption = next(iter(figure.findall(nodes.caption)), None)
        if caption is None or any(map(mark_of, caption.children)):
            return
        legend = next(iter(figure.findall(nodes.legend)), None)
        lang = script_of(prose(caption))
        if lang == "en":
            self.reporter.note(
                caption,
                Fault.NO_CHINESE,
                f"a caption without Chinese: {excerpt(caption)}",
            )
        if lang != "zh":
            return
        first = legend[0] if legend is not None and legend.children else None
        if not (
            isinstance(first, nodes.paragraph)
            and self.language(first, waiting=True) == "en"
        ):
            self.reporter.note(
                caption,
                Fault.NO_ENGLISH,
                f"a caption with no English paragraph after it: {excerpt(caption)}",
            )
            return
        compare(self.reporter, caption, first)
        legend.remove(first)
        if not legend.children:
            figure.remove(legend)
        chinese = caption.children
        caption.children = []
        caption.extend(twins(chinese, first.children))


def excerpt(node: nodes.Node) -> str:
    """The first words of a block, to find it by."""
    words = " ".join((prose(node).strip() or node.astext().strip()).split())
    return f"{words[:24]} …" if len(words) > 24 else words
