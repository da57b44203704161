"""Downloads against servers on this machine: good ones, and every kind of bad one."""

import errno
import json
import os
import subprocess
import sys
import threading
import time

import pytest

from d2lnotes.data import debian, download, files
from d2lnotes.data.download import CacheError, DownloadError, Limits, download_into
from d2lnotes.data.files import WrongFileError

QUICK = Limits(silence_s=0.5, stall_s=0.6, stall_bytes=100, total_s=20.0)
IMAGES = "train-images-idx3-ubyte"


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.fixture
def good(tiny):
    return lambda handler, name: (200, tiny.compressed(name))


@pytest.fixture
def fails(tiny, cache):
    """Download from one server, expect a failure that leaves nothing, give its text."""

    def attempt(server: str, limits: Limits = QUICK) -> str:
        before = names(cache)
        with pytest.raises(DownloadError) as caught:
            download_into(
                cache, tiny.files, servers=[server], limits=limits, progress=False
            )
        assert names(cache) == before
        message = str(caught.value)
        assert f"{IMAGES}.gz" in message
        assert "D2LNOTES_DATA=sample" in message
        return message

    return attempt


def test_a_download_is_stored_and_right(tiny, cache, serve, good):
    download_into(cache, tiny.files, servers=[serve(good) + "/"], progress=False)
    assert names(cache) == sorted(f"{name}.gz" for name in tiny.contents)
    assert files.locate().read() == list(tiny.contents.values())
    assert {path.stat().st_mode & 0o777 for path in cache.iterdir()} == {0o644}


def test_only_what_is_missing_or_wrong_is_downloaded(tiny, cache, serve):
    asked = []

    def answer(handler, name):
        asked.append(name)
        return 200, tiny.compressed(name)

    tiny.write(cache)
    (cache / "t10k-labels-idx1-ubyte.gz").unlink()
    (cache / f"{IMAGES}.gz").write_bytes(b"not these")
    server = serve(answer)
    download_into(cache, tiny.files, servers=[server], progress=False)
    assert asked == [IMAGES, "t10k-labels-idx1-ubyte"]
    assert files.locate().read() == list(tiny.contents.values())
    download_into(cache, tiny.files, servers=[server], progress=False)
    assert len(asked) == 2  # nothing more


def test_a_wrong_raw_file_does_not_hide_the_good_one_that_was_fetched(
    tiny, cache, serve, good
):
    tiny.write(cache, compress=False)
    (cache / IMAGES).write_bytes(b"cut")
    download_into(cache, tiny.files, servers=[serve(good)], progress=False)
    assert files.locate().read() == list(tiny.contents.values())


def test_the_next_server_is_tried(tiny, cache, serve, good):
    broken = serve(lambda handler, name: (503, b"busy"))
    download_into(cache, tiny.files, servers=[broken, serve(good)], progress=False)
    assert files.locate() is not None


def test_wrong_bytes_are_refused_with_both_checksums(tiny, fails, serve):
    message = fails(serve(lambda handler, name: (200, b"<html>Please log in</html>")))
    assert tiny.files[0].sha256 in message
    # printf '<html>Please log in</html>' | sha256sum
    assert "found    SHA-256" in message
    assert ".part" not in message  # the name that the reader knows, not a temporary one


def test_a_wrong_download_leaves_a_good_file_alone(tiny, cache, serve):
    """Even when the file on the disk is replaced by name, it is by a right one only."""
    tiny.write(cache)
    whole = (cache / f"{IMAGES}.gz").read_bytes()
    with pytest.raises(WrongFileError):
        download._store(cache, tiny.files[0], iter([b"wrong"]))
    assert (cache / f"{IMAGES}.gz").read_bytes() == whole
    assert len(names(cache)) == 4


def test_a_connection_that_is_cut_is_an_error_with_the_bytes(tiny, fails, serve):
    def cut(handler, name):
        body = tiny.compressed(name)
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[:1000])

    length = len(tiny.compressed(IMAGES))
    assert f"cut after 1,000 of {length:,} bytes" in fails(serve(cut))


def test_a_cut_without_an_announced_length_is_found_by_the_checksum(tiny, fails, serve):
    def cut(handler, name):
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(tiny.compressed(name)[:1000])

    assert "the gzip data is cut" in fails(serve(cut))


def test_an_error_page_is_an_error(fails, serve):
    assert "the server answered 404" in fails(serve(lambda handler, name: (404, b"")))


def test_no_network_is_an_error_at_once(fails):
    start = time.monotonic()
    assert "no connection" in fails("http://127.0.0.1:9")
    assert time.monotonic() - start < 5


