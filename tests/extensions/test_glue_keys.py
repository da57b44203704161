"""A computed value reads as people write numbers."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("value", "shown"), [("7.1e-04", "7.1×10−4"), ("1e+06", "106"), ("0.31", "0.31")]
)
def test_a_pasted_exponent_is_a_power_of_ten(build_page, value: str, shown: str):
    built = build_page(
        f"At most [{value}]{{.pasted-text}}.",
        "mathml",
        "glue_keys",
        html_math_renderer="mathml",
        myst_enable_extensions=["attrs_inline"],
    )
    assert built.page.select_one("p").text == f"At most {shown}."
    assert bool(built.page.select("p math")) == ("e" in value)
