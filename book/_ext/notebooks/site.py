"""The notebooks of a build: written with their pages, packed at the end, offered on top."""

from __future__ import annotations

import base64
import mimetypes
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import nbformat
from bilingual import pick
from bilingual.texts import LANGUAGES
from docutils import nodes
from download_menu import download_menu
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.osutil import relative_uri

from . import bundle, wheel, words
from .markdown import MarkdownWriter
from .pages import Images, box_name, in_language, notebook, numbers
from .references import references

logger = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"
FOLDER = "notebooks"  # in the site
FIELD = r'^{}\s*=\s*"([^"]+)"'


def add_assets(app: Sphinx, config: Config) -> None:
    """The style of the buttons."""
    config.html_static_path.append(str(STATIC))
    app.add_css_file("notebooks.css")


def is_site(app: Sphinx) -> bool:
    """Whether a site of many pages is written."""
    return app.builder.name in ("html", "dirhtml")


def languages(config: Config) -> tuple[str, ...]:
    """Those of the edition."""
    mode = config.bilingual_mode
    return LANGUAGES if mode == "both" else (mode,)


def place(app: Sphinx, docname: str, lang: str) -> Path:
    """Where a page's notebook stands."""
    return Path(app.outdir) / FOLDER / lang / f"{docname}.ipynb"


def results(env: BuildEnvironment, docname: str) -> Path | None:
    """Where myst-nb left a page with cells and their results; ``None``: it has no cells."""
    if "kernelspec" not in env.metadata.get(docname, {}):
        return None
    path = Path(env.mystnb_config.output_folder) / f"{docname}.ipynb"
    return path if path.exists() and has_code(path, path.stat().st_mtime_ns) else None


@cache
def has_code(path: Path, changed: int) -> bool:
    """Whether a notebook has a code cell; every link to its page asks."""
    cells = nbformat.read(path, as_version=4).cells
    return any(cell.cell_type == "code" for cell in cells)


def executed(env: BuildEnvironment, docname: str) -> NotebookNode | None:
    """The cells of a page with their results; ``None``: no cells."""
    path = results(env, docname)
    return path and nbformat.read(path, as_version=4)


