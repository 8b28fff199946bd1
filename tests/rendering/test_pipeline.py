"""One picture of a playhead, on the page, in a notebook, in a file, whole or a part of it."""

import base64
import io
import re

import jax.numpy as jnp
import numpy as np
import pytest
from pictures import played, read
from PIL import Image

import gradart as ga
from gradart.rendering.film.tracing import playheads
from gradart.rendering.film_frames import paint
from gradart.rendering.formats.webp import write_webp
from gradart.rendering.layout.page import SIDE_LIMIT, Page
from gradart.rendering.layout.pixel_grid import pixel_grid, view_grid
from gradart.rendering.notebook import film_html
from gradart.rendering.pipeline import compose
from gradart.rendering.render import render

SHEET = Page(60.0, 40.0, 3.0)
HEADS = playheads(1, 10)
BOX = ((0, 0), (54, 34))
BLENDS = ("over", "ink", "light")
# Left, top, width, height in mm: in corners of the page, in its midst, taller than wide.
VIEWS = (0.0, 0.0, 30.0, 20.0), (30.0, 20.0, 30.0, 20.0), (15.0, 8.0, 12.0, 8.0), (20, 10, 5, 15)


def hatched(blend="ink", count=300, alpha=0.1):
    """Dense on the left, sparse on the right."""
    x = jnp.concatenate([jnp.linspace(1, 20, count), jnp.linspace(30, 53, 12)])
    ends = jnp.stack([x, 0 * x], -1), jnp.stack([x + 0.3, 0 * x + 34], -1)
    return ga.segments(*ends, width=0.4, alpha=alpha, blend=blend, stroke="#7a8b2c")


def walks(n=12):
    steps = np.random.default_rng(0).normal(size=(n, 80, 2)).cumsum(1)
    return jnp.asarray(steps + np.array([27, 17]))


def still(blend):
    """All kinds of marks, many of them across a view's border, and specks far below a pixel."""
    style = {"alpha": 0.4, "blend": blend, "stroke": "#7a8b2c"}
    specks = np.random.default_rng(1).normal(size=(3000, 2)) * (9, 6) + (27, 17)
    ellipse = ga.curve(lambda t: jnp.stack([27 + 22 * jnp.cos(t), 17 + 15 * jnp.sin(3 * t)]), 0, 6)
    return ga.scene(
        ga.dots((24, 17), 9, fill="#c2410c", alpha=0.8),
        hatched(blend),
        ga.polygons(walks()[:, :40], fill="#0e7490", stroke="#000000", width=0.1, alpha=0.4),
        hatched(ga.ink(0.5), 40),
        ga.lines(walks(), width=0.15, **style),
        ga.dots(specks, 0.02, fill="#6688ff", alpha=0.05, blend=blend),
        ellipse,
        ga.text("gradart", (12, 12), size=6),
        paper="#101014" if blend == "light" else "#f4f1ea",
        box=BOX,
    )


def fading(blend="ink"):
    def film(u):
        late = jnp.where((u > 0.55) & (u < 0.65), 4.0, 900.0)  # off the page but in one frame
        return ga.scene(
            ga.lines(walks(), width=0.2),
            hatched(blend, alpha=0.02 + 0.4 * u),
            ga.dots((40, 10), 2 + u),
            ga.dots(jnp.stack([30 + late, 12 + late], -1)[None], 3, alpha=0.5, blend=blend),
            paper="#101014" if blend == "light" else "#f4f1ea",
            box=BOX,
        )

    return film


def cropped(picture, view, unit):
    left, top, width, height = (round(side * unit) for side in view)
    return picture[top : top + height, left : left + width]


@pytest.mark.parametrize("blend", BLENDS)
@pytest.mark.parametrize("unit", [5, 20])
def test_a_view_of_a_still_is_the_part_of_a_larger_picture(blend, unit, tmp_path):
    file = render(still(blend), tmp_path / "a.png", page=SHEET, px=60 * unit)
    shown = compose(still(blend), SHEET).still(0.0)
    for view in VIEWS:
        near = shown.pixels(round(max(view[2:]) * unit), view=view)
        np.testing.assert_array_equal(near, cropped(read(file), view, unit))


@pytest.mark.parametrize("blend", BLENDS)
def test_a_film_has_the_pixels_of_its_stills_and_these_of_their_views(blend, tmp_path):
    how = {"page": SHEET, "px": 300, "seconds": 1, "fps": 10}
    composition = compose(fading(blend), SHEET, HEADS)
    render(fading(blend), tmp_path / "frames", **how)
    for number in (4, 6):
        shown = composition.still(HEADS[number])
        whole = shown.pixels(300)
        file = render(fading(blend), tmp_path / f"{number}.png", at=number / 10, **how)
        np.testing.assert_array_equal(read(file), whole)
        frame = read(tmp_path / "frames" / f"frame_{number:04}.png")
        np.testing.assert_array_equal(frame, whole)
        for view in VIEWS:
            near = shown.pixels(round(max(view[2:]) * 5), view=view)
            np.testing.assert_array_equal(near, cropped(whole, view, 5))


