"""The ledger shows what the cells measured, and where."""

import pytest
from bs4 import BeautifulSoup

FRONT = (
    "---\nfile_format: mystnb\n"
    "kernelspec: {display_name: Python 3, language: python, name: python3}\n---\n"
)
CONF = {
    "extensions": ["myst_nb", "bilingual", "claims"],
    "nb_execution_mode": "force",
    "nb_execution_raise_on_error": True,
    "language": "zh_CN",
}
IMPORT = "from d2lnotes.claims import claim\n"
LEDGER = "# 账本 | Ledger\n\n```{claims}\n```\n\n```{toctree}\nfirst\nsecond\n```\n"


def page(title: str, *sections: tuple[str, str]) -> str:
    """A page with a hidden cell in each section."""
    text = f"{FRONT}\n# {title}\n"
    for heading, cell in sections:
        text += f"\n## {heading}\n\n```{{code-cell}} ipython3\n:tags: [remove-cell]\n{IMPORT}{cell}\n```\n"
    return text


@pytest.fixture
def build(make_app, tmp_path):
    (tmp_path / "conf.py").write_text(
        "".join(f"{k} = {v!r}\n" for k, v in CONF.items())
    )
    (tmp_path / "index.md").write_text(LEDGER, "utf-8")

    def build(first: str, second: str, **settings):
        (tmp_path / "first.md").write_text(first, "utf-8")
        (tmp_path / "second.md").write_text(second, "utf-8")
        app = make_app("html", srcdir=tmp_path, confoverrides=settings)
        app.build()
        html = (app.outdir / "index.html").read_text("utf-8")
        table = BeautifulSoup(html, "html.parser").select_one("table.claims")
        rows = [
            [cell.get_text() for cell in row.select("td")]
            for row in table.select("tbody tr")
        ]
        return table, rows, app.warning.getvalue()

    return build


FIRST = page(
    "甲 | First",
    ("子 | One", "claim('a-small', 0.125, '<', 0.5, '小 | small', seeds=20)"),
    ("丑 | Two", "claim('a-within', 3, 'in', (2, 4), '在内 | within')"),
)
SECOND = page(
    "乙 | Second",
    (
        "寅 | Three",
        "claim('b-true', True, '==', True, '真 | true')\n"
        "claim('b-false', False, '==', False, '假 | false')",
    ),
)


def test_every_claim_has_a_row_in_reading_order(build):
    _, rows, warnings = build(FIRST, SECOND)
    assert rows == [
        ["甲 | First"],
        ["小 | small", "< 0.5", "0.125", "20"],
        ["在内 | within", "[2, 4]", "3", ""],
        ["乙 | Second"],
        ["真 | true", "是 | yes", "是 | yes", ""],
        ["假 | false", "否 | no", "否 | no", ""],
    ]
    assert "claim" not in warnings


def test_a_claim_links_to_its_section(build):
    table, _, _ = build(FIRST, SECOND)
    links = [link["href"] for link in table.select(".en a")]
    assert links == [
        "first.html#one",
        "first.html#two",
        "second.html#three",
        "second.html#three",
    ]


def test_a_call_quoted_later_does_not_move_the_link(build):
    quoted = "\n```python\nclaim('a-small', 0.125, '<', 0.5, '小 | small')\n```\n"
    table, _, _ = build(FIRST + quoted, SECOND)
    assert table.select_one(".en a")["href"] == "first.html#one"


def test_a_name_used_twice_is_named_with_its_first_page(build):
    _, _, warnings = build(FIRST, SECOND.replace("b-true", "a-small"))
    assert "second.md: WARNING: claim 'a-small' is made in first already" in warnings


def test_one_language_alone_has_one_language(build):
    _, rows, _ = build(FIRST, SECOND, bilingual_mode="en")
    assert rows[:2] == [["First"], ["small", "< 0.5", "0.125", "20"]]
    assert rows[-1] == ["false", "no", "no", ""]


def test_the_ledger_is_written_again_when_a_value_changed(build):
    build(FIRST, SECOND)
    _, rows, _ = build(FIRST.replace("0.125", "0.25"), SECOND)
    assert rows[1][2] == "0.25"
