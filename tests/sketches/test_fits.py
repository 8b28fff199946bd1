"""Pieces that are fitted: they come nearer to their photograph, by the means that each allows."""

import io

import jax
import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

import gradart as ga

pytestmark = pytest.mark.exhaustive

FLOOR = 0.05  # of the tones, whose density is compared


def _tones(scene, radius, px, tall=297):
    """What a sheet, so many mm tall, and the photograph show in its box, blurred by some mm."""
    found = Image.open(io.BytesIO(ga.render(scene, format="png", px=px))).convert("RGB")
    unit = px / tall  # pixels in a mm; the box fills the sheet within its margin
    tones = np.asarray(found, float) / (255 * np.asarray(scene.paper)[:3])
    tones = ndimage.gaussian_filter(tones.mean(-1), radius * unit)
    top, left = round(15.75 / 297 * px), round(15 / 297 * px)
    tones = tones[top:-top:2, left:-left:2]
    (x0, y0), (x1, y1) = np.asarray(scene.box)
    with jax.enable_x64(True):
        x, y = np.linspace(x0, x1, tones.shape[1]), np.linspace(y0, y1, tones.shape[0])
        wanted = np.asarray(ga.value(ga.photograph(smooth=1), np.stack(np.meshgrid(x, y), -1)))
    return tones, ndimage.gaussian_filter(wanted[::-1], radius * unit / 2)


@pytest.mark.pieces
def test_strokes_come_to_where_the_photograph_is_dark(piece):
    def alike(steps):
        scene = piece("strokes")(n=1500, length=16, steps=steps, pixels=128)
        return np.corrcoef(*(tones.ravel() for tones in _tones(scene, 6, 200)))[0, 1]

    assert alike(0) < 0.1
    assert alike(30) > 0.35


@pytest.mark.pieces
@pytest.mark.parametrize(
    ("name", "least", "tall"),
    [
        ("strokes", 0.5, 297),
        ("one_line", 0.5, 297),
        ("arcs", 0.5, 210),  # A5: fifteen hundred arcs are too few for a larger sheet
        ("three_pens", 0.45, 297),
    ],
)
def test_a_portrait_is_like_its_photograph_at_a_millimeter(piece, name, least, tall):
    tones = _tones(piece(name)(), 1, 1000, tall)
    seen, wanted = (np.log(np.clip(t, FLOOR, 1)) / np.log(FLOOR) for t in tones)
    assert 1 - ga.losses.similarity(seen[..., None], wanted[..., None]) > least


def test_the_line_is_one_and_closed_and_goes_everywhere_at_first(piece):
    with jax.enable_x64(True):
        around = piece("one_line").function.__globals__["around"]
        nodes = np.asarray(jax.jit(around, static_argnums=0)(4))
    ways = np.linalg.norm(np.roll(nodes, -1, 0) - nodes, axis=1)
    assert np.allclose(ways, 1 / 16), "from each cell to its neighbor, and back to the first"
    assert len(np.unique(np.round(nodes * 16, 6), axis=0)) == 256
    line = piece("one_line")(order=3, steps=0, pixels=64).marks[0].shape
    assert line.closed
    assert line.points.shape == (1, 4 * 64, 2)
    assert np.isfinite(line.points).all()


@pytest.mark.pieces
def test_an_arc_is_level_at_its_middle(piece):
    paths = np.asarray(piece("arcs")(n=40, steps=0, pixels=64).marks[0].shape.points)
    assert paths.shape == (40, 13, 2)
    with jax.enable_x64(True):
        slope = np.asarray(ga.gradient(ga.photograph(smooth=9), paths[:, 6]))
    way = paths[:, 7] - paths[:, 5]
    cosine = (way * slope).sum(1) / np.linalg.norm(way, axis=1) / np.linalg.norm(slope, axis=1)
    assert np.abs(cosine).max() < 0.01


