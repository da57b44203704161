"""What Sphinx is told about LaTeX: class, page, packages, and the words of the edition."""

from __future__ import annotations

import os
import re
from pathlib import Path

from bilingual import halves
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

from .stamp import read_stamp

STYLE = Path(__file__).parent / "style"

PAGES = {
    "a4": "a4paper,hmargin=27mm,top=27mm,bottom=25mm,headheight=14pt",
    # As wide and high as the screen of a phone held upright.
    "phone": "paperwidth=90mm,paperheight=160mm,hmargin=5mm,top=10mm,bottom=9mm,"
    "headheight=10pt,headsep=8pt,footskip=14pt",
}
SIZES = {"a4": "11pt", "phone": "10pt"}

SPHINX_SETUP = ",".join(
    [
        "TitleColor={HTML}{16324f}",
        "InnerLinkColor={HTML}{1a5490}",
        "OuterLinkColor={HTML}{0b6e4f}",
        "verbatimwithframe=false",
        "VerbatimColor={HTML}{f6f7f9}",
        "verbatimwrapslines=true",
        "verbatimforcewraps=true",
        "verbatimhintsturnover=false",
        "pre_border-radius=2pt",
        "pre_padding=5pt",
    ]
)


def both(text: str) -> tuple[str, str]:
    """The halves of a text; one that is in one language is both."""
    return halves(text) or (text, text)


def on_cover(title: str) -> str:
    r"""A title on the cover: what follows its colon begins a line.

    Example:
        >>> on_cover("Notes 3: Perceptrons")
        'Notes 3:\\\\Perceptrons'
    """
    return re.sub(r"(?<=[：:])\s*(?=\S)", r"\\\\", title, count=1)


def choose(app: Sphinx, config: Config) -> None:
    """Replace what Jupyter Book has set."""
    lang = config.bilingual_mode
    page = config.pdf_page = os.environ.get("BOOK_PAGE") or config.pdf_page
    if page not in PAGES:
        raise ConfigError(
            f"BOOK_PAGE / pdf_page is one of {', '.join(PAGES)}, got {page!r}"
        )
    title, author = both(config.html_title or config.project), both(config.author)
    stamp = read_stamp(Path(app.srcdir).parent)
    config.latex_theme = "manual"  # the class of Jupyter Book wants half of TeX Live
    config.latex_engine = "xelatex"
    config.latex_domain_indices = False
    config.latex_show_urls = "no"
    config.latex_use_xindy = False
    config.jblatex_load_imgconverter = False  # our figures are PDF already
    config.jblatex_show_tocs = False
    config.latex_additional_files = [str(path) for path in sorted(STYLE.iterdir())]
    words = {
        "booklang": lang,
        "bookpage": page,
        "booktitlezh": title[0],
        "booktitleen": title[1],
        "bookcoverzh": on_cover(title[0]),
        "bookcoveren": on_cover(title[1]),
        "bookauthorzh": author[0],
        "bookauthoren": author[1],
        "bookreleasezh": stamp.release("zh"),
        "bookreleaseen": stamp.release("en"),
        "bookdatezh": stamp.date("zh"),
        "bookdateen": stamp.date("en"),
    }
    defined = "".join(f"\\def\\{name}{{{text}}}\n" for name, text in words.items())
    config.latex_elements = {
        "papersize": "a4paper",
        "pointsize": SIZES[page],
        "extraclassoptions": "openany,oneside",
        "babel": r"\usepackage{babel}",
        "polyglossia": "",
        "fncychap": "",
        "printindex": "",
        "inputenc": "",
        "cmappkg": "",
        "fontenc": r"\usepackage{fontspec}",
        "fontpkg": r"\usepackage{mathtools}\usepackage{bookpdf}\bookfonts",
        "fvset": r"\fvset{fontsize=\bookcodesize,formatcom=\bookverb}",
        "geometry": rf"\usepackage[{PAGES[page]}]{{geometry}}",
        "hyperref": r"\usepackage[unicode,psdextra]{hyperref}\usepackage{hypcap}",
        "sphinxsetup": SPHINX_SETUP,
        "preamble": r"\bookpreamble",
        "maketitle": r"\bookcover",
        # Beside a float the frame of a code cell would run over the edge of its page.
        "figure_align": "H",
        "tableofcontents": r"\booktoc",
        "passoptionstopackages": r"\PassOptionsToPackage{svgnames,dvipsnames}{xcolor}"
        + "\n"
        + defined,
        "atendofbody": "",
    }


def settle(app: Sphinx) -> None:
    """What Jupyter Book overwrites, and the date that XeTeX writes into the PDF."""
    if app.builder.format != "latex":
        return
    app.config.numfig_secnum_depth = 1  # as on the site; Jupyter Book sets 2
    epoch = read_stamp(Path(app.srcdir).parent).epoch
    os.environ.setdefault("SOURCE_DATE_EPOCH", str(epoch))
    os.environ.setdefault("FORCE_SOURCE_DATE", "1")
    # `jupyter-book --builder pdflatex` runs latexmk, which would ask after an error.
    os.environ.setdefault(
        "LATEXMKOPTS", "-xelatex -interaction=nonstopmode -halt-on-error"
    )
