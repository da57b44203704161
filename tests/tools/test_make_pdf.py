import subprocess

import make_pdf
import pytest


def test_an_edition_that_nobody_knows_is_refused(capsys):
    with pytest.raises(SystemExit):
        make_pdf.main(["fr"])
    assert "editions are zh, en, both, phone, got fr" in capsys.readouterr().err


def test_without_root_the_one_command_is_said(monkeypatch, capsys):
    monkeypatch.setattr(make_pdf.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(make_pdf.shutil, "which", lambda name: None)
    assert not make_pdf.install(["latexmk", "librsvg2-bin"])
    line = "sudo apt-get install -y --no-install-recommends latexmk librsvg2-bin"
    assert line in capsys.readouterr().out


def test_nothing_is_installed_when_nothing_is_missing(monkeypatch):
    monkeypatch.setattr(subprocess, "run", None)
    assert make_pdf.install([])


def test_what_is_missing_is_named_by_its_package(monkeypatch):
    monkeypatch.setattr(make_pdf, "has", lambda thing: thing != "font:Symbola")
    assert make_pdf.missing() == ["fonts-symbola"]


def test_every_edition_has_a_language_and_a_page():
    assert set(make_pdf.EDITIONS) == {"zh", "en", "both", "phone"}