@pytest.mark.pieces
def test_a_hachure_points_downhill_at_its_middle(piece):
    paths = np.asarray(piece("hachures")(n=40, steps=0, pixels=64).marks[0].shape.points)
    with jax.enable_x64(True):
        slope = np.asarray(ga.gradient(ga.terrain(smooth=8), paths[:, 2]))
    way = paths[:, 3] - paths[:, 1]
    cosine = (way * slope).sum(1) / np.linalg.norm(way, axis=1) / np.linalg.norm(slope, axis=1)
    assert cosine.min() > 0.99


@pytest.mark.pieces
def test_hachures_lie_where_the_land_is_in_the_shade(piece):
    scene = piece("hachures")()
    tones, _ = _tones(scene, 1, 1000)
    (x0, y0), (x1, y1) = np.asarray(scene.box)
    x, y = np.linspace(x0, x1, tones.shape[1]), np.linspace(y0, y1, tones.shape[0])
    with jax.enable_x64(True):
        slope = 0.35 * ga.gradient(ga.terrain(smooth=2.5), np.stack(np.meshgrid(x, y), -1))
    normal = np.concatenate([-np.asarray(slope), np.ones((*slope.shape[:2], 1))], -1)
    lit = normal @ [-0.5, 0.5, np.sqrt(0.5)] / np.linalg.norm(normal, axis=-1)
    shade = ndimage.gaussian_filter(0.05 + 0.9 * lit[::-1], 1000 / 297 / 2)
    seen, wanted = (np.log(np.clip(t, FLOOR, 1)) / np.log(FLOOR) for t in (tones, shade))
    assert 1 - ga.losses.similarity(seen[..., None], wanted[..., None]) > 0.5


@pytest.mark.exhaustive
def test_bent_rings_lie_between_regular_ones(piece):
    marks = piece("moire")(rings=20, steps=2, pixels=100).marks
    regular, bent = (np.linalg.norm(mark.shape.points, axis=-1) for mark in marks)
    np.testing.assert_allclose(regular, np.broadcast_to(regular[:, :1], regular.shape))
    assert (regular[:-1] < bent).all()
    assert (bent < regular[:-1] + 85 / 20 / 2).all()


def test_each_circle_turns_on_the_one_before_and_the_pen_is_on_the_last(piece):
    def drawn(steps):
        marks = piece("epicycles")(circles=12, steps=steps, moments=1).marks
        return [np.asarray(mark.shape.points) for mark in marks]

    _, circles, (joints,), (trace,) = drawn(0)
    radii = (circles[..., 0].max(1) - circles[..., 0].min(1)) / 2
    np.testing.assert_allclose(np.linalg.norm(np.diff(joints, axis=0), axis=1), radii, rtol=1e-5)
    assert (np.diff(radii) < 1e-9).all()
    assert np.linalg.norm(trace - joints[-1], axis=1).min() < 1e-6


@pytest.mark.pieces
def test_more_circles_draw_the_clef(piece):
    """How far the corners of the clef are from the line, on average, in mm."""
    module = piece("epicycles").function.__globals__
    corners = 2.75 * np.array(module["CLEF"]) + [5, 7]

    def off(**values):
        trace = np.asarray(piece("epicycles")(moments=1, **values).marks[-1].shape.points[0])
        return np.linalg.norm(corners[:, None] - trace, axis=-1).min(1).mean()

    assert off() < 0.85 * off(steps=0) < off(circles=10, steps=0)


def test_pens_have_the_inks_that_they_are_given(piece):
    scene = piece("three_pens")(n=20, steps=0, pixels=64, inks=("red", "green", "blue"))
    inks, counts = np.unique(np.asarray(scene.marks[0].style.stroke), axis=0, return_counts=True)
    assert len(inks) == 3
    assert (counts == 20).all()


@pytest.mark.pieces
def test_light_gathers_in_the_letters(piece):
    def gathered(steps):
        scene = piece("caustic_word")(word="I", waves=8, rays=40, steps=steps, pixels=96)
        x = np.asarray(scene.marks[0].shape.centers)[:, 0]
        return np.mean(np.abs(x - 108) < 8)

    assert gathered(40) > 1.25 * gathered(0)
