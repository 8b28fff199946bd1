"""Links stay, what is read-only stays, and pipes and devices are written to."""

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from gradart.drawing.marks import dots
from gradart.drawing.scene import scene
from gradart.errors import ArtError, RenderFault
from gradart.files.reading import opened
from gradart.rendering.files.atomic import replacing, replacing_folder
from gradart.rendering.files.streams import Stream, stream
from gradart.rendering.formats.registry import FORMATS
from gradart.rendering.render import render

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pipes and links")
DOT = scene(dots([(0, 0), (1, 1)], 4))


def film(u):
    return scene(dots([(0, 0), (1, u)], 4))


def read_from(path):
    """A thread that reads all that comes out of a pipe, and the list that it goes to."""
    read = []
    thread = threading.Thread(target=lambda: read.append(path.read_bytes()), daemon=True)
    thread.start()
    return thread, read


@pytest.fixture
def pipe(tmp_path):
    def make(name):
        os.mkfifo(tmp_path / name)
        return tmp_path / name

    return make


def write(path, text="new"):
    with replacing(path) as temporary:
        temporary.write_text(text)


@pytest.mark.parametrize("before", ["old", None])
def test_a_link_stays_and_what_it_points_to_is_written(tmp_path, before):
    (tmp_path / "far").mkdir()
    real, link, chain = (tmp_path / name for name in ("far/real.txt", "link.txt", "chain.txt"))
    if before:
        real.write_text(before)
    link.symlink_to("far/real.txt")
    chain.symlink_to(link)
    write(chain)
    assert link.is_symlink()
    assert chain.is_symlink()
    assert real.read_text() == "new"
    assert sorted(os.listdir(tmp_path)) == ["chain.txt", "far", "link.txt"]
    assert os.listdir(tmp_path / "far") == ["real.txt"]


def test_a_link_to_a_folder_of_frames_stays(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "frame_0.png").touch()
    (tmp_path / "link").symlink_to("real")
    with replacing_folder(tmp_path / "link", "frame_*.png") as temporary:
        (temporary / "frame_1.png").touch()
    assert (tmp_path / "link").is_symlink()
    assert os.listdir(tmp_path / "real") == ["frame_1.png"]


