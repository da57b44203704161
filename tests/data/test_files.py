"""Where the data may lie, in which order, and that only right files are used."""

import gzip
import hashlib
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from d2lnotes.data import files
from d2lnotes.data.files import DataNotFoundError, WrongFileError

IMAGES = "train-images-idx3-ubyte"


def cures_are_named(message: str) -> bool:
    return all(
        cure in message
        for cure in ("FASHION_MNIST_DIR", "apt install", "D2LNOTES_DATA=sample")
    )


def test_the_order_is_folder_sample_cache_debian(tiny, tmp_path, cache, monkeypatch):
    debian = tmp_path / "debian"
    monkeypatch.setattr(files, "DEBIAN_FOLDERS", (tmp_path / "no", debian))
    assert files.locate() is None
    tiny.write(debian)
    assert files.locate() == files.Copy("debian", debian, tiny.files)
    tiny.write(cache)
    assert files.locate() == files.Copy("cache", cache, tiny.files)
    monkeypatch.setenv("D2LNOTES_DATA", "sample")
    assert files.locate() == files.Copy("sample", files.SAMPLE_FOLDER, files.SAMPLE)
    by_variable = tiny.write(tmp_path / "by variable")
    monkeypatch.setenv("FASHION_MNIST_DIR", str(by_variable))
    assert files.locate() == files.Copy("folder", by_variable, tiny.files)
    by_argument = tiny.write(tmp_path / "by argument")
    assert files.locate(by_argument) == files.Copy("folder", by_argument, tiny.files)


def test_a_cache_with_a_file_missing_is_passed_over(tiny, tmp_path, cache, monkeypatch):
    debian = tiny.write(tmp_path / "debian")
    monkeypatch.setattr(files, "DEBIAN_FOLDERS", (debian,))
    (tiny.write(cache) / f"{IMAGES}.gz").unlink()
    assert files.locate().source == "debian"


def test_the_cache_is_in_the_home_folder_unless_xdg_says_otherwise(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "x"))
    assert files.cache_folder() == tmp_path / "x" / "d2lnotes" / "fashion-mnist"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert files.cache_folder() == tmp_path / ".cache" / "d2lnotes" / "fashion-mnist"


@pytest.mark.parametrize("compress", [True, False])
def test_files_may_be_compressed_or_not(tiny, tmp_path, compress):
    folder = tiny.write(tmp_path / "data", compress=compress)
    assert files.locate(folder).read() == list(tiny.contents.values())


def test_the_first_bytes_tell_compression_not_the_name(tiny, tmp_path):
    folder = tiny.write(tmp_path / "data", compress=False)
    for path in list(folder.iterdir()):  # a proxy that unpacks on the way does this
        path.rename(path.with_name(f"{path.name}.gz"))
    assert files.locate(folder).read() == list(tiny.contents.values())


def test_a_folder_that_was_named_must_be_complete(tiny, tmp_path, cache):
    tiny.write(cache)  # is not used instead
    folder = tiny.write(tmp_path / "data")
    (folder / f"{IMAGES}.gz").unlink()
    with pytest.raises(DataNotFoundError) as caught:
        files.locate(folder)
    message = str(caught.value)
    assert str(folder) in message
    assert f"lacks {IMAGES} (" in message
    assert cures_are_named(message)


def test_a_folder_that_does_not_exist_is_named(tiny, tmp_path):
    with pytest.raises(DataNotFoundError, match="nowhere does not exist"):
        files.locate(tmp_path / "nowhere")


def wrong_message(path, file, found: bytes) -> list[str]:
    """What an error about a wrong file has to name."""
    return [str(path), file.sha256, hashlib.sha256(found).hexdigest()]


