"""Make the PDFs: `make_pdf.py [zh en both phone]`, all four without arguments.

Names the system packages that are missing and installs exactly those (as root, or with a
sudo that asks nothing; else prints the one command). Every edition takes the results of
the cells from the cache that the site's build filled, and its date from the commit, so
that two runs give the same bytes. The PDFs come to ``book/_build/pdf``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pypdf import PdfReader

ROOT = Path(__file__).resolve().parents[1]
PDFS = ROOT / "book" / "_build" / "pdf"
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from pdf.stamp import digest_of_text, read_stamp  # noqa: E402

# Package -> a command it brings, a file that TeX finds, or a family of fonts.
PACKAGES = {
    "texlive-xetex": "xelatex",
    "texlive-latex-extra": "tcolorbox.sty",
    "texlive-lang-cjk": "xeCJK.sty",
    "texlive-lang-chinese": "ctexhook.sty",
    "texlive-fonts-recommended": "pzdr.tfm",
    "fonts-texgyre": "texgyrepagella-regular.otf",
    "fonts-texgyre-math": "texgyrepagella-math.otf",
    "latexmk": "latexmk",
    "librsvg2-bin": "rsvg-convert",
    "poppler-utils": "pdftotext",
    "fontconfig": "fc-list",
    "fonts-noto-cjk": "font:Noto Serif CJK SC",
    "fonts-arphic-ukai": "font:AR PL UKai CN",
    "fonts-symbola": "font:Symbola",
    "fonts-dejavu-core": "font:DejaVu Sans Mono",
}
# Edition -> language and page.
EDITIONS = {
    "zh": ("zh", "a4"),
    "en": ("en", "a4"),
    "both": ("both", "a4"),
    "phone": ("zh", "phone"),
}


def has(thing: str) -> bool:
    """Whether a command, a file of TeX or a family of fonts is there."""
    if thing.startswith("font:"):
        command = ["fc-list", thing.removeprefix("font:"), "family"]
    elif "." in thing:
        command = ["kpsewhich", thing]
    else:
        return shutil.which(thing) is not None
    if not shutil.which(command[0]):
        return False
    return bool(subprocess.run(command, capture_output=True).stdout.strip())


def missing() -> list[str]:
    """The packages of which something is not there."""
    return [package for package, thing in PACKAGES.items() if not has(thing)]


def install(packages: list[str]) -> bool:
    """Install them if we may; else say the one command."""
    if not packages:
        return True
    line = "apt-get install -y --no-install-recommends " + " ".join(packages)
    may_sudo = ["sudo", "-n", "true"]
    if os.geteuid() == 0:
        sudo: list[str] = []
    elif (
        shutil.which("sudo")
        and subprocess.run(may_sudo, capture_output=True).returncode == 0
    ):
        sudo = ["sudo"]
    else:
        print(
            f"The PDFs need system packages. Run this, then `make pdf` again:\n  sudo {line}"
        )
        return False
    if not shutil.which("apt-get"):
        print(f"No apt-get here: install what holds {', '.join(packages)}.")
        return False
    print(
        f"== Installing: {' '.join(packages)}. A few minutes, up to 300 MB. ==",
        flush=True,
    )
    subprocess.run([*sudo, "apt-get", "update", "-qq"], check=True)
    done = subprocess.run([*sudo, *line.split()], stdout=subprocess.DEVNULL)
    return done.returncode == 0 and not missing()


def latex_folder(work: Path) -> Path:
    """Where Jupyter Book writes LaTeX and XeLaTeX its log, in an edition's work folder."""
    return work / "_build" / "latex"