@pytest.mark.exhaustive
@pytest.mark.parametrize("blend", BLENDS)
def test_a_notebook_shows_the_same_pixels(blend, monkeypatch):
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/no/ffmpeg")  # without it the film loses nothing
    drawing = still(blend)
    square = ga.page("square")
    with Image.open(io.BytesIO(drawing._repr_png_())) as picture:
        shown = np.asarray(picture.convert("RGBA"))
    np.testing.assert_array_equal(shown, compose(drawing, square).still(0.0).pixels(800))
    sketch = ga.sketch(page="60x40mm", margin=3, seconds=1, fps=10)(lambda: fading(blend))
    found = re.search(r"base64,([^\"]+)", film_html(sketch(), sketch.options))[1]
    in_a_file = io.BytesIO()
    frames = paint(compose(fading(blend), SHEET, HEADS), 400)
    write_webp(in_a_file, frames, len(HEADS), 10)
    ours, theirs = (played(data)[0] for data in (base64.b64decode(found), in_a_file.getvalue()))
    np.testing.assert_array_equal(ours, theirs)


def test_a_photograph_is_the_same_in_a_view_but_for_the_rounding_of_its_smoothing():
    pixels = np.random.default_rng(2).random((50, 70, 3))
    shown = compose(ga.scene(ga.raster(pixels, box=((2, 2), (50, 30))), box=BOX), SHEET).still(0)
    for view in VIEWS:
        near = shown.pixels(round(max(view[2:]) * 20), view=view).astype(int)
        away = np.abs(near - cropped(shown.pixels(1200), view, 20))
        assert away.max() <= 1
        assert (away > 0).mean() < 0.002


@pytest.mark.parametrize("blend", ["ink", "light"])
def test_where_a_page_is_not_summed_for_a_view_its_cells_are(blend, monkeypatch):
    exact = compose(still(blend), SHEET).still(0.0).pixels(300, view=VIEWS[2]).astype(int)
    monkeypatch.setattr("gradart.rendering.ink.blending._SUMMED", 0)
    near = compose(still(blend), SHEET).still(0.0).pixels(300, view=VIEWS[2])
    assert np.abs(near - exact).max() <= 1


def test_what_is_seen_from_nearer_than_any_picture_is_as_dark():
    disks = ga.dots([(10, 17), (30, 17)], (8, 12), alpha=np.array([0.2, 0.6]), blend="ink")
    shown = compose(ga.scene(disks, box=BOX), SHEET).still(0.0)
    view = (12.0, 19.0, 2.0, 2.0)  # within the paler one
    grid, whole = view_grid(SHEET, view, 1100)
    assert max(whole.size) > SIDE_LIMIT
    assert not grid.is_exact
    near, far = (shown.pixels(px, view=view).mean((0, 1)) for px in (1100, 100))
    np.testing.assert_allclose(near, far, atol=0.5)
    assert 10 < far.min() < 245


def test_views_have_the_pixels_of_the_page():
    """A view that does not begin or end with a pixel is moved to where the nearest one lies."""
    for left, top, width, height in np.random.default_rng(3).uniform(2, 30, (50, 4)):
        view = left, top, width, height
        grid, whole = view_grid(SHEET, view, 500)
        assert max(grid.size) == 500
        assert whole == pixel_grid(SHEET, whole.width)
        assert grid.unit == whole.unit == pytest.approx(500 / max(width, height), rel=1e-3)
        at = np.array(grid.start) - whole.corner - np.array([left, top]) * grid.unit
        assert np.abs(at).max() <= 0.5 + 1e-9


def test_a_view_keeps_the_marks_that_only_its_border_pixels_show():
    """Pixels of 4 mm: those of a view begin up to 2 mm before what was asked for."""
    specks = np.stack(np.meshgrid(np.arange(0.5, 54), np.arange(0.5, 34)), -1).reshape(-1, 2)
    shown = compose(ga.scene(ga.dots(specks, 0.3, fill="#204060"), box=BOX), SHEET).still(0.0)
    view = 17.9, 9.9, 12.0, 8.0
    grid, whole = view_grid(SHEET, view, 3)
    assert grid.view == (16.0, 8.0, 12.0, 8.0)
    left, top = grid.start
    part = shown.pixels(whole.width)[top : top + grid.height, left : left + grid.width]
    np.testing.assert_array_equal(shown.pixels(3, view=view), part)


def test_ink_that_is_in_one_frame_only_is_exposed_for_all_of_the_film():
    composition = compose(fading(), SHEET, HEADS)
    exposures = {
        tuple(mark.style.blend.exposure for mark in composition.still(u).scene.marks[1::2])
        for u in HEADS
    }
    assert len(exposures) == 1
    assert None not in exposures.pop()


def test_a_wide_disk_is_seen_from_nearby():
    """What is refused for its size is held against the page, and not against the view."""
    drawing = ga.scene(ga.dots((27, 17), 30, fill="#204060"), box=BOX)
    near = compose(drawing, SHEET).still(0.0).pixels(40, view=(29.0, 19.0, 2.0, 2.0))
    assert (near == (0x20, 0x40, 0x60, 255)).all()


def test_what_is_wrong_with_a_frame_is_said_once_of_a_still_and_a_view():
    def art(u):
        return ga.scene(ga.dots((0.1, 0.2), radius=1 / jnp.where(u > 0.5, 0.0, 1.0)), box=BOX)

    shown = compose(art, SHEET, HEADS).still(0.6)
    for view in (None, VIEWS[0]):
        with pytest.raises(ga.ArtError, match=r"^frame 6 of 10 \(u = 0\.6\): mark 0"):
            shown.pixels(100, view=view)
