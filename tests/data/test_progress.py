"""What a download writes on standard error."""

import io

import pytest

from d2lnotes.data import progress
from d2lnotes.data.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Page(io.StringIO):
    """Stands for a notebook's stream."""


Page.__module__ = "ipykernel.iostream"


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test sets."""

    class Clock:
        now = 0.0

        def monotonic(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(progress, "time", clock)
    return clock


def test_a_terminal_gets_a_bar_that_ends_full(clock):
    out = Terminal()
    with Progress("images", stream=out) as bar:
        for percent in range(0, 101, 10):
            clock.now += 1
            bar.update(percent * 10**5, 10**7)
    drawn = out.getvalue().split("\r")
    assert drawn[6] == f"images [{'#' * 15}{'.' * 15}] 5.0 of 10.0 MB "
    assert drawn[-1] == f"images [{'#' * 30}] 10.0 of 10.0 MB \n"


def test_a_file_gets_few_lines_but_always_the_last(clock):
    out = io.StringIO()
    with Progress("images", stream=out) as bar:
        for second in range(26):
            clock.now = float(second)
            bar.update(second * 10**6, 25 * 10**6)
    assert out.getvalue().splitlines() == [
        "images: 0.0 of 25.0 MB",
        "images: 10.0 of 25.0 MB",
        "images: 20.0 of 25.0 MB",
        "images: 25.0 of 25.0 MB",
    ]


@pytest.mark.parametrize(
    ("stream", "written"),
    [(io.StringIO(), "images: 3.0 MB\n"), (Terminal(), "\rimages 3.0 MB \n")],
)
def test_an_unknown_length_is_not_invented(clock, stream, written):
    with Progress("images", stream=stream) as bar:
        bar.update(3_000_000)
    assert stream.getvalue() == written


@pytest.mark.parametrize(
    ("stream", "show"), [(Page(), None), (Terminal(), False), (io.StringIO(), False)]
)
def test_a_notebook_or_a_no_keeps_it_quiet(stream, show):
    with Progress("images", show, stream=stream) as bar:
        bar.update(1, 2)
    assert stream.getvalue() == ""


def test_a_yes_shows_it_in_a_notebook_too():
    stream = Page()
    with Progress("images", True, stream=stream) as bar:
        bar.update(1_000_000, 2_000_000)
    assert stream.getvalue() == "images: 1.0 of 2.0 MB\n"


def test_nothing_received_writes_nothing():
    out = Terminal()
    with Progress("images", stream=out):
        pass
    assert out.getvalue() == ""