def test_no_name_server_is_an_error(fails, monkeypatch):
    import socket

    def unknown(*args, **kwargs):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "Name or service not known" in fails("http://data.invalid")


def wait_for_client_to_leave(handler, byte: bytes, every_s: float):
    """Send ``byte`` again and again until the client has gone, for ten seconds."""
    for _ in range(int(10 / every_s)):
        time.sleep(every_s)
        handler.wfile.write(byte)
        handler.wfile.flush()


def test_a_server_that_never_answers_is_given_up(fails, serve):
    start = time.monotonic()
    message = fails(serve(lambda handler, name: time.sleep(3)))
    assert "no answer for 0.5 s" in message or "stalled" in message
    assert time.monotonic() - start < 3


def test_a_server_that_falls_silent_is_given_up(tiny, fails, serve):
    def silent(handler, name):
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        handler.wfile.write(tiny.compressed(name)[:500])
        time.sleep(3)

    message = fails(serve(silent), Limits(silence_s=0.3, stall_s=60))
    assert "no answer for 0.3 s" in message


def test_a_server_that_sends_a_byte_now_and_then_is_given_up(fails, serve):
    def trickle(handler, name):
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        wait_for_client_to_leave(handler, b"x", 0.1)

    assert "stalled" in fails(serve(trickle))  # never silent for half a second


def test_headers_that_trickle_in_are_given_up(fails, serve):
    def trickle(handler, name):
        handler.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
        wait_for_client_to_leave(handler, b"x", 0.1)

    assert "stalled: 0 bytes" in fails(serve(trickle))


def test_a_download_has_a_limit_in_time_and_one_in_bytes(fails, serve):
    def endless(handler, name):
        handler.send_response(200)
        handler.end_headers()
        wait_for_client_to_leave(handler, bytes(1000), 0.02)

    server = serve(endless)
    assert "not finished after 0.8 s" in fails(server, Limits(total_s=0.8))
    assert "more than 5,000 bytes" in fails(server, Limits(total_bytes=5000))


def test_the_reading_thread_ends_when_the_server_is_given_up(fails, serve, eventually):
    def trickle(handler, name):
        handler.send_response(200)
        handler.end_headers()
        wait_for_client_to_leave(handler, b"x", 0.05)

    others = set(threading.enumerate())
    fails(serve(trickle))
    assert eventually(
        lambda: not any("_pump" in t.name for t in set(threading.enumerate()) - others)
    )


def test_a_cache_that_cannot_be_made_is_an_error_before_any_request(
    tiny, tmp_path, monkeypatch, serve
):
    asked = []
    server = serve(lambda handler, name: asked.append(name) or (200, b""))
    (tmp_path / "file").write_text("in the place of a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(CacheError) as caught:
        download_into(files.cache_folder(), tiny.files, servers=[server])
    message = str(caught.value)
    assert str(files.cache_folder()) in message
    assert "Not a directory" in message
    assert "XDG_CACHE_HOME" in message
    assert asked == []


def test_a_read_only_cache_is_an_error_with_its_name(tiny, cache, monkeypatch):
    cache.mkdir(parents=True)

    def read_only(*args, **kwargs):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(download.tempfile, "TemporaryFile", read_only)
    with pytest.raises(CacheError, match=f"{cache}: Read-only file system"):
        download_into(cache, tiny.files, servers=[])


def test_a_full_disk_is_an_error_and_the_partial_file_goes(
    tiny, cache, serve, good, monkeypatch
):
    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CacheError, match=r"disk is full .* partial file is removed"):
        download_into(cache, tiny.files, servers=[serve(good)] * 2, progress=False)
    assert names(cache) == []


def test_an_interrupt_removes_the_partial_file(tiny, cache):
    def interrupted():
        yield b"a few bytes"
        assert len(names(cache)) == 1
        raise KeyboardInterrupt

    cache.mkdir(parents=True)
    with pytest.raises(KeyboardInterrupt):
        download._store(cache, tiny.files[0], interrupted())
    assert names(cache) == []


def test_what_killed_processes_left_goes_after_a_day(tiny, cache, serve, good):
    cache.mkdir(parents=True)
    old, young = cache / ".x.old.part", cache / ".x.young.part"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 100_000,) * 2)
    download_into(cache, tiny.files, servers=[serve(good)], progress=False)
    assert not old.exists()
    assert young.exists()  # may belong to a download that runs now


