"""What XeLaTeX complained of: signs without a glyph, references without aim, wide lines."""

from __future__ import annotations

import re

TOO_WIDE = 5.0  # points


def log_faults(log: str) -> list[str]:
    r"""What XeLaTeX complained of in its last run.

    Example:
        >>> log_faults("Overfull \\hbox (5.1pt too wide) in paragraph at lines 3--4")
        ['a line is 5.1 pt too wide or high: hbox in paragraph at lines 3--4']
    """
    flat = re.sub(r"(?<=.{79})\n", "", log)  # TeX breaks its lines at 79
    faults = sorted(
        {
            f"no glyph: {m[1]}"
            for m in re.finditer(r"Missing character: (.*?)!?\n", flat)
        }
    )
    faults += sorted(
        {
            f"undefined: {m[0]}"
            for m in re.finditer(
                r"(?:Reference|Citation|Hyper reference) [`'][^']*'[^\n]*undefined",
                flat,
            )
        }
    )
    for kind, points, where in re.findall(
        r"^Overfull \\([hv]box) \(([\d.]+)pt too (?:wide|high)\) ?([^\n]*)", log, re.M
    ):
        if float(points) > TOO_WIDE:
            faults.append(f"a line is {points} pt too wide or high: {kind} {where}")
    return faults
