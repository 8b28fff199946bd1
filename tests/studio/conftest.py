"""What the tests of the live page share: a folder with a sketch, open in a studio, and a line."""

import pytest
from live import SKETCH, Line, watched


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a sketch in it, and a studio that is open on that."""
    folder = tmp_path_factory.mktemp("studio")
    (folder / "ring.py").write_text(SKETCH)
    with watched("ring.py", folder=folder) as (url, _):
        yield folder, url


@pytest.fixture
def line(place):
    (place[0] / "ring.py").write_text(SKETCH)
    with Line(place[1]) as line:
        line.open()
        yield line
