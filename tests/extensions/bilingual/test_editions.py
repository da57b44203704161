"""Both languages with a switch, or one language alone."""

import re

import pytest
from sphinx.errors import ConfigError

PAGE = """# 感知机 | The perceptron

感知机会学习，见{numref}`fig-a`。

The perceptron learns, see {numref}`fig-a`.

- 停止条件 | Stopping condition

| 名称 \\| Name |
|---|
| 间隔 \\| Margin |

```{note}
好。

Good.
```

```{figure} img.png
:name: fig-a
:alt: 一条线 | A line
决策边界。

The decision boundary.
```

```{toctree}
:caption: 附录 | Appendix
乙 | B <other>
```
"""
OTHER = "# 另一页 | Another page\n\n甲。\n\nA.\n"
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


@pytest.fixture
def edition(build):
    def edition(mode, theme="basic", **options):
        return build(
            PAGE,
            pages={"other": OTHER},
            html_theme=theme,
            bilingual_mode=mode,
            project="书 | A book",
            html_title="书 | A book",
            author="作者 | Author",
            **options,
        )

    return edition


@pytest.mark.parametrize("theme", ["basic", "sphinx_book_theme"])
def test_an_english_edition_has_no_chinese_character(edition, theme):
    built = edition("en", theme)
    assert built.warnings == []
    for file in built.app.outdir.glob("*.html"):
        left = CHINESE.findall(file.read_text("utf-8"))
        assert not left, (file.name, left)


def test_a_chinese_edition_has_no_english_twin(edition):
    page = edition("zh").page()
    assert not page.select(".en, .bi-sep")
    for words in ("perceptron", "Stopping", "Margin", "Good", "boundary", "Appendix"):
        assert words not in page.text


def test_an_english_edition_is_declared_english(edition):
    assert edition("en").page().html["lang"] == "en"


@pytest.mark.parametrize(("mode", "alt"), [("zh", "一条线"), ("en", "A line")])
def test_an_edition_has_one_half_of_the_alt_text(edition, mode, alt):
    assert edition(mode).page().select_one("figure img")["alt"] == alt


@pytest.mark.parametrize(
    ("mode", "title"), [("zh", "感知机 — 书"), ("en", "The perceptron — A book")]
)
def test_an_edition_has_one_half_of_the_window_title(edition, mode, title):
    assert edition(mode).page().title.text == title


@pytest.mark.parametrize(("mode", "other"), [("zh", "Appendix"), ("en", "附录")])
def test_an_edition_has_one_half_of_the_captions_of_the_contents(edition, mode, other):
    assert other not in edition(mode, "sphinx_book_theme").html()


def test_the_environment_wins_over_the_configuration(edition, monkeypatch):
    monkeypatch.setenv("BOOK_LANG", "en")
    assert edition("zh").app.config.bilingual_mode == "en"


def test_an_unknown_edition_is_refused_by_name(edition):
    with pytest.raises(ConfigError, match="one of both, zh, en, got 'fr'"):
        edition("fr")


@pytest.mark.parametrize("mode", ["both", "zh", "en"])
def test_latex_is_written_without_a_warning(edition, mode):
    built = edition(
        mode,
        builder="latex",
        latex_documents=[
            ("index", "book.tex", "书 | A book", "作者 | Author", "manual")
        ],
    )
    assert built.warnings == []
    text = (built.app.outdir / "book.tex").read_text("utf-8")
    assert ("感知机会学习" in text) == (mode != "en")
    assert ("perceptron learns" in text) == (mode != "zh")
    assert (r"\title{A book}" in text) == (mode == "en")


def test_a_caption_of_the_contents_without_english_is_told(build):
    built = build(
        "# 题 | Title\n\n```{toctree}\n:caption: 附录\nother\n```\n",
        pages={"other": OTHER},
    )
    (told,) = built.warnings
    assert "“附录” has no English" in told


def test_a_caption_in_toc_yml_is_told_with_its_line_there(build, tmp_path):
    (tmp_path / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nparts:\n- caption: 附录\n  chapters:\n"
        "  - file: other\n",
        "utf-8",
    )
    built = build(
        "# 题 | Title\n\n好。\n\nGood.\n",
        pages={"other": OTHER},
        use=["sphinx_external_toc"],
        external_toc_path="_toc.yml",
    )
    (told,) = built.warnings
    assert told.startswith("_toc.yml:4: WARNING: “附录” has no English")
