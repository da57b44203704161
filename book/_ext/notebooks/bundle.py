"""One zip: every notebook, the package's wheel, what to install, and how.

The same book gives the same bytes, whatever the day and the machine.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

STAMP = (1980, 1, 1, 0, 0, 0)
READABLE = 0o100644 << 16
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def pins(requirements: str, wanted: Iterable[str]) -> list[str]:
    r"""The lines that pin the packages ``wanted``, hashes left out.

    Example:
        >>> pins("torch==2.4.0\nnumpy==2.0 ; python_version > '3'\nsix==1.0", ["numpy"])
        ["numpy==2.0 ; python_version > '3'"]
    """
    names = {plain(name) for name in wanted}
    found = []
    for line in requirements.splitlines():
        line = line.split(" #")[0].split(" --hash")[0].rstrip("\\ \t")
        match = NAME.match(line)
        if match and plain(match[0]) in names:
            found.append(line)
    return found


def plain(name: str) -> str:
    """A package's name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def dependencies(wheel: Path) -> list[str]:
    """The names of the packages that a wheel asks for."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        text = archive.read(name).decode("utf-8")
    lines = re.findall(r"^Requires-Dist: (.+)$", text.split("\n\n")[0], re.MULTILINE)
    return [NAME.match(line)[0] for line in lines if "extra ==" not in line]


def write(target: Path, files: dict[str, bytes]) -> None:
    """Write a zip whose bytes depend on nothing but names and contents."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = READABLE
            entry.create_system = 3
            archive.writestr(entry, content)
