"""Tell how far a download is: a bar in a terminal, lines elsewhere, or nothing."""

import sys
import time
from typing import TextIO

WIDTH = 30  # characters of the bar
LINE_EVERY_S = 10.0


class Progress:
    """Reports the bytes of one file on standard error.

    Args:
        label: What is being fetched.
        show: ``True`` or ``False``, or ``None`` for everywhere but in a notebook,
            where it would become part of the page.
        stream: Where to write; ``None`` means standard error.

    Example:
        >>> with Progress("images", stream=sys.stdout) as progress:
        ...     progress.update(5_000_000, 10_000_000)
        ...     progress.update(10_000_000, 10_000_000)
        images: 5.0 of 10.0 MB
        images: 10.0 of 10.0 MB
    """

    def __init__(
        self, label: str, show: bool | None = None, stream: TextIO | None = None
    ):
        self.label = label
        self.stream = sys.stderr if stream is None else stream
        in_notebook = type(self.stream).__module__.startswith("ipykernel")
        self.show = not in_notebook if show is None else show
        self.is_bar = self.stream.isatty()
        self.received, self.length = None, None
        self._written, self._written_at = None, float("-inf")

    def update(self, received: int, length: int | None = None) -> None:
        """Note that ``received`` of ``length`` bytes are here; maybe say so."""
        self.received, self.length = received, length
        pause = 0.1 if self.is_bar else LINE_EVERY_S
        if time.monotonic() - self._written_at >= pause:
            self._write()

    def _write(self) -> None:
        if not self.show or self.received == self._written:
            return
        self._written, self._written_at = self.received, time.monotonic()
        amount, bar = f"{self.received / 1e6:.1f} MB", ""
        if self.length:
            amount = f"{self.received / 1e6:.1f} of {self.length / 1e6:.1f} MB"
            filled = min(WIDTH, WIDTH * self.received // self.length)
            bar = f"[{'#' * filled}{'.' * (WIDTH - filled)}] "
        if self.is_bar:
            self.stream.write(f"\r{self.label} {bar}{amount} ")
        else:
            self.stream.write(f"{self.label}: {amount}\n")
        self.stream.flush()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *error: object) -> None:
        """Say how far it came, and leave the cursor on a new line."""
        self._write()
        if self.is_bar and self._written is not None:
            self.stream.write("\n")
            self.stream.flush()
