"""Claims: the sentences of a text that a computation backs, each with name, margin and value.

`claim` checks like ``assert`` and, in a notebook, leaves a record of what was measured. Whoever
publishes the notebook can collect these records into one table; nobody sees them otherwise.
"""

import operator
import sys
from typing import Any

__all__ = ["BrokenClaimError", "claim"]

MIME = "application/vnd.d2lnotes.claim+json"
# Marks the output as a value for the publisher, under the name that follows (myst-nb's glue).
RECORD = "application/papermill.record/"

RELATIONS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "in": lambda value, bounds: bounds[0] <= value <= bounds[1],
}


class BrokenClaimError(AssertionError):
    """What the text says is not what was measured."""


def claim(
    name: str,
    value: Any,
    relation: str,
    bound: Any,
    says: str,
    *,
    seeds: int | None = None,
) -> None:
    """Stop unless ``value`` stands in ``relation`` to ``bound``; record it if it does.

    Args:
        name: Its name in the ledger: lower-case words joined by hyphens, once in a book.
        value: What was measured: a number, a truth value or a tensor of one element.
        relation: One of ``< <= > >= == in``; ``in`` includes both ends.
        bound: The margin: a number or truth value; for ``in`` a pair ``(low, high)``.
        says: The sentence in short, in both languages: ``"中文 | English"``.
        seeds: Over how many random seeds the margin was tried; ``None`` where no
            randomness is involved.

    Raises:
        BrokenClaimError: If the relation does not hold; a NaN stands in no relation.
        ValueError: If ``name``, ``relation``, ``bound`` or ``says`` is not as above.

    Source:
        Appendix ``sec-claims``.

    Example:
        >>> claim("half-is-small", 0.5, "<", 0.6, "一半不大 | half is not much")
        >>> try:
        ...     claim("all-is-small", 1.0, "<", 0.6, "全部不大 | all is not much")
        ... except BrokenClaimError as error:
        ...     print(error)
        all-is-small (all is not much): 1.0 is not < 0.6
    """
    zh, separator, en = says.partition(" | ")
    if not (separator and zh.strip() and en.strip()):
        raise ValueError(f"says needs both languages, '中文 | English', got {says!r}")
    if not name or not name.replace("-", "").isalnum() or name != name.lower():
        raise ValueError(f"name is lower-case words joined by hyphens, got {name!r}")
    if relation not in RELATIONS:
        raise ValueError(f"relation is one of {' '.join(RELATIONS)}, got {relation!r}")
    pair = isinstance(bound, tuple | list)
    if pair != (relation == "in") or (pair and len(bound) != 2):
        wanted = "a pair (low, high)" if relation == "in" else "a single number"
        raise ValueError(f"bound is {wanted} for {relation!r}, got {bound!r}")
    value, bound = _plain(value), [_plain(b) for b in bound] if pair else _plain(bound)
    if not RELATIONS[relation](value, bound):
        raise BrokenClaimError(
            f"{name} ({en.strip()}): {value!r} is not {relation} {bound!r}"
        )
    _record(
        {
            "name": name,
            "value": value,
            "relation": relation,
            "bound": bound,
            "says": says,
            "seeds": seeds,
        }
    )


def _plain(value: Any) -> float | int | bool:
    """A plain number of a number, a truth value or anything with ``item``."""
    value = value.item() if hasattr(value, "item") else value
    if not isinstance(value, bool | int | float):
        raise ValueError(f"value and bound are numbers or truth values, got {value!r}")
    return value


def _record(facts: dict[str, Any]) -> None:
    """Leave the facts among the outputs of the cell, if this is a notebook."""
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        return
    from IPython.display import display

    mark = {"name": f"claim:{facts['name']}", "mime_prefix": RECORD}
    display({RECORD + MIME: facts}, raw=True, metadata={"scrapbook": mark})
