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
from d2lnotes.plotting.network import network
from d2lnotes.plotting.style import COLORS, PALETTE, figure, use_style

__all__ = [
    "COLORS",
    "PALETTE",
    "boundary",
    "confusion",
    "curves",
    "figure",
    "heatmap",
    "history",
    "images",
    "network",
    "regions",
    "scatter_classes",
    "use_style",
]
