"""What a reader's connection has to carry, and what the reader sees while it does.

Bytes are those of a server that compresses. The heaviest page is the first to be asked
about: of its 100 kB, 41 are the prose in two languages, 12 formulas, 13 code.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

import pytest

from .conftest import compressed

pytestmark = [pytest.mark.site, pytest.mark.browser]

FIRST_VISIT = 260_000
NEXT_PAGE = 70_000


def bytes_of(site: Path, addresses: list[str]) -> dict[str, int]:
    return {
        urlsplit(address).path: compressed(site, address)
        for address in addresses
        if address.startswith("http")
    }


def test_a_first_visit_is_light(site: Path, visits):
    heavy = {
        visit.page.name: total
        for visit in visits
        if visit.page.name not in {"search.html", "genindex.html"}
        and (total := sum(bytes_of(site, visit.asked).values())) > FIRST_VISIT
    }
    assert heavy == {}
