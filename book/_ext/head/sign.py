"""The book's sign, in the tab of the browser and above the table of contents."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

HERE = Path(__file__).parent


def add_sign(app: Sphinx, config: Config) -> None:
    """A network of three layers, drawn in the colours of the figures."""
    config.html_static_path = [*config.html_static_path, str(HERE / "static")]
    config.templates_path = [*config.templates_path, str(HERE / "templates")]
    config.html_favicon = config.html_favicon or str(HERE / "static" / "sign.svg")
    app.add_css_file("head.css")
    logo = {"image_light": "_static/sign.svg", "image_dark": "_static/sign.svg"}
    config.html_theme_options.setdefault(
        "logo", {**logo, "text": config.html_title, "alt_text": ""}
    )
