"""One call from art to file: every format opens, errors come first, nothing is left half done."""

import inspect
import io
import os
import signal
import subprocess
import sys
import time

import jax.numpy as jnp
import numpy as np
import pytest
from pictures import played, read
from PIL import Image
from sampling import some

import gradart as ga
from gradart.drawing.marks import dots, lines
from gradart.drawing.scene import scene
from gradart.errors import ArtError, ArtWarning, RenderFault
from gradart.ffmpeg import ffmpeg
from gradart.rendering.formats.registry import FORMATS
from gradart.rendering.layout.page import page
from gradart.rendering.render import render

GROUND = np.stack(np.meshgrid(np.linspace(-1, 1, 30), np.linspace(-1, 1, 9)), -1)
STILL = scene(lines(GROUND), dots((0, 0), 9, fill="teal"))
FILMS = [".gif", ".webp", ".apng", ".mp4", ""]


def film(u):
    at = jnp.stack([jnp.cos(6.2832 * u), jnp.sin(6.2832 * u)])
    return scene(lines(GROUND, width=0.4), dots(at, 9, fill="#c2410c"))


def test_marks_alone_are_rendered_as_their_scene():
    whole = render(scene(STILL.marks), format="svg")
    assert render(list(STILL.marks), format="svg") == whole
    assert render(STILL.marks[0], format="svg") == render(scene(STILL.marks[0]), format="svg")


def frames_of(path):
    """All frames of a film as RGB, (n, h, w, 3)."""
    if path.is_dir():
        return np.stack([np.asarray(opened(f).convert("RGB")) for f in sorted(path.iterdir())])
    if path.suffix == ".mp4":
        command = [ffmpeg(), "-v", "error", "-i", path, "-f", "image2pipe", "-c:v", "ppm", "-"]
        data = subprocess.run(command, capture_output=True, check=True).stdout
        file, pictures = io.BytesIO(data), []
        while file.tell() < len(data):
            file.readline()
            width, height = map(int, file.readline().split())
            file.readline()
            raw = np.frombuffer(file.read(width * height * 3), np.uint8)
            pictures.append(raw.reshape(height, width, 3))
        return np.stack(pictures)
    return np.stack(played(path)[0])[..., :3]


def opened(path):
    return Image.open(io.BytesIO(path.read_bytes()))


def psnr(a, b):
    return 10 * np.log10(255**2 / max(np.mean((a.astype(float) - b) ** 2), 1e-3))


def test_every_film_shows_the_same_frames(tmp_path):
    shown = {}
    for ending in FILMS:
        done = []
        path = render(
            film,
            str(tmp_path / f"a{ending}"),
            px=91,
            seconds=0.8,
            fps=10,
            progress=lambda *step, done=done: done.append(step),
        )
        shown[ending] = frames_of(path)
        assert done == [(i, 8) for i in range(1, 9)]
    exact = shown[""]
    assert exact.shape == (8, 91, 64, 3)
    assert len(np.unique(exact.reshape(8, -1), axis=0)) == 8
    np.testing.assert_array_equal(shown[".webp"], exact)
    np.testing.assert_array_equal(shown[".apng"], exact)
    assert psnr(shown[".gif"], exact) > 45
    assert shown[".mp4"].shape == (8, 92, 64, 3)
    assert psnr(shown[".mp4"][:, :91], exact) > 28
    subprocess.run(["pngcheck", "-q", tmp_path / "a.apng"], check=True)


