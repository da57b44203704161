"""Faults are told in every build, from every reader, under names one can suppress."""

from pathlib import Path

import bilingual
from bilingual import Fault

PAGE = "# 题 | Title\n\n感知机。\n"


def test_a_fault_is_told_again_for_a_page_from_the_cache(build, rebuild):
    first = build(PAGE)
    again = rebuild(first)
    assert "0 added, 0 changed, 0 removed" in again.app.status.getvalue()
    assert again.warnings == first.warnings != []


def test_a_mended_page_is_told_no_more(build, rebuild, tmp_path):
    first = build(PAGE)
    (tmp_path / "index.md").write_text(f"{PAGE}\nThe perceptron.\n", "utf-8")
    assert rebuild(first).warnings == []


def test_a_page_that_is_gone_is_told_no_more(build, rebuild, tmp_path):
    first = build("# 题 | Title\n", pages={"other": f"---\norphan: true\n---\n{PAGE}"})
    (tmp_path / "other.md").unlink()
    assert len(first.warnings) == 1
    assert rebuild(first).warnings == []


def test_readers_in_parallel_tell_everything(build, rebuild):
    pages = {f"page{n}": f"---\norphan: true\n---\n{PAGE}" for n in range(12)}
    alone = build("# 题 | Title\n", pages=pages)
    assert len(alone.warnings) == 12
    assert rebuild(alone, parallel=2, freshenv=True).warnings == alone.warnings


def test_one_subtype_can_be_suppressed(build):
    suppress = {"suppress_warnings": ["bilingual.no-english"]}
    assert build(PAGE, **suppress).warnings == []


def test_the_check_can_be_switched_off(build):
    assert build(PAGE, bilingual_check=False).warnings == []


def test_every_subtype_is_in_the_readme():
    readme = Path(bilingual.__file__).with_name("README.md").read_text("utf-8")
    assert [f.value for f in Fault if f"`{f.value}`" not in readme] == []


def test_every_subtype_says_what_it_means():
    source = Path(bilingual.report.__file__).read_text("utf-8")
    body = source.partition("class Fault")[2].partition("\n@dataclass")[0]
    assert body.count('"""') == 2 * (len(Fault) + 1)
