"""Formulas are MathML in the page, and a faulty one is named."""

import mathml
import pytest


@pytest.fixture
def build(build_page):
    def build(page: str):
        built = build_page(
            page,
            "mathml",
            html_math_renderer="mathml",
            myst_enable_extensions=["dollarmath"],
        )
        return built.page, built.warnings

    return build


def test_a_formula_in_the_line_is_mathml(build):
    page, warnings = build("Let $x_1$ be.")
    assert page.select_one("p math msub").text == "x1"
    assert not warnings


def test_the_page_asks_for_no_script_of_mathjax(build):
    page, _ = build("Let $x_1$ be.")
    assert [tag["src"] for tag in page.select("script[src*=mathjax]")] == []


def test_a_displayed_formula_has_its_number_and_label(build):
    page, _ = build("$$\nx = 1\n$$ (eq-one)\n\nSee {eq}`eq-one`.")
    block = page.select_one("div.math-block#equation-eq-one")
    assert block.select_one("math")["display"] == "block"
    assert block.select_one(".eqno").text.startswith("(1)")
    assert page.select_one("p a[href='#equation-eq-one']").text == "(1)"


def test_a_faulty_formula_is_named_with_its_line(build):
    page, warnings = build("Text.\n\n$$\n\\frac{1\n$$")
    assert "index.md:5: WARNING: formula" in warnings
    assert "expected '}'" in warnings
    assert page.select_one("code.math-error").text == "\\frac{1"


def test_a_faulty_formula_is_shown_as_it_was_written(build):
    page, _ = build("$$\n\\frac{a <b> & c\n$$")
    assert page.select_one("code.math-error").text == "\\frac{a <b> & c"


@pytest.mark.parametrize(
    "tex",
    [
        r"\begin{aligned} a &= b \\ c &= d \end{aligned}",
        r"\begin{cases} 1 & \text{若 } x > 0 \\ 0 & \text{otherwise} \end{cases}",
        r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}",
        r"\underbrace{x + y}_{n}",
        r"\lVert\mathbf{w}\rVert^2 \le \rho, \quad \operatorname{sign}(z)",
    ],
)
def test_what_the_book_uses_is_understood(tex: str):
    assert mathml.to_mathml(tex, True).startswith("<math")


def test_a_very_long_formula_comes_through_whole():
    tex = r"\begin{aligned}" + r"\mathbf{W}_1 &= x \\" * 400 + r"\end{aligned}"
    assert mathml.to_mathml(tex, True).count("<mtr>") == 400


def test_lines_broken_outside_an_environment_are_lined_up():
    assert mathml.lined_up(r"a &= b \\ c &= d").startswith(r"\begin{aligned}")
    assert mathml.lined_up(r"a \\ b").startswith(r"\begin{gathered}")
    matrix = r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}"
    assert mathml.lined_up(matrix) == matrix


def test_a_comma_stays_with_the_formula_before_it(build):
    page, _ = build("设 $x$，则 $y$ 成立。")
    assert page.select_one("span.keep-together").text == "x，"


def test_an_opening_bracket_stays_with_the_formula_after_it(build):
    page, _ = build("不是一路下降的（$k=1$ 时除外），“$x$”也是。")
    boxes = [box.text for box in page.select("span.keep-together")]
    assert boxes == ["（k=1", "“x”"]
    assert page.select_one("p").text == "不是一路下降的（k=1 时除外），“x”也是。"


def test_a_comma_stays_with_a_long_formula_too(build):
    page, _ = build(
        r"设 $\mathbf{w}_{t+1}=\mathbf{w}_t-\eta\nabla\ell(\mathbf{w}_t)$，则"
    )
    assert page.select_one("span.keep-together").text.endswith("(𝐰t)，")


def test_a_line_may_end_in_a_long_formula_after_a_relation_outside_brackets(build):
    page, _ = build(r"So $f(a=b)+g(c) \le \lVert h-k\rVert+m(n)$ and $x=y$.")
    assert [piece.text for piece in page.select("p math")] == [
        "f(a=b)+g(c)≤",
        "‖h−k‖+m(n)",
        "x=y",
    ]
    assert page.select_one("math + span.math-break + math")
    assert len(page.select("span.math-break")) == 1


def test_a_line_does_not_begin_with_what_is_left_of_a_formula(build):
    page, _ = build(r"So $f(a)+g(b)+h(c)+k(d) = 0$.")
    assert page.select("p math")[-1].text.endswith("=0")


def test_a_big_bracket_is_no_sign_of_operation(build):
    page, _ = build(r"$2\bigl(a + b\bigr)$")
    brackets = page.select("mo[minsize]")
    assert [(mo.text, mo["lspace"], mo["rspace"]) for mo in brackets] == [
        ("(", "0em", "0em"),
        (")", "0em", "0em"),
    ]


def test_dots_and_circles_say_their_spaces_and_size(build):
    page, _ = build(r"$a, \ldots, b \odot c \cdots d$")
    dots, circle, centred = page.select("mo:is([rspace='0.1667em'], [largeop])")
    assert (dots.text, dots["lspace"]) == ("…", "0em")
    assert (circle.text, circle["largeop"]) == ("⊙", "false")
    assert (centred.text, centred["lspace"]) == ("⋯", "0.1667em")


def test_words_in_a_formula_have_no_font_of_their_own():
    # Firefox shows a subscript at full size if its element changes the kind of font.
    style = (mathml.ASSETS / "static" / "mathml.css").read_text("utf-8")
    assert "mtext" not in style


def test_a_relation_at_the_end_keeps_its_spaces(build):
    page, _ = build(r"about $1/3 \approx$ 0.3")
    assert page.select_one("mo[form=infix]").text == "≈"


def test_marks_between_equal_formulas_are_neither_lost_nor_doubled(build):
    page, _ = build("For $j$, $k$, $j$, $k$ and $j$, too.")
    assert page.select_one("p").text == "For j, k, j, k and j, too."


def test_the_font_ships_with_the_page(build):
    page, _ = build("$x$")
    style = page.select_one("link[href*='mathml.css']")["href"].split("?")[0]
    assert style == "_static/mathml.css"
    assert "http" not in (mathml.ASSETS / "static" / "mathml.css").read_text("utf-8")
