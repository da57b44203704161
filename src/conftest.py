"""The examples in the docstrings use the shipped sample, and no network."""

import pytest


@pytest.fixture(autouse=True)
def sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask for the sample, whatever this machine has."""
    monkeypatch.delenv("FASHION_MNIST_DIR", raising=False)
    monkeypatch.setenv("D2LNOTES_DATA", "sample")
