"""PNG: a picture in one ink fits a palette, and what it says of its making stays."""

import io
import shutil
import subprocess

import numpy as np
from PIL import Image

from gradart.rendering.formats.png import chunks, compact, text_in, write_png


def png(picture):
    file = io.BytesIO()
    write_png(file, picture, comment="a line", day="2024-02-29T00:00:00Z", density=300.0)
    return file.getvalue()


def inked():
    """Tones from ink to paper, all of them, with noise of one step in each channel, as ink has."""
    rng = np.random.default_rng(2)
    tone = rng.uniform(size=(90, 120, 1))
    colors = 27 + tone * (np.array([247, 244, 237]) - 27)
    return np.floor(colors + rng.uniform(size=(90, 120, 3))).astype(np.uint8)


def test_a_picture_in_one_ink_is_packed_within_two_steps_and_says_the_same(tmp_path):
    before = png(inked())
    after = compact(before)
    assert len(after) < 0.6 * len(before)
    assert [Image.open(io.BytesIO(data)).mode for data in (before, after)] == ["RGB", "P"]
    image = Image.open(io.BytesIO(after))
    difference = np.asarray(image.convert("RGB"), int) - inked()
    assert 0 < np.abs(difference).max() <= 2
    assert image.info == Image.open(io.BytesIO(before)).info
    assert text_in(io.BytesIO(after)) == b"a line"
    assert b"tIME" in after
    assert compact(after) == after
    if shutil.which("pngcheck"):
        (tmp_path / "a.png").write_bytes(after)
        subprocess.run(["pngcheck", "-q", tmp_path / "a.png"], check=True)


def test_a_picture_of_many_colors_keeps_them_and_says_the_same(tmp_path):
    fine = np.random.default_rng(3).choice(np.arange(0, 256, 5, np.uint8), (90, 120, 3))
    before = png(fine)
    after = compact(before)
    assert len(after) < 0.9 * len(before)
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(after))), fine)
    assert [c for c in chunks(after) if c[0] != b"IDAT"] == [
        c for c in chunks(before) if c[0] != b"IDAT"
    ]
    if shutil.which("pngcheck"):
        (tmp_path / "a.png").write_bytes(after)
        subprocess.run(["pngcheck", "-q", tmp_path / "a.png"], check=True)


def test_a_picture_with_alpha_stays_as_it_is():
    before = png(np.random.default_rng(3).integers(0, 256, (40, 50, 4), np.uint8))
    assert compact(before) is before
