"""The four files of Fashion-MNIST: where they may lie, and whether they are right.

No torch and no network in here. The digests are those of the *decompressed* files:
Debian compressed its copies anew, so the digests of the ``.gz`` differ though the
images are the same.
"""

import hashlib
import os
import zlib
from dataclasses import dataclass
from pathlib import Path

CHUNK = 1 << 20  # bytes read at a time
GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True)
class IdxFile:
    """What one of the four files must be, once decompressed.

    Args:
        name: File name without ``.gz``.
        size: Length of the decompressed file in bytes.
        sha256: SHA-256 of the decompressed file, 64 hexadecimal digits.
    """

    name: str
    size: int
    sha256: str


# Training images, training labels, test images, test labels: in this order.
FULL = (
    IdxFile(
        "train-images-idx3-ubyte",
        47_040_016,
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    ),
    IdxFile(
        "train-labels-idx1-ubyte",
        60_008,
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    ),
    IdxFile(
        "t10k-images-idx3-ubyte",
        7_840_016,
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    ),
    IdxFile(
        "t10k-labels-idx1-ubyte",
        10_008,
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ),
)
# Made by `python -m d2lnotes.data make-sample`, which prints these lines.
SAMPLE = (
    IdxFile(
        "train-images-idx3-ubyte",
        1_568_016,
        "a724cd72799a6b1c3a81c4263865a75a73bb6473673b3394e34adf222930f19e",
    ),
    IdxFile(
        "train-labels-idx1-ubyte",
        2_008,
        "4738fd437c0f8d6498ae7f6f5c86f1cc3c878d4116ff169fc5635bd6847899cc",
    ),
    IdxFile(
        "t10k-images-idx3-ubyte",
        784_016,
        "7cee33c3c6414b1b86c25e665a6c4f41584269de3b7cc9768b1d351922845eef",
    ),
    IdxFile(
        "t10k-labels-idx1-ubyte",
        1_008,
        "3128d790775889812b73c4f13923559c8b9e281d112c6ea7862acf60a206a909",
    ),
)

SAMPLE_FOLDER = Path(__file__).parent / "sample"
DEBIAN_PACKAGE = "dataset-fashion-mnist"
DEBIAN_FOLDERS = (
    Path("/usr/share/datasets/fashion-mnist"),
    Path("/usr/share/dataset-fashion-mnist"),
)

CURES = f"""\
Three cures, any one of them is enough:
  1. Put the four files ({FULL[0].name}.gz, {FULL[1].name}.gz,
     {FULL[2].name}.gz, {FULL[3].name}.gz) into a folder and
     set the environment variable FASHION_MNIST_DIR to it.
  2. On Debian or Ubuntu: sudo apt install {DEBIAN_PACKAGE}
  3. Set D2LNOTES_DATA=sample: the sample of 2 000 + 1 000 images that is shipped
     with this package (the results differ from those on the full data)."""


class DataError(RuntimeError):
    """Fashion-MNIST cannot be used; the message says why and what to do.

    Args:
        facts: What happened.
        advice: What helps in this case; the cures that always help follow it.
    """

    def __init__(self, facts: str, advice: str = ""):
        super().__init__(facts, advice)
        self.facts, self.advice = facts, advice

    def __str__(self) -> str:
        """The facts, the advice, the cures."""
        return "\n".join(part for part in (self.facts, self.advice, CURES) if part)


class DataNotFoundError(DataError):
    """A place that was named, or every place that we know, lacks the files."""


class WrongFileError(DataError):
    """A file is cut, damaged or another one: its content has the wrong checksum."""


@dataclass(frozen=True)
class Copy:
    """A place with all four files, not yet verified.

    Args:
        source: How it was found: ``"folder"``, ``"cache"``, ``"debian"``,
            ``"download"`` or ``"sample"``.
        folder: Where the files lie.
        files: What they must be.
    """

    source: str
    folder: Path
    files: tuple[IdxFile, ...]

    def read(self) -> list[bytearray]:
        """The content of the four files, decompressed and verified.

        Raises:
            WrongFileError: If a file does not have the right checksum.
        """
        return [read_verified(path_of(self.folder, f), f) for f in self.files]


