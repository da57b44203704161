"""Edit and report stand in the header where the repository is known, and only there."""

import subprocess

import pytest
import source_links
from source_links import from_ci, repository


@pytest.fixture
def build(build_book, monkeypatch):
    for name in ("GITHUB_REPOSITORY", "GITHUB_SERVER_URL", "CI_PROJECT_URL"):
        monkeypatch.delenv(name, raising=False)
    return lambda **conf: build_book({"a": "# 甲 | A\n"}, "source_links", **conf)


def buttons(book, page: str = "a") -> dict[str, str]:
    groups: list = []
    source_links.in_header(
        book.app, page, "page.html", {"header_buttons": groups}, None
    )
    return {b["label"]: b["url"] for group in groups for b in group["buttons"]}


def clone_of(remote: str, folder) -> None:
    subprocess.run(["git", "init", "-q", folder], check=True)
    subprocess.run(["git", "remote", "add", "origin", remote], cwd=folder, check=True)


@pytest.mark.parametrize(
    "address",
    [
        "git@github.com:someone/book.git",
        "https://github.com/someone/book",
        "ssh://git@github.com/someone/book.git",
        "https://user:secret@github.com/someone/book.git",
    ],
)
def test_addresses_as_git_writes_them(address):
    assert repository(address).url == "https://github.com/someone/book"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/srv/book.git",
        "../book",
        "file:///srv/github/book",
        "https://example.org/a/b",
    ],
)
def test_what_is_no_known_host_is_no_repository(address):
    assert repository(address) is None


def test_ci_names_the_repository_and_a_pull_request_edits_main():
    github = {"GITHUB_REPOSITORY": "a/b", "GITHUB_REF_NAME": "next"}
    assert from_ci(github).edit("x.md") == "https://github.com/a/b/edit/next/x.md"
    github["GITHUB_REF_NAME"] = "12/merge"
    assert from_ci(github).branch == "main"
    gitlab = {"CI_PROJECT_URL": "https://gitlab.org/a/b", "CI_DEFAULT_BRANCH": "dev"}
    assert from_ci(gitlab).edit("x.md") == "https://gitlab.org/a/b/-/edit/dev/x.md"
    assert from_ci({}) is None


def test_without_a_repository_there_are_no_buttons_and_no_warnings(build):
    book = build()
    assert buttons(book) == {}
    assert book.warnings == []


def test_a_remote_on_this_disk_is_none(build, tmp_path):
    clone_of("/srv/book.git", tmp_path)
    assert buttons(build()) == {}


def test_the_remote_gives_both_buttons(build, tmp_path):
    clone_of("git@github.com:someone/book.git", tmp_path)
    found = buttons(build())
    assert found["edit-page"] == "https://github.com/someone/book/edit/main/a.md"
    assert found["report-error"].startswith(
        "https://github.com/someone/book/issues/new?template=error.md&title="
    )


def test_a_page_without_a_source_has_none(build):
    book = build(source_repository="https://github.com/someone/book")
    assert buttons(book, "search") == {}
    assert buttons(book)["edit-page"]


def test_a_setting_that_is_no_repository_is_refused(build):
    with pytest.raises(Exception, match="source_repository is the https address"):
        build(source_repository="somewhere")


def test_a_host_of_ones_own_keeps_its_port_and_has_gitlabs_addresses():
    home = repository("https://gitlab.example.org:8443/a/b.git", "dev")
    assert home.edit("x.md") == ("https://gitlab.example.org:8443/a/b/-/edit/dev/x.md")
    assert home.report("a").startswith(
        "https://gitlab.example.org:8443/a/b/-/issues/new?issue%5Btitle%5D="
    )


def test_without_git_there_are_no_buttons(build, tmp_path, monkeypatch):
    clone_of("git@github.com:someone/book.git", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert buttons(build()) == {}
