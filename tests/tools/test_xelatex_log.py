from xelatex_log import log_faults

LOG = """Overfull \\hbox (4.9pt too wide) in paragraph at lines 1--2
Overfull \\hbox (5.2pt too wide) in paragraph at lines 3--4
Overfull \\vbox (80.0pt too high) has occurred while \\output is active
LaTeX Warning: Reference `eq:a' on page 3 undefined on input line 7.
LaTeX Warning: Hyper reference `b:c' on page 4 undefined on input line 8.
Missing character: There is no ★ (U+2605) in font [texgyre]/OT!
"""


def test_the_log_is_read():
    found = log_faults(LOG)
    assert len(found) == 5
    assert not any("4.9" in fault for fault in found)


def test_a_clean_log_has_no_fault():
    assert log_faults("Output written on book.xdv (300 pages).\n") == []
