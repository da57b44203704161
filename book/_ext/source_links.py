"""Edit this page, report an error: in the header, where the build knows the repository.

It is known from ``source_repository``, else from what GitHub's or GitLab's CI says, else
from the git remote; a remote on this disk, or of a host of another kind, is none, and
then there are no buttons. Delete this when the theme's own buttons find the repository
themselves and speak both languages.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from checkout import git
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

SCP = re.compile(
    r"(?:[\w.-]+@)?([\w-]+(?:\.[\w-]+)+):(?!/)(\S+)"
)  # git@host:owner/name
KINDS = ("github", "gitlab")
BRANCH = "main"
EDIT = ("编辑本页", "Edit this page")
REPORT = ("报告错误", "Report an error")
GROUP = ("改进本书", "Improve this book")
TITLE = ("错误：", "Error: ")


@dataclass(frozen=True)
class Repository:
    """Where the sources live."""

    url: str
    kind: str
    branch: str = BRANCH

    def edit(self, path: str) -> str:
        """The address at which a file can be edited."""
        middle = {"github": "edit", "gitlab": "-/edit"}[self.kind]
        return f"{self.url}/{middle}/{quote(self.branch)}/{quote(path)}"

    def report(self, page: str) -> str:
        """The address of a new issue about a page."""
        title = f"{TITLE[0]}{page} | {TITLE[1]}{page}"
        if self.kind == "github":
            asked = urlencode({"template": "error.md", "title": title})
            return f"{self.url}/issues/new?{asked}"
        asked = urlencode({"issue[title]": title})
        return f"{self.url}/-/issues/new?{asked}"


def repository(address: str, branch: str = "") -> Repository | None:
    """The repository of an address as git or a browser writes it; no password is kept.

    Example:
        >>> repository("git@github.com:someone/book.git").url
        'https://github.com/someone/book'
        >>> repository("https://user:secret@gitlab.example.org/a/b/book.git", "dev")
        Repository(url='https://gitlab.example.org/a/b/book', kind='gitlab', branch='dev')
        >>> repository("/srv/git/book.git") is repository("https://example.org/book") is None
        True
    """
    address = address.strip()
    if match := SCP.fullmatch(address):
        host, path = match[1], match[2]
    else:
        parts = urlsplit(address)
        if (
            parts.scheme not in ("http", "https", "ssh", "git+ssh")
            or not parts.hostname
        ):
            return None
        host, path = parts.hostname, parts.path
        if parts.port and parts.scheme in ("http", "https"):
            host += f":{parts.port}"
    path = path.strip("/").removesuffix(".git")
    kind = next((kind for kind in KINDS if kind in host), "")
    if not kind or path.count("/") < 1:
        return None
    return Repository(f"https://{host}/{path}", kind, branch or BRANCH)


def from_ci(environment: Mapping[str, str]) -> Repository | None:
    """The repository of which CI builds the book; a pull request edits the main branch."""
    name = environment.get("GITHUB_REPOSITORY")
    if name:
        server = environment.get("GITHUB_SERVER_URL", "https://github.com").rstrip("/")
        is_branch = environment.get("GITHUB_REF_TYPE", "branch") == "branch"
        branch = environment.get("GITHUB_REF_NAME", "")
        if not is_branch or re.fullmatch(r"\d+/merge", branch):
            branch = ""
        return Repository(f"{server}/{name}", "github", branch or BRANCH)
    url = environment.get("CI_PROJECT_URL")
    if url:
        return Repository(url, "gitlab", environment.get("CI_DEFAULT_BRANCH") or BRANCH)
    return None


def from_remote(folder: Path) -> Repository | None:
    """The repository that the sources were cloned from."""
    head = git(folder, "symbolic-ref", "--short", "refs/remotes/origin/HEAD")
    return repository(
        git(folder, "remote", "get-url", "origin"), head.removeprefix("origin/")
    )


def find(app: Sphinx, config: Config) -> None:
    """Settle which repository it is, and where in it the pages are."""
    source = Path(app.srcdir).resolve()
    if config.source_repository:
        found = repository(config.source_repository)
        if found is None:
            raise ConfigError(
                "source_repository is the https address of a repository on GitHub or "
                f"GitLab, got {config.source_repository!r}"
            )
    else:
        found = from_ci(os.environ) or from_remote(source)
    top = git(source, "rev-parse", "--show-toplevel")
    folder = source.relative_to(top).as_posix() if top else source.name
    config.source_repository_found = (
        [found.url, found.kind, found.branch, "" if folder == "." else folder]
        if found
        else []
    )


def in_header(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Two buttons on every page that has a source."""
    groups, known = context.get("header_buttons"), app.config.source_repository_found
    if groups is None or not known or pagename not in app.env.found_docs:
        return
    *where, folder = known
    home = Repository(*where)
    path = app.env.doc2path(pagename, base=False)
    buttons = [
        (
            "edit-page",
            EDIT,
            home.edit("/".join(filter(None, (folder, path)))),
            "pencil-alt",
        ),
        ("report-error", REPORT, home.report(pagename), "lightbulb"),
    ]
    groups.append(
        {
            "type": "group",
            "tooltip": " | ".join(GROUP),
            "icon": "fas fa-pencil-alt",
            "label": "source-buttons",
            "buttons": [
                {
                    "type": "link",
                    "url": url,
                    "text": " | ".join(text),
                    "icon": f"fas fa-{icon}",
                    "label": label,
                }
                for label, text, url, icon in buttons
            ],
        }
    )


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the settings and hooks."""
    app.add_config_value("source_repository", "", "html", str)
    app.add_config_value("source_repository_found", [], "html", list)  # computed
    app.connect("config-inited", find)
    app.connect("html-page-context", in_header, priority=905)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
