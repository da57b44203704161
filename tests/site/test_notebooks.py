"""The notebooks of the built site: valid, plain Markdown, and theirs alone."""

import re
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

pytestmark = pytest.mark.site

SITE = Path(__file__).resolve().parents[2] / "book" / "_build" / "html"
FOLDER = SITE / "notebooks"
NOTEBOOKS = sorted(FOLDER.rglob("*.ipynb"))
# What the zip's requirements install, directly or because PyTorch needs it.
INSTALLED = {"d2lnotes", "torch", "torchvision", "numpy", "matplotlib", "IPython"}
MYST = re.compile(
    r"\{[a-z:]+\}`|^:::|^```\{|[\ue000-\ue003]|^\([\w-]+\)=", re.MULTILINE
)
IMPORT = re.compile(r"^\s*(?:import|from) (\w+)", re.MULTILINE)


def name(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


def test_there_is_one_of_every_page_in_each_language():
    pages = {
        lang: {name(path)[3:] for path in NOTEBOOKS if name(path).startswith(lang)}
        for lang in ("zh", "en")
    }
    assert "mlp/dropout.ipynb" in pages["zh"]
    assert pages["zh"] == pages["en"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_a_notebook_is_valid_and_has_no_mark_of_myst(path):
    made = nbformat.read(path, as_version=4)
    nbformat.validate(made)
    texts = [cell.source for cell in made.cells if cell.cell_type == "markdown"]
    assert [text for text in texts if MYST.search(text)] == []
    if name(path).startswith("en"):
        assert [text for text in texts if re.search("[\u4e00-\u9fff]", text)] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_a_notebook_imports_only_what_the_zip_installs(path):
    made = nbformat.read(path, as_version=4)
    code = "\n".join(cell.source for cell in made.cells if cell.cell_type == "code")
    assert set(IMPORT.findall(code)) <= INSTALLED | sys.stdlib_module_names


def test_the_zip_has_the_very_same_notebooks():
    (packed,) = FOLDER.glob("*.zip")
    with zipfile.ZipFile(packed) as archive:
        for path in NOTEBOOKS:
            assert archive.read(f"{packed.stem}/{name(path)}") == path.read_bytes()
