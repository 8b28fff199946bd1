"""What a notebook shows of a scene and of a film."""

import base64
import io
import re
import xml.etree.ElementTree as ET

import numpy as np
from pictures import played, read
from PIL import Image

import gradart as ga


def test_a_scene_is_a_picture():
    scene = ga.scene(ga.lines([(0, 0), (1, 1)], stroke="#ff0000", width=3), paper="#ffffff")
    picture = np.asarray(Image.open(io.BytesIO(scene._repr_png_())).convert("RGB"))
    assert picture.shape == (800, 800, 3)
    assert (picture[400, 400] == (255, 0, 0)).all()
    root = ET.fromstring(scene._repr_svg_())
    assert root.attrib["viewBox"] == "0 0 200 200"


def test_a_heavy_scene_is_no_svg():
    scene = ga.scene(ga.lines(np.random.default_rng(0).random((300, 100, 2))))
    assert scene._repr_svg_() is None


@ga.sketch(page="100x50mm", seconds=20, fps=5)
def sweep(reach=1.0):
    """A "hand" & its shadow."""
    return lambda u: ga.scene(ga.lines([(0, 0), (reach, u)]), box=((0, 0), (1, 1)))


def test_a_film_plays():
    film = sweep()
    assert isinstance(film(0.5), ga.Scene)
    shown = film._repr_html_()
    found = re.fullmatch(r'<img src="data:image/webp;base64,([^"]+)" alt="([^"]+)">', shown)
    assert found[2] == "A &quot;hand&quot; &amp; its shadow."
    with Image.open(io.BytesIO(base64.b64decode(found[1]))) as picture:
        assert picture.size == (400, 200)
        assert picture.n_frames == 50  # type: ignore[attr-defined]  # every second of a hundred


@ga.sketch(page="a4", landscape=True, margin=5)
def wide():
    return ga.scene(ga.lines([(0, 0), (2, 1)]))


def test_a_sketch_is_shown_on_its_own_page():
    with Image.open(io.BytesIO(wide()._repr_png_())) as picture:
        assert picture.size == (800, 566)
    assert ET.fromstring(wide()._repr_svg_()).attrib["viewBox"] == "0 0 297 210"
    with Image.open(io.BytesIO(sweep()(0.5)._repr_png_())) as picture:  # a frame, taken by itself
        assert picture.size == (800, 400)


def test_what_a_notebook_plays_are_frames_of_the_film(tmp_path):
    shown = re.search(r"base64,([^\"]+)", sweep()._repr_html_())[1]
    played_frames, durations = played(base64.b64decode(shown))
    ga.render(sweep, tmp_path / "frames", px=400)
    for number, frame in enumerate(played_frames[:5]):
        np.testing.assert_array_equal(
            frame, read(tmp_path / "frames" / f"frame_{2 * number:04}.png")
        )
    assert sum(durations) == 20_000
