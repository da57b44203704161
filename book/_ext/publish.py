"""The site changes only when a build has gone well, and then all at once.

Sphinx writes into its output folder as it goes: a build that fails, or is killed, or runs
out of disk leaves half a site. Here it writes a draft beside it, which begins as a copy of
the site (so that only what changed is written) and trades places with it at the end. Where
warnings are errors, a build with warnings stays a draft, and the next one goes on from it.

Delete this when Sphinx builds into a folder of its own and swaps.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
from pathlib import Path
from typing import Any

from one_build import FIRST, LAST
from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

logger = logging.getLogger(__name__)

# Tracebacks of cells that failed in some earlier build, with this machine's paths.
REPORTS = "reports"


def beside(site: Path, name: str) -> Path:
    """A hidden folder next to the site."""
    return site.with_name(f".{site.name}.{name}")


def begin(app: Sphinx, config: Config) -> None:
    """Let Sphinx write into a draft.

    What Sphinx remembers (its environment) is in step with the draft if there is one,
    else with the site: a build that breaks off forgets it all.
    """
    site, doctrees = Path(app.outdir), Path(app.doctreedir)
    draft, half = beside(site, "draft"), beside(site, "copy")
    app.site = site  # type: ignore[attr-defined]
    app.outdir = type(app.outdir)(draft)
    known = (doctrees / ENV_PICKLE_FILENAME).exists()
    try:
        shutil.rmtree(half, ignore_errors=True)
        if not known:
            shutil.rmtree(draft, ignore_errors=True)
        if not known or not (site.exists() or draft.exists()):
            draft.mkdir(parents=True)  # every page is written: none stays that left
        elif not draft.exists():
            skip = shutil.ignore_patterns(doctrees.name, REPORTS)
            shutil.copytree(site, half, ignore=skip)
            half.rename(draft)
    except (OSError, shutil.Error) as error:
        raise ExtensionError(
            f"{draft}: no draft of the site can be made: {error}. Free some disk space"
            " (50 MB will do) or mend the folder's permissions, and build again."
        ) from error


def forget(
    app: Sphinx, env: BuildEnvironment, added: set, changed: set, removed: set
) -> list[str]:
    """A page that left the book leaves the site."""
    for docname in removed:
        (Path(app.outdir) / f"{docname}.html").unlink(missing_ok=True)
        for source in (Path(app.outdir) / "_sources").glob(f"{docname}.*"):
            source.unlink()
    return []


def exchange(one: Path, other: Path) -> None:
    """Let two folders trade names in one step.

    Raises:
        OSError: If the file system cannot.
        AttributeError: If the operating system cannot; only Linux has this call.
    """
    renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    here, trade = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    if renameat2(here, os.fsencode(one), here, os.fsencode(other), trade):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(one))


def move_files(source: Path, target: Path, keep: Path) -> None:
    """Replace a folder's files one by one, each in one step; those in ``keep`` stay."""
    names = {p.relative_to(source) for p in source.rglob("*") if p.is_file()}
    for name in sorted(names):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(source / name, target / name)
    for path in target.rglob("*"):
        gone = path.is_file() and path.relative_to(target) not in names
        if gone and not path.is_relative_to(keep):
            path.unlink()


def swap(draft: Path, site: Path, doctrees: Path) -> None:
    """Put the draft in the place of the site; doctrees inside the site stay there."""
    site.mkdir(parents=True, exist_ok=True)
    try:
        exchange(draft, site)
    except (AttributeError, OSError, TypeError):  # no Linux, or a container's layers
        move_files(draft, site, doctrees)
    else:
        if doctrees.is_relative_to(site):
            (draft / doctrees.relative_to(site)).rename(doctrees)
    shutil.rmtree(draft, ignore_errors=True)


def disk_is_full(exception: Exception) -> bool:
    """Whether that is why a build failed; a data base says it in words only."""
    cause = getattr(exception, "orig_exc", None) or exception  # raised in a handler
    full = getattr(cause, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
    return full or "disk is full" in str(cause)


def end(app: Sphinx, exception: Exception | None) -> None:
    """Publish; or say what is wrong, and leave the site as it was."""
    site, draft = app.site, Path(app.outdir)  # type: ignore[attr-defined]
    unchanged = f"{site} stands as it was"
    if exception:
        if disk_is_full(exception):
            logger.error("%s: the disk is full: free 50 MB, and build again", draft)
        logger.info("%s: the build failed", unchanged)
        return
    if app.keep_going and app._warncount:
        shutil.rmtree(draft / REPORTS, ignore_errors=True)
        why = "warnings are errors; the draft with these warnings is"
        logger.info("%s: %s %s", unchanged, why, draft)
    else:
        swap(draft, site, Path(app.doctreedir))
    app.outdir = app.builder.outdir = type(app.outdir)(site)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect begin and end."""
    app.setup_extension("one_build")
    app.connect("config-inited", begin, priority=FIRST + 1)
    app.connect("env-get-outdated", forget)
    app.connect("build-finished", end, priority=LAST - 1)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
