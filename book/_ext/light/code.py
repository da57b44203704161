"""Code without spans that colour nothing.

Pygments marks every name, bracket and space; in our two styles most of them have the
colour of the code around them. That is a seventh of a page.
"""

from __future__ import annotations

from typing import Any

from pygments.formatters import HtmlFormatter
from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES, Text
from sphinx.application import Sphinx


def quiet_types(style_names: tuple[str, ...]) -> set[Any]:
    """The kinds of token that look like plain text in all these styles."""
    styles = [get_style_by_name(name) for name in style_names]
    return {
        kind
        for kind in STANDARD_TYPES
        if all(s.style_for_token(kind) == s.style_for_token(Text) for s in styles)
    }


def formatter_for(style_names: tuple[str, ...]) -> type[HtmlFormatter]:
    """Pygments' formatter that leaves plain text unmarked."""
    quiet = quiet_types(style_names)

    class QuietFormatter(HtmlFormatter):
        def _get_css_classes(self, ttype: Any) -> str:
            return "" if ttype in quiet else super()._get_css_classes(ttype)

    return QuietFormatter


def quiet_code(app: Sphinx) -> None:
    """Format the site's code this way, for the theme's light and dark style."""
    builder = app.builder
    if builder.format != "html" or not hasattr(builder, "theme"):
        return
    options = {**builder.theme.get_options(), **builder.theme_options}
    names = tuple(options.get(f"pygments_{mode}_style") for mode in ("light", "dark"))
    if all(names):
        builder.highlighter.formatter = formatter_for(names)
