import check_pdf
import pytest
from pdf_contents import Contents
from site_contents import bare, read_page

PAGE = """<article><h1><span class="section-number">3.1. </span>
<span class="zh">感知机</span><span class="bi-sep"> | </span><span class="en">The perceptron</span>
<a class="headerlink" href="#a">#</a></h1>
<p class="zh">这里是一段没有公式也没有链接的中文，用来证明文字可以检索、可以复制。</p>
<p class="en">A paragraph without formulas or links that says the very same thing.</p>
<span class="eqno">(3.1)<a href="#">#</a></span>
<span class="caption-number">图 3.2 </span><span class="caption-number">表 3.1 </span>
<p><span class="zh"><span class="caption-number">定理 3.1</span></span></p></article>"""
PDF = """感知机
这里是一段没有公式也没有链接的中文，用
来证明文字可以检索、可以复制。
y = wx + b                       (3.1)
图 3.2: 一个感知机
表 3.1: 真值
定理 3.1（收敛）
"""


def faults(text: str, lang: str = "zh") -> list[str]:
    page = read_page(PAGE, lang)
    return check_pdf.compare("p.html", page, text, bare(text), lang)


def test_a_pdf_with_everything_has_no_fault():
    assert faults(PDF) == []


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        ("感知机\n", "heading not in the PDF: 感知机"),
        ("(3.1)", "no equation (3.1)"),
        ("图 3.2:", "figure 3.2 is not"),
        ("表 3.1:", "table 3.1 is not"),
        ("定理 3.1（", "定理 3.1 is not"),
        ("这里是一段没有公式", "paragraph not in the PDF"),
    ],
)
def test_what_is_missing_is_named(gone: str, said: str):
    text = PDF.replace("一个感知机", "一个").replace(gone, "")
    assert any(said in fault for fault in faults(text))


def test_the_other_language_is_not_asked_for():
    assert read_page(PAGE, "en").headings == [["Theperceptron"]]


GOOD = {
    "title": "D2L 笔记 3",
    "language": "zh-CN",
    "bookmarks": ["前言"],
    "outside_links": ["https://d2l.ai"],
    "inside_links": 1,
    "pages": ["前言"],
}


def test_a_good_pdf_has_no_fault_of_its_own():
    assert check_pdf.own_faults(Contents(**GOOD), "zh") == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": "笔记"}, "the title is '笔记'"),
        ({"language": "en"}, "the language is 'en', not 'zh-CN'"),
        ({"bookmarks": ["多层感知机"]}, "no bookmark '前言' among 1"),
        ({"outside_links": []}, "no links inside or to the outside"),
        ({"inside_links": 0}, "no links inside or to the outside"),
        ({"outside_links": ["https://a.b/?c&amp;d"]}, "addresses with &amp;"),
        ({"pages": ["见图 ??。"]}, "the text has ??, a reference without aim"),
    ],
)
def test_what_is_wrong_with_a_pdf_is_said(wrong, said):
    (fault,) = check_pdf.own_faults(Contents(**{**GOOD, **wrong}), "zh")
    assert fault.startswith(said)


def test_what_only_the_site_or_only_the_pdf_has_is_a_difference(tmp_path):
    contents = (
        '<nav class="bd-links"><a class="reference internal" href="p.html"></a></nav>'
    )
    (tmp_path / "index.html").write_text(contents, "utf-8")
    (tmp_path / "p.html").write_text(PAGE, "utf-8")
    text = PDF.replace("表 3.1: 真值", "图 3.3: 两个感知机")
    pdf = Contents(pages=["封面", text], pages_as_set=["封面", text])
    assert check_pdf.differences(pdf, ("zh",), tmp_path) == [
        "p.html: table 3.1 is not in the PDF",
        "figure 3.3 is in the PDF but not on the site",
    ]
