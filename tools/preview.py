"""An edited page is shown at once, before the book is built again.

After a save the whole book takes some seconds: all pages are counted, lists are made anew,
styles made slim, notebooks packed. Whoever writes waits for one page. `Preview` keeps the
book as the last build left it in memory; `show` reads the edited page and writes that page
alone. It is called in a fork and stores nothing else, so the build that follows starts from
what the last build knew.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from docutils import nodes
from pybtex.plugin import find_plugin, register_plugin
from sphinx import addnodes
from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.config import Config
from sphinx.util.build_phase import BuildPhase

# It locks the book, and lets Sphinx write into a draft.
PUBLISHING = "publish"
# What nobody looks at while he writes, or the last build has made: module and name.
LATER = {("notebooks.site", "write_page"), ("sphinxcontrib.bibtex", "env_updated")}


def outline(node: nodes.Element) -> nodes.Element:
    """What may have a number, with its title, and what leads to it."""
    copy = node.copy()
    for child in node.children:
        if isinstance(child, nodes.Titular | nodes.caption):
            copy += child.deepcopy()
        elif isinstance(child, nodes.Element):
            part = outline(child)
            if part.children or part["ids"] or isinstance(part, addnodes.toctree):
                copy += part
    return copy


class Preview:
    """The book in memory.

    Args:
        book: Its sources, with a ``conf.py``.
        doctrees: What its last build knew; must exist.
        site: The pages, as shown.

    Raises:
        FileNotFoundError: If nothing has been built yet.
    """

    def __init__(self, book: Path, doctrees: Path, site: Path) -> None:
        if not (doctrees / ENV_PICKLE_FILENAME).exists():
            raise FileNotFoundError(f"{doctrees} holds no book: build the book first")
        extensions = [e for e in Config.read(book).extensions if e != PUBLISHING]
        self.app = Sphinx(
            book,
            book,
            site,
            doctrees,
            "html",
            confoverrides={"extensions": extensions},
            status=None,
            warning=None,  # the build that follows tells
        )
        for listener in list(chain(*self.app.events.listeners.values())):
            function = listener.handler
            if (function.__module__, getattr(function, "__name__", "")) in LATER:
                self.app.disconnect(listener.id)
        env = self.app.env
        self.trees = {name: env.get_doctree(name) for name in env.found_docs}
        # Numbering walks through all pages.
        self.outlines = {name: outline(tree) for name, tree in self.trees.items()}
        env._pickled_doctree_cache.clear()  # an edited page is another
        self.prepare()

    def prepare(self) -> None:
        """Have at hand what a page in a fork would make anew each time."""
        templates = self.app.builder.templates
        for folder in map(Path, templates.pathchain):
            for path in folder.rglob("*.html"):
                templates.environment.get_template(path.relative_to(folder).as_posix())
        # sphinxcontrib-bibtex asks for it at every citation, and all packages are searched.
        backend = ("pybtex.backends", "plaintext")
        register_plugin(*backend, find_plugin(*backend), force=True)

    def pages(self, paths: Iterable[Path]) -> list[str]:
        """The pages among these files; all must be pages, and none of them new."""
        names = set(map(self.app.env.path2doc, map(str, paths)))
        return sorted(names) if names <= self.trees.keys() else []

    def show(self, docnames: list[str]) -> None:
        """Read these pages and write them. It changes what is in memory: call it in a fork."""
        with TemporaryDirectory() as folder:
            self.read(docnames, folder)
            self.write(docnames)

    def read(self, docnames: list[str], folder: str) -> None:
        """Read pages, and what follows from them, into a folder of their own."""
        app, env, builder = self.app, self.app.env, self.app.builder
        builder.doctreedir = env.doctreedir = folder
        stored = env.get_doctree
        env.get_doctree = self.trees.__getitem__  # type: ignore[method-assign]
        app.phase = BuildPhase.READING
        for docname in docnames:
            app.emit("env-purge-doc", env, docname)
            env.clear_doc(docname)
            builder.read_doc(docname)
            self.trees[docname] = stored(docname)
            self.outlines[docname] = outline(self.trees[docname])
        app.emit("env-updated", env)
        # It numbers sections and figures; other pages that change are the build's affair.
        env.get_doctree = self.outlines.__getitem__  # type: ignore[method-assign]
        list(env.check_dependents(app, set(docnames)))
        env.get_doctree = self.trees.__getitem__  # type: ignore[method-assign]

    def write(self, docnames: list[str]) -> None:
        """Write pages, and the images that they show."""
        app, env, builder = self.app, self.app.env, self.app.builder
        app.phase = BuildPhase.RESOLVING
        builder.prepare_writing(set(docnames))
        for docname in docnames:
            doctree = env.get_and_resolve_doctree(docname, builder)
            builder.write_doc_serialized(docname, doctree)
            builder.write_doc(docname, doctree)
        builder.copy_image_files()
