"""What a notebook shows of a scene and of a film."""

import base64
import io
import json
import re
import subprocess
import xml.etree.ElementTree as ET
from html import unescape

import jax.numpy as jnp
import numpy as np
import pytest
from pictures import played, read
from PIL import Image

import gradart as ga
from gradart.ffmpeg import ffmpeg
from gradart.rendering.formats.png import compact
from gradart.rendering.notebook import film_html


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


def decoded(html):
    """The kind of a film in HTML, and its bytes."""
    kind, data = re.search(r'src="data:([\w/]+);base64,([^"]+)"', html).groups()
    return kind, base64.b64decode(data)


def test_a_film_plays_and_has_controls(tmp_path):
    film = sweep()
    assert isinstance(film(0.5), ga.Scene)
    html = film_html(film, film.options)
    assert html.startswith("<video controls autoplay loop muted playsinline")
    assert 'title="A &quot;hand&quot; &amp; its shadow."' in html
    kind, data = decoded(html)
    assert kind == "video/mp4"
    (tmp_path / "a.mp4").write_bytes(data)
    said = subprocess.run(
        [ffmpeg(), "-i", tmp_path / "a.mp4"], capture_output=True, text=True
    ).stderr
    assert "400x200" in said
    assert "Duration: 00:00:20" in said
    raw = ["-v", "error", "-i", tmp_path / "a.mp4", "-f", "rawvideo", "-pix_fmt", "rgba", "-"]
    shown = subprocess.run([ffmpeg(), *raw], capture_output=True, check=True).stdout
    frames = np.frombuffer(shown, np.uint8).reshape(-1, 200, 400, 4)
    assert len(frames) == 50  # every second of a hundred
    exact = np.asarray(Image.open(io.BytesIO(ga.render(film, format="png", px=400, at=0.5))))
    assert np.abs(frames[25, ..., :3].astype(int) - exact).mean() < 2


def test_without_ffmpeg_a_film_is_a_picture_that_moves(monkeypatch):
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/no/ffmpeg")
    html = film_html(sweep(), sweep.options)
    assert html.startswith("<img src=")
    assert 'alt="A &quot;hand&quot; &amp; its shadow."' in html
    with Image.open(io.BytesIO(decoded(html)[1])) as picture:
        assert picture.size == (400, 200)
        assert picture.n_frames == 50  # type: ignore[attr-defined]


@ga.sketch(page="a4", landscape=True, margin=5)
def wide():
    return ga.scene(ga.lines([(0, 0), (2, 1)]))


def test_a_sketch_is_shown_on_its_own_page():
    with Image.open(io.BytesIO(wide()._repr_png_())) as picture:
        assert picture.size == (800, 566)
    assert ET.fromstring(wide()._repr_svg_()).attrib["viewBox"] == "0 0 297 210"
    with Image.open(io.BytesIO(sweep()(0.5)._repr_png_())) as picture:  # a frame, taken by itself
        assert picture.size == (800, 400)


def test_what_a_notebook_plays_are_frames_of_the_film(tmp_path, monkeypatch):
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/no/ffmpeg")
    played_frames, durations = played(decoded(film_html(sweep(), sweep.options))[1])
    ga.render(sweep, tmp_path / "frames", px=400)
    for number, frame in enumerate(played_frames[:5]):
        np.testing.assert_array_equal(
            frame, read(tmp_path / "frames" / f"frame_{2 * number:04}.png")
        )
    assert sum(durations) == 20_000


def test_a_mark_is_a_picture_and_its_name_is_short():
    rows = np.random.default_rng(0).random((40, 30, 2))
    for mark, name in (
        (ga.lines(rows, stroke="#c00000"), "Mark(Lines 40 x 30)"),
        (ga.dots(rows, 0.5), "Mark(Dots 1200)"),
        (ga.circles(np.zeros((3, 2)), [1, 2, 3]), "Mark(Beziers 3 x 13)"),
        (ga.raster(rows[..., 0], ((0, 0), (1, 1))), "Mark(Raster 40 x 30)"),
        (ga.many(3, lambda k: ga.lines(rows)), "Mark(Many 3)"),
    ):
        assert repr(mark) == name
        if name != "Mark(Many 3)":
            assert mark._repr_png_() == ga.scene(mark)._repr_png_()
            assert mark._repr_svg_() == ga.scene(mark)._repr_svg_()
    assert repr(ga.scene(mark)) == "Scene(1 mark)"
    assert repr(ga.scene(mark, mark)) == "Scene(2 marks)"


