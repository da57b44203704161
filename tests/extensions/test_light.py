"""A page asks for what it needs; style sheets and fonts hold nothing unused."""

import io
import re
from base64 import b64decode

import pytest
from fontTools.ttLib import TTFont
from light.code import formatter_for
from light.fonts import subset_font
from light.joined import whole
from light.styles import can_match, slim_styles, split, statements
from light.words import Words, words_of
from mathml import ASSETS
from pygments import highlight
from pygments.lexers import PythonLexer
from sphinx.errors import ExtensionError

FONT = (ASSETS / "static" / "LatinModernMath-subset.woff").read_bytes()


@pytest.fixture
def build(build_page, tmp_path):
    """A page with a style sheet of its own, in the theme of the book."""

    def build(page: str, *extensions: str, css: str = "", **conf):
        conf = {"html_css_files": ["own.css"]} | conf
        (tmp_path / "own").mkdir(exist_ok=True)
        (tmp_path / "own" / "own.css").write_text(css, "utf-8")
        (tmp_path / "own" / "unasked.txt").write_text("?", "utf-8")
        return build_page(
            page,
            "light",
            *extensions,
            html_theme="sphinx_book_theme",
            html_static_path=["own"],
            **conf,
        )

    return build


def style(built) -> str:
    return (built.outdir / "_static" / "site.css").read_text("utf-8")


def names(built, selector: str, attribute: str) -> list[str]:
    return [
        re.sub(r".*/|\?.*", "", tag[attribute])
        for tag in built.page.select(f"{selector}[{attribute}]")
    ]


def test_a_page_asks_for_no_script_of_font_awesome_and_none_of_the_search(build):
    scripts = names(build("Text."), "script", "src")
    assert "pydata-sphinx-theme.js" in scripts
    assert {"fontawesome.js", "searchindex.js"} & set(scripts) == set()


def test_what_scripts_say_in_the_page_is_one_script_and_nothing_unread(build):
    built = build("Text.", "near")
    inline = [tag.text for tag in built.page.select("script:not([src])")]
    (read,) = (text for text in inline if "document.fonts" in text)
    assert "dataset.near" in read
    assert "DOCUMENTATION_OPTIONS" not in "".join(inline)
    assert "sphinx_highlight.js" not in names(built, "script", "src")


def test_thebe_is_forgotten_although_jupyter_book_loads_it(build):
    built = build("Text.", "sphinx_thebe", thebe_config={"always_load": True})
    assert "thebe" not in str(built.page)
    assert not list(built.outdir.rglob("*thebe*"))


def test_scripts_wait_for_the_page_except_the_one_that_others_read_at_once(build):
    waiting = {
        re.sub(r".*/|\?.*", "", tag["src"]): tag.has_attr("defer")
        for tag in build("Text.").page.select("script[src]")
    }
    assert [name for name, waits in waiting.items() if not waits] == [
        "documentation_options.js"
    ]


def test_the_search_page_runs_its_scripts_in_their_order(build):
    html = (build("Text.").outdir / "search.html").read_text("utf-8")
    assert "searchindex.js" in html
    assert not re.search(r"<script defer[^>]*doctools", html)


def test_pages_ask_for_one_style_sheet_which_holds_all_in_their_order(build):
    built = build("Text.", css=".bd-main{color:red}")
    assert names(built, 'link[rel="stylesheet"]', "href") == ["site.css"]
    css = style(built)
    places = [
        css.index(part) for part in ("--pst-color-text-base", ".bd-main{color:red}")
    ]
    assert places == sorted(places)
    assert ".sphinxsidebarwrapper" not in css  # of basic.css, which the theme imports
    assert "a.headerlink" in css  # of basic.css too, and used
    assert [f.name for f in built.outdir.rglob("*.css")] == ["site.css"]


def test_a_style_sheet_for_some_media_stays_apart(build):
    sheet = ("own.css", {"media": "print"})
    built = build("Text.", css=".bd-main{top:0}", html_css_files=[sheet])
    own = built.page.select_one('link[media="print"]')
    assert "own.css" in own["href"]
    assert ".bd-main{top:0}" not in style(built)
    assert (built.outdir / "_static" / "own.css").read_text() == ".bd-main{top:0}"


def test_what_a_joined_style_sheet_imports_and_names_is_found(tmp_path):
    (tmp_path / "_static" / "deep").mkdir(parents=True)
    (tmp_path / "_static" / "base.css").write_text("a{background:url(plus.png)}")
    (tmp_path / "_static" / "deep" / "top.css").write_text(
        "@import '../base.css';@import url(own.css) print;"
        'b{background:url("own.png")}i{background:url(data:image/png;base64,AA)}'
    )
    (tmp_path / "_static" / "deep" / "own.css").write_text("u{background:url(/x.png)}")
    assert whole(tmp_path, "_static/deep/top.css") == (
        'a{background:url("plus.png")}@media print{u{background:url(/x.png)}}'
        'b{background:url("deep/own.png")}i{background:url(data:image/png;base64,AA)}'
    )


def test_a_style_sheet_that_is_not_there_is_named(build):
    with pytest.raises(ExtensionError, match=r"_static/typo\.css"):
        build("Text.", html_css_files=["typo.css"])


def test_the_theme_of_a_page_is_set_before_anything_is_painted(build):
    head = str(build("Text.").page.head)
    assert 0 < head.index("dataset") < head.index('rel="stylesheet"')


