"""No picture takes the place of what it is made from: all files stay as they were."""

import os
import wave

import pytest
from PIL import Image

import gradart as ga
from gradart.command.cli import main
from gradart.files.reading import Files

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links")

SKETCHES = """
from pathlib import Path
land = ga.photograph("land.png")

def drawn(u=1.0):
    return ga.scene(ga.dots([(0, 0), (u, 1)], 2))

@ga.sketch(page="20x20mm")
def named(photo=Path("cat.png"), others: list[Path] = (Path("cat.png"),)):
    return drawn()

@ga.sketch(page="20x20mm")
def read():
    ga.photograph("cat.png")
    return drawn()

@ga.sketch(page="20x20mm", seconds=0.2, fps=10)
def film(photo=Path("land.png")):
    return drawn

@ga.sketch(page="20x20mm", seconds=0.2, fps=10)
def late():
    def frame(u):
        ga.photograph("frames/frame_0000.png")
        return drawn(u)
    return frame
"""
WORDS = """
named -o cat.png
named -o a.svg -o ./deep/../cat.png
named -o soft.png
named -o deep/up.png
named -o hard.png
named --photo soft.png --others deep/up.png -o cat.png
named -p photo=land.png,other_photoland.png -o other.png
named -o whole/cat.png
read -o cat.png
read -o a.svg -o soft.png
read -o land.png
film -o sound.mp4 --audio sound.mp4
film -o b.mp4 -o sound.mp4 --audio soft.mp4
film --at 0 -o sketch.svg
film --at 0 --photo frames/frame_0000.png -o frames/frame_0000.png
film --photo frames/frame_0000.png -o frames
late -o frames
late --at 0 -o frames/frame_0000.png
"""


@pytest.fixture
def inputs(studio, tmp_path):
    """A folder of sketches and of what they are made from, under several names."""
    studio("art.py", SKETCHES)
    os.chdir(tmp_path)
    for folder in "deep", "frames":
        os.mkdir(folder)
    for name in "cat.png", "land.png", "frames/frame_0000.png":
        Image.new("L", (4, 4), 99).save(name)
    with wave.open("sound.mp4", "wb") as sound:  # named so for a test: sound it is
        sound.setparams((1, 2, 44100, 0, "NONE", ""))
        sound.writeframes(bytes(17640))
    for link, name in {
        "soft.png": "cat.png",
        "other_photoland.png": "cat.png",
        "deep/up.png": "../cat.png",
        "soft.mp4": "sound.mp4",
        "sketch.svg": "art.py",
        "whole": ".",
    }.items():
        os.symlink(name, link)
    os.link("cat.png", "hard.png")
    return tmp_path


def _contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("words", WORDS.strip().splitlines())
def test_no_picture_replaces_what_it_is_made_from(inputs, capsys, words):
    name, *rest = words.split()
    before = _contents(inputs)
    assert main(["run", f"art.py:{name}", "--px", "16", *rest]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert "it is made from" in line
    assert _contents(inputs) == before


def test_in_python_neither(inputs):
    with pytest.raises(ga.ArtError, match=r"soft\.mp4 would replace a file that it is made from"):
        ga.render(lambda u: ga.scene(ga.dots([(0, 0)], 2)), "soft.mp4", audio="sound.mp4", px=16)

    @ga.sketch
    def cat(photo=inputs / "cat.png"):
        return ga.scene(ga.dots([(0, 0)], 2))

    before = _contents(inputs)
    with pytest.raises(ga.ArtError, match=r"hard\.png would replace a file that it is made from"):
        ga.render(cat, "hard.png", px=16)
    assert _contents(inputs) == before


def test_what_was_read_for_another_picture_may_be_replaced(inputs):
    ga.photograph("cat.png")
    ga.render(ga.scene(ga.dots([(0, 0)], 2)), "cat.png", px=16)
    assert main(["run", "art.py:film", "-o", "cat.png", "--at", "0", "--px", "16"]) == 0
    assert main(["run", "art.py:read", "-o", "new.png", "--px", "16"]) == 0


TURNS = """
import time
from pathlib import Path

@ga.sketch(page="20x20mm")
def turn(n=1):
    if n == 1:
        ga.photograph("{other}")
        Path("read").touch()
    while not Path("read").exists():
        time.sleep(0.01)
    return ga.scene(ga.dots([(0, 0), (n, 1)], 2))
"""


def test_processes_that_share_notes_know_what_each_has_read(inputs):
    (inputs / "notes").mkdir()
    one, other, alone = (Files(notes=notes) for notes in (inputs / "notes", inputs / "notes", None))
    one.add(inputs / "frames" / "frame_0000.png")
    one.add(inputs / "soft.png")
    for name in "cat.png", "soft.png", "hard.png", "deep/up.png", "frames", "whole/cat.png":
        assert other.lost_to(inputs / name), name
        assert not alone.lost_to(inputs / name)
    for name in "land.png", "deep", "new.png":
        assert not other.lost_to(inputs / name), name


@pytest.mark.exhaustive
@pytest.mark.parametrize("other", ["turn_n2.png", "hard.png"])
def test_nor_what_another_process_of_the_batch_has_read(inputs, studio, capsys, other):
    studio("turn.py", TURNS.format(other=other))
    os.rename("cat.png", "turn_n2.png")
    before = _contents(inputs)
    assert main(["run", "turn.py", "-p", "n=1,2", "--jobs", "2", "--px", "16"]) == 2
    assert "turn_n2.png would replace a file that it is made from" in capsys.readouterr().err
    after = _contents(inputs)
    assert set(after) - set(before) == {inputs / "turn_n1.png", inputs / "read"}
    assert all(after[file] == before[file] for file in before)
