"""The walk that pairs blocks, on nodes made by hand: no build, so many pages can be tried."""

from itertools import pairwise
from types import SimpleNamespace

import pytest
from bilingual import pairing
from bilingual.pairing import Pairing, excerpt
from bilingual.report import Fault
from docutils import nodes
from hypothesis import given
from hypothesis import strategies as st

WORDS = {"zh": "感知机会学习。", "en": "The perceptron learns."}


def paragraph(text, *classes):
    return nodes.paragraph("", "", nodes.Text(text), classes=[*classes])


def bullets(*texts):
    items = [nodes.list_item("", paragraph(text)) for text in texts]
    return nodes.bullet_list("", *items)


def quote(*texts):
    return nodes.block_quote("", *map(paragraph, texts))


def table(*rows):
    """Rows of texts of cells."""
    body = nodes.tbody(
        "",
        *(
            nodes.row("", *(nodes.entry("", paragraph(text)) for text in row))
            for row in rows
        ),
    )
    return nodes.table("", nodes.tgroup("", body, cols=len(rows[0])))


def definitions(term, text):
    item = nodes.definition_list_item(
        "", nodes.term("", term), nodes.definition("", paragraph(text))
    )
    return nodes.definition_list("", item)


def lines(text):
    return nodes.line_block("", nodes.line("", text))


def walked(*blocks, parent=None):
    """What is told of these blocks, as (node, fault, text), and which became twins."""
    told, pairs = [], []
    reporter = SimpleNamespace(note=lambda *note: told.append(note))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            pairing, "compare", lambda told_to, zh, en: pairs.append((told_to, zh, en))
        )
        parent = nodes.section("", *blocks) if parent is None else parent
        Pairing(reporter).walk(parent)
    assert all(told_to is reporter for told_to, _, _ in pairs)
    return told, [(zh, en) for _, zh, en in pairs]


PROSE = {
    "paragraph": paragraph,
    "list": bullets,
    "quote": quote,
    "table": lambda text: table([text]),
    "lines": lines,
}
SHARED = {
    "code": lambda: nodes.literal_block("x", "x"),
    "equation": lambda: nodes.math_block("x", "x"),
    "neutral": lambda: paragraph("It learns.", "neutral"),
}
SILENT = {
    "label": lambda: nodes.target("", "", refid="a"),
    "comment": lambda: nodes.comment("", "It learns."),
    "title": lambda: nodes.title("", "题"),
}
INSIDE = {("zh", "list"), ("zh", "quote"), ("en", "table")}
BLOCKS = st.one_of(
    st.tuples(st.sampled_from([*PROSE]), st.sampled_from(["zh", "en"])),
    st.tuples(st.sampled_from([*SHARED, *SILENT]), st.none()),
)


@given(st.lists(BLOCKS, max_size=9))
def test_twins_are_neighbours_of_one_kind_the_chinese_first(page):
    made = [
        PROSE[kind](WORDS[lang]) if lang else (SHARED | SILENT)[kind]()
        for kind, lang in page
    ]
    told, pairs = walked(*made)
    counted = [
        (made[i], kind, lang)
        for i, (kind, lang) in enumerate(page)
        if kind not in SILENT
    ]
    neighbours = [
        (first, second)
        for (first, one, zh), (second, other, en) in pairwise(counted)
        if one == other and (zh, en) == ("zh", "en")
    ]
    assert [tuple(map(id, pair)) for pair in pairs] == [
        tuple(map(id, pair)) for pair in neighbours
    ]
    twins = {id(node) for pair in pairs for node in pair}
    alone = {"zh": 0, "en": 0}
    for node, kind, lang in counted:
        if lang is None:
            assert not {"zh", "en"} & set(node["classes"])
        elif id(node) in twins:
            assert lang in node["classes"]
        else:
            alone[lang] += 1
            # What has no twin as a whole is searched for twins inside.
            inside = (lang, kind) in INSIDE
            marked = next(node.findall(nodes.paragraph)) if inside else node
            assert lang in marked["classes"]
    faults = [fault for _, fault, _ in told]
    assert faults.count(Fault.NO_ENGLISH) == alone["zh"]
    assert faults.count(Fault.NO_CHINESE) == alone["en"]
    assert len(faults) == sum(alone.values())


def test_what_is_told_is_told_of_the_block_with_its_first_words():
    block = paragraph("  感知机  会学习。")
    ((node, fault, text),), _ = walked(block)
    assert (node, fault) == (block, Fault.NO_ENGLISH)
    assert text == (
        "a Chinese block with no English twin of its kind right after it:"
        " 感知机 会学习。"
    )
    block = paragraph("The perceptron learns from its mistakes.")
    ((node, fault, text),), _ = walked(block)
    assert (node, fault) == (block, Fault.NO_CHINESE)
    assert text == (
        "an English block with no Chinese block of its kind just before it:"
        " The perceptron learns fr … (mark it {.neutral} if it serves both languages)"
    )


