from pathlib import Path

import build_twice
import pytest


@pytest.fixture
def clones(monkeypatch, tmp_path: Path):
    """Builds that write, instead of a book, what the test wants; their folders."""
    made = []

    def pretend(text: str):
        def build(folder: Path, editions: list[str]) -> Path:
            made.append(folder)
            site = folder / "html"
            site.mkdir(parents=True)
            (site / "index.html").write_text(text.format(folder=folder.name))
            return site

        monkeypatch.setattr(build_twice, "build", build)
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
