"""What every chapter promises, read off the sources (the build checks the rest)."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections import Counter
from pathlib import Path

import notes

import d2lnotes

BOOK = Path(notes.__file__).parents[2]
NOTES = notes.read_notes((BOOK / "notes.yml").read_text("utf-8"))

COVERS = re.compile(r"^% (S\d+(?: S\d+)*)$", re.M)
CORRECTS = re.compile(r"^`{3,}\{correction\} (.+)$", re.M)
LABEL = re.compile(r"\{(exercise|exercise-start)\}[^\n]*\n(?::[^\n]*\n)*?:label: (\S+)")
SOLVED = re.compile(r"\{(solution|solution-start)\} (\S+)")
GLUE = re.compile(r"\{glue:?\w*\}`([^`:]+)(?::[^`]*)?`")


def test_every_item_of_the_notes_has_one_place(pages):
    found = Counter(n for p in pages for m in COVERS.findall(p.text) for n in m.split())
    assert [item for item in NOTES.numbers("items") if found[item] != 1] == []


def test_every_correction_has_one_box(pages):
    found = Counter(
        n for p in pages for m in CORRECTS.findall(p.text) for n in m.split()
    )
    numbers = NOTES.numbers("corrections")
    assert [number for number in numbers if found[number] != 1] == []


def test_no_page_carries_a_number_that_the_notes_do_not_have(pages):
    known = {*NOTES.numbers("items"), *NOTES.numbers("corrections")}
    found = [
        (p.name, n)
        for p in pages
        for mark in (COVERS, CORRECTS)
        for m in mark.findall(p.text)
        for n in m.split()
    ]
    assert [place for place in found if place[1] not in known] == []


def test_every_exercise_has_its_solution(pages):
    for page in pages:
        asked = [label for _, label in LABEL.findall(page.text)]
        solved = [label for _, label in SOLVED.findall(page.text)]
        assert sorted(asked) == sorted(solved), page.name


def test_every_solution_is_collected_in_the_appendix(pages):
    collected = [
        name
        for page in pages
        for names in re.findall(r"^`{3,}\{solutions\} (.+)$", page.text, re.M)
        for name in names.split()
    ]
    having = [page.name for page in pages if SOLVED.search(page.text)]
    assert sorted(name for name in collected if name in having) == sorted(having)


def test_exercises_say_how_hard_they_are(pages):
    for page in pages:
        for title in re.findall(r"\{exercise(?:-start)?\}[ ]?([^\n]*)", page.text):
            assert re.match(r"★{1,3} \S", title), f"{page.name}: {title!r}"


def test_the_last_cell_of_a_solution_ends_in_an_assertion(pages):
    for page in pages:
        parts = re.split(
            r"^`{3,}\{(solution-start|solution-end)\}", page.text, flags=re.M
        )
        starts = [i for i, part in enumerate(parts) if part == "solution-start"]
        for i in starts:
            body = parts[i + 1]
            cells = re.findall(
                r"^```\{code-cell\}[^\n]*\n(.*?)^```$", body, flags=re.M | re.S
            )
            cells = [cell for cell in cells if "skip-execution" not in cell]
            checked = any("assert" in cell for cell in cells)
            assert checked or not cells, f"{page.name}: solution {body[:40]!r}"


def solution_lines(text: str) -> set[int]:
    """The numbers of the lines inside solutions."""
    inside, found = False, set()
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(r"`{3,}\{solution-(start|end)\}", line):
            inside = "start" in line
        elif inside:
            found.add(number)
    return found


def bare_assertions(page) -> list[str]:
    """Assertions of hidden cells that neither solve an exercise nor say why they stand."""
    solved, found = solution_lines(page.text), []
    for cell in page.cells:
        if "remove-cell" not in cell.metadata.get("tags", []) or cell.line in solved:
            continue
        lines = cell.source.splitlines()
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Assert):
                written = "\n".join(lines[node.lineno - 1 : node.end_lineno])
                if not re.search(r"# sanity: \S", written):
                    found.append(f"{page.name}:{cell.line}: {written.strip()}")
    return found


def test_what_backs_a_sentence_is_a_claim_not_an_assertion(pages):
    # A claim stands in the ledger with name, margin and value; an assertion is seen by
    # nobody. One that backs no sentence says so: ``assert …  # sanity: the reason``.
    assert [line for page in pages for line in bare_assertions(page)] == []


def glued(pages) -> list[tuple[str, str]]:
    """(page, key) of every ``glue("key", …)`` in a cell."""
    return [
        (page.name, key)
        for page in pages
        for cell in page.cells
        for key in re.findall(r"\bglue\(\s*f?[\"']([^\"']+)[\"']", cell.source)
    ]


def test_a_glue_key_is_set_once_in_the_book(pages):
    counts = Counter(key for _, key in glued(pages))
    assert [key for key, n in counts.items() if n > 1] == []


def test_a_glued_value_is_used_where_it_was_made(pages):
    text = {page.name: page.text for page in pages}
    unused = [
        (name, key)
        for name, key in glued(pages)
        if "{" not in key and key not in GLUE.findall(text[name])
    ]
    assert unused == []


def bare(function: ast.FunctionDef) -> str:
    """A function's code without docstring, annotations and checks of its arguments."""
    function = ast.parse(ast.unparse(function)).body[0]
    if ast.get_docstring(function) is not None:
        function.body.pop(0)
    function.returns, function.decorator_list = None, []
    for arg in ast.walk(function.args):
        if isinstance(arg, ast.arg):
            arg.annotation = None

    def is_check(node: ast.stmt) -> bool:
        raises = isinstance(node, ast.If) and isinstance(node.body[-1], ast.Raise)
        call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
        checks = call and ast.unparse(node.value.func).lstrip("_").startswith("check")
        return raises or checks

    function.body = [node for node in function.body if not is_check(node)]
    return ast.unparse(function)


def package_functions() -> dict[str, str]:
    """Name -> bare code of every public function of the package."""
    found = {}
    for module in pkgutil.walk_packages(d2lnotes.__path__, "d2lnotes."):
        if module.name.endswith("__main__"):
            continue
        loaded = importlib.import_module(module.name)
        for node in ast.parse(inspect.getsource(loaded)).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                found[node.name] = bare(node)
    return found


def test_a_function_that_the_package_has_too_is_the_same_code(pages):
    package, different = package_functions(), []
    for page in pages:
        for cell in page.cells:
            try:
                tree = ast.parse(cell.source)
            except SyntaxError:
                continue
            for node in ast.walk(tree):
                if not isinstance(node, ast.FunctionDef):
                    continue
                if bare(node) != package.get(node.name, bare(node)):
                    different.append(f"{page.name}:{cell.line} {node.name}")
    assert different == []


def test_every_code_figure_has_caption_and_alt_text_in_both_languages(pages):
    lacking = []
    for page in pages:
        for cell in page.cells:
            options = cell.metadata.get("mystnb", {})
            if not options:
                continue
            figure, image = options.get("figure", {}), options.get("image", {})
            caption = figure.get("caption", "")
            good = (
                str(figure.get("name", "")).startswith("fig-")
                and len(re.split(r"\n\s*\n", caption.strip())) == 2
                and " | " in image.get("alt", "")
            )
            if not good:
                lacking.append(f"{page.name}:{cell.line}")
    assert lacking == []
