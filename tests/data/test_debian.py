"""Debian's package without root, with an apt-get and a dpkg-deb of our own making."""

import subprocess
import time

import pytest

from d2lnotes.data import debian
from d2lnotes.data.debian import AptError

IMAGES = "train-images-idx3-ubyte"
DPKG = 'mkdir -p "$3" && tar -xf "$2" -C "$3"'
DOWNLOAD = '*download*) cp "$PACKAGE" ./dataset_1_all.deb ;;'


@pytest.fixture
def tools(tiny, tmp_path, monkeypatch):
    """Put two shell scripts where apt-get and dpkg-deb are looked for."""
    tree = tiny.write(tmp_path / "tree/usr/share/datasets/fashion-mnist")
    package = tmp_path / "package.tar"
    subprocess.run(["tar", "-cf", package, "-C", tmp_path / "tree", "."], check=True)
    monkeypatch.setenv("PACKAGE", str(package))
    monkeypatch.setenv("LOG", str(tmp_path / "log"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setattr(debian.tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()

    def write(apt: str, dpkg: str = DPKG):
        (tmp_path / "bin").mkdir()
        body = f'echo "$*" >> "$LOG"\ncase "$*" in\n{apt}\nesac\n'
        for name, script in (("apt-get", body), ("dpkg-deb", dpkg)):
            path = tmp_path / "bin" / name
            path.write_text(f"#!/bin/sh\n{script}\n")
            path.chmod(0o755)

    write.log = tmp_path / "log"
    write.tree = tree
    yield write
    assert list((tmp_path / "temporary").iterdir()) == []  # whatever happened


def test_the_package_is_fetched_and_unpacked(tiny, tools):
    tools(DOWNLOAD)
    with debian.unpacked() as folder:
        assert sorted(p.name for p in folder.iterdir()) == sorted(
            f"{name}.gz" for name in tiny.contents
        )


def test_the_growing_package_is_reported(tools, capsys):
    tools('*) head -c 2000000 /dev/zero > d.deb; sleep 0.3; cp "$PACKAGE" d.deb ;;')
    with debian.unpacked():
        pass
    assert "dataset-fashion-mnist: 2.0 MB\n" in capsys.readouterr().err


def test_a_machine_without_lists_gets_its_own(tools):
    """A fresh container knows no package until lists were fetched."""
    tools(
        "*-c*update*) touch apt/lists/updated ;;\n"
        "*-c*download*) test -e apt/lists/updated && "
        'cp "$PACKAGE" ./d_1_all.deb ;;\n'
        '*) echo "E: Unable to locate package" >&2; exit 100 ;;'
    )
    with debian.unpacked() as folder:
        assert (folder / f"{IMAGES}.gz").exists()
    assert [line.split()[-1] for line in tools.log.read_text().splitlines()] == [
        "dataset-fashion-mnist",
        "update",
        "dataset-fashion-mnist",
    ]


def test_a_failure_shows_the_last_lines(tools):
    tools("*) echo line; echo 'E: No network' >&2; exit 100 ;;")
    with (
        pytest.raises(AptError, match=r"status 100(.|\n)*E: No network"),
        debian.unpacked(),
    ):
        pass


def test_a_command_that_hangs_is_stopped(tools, monkeypatch):
    tools("*) exec sleep 30 ;;")
    monkeypatch.setattr(debian, "TIMEOUT_S", 0.3)
    start = time.monotonic()
    with (
        pytest.raises(AptError, match=r"apt-get took more than 0\.3 s"),
        debian.unpacked(),
    ):
        pass
    assert time.monotonic() - start < 10


def test_a_package_that_does_not_unpack_is_an_error(tools):
    tools(DOWNLOAD, dpkg="echo 'not a Debian archive'; exit 2")
    with pytest.raises(AptError, match="not a Debian archive"), debian.unpacked():
        pass


def test_a_package_without_the_files_is_an_error(tools):
    tools(DOWNLOAD, dpkg='mkdir -p "$3"')
    with pytest.raises(AptError, match=f"lacks {IMAGES}"), debian.unpacked():
        pass


def test_a_machine_without_the_tools_says_so(monkeypatch, tmp_path):
    monkeypatch.undo()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not debian.is_available()


def test_a_download_that_leaves_nothing_is_a_failure(tools):
    tools("*) ;;")
    with (
        pytest.raises(AptError, match="apt-get download left 0 packages, not 1"),
        debian.unpacked(),
    ):
        pass


def test_a_machine_without_apt_is_told_so(tools, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    with (
        pytest.raises(AptError, match=r"Cannot run apt-get: .*No such file"),
        debian.unpacked(),
    ):
        pass