def missing(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Pages whose notebooks are not there yet."""
    if not is_site(app):
        return []
    return [
        docname
        for docname in sorted(env.found_docs)
        if not all(place(app, docname, lang).exists() for lang in languages(app.config))
        and results(env, docname)
    ]


# --- a page ------------------------------------------------------------------------------
def write_page(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write the notebooks of a page that has cells."""
    if not is_site(app):
        return
    cells = executed(app.env, docname)
    for lang in languages(app.config):
        path = place(app, docname, lang)
        if cells is None:
            path.unlink(missing_ok=True)
            continue
        images: Images = {}
        writer = MarkdownWriter(
            numbers(
                docname,
                lang,
                app.env.toc_secnumbers.get(docname, {}),
                app.env.toc_fignumbers.get(docname, {}),
            ),
            lambda node, lang=lang: address(app, docname, lang, node),
            box_name(lang),
            lambda node, images=images: attach(app, node, images),
        )
        page = in_language(doctree, lang)
        whole = next(iter(page.findall(nodes.section)), page)
        whole += references(app.env, docname, words.REFERENCES[lang])
        try:
            made = notebook(writer, page, cells, lang, note(app, docname, lang), images)
        except ValueError as error:
            logger.warning(
                "no notebook: %s",
                error,
                location=docname,
                type="notebooks",
                subtype="cell",
            )
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(nbformat.writes(made) + "\n", "utf-8")


def published(app: Sphinx, docname: str, lang: str, uri: str = "") -> str:
    """The address of something that a page links to; ``""`` where nobody knows the site's."""
    if not app.config.html_baseurl:
        return ""
    base = app.config.html_baseurl.rstrip("/") + "/"
    whole = urljoin(base + app.builder.get_target_uri(docname), uri)
    if app.config.bilingual_mode == "both":
        before, sharp, anchor = whole.partition("#")
        whole = f"{before}?lang={lang}{sharp}{anchor}"
    return whole


def address(app: Sphinx, docname: str, lang: str, node: nodes.reference) -> str:
    """Where a link of a notebook leads; ``""``: the words alone say it."""
    uri = node.get("refuri", "")
    if not uri or uri.startswith("#"):  # in this page: its number is enough
        return ""
    if not re.match(r"[a-z][a-z0-9+.-]*:", uri):
        uri = published(app, docname, lang, uri) or beside(app, docname, uri)
    return uri.replace("(", "%28").replace(")", "%29").replace(" ", "%20")


def beside(app: Sphinx, docname: str, uri: str) -> str:
    """The notebook of another page, as it lies in the zip; ``""`` where it has none."""
    page = urljoin(app.builder.get_target_uri(docname), uri.partition("#")[0])
    pages = {app.builder.get_target_uri(name): name for name in app.env.found_docs}
    if page not in pages or not results(app.env, pages[page]):
        return ""
    return relative_uri(f"{docname}.ipynb", f"{pages[page]}.ipynb")


def attach(app: Sphinx, node: nodes.image, images: Images) -> str:
    """Keep an image for the cell that shows it, under its name."""
    path = Path(app.srcdir) / node["uri"].lstrip("/")
    if not path.exists():
        return ""
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    images[path.name] = {kind: base64.b64encode(path.read_bytes()).decode()}
    return path.name


def note(app: Sphinx, docname: str, lang: str) -> str:
    """How to run this notebook, and where its page is."""
    lines = []
    project = described(app)
    if project:
        name, version = project
        lines.append(
            words.NOTE[lang].format(
                title=pick(app.config.html_title, lang),
                package=name,
                wheel=f"{name}-{version}-py3-none-any.whl",
                zip=app.config.notebooks_zip,
            )
        )
    page = published(app, docname, lang)
    if page:
        lines.append(words.PAGE[lang].format(address=page))
    return "\n>\n".join(lines) or f"> {pick(app.config.html_title, lang)}"


def described(app: Sphinx) -> tuple[str, str] | None:
    """Name and version of the package, as its project says."""
    if not app.config.notebooks_project:
        return None
    text = (project_folder(app) / "pyproject.toml").read_text("utf-8")
    name, version = (
        re.search(FIELD.format(field), text, re.MULTILINE)[1]
        for field in ("name", "version")
    )
    return name, version


def project_folder(app: Sphinx) -> Path:
    """The folder of the package's project."""
    return (Path(app.srcdir) / app.config.notebooks_project).resolve()


# --- all pages -----------------------------------------------------------------------
def pack(app: Sphinx, exception: Exception | None) -> None:
    """Remove notebooks of pages that have gone, and pack the others."""
    if exception or not is_site(app):
        return
    root = Path(app.outdir) / FOLDER
    wanted = {
        place(app, docname, lang)
        for docname in app.env.found_docs
        for lang in languages(app.config)
    }
    files = {}
    for path in sorted(root.rglob("*.ipynb")):
        if path in wanted:
            files[path.relative_to(root).as_posix()] = path.read_bytes()
        else:
            path.unlink()
    if not files:
        shutil.rmtree(root, ignore_errors=True)
        return
    files |= companions(app)
    target = root / app.config.notebooks_zip
    folder = target.stem
    bundle.write(target, {f"{folder}/{name}": data for name, data in files.items()})
    count = sum(name.endswith(".ipynb") for name in files)
    size = target.stat().st_size / 1e6
    logger.info("%d notebooks in %s (%.1f MB)", count, target.name, size)


def companions(app: Sphinx) -> dict[str, bytes]:
    """Wheel, requirements and readme; nothing without a project."""
    if not app.config.notebooks_project:
        return {}
    scratch = Path(app.doctreedir) / "notebooks-wheel"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    made = wheel.build(project_folder(app), scratch)
    pinned = "\n".join(
        (Path(app.srcdir) / name).read_text("utf-8")
        for name in app.config.notebooks_pins
    )
    needs = [*bundle.dependencies(made), *app.config.notebooks_requires]
    lines = [f"./{made.name}", *bundle.pins(pinned, needs)]
    readme = words.README.format(titles=app.config.html_title, wheel=made.name)
    return {
        made.name: made.read_bytes(),
        "requirements.txt": ("\n".join(lines) + "\n").encode(),
        "README.md": readme.encode(),
    }


# --- the header --------------------------------------------------------------------------
def in_header(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """The notebooks come first among the downloads of their page; the zip comes last."""
    groups = context.get("header_buttons")
    if groups is None or not is_site(app):
        return
    here = app.builder.get_target_uri(pagename)
    links = [
        link(relative_uri(here, f"{FOLDER}/{lang}/{pagename}.ipynb"), lang)
        for lang in languages(app.config)
        if place(app, pagename, lang).exists()
    ]
    if not links:
        return
    menu = download_menu(groups)
    for button in menu["buttons"]:
        if button.get("label") == "download-source-button":
            button["text"] = " | ".join(words.SOURCE)
    everything = link(relative_uri(here, f"{FOLDER}/{app.config.notebooks_zip}"), "zip")
    menu["buttons"] = [*links, *menu["buttons"], everything]


def link(url: str, name: str) -> dict[str, str]:
    """A button of the theme."""
    return {
        "type": "link",
        "url": url,
        "text": " | ".join(words.BUTTONS[name]),
        "tooltip": " | ".join(words.TOOLTIP),
        "icon": "fas fa-download" if name == "zip" else "fas fa-code",
        "label": f"download-notebook-{name}",
    }