def cache_folder() -> Path:
    """Where downloads go: ``$XDG_CACHE_HOME`` or ``~/.cache``, then our own part."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base).expanduser() / "d2lnotes" / "fashion-mnist"


def explicit_folder(folder: str | os.PathLike | None = None) -> Path | None:
    """The folder that was asked for, by argument or by FASHION_MNIST_DIR, if any."""
    folder = folder or os.environ.get("FASHION_MNIST_DIR")
    return Path(folder).expanduser() if folder else None


def sample_wanted() -> bool:
    """Whether D2LNOTES_DATA asks for the shipped sample.

    Raises:
        ValueError: If D2LNOTES_DATA is neither ``sample`` nor ``full`` nor empty.
    """
    wanted = os.environ.get("D2LNOTES_DATA", "")
    if wanted not in ("", "full", "sample"):
        raise ValueError(
            f"the environment variable D2LNOTES_DATA must be 'sample' or 'full' "
            f"or unset, got {wanted!r}"
        )
    return wanted == "sample"


def path_of(folder: Path, file: IdxFile) -> Path | None:
    """The file in ``folder``, compressed or not, or None. What we write comes first."""
    for name in (f"{file.name}.gz", file.name):
        if (folder / name).is_file():
            return folder / name
    return None


def missing_from(folder: Path, files: tuple[IdxFile, ...]) -> list[str]:
    """The names of those of the four files that ``folder`` lacks."""
    return [file.name for file in files if path_of(folder, file) is None]


def locate(folder: str | os.PathLike | None = None) -> Copy | None:
    """Find the data without reading it, in the order that the package promises.

    An explicit folder (the argument, else FASHION_MNIST_DIR), the shipped sample if
    D2LNOTES_DATA=sample, the cache, then the folders of Debian's package.

    Args:
        folder: Folder with the four files, each as ``.gz`` or decompressed.

    Returns:
        The first complete copy, or None if only a download can help.

    Raises:
        DataNotFoundError: If an explicit folder lacks a file: who names a folder
            wants that one and no other.
        ValueError: If D2LNOTES_DATA has a value that we do not know.
    """
    explicit = explicit_folder(folder)
    if explicit is not None:
        if missing := missing_from(explicit, FULL):
            raise DataNotFoundError(
                f"the folder {explicit} "
                + ("lacks" if explicit.is_dir() else "does not exist; it must hold")
                + f" {', '.join(missing)} (as .gz or decompressed)."
            )
        return Copy("folder", explicit, FULL)
    if sample_wanted():
        return Copy("sample", SAMPLE_FOLDER, SAMPLE)
    places = [("cache", cache_folder()), *(("debian", p) for p in DEBIAN_FOLDERS)]
    for source, place in places:
        if not missing_from(place, FULL):
            return Copy(source, place, FULL)
    return None


def read_verified(path: Path, file: IdxFile) -> bytearray:
    """Read a file, decompress it if it is compressed, and check its content.

    Args:
        path: The file, gzip or not: its first bytes tell, not its name.
        file: What it must be.

    Returns:
        The decompressed content.

    Raises:
        WrongFileError: If the content is not the expected one; the message names
            the file, both lengths and both checksums.
    """
    try:
        content, trouble = _read(path, limit=file.size + 1)
    except OSError as error:
        raise WrongFileError(
            f"{path} cannot be read: {error.strerror or error}."
        ) from error
    found = hashlib.sha256(content).hexdigest()
    if found != file.sha256:
        length = f"{len(content):,} bytes{trouble}"
        if len(content) > file.size:
            length = f"of its first {len(content):,} bytes; it is longer"
        raise WrongFileError(
            f"{path} is not the file that it should be, so it is not used.\n"
            f"  expected SHA-256 of the decompressed content {file.sha256}"
            f" ({file.size:,} bytes)\n"
            f"  found    SHA-256 of the decompressed content {found}"
            f" ({length})",
            "Remove or replace it. If it lies in the cache, "
            "`python -m d2lnotes.data` fetches a good one.",
        )
    return content


def _read(path: Path, limit: int) -> tuple[bytearray, str]:
    """At most ``limit`` decompressed bytes, and what was wrong with the compression."""
    content = bytearray()
    with path.open("rb") as stream:
        is_gzip = stream.read(2) == GZIP_MAGIC
        stream.seek(0)
        inflate = zlib.decompressobj(wbits=31)  # 31: gzip header, CRC and all
        while len(content) < limit and (chunk := stream.read(CHUNK)):
            if not is_gzip:
                content += chunk
                continue
            try:
                content += inflate.decompress(chunk, limit - len(content))
            except zlib.error as error:
                return content, f", damaged gzip data: {error}"
    if is_gzip and not inflate.eof and len(content) < limit:
        return content, ", the gzip data is cut"
    return content, ""


def data_identity() -> str:
    """A short name of the data in use, for the key of a cache of results.

    Every copy is verified when it is read, so which data set it is follows from
    the settings alone: nothing is read, and torch is not imported.

    Returns:
        ``"full-…"`` or ``"sample-…"`` with twelve hexadecimal digits that change
        when the content does.

    Raises:
        ValueError: If D2LNOTES_DATA has a value that we do not know.

    Example:
        >>> data_identity()[:5] in ("full-", "sampl")
        True
    """
    sample = explicit_folder() is None and sample_wanted()
    files = SAMPLE if sample else FULL
    digest = hashlib.sha256("".join(f.sha256 for f in files).encode()).hexdigest()
    return f"{'sample' if sample else 'full'}-{digest[:12]}"
