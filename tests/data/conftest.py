"""A tiny Fashion-MNIST, a machine without data, and servers that misbehave."""

import gzip
import hashlib
import http.server
import socketserver
import struct
import threading
import time
from pathlib import Path

import pytest

from d2lnotes.data import debian, download, files

SHAPES = ((40, 28, 28), (40,), (20, 28, 28), (20,))


class Tiny:
    """Four small idx files: their contents, and what must be said about them."""

    def __init__(self):
        self.contents = {}
        self.files = []
        for full, shape in zip(files.FULL, SHAPES, strict=True):
            size = 1
            for length in shape:
                size *= length
            head = struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape)
            top = 256 if len(shape) == 3 else 10
            # a product keeps gzip from making it so small that it cannot be cut
            body = bytes((i * i * 31 + i // 7) % 251 % top for i in range(size))
            self.contents[full.name] = head + body
            digest = hashlib.sha256(head + body).hexdigest()
            self.files.append(files.IdxFile(full.name, len(head + body), digest))
        self.files = tuple(self.files)

    def compressed(self, name: str) -> bytes:
        return gzip.compress(self.contents[name], mtime=0)

    def write(self, folder: Path, *, compress: bool = True) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in self.contents.items():
            if compress:
                (folder / f"{name}.gz").write_bytes(self.compressed(name))
            else:
                (folder / name).write_bytes(content)
        return folder


@pytest.fixture(autouse=True)
def bare_machine(tmp_path, monkeypatch):
    """No settings, an empty cache, no Debian, no server: nothing leaves the machine."""
    for name in ("FASHION_MNIST_DIR", "D2LNOTES_DATA"):
        monkeypatch.delenv(name, raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache-home"))
    monkeypatch.setattr(files, "DEBIAN_FOLDERS", ())
    monkeypatch.setattr(debian, "is_available", lambda: False)
    monkeypatch.setattr(download, "mirrors", lambda: ["http://127.0.0.1:9"])  # discard


@pytest.fixture
def tiny(monkeypatch) -> Tiny:
    tiny = Tiny()
    monkeypatch.setattr(files, "FULL", tiny.files)
    return tiny


@pytest.fixture
def cache() -> Path:
    return files.cache_folder()


class _Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    block_on_close = False  # a handler that never answers must not hold the test up

    def handle_error(self, request, client_address):
        pass  # the client gave up, which is what several tests are about


@pytest.fixture
def serve():
    """Start a server on 127.0.0.1: ``serve(answer)`` gives its address.

    ``answer(handler, name)`` gets the request for ``/name.gz`` and returns a status
    and a body, or writes to ``handler`` itself and returns None.
    """
    servers = []

    def start(answer) -> str:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                reply = answer(self, self.path.strip("/").removesuffix(".gz"))
                if reply is None:
                    return
                status, body = reply
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        server = _Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def eventually():
    """Wait until a condition holds, for at most a few seconds."""

    def wait(condition, seconds: float = 5.0) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition():
                return True
            time.sleep(0.02)
        return condition()

    return wait
