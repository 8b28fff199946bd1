"""One picture of a playhead, whole or a part of it: how dark it is depends on neither."""

import jax.numpy as jnp
import numpy as np
import pytest
from pictures import read

import gradart as ga
from gradart.rendering.film.tracing import playheads
from gradart.rendering.layout.page import Page
from gradart.rendering.pipeline import composed, shown
from gradart.rendering.render import render

SHEET = Page(60.0, 40.0, 3.0)
HEADS = playheads(1, 10)
BOX = ((0, 0), (54, 34))
VIEWS = (0.0, 0.0, 30.0, 20.0), (30.0, 20.0, 30.0, 20.0), (15.0, 8.0, 12.0, 8.0)


def hatched(blend="ink", count=300, alpha=0.1):
    """Dense on the left, sparse on the right."""
    x = jnp.concatenate([jnp.linspace(1, 20, count), jnp.linspace(30, 53, 12)])
    ends = jnp.stack([x, 0 * x], -1), jnp.stack([x, 0 * x + 34], -1)
    return ga.segments(*ends, width=0.4, alpha=alpha, blend=blend, stroke="#7a8b2c")


def still(blend):
    paper = "#f4f1ea" if blend == "ink" else "#101014"
    disk = ga.dots((24, 17), 9, fill="#c2410c", alpha=0.8)
    return ga.scene(disk, hatched(blend), hatched(ga.ink(0.5), 40), paper=paper, box=BOX)


def fading(u):
    late = jnp.where((u > 0.55) & (u < 0.65), 4.0, 900.0)  # off the page but in one frame
    return ga.scene(
        hatched(alpha=0.02 + 0.4 * u),
        ga.dots((40, 10), 2),
        ga.dots(jnp.stack([30 + late, 12 + late], -1)[None], 3, alpha=0.5, blend="ink"),
        box=BOX,
    )


def crop(picture, view, px):
    unit = px / SHEET.width
    left, top, width, height = (round(side * unit) for side in view)
    return picture[top : top + height, left : left + width].astype(int)


@pytest.mark.parametrize("blend", ["over", "ink", "light"])
@pytest.mark.parametrize("view", VIEWS)
def test_a_view_is_as_dark_as_the_whole_page_is_there(blend, view, tmp_path):
    frames, framed = composed(still(blend), np.zeros(0), SHEET)
    scene = frames.at(0.0)
    near = shown(scene, framed(scene), SHEET, 20 * round(view[2]), view=view)
    run = read(render(still(blend), tmp_path / "a.png", page=SHEET, px=1200))
    assert np.abs(near - crop(run, view, 1200)).max() <= 3  # a step is dithered, and exposure found


@pytest.mark.parametrize("at", [0.4, 0.6])
def test_a_film_shows_the_pixels_of_its_still_and_of_its_frames(at, tmp_path):
    frames, framed = composed(fading, HEADS, SHEET)
    scene = frames.at(at)
    how = {"page": SHEET, "px": 300, "seconds": 1, "fps": 10}
    run = read(render(fading, tmp_path / "a.png", at=at, **how))
    np.testing.assert_array_equal(shown(scene, framed(scene), SHEET, 300), run)
    render(fading, tmp_path / "frames", **how)
    frame = read(tmp_path / "frames" / f"frame_{round(10 * at):04}.png")
    np.testing.assert_array_equal(frame, run)
    view = VIEWS[2]
    near = shown(scene, framed(scene), SHEET, 60, view=view)
    assert np.abs(near - crop(run, view, 300)).max() <= 3


def test_ink_that_is_in_one_frame_only_is_exposed_for_all_of_the_film():
    frames, _ = composed(fading, HEADS, SHEET)
    exposures = {
        tuple(mark.style.blend.exposure for mark in frames.at(u).marks[::2]) for u in HEADS
    }
    assert len(exposures) == 1
    assert None not in exposures.pop()


def test_a_wide_disk_is_seen_from_nearby():
    """What is refused for its size is held against the page, and not against the view."""
    drawing = ga.scene(ga.dots((27, 17), 30, fill="#204060"), box=BOX)
    frames, framed = composed(drawing, np.zeros(0), SHEET)
    scene = frames.at(0.0)
    near = shown(scene, framed(scene), SHEET, 40, view=(29.0, 19.0, 2.0, 2.0))
    assert (near == (0x20, 0x40, 0x60, 255)).all()
