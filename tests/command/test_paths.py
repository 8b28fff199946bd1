"""Paths that a user names: where the user stands counts, not where a sketch goes."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import gradart as ga
from gradart.command.cli import main
from gradart.rendering.formats.provenance import read

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pipes and links")

AWAY = """
import os
from pathlib import Path
os.makedirs("elsewhere", exist_ok=True)
os.chdir("elsewhere")

@ga.sketch(page="20x20mm")
def still(x=1.0, letter: Path | None = None):
    os.chdir("/")
    if letter:
        assert letter.read_text() == "a"
    return ga.scene(ga.dots([(0, 0), (x, 1)], 2))

@ga.sketch(page="20x20mm", seconds=0.2, fps=10)
def film():
    def frame(u):
        os.chdir("/")
        return ga.scene(ga.dots([(0, 0), (1, u)], 2))
    return frame
"""
DOT = '''
@ga.sketch(page="20x20mm")
def {name}(key, x=1.0):
    """A dot."""
    print("printed by {name}")
    return ga.scene(ga.dots([(0, 0), (x, 1)], 2))
'''


@pytest.fixture
def away(studio, tmp_path):
    (tmp_path / "letter.txt").write_text("a")
    studio("away.py", AWAY)

    def run(*words):
        os.chdir(tmp_path)
        status = main(["run", *words, "--px", "16"])
        os.chdir(tmp_path)
        return status

    return run


@pytest.fixture
def dot(studio):
    return studio("dot.py", DOT.format(name="dot"))


def made(folder):
    files = (p for p in folder.rglob("*") if p.is_file() and p.suffix not in (".py", ".txt"))
    return sorted(str(p.relative_to(folder)) for p in files)


@pytest.mark.parametrize(
    ("words", "files"),
    [
        (("away.py:still", "-o", "c.png"), ["c.png"]),
        (("away.py:still",), ["still.png"]),
        (("away.py:still", "-o", "c.svg", "-o", "new/c.pdf"), ["c.svg", "new/c.pdf"]),
        (("away.py:still", "-p", "x=2,3", "-o", "a/b"), ["a/b/still_x2.png", "a/b/still_x3.png"]),
        (("away.py:still", "--letter", "letter.txt", "-o", "c.png"), ["c.png"]),
        (("away.py:film",), ["film.gif"]),
        (("away.py:film", "-o", "f"), ["f/frame_0000.png", "f/frame_0001.png"]),
    ],
)
def test_a_sketch_that_goes_elsewhere_takes_no_picture_along(away, tmp_path, words, files):
    assert away(*words) == 0
    assert made(tmp_path) == files
    if "--letter" in words:
        facts = read(tmp_path / "c.png")
        assert facts["parameters"]["letter"] == "letter.txt"
        assert facts["files"]["letter"]


@pytest.mark.parametrize("where", ["import os", "    ga.main(piece)"])
def test_a_program_that_goes_elsewhere_takes_no_picture_along(studio, tmp_path, where):
    (tmp_path / "away").mkdir()
    text = (
        "import os\n@ga.sketch\ndef piece(): return ga.scene()\n"
        "if __name__ == '__main__':\n    ga.main(piece)\n"
    )
    go = "os.chdir('away')"
    whole = f"{where}\n{go}" if where == "import os" else f"    {go}\n{where}"
    file = studio("piece.py", text.replace(where, whole))
    command = [sys.executable, file.name, "-o", "c.png", "--px", "9"]
    env = os.environ | {"PYTHONPATH": str(Path(ga.__file__).parents[1])}
    subprocess.run(command, cwd=tmp_path, env=env, check=True)
    assert made(tmp_path) == ["c.png"]


def test_it_is_found_again_and_kept_and_listed(away, gradart, studio, tmp_path):
    """Also by --resume, by rerun, by list and by the gallery, and the sketches after it are."""
    studio("sketches/away.py", AWAY)
    studio("sketches/zero.py", DOT.format(name="zero"))
    assert away("away.py:still", "-o", "c.png") == 0
    for words in (
        *(("run", "away.py:still", "-o", "c.png", "--px", 16, "--resume"), ("rerun", "c.png")),
        *(("list", "sketches", "away.py:still"), ("gallery",)),
    ):
        os.chdir(tmp_path)
        status, out, err = gradart(*words)
        assert (status, err) == (0, []), words
        if words[0] == "run":
            assert out[-1] == "c.png  up to date"
        if words[0] == "list":
            assert "  sketches/zero.py" in out
    assert "film.mp4" in os.listdir(tmp_path / "gallery")
    assert "zero.png" in os.listdir(tmp_path / "gallery")
    assert "gradart run sketches/zero.py" in (tmp_path / "gallery" / "README.md").read_text()


@pytest.mark.parametrize(
    ("name", "ending"), [("-", "png"), ("svg:-", "svg"), ("pdf:-", "pdf"), ("png:-", "png")]
)
@pytest.mark.parametrize("device", ["-", "/dev/stdout", "/dev/fd/1"])
def test_standard_output_gets_the_picture_and_nothing_else(dot, capfdbinary, name, ending, device):
    px = ["--px", "16"] if ending == "png" else []
    assert main(["run", "dot.py", *px, "-o", name.replace("-", device)]) == 0
    flow = capfdbinary.readouterr()
    assert flow.err == b"printed by dot\n"
    assert main(["run", "dot.py", *px, "-o", f"whole.{ending}"]) == 0
    with open(f"whole.{ending}", "rb") as file:
        assert flow.out == file.read()


def test_several_pictures_go_into_no_pipe(dot, gradart):
    status, _, [err] = gradart("run", "dot.py", "--seed", "0..2", "-o", "-")
    assert status == 2
    assert err == "gradart: several pictures do not go into -; name a folder, or make one"


def test_a_pipe_of_a_user_gets_a_film_or_a_still(away, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    got = []
    for words, head in (("away.py:still",), b"\x89PNG"), (("away.py:film",), b"GIF89a"):
        thread = threading.Thread(target=lambda: got.append((tmp_path / "pipe").read_bytes()))
        thread.start()
        assert away(*words, "-o", "pipe") == 0
        thread.join()
        assert got[-1].startswith(head)
    assert made(tmp_path) == []


def test_links_are_kept_and_read_only_files_refused(dot, gradart, tmp_path):
    (tmp_path / "link.png").symlink_to("real.png")
    assert gradart("run", "dot.py", "--px", 16, "-o", "link.png")[0] == 0
    assert (tmp_path / "link.png").is_symlink()
    assert (tmp_path / "real.png").is_file()
    (tmp_path / "real.png").chmod(0o444)
    before = (tmp_path / "real.png").read_bytes()
    for name in "real.png", "link.png":
        status, _, [err] = gradart("run", "dot.py", "--px", 32, "-o", name)
        assert status == 1
        assert (
            err == f"gradart: dot: {name} cannot be written: it is read-only; what was there stays"
        )
    assert (tmp_path / "real.png").read_bytes() == before


def test_folders_are_made_and_go_again_if_nothing_comes_to_lie_in_them(dot, gradart, tmp_path):
    assert gradart("run", "dot.py", "--px", 16, "-o", "new/deep/x.svg")[0] == 0
    assert made(tmp_path) == ["new/deep/x.svg"]
    assert gradart("run", "dot.py", "--px", 0, "-o", "other/deep/x.png")[0] == 2
    assert not (tmp_path / "other").exists()
    (tmp_path / "file").touch()
    status, _, [err] = gradart("run", "dot.py", "-o", "file/x.png")
    assert status == 1
    assert err.endswith("file is a file")


@pytest.mark.parametrize("place", [".", "out", "far"])
def test_a_picture_is_made_again_from_where_it_was_made(studio, gradart, tmp_path, place):
    """The way to the sketch is kept, from where the user stood; no place of the machine is."""
    studio("lab/p.py", DOT.format(name="p"))
    studio("p.py", DOT.format(name="p").replace("2)", "3)"))  # another one, which is nearer
    assert gradart("run", "lab/p.py", "-o", "out/p12.svg")[0] == 0
    facts = read("out/p12.svg")
    assert (facts["file"], facts["path"]) == ("p.py", "lab/p.py")
    assert str(tmp_path) not in (tmp_path / "out" / "p12.svg").read_text()
    (tmp_path / "far").mkdir()
    os.chdir(place)
    status, _, err = gradart("rerun", os.path.relpath(tmp_path / "out" / "p12.svg"))
    assert (status, err) == (0, [])


def test_a_way_upwards_is_taken_only_to_what_is_still_the_same(studio, gradart, tmp_path):
    """A picture may come from a stranger, and may not choose what is run."""
    file = studio("lab/p.py", DOT.format(name="p"))
    (tmp_path / "here").mkdir()
    os.chdir("here")
    assert gradart("run", "../lab/p.py", "-o", "p.svg")[0] == 0
    assert gradart("rerun", "p.svg")[0] == 0
    file.write_text(file.read_text() + "# more\n")
    status, _, [err] = gradart("rerun", "p.svg")
    assert status == 2
    assert err == "gradart: p.svg was made by p.py, which is not here; name it: --sketch p.py"
    assert gradart("rerun", "p.svg", "--sketch", "../lab/p.py")[0] == 0


def test_a_way_through_the_root_is_not_told(dot, gradart, tmp_path):
    os.chdir("/usr")
    assert gradart("run", dot, "-o", tmp_path / "a.svg")[0] == 0
    assert "path" not in read(tmp_path / "a.svg")
    os.chdir(tmp_path)
    assert gradart("rerun", "a.svg")[0] == 0
