"""WebM and ProRes, as ffmpeg decodes them, and how often films play, as other programs read it."""

import io
import shutil
import subprocess

import numpy as np
import pytest
from PIL import Image

import gradart as ga
from gradart.ffmpeg import ffmpeg
from gradart.rendering.formats.provenance import read
from gradart.rendering.formats.webm import text_in

PAGE = "45x61mm"  # sides of odd lengths
PAPER = (0.2, 0.4, 0.8)


def film(u):
    """A red disk that crosses the paper, which is half there where none is asked for."""
    return ga.scene(ga.dots((u, 0.5), 10, fill="#d00000"), box=((0, 0), (1, 1)), paper=PAPER)


def write(path, **options):
    how = {"page": PAGE, "px": 61, "seconds": 0.4, "fps": 25, **options}
    return ga.render(film, path, **how)


def decoded(path):
    """The frames of a film, (n, h, w, 4), as ffmpeg decodes them, and what it says of the file."""
    codec = ["-c:v", "libvpx-vp9"] if path.suffix == ".webm" else []  # its own skips the opacity
    source = [ffmpeg(), "-hide_banner", *codec, "-i", path]
    raw = [*source, "-f", "rawvideo", "-pix_fmt", "rgba", "-fps_mode", "passthrough", "-"]
    done = subprocess.run(raw, check=True, capture_output=True)
    return np.frombuffer(done.stdout, np.uint8).reshape(-1, 61, 45, 4), done.stderr.decode()


@pytest.mark.parametrize("ending", ["webm", "mov"])
@pytest.mark.parametrize("transparent", [False, True])
def test_a_film_for_editing_and_for_the_web_shows_its_frames(ending, transparent, tmp_path):
    path = write(tmp_path / f"a.{ending}", transparent=transparent, provenance={"made": "so"})
    exact = [
        np.asarray(Image.open(file).convert("RGBA")).astype(int)
        for file in sorted(write(tmp_path / "frames", transparent=transparent).iterdir())
    ]
    shown, said = decoded(path)
    assert len(shown) == len(exact) == 10
    for frame, wanted in zip(shown.astype(int), exact, strict=True):
        opaque, clear = wanted[..., 3] == 255, wanted[..., 3] == 0
        assert np.abs(frame[..., 3] - wanted[..., 3]).mean() < 2
        assert frame[clear, 3].max(initial=0) < 20
        assert np.abs(frame[opaque, :3] - wanted[opaque, :3]).mean() < 6
    assert transparent == bool((shown[..., 3] < 128).any())
    assert "bt709" in said
    assert "25 fps" in said
    assert "45x61" in said
    assert ("vp9" if ending == "webm" else "ap4h") in said
    assert read(path) == {"made": "so"}


@pytest.mark.parametrize("ending", ["webm", "mov"])
def test_a_day_is_told_and_the_bytes_are_the_same_twice(ending, tmp_path):
    about = {"date": "2026-11-26T10:15:00Z", "longer": "x" * 70_000}
    files = [write(tmp_path / f"{name}.{ending}", provenance=about) for name in "ab"]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert read(files[0]) == about
    assert "creation_time   : 2026-11-26T10:15:00" in decoded(files[0])[1]


@pytest.mark.parametrize("plays", [None, 1, 3])
def test_a_film_is_played_so_often_or_for_ever(plays, tmp_path):
    for name in "a.gif", "a.webp", "a.apng":
        write(tmp_path / name, plays=plays)
    with Image.open(tmp_path / "a.gif") as picture:
        assert picture.info.get("loop") == {None: 0, 1: None, 3: 2}[plays]  # again, after once
    for name in "a.webp", "a.apng":
        with Image.open(tmp_path / name) as picture:
            assert picture.info["loop"] == (plays or 0)
    if shutil.which("gifsicle"):
        info = ["gifsicle", "--info", tmp_path / "a.gif"]
        said = subprocess.run(info, check=True, capture_output=True, text=True).stdout
        wanted = {None: "loop forever", 1: "", 3: "loop count 2"}[plays]
        assert wanted in said
        assert ("loop" in said) == bool(wanted)


def test_a_film_that_stands_still_is_played_so_often_too():
    data = ga.render(
        lambda u: ga.scene(ga.dots((0, 0), 5)), format="webp", px=20, seconds=0.2, plays=2
    )
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.info["loop"] == 2


@pytest.mark.parametrize("plays", [0, -1, 1.5, 70_000, True])
def test_plays_that_cannot_be_are_told(plays, tmp_path):
    with pytest.raises(ga.ArtError, match="plays is a whole number from 1 to 65535, not"):
        write(tmp_path / "a.gif", plays=plays)


def test_a_webm_of_another_program_or_a_broken_one_says_nothing(tmp_path):
    whole = write(tmp_path / "a.webm", provenance={"made": "so"}).read_bytes()
    assert text_in(io.BytesIO(whole)) == b'{"made":"so"}'
    (tmp_path / "b.webm").write_bytes(whole.replace(b"COMMENT", b"COMMERZ"))
    assert read(tmp_path / "b.webm") is None
    for size in range(0, 500, 7):
        (tmp_path / "c.webm").write_bytes(whole[:size])
        assert read(tmp_path / "c.webm") in (None, {"made": "so"})
    rng = np.random.default_rng(0)
    for _ in range(200):
        data = np.frombuffer(whole[:600], np.uint8).copy()
        data[rng.integers(0, 600, 4)] = rng.integers(0, 256, 4)
        (tmp_path / "d.webm").write_bytes(data.tobytes())
        read(tmp_path / "d.webm")
