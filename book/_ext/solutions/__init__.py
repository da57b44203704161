"""All solutions once more, together: ``{solutions} page …`` copies them from their pages.

A copy is made when its page is written, so it is what the reader of the chapter sees,
unfolded: text, code, outputs, figures. Names in it get a prefix, and what they number
keeps its number. ``{exercise-list}`` lists every exercise with the way to its solution.
A page of the site brings its own when the first is opened (`brought`).
Delete this when `sphinx-exercise` can print solutions in a second place.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from . import brought, collected, copies, directives, exercise_list, pairs

__all__ = ["setup"]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register directives, nodes, transforms and hooks."""
    app.setup_extension("sphinx_exercise")
    app.setup_extension("places")
    app.add_node(directives.solutions)
    app.add_node(directives.exercise_list)
    app.add_node(copies.copied_from, latex=(copies.open_copy, copies.close_copy))
    app.add_directive("solutions", directives.Solutions)
    app.add_directive("exercise-list", directives.ExerciseList)
    app.add_post_transform(copies.CopySolutions)
    app.add_post_transform(exercise_list.ListExercises)
    app.add_post_transform(brought.MarkSolutions)
    app.connect("config-inited", brought.add_assets)
    app.connect("builder-inited", brought.keep_all_apart, priority=900)
    app.connect("env-updated", collected.write_again)
    app.connect("env-updated", collected.check)
    app.connect("env-updated", pairs.check)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
