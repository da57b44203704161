"""The menu of downloads in a page's header: the theme's, or one of ours where it has none."""

from __future__ import annotations

from typing import Any

LABEL = "download-buttons"


def download_menu(groups: list[dict[str, Any]]) -> dict[str, Any]:
    """The menu among the groups of buttons of a header, put there if it is missing.

    Example:
        >>> groups = []
        >>> download_menu(groups)["buttons"].append({"label": "pdf"})
        >>> [button["label"] for button in download_menu(groups)["buttons"]]
        ['pdf']
    """
    for group in groups:
        if group.get("label") == LABEL:
            return group
    group = {
        "type": "group",
        "tooltip": "下载 | Download",
        "icon": "fas fa-download",
        "buttons": [],
        "label": LABEL,
    }
    groups.insert(0, group)
    return group