def test_stills_have_the_size_and_the_density_that_was_asked(tmp_path):
    path = render(STILL, tmp_path / "a.png", page="square", px=400)
    image = opened(path)
    assert (image.size, image.mode) == ((400, 400), "RGB")
    assert image.info["dpi"] == pytest.approx((50.8, 50.8), abs=0.05)
    subprocess.run(["pngcheck", "-q", path], check=True)
    said = subprocess.run(
        ["pdfinfo", render(STILL, tmp_path / "a.pdf", landscape=True)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "841.89 x 595.276" in said.stdout
    assert (
        'width="100mm" height="60mm"'
        in render(STILL, tmp_path / "a.svg", page=page("100x60mm")).read_text()
    )
    assert opened(render(STILL, tmp_path / "b.png", px=100, transparent=True)).mode == "RGBA"


def test_the_still_of_a_film_is_the_frame_of_the_film(tmp_path):
    render(film, tmp_path / "a", px=90, seconds=1, fps=10)
    render(film, tmp_path / "a.png", px=90, seconds=1, fps=10, at=0.4)
    np.testing.assert_array_equal(
        np.asarray(opened(tmp_path / "a.png")),
        np.asarray(opened(tmp_path / "a" / "frame_0004.png")),
    )


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf", *FILMS])
def test_the_same_work_gives_the_same_bytes(ending, tmp_path):
    def traced(name):
        folder = tmp_path / name
        folder.mkdir()
        path = render(film, folder / f"a{ending}", px=80, seconds=0.5, fps=10, provenance={"a": 1})
        return [f.read_bytes() for f in sorted(path.iterdir() if path.is_dir() else [path])]

    assert traced("one") == traced("two")


@pytest.mark.parametrize("ending", [".gif", ".webp", ".apng"])
def test_films_without_paper(ending, tmp_path):
    path = render(film, tmp_path / f"a{ending}", px=60, seconds=0.4, fps=10, transparent=True)
    image = opened(path)
    for number in range(4):
        image.seek(number)
        alpha = np.asarray(image.convert("RGBA"))[..., 3]
        assert alpha[0].max() == 0
        assert alpha.max() == 255
        assert (alpha > 127).mean() < 0.7


@pytest.mark.parametrize(
    ("art", "name", "options", "say"),
    [
        (STILL, "a.bmp", {}, r"no format '\.bmp'; write one of \.png"),
        (STILL, "a.gif", {}, r"for films.*\.png \.svg \.pdf"),
        (STILL, "a", {}, "for films"),
        ("scene", "a.png", {}, "marks, a film or a sketch, not a str"),
        (film, "a.mp4", {"transparent": True}, "no transparency"),
        (film, "a.gif", {"px": 70_000}, "more than the 32767"),
        (film, "a.webp", {"px": 17_000, "page": "100x10mm"}, r"\.webp has at most 16383 px"),
        (film, "a.gif", {"px": 0}, "px must be 1 or more"),
        (film, "a.gif", {"fps": -5}, "fps must be a number above 0"),
        (film, "a.gif", {"seconds": float("nan")}, "seconds must be"),
        (film, "a.png", {"at": float("nan")}, "at is a playhead"),
        (STILL, "a.png", {"page": "a9"}, "no page 'a9'"),
        (STILL, "a.png", {"page": page("a5"), "landscape": True}, r"ga\.page"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is(art, name, options, say, tmp_path):
    calls = []

    def watched(u):
        calls.append(u)
        return film(u)

    with pytest.raises(ArtError, match=say):
        render(watched if art is film else art, tmp_path / name, **options)
    assert not calls
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made_is_said_before_the_work(tmp_path):
    calls = []
    (tmp_path / "file").touch()
    for ending in (".png", *FILMS):
        with pytest.raises(RenderFault, match="no such folder"):
            render(lambda u: calls.append(u), tmp_path / "file" / f"a{ending}")
    assert not calls


@pytest.mark.parametrize("ending", FILMS)
def test_a_fault_in_the_middle_leaves_what_was_there(ending, tmp_path):
    path = render(film, tmp_path / f"a{ending}", px=40, seconds=0.3, fps=10)
    before = frames_of(path)

    def stop(done, total):
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        render(film, path, px=50, seconds=2, fps=10, progress=stop)
    assert list(tmp_path.iterdir()) == [path]
    np.testing.assert_array_equal(frames_of(path), before)


@pytest.mark.parametrize("fps", [10, 12, 24, 25, 30, 60])
def test_a_gif_is_as_long_as_was_asked(fps, tmp_path):
    path = tmp_path / "a.gif"

    def write():
        render(film, path, px=24, seconds=1.5, fps=fps)

    if fps in (10, 25):
        write()
    else:
        with pytest.warns(ArtWarning, match="GIF"):
            write()
    durations = played(path)[1]
    assert min(durations) >= 20  # less is shown as 100
    assert abs(sum(durations) - 1000 * round(1.5 * fps) / fps) <= 10


@pytest.mark.exhaustive
@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_ctrl_c_ends_it_soon_and_cleanly(tmp_path):
    code = (
        # A shell's background job starts with the signal ignored, and hands that on.
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "import sys; sys.path.insert(0, sys.argv[1]); from test_render import film, render\n"
        "render(film, sys.argv[2], seconds=40, progress=lambda *n: print(*n, flush=True))"
    )
    for ending in (".gif", ".mp4"):
        process = subprocess.Popen(
            [sys.executable, "-c", code, os.path.dirname(__file__), tmp_path / f"a{ending}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        process.stdout.readline()
        start = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        assert time.monotonic() - start < 30  # a machine under load; two seconds on a free one
        assert process.returncode in (-signal.SIGINT, 1, 130)
        assert not list(tmp_path.iterdir())


@ga.sketch(page="100x50mm", landscape=True, margin=2, seconds=1, fps=10, at=0.5)
def rising():
    """A line that rises."""
    return lambda u: ga.scene(ga.lines([(0, 0), (1, u)]), box=((0, 0), (1, 1)))


@ga.sketch(page="a5", landscape=True)
def lying():
    return ga.scene(ga.lines([(0, 0), (1, 1)]))


@pytest.mark.parametrize("of", [lambda sketch: sketch, lambda sketch: sketch()])
def test_a_sketchs_page_size_and_length_go_with_its_art(of, tmp_path):
    render(of(rising), tmp_path / "frames", px=100)
    assert len(list((tmp_path / "frames").iterdir())) == 10
    still = read(render(of(rising), tmp_path / "a.png", px=100))
    assert still.shape == (50, 100, 4)
    np.testing.assert_array_equal(still, read(tmp_path / "frames" / "frame_0005.png"))
    assert read(render(of(lying), tmp_path / "b.png", px=210)).shape == (148, 210, 4)
    other = render(of(lying), tmp_path / "c.png", px=200, page="square", landscape=False)
    assert read(other).shape == (200, 200, 4)
    assert read(render(lying() + lying(), tmp_path / "d.png", px=210)).shape == (148, 210, 4)


@pytest.mark.parametrize("ending", some([ending[1:] for ending in FORMATS if ending], 2))
def test_what_goes_to_memory_are_the_bytes_of_the_file(ending, tmp_path):
    path = render(rising, tmp_path / f"art.{ending}", px=64)
    assert render(rising, format=ending, px=64) == path.read_bytes()
    file = io.BytesIO()
    assert render(rising, file, format=f".{ending}".upper(), px=64) is file
    assert file.getvalue() == path.read_bytes()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: render(lying), "format"),
        (lambda: render(lying, io.BytesIO()), "format"),
        (lambda: render(lying, io.StringIO(), format="svg"), "'wb'"),
        (lambda: render(lying, 3, format="svg"), "path or a binary file"),
        (lambda: render(lying, format="bmp"), "no format"),
        (lambda: render(lying, "a.png", format="svg"), "leave it out"),
        (lambda: render(lambda: lying(), "a.png"), "playhead u alone"),
        (lambda: render(lambda u, v: lying(), "a.mp4"), "playhead u alone"),
        (lambda: render(None, "a.png"), "not nothing"),
    ],
)
def test_what_cannot_be_rendered_is_told_in_a_line(wrong, said):
    with pytest.raises(ArtError, match=said):
        wrong()


@pytest.mark.parametrize(
    ("art", "name"), [(STILL, "a/b/c.png"), (film, "a/b/c.gif"), (film, "a/b")]
)
def test_a_new_folder_is_made(art, name, tmp_path):
    path = render(art, tmp_path / name, px=16, seconds=0.1, fps=20)
    assert path.exists()


def test_a_folder_of_nothing_is_taken_back(tmp_path):
    with pytest.raises(ArtError, match="playhead"):
        render(lambda: STILL, tmp_path / "a" / "b.png")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ArtError, match=r"for .*file is a file"):
        render(STILL, tmp_path / "file" / "b.png")
    with pytest.raises(ArtError, match="a color's numbers"):
        render(scene(lines(GROUND, stroke=(2.5, 0, 0))), tmp_path / "a" / "b.png")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("name", "says"), [("~/a.png", r"stands for .*: write /.*/a\.png"), ("a\0.png", "NUL")]
)
def test_names_that_no_file_has(name, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ArtError, match=says):
        render(STILL, name)
    assert not list(tmp_path.iterdir())


def test_a_warning_points_at_the_line_that_renders(tmp_path):
    def frame(u):
        return ga.scene(ga.dots([(0, 0), (1, u)], 2))

    with pytest.warns(ga.ArtWarning) as told:
        ga.render(frame, tmp_path / "a.gif", seconds=0.1, fps=30, px=16)
    line = inspect.currentframe().f_lineno - 1
    assert [(w.filename, w.lineno) for w in told] == [(__file__, line)]
