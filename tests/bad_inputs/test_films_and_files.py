"""What a format can hold, and files from outside."""

import re
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hostile import huge_png, npy
from pictures import played, read
from PIL import Image

from gradart.ffmpeg import ffmpeg

FILM = """
@ga.sketch(seconds=1, fps=10, page="{page}")
def piece():
    return lambda u: ga.scene(ga.dots([(0, 0), (1, {height})], 3), box=((0, 0), (1, 1)))
"""
MOVING, STILL = FILM.format(page="30x20mm", height="u"), FILM.format(page="30x20mm", height="1.0")


def test_a_gif_of_more_pixels_than_a_side_can_have(refused):
    """A page's own limit is below that of the format, which is 65,535."""
    for px in (32_768, 65_536, 10**9):
        line = refused(MOVING, "-o", "piece.gif", "--px", px)
        assert "more than the 32767 that a picture's side can have" in line


@pytest.mark.parametrize("fps", [12, 24, 30, 60])
def test_frames_that_a_gif_cannot_time_are_dithered(studio, gradart, fps):
    file = studio("piece.py", MOVING)
    status, _, [note] = gradart("run", file, "--px", 24, "--fps", fps, "-o", "piece.gif")
    assert status == 0
    assert "note: GIF" in note
    shown = played(Path("piece.gif"))[1]
    assert abs(sum(shown) - 1000) <= 10
    assert len(set(shown)) <= 2
    assert max(shown) - min(shown) <= 10


@pytest.mark.parametrize("name", ["piece.gif", "piece.apng", "piece.webp", "piece.mp4"])
def test_identical_frames_take_their_time(studio, gradart, name):
    file = studio("piece.py", STILL)
    assert gradart("run", file, "--px", 24, "-o", name)[0] == 0
    if name == "piece.mp4":
        command = [ffmpeg(), "-hide_banner", "-i", name]
        assert (
            "Duration: 00:00:01.00"
            in subprocess.run(command, capture_output=True, text=True).stderr
        )
    else:
        assert sum(played(Path(name))[1]) == pytest.approx(1000, abs=10)


def test_odd_sides_of_an_mp4_get_a_row_of_paper(studio, gradart):
    text = FILM.format(page="61x45mm", height="u").replace("box=", "paper='#c08040', box=")
    assert (
        gradart("run", studio("piece.py", text), "--px", 61, "--margin", 9, "-o", "piece.mp4")[0]
        == 0
    )
    command = [
        ffmpeg(),
        "-v",
        "error",
        "-i",
        "piece.mp4",
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgb24",
        "-",
    ]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    frames = np.frombuffer(raw, np.uint8).reshape(10, 46, 62, 3).astype(int)
    for edge in (frames[:, 45], frames[:, :, 61]):
        assert np.abs(edge - (0xC0, 0x80, 0x40)).max() <= 6
    assert gradart("run", "piece.py", "--px", 61, "--margin", 9, "-o", "frames")[0] == 0
    exact = read("frames/frame_0005.png")[..., :3].astype(int)
    assert np.abs(frames[5, :45, :61] - exact).mean() < 4  # nothing is rescaled


TERRAIN = """
@ga.sketch
def piece():
    land = ga.terrain({name!r}, smooth=0)
    slopes = ga.gradient(land, ga.grid(5, 5, box=land.box))
    assert jnp.isfinite(slopes).all()
    return ga.scene(ga.dots(slopes))
"""


def test_an_npz_of_objects(refused, tmp_path):
    np.savez(tmp_path / "land.npz", elevation=np.array([{}, None], object))
    line = refused(TERRAIN.format(name="land.npz"))
    assert "land.npz" in line
    assert "pickle" not in line


def bomb(path):
    """A file of 100 KB that holds 100 MB of what its header does not speak of."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("elevation.npy", npy((4, 4), version=(2, 0)) + bytes(10**8))


def claim(shape, dtype="<f8"):
    def write(path):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("elevation.npy", npy(shape, dtype))

    return write


@pytest.mark.parametrize(
    ("write", "says"),
    [
        (lambda path: path.write_bytes(b"no zip"), "land.npz is broken"),
        (lambda path: path.write_bytes(b""), "land.npz is broken"),
        (lambda path: np.savez(path, z=np.zeros((4, 4), complex)), "not of plain real numbers"),
        (lambda path: np.savez(path, z=np.full((4, 4), "a")), "not of plain real numbers"),
        (lambda path: np.savez(path, z=np.zeros(16)), "no two-dimensional array"),
        (claim((10**5, 10**5)), "claims 100,000 x 100,000 samples, over the budget"),
        (claim((2**62, 2**62)), "over the budget"),
        (claim((4, -4)), "land.npz"),
        (claim((4, 4)), "land.npz is broken"),
        (bomb, "is not a plain array of numbers"),
    ],
)
def test_an_npz_that_is_none_is_refused_from_its_header(refused, tmp_path, write, says):
    write(tmp_path / "land.npz")
    assert says in refused(TERRAIN.format(name="land.npz"))


@pytest.mark.parametrize("name", ["tag_of_no_values", "tag_of_pairs", "tag_of_many_values"])
def test_a_broken_geotiff_is_one_line_too(refused, tmp_path, name):
    """Found by fuzzing; the reader behind it would tell each fault in a line of its own."""
    found = Path(__file__).parents[1] / "fuzz" / "found" / f"{name}.tif"
    (tmp_path / "land.tif").write_bytes(found.read_bytes())
    assert "land.tif is broken" in refused(TERRAIN.format(name="land.tif"))


@pytest.mark.parametrize("void", [-32768.0, -9999.0, np.nan])
def test_voids_are_filled_reported_and_smooth(studio, gradart, tmp_path, void):
    heights = np.add.outer(np.arange(6, 0, -1) * 10.0, np.arange(8.0))
    heights[1:3, 2:5] = void
    np.savez(tmp_path / "land.npz", heights)
    file = studio("piece.py", TERRAIN.format(name="land.npz"))
    status, _, [note] = gradart("run", file, "--px", 20)
    assert (status, note.count("12.50% of land.npz")) == (0, 1)


@pytest.mark.parametrize("length", [0, 1000, 1201 * 1201 * 2 - 1])
def test_an_hgt_of_another_length(refused, tmp_path, length):
    (tmp_path / "N00E000.hgt").write_bytes(bytes(length))
    line = refused(TERRAIN.format(name="N00E000.hgt"))
    assert f"has {length:,} bytes" in line
    assert re.search(r"2,884,802 \(1201 x 1201\) or 25,934,402 \(3601 x 3601\)", line)


def picture(tmp_path, suffix="png"):
    pixels = np.random.default_rng(0).integers(0, 256, (20, 30, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / f"good.{suffix}")
    return (tmp_path / f"good.{suffix}").read_bytes()


def flipped(data):
    middle = data.index(b"IDAT") + 40
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda data: b"", "is not a picture"),
        (lambda data: data[:400], "cannot be read|broken"),
        (flipped, "cannot be read|broken"),
        (lambda data: huge_png(), "over the budget of 100,000,000"),
        (lambda data: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "PNG, JPEG, TIFF"),
        (lambda data: b"P6 2 2 255 " + bytes(12), "PNG, JPEG, TIFF"),  # PPM, not on the list
    ],
)
def test_a_picture_that_is_none(refused, tmp_path, spoil, says):
    (tmp_path / "p.png").write_bytes(spoil(picture(tmp_path)))
    text = "@ga.sketch\ndef piece():\n    ga.photograph('p.png')\n    return ga.scene()\n"
    assert re.search(rf"piece, line 6: .*p\.png.*({says})|{says}", refused(text))
