"""How heavy a page of the site is, beside a stock Jupyter Book page: Lighthouse on both.

    python benchmarks/lighthouse.py                      # all pages would take hours: three
    python benchmarks/lighthouse.py --pages mlp/dropout --rounds 5 --stock /some/other/html

Both sites are served from this machine, compressed, and measured in turns (ours, stock,
ours, …), since a busy machine swings a score by 20 points between one minute and the
next; the table has medians. Without ``--stock`` the stock site is made here: the same
pages, run and rendered by Jupyter Book's own settings without our extensions. Its
MathJax, which a true one asks of a foreign host, is served from here too: without it no
formula would be typeset, and the page be faster than any reader's.

Lighthouse and MathJax come from npm into the user's cache; Chromium is the system's.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

LIGHTHOUSE, MATHJAX = "13.5.0", "3.2.2"
ROOT = Path(__file__).resolve().parents[1]
PAGES = ["mlp/perceptron", "mlp/dropout", "appendix/glossary"]
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
AUDITS = {  # name in the table -> (audit, divisor, unit)
    "largest paint": ("largest-contentful-paint", 1000, "s"),
    "blocking": ("total-blocking-time", 1, "ms"),
    "shift": ("cumulative-layout-shift", 1, ""),
    "weight": ("total-byte-weight", 1000, "kB"),
}
STOCK = """
title: D2L Notes 3
execute: {execute_notebooks: cache, timeout: 900}
only_build_toc_files: true
parse: {myst_enable_extensions: [attrs_block, attrs_inline, colon_fence, deflist, dollarmath, tasklist]}
bibtex_bibfiles: [references.bib]
sphinx:
  extra_extensions: [sphinx_proof, sphinx_exercise, sphinx_design]
  config: {mathjax_path: mathjax/tex-mml-chtml.js}
"""


class Compressed(SimpleHTTPRequestHandler):
    """Files as a host would serve them: compressed where that helps."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Send a file, compressed if it is text."""
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        if not path.is_file():
            self.send_error(404)
            return
        body, kind = path.read_bytes(), self.guess_type(str(path))
        self.send_response(200)
        self.send_header("Content-Type", kind)
        if kind.startswith(("text/", "image/svg")) or "javascript" in kind:
            body = gzip.compress(body, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=31536000")
        self.end_headers()
        self.wfile.write(body)


def serve(site: Path) -> str:
    """Serve a folder on a free port; its address."""
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Compressed, directory=str(site))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def from_npm(name: str, version: str) -> Path:
    """The folder of a package, installed into the user's cache if it is not there."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    folder = cache / "d2lnotes" / f"{name}-{version}"
    package = folder / "node_modules" / name
    if not package.exists():
        if shutil.which("npm") is None:
            sys.exit("lighthouse.py needs node and npm: install them, then try again")
        folder.mkdir(parents=True, exist_ok=True)
        wanted = f"{name}@{version}"
        subprocess.run(
            ["npm", "install", "--silent", "--no-fund", "--prefix", folder, wanted],
            check=True,
        )
    return package


def chromium() -> str:
    """The system's browser."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    sys.exit("lighthouse.py needs Chromium: see `make chromium`")


def stock_site(pages: list[str], folder: Path) -> Path:
    """The pages as Jupyter Book alone would show them."""
    source = folder / "book"
    for page in pages:
        target = source / f"{page}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "book" / f"{page}.md", target)
    shutil.copy(ROOT / "book" / "references.bib", source)
    (source / "_config.yml").write_text(STOCK, "utf-8")
    toc = "format: jb-book\nroot: start\nchapters:\n"
    toc += "".join(f"  - file: {page}\n" for page in pages)
    (source / "_toc.yml").write_text(toc, "utf-8")
    (source / "start.md").write_text("# Start\n", "utf-8")
    program = Path(sys.executable).with_name("jupyter-book")
    subprocess.run(
        [program, "build", source, "--keep-going"],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src"), "D2LNOTES_LIVE": "0"},
        check=True,
        capture_output=True,
    )
    site = source / "_build" / "html"
    shutil.copytree(from_npm("mathjax", MATHJAX) / "es5", site / "_static" / "mathjax")
    return site


def measure(program: Path, url: str, form: str) -> dict[str, float]:
    """One run of Lighthouse: scores out of 100, and the audits of the table."""
    options = ["--preset=desktop"] if form == "desktop" else []
    done = subprocess.run(
        [
            *(program, url, "--quiet", "--output=json", *options),
            f"--only-categories={','.join(CATEGORIES)}",
            "--chrome-flags=--headless --no-sandbox --disable-gpu",
        ],
        env=os.environ | {"CHROME_PATH": chromium()},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"lighthouse failed on {url}:\n{done.stderr[-2000:]}")
    report = json.loads(done.stdout)
    row = {name: 100 * report["categories"][name]["score"] for name in CATEGORIES}
    for name, (audit, divisor, _) in AUDITS.items():
        row[name] = report["audits"][audit]["numericValue"] / divisor
    return row


def main() -> None:
    """Measure, and print a table of medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--site", type=Path, default=ROOT / "book/_build/html")
    parser.add_argument("--stock", type=Path, help="a stock site (default: made here)")
    parser.add_argument("--pages", nargs="+", default=PAGES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--form",
        nargs="+",
        default=["mobile", "desktop"],
        choices=["mobile", "desktop"],
    )
    options = parser.parse_args()
    for page in options.pages:
        if not (options.site / f"{page}.html").exists():
            parser.error(f"{options.site} has no page {page}: run `make html` first")
    program = from_npm("lighthouse", LIGHTHOUSE).parent / ".bin" / "lighthouse"
    with tempfile.TemporaryDirectory() as folder:
        stock = options.stock or stock_site(options.pages, Path(folder))
        sites = {"ours": serve(options.site), "stock": serve(stock)}
        head = [*CATEGORIES, *(f"{name} {AUDITS[name][2]}".strip() for name in AUDITS)]
        print("| page | form | site |", " | ".join(head), "|")
        print("|---" * (3 + len(head)) + "|")
        for page in options.pages:
            for form in options.form:
                rows: dict[str, list] = {name: [] for name in sites}
                for _ in range(options.rounds):
                    for name, address in sites.items():
                        url = f"{address}/{page}.html"
                        rows[name].append(measure(program, url, form))
                for name, runs in rows.items():
                    middle = [
                        statistics.median(run[key] for run in runs) for key in runs[0]
                    ]
                    cells = " | ".join(f"{value:.3g}" for value in middle)
                    print(f"| {page} | {form} | {name} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
