from pathlib import Path

import compare_sites
import pytest


@pytest.fixture
def sites(tmp_path: Path) -> tuple[Path, Path]:
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_text("<p>0.847</p>")
    return tmp_path / "a", tmp_path / "b"


def test_equal_sites_are_the_same(sites, capsys):
    assert compare_sites.main([str(s) for s in sites]) == 0
    assert "1 files, all the same" in capsys.readouterr().out


def test_a_changed_number_is_shown(sites, capsys):
    (sites[1] / "index.html").write_text("<p>0.848</p>")
    assert compare_sites.main([str(s) for s in sites]) == 1
    out = capsys.readouterr().out
    assert "index.html" in out
    assert "+<p>0.848</p>" in out


def test_a_file_in_one_of_them_is_named(sites, capsys):
    (sites[0] / "extra.svg").write_text("<svg/>")
    assert compare_sites.main([str(s) for s in sites]) == 1
    assert "only in one of them: extra.svg" in capsys.readouterr().out


def test_an_empty_folder_is_refused(tmp_path: Path, sites):
    (tmp_path / "empty").mkdir()
    with pytest.raises(SystemExit):
        compare_sites.main([str(sites[0]), str(tmp_path / "empty")])
