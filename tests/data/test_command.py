"""`python -m d2lnotes.data`, which `make html` calls."""

import os
import subprocess
import sys

import pytest

from d2lnotes.data import __main__ as command
from d2lnotes.data import files


def test_it_says_where_the_data_is(tiny, cache, capsys):
    tiny.write(cache)
    assert command.main([]) == 0
    assert capsys.readouterr().out == (
        f"Data: Fashion-MNIST in {cache}, checksums right.\n"
    )


def test_it_says_so_if_it_is_the_sample(monkeypatch, capsys):
    monkeypatch.setenv("D2LNOTES_DATA", "sample")
    assert command.main(["get"]) == 0
    assert "the shipped sample of Fashion-MNIST" in capsys.readouterr().out


def test_no_data_is_a_status_and_the_cures(tiny, capsys):
    assert command.main([]) == 1
    out, err = capsys.readouterr()
    assert "this usually takes less than a minute" in out
    for cure in ("FASHION_MNIST_DIR", "apt install", "D2LNOTES_DATA=sample"):
        assert err.count(cure) == 1


def test_a_bad_setting_is_a_status_and_no_traceback(monkeypatch, capsys):
    monkeypatch.setenv("D2LNOTES_DATA", "smaple")
    assert command.main([]) == 1
    assert capsys.readouterr().err.startswith("error: the environment variable")


def test_it_runs_as_a_module():
    done = subprocess.run(
        [sys.executable, "-m", "d2lnotes.data"],
        env={**os.environ, "D2LNOTES_DATA": "sample"},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Data: the shipped sample")


def test_make_sample_needs_the_full_data(tiny, tmp_path, capsys):
    with pytest.raises(SystemExit):
        command.main(["make-sample", "--what"])
    assert command.main(["make-sample", "--folder", str(tmp_path)]) == 1
    assert "Could not download" in capsys.readouterr().err
    assert not list(tmp_path.glob("*.gz"))


def test_make_sample_prints_what_files_py_has_to_say(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(files, "FULL", files.SAMPLE)  # the sample stands for the data
    monkeypatch.setenv("FASHION_MNIST_DIR", str(files.SAMPLE_FOLDER))
    assert command.main(["make-sample", "--folder", str(tmp_path / "new")]) == 0
    printed = eval(f"({capsys.readouterr().out})", {"IdxFile": files.IdxFile})
    assert printed == files.SAMPLE
