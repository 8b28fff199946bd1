"""What an artist sees who gives wrong input: one line, and nothing else changed."""

import numpy as np
import pytest
from pictures import read


@pytest.fixture
def contents(tmp_path):
    """A function that returns every file below the current folder, with its bytes."""
    return lambda: {p: p.read_bytes() if p.is_file() else None for p in tmp_path.rglob("*")}


@pytest.fixture
def refused(studio, gradart, contents):
    """A function that runs a sketch text and returns the one line that it gets for it."""

    def run(text, *words, status=2):
        file = studio("piece.py", text) if text is not None else "piece.py"
        before = contents()
        found, out, err = gradart("run", file, "--px", 20, *words)
        assert (found, out, len(err)) == (status, [], 1), err
        assert err[0].startswith("gradart: ")
        assert "Traceback" not in err[0]
        assert contents() == before
        return err[0]

    return run


@pytest.fixture
def drawn(studio, gradart, tmp_path):
    """A function that runs a sketch text: the picture (h, w), 1 where it is black, and the notes.

    The page is 100 mm square, without a margin.
    """

    def run(text, *words, px=100):
        file = studio("piece.py", text)
        options = ["--page", "100x100mm", "--margin", 0, "--px", px]
        status, _, notes = gradart("run", file, *options, *words, "-o", "piece.png")
        assert status == 0, notes
        assert all(note.startswith("gradart: note: ") for note in notes)
        return 1 - read(tmp_path / "piece.png")[..., :3].mean(-1) / 255, notes

    return run


@pytest.fixture
def sketch():
    """A function that returns the text of a sketch that draws marks on white paper."""

    def text(*marks, box=None, head=""):
        lines = "\n    ".join([*head.splitlines(), ""])
        return (
            f"inf, nan = jnp.inf, jnp.nan\n@ga.sketch\ndef piece():\n    {lines}"
            f"return ga.scene({', '.join([*marks, ''])} paper='white', box={box})\n"
        )

    return text


@pytest.fixture
def middle():
    """A function that returns the center (row, column) of a picture's ink, in parts of it."""

    def find(ink):
        rows, columns = np.indices(ink.shape) + 0.5
        return np.array([(rows * ink).sum(), (columns * ink).sum()]) / ink.sum() / len(ink)

    return find
