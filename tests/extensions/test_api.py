"""Docstrings become a page that mixes with the book's."""

from api import translate

MODULE = '''
"""A module."""


def half(x):
    """Half of $x$, chapter ``sec-here``.

    Args:
        x: Any number.

    Returns:
        $x/2$.

    Source:
        Known.
    """
'''
PAGE = (
    ":::{container} neutral\n```{eval-rst}\n.. automodule:: %s\n   :members:\n```\n:::"
)


def build(build_page, tmp_path, monkeypatch, name, **conf):
    monkeypatch.syspath_prepend(tmp_path)
    return build_page(
        f"(sec-here)=\n## 这里 | Here\n\n{PAGE % name}",
        "bilingual",
        "api",
        files={f"{name}.py": MODULE},
        language="zh_CN",
        myst_enable_extensions=["colon_fence"],
        **conf,
    )


def test_mathematics_and_sections_are_translated():
    assert translate(["$a$ in ``$b$``, ``sec-c``"]) == [
        ":math:`a` in ``$b$``, :ref:`sec-c`"
    ]


def test_a_price_is_no_mathematics():
    assert translate(["It costs 5$ or 6$."]) == ["It costs 5$ or 6$."]


def test_a_docstring_links_to_the_section_it_names(build_page, tmp_path, monkeypatch):
    built = build(build_page, tmp_path, monkeypatch, "toyapi_a")
    assert built.page.select_one("dd a.reference.internal[href='#sec-here']")
    assert "WARNING" not in built.warnings


def test_the_labels_are_in_both_languages(build_page, tmp_path, monkeypatch):
    built = build(build_page, tmp_path, monkeypatch, "toyapi_b")
    labels = [tag.get_text() for tag in built.page.select("dl.field-list > dt, dd dt")]
    assert "参数 | Parameters:" in labels
    assert "出处 | Source" in labels


def test_one_language_has_the_labels_of_one(build_page, tmp_path, monkeypatch):
    built = build(build_page, tmp_path, monkeypatch, "toyapi_c", bilingual_mode="en")
    labels = [tag.get_text() for tag in built.page.select("dl.field-list > dt, dd dt")]
    assert "Parameters:" in labels
    assert not any("参数" in label for label in labels)
