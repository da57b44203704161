"""The one home of matplotlib and IPython: one style, charts, networks, images.

``use_style()`` first; then ``fig, ax = figure()`` and a drawing function or two, all of
which take and return Axes. Every colour is one of ``PALETTE``, which the site's dark
mode exchanges; every label carries both languages, ``"轮 | epoch"``.
"""

from d2lnotes.plotting.charts import (
    boundary,
    confusion,
    curves,
    heatmap,
    history,
    images,
    regions,
    scatter_classes,
)
from d2lnotes.plotting.course import Animator, plot, set_axes
from d2lnotes.plotting.network import network
from d2lnotes.plotting.style import (
    COLORS,
    PALETTE,
    figure,
    is_styled,
    use_style,
    use_svg,
)

__all__ = [
    "COLORS",
    "PALETTE",
    "Animator",
    "boundary",
    "confusion",
    "curves",
    "figure",
    "heatmap",
    "history",
    "images",
    "is_styled",
    "network",
    "plot",
    "regions",
    "scatter_classes",
    "set_axes",
    "use_style",
    "use_svg",
]
