"""What Sphinx is taught for this site: code that is run and drawn, the reference, the gallery."""

from sphinx.application import Sphinx

from . import drawn, links, live_pages, names, pieces, reference, tables


def setup(app: Sphinx) -> dict[str, bool]:
    """Add all of it to a build."""
    for part in (drawn, reference, tables, live_pages, pieces, names, links):
        part.setup(app)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
