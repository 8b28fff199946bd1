"""The committed gallery, as programs read it that share no code with gradart."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from pictures import assert_alike, played, read
from PIL import Image

from gradart.ffmpeg import ffmpeg

GALLERY = Path(__file__).parents[1] / "gallery"
FILES = sorted(
    GALLERY / name
    for piece in json.loads((GALLERY / "manifest.json").read_text()).values()
    for name in piece["files"]
)


def with_ending(*endings):
    files = [file for file in FILES if file.suffix in endings]
    return pytest.mark.parametrize("file", [pytest.param(f, id=f.name) for f in files])


def needs(tool):
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed")


def output(*command, **options):
    return subprocess.run([*map(str, command)], capture_output=True, check=True, **options).stdout


@needs("pngcheck")
def test_pngcheck_finds_no_fault():
    pictures = [file for file in FILES if file.suffix == ".png"]
    assert len(pictures) >= 30
    said = output("pngcheck", *pictures).decode().splitlines()
    assert [line[:3] for line in said if line.startswith("OK:")] == ["OK:"] * len(pictures)


@needs("rsvg-convert")
@with_ending(".svg")
def test_an_svg_through_librsvg_is_the_picture(file, tmp_path):
    still = read(file.with_suffix(".png"))
    height, width = still.shape[:2]
    output("rsvg-convert", "-w", width, "-h", height, file, "-o", tmp_path / "a.png")
    alike(still, read(tmp_path / "a.png"))


@pytest.mark.exhaustive
@needs("pdftocairo")
@with_ending(".pdf")
def test_a_pdf_through_poppler_is_the_picture(file, tmp_path):
    """Poppler widens lines of less than a pixel: its pixels have to be fine enough."""
    still = read(file.with_suffix(".png"))
    height, width = still.shape[:2]
    for fine in (2, 4):
        size = ["-scale-to-x", fine * width, "-scale-to-y", fine * height]
        output("pdftocairo", "-singlefile", "-png", *size, file, tmp_path / "a")
        with Image.open(tmp_path / "a.png") as image:
            seen = np.asarray(image.convert("RGBA").reduce(fine))
        if np.abs(seen - still.astype(float)).mean() < 2:
            break
    alike(still, seen)


def alike(still, seen):
    assert_alike(still, seen, mean=2 / 255, ink=1)
    with pytest.raises(AssertionError):  # were it a little to the side, that would be seen
        assert_alike(still, np.roll(seen, still.shape[1] // 20, 1), mean=2 / 255, ink=0.25)


def probed(file):
    """What ffmpeg says of a film, and its length in seconds."""
    said = subprocess.run([ffmpeg(), "-i", str(file)], capture_output=True, text=True).stderr
    hours, minutes, seconds = re.search(r"Duration: (\d+):(\d+):([\d.]+)", said).groups()
    return said, 3600 * int(hours) + 60 * int(minutes) + float(seconds)


@needs("gifsicle")
@with_ending(".gif")
def test_a_gif_has_its_frames_and_delays_in_three_decoders(file):
    frames, durations = played(file, every=24)
    frames = [frame[..., :3] for frame in frames]
    said = output("gifsicle", "--info", file).decode()
    assert "loop forever" in said
    delays = [round(1000 * float(delay)) for delay in re.findall(r"delay ([\d.]+)s", said)]
    assert delays == durations
    assert min(durations) >= 20
    assert max(durations) - min(durations) <= 10
    raw = [ffmpeg(), "-v", "error", "-ignore_loop", "1", "-i", file, "-f", "rawvideo"]
    shown = [
        *raw,
        "-vf",
        "select=not(mod(n\\,24))",
        "-fps_mode",
        "passthrough",
        "-pix_fmt",
        "rgb24",
        "-",
    ]
    theirs = np.frombuffer(output(*shown), np.uint8).reshape(len(frames), *frames[0].shape)
    np.testing.assert_array_equal(theirs, frames)
    assert probed(file)[1] == pytest.approx(sum(durations) / 1000, abs=0.011)


@with_ending(".mp4")
def test_an_mp4_is_as_long_as_its_gif(file):
    said, length = probed(file)
    assert "h264" in said
    assert "yuv420p" in said
    durations = played(file.with_suffix(".gif"))[1]
    assert length == pytest.approx(sum(durations) / 1000, abs=0.05)
