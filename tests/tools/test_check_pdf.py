import zlib

import check_pdf
import pytest

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
    page = check_pdf.read_page(PAGE, lang)
    return check_pdf.compare("p.html", page, text, check_pdf.bare(text), lang)


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
    assert check_pdf.read_page(PAGE, "en").headings == [["Theperceptron"]]


LOG = """Overfull \\hbox (4.9pt too wide) in paragraph at lines 1--2
Overfull \\hbox (5.2pt too wide) in paragraph at lines 3--4
Overfull \\vbox (80.0pt too high) has occurred while \\output is active
LaTeX Warning: Reference `eq:a' on page 3 undefined on input line 7.
LaTeX Warning: Hyper reference `b:c' on page 4 undefined on input line 8.
Missing character: There is no ★ (U+2605) in font [texgyre]/OT!
"""


def test_the_log_is_read():
    found = check_pdf.log_faults(LOG)
    assert len(found) == 5
    assert not any("4.9" in fault for fault in found)


def test_a_clean_log_has_no_fault():
    assert check_pdf.log_faults("Output written on book.xdv (300 pages).\n") == []


def test_objects_in_compressed_streams_are_read():
    inside = zlib.compress(b"<</Title<feff8bba65ad>/Lang(zh-CN)>>")
    pdf = b"1 0 obj<</Type/ObjStm/N 1>>stream\n" + inside + b"\nendstream"
    assert "/Lang(zh-CN)" in check_pdf.objects_of(pdf)
    assert check_pdf.pdf_string("<feff8bba65ad>") == "论断"
