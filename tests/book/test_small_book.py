"""The page that contributors begin with builds, and Jupyter Book can be done without."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import compare_sites
import pytest

ROOT = Path(__file__).parents[2]
HOUSE = ("_ext", "_static", "_config.yml", "references.bib", "videos.yml")
TOC = """\
format: jb-book
root: index
parts:
  - caption: 正文 | The text
    numbered: 4
    chapters: [{file: template}]
"""


def run(
    folder: Path, program: str, *options: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """A program of this environment, in the folder."""
    return subprocess.run(
        [Path(sys.executable).with_name(program), *options],
        cwd=folder,
        env=os.environ | {"NO_COLOR": "1", "D2LNOTES_DATA": "sample"} | environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of the template alone, in the house of this one; built by Jupyter Book."""
    folder = tmp_path_factory.mktemp("small")
    book = folder / "book"
    book.mkdir()
    for name in HOUSE:
        source = ROOT / "book" / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, book / name)
    for name in ("src", "requirements.txt", "pyproject.toml"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "docs" / "template.md", book / "template.md")
    (book / "index.md").write_text("# 封面 | Cover\n\n甲。\n\nA.\n", "utf-8")
    (book / "_toc.yml").write_text(TOC, "utf-8")
    built = run(folder, "jupyter-book", "build", "book/", "-n", "-W", "--keep-going")
    assert built.returncode == 0, built.stdout[-3000:] + built.stderr[-3000:]
    return folder


def test_the_template_builds_without_a_warning(small: Path):
    page = (small / "book/_build/html/template.html").read_text("utf-8")
    assert "离一半不远" in page
    assert "not far from a half" in page


def test_plain_sphinx_builds_the_same_site(small: Path):
    made = run(small, "jupyter-book", "config", "sphinx", "book/")
    assert made.returncode == 0, made.stderr[-3000:]
    built = run(
        small, "sphinx-build", "-b", "html", "-n", "-W", "--keep-going",
        "-d", "doctrees", "book", "plain", PYTHONPATH="book/_ext",
    )  # fmt: skip
    assert built.returncode == 0, built.stdout[-3000:] + built.stderr[-3000:]
    with_book = compare_sites.files(small / "book/_build/html")
    plain = compare_sites.files(small / "plain")
    assert set(plain) == set(with_book)
    differing = [
        name
        for name in plain
        if plain[name].read_bytes() != with_book[name].read_bytes()
    ]
    assert not differing
