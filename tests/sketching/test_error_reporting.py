"""Whatever a sketch raises is one line that names it, and the work goes on where it was."""

from pathlib import Path

import pytest

import gradart as ga
from gradart.errors import ArtError, ArtWarning, Leaving, RenderFault
from gradart.sketching.error_reporting import errors_of, said, warning_line
from gradart.sketching.loading import find


class Bare(BaseException):
    pass


class Mute(Exception):
    def __str__(self):
        raise KeyError("no words")


class MuteType(TypeError):
    def __str__(self):
        return 1 / 0


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (Bare("stop"), "Bare: stop"),
        (ValueError("\x1b[31mred\n\n  two\x07"), r"ValueError: \x1b[31mred two\x07"),
        (type("\x1b[2J", (Exception,), {})("x"), r"\x1b[2J: x"),
        (Mute(), "Mute, which cannot say more for a KeyError"),
        (MuteType(), "MuteType, which cannot say more for a ZeroDivisionError"),
        (ExceptionGroup("some", [ValueError("one"), KeyError("two")]), "ValueError: one; and 1 mo"),
        (BaseExceptionGroup("some", [Bare("one")]), "Bare: one"),
        (SystemExit(), "the sketch has ended the program, sys.exit(); leave that out"),
        (SystemExit("no data"), "the sketch has ended the program, sys.exit('no data'); leave"),
        (MemoryError(), "out of memory"),
        (RecursionError("too deep"), "RecursionError: too deep"),
        (StopIteration(), "StopIteration"),
        (OSError(2, "no \x1bfile", "a\x1b"), r"no \x1bfile: a\x1b"),
        (OSError(2, 3), "3"),
        (UserWarning("oh"), "UserWarning: oh"),
        (ArtWarning("oh"), "oh"),
    ],
)
def test_every_error_is_one_line(error, says):
    line = said(error)
    assert line.startswith(says)
    assert line.isprintable()


@pytest.mark.parametrize(
    "name", ["Point", "Vector", "Seed", "Curve", "Field", "Map", "Film", "Key"]
)
def test_a_type_that_is_called_is_told_how_to_stand(name):
    with pytest.raises(TypeError) as raised:
        getattr(ga, name)(3.0, 2.0)
    assert said(raised.value).startswith("types, like ga.Point and ga.Curve, stand behind a colon")


@pytest.mark.parametrize("kind", [ValueError, Bare, ArtError])
@pytest.mark.parametrize("text", ["x" * 10_000_000, "x y\n" * 2_500_000, "\x1b" * 10_000_000])
def test_a_message_of_megabytes_is_cut(kind, text):
    line = said(kind(text))
    assert 300 < len(line) <= 2000
    assert line.endswith(" ...")


def test_what_a_sketch_says_cannot_speak_to_the_terminal(gradart, studio):
    """Its errors, notes, docstring, help, choices and texts, in every command that shows them."""
    evil = "\\x1b]0;owned\\x07"
    studio(
        "evil.py",
        f'''
        from typing import Annotated, Literal
        @ga.sketch
        def evil(
            x: Annotated[float, "{evil}"] = 1.0,
            look: Literal["{evil}", "b"] = "{evil}",
            word="{evil}",
        ):
            """{evil}"""
            if x == 2:
                ga.text("{evil}", (0, 0))
            if x == 3:
                raise ValueError("{evil}")
            return ga.scene(ga.dots((0, 0)))
        ''',
    )
    for wanted, *words in (
        (0, "list", "evil.py"),
        (0, "run", "evil.py", "-o", "a.png", "--px", "20"),
        (0, "info", "a.png"),
        (0, "rerun", "a.png"),
        (0, "run", "evil.py", "--x", "2", "--px", "20"),
        (2, "run", "evil.py", "--x", "3", "--debug"),
        (2, "run", "evil.py", "--preset", "\x1b[2J"),
        (2, "run", "evil.py", "--look", "\x1b[2J"),
        (2, "run", "evil.py", "-p", "\x1b[2J=3"),
    ):
        status, out, err = gradart(*words)
        assert status == wanted, err
        assert all(line.isprintable() for line in out + err), words
    with pytest.raises(SystemExit):
        gradart("run", "evil.py", "--help")


def test_a_workers_own_end_is_no_fault_of_the_sketch():
    for leaving in (Leaving(143), KeyboardInterrupt()):
        with pytest.raises(type(leaving)), errors_of("piece", Path(__file__)):
            raise leaving
    ended = pytest.raises(RenderFault, match=r"piece, line \d+: the sketch has ended the program")
    with ended, errors_of("piece", Path(__file__)):
        raise SystemExit(143)


MOVING = """
import os
from pathlib import Path
os.makedirs("data", exist_ok=True)
os.chdir("data")
Path("x.txt").write_text("5")

@ga.sketch
def moving(file: Path | None = None):
    x = float(Path("x.txt").read_text())
    assert file is None or file.read_text() == "here"
    os.makedirs("deep", exist_ok=True)
    os.chdir("deep")
    Path("y.txt").write_text("1")
    def frame(u):
        y = float(Path("y.txt").read_text())
        return ga.scene(ga.dots([(0, 0), (x, y)]))
    return frame
"""


def test_a_sketch_changes_the_folder_for_itself_alone(gradart, studio, tmp_path):
    """What it opens it finds where it has gone; everything else is where the artist is."""
    studio("moving.py", MOVING)
    studio("still.py", "@ga.sketch\ndef still():\n    return ga.scene(ga.dots((0, 0)))\n")
    (tmp_path / "note.txt").write_text("here")
    words = ["--px", "20", "--file", "note.txt", "-o", "out.png", "--at", "0"]
    status, _, err = gradart("run", "moving.py", *words)
    assert (status, err) == (0, []), err
    assert (tmp_path / "out.png").is_file()
    assert Path.cwd() == tmp_path
    status, _, err = gradart("run", "moving.py", "still.py", *words[:2], "--at", "0", "-o", "o")
    assert (status, err) == (0, ["gradart: note: still is a still, of which --at changes nothing"])
    assert sorted(p.name for p in (tmp_path / "o").iterdir()) == ["moving.png", "still.png"]
    assert gradart("list", "moving.py", "still.py")[1][1] == "  moving.py"
    assert find("moving.py")[0].folder == str(tmp_path / "data")


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("/home/me/waves.py", "waves, line 8: too pale"),
        ("<frozen runpy>", "too pale"),
        ("/usr/lib/python3/site-packages/of/others.py", "too pale"),
    ],
)
def test_a_warning_names_no_line_but_the_artists(file, says):
    assert warning_line(ArtWarning("too\npale"), file, 8) == says