def test_links_that_lead_in_a_circle(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(RenderFault, match=r"a cannot be written: its links lead in a circle"):
        write(tmp_path / "a")


@pytest.mark.parametrize("link", [False, True])
def test_what_is_read_only_stays_also_for_root(tmp_path, link):
    real = tmp_path / "real.txt"
    real.write_text("old")
    real.chmod(0o444)
    (tmp_path / "link.txt").symlink_to(real)
    with pytest.raises(RenderFault, match="is read-only; what was there stays"):
        write(tmp_path / "link.txt" if link else real)
    assert real.read_text() == "old"
    frames = tmp_path / "frames"
    frames.mkdir()
    (frames / "frame_0.png").touch(0o444)
    with (
        pytest.raises(RenderFault, match=r"frames/frame_0\.png cannot be written: it is read-only"),
        replacing_folder(frames, "frame_*.png"),
    ):
        pass
    assert os.listdir(frames) == ["frame_0.png"]


def test_who_may_read_a_file_stays(tmp_path):
    (tmp_path / "a.txt").touch(0o600)
    write(tmp_path / "a.txt")
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", [f"a{ending}" for ending in FORMATS if ending])
def test_a_pipe_gets_the_bytes_of_the_file(tmp_path, pipe, name):
    art = DOT if FORMATS[name[1:]].kind == "still" else film
    how = {"px": 32, "seconds": 0.2, "fps": 10, "provenance": {"sketch": "a"}}
    path = pipe(name)
    thread, read = read_from(path)
    render(art, path, **how)
    thread.join()
    whole = render(art, tmp_path / f"whole_{name}", **how)
    assert read == [whole.read_bytes()]
    assert path.is_fifo()


def test_what_fails_writes_nothing_to_a_pipe(pipe):
    path = pipe("a.png")
    thread, read = read_from(path)
    with pytest.raises(ArtError, match="px"):
        render(DOT, path, px=0)
    with open(path, "wb"):  # for the reader not to wait for ever
        pass
    thread.join()
    assert read == [b""]


def test_a_device_is_written_to_and_stays():
    assert render(DOT, "/dev/null", format="svg") == Path("/dev/null")
    assert render(DOT, "svg:/dev/null") == Path("/dev/null")
    assert Path("/dev/null").is_char_device()
    with pytest.raises(RenderFault, match="/dev/full cannot be written: No space left"):
        render(DOT, "svg:/dev/full")
    with pytest.raises(ArtError, match="write what it becomes"):
        render(DOT, "/dev/null")


@pytest.mark.parametrize("art", [DOT, film])
def test_standard_output_is_a_file_object_in_python(art, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("-", "png:-"):
        with pytest.raises(ArtError, match=r"write ga\.render\(\.\., sys\.stdout\.buffer"):
            render(art, name)
    assert not list(tmp_path.iterdir())


def test_a_pipe_is_not_replaced_by_a_file(pipe):
    with pytest.raises(ArtError, match=r"is a pipe or a device; write the name of a file$"):
        write(pipe("a.json"))


def test_a_film_goes_where_it_was_sent_wherever_its_frames_go(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "elsewhere").mkdir()

    def wandering(u):
        os.chdir(tmp_path / "elsewhere")
        return film(u)

    for name in "a.gif", "frames":
        os.chdir(tmp_path)
        render(wandering, Path(name), px=16, seconds=0.2, fps=10)
    assert sorted(os.listdir(tmp_path)) == ["a.gif", "elsewhere", "frames"]
    assert os.listdir(tmp_path / "elsewhere") == []


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("-", Stream(Path("-"))),
        ("svg:-", Stream(Path("-"), ".svg")),
        ("/dev/stdout", Stream(Path("/dev/stdout"))),
        ("pdf:/dev/null", Stream(Path("/dev/null"), ".pdf")),
        ("/dev/fd/7", Stream(Path("/dev/fd/7"))),
        ("a.png", None),
        ("svg:a", None),
        ("doc:-", None),
        (".", None),
    ],
)
def test_what_is_no_file_is_known_by_its_name(name, found):
    assert stream(Path(name)) == found


def test_a_pipe_tells_its_format_by_its_ending(pipe, tmp_path):
    pipe("a.SVG")
    assert stream(Path("a.SVG"), tmp_path) == Stream(tmp_path / "a.SVG", ".svg")
    pipe("b.old")
    assert stream(Path("gif:b.old"), tmp_path) == Stream(tmp_path / "b.old", ".gif")


def test_standard_output_is_kept_for_the_picture(tmp_path):
    code = (
        "import os, pathlib\n"
        "from gradart.rendering.files.streams import Stream, pour, stdout_kept\n"
        "pathlib.Path('a').write_bytes(b'picture')\n"
        "with stdout_kept():\n"
        "    print('printed'); os.system('echo shouted')\n"
        "    pour(pathlib.Path('a'), Stream(pathlib.Path('-')))\n"
        "print('after')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.stdout == "pictureafter\n"
    assert sorted(done.stderr.split()) == ["printed", "shouted"]


@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "socket"])
def test_only_files_are_read(kind, pipe, tmp_path):
    path = {"pipe": lambda: pipe("p"), "device": lambda: Path("/dev/zero")}.get(
        kind, lambda: tmp_path
    )()
    if kind == "socket":
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(str(tmp_path / "s"))
        path = tmp_path / "s"
    with pytest.raises(OSError, match=r"no regular file|No such device"):
        opened(path)
    (tmp_path / "a").write_bytes(b"abc")
    (tmp_path / "b").symlink_to("a")
    with opened(tmp_path / "b") as file:
        assert file.read() == b"abc"
