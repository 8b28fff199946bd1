"""`gradart run --if-changed`: what is there as it would be made is told without its sketch."""

import subprocess
import sys

import pytest

from gradart.command.named_sketches import find
from gradart.files.kept import keep
from gradart.jobs import versions

PIECE = """
    from pathlib import Path
    import _helper

    @ga.sketch(page="30x20mm")
    def piece(key, x=1.0, letter: Path | None = None):
        y = float(letter.read_text()) if letter else _helper.SHIFT
        return ga.scene(ga.lines([(0, 0), (x, y)], width=1))
"""


@pytest.fixture
def piece(studio, tmp_path, monkeypatch):
    """A sketch with a helper and a file, a folder for what is kept, and whether it is loaded."""
    monkeypatch.setattr("gradart.files.kept.cache_folder", lambda: str(tmp_path / "cache"))
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    (tmp_path / "_helper.py").write_text("SHIFT = 0.5\n")
    (tmp_path / "letter.txt").write_text("2")
    return studio("piece.py", PIECE)


@pytest.fixture
def run(gradart, monkeypatch):
    """A function that runs the piece: the lines, and whether sketches were loaded for that."""
    loads = []
    found = "gradart.command.run.find"
    monkeypatch.setattr(found, lambda *words: loads.append(words) or find(*words))

    def once(*words):
        loads.clear()
        status, out, err = gradart("run", "piece.py", "--px", 16, *words)
        assert (status, err) == (0, [])
        return [line.split("  ")[:2] for line in out], bool(loads)

    return once


def test_what_has_not_changed_is_told_without_loading_it(piece, run):
    words = ("-p", "x=1,2", "--letter", "letter.txt", "-o", "out")
    names = ["out/piece_letterletter_x1.png", "out/piece_letterletter_x2.png"]
    assert run(*words) == ([[name, "16 x 11 px"] for name in names], True)
    for flag in "--if-changed", "--resume":
        assert run(*words, flag) == ([[name, "up to date"] for name in names], False)
    # Nobody has noted what came of these words; the picture itself says it.
    lines, loaded = run(*words, "--page", "30x20mm", "--if-changed")
    assert (lines, loaded) == ([[name, "up to date"] for name in names], True)
    # Without the option all is made.
    assert run(*words) == ([[name, "16 x 11 px"] for name in names], True)


def _write(name, text):
    return lambda folder, patch: (folder / name).write_text(text)


def _edit(folder, patch):
    piece = folder / "piece.py"
    piece.write_text(piece.read_text() + "# changed\n")


CHANGES = {
    "the sketch": _edit,
    "what it imports": _write("_helper.py", "SHIFT = 0.75\n"),
    "what it reads": _write("letter.txt", "3"),
    "a picture's bytes": _write("piece.png", "none"),
    "a picture": lambda folder, patch: (folder / "piece.png").unlink(),
    "what it could import": _write("jax.py", ""),
    "its presets": _write("piece.presets.json", "{}"),
    "the date": lambda folder, patch: patch.setenv("SOURCE_DATE_EPOCH", "7"),
    "gradart": lambda folder, patch: patch.setattr("gradart.jobs.sources.code", lambda: "f" * 64),
    "a library": lambda folder, patch: patch.setattr(
        versions, "installed", lambda: {"jax": "0.0.1"}
    ),
    "the machine": lambda folder, patch: patch.setattr(
        "gradart.jobs.sources.machine", lambda: "none"
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_has_changed_is_looked_at_again(piece, run, tmp_path, monkeypatch, what):
    words = ("--letter", "letter.txt", "-o", "piece.png", "--if-changed")
    assert run(*words)[1]
    assert not run(*words)[1]
    CHANGES[what](tmp_path, monkeypatch)
    assert run(*words)[1]


def test_another_picture_in_its_place_is_not_it(piece, run):
    first = ("-o", "piece.png", "--x", "1", "--if-changed")
    other = ("-o", "piece.png", "--x", "2", "--if-changed")
    for words in first, other, first:
        lines, loaded = run(*words)
        assert (lines, loaded) == ([["piece.png", "16 x 11 px"]], True)
    assert run(*first) == ([["piece.png", "up to date"]], False)


def test_what_is_kept_may_be_anything(piece, run, tmp_path):
    words = ("-o", "piece.png", "--if-changed")
    assert run(*words)[1]
    [note] = (tmp_path / "cache" / "made").iterdir()
    for broken in b"", b"[]", b"{}", b'{"made": [["piece.png"]]}', b"\xff", b"[" * 5000:
        note.write_bytes(broken)
        assert run(*words) == ([["piece.png", "up to date"]], True)
        assert run(*words) == ([["piece.png", "up to date"]], False)


def test_nothing_heavy_is_imported_for_that(piece, run, tmp_path):
    """What has changed since is found by hashes alone, those of all versions and of cairo, too."""
    words = ("-o", "piece.png")
    run(*words)
    code = (
        "import sys, gradart.files.kept;"
        f"gradart.files.kept.cache_folder = lambda: {str(tmp_path / 'cache')!r};"
        "from gradart.command.cli import main;"
        f"assert main(['run', 'piece.py', '--px', '16', *{words!r}, '--if-changed']) == 0;"
        "heavy = {'jax', 'numpy', 'scipy', 'matplotlib'} & {*sys.modules};"
        "assert not heavy, heavy"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], check=True, cwd=tmp_path, text=True, stdout=-1
    )
    assert told.stdout == "piece.png  up to date\n"


def test_of_many_the_oldest_are_forgotten(tmp_path, monkeypatch):
    monkeypatch.setattr("gradart.files.kept.cache_folder", lambda: str(tmp_path))
    for number in range(30):
        keep(f"some/{number}", b"", 8)
        assert (tmp_path / "some" / str(number)).exists()
        assert len(list((tmp_path / "some").iterdir())) <= 8