def test_rules_that_match_nothing_in_the_site_are_gone(build):
    css = ".bd-main{color:red}\n.nobody-has-this{color:blue}"
    text = style(build("Text.", css=css))
    assert ".bd-main{color:red}" in text
    assert "nobody-has-this" not in text


def test_a_class_that_a_script_in_the_page_sets_keeps_its_rules(build):
    page = '<script>document.body.classList.add("set-later")</script>'
    assert ".set-later{top:0}" in style(build(page, css=".set-later{top:0}"))


def test_what_nothing_asks_for_is_taken_out(build):
    static = build("Text.").outdir / "_static"
    assert (static / "site.css").exists()
    for name in (
        "own.css",
        "unasked.txt",
        "*.map",
        "fontawesome.js",
        "*.ttf",
        "fa-brands*",
    ):
        assert not list(static.rglob(name)), name


def test_icons_are_in_the_sheet_and_the_others_are_not(build):
    app = build("Text.")
    (face,) = re.findall(r"@font-face{[^}]*weight:900[^}]*}", style(app))
    data = re.search(r"data:font/woff;base64,([^\"]+)", face)[1]
    held = TTFont(io.BytesIO(b64decode(data))).getBestCmap()
    assert 0xF002 in held  # the magnifying glass of the search
    assert 0xF1B9 not in held  # a car
    assert len(data) < 10_000
    assert not list((app.outdir / "_static").rglob("*.woff*"))


def test_an_address_changes_with_the_content_that_a_page_needs(build, tmp_path):
    def version(page: str) -> str:
        (link,) = build(page, css=".one-x,.two-x{top:0}").page.select(
            "link[href*=site]"
        )
        return link["href"]

    assert version('<p class="one-x">') != version('<p class="one-x two-x">')


def test_a_second_build_leaves_everything_as_it_is(build):
    def state():
        outdir = build("Text.").outdir
        return {f: f.read_bytes() for f in (outdir / "_static").rglob("*.css")}

    assert state() == state()


@pytest.mark.parametrize(
    ("selector", "matches"),
    [
        ("p", True),
        (".a", True),
        (".a .c", False),
        ("#b > p", True),
        ("#c", False),
        (".a:not(.c)", True),
        (":is(.c, .d) p", True),
        (".a:has(> :is(.c))", True),
        ('[class*=".c"]', True),
        (r".a\:c", False),
    ],
)
def test_a_selector_can_match_when_all_that_it_asks_for_exists(selector, matches):
    assert can_match(selector, Words({"a", "b"})) is matches


def test_a_class_that_a_script_puts_together_is_kept():
    words = words_of([], ['element.classList.add("tip-" + side, "open")'])
    css = {"a.css": ".tip-left{top:0}\n.open{top:1px}\n.shut{top:2px}"}
    assert slim_styles(css, words) == {"a.css": ".tip-left{top:0}\n.open{top:1px}"}


def test_strings_and_addresses_do_not_confuse_the_reader_of_a_style_sheet():
    css = """/* } */ .a::after{content:"}/*"} @media print{.a{top:0}.c{top:1px}}
    .a{background:url(data:image/png;base64,AA;/=)} @import url("x.css");"""
    assert [before for before, _ in statements(css)] == [
        ".a::after",
        "@media print",
        ".a",
        '@import url("x.css")',
    ]
    slimmed = slim_styles({"": css}, Words({"a"}))[""]
    assert '.a::after{content:"}/*"}' in slimmed
    assert "@media print{.a{top:0}}" in slimmed
    assert "url(data:image/png;base64,AA;/=)" in slimmed


def test_a_rule_keeps_those_of_its_selectors_that_can_match():
    css = {"": ".a,.b:is(.c,.d),.c{top:0}"}
    assert slim_styles(css, Words({"a", "b"})) == {"": ".a,.b:is(.c,.d){top:0}"}
    assert split("a(b,c),d", ",") == ["a(b,c)", "d"]


def test_variables_animations_and_fonts_that_nothing_mentions_go():
    css = """:root{--a:1px;--b:var(--a);--c:2px;--d:3px} p{top:var(--b);animation:in 1s}
    @keyframes in{to{top:0}} @keyframes out{to{top:1px}}
    @font-face{font-family:"Used";src:url(a)} @font-face{font-family:"Not";src:url(b)}
    i{font-family:"Used"}"""
    slimmed = slim_styles({"": css}, Words(variables={"--d"}))[""]
    assert ":root{--a:1px;--b:var(--a);--d:3px}" in slimmed
    assert "@keyframes in" in slimmed
    assert "@keyframes out" not in slimmed
    assert '"Used";src:url(a)' in slimmed
    assert '"Not"' not in slimmed


def test_a_font_holds_what_is_shown_and_what_becomes_of_it():
    font = TTFont(io.BytesIO(subset_font(FONT, {"(", "𝑥"})))
    assert {"(", ")", "𝑥"} >= {chr(code) for code in font.getBestCmap()}
    assert len(font.getGlyphOrder()) > 5  # the taller brackets
    assert font["MATH"].table.MathVariants


def test_code_that_looks_like_text_has_no_span():
    styles = ("a11y-high-contrast-light", "a11y-high-contrast-dark")
    html = highlight("def f(x): return x + 1", PythonLexer(), formatter_for(styles)())
    assert '<span class="k">def</span>' in html
    assert "x</span>" not in html