def test_two_processes_at_once_both_succeed(tiny, cache, serve):
    meet = {name: threading.Barrier(2, timeout=60) for name in tiny.contents}

    def answer(handler, name):
        body = tiny.compressed(name)
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        half = len(body) // 2
        handler.wfile.write(body[:half])
        handler.wfile.flush()
        meet[name].wait()  # both are in the middle of this file now
        handler.wfile.write(body[half:])

    code = (
        "import json, sys; from pathlib import Path\n"
        "from d2lnotes.data import download, files\n"
        "wanted = tuple(files.IdxFile(*f) for f in json.loads(sys.argv[1]))\n"
        "download.download_into(Path(sys.argv[2]), wanted, servers=[sys.argv[3]])\n"
        "files.Copy('cache', Path(sys.argv[2]), wanted).read()\n"
    )
    wanted = json.dumps([[f.name, f.size, f.sha256] for f in tiny.files])
    command = [sys.executable, "-c", code, wanted, str(cache), serve(answer)]
    running = [
        subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    results = [(p.communicate(timeout=120)[1], p.returncode) for p in running]
    assert [status for _, status in results] == [0, 0], results
    assert names(cache) == sorted(f"{name}.gz" for name in tiny.contents)
    assert files.locate().read() == list(tiny.contents.values())


def test_the_servers_are_those_of_torchvision(monkeypatch):
    from torchvision.datasets import FashionMNIST

    monkeypatch.undo()
    assert download.mirrors() == FashionMNIST.mirrors


def test_a_progress_of_lines_reaches_the_end(tiny, cache, serve, good, capsys):
    download_into(cache, tiny.files, servers=[serve(good)])
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1] == "t10k-labels-idx1-ubyte: 0.0 of 0.0 MB"
    assert len({line.split(":")[0] for line in lines}) == 4


# What `make html` calls


def test_data_that_is_there_is_taken(tiny, cache):
    tiny.write(cache)
    said = []
    assert download.ensure_fashion_mnist(said.append).source == "cache"
    assert said == []


def test_the_sample_needs_nothing(monkeypatch):
    monkeypatch.setenv("D2LNOTES_DATA", "sample")
    assert download.ensure_fashion_mnist().source == "sample"


@pytest.mark.parametrize("place", ["cache", "debian"])
def test_a_wrong_file_is_named_and_a_good_one_fetched(
    tiny, cache, tmp_path, serve, good, monkeypatch, place
):
    folder = cache if place == "cache" else tmp_path / "debian"
    monkeypatch.setattr(files, "DEBIAN_FOLDERS", (tmp_path / "debian",))
    (tiny.write(folder) / f"{IMAGES}.gz").write_bytes(b"bad")
    server = serve(good)
    monkeypatch.setattr(download, "mirrors", lambda: [server])
    said = []
    copy = download.ensure_fashion_mnist(said.append, progress=False)
    assert copy.read() == list(tiny.contents.values())
    assert files.locate().folder == cache
    assert f"{folder / IMAGES}.gz is not the file" in said[0]
    assert "usually takes" in said[1]


def test_a_wrong_file_in_a_folder_that_was_named_stops_it(tiny, tmp_path, monkeypatch):
    folder = tiny.write(tmp_path / "mine")
    (folder / f"{IMAGES}.gz").write_bytes(b"bad")
    monkeypatch.setenv("FASHION_MNIST_DIR", str(folder))
    with pytest.raises(WrongFileError, match=str(folder)):
        download.ensure_fashion_mnist()
    assert (folder / f"{IMAGES}.gz").read_bytes() == b"bad"  # not ours to delete


def test_debians_package_helps_where_no_server_does(tiny, tmp_path, cache, monkeypatch):
    import contextlib

    folder = tiny.write(tmp_path / "unpacked")
    monkeypatch.setattr(debian, "is_available", lambda: True)
    monkeypatch.setattr(
        debian, "unpacked", lambda progress: contextlib.nullcontext(folder)
    )
    said = []
    download.ensure_fashion_mnist(said.append, progress=False)
    assert files.locate().source == "cache"
    assert files.locate().read() == list(tiny.contents.values())
    assert "no connection" in said[1]
    assert "no root is needed" in said[2]


def test_a_wrong_package_is_not_used(tiny, tmp_path, cache, monkeypatch):
    import contextlib

    folder = tiny.write(tmp_path / "unpacked")
    (folder / f"{IMAGES}.gz").write_bytes(b"bad")
    monkeypatch.setattr(debian, "is_available", lambda: True)
    monkeypatch.setattr(
        debian, "unpacked", lambda progress: contextlib.nullcontext(folder)
    )
    with pytest.raises(DownloadError, match=r"no connection(.|\n)*is not the file"):
        download.ensure_fashion_mnist(progress=False)
    assert names(cache) == []
