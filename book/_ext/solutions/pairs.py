"""Every exercise has its solution, and every solution its exercise."""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

logger = logging.getLogger(__name__)

NAMED = r"^:label: +{}\s*$"
NAMELESS = r"^.*\{exercise(?:-start)?\}.*\n(?!(?::.*\n)*:label:)"
SOLVES = r"^.*\{{solution(?:-start)?\}} +{}\s*$"


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """Tell of each that stands alone."""
    registry = getattr(env, "sphinx_exercise_registry", {})
    solved = {row["node"].get("target_label") for row in registry.values()} - {None}
    for name, row in sorted(registry.items()):
        docname, target = row["docname"], row["node"].get("target_label")
        text = Path(env.doc2path(docname)).read_text("utf-8")
        if target is None and name not in solved:
            line = line_of(NAMED.format(re.escape(name)), text)
            told = (
                f"exercise {name} has no solution: write a {{solution}} {name} below it"
            )
            if not line:
                line = line_of(NAMELESS, text)
                told = "an exercise without a name: give it `:label: ex-…`"
        elif target is not None and target not in registry:
            line = line_of(SOLVES.format(re.escape(target)), text)
            told = f"there is no exercise {target} to this solution: correct its name"
        else:
            continue
        logger.warning(
            told, location=(docname, line or 1), type="solutions", subtype="alone"
        )


def line_of(pattern: str, text: str) -> int:
    """The line where a pattern begins; 0 if it is nowhere."""
    found = re.search(pattern, text, re.M)
    return text.count("\n", 0, found.start()) + 1 if found else 0
