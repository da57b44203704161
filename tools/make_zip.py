"""Pack the built site: ``make_zip.py SITE SITE.zip``; the same site gives the same bytes."""

from __future__ import annotations

import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

# What Sphinx keeps for itself: of no use to a reader.
LEFT_OUT = {".buildinfo", ".doctrees", "reports"}
PACKED = {".png", ".jpg", ".woff", ".woff2", ".pdf", ".zip"}
OLDEST = (1980, 1, 1, 0, 0, 0)  # the first date that a zip can hold


def make_zip(site: Path, target: Path) -> None:
    """Write the files of a site below one folder, in the order of their names.

    Args:
        site: Folder with ``index.html``.
        target: The zip; its folder inside has its name.

    Raises:
        FileNotFoundError: If there is no ``index.html``.
    """
    if not (site / "index.html").exists():
        raise FileNotFoundError(f"{site} has no index.html: run `make html` first")
    names = sorted(
        path.relative_to(site).as_posix()
        for path in site.rglob("*")
        if path.is_file() and path.relative_to(site).parts[0] not in LEFT_OUT
    )
    with ZipFile(target, "w") as archive:
        for name in names:
            info = ZipInfo(f"{target.stem}/{name}", OLDEST)
            info.external_attr = 0o644 << 16
            packed = Path(name).suffix in PACKED
            info.compress_type = ZIP_STORED if packed else ZIP_DEFLATED
            archive.writestr(info, (site / name).read_bytes(), compresslevel=9)
    print(f"{target}: {len(names)} files, {target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    make_zip(Path(sys.argv[1]), Path(sys.argv[2]))
