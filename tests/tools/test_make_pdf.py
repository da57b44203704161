import json
import subprocess

import make_pdf
import pytest
from pypdf import PdfWriter


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


def test_what_is_made_twice_is_made_once(capsys):
    with pytest.raises(SystemExit):
        make_pdf.main(["zh", "--twice", "phone"])
    assert "--twice phone: it is not made once" in capsys.readouterr().err


@pytest.mark.parametrize(("pages", "status"), [(3, 0), (4, 1)])
def test_other_bytes_of_the_same_edition_are_a_fault(
    tmp_path, monkeypatch, capsys, pages, status
):
    def typeset(out):
        writer = PdfWriter()
        for _ in range(pages if out.name.endswith("again") else 3):
            writer.add_blank_page(9, 9)
        writer.write(out / "book.pdf")
        return out / "book.pdf", 1.0

    def write_latex(edition, out, cache, options):
        out.mkdir(parents=True)
        (out / "sphinx.log").write_text("")
        return 1.0

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")  # the program sets both
    monkeypatch.setenv("FORCE_SOURCE_DATE", "1")
    monkeypatch.setattr(make_pdf, "missing", list)
    monkeypatch.setattr(make_pdf, "write_latex", write_latex)
    monkeypatch.setattr(make_pdf, "typeset", typeset)
    given = ["zh", "--twice", "zh", "--into", str(tmp_path), "--cache", str(tmp_path)]
    assert make_pdf.main(given) == status
    assert ("OTHER BYTES" in capsys.readouterr().out) == bool(status)
    made = json.loads((tmp_path / "pdf.json").read_text("utf-8"))
    assert made["zh"]["pages"] == 3
