from pathlib import Path

import build_twice
import pytest
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).resolve().parents[2]


def run(clone: Path, page: str, code: str) -> None:
    """Store results of a page in a clone, in a folder of their own as the book does."""
    notebook = new_notebook(cells=[new_code_cell(code, execution_count=1)])
    get_cache(clone / build_twice.CACHE / page).cache_notebook_bundle(
        CacheBundleIn(notebook, str(clone / "book" / page), data={}),
        check_validity=False,
    )


@pytest.fixture
def clones(monkeypatch, tmp_path: Path):
    """Builds that write, instead of a book, what the test wants; their folders."""
    made = []

    def pretend(text: str):
        def build(folder: Path, editions: list[str]) -> Path:
            made.append(folder)
            if not (folder / build_twice.CACHE / build_twice.TIMED).exists():
                run(folder, build_twice.TIMED, "timer.stop()")
            run(folder, "other.md", "1 + 1")
            site = folder / "html"
            site.mkdir(parents=True)
            (site / "index.html").write_text(text.format(folder=folder.name))
            return site

        monkeypatch.setattr(build_twice, "build", build)
        monkeypatch.setattr(build_twice, "clone", lambda folder: folder)
        return made

    return pretend


def test_two_builds_of_the_same_bytes_pass_and_leave_nothing(clones):
    made = clones("<p>0.847</p>")
    assert build_twice.main([]) == 0
    assert [folder.name for folder in made] == list(build_twice.FOLDERS)
    assert not made[0].parent.exists()


def test_a_path_in_a_page_is_found_and_the_clones_stay(clones, capsys):
    made = clones("<p>{folder}</p>")
    assert build_twice.main([]) == 1
    assert "+<p>another-place</p>" in capsys.readouterr().out
    assert all(folder.exists() for folder in made)


def test_the_second_build_measures_no_times_and_computes_all_else(tmp_path: Path):
    first, second = tmp_path / "first", tmp_path / "second"
    run(first, "other.md", "1 + 1")
    run(first, build_twice.TIMED, "timer.stop()")
    build_twice.carry_times(first, second)
    carried = [folder.name for folder in (second / build_twice.CACHE).iterdir()]
    assert carried == [build_twice.TIMED]
    (record,) = get_cache(
        second / build_twice.CACHE / build_twice.TIMED
    ).list_cache_records()
    assert record.uri == str(first / "book" / build_twice.TIMED)


def test_a_timed_page_that_did_not_run_is_missed(tmp_path: Path):
    run(tmp_path, "other.md", "1 + 1")
    with pytest.raises(LookupError, match=r"no results of setup\.md"):
        build_twice.carry_times(tmp_path, tmp_path / "second")


def test_the_timed_page_is_one_of_the_book():
    assert "Timer()" in (ROOT / "book" / build_twice.TIMED).read_text("utf-8")
