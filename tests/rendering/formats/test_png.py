"""PNG: a picture in one ink fits a palette, and what it says of its making stays."""

import io
import shutil
import subprocess

import numpy as np
import pytest
from PIL import Image

from gradart.rendering.formats.png import has_palette, in_palette, text_in, write_png


def png(picture):
    file = io.BytesIO()
    write_png(file, picture, comment="a line", day="2024-02-29T00:00:00Z", dpi=(300, 300))
    return file.getvalue()


def inked():
    """Tones from ink to paper, all of them, with noise of one step in each channel, as ink has."""
    rng = np.random.default_rng(2)
    tone = rng.uniform(size=(90, 120, 1))
    colors = 27 + tone * (np.array([247, 244, 237]) - 27)
    return np.floor(colors + rng.uniform(size=(90, 120, 3))).astype(np.uint8)


def test_a_picture_in_one_ink_is_packed_within_two_steps_and_says_the_same(tmp_path):
    before = png(inked())
    after = in_palette(before)
    assert len(after) < 0.6 * len(before)
    assert [has_palette(data) for data in (before, after)] == [False, True]
    image = Image.open(io.BytesIO(after))
    difference = np.asarray(image.convert("RGB"), int) - inked()
    assert 0 < np.abs(difference).max() <= 2
    assert image.info == Image.open(io.BytesIO(before)).info
    assert text_in(io.BytesIO(after)) == b"a line"
    assert b"tIME" in after
    assert in_palette(after) == after
    if shutil.which("pngcheck"):
        (tmp_path / "a.png").write_bytes(after)
        subprocess.run(["pngcheck", "-q", tmp_path / "a.png"], check=True)


@pytest.mark.parametrize("channels", [3, 4])
def test_a_picture_of_many_colors_or_with_alpha_stays_as_it_is(channels):
    before = png(np.random.default_rng(3).integers(0, 256, (40, 50, channels), np.uint8))
    assert in_palette(before) is before
