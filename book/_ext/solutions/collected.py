"""Which page collects whose solutions; when it is written again, and what it lacks."""

from __future__ import annotations

from collections.abc import Iterator

from places import changed, toc_order
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

logger = logging.getLogger(__name__)

COLLECTS = "solutions"  # name of the metadata: whose solutions a page collects


def collected(env: BuildEnvironment) -> dict[str, list[str]]:
    """Page that collects -> the pages it collects from, in reading order."""
    order = toc_order(env)
    pages = {
        doc: data[COLLECTS] for doc, data in env.metadata.items() if COLLECTS in data
    }
    return dict(sorted(pages.items(), key=lambda page: order.get(page[0], len(order))))


def exercises(env: BuildEnvironment, docname: str) -> Iterator[tuple[str, str]]:
    """Label of each exercise of a page that has a solution, and that of the solution."""
    registry = getattr(env, "sphinx_exercise_registry", {})
    for name, row in registry.items():
        target = row["node"].get("target_label")
        if row["docname"] == docname and target in registry:
            yield target, name


def anchor(exercise: str) -> str:
    """Where the copy of an exercise's solution stands."""
    return f"solution-{exercise}"


def write_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The collections of which a source was read again or numbered anew."""
    again = []
    for docname, sources in collected(env).items():
        state = [
            (
                env.all_docs.get(page),
                repr(env.toc_fignumbers.get(page)),
                repr(env.toc_secnumbers.get(page)),
            )
            for page in sources
        ]
        if changed(app, f"solutions {docname}", state):
            again.append(docname)
    return again


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """Every solution is collected once, if any is."""
    found = [source for sources in collected(env).values() for source in sources]
    if not found:
        return
    registry = getattr(env, "sphinx_exercise_registry", {})
    having = {
        row["docname"] for row in registry.values() if "target_label" in row["node"]
    }
    for docname in sorted(having - set(found)):
        logger.warning(
            "this page has solutions that no page collects: name it in a {solutions}",
            location=docname,
            type="solutions",
            subtype="missing",
        )
    for docname, sources in collected(env).items():
        for source in sources:
            if source not in having:
                logger.warning(
                    "{solutions} names %s, which has no solutions",
                    source,
                    location=docname,
                    type="solutions",
                    subtype="empty",
                )
            if found.count(source) > 1:
                logger.warning(
                    "{solutions} names %s, which is collected more than once",
                    source,
                    location=docname,
                    type="solutions",
                    subtype="twice",
                )
