"""A display that breaks lines outside any environment, as MathJax's users write it."""

from __future__ import annotations

import re


def environment(tex: str) -> str:
    r"""The environment that such a display needs around it; empty if it needs none.

    Example:
        >>> environment(r"a &= b \\ c &= d"), environment(r"a \\ b"), environment("a")
        ('aligned', 'gathered', '')
        >>> environment(r"\begin{cases} a \\ b \end{cases}")
        ''
    """
    depth = 0
    for token in re.findall(r"\\begin\{|\\end\{|\\\\", tex):
        depth += {"\\begin{": 1, "\\end{": -1}.get(token, 0)
        if token == "\\\\" and depth == 0:
            return "aligned" if re.search(r"(?<!\\)&", tex) else "gathered"
    return ""
