"""Fetch Fashion-MNIST. The only place of the package that uses the network.

A file is written beside its place under a temporary name and renamed only once its
content is known to be right. So a cut download leaves nothing behind, a good file is
never replaced by a bad one, and two processes may do this at the same time.
"""

import contextlib
import errno
import http.client
import os
import queue
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from d2lnotes.data import debian, files
from d2lnotes.data.files import DataError, IdxFile, WrongFileError
from d2lnotes.data.progress import Progress

__all__ = ["CacheError", "DownloadError", "ensure_fashion_mnist"]


class DownloadError(DataError):
    """The data could not be fetched; the message says why."""


class CacheError(DataError):
    """The data could not be stored; the message says why."""


class _ServerError(Exception):
    """One server failed; another one may not."""


@dataclass(frozen=True)
class Limits:
    """When to give up on a server.

    Args:
        silence_s: Seconds without a single byte.
        stall_s: Length in seconds of the window that ``stall_bytes`` is about.
        stall_bytes: Fewer bytes than this in a window means that it stalled: a
            server that sends a byte now and then never falls silent.
        total_s: Seconds that one file may take.
        total_bytes: Bytes that one file may have; the largest has 26 MB.
    """

    silence_s: float = 15.0
    stall_s: float = 30.0
    stall_bytes: int = 50_000
    total_s: float = 1800.0
    total_bytes: int = 60_000_000


LIMITS = Limits()
ABANDONED_S = 24 * 3600.0  # far longer than a download may take


def mirrors() -> list[str]:
    """Torchvision's list of servers, so that it is kept up to date with torchvision."""
    from torchvision.datasets import FashionMNIST

    return list(FashionMNIST.mirrors)


def ensure_fashion_mnist(
    report: Callable[[str], None] | None = None, *, progress: bool | None = None
) -> files.Copy:
    """See to it that verified data is on this machine; what ``make html`` calls.

    Takes the copy that is there. Failing that, downloads into the cache, and failing
    that, on Debian and Ubuntu, fetches the distribution's package and unpacks it into
    the cache, for which no root is needed. A wrong file in the cache is replaced.

    Args:
        report: Called with a line at each step, e.g. ``print``.
        progress: As for ``load_fashion_mnist``.

    Returns:
        The copy, whose files were read and are right.

    Raises:
        DataError: If all of it failed; the message has every reason and the cures.

    Example:
        >>> ensure_fashion_mnist().source in ("folder", "sample", "cache", "debian")
        True
    """
    say = report or (lambda line: None)
    copy = files.locate()
    if copy is not None:
        try:
            copy.read()
            return copy
        except WrongFileError as error:
            if copy.source not in ("cache", "debian"):
                raise  # it was asked for, so nothing else will do
            say(error.facts)
    cache = files.cache_folder()
    _make_writable(cache)
    say(
        f"Downloading Fashion-MNIST (31 MB) into {cache}; "
        "this usually takes less than a minute."
    )
    try:
        download_into(cache, files.FULL, progress=progress)
        return files.Copy("download", cache, files.FULL)
    except DownloadError as error:
        reasons = [error.facts]
    if debian.is_available():
        say(reasons[0])
        say(
            f"Fetching the distribution's package {files.DEBIAN_PACKAGE} instead "
            "(30 MB; nothing is installed, no root is needed); "
            "this usually takes less than a minute."
        )
        try:
            with debian.unpacked(progress) as folder:
                copy_into(cache, folder, files.FULL)
            return files.Copy("download", cache, files.FULL)
        except (debian.AptError, files.DataNotFoundError, WrongFileError) as error:
            reasons.append(error.facts)
    raise DownloadError("\n".join(reasons))


def download_into(
    folder: Path,
    wanted: tuple[IdxFile, ...],
    *,
    servers: list[str] | None = None,
    limits: Limits | None = None,
    progress: bool | None = None,
) -> None:
    """Download those of the files that ``folder`` lacks or has wrong.

    Args:
        folder: Where they go, made if need be.
        wanted: What they must be, once decompressed.
        servers: Addresses to put ``/name.gz`` after; ``None`` means torchvision's.
        limits: When to give up; ``None`` means ``LIMITS``.
        progress: As for ``load_fashion_mnist``.

    Raises:
        DownloadError: If no server gave a right file.
        CacheError: If a file could not be stored.
    """
    needed = [file for file in wanted if not _is_right(folder, file)]
    if not needed:
        return
    _make_writable(folder)  # before the network is asked for anything
    servers = mirrors() if servers is None else servers
    limits = limits or LIMITS
    for file in needed:
        failures = []
        for server in servers:
            url = f"{server.rstrip('/')}/{file.name}.gz"
            bar = Progress(file.name, progress)
            chunks = _receive(url, limits, bar)
            try:
                with bar, contextlib.closing(chunks):
                    _store(folder, file, chunks)
                break
            except _ServerError as error:
                failures.append(f"  {url}: {error}")
            except WrongFileError as error:
                failures.append(f"  {url}: {error.facts}")
        else:
            raise DownloadError(
                "\n".join([f"Could not download {file.name}.gz.", *failures])
            )


