"""Theorems, proofs, exercises and solutions carry their labels in both languages."""

import re

import pytest

THEOREM = """# 题 | Title

:::{prf:theorem} 收敛 $r$ | Convergence $r$
:label: thm-a

感知机会停。

The perceptron stops.
:::

:::{prf:proof}
显然。

Obvious.
:::

:::{prf:lemma}
:nonumber:

好。

Good.
:::

由{prf:ref}`thm-a`。

By {prf:ref}`thm-a`.
"""
EXERCISE = """# 题 | Title

:::{exercise} ★ 间隔 | The margin
:label: ex-a

证明。

Prove it.
:::

:::{solution} ex-a
:label: sol-a
:class: dropdown

显然。

Obvious.
:::

见{ref}`ex-a`与{ref}`sol-a`。

See {ref}`ex-a` and {ref}`sol-a`.
"""
GATED = """# 题 | Title

:::{exercise} 间隔 | The margin
:label: ex-a

证明。

Prove it.
:::

:::{solution-start} ex-a
:label: sol-a
:::

显然。

Obvious.

:::{solution-end}
:::
"""


@pytest.fixture
def theorem(build):
    return lambda **options: build(THEOREM, use=["sphinx_proof"], **options)


@pytest.fixture
def exercise(build):
    return lambda text=EXERCISE, **options: build(
        text, use=["sphinx_exercise"], **options
    )


def test_a_theorem_has_a_whole_title_in_each_language(theorem):
    built = theorem()
    assert built.warnings == []
    assert built.halves(".theorem .admonition-title") == (
        r"定理 1（收敛 \(r\)）",
        r"Theorem 1 (Convergence \(r\))",
    )


def test_a_theorem_without_a_number_is_named_too(theorem):
    assert theorem().halves(".lemma .admonition-title") == ("引理", "Lemma")


def test_a_theorem_keeps_its_label_as_anchor(theorem):
    assert theorem().page().select_one("#thm-a.admonition.proof.theorem")


def test_a_proof_begins_in_the_language_of_its_paragraph(theorem):
    proof = theorem().page().select_one(".proof.admonition:not(.theorem):not(.lemma)")
    assert [p.text for p in proof.select("p")] == ["证明。显然。", "Proof. Obvious."]


def test_a_reference_to_a_theorem_has_the_language_of_its_block(theorem):
    page = theorem().page()
    assert page.select("p.zh")[-1].text == "由定理 1。"
    assert page.select("p.en")[-1].text == "By Theorem 1."


def test_an_exercise_has_a_whole_title_in_each_language(exercise):
    built = exercise()
    assert built.warnings == []
    assert built.halves(".exercise .admonition-title") == (
        "练习 1（★ 间隔）",
        "Exercise 1 (★ The margin)",
    )


@pytest.mark.parametrize("text", [EXERCISE, GATED])
def test_a_solution_names_its_exercise_in_each_language(exercise, text):
    built = exercise(text)
    assert built.warnings == []
    zh, en = built.halves(".solution .admonition-title")
    assert zh.startswith("练习 1 的解答（")
    assert zh.endswith("间隔）")
    assert en == zh.replace("练习 1 的解答（", "Solution to Exercise 1 (").replace(
        "间隔）", "The margin)"
    )


def test_the_title_of_a_solution_links_to_its_exercise(exercise):
    links = exercise().page().select(".solution .admonition-title a")
    assert {a["href"] for a in links} == {"#ex-a"}


def test_the_body_of_a_gated_solution_is_paired(exercise):
    page = exercise(GATED).page()
    assert page.select_one(".solution p.zh").text == "显然。"


def test_references_to_exercise_and_solution_have_the_language_of_their_block(exercise):
    page = exercise().page()
    assert page.select("p.zh")[-1].text == "见练习 1与练习 1 的解答。"
    assert page.select("p.en")[-1].text == "See Exercise 1 and Solution to Exercise 1."


def test_a_solution_on_another_page_is_referred_to_in_the_language_of_the_block(
    exercise,
):
    other = "# 乙 | B\n\n见{ref}`sol-a`。\n\nSee {ref}`sol-a`.\n"
    toc = "\n```{toctree}\nother\n```\n"
    page = exercise(EXERCISE + toc, pages={"other": other}).page("other")
    assert page.select_one("p.zh").text == "见练习 1 的解答。"
    assert page.select_one("p.en").text == "See Solution to Exercise 1."


def test_a_reference_to_a_theorem_without_a_number_is_its_name(build):
    page = THEOREM.replace(":nonumber:", ":nonumber:\n:label: lem-a").replace(
        "`thm-a`", "`lem-a`"
    )
    built = build(page, use=["sphinx_proof"])
    assert built.page().select("p.zh")[-1].text == "由引理。"
    assert built.page().select("p.en")[-1].text == "By Lemma."


def test_a_reference_to_no_theorem_is_told(build):
    built = build(THEOREM.replace("`thm-a`", "`thm-b`"), use=["sphinx_proof"])
    assert any("thm-b" in line for line in built.warnings)


def test_a_proof_that_begins_with_a_formula_is_labelled_in_both_languages(build):
    page = THEOREM.replace("显然。", "$x$ 小。").replace("Obvious.", "$x$ is small.")
    proof = build(page, use=["sphinx_proof"]).page().select(".proof p")
    found = [p.text for p in proof if p.text.startswith(("证明", "Proof"))]
    assert found == [r"证明。\(x\) 小。", r"Proof. \(x\) is small."]


def test_a_proof_of_formulas_alone_has_no_label(build):
    page = THEOREM.replace("显然。\n\nObvious.", "$$\nx\n$$")
    assert "证明。" not in build(page, use=["sphinx_proof"]).html()


def test_a_solution_of_no_exercise_is_told_and_keeps_the_page_whole(exercise):
    text = EXERCISE.replace("{solution} ex-a", "{solution} ex-b").split("见")[0]
    built = exercise(text)
    assert any("ex-b" in line for line in built.warnings)
    assert built.page().select_one(".solution p.zh").text == "显然。"


def test_an_exercise_without_title_is_told(exercise):
    built = exercise(EXERCISE.replace(" | The margin", ""))
    assert "index.md:3: WARNING: “★ 间隔” has no English" in built.warnings[0]


@pytest.mark.parametrize(("mode", "other"), [("zh", "Theorem"), ("en", "定理")])
def test_an_edition_names_theorems_in_its_language(theorem, mode, other):
    html = theorem(bilingual_mode=mode).html()
    assert other not in html


@pytest.mark.parametrize(("mode", "other"), [("zh", "Exercise"), ("en", "练习")])
def test_an_edition_names_exercises_in_its_language(exercise, mode, other):
    page = exercise(bilingual_mode=mode).page()
    assert other not in page.select_one("div.body").text


@pytest.mark.parametrize(
    ("mode", "name"),
    [
        ("both", "定理 1（收敛"),
        ("zh", "定理 1（收敛"),
        ("en", "Theorem 1 (Convergence"),
    ],
)
def test_latex_names_theorems_in_the_language_of_the_edition(theorem, mode, name):
    built = theorem(builder="latex", bilingual_mode=mode)
    (file,) = built.app.outdir.glob("*.tex")
    assert re.search(rf"{{note}}{{\s*{re.escape(name)}", file.read_text("utf-8"))


def test_a_page_in_a_single_file_is_written_too(exercise):
    built = exercise(builder="singlehtml")
    assert built.halves(".exercise .admonition-title")[0] == "练习 1（★ 间隔）"