@pytest.mark.parametrize(
    ("length", "cut"), [(23, False), (24, False), (25, True), (40, True)]
)
def test_an_excerpt_has_at_most_24_signs(length, cut):
    text = ("abcdefghij" * 4)[:length]
    assert excerpt(paragraph(text)) == (f"{text[:24]} …" if cut else text)


def test_an_excerpt_of_what_has_no_prose_is_its_text():
    assert excerpt(nodes.math_block("  x\n= 1", "  x\n= 1")) == "x = 1"


# What is shared ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("block", "what"),
    [
        (nodes.raw("", "<b>感知机</b>", format="html"), "raw HTML"),
        (nodes.math_block("", r"\text{感知机}"), "an equation"),
    ],
)
def test_chinese_in_what_is_shared_is_told(block, what):
    ((node, fault, text),), pairs = walked(block)
    assert (node, fault, pairs) == (block, Fault.SHARED, [])
    assert text == (f"Chinese in {what}, which both languages share: {excerpt(block)}")


@pytest.mark.parametrize(
    "block",
    [
        nodes.raw("", '<b class="zh">感知机</b>', format="html"),
        nodes.raw("", "<b>perceptron</b>", format="html"),
        nodes.raw("", "<b>感知机</b>", format="html", classes=["neutral"]),
        nodes.image(uri="x.png"),
        nodes.literal_block("", "感知机"),
        nodes.container("", paragraph(WORDS["zh"]), nb_element="cell_code_source"),
        nodes.container("", paragraph(WORDS["en"]), classes=["neutral"]),
        nodes.container("", paragraph(WORDS["en"]), classes=["en", "neutral"]),
    ],
    ids=lambda block: block.pformat().split("\n")[0],
)
def test_what_serves_both_is_left_alone(block):
    assert walked(block) == ([], [])


# A cell's output -----------------------------------------------------------------------
def bundle(**forms):
    """The forms of one output: mime type, with its slash as an underline -> text."""
    return nodes.container(
        "",
        *(
            nodes.container(
                "", *map(paragraph, texts), mime_type=name.replace("_", "/")
            )
            for name, texts in forms.items()
        ),
        nb_element="mime_bundle",
    )


def test_of_an_output_markdown_is_prose_and_nothing_else():
    told, pairs = walked(
        bundle(text_plain=[WORDS["en"]], text_markdown=[WORDS["zh"], WORDS["en"]])
    )
    assert told == []
    assert len(pairs) == 1
    told, pairs = walked(bundle(text_plain=[WORDS["en"]], text_markdown=[WORDS["zh"]]))
    assert [fault for _, fault, _ in told] == [Fault.NO_ENGLISH]


def test_an_output_stands_between_twins():
    told, pairs = walked(
        paragraph(WORDS["zh"]), bundle(text_plain=["x"]), paragraph(WORDS["en"])
    )
    assert [fault for _, fault, _ in told] == [Fault.NO_ENGLISH, Fault.NO_CHINESE]
    assert pairs == []


# Languages of blocks -------------------------------------------------------------------
def span(lang, text):
    return nodes.inline("", text, classes=[lang])


LANGUAGES = {
    "Chinese": (lambda: paragraph("感知机。"), "zh", "zh"),
    "English": (lambda: paragraph("It learns."), "en", "en"),
    "a name": (lambda: paragraph("ReLU"), None, "en"),
    "a mark": (lambda: paragraph("感知机。", "en"), "en", "en"),
    "neutral": (lambda: paragraph("感知机。", "neutral"), None, None),
    "a stuck mark": (lambda: paragraph("感知机。 {.en}"), None, None),
    "spans": (
        lambda: nodes.paragraph("", "", span("zh", "甲"), span("en", "A")),
        *("both", "both"),
    ),
    "spans and words": (
        lambda: nodes.paragraph("", "", nodes.Text("感知机"), span("en", "A")),
        *("zh", "zh"),
    ),
    "mathematics": (
        lambda: nodes.paragraph("", "", nodes.math("", "x")),
        *(None, None),
    ),
    "a list": (lambda: bullets("甲。", "乙。"), "zh", "zh"),
    "an English list": (lambda: bullets("It learns.", "ReLU"), "en", "en"),
    "a list of names": (lambda: bullets("ReLU", "GELU"), None, "en"),
    "a list of both": (lambda: bullets("甲。", "It learns."), "both", "both"),
    "a list with a mark": (
        lambda: nodes.bullet_list("", nodes.list_item("", paragraph("甲", "en"))),
        *("both", "both"),
    ),
    "a definition": (lambda: definitions("甲", "乙。"), "zh", "zh"),
    "a term of the other language": (
        lambda: definitions("The term", "乙。"),
        *("both", "both"),
    ),
    "lines": (lambda: lines("It learns."), "en", "en"),
    "a table": (lambda: table(["甲", "乙"]), "zh", "zh"),
    "a table with a name": (lambda: table(["甲", "It learns."]), "zh", "zh"),
    "an English table": (lambda: table(["The name", "It learns."]), "both", "en"),
    "a table of symbols": (lambda: table(["1", "2"]), None, None),
}


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_block_has_a_language(name):
    make, alone, after_chinese = LANGUAGES[name]
    language = Pairing(None).language
    assert language(make(), waiting=False) == alone
    assert language(make(), waiting=True) == after_chinese