def copy_into(folder: Path, origin: Path, wanted: tuple[IdxFile, ...]) -> None:
    """Copy files that lie elsewhere into ``folder``, verified like a download.

    Args:
        folder: Where they go, made if need be.
        origin: Where they lie.
        wanted: What they must be, once decompressed.

    Raises:
        DataNotFoundError: If ``origin`` lacks one.
        WrongFileError: If one of them is wrong.
        CacheError: If they cannot be stored.
    """
    if missing := files.missing_from(origin, wanted):
        raise files.DataNotFoundError(f"{origin} lacks {', '.join(missing)}")
    _make_writable(folder)
    for file in wanted:
        if not _is_right(folder, file):
            with files.path_of(origin, file).open("rb") as stream:
                _store(folder, file, iter(lambda: stream.read(files.CHUNK), b""))


def _is_right(folder: Path, file: IdxFile) -> bool:
    path = files.path_of(folder, file)
    if path is None:
        return False
    try:
        files.read_verified(path, file)
    except WrongFileError:
        return False
    return True


def _make_writable(folder: Path) -> None:
    """Make the folder and try to write in it, or say what to do."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise _cannot_write(folder, error) from error
    for partial in folder.glob(".*.part"):  # left by processes that were killed
        with contextlib.suppress(OSError):  # another process may be removing it too
            if time.time() - partial.stat().st_mtime > ABANDONED_S:
                partial.unlink()


def _store(folder: Path, file: IdxFile, chunks: Iterator[bytes]) -> None:
    """Write the chunks to ``folder``/name.gz if they are the right file, else nowhere."""
    target = folder / f"{file.name}.gz"
    partial = None
    try:
        with tempfile.NamedTemporaryFile(
            dir=folder, prefix=f".{file.name}.", suffix=".part", delete=False
        ) as stream:
            partial = Path(stream.name)
            for chunk in chunks:
                stream.write(chunk)
            stream.flush()
            os.fsync(stream.fileno())
        files.read_verified(partial, file)
        partial.chmod(0o644)  # a temporary file is for its owner alone
        os.replace(partial, target)
    except WrongFileError as error:
        facts = error.facts.replace(str(partial), target.name)
        raise WrongFileError(facts, error.advice) from None
    except OSError as error:
        raise _cannot_write(folder, error) from error
    finally:
        if partial is not None:
            partial.unlink(missing_ok=True)  # gone already if all went well


def _cannot_write(folder: Path, error: OSError) -> CacheError:
    """Explain why nothing could be stored."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        why = "the disk is full (31 MB are needed); the partial file is removed"
    else:
        why = error.strerror or str(error)
    return CacheError(
        f"Cannot write to the cache {folder}: {why}.",
        "Set XDG_CACHE_HOME to a folder that you can write to and that has room.",
    )


def _receive(url: str, limits: Limits, bar: Progress) -> Iterator[bytes]:
    """Yield what a server sends, and give up when it is too slow.

    A thread does the waiting, since a name server or a header that trickles in can
    keep urllib busy for ever, whatever its timeout.
    """
    box: queue.SimpleQueue = queue.SimpleQueue()
    given_up = threading.Event()
    threading.Thread(
        target=_pump, args=(url, limits.silence_s, box, given_up), daemon=True
    ).start()
    start = window = time.monotonic()
    received = in_window = 0
    length = None  # as the server announces it
    try:
        while True:
            now = time.monotonic()
            if now - start > limits.total_s:
                raise _ServerError(f"not finished after {limits.total_s:g} s")
            if now - window > limits.stall_s:
                if in_window < limits.stall_bytes:
                    raise _ServerError(
                        f"stalled: {in_window:,} bytes in {limits.stall_s:g} s"
                    )
                window, in_window = now, 0
            try:
                item = box.get(timeout=0.1)
            except queue.Empty:
                continue
            match item:
                case bytes():
                    received += len(item)
                    in_window += len(item)
                    if received > limits.total_bytes:
                        raise _ServerError(f"more than {limits.total_bytes:,} bytes")
                    bar.update(received, length)
                    yield item
                case int():
                    length = item
                case Exception():
                    raise _ServerError(_why(item, limits)) from item
                case None:
                    break
    finally:
        given_up.set()
    if length is not None and received < length:
        raise _ServerError(f"cut after {received:,} of {length:,} bytes")


def _pump(
    url: str, timeout: float, box: queue.SimpleQueue, given_up: threading.Event
) -> None:
    """Put the announced length, the chunks, and last None or the error into the box."""
    try:
        with urllib.request.urlopen(url, timeout=timeout) as response:
            length = response.headers.get("Content-Length", "")
            if length.isdecimal():
                box.put(int(length))
            while not given_up.is_set() and (chunk := response.read1(1 << 16)):
                box.put(chunk)
        box.put(None)
    except Exception as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()
        box.put(error)


def _why(error: Exception, limits: Limits) -> str:
    """Say in a few words what went wrong on the way."""
    reason = getattr(error, "reason", error)  # what a URLError wraps
    if isinstance(error, urllib.error.HTTPError):
        return f"the server answered {error.code} {error.reason}"
    if isinstance(reason, TimeoutError):
        return f"no answer for {limits.silence_s:g} s"
    if isinstance(error, http.client.IncompleteRead):
        return f"cut: {error}"
    return f"no connection ({reason})" if isinstance(reason, OSError) else str(error)