def test_a_cut_gz_is_an_error_with_both_checksums(tiny, tmp_path):
    file = tiny.files[0]
    path = tiny.write(tmp_path / "data") / f"{file.name}.gz"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WrongFileError) as caught:
        files.read_verified(path, file)
    inside = gzip.zlib.decompressobj(31).decompress(path.read_bytes())
    message = str(caught.value)
    assert all(part in message for part in wrong_message(path, file, inside))
    assert f"{file.size:,} bytes" in message
    assert f"{len(inside):,} bytes" in message
    assert "the gzip data is cut" in message
    assert cures_are_named(message)
    assert path.read_bytes() == whole[: len(whole) // 2]  # reading changes nothing


def test_a_gz_that_lacks_only_its_checksum_has_the_right_content(tiny, tmp_path):
    # Worked by hand: gzip ends in 4 bytes CRC and 4 bytes length; the images come
    # before. Our SHA-256 is of the content, so losing those eight bytes is harmless.
    file = tiny.files[0]
    path = tmp_path / "images.gz"
    path.write_bytes(tiny.compressed(file.name)[:-8])
    assert files.read_verified(path, file) == tiny.contents[file.name]


def test_a_cut_raw_file_is_an_error_with_both_checksums(tiny, tmp_path):
    file = tiny.files[0]
    path = tiny.write(tmp_path / "data", compress=False) / file.name
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(WrongFileError) as caught:
        files.read_verified(path, file)
    for part in wrong_message(path, file, tiny.contents[file.name][:1000]):
        assert part in str(caught.value)


def test_zeros_in_place_of_images_are_noticed(tiny, tmp_path):
    file = tiny.files[0]
    path = tmp_path / file.name
    content = bytearray(tiny.contents[file.name])
    content[5000:7000] = bytes(2000)
    path.write_bytes(content)
    with pytest.raises(WrongFileError, match=hashlib.sha256(content).hexdigest()):
        files.read_verified(path, file)


def test_an_empty_file_is_wrong(tiny, tmp_path):
    path = tmp_path / "empty.gz"
    path.write_bytes(b"")
    with pytest.raises(WrongFileError, match="0 bytes"):
        files.read_verified(path, tiny.files[0])


def test_a_file_that_is_too_long_is_not_read_to_its_end(tiny, tmp_path):
    file = tiny.files[1]
    bomb = tmp_path / "bomb.gz"
    bomb.write_bytes(gzip.compress(bytes(50_000_000)))  # 49 kB that grow to 50 MB
    with pytest.raises(WrongFileError, match="its first 49 bytes; it is longer"):
        files.read_verified(bomb, file)


def test_a_file_that_cannot_be_read_is_named(tiny, tmp_path, monkeypatch):
    path = tiny.write(tmp_path / "data") / f"{IMAGES}.gz"

    def denied(self, mode="r"):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(type(path), "open", denied)
    with pytest.raises(WrongFileError, match=f"{IMAGES}.gz cannot be read: Permission"):
        files.read_verified(path, tiny.files[0])


@given(data=st.data())
@settings(deadline=None, max_examples=200, derandomize=True)
def test_whatever_is_done_to_a_gz_it_is_right_or_an_error(data, tmp_path_factory):
    content = bytes(range(256)) * 3
    file = files.IdxFile("x", len(content), hashlib.sha256(content).hexdigest())
    damaged = bytearray(gzip.compress(content, mtime=0))
    start = data.draw(st.integers(0, len(damaged)))
    end = data.draw(st.integers(start, len(damaged)))
    damaged[start:end] = data.draw(st.binary(max_size=20))
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(damaged)
    try:
        assert files.read_verified(path, file) == content
    except WrongFileError as error:
        assert file.sha256 in str(error)  # noqa: PT017


def test_the_identity_follows_the_settings(tmp_path, monkeypatch):
    full = files.data_identity()
    assert full.startswith("full-")
    monkeypatch.setenv("D2LNOTES_DATA", "full")
    assert files.data_identity() == full
    monkeypatch.setenv("D2LNOTES_DATA", "sample")
    assert files.data_identity().startswith("sample-")
    monkeypatch.setenv("FASHION_MNIST_DIR", str(tmp_path))  # comes before the sample
    assert files.data_identity() == full


def test_the_identity_follows_the_content(monkeypatch):
    before = files.data_identity()
    changed = (*files.FULL[:3], files.IdxFile("t10k-labels-idx1-ubyte", 10_008, "0"))
    monkeypatch.setattr(files, "FULL", changed)
    assert files.data_identity() != before


def test_an_unknown_kind_of_data_is_refused(monkeypatch):
    monkeypatch.setenv("D2LNOTES_DATA", "smaple")
    for function in (files.data_identity, files.locate):
        with pytest.raises(ValueError, match=r"D2LNOTES_DATA must be .* got 'smaple'"):
            function()


def test_identity_and_check_do_not_wait_for_torch():
    code = (
        "import sys, d2lnotes, d2lnotes.data\n"
        "d2lnotes.data.data_identity()\n"
        "d2lnotes.data.ensure_fashion_mnist()\n"
        "sys.exit('torch' in sys.modules or 'torchvision' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"D2LNOTES_DATA": "sample"},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_all_names_of_the_table_of_contents_exist():
    from d2lnotes import data

    assert all(hasattr(data, name) for name in data.__all__)
    assert set(data.__all__) <= set(dir(data))
    with pytest.raises(AttributeError, match="no attribute 'load_mnist'"):
        data.load_mnist  # noqa: B018