def test_a_name_after_a_chinese_block_of_its_kind_is_its_twin():
    for make in (paragraph, bullets, lambda text: table([text])):
        zh, en = make("感知机。"), make("Adaline")
        assert walked(zh, en) == ([], [(zh, en)])
    told, pairs = walked(paragraph("感知机。"), bullets("Adaline"))
    assert len(told) == 1
    assert pairs == []


def test_a_chinese_list_takes_the_next_block_that_counts():
    for between in (
        nodes.comment("", "x"),
        nodes.target("", "", refid="a"),
        nodes.system_message("", level=1),
    ):
        zh, en = bullets("甲。", "乙。"), bullets("It.", "That.")
        assert walked(zh, between, en) == ([], [(zh, en)])
    english = "It learns."
    told, _ = walked(bullets("甲。", "乙。"), paragraph(english), bullets(english))
    assert [fault for _, fault, _ in told] == [
        *(Fault.NO_ENGLISH, Fault.NO_ENGLISH, Fault.NO_CHINESE, Fault.NO_CHINESE)
    ]


def test_a_list_of_twins_is_paired_item_by_item():
    item = nodes.list_item("", paragraph("甲。"), paragraph("It."))
    told, pairs = walked(nodes.bullet_list("", item))
    assert told == []
    assert pairs == [(item[0], item[1])]


def test_a_box_is_entered_and_a_marked_one_is_a_block():
    box = nodes.note("", paragraph("甲。"), paragraph("It."))
    assert walked(box) == ([], [(box[0], box[1])])
    zh = nodes.container("", paragraph("甲。"), classes=["zh"])
    en = nodes.container("", paragraph("It."), classes=["en"])
    assert walked(zh, en) == ([], [(zh, en)])
    assert [fault for _, fault, _ in walked(zh)[0]] == [Fault.NO_ENGLISH]


def test_spans_of_both_languages_in_a_paragraph_are_not_entered():
    both = nodes.paragraph("", "", span("zh", "甲"), span("en", "A"))
    assert walked(both) == ([], [])


# Captions ------------------------------------------------------------------------------
def figure(caption, *legend):
    parts = [nodes.image(uri="x.png"), nodes.caption("", *caption)]
    return nodes.figure("", *parts, *([nodes.legend("", *legend)] if legend else []))


def test_a_caption_takes_the_first_paragraph_of_the_legend():
    more = paragraph("More.", "neutral")
    node = figure([nodes.Text("感知机。")], paragraph("It learns."), more)
    caption, english = node[1], node[2][0]
    told, pairs = walked(parent=node)
    assert (told, pairs) == ([], [(caption, english)])
    halves = [(child["classes"][0], child.astext()) for child in caption.children]
    assert halves == [("zh", "感知机。"), ("bi-sep", " | "), ("en", "It learns.")]
    assert all(child.parent is caption for child in caption.children)
    assert node[2].children == [more]
    node = figure([nodes.Text("感知机。")], paragraph("It learns."))
    assert walked(parent=node)[0] == []
    assert not list(node.findall(nodes.legend))


@pytest.mark.parametrize(
    ("caption", "legend", "fault", "text"),
    [
        (
            "It learns.",
            [],
            Fault.NO_CHINESE,
            "a caption without Chinese: It learns.",
        ),
        (
            "感知机。",
            [],
            Fault.NO_ENGLISH,
            "a caption with no English paragraph after it: 感知机。",
        ),
        (
            "感知机。",
            [bullets("It learns.")],
            Fault.NO_ENGLISH,
            "a caption with no English paragraph after it: 感知机。",
        ),
        (
            "感知机。",
            [paragraph("会学习。")],
            Fault.NO_ENGLISH,
            "a caption with no English paragraph after it: 感知机。",
        ),
    ],
)
def test_a_caption_of_one_language_is_told(caption, legend, fault, text):
    node = figure([nodes.Text(caption)], *legend)
    (first, *_), pairs = walked(parent=node)
    assert first == (node[1], fault, text)
    assert pairs == []
    assert node[1].astext() == caption


@pytest.mark.parametrize(
    "caption", [[span("zh", "甲"), span("en", "A")], [nodes.Text("ReLU")]]
)
def test_a_caption_of_both_languages_or_a_name_is_left_alone(caption):
    assert walked(parent=figure(caption)) == ([], [])


def test_a_figure_may_have_no_caption_and_its_legend_may_be_empty():
    assert walked(parent=nodes.figure("", nodes.image(uri="x.png"))) == ([], [])
    node = nodes.figure("", nodes.caption("", "感知机。"), nodes.legend(""))
    assert [fault for _, fault, _ in walked(parent=node)[0]] == [Fault.NO_ENGLISH]


def test_a_name_below_a_chinese_caption_is_its_english():
    node = figure([nodes.Text("感知机。")], paragraph("Adaline"))
    assert walked(parent=node)[0] == []
