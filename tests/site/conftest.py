"""The built site, opened from disk or served, in the system's Chromium."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Page

SITE = Path(__file__).parents[2] / "book" / "_build" / "html"
SUB_PATH = "/some/where"
# Layout shifts that no hand of the reader made.
WATCH_SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries())
    if (!entry.hadRecentInput) window.shifts += entry.value;
}).observe({ type: "layout-shift", buffered: true });
document.addEventListener("securitypolicyviolation", (event) =>
  (window.violations ||= []).push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
"""


@pytest.fixture(scope="session")
def site() -> Path:
    assert (SITE / "index.html").exists(), "no site yet: run `make html` first"
    return SITE


@pytest.fixture(scope="session")
def site_pages(site: Path) -> list[Path]:
    skip = {"search.html", "404.html"}
    return [
        path
        for path in sorted(site.rglob("*.html"))
        if path.name not in skip and not path.relative_to(site).parts[0].startswith("_")
    ]


class Host(SimpleHTTPRequestHandler):
    """Serves as hosts of static sites do, without a line on the console each time."""

    def send_error(self, code: int, *arguments: object) -> None:
        page = (SITE / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="session")
def served(site: Path, tmp_path_factory) -> str:
    """Address of the site on this machine, below a path that it does not know of."""
    root = tmp_path_factory.mktemp("www")
    (root / "some").mkdir()
    (root / "some" / "where").symlink_to(site, target_is_directory=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, directory=root))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{SUB_PATH}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def lay_out_all() -> Callable[[Page], None]:
    """Wait until all of a page is laid out: blocks below the fold wait (`_ext/near`)."""

    def wait(page: Page) -> None:
        while page.evaluate("'near' in document.documentElement.dataset"):
            page.wait_for_timeout(100)

    return wait


@dataclass
class Visit:
    """What happened when a page was opened for the first time."""

    page: Path
    asked: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    shift: float = 0.0


@pytest.fixture(scope="session")
def visits(site: Path, site_pages, served: str, browser) -> list[Visit]:
    """Every page of the site, each by a reader who was never there; every second on a phone."""
    made = []
    windows = cycle([{"width": 1280, "height": 800}, {"width": 412, "height": 823}])
    pages = [*site_pages, site / "search.html"]
    for path, window in zip(pages, windows, strict=False):
        visit = Visit(path)
        context = browser.new_context(viewport=window)
        context.add_init_script(WATCH_SHIFTS)
        page = context.new_page()
        page.on("request", lambda r, v=visit: v.asked.append(r.url))
        page.on("requestfailed", lambda r, v=visit: v.failed.append(r.url))
        page.on(
            "response",
            lambda r, v=visit: (
                r.status >= 400 and v.failed.append(f"{r.status} {r.url}")
            ),
        )
        page.on("pageerror", lambda e, v=visit: v.complaints.append(str(e)))
        page.goto(f"{served}/{path.relative_to(site).as_posix()}")
        page.wait_for_load_state("networkidle")
        visit.shift = page.evaluate("window.shifts")
        visit.complaints += page.evaluate("window.violations || []")
        context.close()
        made.append(visit)
    return made


@pytest.fixture(scope="session")
def compressed(site: Path):
    """Bytes that a server which compresses sends for an address of the site."""

    def weigh(address: str) -> int:
        path = site / unquote(urlsplit(address).path).removeprefix(f"{SUB_PATH}/")
        data = path.read_bytes()
        packed = path.suffix in {".woff", ".woff2", ".png", ".jpg", ".pdf", ".zip"}
        return len(data) if packed else len(gzip.compress(data, 9))

    return weigh
