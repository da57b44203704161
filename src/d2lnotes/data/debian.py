"""Get the distribution's package of Fashion-MNIST without being root.

`apt-get download` and `dpkg-deb -x` need no rights: nothing is installed. A machine
whose lists of packages are empty (a fresh container) gets lists of its own in the
same temporary folder.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from d2lnotes.data.files import DEBIAN_PACKAGE, FULL, DataError
from d2lnotes.data.progress import Progress

TIMEOUT_S = 900.0  # for each command
APT = ["apt-get", "-q", "-o", "Acquire::http::Timeout=20", "-o", "Acquire::Retries=1"]


class AptError(DataError):
    """The distribution's package could not be fetched or unpacked."""


def is_available() -> bool:
    """Whether this machine has the tools of Debian and Ubuntu."""
    return all(shutil.which(tool) for tool in ("apt-get", "dpkg-deb"))


@contextlib.contextmanager
def unpacked(progress: bool | None = None) -> Iterator[Path]:
    """Fetch and unpack the package for as long as the ``with`` block lasts.

    Args:
        progress: As for ``load_fashion_mnist``.

    Yields:
        The folder with the four files.

    Raises:
        AptError: If a command fails or takes too long, or the files are not in it.
    """
    with tempfile.TemporaryDirectory(prefix="d2lnotes-") as name:
        folder = Path(name)
        try:
            _download(folder, [], progress)
        except AptError:
            own_lists = _own_lists(folder / "apt")
            _run([*APT, *own_lists, "update"], folder)
            _download(folder, own_lists, progress)
        packages = sorted(folder.glob("*.deb"))
        if len(packages) != 1:
            raise AptError(f"apt-get download left {len(packages)} packages, not 1")
        _run(["dpkg-deb", "-x", str(packages[0]), "unpacked"], folder)
        found = sorted((folder / "unpacked").rglob(f"{FULL[0].name}*"))
        if not found:
            raise AptError(f"the package {packages[0].name} lacks {FULL[0].name}")
        yield found[0].parent


def _own_lists(state: Path) -> list[str]:
    """Options that make apt keep its lists of packages in a folder of ours."""
    for part in ("lists/partial", "cache/archives/partial"):
        (state / part).mkdir(parents=True, exist_ok=True)
    settings = state / "apt.conf"
    settings.write_text(
        f'Dir::State::lists "{state / "lists"}";\n'
        f'Dir::Cache "{state / "cache"}";\n'
        # Our folder is closed to the user that apt becomes when root calls it.
        'APT::Sandbox::User "root";\n'
        # The system's hooks are about the system's own lists.
        "#clear APT::Update::Pre-Invoke;\n"
        "#clear APT::Update::Post-Invoke;\n"
        "#clear APT::Update::Post-Invoke-Success;\n"
    )
    return ["-c", str(settings)]


def _download(folder: Path, options: list[str], progress: bool | None) -> None:
    """Let apt put the package into ``folder``, and say how much of it is there."""
    with Progress(DEBIAN_PACKAGE, progress) as bar:

        def watch() -> None:
            with contextlib.suppress(OSError):  # apt renames what it failed to fetch
                for package in folder.glob("*.deb"):
                    bar.update(package.stat().st_size)

        _run([*APT, *options, "download", DEBIAN_PACKAGE], folder, watch)
        watch()


def _run(
    command: list[str], folder: Path, watch: Callable[[], None] = lambda: None
) -> None:
    """Run a command in ``folder``; its output is shown only if it fails.

    ``watch`` is called again and again while the command runs.
    """
    with tempfile.TemporaryFile("w+", dir=folder, errors="replace") as output:
        try:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        except OSError as error:
            raise AptError(f"Cannot run {command[0]}: {error}") from error
        end = time.monotonic() + TIMEOUT_S
        try:
            while process.poll() is None:
                if time.monotonic() > end:
                    raise AptError(f"{command[0]} took more than {TIMEOUT_S:g} s.")
                time.sleep(0.05)
                watch()
        finally:
            process.kill()  # does nothing if it has ended
            process.wait()
        if process.returncode:
            output.seek(0)
            last = "\n  ".join(output.read().strip().splitlines()[-5:])
            raise AptError(
                f"`{' '.join(command)}` failed with status {process.returncode}:\n"
                f"  {last}"
            )