def write_latex(edition: str, out: Path, cache: Path, options: list[str]) -> float:
    """Let Jupyter Book write an edition as LaTeX; returns the seconds it took."""
    lang, page = EDITIONS[edition]
    build = out / "_build"
    shutil.rmtree(latex_folder(out), ignore_errors=True)
    build.mkdir(parents=True, exist_ok=True)
    link = build / ".jupyter_cache"
    if not link.is_symlink():
        link.symlink_to(os.path.relpath(cache, build))
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()"]
    command += ["build", str(ROOT / "book"), "--builder", "latex"]
    command += ["--path-output", str(out), *options]
    start = time.monotonic()
    with (out / "sphinx.log").open("w") as log:
        environment = {**os.environ, "BOOK_LANG": lang, "BOOK_PAGE": page}
        done = subprocess.run(
            command, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    if done.returncode:
        tail = (out / "sphinx.log").read_text("utf-8", "replace").splitlines()[-40:]
        raise SystemExit("\n".join([*tail, f"writing the edition {edition} failed"]))
    return time.monotonic() - start


def typeset(out: Path) -> tuple[Path, float]:
    """Run XeLaTeX as often as it wants; returns the PDF and the seconds."""
    folder = latex_folder(out)
    source = folder / "d2l-notes-3.tex"
    start = time.monotonic()
    command = ["latexmk", "-xelatex", "-interaction=nonstopmode", "-halt-on-error"]
    done = subprocess.run(
        [*command, source.name], cwd=folder, capture_output=True, text=True
    )
    if done.returncode:
        log = source.with_suffix(".log").read_text("utf-8", "replace")
        errors = re.findall(r"^! .*(?:\n.*){8}", log, re.M)
        raise SystemExit("\n".join([*errors[:3], f"XeLaTeX failed: {source}"]))
    return source.with_suffix(".pdf"), time.monotonic() - start


def main(arguments: list[str] | None = None) -> int:
    """Make the editions asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("editions", nargs="*", metavar="EDITION")
    parser.add_argument("--into", type=Path, default=PDFS)
    parser.add_argument(
        "--cache", type=Path, default=ROOT / "book/_build/.jupyter_cache"
    )
    parser.add_argument(
        "--options", default="", help="for jupyter-book, such as '-n -W'"
    )
    parser.add_argument(
        "--twice",
        action="append",
        default=[],
        metavar="EDITION",
        help="make it again elsewhere; it must have the same bytes",
    )
    given = parser.parse_args(arguments)
    editions = given.editions or [*EDITIONS]
    if unknown := sorted({*editions, *given.twice} - set(EDITIONS)):
        parser.error(f"editions are {', '.join(EDITIONS)}, got {', '.join(unknown)}")
    if unmade := sorted(set(given.twice) - set(editions)):
        parser.error(f"--twice {unmade[0]}: it is not made once; name it as an edition")
    if not install(missing()):
        return 1

    stamp = read_stamp(ROOT)
    os.environ["SOURCE_DATE_EPOCH"] = str(stamp.epoch)
    os.environ["FORCE_SOURCE_DATE"] = "1"
    options = given.options.split()
    into, cache = given.into.resolve(), given.cache.resolve()
    work = into / "work"
    for folder in (cache, into, work):
        folder.mkdir(parents=True, exist_ok=True)
    state = digest_of_text(ROOT)
    record = into / "pdf.json"
    made = json.loads(record.read_text("utf-8")) if record.exists() else {}

    def make(edition: str, written: float | None = None) -> None:
        out = work / edition
        if written is None:
            written = write_latex(edition, out, cache, options)
        log = (out / "sphinx.log").read_text("utf-8", "replace")
        ran = log.count(": Executing notebook")
        pdf, set_s = typeset(out)
        target = into / f"d2l-notes-3-{edition}-{stamp.name}.pdf"
        for old in into.glob(f"d2l-notes-3-{edition}-*.pdf"):
            old.unlink()
        shutil.copy(pdf, target)
        made[edition] = {
            "file": target.name,
            "version": stamp.version,
            "commit": stamp.commit,
            "date": f"{stamp.day:%Y-%m-%d}",
            "pages": len(PdfReader(target).pages),
            "bytes": target.stat().st_size,
            "sha256": hashlib.sha256(target.read_bytes()).hexdigest(),
            "text": state,
        }
        print(
            f"{target.name}: {made[edition]['pages']} pages, "
            f"{made[edition]['bytes'] / 1e6:.1f} MB "
            f"({written:.0f} s to write, {ran or 'no'} pages run, "
            f"{set_s:.0f} s to typeset)",
            flush=True,
        )

    def make_again(edition: str) -> str:
        """The digest of an edition that is made from nothing, in another folder."""
        out = work / f"{edition}-again"
        shutil.rmtree(out, ignore_errors=True)
        write_latex(edition, out, cache, options)
        digest = hashlib.sha256(typeset(out)[0].read_bytes()).hexdigest()
        shutil.rmtree(out)
        return digest

    # The first edition runs the cells that the cache does not know; the others find them.
    first, *rest = editions
    written = write_latex(first, work / first, cache, options)
    with ThreadPoolExecutor(max(1, min(2, os.cpu_count() or 1))) as pool:
        jobs = [
            pool.submit(make, first, written),
            *(pool.submit(make, e) for e in rest),
        ]
        again = {edition: pool.submit(make_again, edition) for edition in given.twice}
        for job in jobs:
            job.result()
        record.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n", "utf-8")
        same = {e: job.result() == made[e]["sha256"] for e, job in again.items()}
    others = [edition for edition in given.twice if not same[edition]]
    for edition in others:
        print(f"{edition}: made again from the same commit, it has OTHER BYTES")
    print(f"The PDFs are in {os.path.relpath(into)}")
    return bool(others)


if __name__ == "__main__":
    sys.exit(main())
