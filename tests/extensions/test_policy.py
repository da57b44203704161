"""A page says what it may run and load, and keeps to it."""

import base64
import hashlib
import re

import pytest
from policy import secured


@pytest.fixture
def build(build_page):
    return lambda page, **conf: build_page(
        page, "policy", html_theme="sphinx_book_theme", **conf
    )


def test_every_script_inside_a_page_is_allowed_by_its_hash(build):
    built = build("Text.")
    (meta,) = built.page.select("meta[http-equiv=Content-Security-Policy]")
    inside = [
        tag.string
        for tag in built.page.select("script:not([src])")
        if (tag.string or "").strip()
    ]
    assert inside
    for script in inside:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in meta["content"]


def test_no_other_script_may_run_and_no_other_host_be_asked(build):
    (meta,) = build("Text.").page.select("meta[http-equiv=Content-Security-Policy]")
    rules = dict(rule.split(" ", 1) for rule in meta["content"].split("; "))
    assert "unsafe" not in rules["script-src"]
    assert rules["default-src"] == "'self' file:"
    assert rules["frame-src"] == "https://player.bilibili.com"
    assert not re.search(r"\*|https?:", rules["script-src"] + rules["img-src"])


def test_the_policy_stands_before_anything_that_it_rules(build):
    head = str(build("Text.").page.head)
    first = min(head.index(tag) for tag in ("<script", "<link"))
    assert head.index("Content-Security-Policy") < first


def test_no_button_runs_a_script_of_its_own(build):
    page = build("Text.").page
    assert not page.select("[onclick]")
    assert page.select_one("[data-run=toggleFullScreen]")


def test_a_script_that_is_no_script_needs_no_hash():
    data = '<meta charset="utf-8"><script type="text/x-config">{}</script>'
    assert "sha256" not in secured(data)


def test_sphinxs_scripts_make_no_function_of_a_text(build):
    static = build("Text.").outdir / "_static"
    for script in static.glob("*.js"):
        assert "new Function" not in script.read_text("utf-8"), script.name
