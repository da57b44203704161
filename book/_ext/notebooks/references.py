"""What a page cites, for its end: in a notebook the list of references is another file."""

from __future__ import annotations

from docutils import nodes
from sphinx.environment import BuildEnvironment


def references(env: BuildEnvironment, docname: str, title: str) -> list[nodes.section]:
    """A section with the entries that a page cites, in the order of the book's list.

    Args:
        env: Knows the citations, as sphinxcontrib-bibtex left them.
        docname: The page.
        title: Of the section.

    Returns:
        The section, or nothing where nothing is cited.
    """
    domain = env.domains.get("cite")
    if domain is None:
        return []
    # Not above: a book without citations may lack the package.
    from sphinxcontrib.bibtex.transforms import (
        BibliographyTransform,
        node_text_transform,
    )

    cited = {
        target.key
        for reference in domain.citation_refs
        if reference.docname == docname
        for target in reference.targets
    }
    section = nodes.section("", nodes.title("", title))
    for citation in domain.citations:
        if citation.key in cited:
            entry = citation.formatted_entry
            text = BibliographyTransform.backend.paragraph(entry)
            node_text_transform(text)
            section += nodes.citation("", nodes.label("", entry.label), text)
    return [section] if len(section) > 1 else []
