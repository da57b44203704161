"""Faults are told in every build, from every reader, under names one can suppress."""

from pathlib import Path

import bilingual
from bilingual import Fault

PAGE = "# 题 | Title\n\n感知机。\n"


def test_a_fault_is_told_again_until_it_is_cured(build, rebuild):
    first = build(PAGE)
    assert rebuild(first).warnings == first.warnings != []


def test_a_fault_of_the_contents_is_told_until_it_is_cured(build, rebuild, tmp_path):
    contents = "root: index\nsubtrees:\n- caption: 附录\n  entries:\n  - file: other\n"
    (tmp_path / "_toc.yml").write_text(contents, "utf-8")
    first = build(
        "# 题 | Title\n",
        pages={"other": "# 乙 | B\n"},
        use=["sphinx_external_toc"],
        external_toc_path="_toc.yml",
    )
    assert len(first.warnings) == 1
    assert rebuild(first).warnings == first.warnings


def test_a_page_is_told_of_from_its_top(build):
    told = build(f"{PAGE}\n- 一 | one\n\n二。\n\n## 三\n").warnings
    assert [line.split(":")[1] for line in told] == ["3", "7", "9"]


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
    together = rebuild(alone, parallel=2, freshenv=True)
    assert sorted(together.warnings) == sorted(alone.warnings)


def test_one_subtype_can_be_suppressed(build):
    suppress = {"suppress_warnings": ["bilingual.no-english"]}
    assert build(PAGE, **suppress).warnings == []


def test_every_subtype_is_in_the_readme():
    readme = Path(bilingual.__file__).with_name("README.md").read_text("utf-8")
    assert [f.value for f in Fault if f"`{f.value}`" not in readme] == []


def test_every_subtype_says_what_it_means():
    source = Path(bilingual.report.__file__).read_text("utf-8")
    body = source.partition("class Fault")[2].partition("\n\n\n")[0]
    assert body.count('"""') == 2 * (len(Fault) + 1)
