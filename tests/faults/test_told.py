"""Every fault that a page can have: told with file, line and cure; nothing published.

One book has a page for each fault and is built once, strictly. The same pages without
their faults build without a warning, so that no message comes of something else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

EXTENSIONS = (
    "myst_nb",
    "bilingual",
    "execution",
    "figures",
    "videos",
    "terms",
    "claims",
    "glue_keys",
    "machine_paths",
    "cell_options",
    "fences",
    "leftovers",
    "sphinx_exercise",
    "solutions",
    "cures",
    "sphinxcontrib.bibtex",
)
FRONT = """---
file_format: mystnb
kernelspec: {display_name: Python 3, language: python, name: python3}
---
"""
FILES = {
    "terms.yml": "- {zh: 丢弃法, en: dropout, also: {zh: [暂退法]}, means: 一法 | A way}\n",
    "videos.yml": (
        "lectures:\n"
        "  mlp:\n"
        "    bvid: BV1hh411U7gn\n"
        "    title: 多层感知机 | Multilayer perceptrons\n"
        "    parts: {1: {title: 感知机 | The perceptron, minutes: 14}}\n"
        "marks:\n"
        '  training: {lecture: mlp, part: 1, at: "02:37", title: 训练 | Training}\n'
    ),
    "references.bib": (
        "@book{known, title={T}, author={A, B}, year={2000}, publisher={P}}\n"
    ),
}


@dataclass(frozen=True)
class Fault:
    """A page with a fault, what is told of it, and the same page without it."""

    name: str
    page: str
    line: int
    words: str
    cure: str
    mended: str


def cell(code: str, options: str = "") -> str:
    """A code cell."""
    return f"```{{code-cell}} ipython3\n{options}{code}\n```\n"


SVG = (
    "from IPython.display import SVG\n"
    'SVG(\'<svg xmlns="http://www.w3.org/2000/svg" width="9pt" height="9pt"/>\')'
)


def figure(image: str) -> str:
    """A cell that draws, with its options."""
    caption = "caption: |\n      一幅图。\n\n      A figure.\n"
    options = f"---\nmystnb:\n  figure:\n    name: fig-drawn\n    {caption}{image}---\n"
    return cell(SVG, options)


ALT = "  image:\n    alt: 一个方块 | A square\n"
GLUE = "from myst_nb import glue\nglue({key!r}, {value}, display=False)"


def glue(key: str, value: float) -> str:
    """A cell that computes a value."""
    return cell(GLUE.format(key=key, value=value))


# Pages of prose begin in line 3: "# 页 | Page", an empty line, the text.
PROSE = [
    Fault(
        "twin",
        "只有中文。\n",
        3,
        "a Chinese block with no English twin",
        "right after it",
        "不只有中文。\n\nNot only Chinese.\n",
    ),
    Fault(
        "lone",
        "An English sentence that stands alone.\n",
        3,
        "an English block with no Chinese block",
        "mark it {.neutral}",
        "一句。\n\nOne sentence.\n",
    ),
    Fault(
        "title",
        "## 只有中文\n",
        3,
        "“只有中文” has no English",
        "write 中文 | English",
        "## 中文 | English\n",
    ),
    Fault(
        "formula",
        "偏置是 $b$。\n\nThe bias is $c$.\n",
        5,
        "twins differ: only Chinese has math $b$",
        "only English has math $c$",
        "偏置是 $b$。\n\nThe bias is $b$.\n",
    ),
    Fault(
        "code",
        "用 `fit` 训练。\n\nTrain with `train`.\n",
        5,
        "only Chinese has code `fit`",
        "only English has code `train`",
        "用 `fit` 训练。\n\nTrain with `fit`.\n",
    ),
    Fault(
        "number",
        "学习率取 0.1。\n\nThe learning rate is 0.2.\n",
        5,
        "twins differ in numbers: only Chinese has 0.1",
        "mark the English twin {.loose}",
        "学习率取 0.1。\n\nThe learning rate is 0.1.\n",
    ),
    Fault(
        "length",
        "这一段话很长，一直说下去，说了许多事情，而它旁边的英文却短得多，显然漏了些什么。\n\nShort.\n",
        5,
        "twins of very different length",
        "mark the English twin {.loose}",
        "这一段话短。\n\nThis is short.\n",
    ),
    Fault(
        "language",
        "一句完整的话。\n\nA whole sentence with 中文 in it.\n",
        5,
        "Chinese in the English twin: 中文",
        "translate it, or mark a name",
        "一句完整的话。\n\nA whole sentence of words.\n",
    ),
    Fault(
        "equation",
        "$$\nx_{训练}\n$$\n",
        3,
        "Chinese in an equation",
        "which both languages share",
        "$$\nx\n$$\n",
    ),
    Fault(
        "bold",
        "**感知机（perceptron）**是一个模型。\n\nThe **perceptron** is a model.\n",
        3,
        "`**` is left over",
        "write `**术语**（English）`",
        "**感知机**（perceptron）是一个模型。\n\nThe **perceptron** is a model.\n",
    ),
    Fault(
        "comma",
        "先看图, 再看表。\n\nFirst the figure, then the table.\n",
        3,
        "half-width punctuation in Chinese: 图,",
        "write ，",
        "先看图，再看表。\n\nFirst the figure, then the table.\n",
    ),
    Fault(
        "word",
        "我们用暂退法。\n\nWe use dropout.\n",
        3,
        "“暂退法” is written otherwise: terms.yml has 丢弃法",
        "quotation marks allow it",
        "我们用丢弃法。\n\nWe use dropout.\n",
    ),
    Fault(
        "term",
        "见 {term}`没有的词`。\n\nSee {term}`no such word`.\n",
        3,
        "term not in glossary: '没有的词'",
        "give it a row in terms.yml",
        "见正文。\n\nSee the text.\n",
    ),
    Fault(
        "label",
        "(sec-again)=\n## 甲 | A\n\n(sec-again)=\n## 乙 | B\n",
        6,
        "uplicate",
        "give one another name",
        "(sec-again)=\n## 甲 | A\n",
    ),
    Fault(
        "link",
        "见 [](#nowhere)。\n\nSee [](#nowhere).\n",
        3,
        "cross-reference target not found: 'nowhere'",
        "put (label)= there",
        "见正文。\n\nSee the text.\n",
    ),
    Fault(
        "reference",
        "见 {ref}`sec-nowhere`。\n\nSee {ref}`sec-nowhere`.\n",
        3,
        "undefined label: 'sec-nowhere'",
        "put (label)= above the heading",
        "见正文。\n\nSee the text.\n",
    ),
    Fault(
        "document",
        "见 {doc}`nowhere`。\n\nSee {doc}`nowhere`.\n",
        3,
        "unknown document: 'nowhere'",
        "correct the page's path",
        "见正文。\n\nSee the text.\n",
    ),
    Fault(
        "citation",
        "见 {cite}`unknown`。\n\nSee {cite}`unknown`.\n",
        3,
        'could not find bibtex key "unknown"',
        "add the entry to references.bib",
        "见 {cite}`known`。\n\nSee {cite}`known`.\n",
    ),
    Fault(
        "video",
        "见 {video}`trainng`。\n\nSee {video}`trainng`.\n",
        3,
        "video 'trainng' is not in videos.yml",
        "did you mean training?",
        "{video}`training`\n",
    ),
]
# Marks that did not do what they were written for: `fences`, `leftovers`, `solutions`.
MARKS = [
    Fault(
        "fence",
        "```{note}\n注意。\n\nMind it.\n",
        3,
        "this fence closes nowhere",
        "close it with ``` on a line of its own",
        "```{note}\n注意。\n\nMind it.\n```\n",
    ),
    Fault(
        "fence_within",
        "````{note}\n注意。\n\nMind it.\n\n```python\nx = 1\n````\n",
        8,
        "this fence ends with the one of line 3",
        "close it before",
        "````{note}\n注意。\n\nMind it.\n\n```python\nx = 1\n```\n````\n",
    ),
    Fault(
        "merge",
        "<<<<<<< HEAD\n一句话。\n\nA sentence.\n",
        3,
        "the mark of a merge is left",
        "delete it",
        "一句话。\n\nA sentence.\n",
    ),
    Fault(
        "row",
        "| 一 \\| one | 二 \\| two |\n|---|---|\n| 1 | 2 | 3 |\n",
        5,
        "a row of 3 cells in a table of 2 columns",
        "write \\|",
        "| 一 \\| one | 二 \\| two |\n|---|---|\n| 1 | 2 |\n",
    ),
    Fault(
        "dollar",
        "设 $x 为数。\n\nLet $x be a number.\n",
        3,
        "a `$` is left over",
        "close the formula",
        "设 $x$ 为数。\n\nLet $x$ be a number.\n",
    ),
    Fault(
        "wide",
        "设 ＄x＄ 为数。\n\nLet x be a number.\n",
        3,
        "a full-width mark",
        "half-width",
        "设 x 为数。\n\nLet x be a number.\n",
    ),
    Fault(
        "role_apart",
        "见 {eq} `eq-a`。\n\nSee {eq} `eq-a`.\n",
        3,
        "a role has no text",
        "without a space",
        "一句话。\n\nA sentence.\n",
    ),
    Fault(
        "role_of_another",
        "见 :eq:`eq-a`。\n\nSee :eq:`eq-a`.\n",
        3,
        "a role has no text",
        "write {name}`text`",
        "一句话。\n\nA sentence.\n",
    ),
    Fault(
        "tick",
        "用 `fit 训练。\n\nTrain with `fit.\n",
        3,
        "a ` is left over",
        "with a second one",
        "用 `fit` 训练。\n\nTrain with `fit`.\n",
    ),
    Fault(
        "link_apart",
        "见[文](https://example.org 。\n\nSee [text](https://example.org .\n",
        3,
        "a link is none",
        "write [text](address)",
        "见[文](https://example.org)。\n\nSee [text](https://example.org).\n",
    ),
    Fault(
        "scheme",
        "见[文](https:/example.org)。\n\nSee [text](https:/example.org).\n",
        3,
        "no address: https:/example.org",
        "write https://",
        "一句话。\n\nA sentence.\n",
    ),
    Fault(
        "footnote_lost",
        "一句话[^a]。\n\nA sentence[^a].\n",
        3,
        "a footnote has no text",
        "write [^name]:",
        "一句话[^a]。\n\nA sentence[^a].\n\n[^a]: 注。\n\n    A note.\n",
    ),
    Fault(
        "footnote_empty",
        "一句话[^a]。\n\nA sentence[^a].\n\n[^a]:\n",
        7,
        "a footnote without text",
        "write it after [^name]:",
        "一句话。\n\nA sentence.\n",
    ),
    Fault(
        "footnote_unused",
        "一句话。\n\nA sentence.\n\n[^a]: 注。\n\n    A note.\n",
        7,
        "no text refers to this footnote",
        "write [^a] in one",
        "一句话。\n\nA sentence.\n",
    ),
    Fault(
        "mark_open",
        "一句话。\n\n{.loose\nA sentence.\n",
        5,
        "a mark did not close",
        "write {.name}",
        "一句话。\n\nA sentence.\n",
    ),
    Fault(
        "heading_apart",
        "##节 | Section\n",
        3,
        "a heading that is none",
        "a space after the #",
        "## 节 | Section\n",
    ),
    Fault(
        "label_half",
        "(sec-half)\n## 节 | Section\n",
        3,
        "a label that is none",
        "write (name)=",
        "(sec-half)=\n## 节 | Section\n",
    ),
    Fault(
        "second_title",
        "一句话。\n\nA sentence.\n\n# 又一 | Another\n",
        7,
        "a second title",
        "## and ###",
        "一句话。\n\nA sentence.\n\n## 又一 | Another\n",
    ),
    Fault(
        "level",
        "#### 节 | Section\n",
        3,
        "Non-consecutive header level",
        "one # more",
        "## 节 | Section\n",
    ),
    Fault(
        "html",
        '<div class="a">\n\n一句话。\n\nA sentence.\n',
        3,
        "<div> does not close",
        "write </div>",
        '<div class="a">\n\n一句话。\n\nA sentence.\n\n</div>\n',
    ),
    Fault(
        "html_end",
        "一句话。\n\nA sentence.\n\n</div>\n",
        7,
        "</div> closes nothing",
        "take it out",
        "一句话。\n\nA sentence.\n",
    ),
    Fault(
        "plain_cell",
        "```code-cell ipython3\n1 + 1\n```\n",
        3,
        "a cell that never runs",
        "write ```{code-cell}",
        "```python\n1 + 1\n```\n",
    ),
    Fault(
        "no_equation",
        "见 {eq}`eq-none`。\n\nSee {eq}`eq-none`.\n",
        3,
        "equation not found: eq-none",
        "after the formula's last $$",
        "一句话。\n\nA sentence.\n",
    ),
    Fault(
        "no_image",
        "![图 | A figure](none.png)\n",
        3,
        "image file not readable",
        "correct the path",
        "一句话。\n\nA sentence.\n",
    ),
    Fault(
        "no_part",
        "见[甲](sources.md#none)。\n\nSee [A](sources.md#none).\n",
        3,
        "local id not found",
        "put (label)= there",
        "一句话。\n\nA sentence.\n",
    ),
    Fault(
        "exercise_alone",
        "```{exercise} ★ 题 | Task\n:label: ex-alone\n\n算。\n\nCompute.\n```\n",
        4,
        "exercise ex-alone has no solution",
        "write a {solution} ex-alone",
        "```{exercise} ★ 题 | Task\n:label: ex-alone\n\n算。\n\nCompute.\n```\n\n```{solution} ex-alone\n答。\n\nAnswer.\n```\n",
    ),
    Fault(
        "exercise_nameless",
        "```{exercise} ★ 题 | Task\n\n算。\n\nCompute.\n```\n",
        3,
        "an exercise without a name",
        "give it `:label:",
        "一句话。\n\nA sentence.\n",
    ),
    Fault(
        "solution_alone",
        "```{solution} ex-none\n:label: sol-none\n\n答。\n\nAnswer.\n```\n",
        3,
        "there is no exercise ex-none",
        "correct its name",
        "一句话。\n\nA sentence.\n",
    ),
]
# Pages with cells: four lines of front matter come before the title; the lines are those
# that myst-nb gives, inside the cell, and for a role one too many.
CELLS = [
    Fault(
        "alt",
        figure(""),
        9,
        "no alt text",
        "alt",
        figure(ALT),
    ),
    Fault(
        "half_alt",
        figure("  image:\n    alt: 一个方块\n").replace("drawn", "other"),
        9,
        "alt text “一个方块” has no English",
        "write 中文 | English",
        figure(ALT).replace("fig-drawn", "fig-other"),
    ),
    Fault(
        "glue_twice",
        glue("twice", 0.5) + "\n" + glue("twice", 0.7),
        13,
        "glue key 'twice' duplicate",
        "give one of the two another key",
        glue("twice", 0.5),
    ),
    Fault(
        "glue_here",
        glue("elsewhere", 0.5),
        9,
        "glue key 'elsewhere' is set in glue_before already",
        "give this one another name",
        glue("here", 0.5),
    ),
    Fault(
        "glue_missing",
        "值为 {glue:text}`never`。\n\nIt is {glue:text}`never`.\n\n" + cell("1 + 1"),
        8,
        "'never'",
        "set it in a cell",
        cell("1 + 1"),
    ),
    Fault(
        "typed",
        glue("accuracy", 0.8317)
        + "\n精度为 {glue:text}`accuracy:.3f`，即 0.832。\n\n"
        + "The accuracy is {glue:text}`accuracy:.3f`, that is 0.832.\n",
        12,
        "0.832 is typed, and a cell of this page computes it",
        "paste it with {glue:text}",
        glue("accuracy", 0.8317) + "\n精度为 {glue:text}`accuracy:.3f`。\n\n"
        "The accuracy is {glue:text}`accuracy:.3f`.\n",
    ),
    Fault(
        "tag",
        cell("1 + 1", ":tags: [hide-inptu]\n"),
        8,
        "'hide-inptu' is no tag of a cell",
        "did you mean hide-input?",
        cell("1 + 1", ":tags: [hide-input]\n"),
    ),
    Fault(
        "option",
        cell("1 + 1", ":tag: [hide-input]\n"),
        8,
        "'tag' is no option of a cell",
        "did you mean tags?",
        cell("1 + 1"),
    ),
    Fault(
        "picture_option",
        figure(ALT).replace("caption:", "captoin:").replace("drawn", "third"),
        12,
        "'captoin' is no `figure` option",
        "did you mean caption?",
        figure(ALT).replace("drawn", "third"),
    ),
    Fault(
        "format",
        glue("shape", 0.5)
        + "\n值为 {glue:text}`shape:.3q`。\n\nIt is {glue:text}`shape:.3q`.\n",
        12,
        "Failed to format",
        "correct the format behind the colon",
        glue("shape", 0.5),
    ),
    Fault(
        "stderr",
        cell("import warnings\nwarnings.warn('too small')"),
        9,
        "stderr was found in the cell outputs of cell",
        "cure what the cell warns of",
        cell("1 + 1"),
    ),
    Fault(
        "path",
        cell("import sys\nprint('here:', sys.prefix + '/lib')"),
        8,
        "shows a path of this machine",
        "print a file's name alone",
        cell("print('lib')"),
    ),
]
FAULTS = PROSE + MARKS + CELLS
ALWAYS = {"glue_before": FRONT + "# 先 | Before\n\n" + glue("elsewhere", 0.5)}


def page_of(fault: Fault, text: str) -> str:
    """A whole page."""
    front = FRONT if fault in CELLS else ""
    return f"{front}# 页 {fault.name} | Page {fault.name}\n\n{text}"


def prepare(book) -> None:
    """Settings and files of a book with all our extensions."""
    book.settings(
        *EXTENSIONS,
        language="zh_CN",
        numfig=True,
        bibtex_bibfiles=["references.bib"],
        myst_enable_extensions=[
            "attrs_block",
            "attrs_inline",
            "colon_fence",
            "dollarmath",
        ],
        nb_execution_mode="cache",
        nb_output_stderr="warn",
        nb_execution_timeout=60,
    )
    conf = book.source / "conf.py"
    conf.write_text(conf.read_text().replace("'myst_parser', ", ""))
    for name, text in FILES.items():
        (book.source / name).write_text(text, "utf-8")
    book.write(
        **ALWAYS,
        sources="# 文献 | Sources\n\n```{bibliography}\n:all:\n```\n\n```{terms}\n```\n",
    )


@dataclass(frozen=True)
class Tried:
    """A book before and after its faults were planted."""

    clean: object
    faulty: object
    before: dict[str, str]
    after: dict[str, str]
    source: Path


@pytest.fixture(scope="module")
def tried(tmp_path_factory, nursery, make_book) -> Tried:
    """Build the sound pages, plant every fault, build again."""
    book = make_book(tmp_path_factory.mktemp("told"), nursery)
    prepare(book)
    book.write(**{fault.name: page_of(fault, fault.mended) for fault in FAULTS})
    clean, before = book.strict(), book.published()
    book.write(**{fault.name: page_of(fault, fault.page) for fault in FAULTS})
    faulty = book.strict()
    return Tried(clean, faulty, before, book.published(), book.source)


def warnings(words: str) -> list[str]:
    return re.findall(r"^\S+: (?:WARNING|ERROR): .*$", words, re.M)


def test_the_sound_book_is_told_nothing_and_published(tried):
    assert warnings(tried.clean.words) == []
    assert tried.clean.status == 0
    assert "twin.html" in tried.before


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_told_with_file_line_and_cure(tried, fault):
    place = f"{tried.source / fault.name}.md:{fault.line}: "
    found = [w for w in warnings(tried.faulty.words) if w.startswith(place)]
    assert any(fault.words in w and fault.cure in w for w in found), [
        w for w in warnings(tried.faulty.words) if f"/{fault.name}.md" in w
    ]


def test_the_faulty_book_fails_and_is_not_published(tried):
    assert tried.faulty.status == 1
    assert tried.after == tried.before


# --- faults that stop the build ----------------------------------------------------------
STOPS = [
    (
        "videos.yml",
        '"02:37"',
        '"15:00"',
        "videos.yml:7: mark training: 15:00 lies beyond the part's 14 minutes",
    ),
    ("videos.yml", "marks:", "marks: [", "videos.yml:6: not readable as YAML"),
    (
        "videos.yml",
        "marks:\n",
        "marks:\n  training: {}\n",
        "videos.yml:8: 'training' stands in line 7 already: keep one",
    ),
    ("videos.yml", "lecture: mlp, ", "", "videos.yml:7: mark training: needs the key"),
    ("terms.yml", "en: dropout", "en: [", "terms.yml:1: not readable as YAML"),
    ("terms.yml", "also:", "aslo:", "terms.yml:1: term '丢弃法': aslo is none of"),
]


@pytest.fixture
def two_pages(book):
    """The book of two pages with our files, published."""
    prepare(book)
    (book.source / "one.md").write_text("# 一 | One\n", "utf-8")
    (book.source / "two.md").write_text("# 二 | Two\n", "utf-8")
    return book


@pytest.mark.parametrize(("name", "old", "new", "words"), STOPS)
def test_a_fault_in_a_file_stops_the_build(two_pages, name, old, new, words):
    path = two_pages.source / name
    assert old in FILES[name]
    path.write_text(FILES[name].replace(old, new), "utf-8")
    ended = two_pages.build()
    assert ended.status != 0
    assert f"{two_pages.source}/{words}" in ended.words
    assert "Traceback" not in ended.words
    assert two_pages.published() == {}


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (
            FRONT + "# 二 | Two\n\n" + cell("1", ":tags: [hide-input\n"),
            "8: the cell's options are no YAML: look for a missing bracket",
        ),
        (
            FRONT + "# 二 | Two\n\n" + cell("1", ":tags: hide-input\n"),
            "8: write the cell's options as :tags: [name]",
        ),
        (
            FRONT.replace("name: python3}", "name: pyton3}") + "# 二 | Two\n",
            "3: no kernel pyton3 is installed: write name: python3",
        ),
        ("# 二 | Two\n\nÜber.\n", "3: no UTF-8 here: save the page as UTF-8"),
    ],
)
def test_a_page_that_cannot_be_read_stops_the_build(two_pages, page, words):
    encoding = "latin-1" if "Ü" in page else "utf-8"
    text = page.replace("二", "2") if encoding == "latin-1" else page
    (two_pages.source / "two.md").write_bytes(text.encode(encoding))
    ended = two_pages.build()
    assert ended.status != 0
    assert f"{two_pages.source}/two.md:{words}" in ended.words
    assert two_pages.published() == {}


def test_an_exercise_that_is_missing_is_not_told_of_another_page(tried):
    told = re.findall(r"(\S+): WARNING: undefined label: ex-none", tried.faulty.words)
    assert "undefined label: ex-none" in tried.faulty.words
    assert {Path(place).name for place in told} <= {"solution_alone.md:3"}


def test_a_place_is_told_once(tried):
    assert re.findall(r"WARNING: \S+: WARNING: .*", tried.faulty.words) == []


def test_a_setting_that_nobody_knows_is_told_with_its_line(two_pages):
    settings = two_pages.source / "_config.yml"
    settings.write_text("sphinx:\n  config:\n    bilingual_mod: zh\n", "utf-8")
    ended = two_pages.build("-D", "bilingual_mod=zh")
    told = f"{settings}:3: WARNING: unknown config value 'bilingual_mod' in override"
    assert told in ended.words
    assert "correct its name" in ended.words


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise ValueError('poisoned')", "ValueError: poisoned"),
        ("import time; time.sleep(99)", "ran longer than the limit of 2 seconds"),
    ],
)
def test_a_cell_that_fails_or_hangs_stops_the_build(two_pages, code, reason):
    conf = two_pages.source / "conf.py"
    conf.write_text(conf.read_text() + "\nnb_execution_timeout = 2\n")
    assert two_pages.build().status == 0
    before = two_pages.published()
    page = f"{FRONT}# 二 | Two\n\n{cell('1 + 1')}\n{cell(code)}"
    two_pages.write(two=page)
    ended = two_pages.build()
    assert ended.status != 0
    assert f"{two_pages.source}/two.md:12: code cell 2: {reason}" in ended.words
    assert two_pages.published() == before
