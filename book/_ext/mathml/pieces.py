"""A long formula in the line, cut where a line may end, as TeX cuts it.

Browsers break no line inside a ``<math>`` element, and a phone's line has room for some
thirty signs. Pure: takes and gives strings. Delete this when browsers break such lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

Row = list[ElementTree.Element]

# In a box that does not break; Firefox asks the parent of a `<wbr>` whether it may.
MAY_BREAK = '<span class="math-break"><wbr></span>'
LONG, VERY_LONG = 16, 24  # signs; a shorter formula stays whole
SHORT = 3  # signs; fewer do not stand alone in the last line
RELATIONS = frozenset("=≠≤≥<>≪≫≈≡∼∝∈→↦⇒⇔⟹⟺⊂⊆⊥∣≔")
OPERATIONS = frozenset("+−±×⋅·,")
SPACES = frozenset(" ")


def shown(element: ElementTree.Element) -> str:
    """Its signs."""
    return "".join(element.itertext())


def length(row: Row) -> int:
    """How many signs it shows."""
    return sum(len(shown(element)) for element in row)


def cut(row: Row, after: frozenset[str]) -> Iterator[Row]:
    """A row of elements cut after each of the signs, or spaces, outside brackets."""
    part: Row = []
    brackets = bars = 0
    rest = length(row)
    for element in row:
        for sign in shown(element):
            brackets += (sign in "([{⟨⌊⌈") - (sign in ")]}⟩⌋⌉")
            bars += sign in "|‖"
        part.append(element)
        rest -= len(shown(element))
        mark = {"mo": element.text, "mspace": " "}.get(element.tag)
        ends = mark in after
        if ends and not (brackets or bars % 2) and len(part) > 1 and rest >= SHORT:
            yield part
            part = []
    if part:
        yield part


def in_pieces(mathml: str) -> str:
    """The formula as one ``<math>`` element, or as some with :data:`MAY_BREAK` between.

    Example:
        >>> def formula(a, b):
        ...     row = f"<mi>{a}</mi><mo>=</mo><mi>{b}</mi>"
        ...     return f"<math><mrow>{row}</mrow></math>"
        >>> in_pieces(formula("a", "b")) == formula("a", "b")
        True
        >>> in_pieces(formula("a long one", "another one")).split("</math>")[0]
        '<math><mrow><mi>a long one</mi><mo form="infix">=</mo></mrow>'
    """
    math = ElementTree.fromstring(mathml)
    if len(math) != 1 or math[0].tag != "mrow" or math[0].attrib:
        return mathml
    rows = [list(math[0])]
    for after, most in (RELATIONS, LONG), (OPERATIONS, LONG), (SPACES, VERY_LONG):
        rows = [
            part
            for row in rows
            for part in (cut(row, after) if length(row) > most else [row])
        ]
    for row in rows:  # a sign at an end keeps the spaces that it has between its sides
        for end in (row[0], row[-1]):
            if end.tag == "mo" and end.text in RELATIONS:
                end.set("form", "infix")
        if row is not rows[-1] and row[-1].tag == "mo":
            row[-1].set("form", "infix")
    pieces = []
    for row in rows:
        piece = ElementTree.Element("math", math.attrib)
        ElementTree.SubElement(piece, "mrow").extend(row)
        pieces.append(ElementTree.tostring(piece, "unicode"))
    return MAY_BREAK.join(pieces)
