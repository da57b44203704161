"""`python -m d2lnotes.data`: see to it that Fashion-MNIST is on this machine."""

import argparse
import os
import sys
from pathlib import Path

from d2lnotes.data import files
from d2lnotes.data.download import ensure_fashion_mnist


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m d2lnotes.data",
        description="See to it that Fashion-MNIST is on this machine.",
    )
    commands = parser.add_subparsers(dest="command")
    commands.add_parser(
        "get", help="say where the data is, or fetch it (what no command means)"
    )
    make = commands.add_parser(
        "make-sample", help="make the sample that is shipped from the full data"
    )
    make.add_argument("--folder", type=Path, default=files.SAMPLE_FOLDER)
    options = parser.parse_args(arguments)
    try:
        if options.command == "make-sample":
            return _make_sample(options.folder)
        return _get()
    except (files.DataError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _get() -> int:
    copy = ensure_fashion_mnist(lambda line: print(line, flush=True))
    kind = "the shipped sample of Fashion-MNIST" if copy.source == "sample" else ""
    print(f"Data: {kind or 'Fashion-MNIST'} in {copy.folder}, checksums right.")
    return 0


def _make_sample(folder: Path) -> int:
    from d2lnotes.data.fashion_mnist import load_fashion_mnist
    from d2lnotes.data.make_sample import make_sample

    os.environ.pop("D2LNOTES_DATA", None)  # a sample of the sample would be none
    folder.mkdir(parents=True, exist_ok=True)
    for name, size, sha256 in make_sample(load_fashion_mnist(), folder):
        print(f'    IdxFile("{name}", {size:_}, "{sha256}"),')
    return 0


if __name__ == "__main__":
    sys.exit(main())