def test_a_sketch_is_the_picture_or_the_film_of_its_defaults():
    shown = wide._repr_mimebundle_(include=None, exclude=None)
    assert shown == {"image/png": wide()._repr_png_(), "image/svg+xml": wide()._repr_svg_()}
    assert (repr(wide), repr(sweep), repr(sweep())) == (
        "Sketch(wide)",
        "Sketch(sweep, reach=1.0)",
        "Film(sweep)",
    )


def page_in(bundle):
    """The page that a bundle holds, as a browser reads it, and what is drawn behind its frame."""
    [source] = re.findall(r'<iframe srcdoc="([^"]*)"', bundle["text/html"])
    [picture] = re.findall(r'<img src="data:image/jpeg;base64,([^"]*)"', bundle["text/html"])
    return unescape(source), Image.open(io.BytesIO(base64.b64decode(picture)))


def told(page):
    [block] = re.findall(r'<script type="application/json" id="art">(.*?)</script>', page)
    return json.loads(block)


def test_a_sketch_with_something_alive_is_its_page():
    bundle = sweep._repr_mimebundle_()
    page, behind = page_in(bundle)
    assert page == ga.render(sweep, format="html").decode()
    assert [each["name"] for each in told(page)["inputs"]] == ["reach"]
    assert bundle["image/png"] == compact(ga.render(sweep, format="png", px=600))
    assert behind.size == (400, 200)


def test_a_film_is_its_page_for_the_values_that_it_was_made_with():
    page, _ = page_in(sweep(reach=0.5)._repr_mimebundle_())
    art = told(page)
    assert art["film"]
    assert art["inputs"] == []
    assert page == ga.render(sweep(reach=0.5), format="html").decode()


def test_a_heavy_page_is_left_out_of_a_notebook():
    grays = np.random.default_rng(0).random((800, 800))

    @ga.sketch(page="square", seconds=1, fps=2)
    def dense():
        return lambda u: ga.scene(ga.raster(grays * (1 - u), ((0, 0), (1, 1))))

    assert len(ga.render(dense, format="html")) > 2_000_000
    shown = dense._repr_mimebundle_()
    assert list(shown) == ["text/html"]
    assert str(shown["text/html"]).startswith("<video")


@pytest.mark.filterwarnings("error")
def test_a_still_of_which_nothing_is_alive_is_a_picture():
    @ga.sketch(page="square")
    def waves(height=1.0, low=0.0):
        x = np.linspace(low, 1, 64)
        y = float(height) * x
        return ga.scene(ga.lines(jnp.stack([x, y], -1), width=0.5))

    assert list(waves._repr_mimebundle_()) == ["image/png", "image/svg+xml"]


def test_a_mistake_in_a_sketch_is_told_in_its_name():
    @ga.sketch
    def wrong():
        return ga.scene(ga.lines([(0, 0, 0)]))

    with pytest.raises(ga.ArtError, match=r"^wrong, line \d+: points must have shape"):
        wrong._repr_mimebundle_()


def test_a_fit_is_the_drawing_that_was_found():
    def drawing(p):
        return ga.scene(ga.segments(p[:1], p[1:], blend=ga.ink(1)), box=((-1, -1), (1, 1)))

    start = np.array([(-0.5, 0.0), (0.5, 0.1)])
    found = ga.Fit(drawing, start, np.array([0.5, 0.25]), (), state=None)
    assert repr(found) == "Fit(2 steps, loss 0.25)"
    assert found._repr_png_() == found.scene._repr_png_()
    assert found._repr_svg_().startswith("<?xml")


def test_art_saves_itself_as_render_does(tmp_path):
    assert wide().save(tmp_path / "a.svg") == tmp_path / "a.svg"
    assert (tmp_path / "a.svg").read_bytes() == ga.render(wide, tmp_path / "a.svg").read_bytes()
    line = ga.scene(ga.lines([(0, 0), (1, 1)])).save(tmp_path / "b.png", page="a6", ppi=50)
    with Image.open(line) as picture:
        assert picture.size == (206, 291)
    sweep().save(tmp_path / "c.gif", px=40, seconds=0.2, plays=1)
    with Image.open(tmp_path / "c.gif") as picture:
        assert "loop" not in picture.info
    with pytest.raises(ga.ArtError, match="no argument pagee: write page"):
        wide().save(tmp_path / "a.svg", pagee="a5")


def test_what_a_notebook_shows_of_a_mistake_is_the_artists_line_and_the_message():
    try:
        ga.lines([(0, 0, 0)])
    except ga.ArtError as error:
        first, last = error._render_traceback_()
    assert re.fullmatch(r"test_notebook\.py, line \d+:  ga\.lines\(\[\(0, 0, 0\)\]\)", first)
    assert last.startswith("ArtError: points must have shape (..., 2), not (1, 3)")
