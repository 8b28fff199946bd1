"""How far a picture moves with a sketch's numbers, in mm."""

from typing import Annotated

import jax.numpy as jnp
import numpy as np
import pytest

import gradart as ga
from gradart.errors import ArtError
from gradart.rendering.pipeline import compose

BOX = ((-100, -100), (100, 100))  # on a square page without margin: a unit is a mm
PLAIN = {"page": "square", "margin": 0}


def of(result, name):
    return next(m for m in result.movements if m.name == name)


@ga.sketch(**PLAIN)
def ring(
    x: Annotated[float, ga.Bounds(-20, 20)] = 3.0,
    radius: Annotated[float, ga.Bounds(1, 100, log=True)] = 50.0,
    width=0.5,
    unused: Annotated[float, ga.Bounds(0, 1)] = 0.5,
    n=4000,
):
    t = jnp.linspace(0, 2 * jnp.pi, n)
    points = radius * jnp.stack([jnp.cos(t), jnp.sin(t)], -1) + jnp.array([x, 0.0])
    return ga.scene(ga.lines(points, width=width), box=BOX)


def test_a_shift_and_a_radius_move_as_far_as_they_do():
    found = ga.sensitivity(ring)
    shift, radius = of(found, "x"), of(found, "radius")
    assert (shift.rms, shift.largest) == pytest.approx((1, 1))
    assert (shift.range_rms, shift.range_largest) == pytest.approx((40, 40))
    assert (radius.rms, radius.largest) == pytest.approx((1, 1), rel=1e-5)
    assert radius.range_rms == pytest.approx(50 * np.log(100), rel=1e-5)
    assert all(m.exact for m in found.movements if m.effect == "moves")


def test_what_does_nothing_and_what_only_inks_is_named():
    found = ga.sensitivity(ring)
    assert found.nothing == ("unused",)
    assert of(found, "width").effect == "ink"
    lines = str(found).splitlines()
    assert len(lines) == 5
    assert lines[-1].startswith("unused")
    assert lines[-1].endswith("does nothing")


def test_sampling_does_not_count():
    """Many points crowded where a line stands still do not make it move less."""

    @ga.sketch(**PLAIN)
    def lever(angle=0.3, crowded=False):
        s = jnp.linspace(0, 1, 2001) ** (8 if crowded else 1)
        arm = 80 * s[:, None] * jnp.stack([jnp.cos(angle), jnp.sin(angle)])
        return ga.scene(ga.lines(arm), box=BOX)

    for crowded in (False, True):
        found = ga.sensitivity(lever, crowded=crowded).movements[0]
        assert found.rms == pytest.approx(80 / np.sqrt(3), rel=1e-4)
        assert found.largest == pytest.approx(80)


def test_the_derivative_follows_the_fit_to_the_page():
    """What only makes all larger moves nothing on a page that the drawing is fitted to."""

    @ga.sketch
    def square(size=2.0, lean=0.3):
        corners = size * jnp.array([(0.0, 0), (1, 0), (1, 1), (0, 1)])
        mean = jnp.array([[1.0, lean], [0.0, 1.0]])
        return ga.scene(ga.lines(corners @ mean.T, closed=True, width=0.4))

    found = ga.sensitivity(square)
    assert of(found, "size").largest < 0.2  # of the pen alone, which stays as wide
    h = 1e-5
    low, high = (
        compose(square(lean=0.3 + x), ga.page("a4")).still(0).marks()[0].shape.points
        for x in (-h, h)
    )
    moved = np.linalg.norm((high - low) / (2 * h), axis=-1)
    assert of(found, "lean").largest == pytest.approx(moved.max(), rel=1e-6)


@pytest.mark.exhaustive
def test_what_cannot_be_traced_is_varied_and_said():
    @ga.sketch(**PLAIN)
    def plain(y: Annotated[float, ga.Bounds(0, 50)] = 10.0, rows: float = 3.0):
        ends = np.array([[(0.0, float(y) + k), (10.0, float(y) + k)] for k in range(int(rows))])
        return ga.scene(ga.lines(ends), box=BOX)

    found = ga.sensitivity(plain)
    assert of(found, "y").rms == pytest.approx(1, rel=1e-6)
    assert not of(found, "y").exact
    assert "by differences" in str(found)
    assert of(found, "rows").effect == "jumps"


@pytest.mark.exhaustive
def test_a_film_is_looked_at_at_several_playheads():
    @ga.sketch(**PLAIN, seconds=1, fps=10)
    def hand(reach=50.0):
        def frame(u):
            x = reach * u * jnp.ones(2)
            return ga.scene(ga.dots(jnp.stack([x, 0 * x], -1)), box=BOX)

        return frame

    assert ga.sensitivity(hand).movements[0].rms == pytest.approx(np.sqrt(0.24))
    assert ga.sensitivity(hand, at=0.5).movements[0].rms == pytest.approx(0.5)
    assert len(ga.sensitivity(hand, at=[0.25, 0.5]).flows) == 2


def test_numbers_of_a_list_count_one_by_one_and_marks_of_all_kinds():
    @ga.sketch(**PLAIN)
    def point(place: tuple[float, float] = (3.0, 4.0)):
        p = jnp.stack([jnp.asarray(v, float) for v in place])
        return ga.scene(
            ga.circles(p, 5.0),
            ga.dots(p),
            ga.text("a", p),
            ga.raster(np.ones((2, 2)), jnp.stack([p, p + 1])),
            box=BOX,
        )

    found = ga.sensitivity(point)
    assert [m.name for m in found.movements] == ["place[0]", "place[1]"]
    assert [m.rms for m in found.movements] == pytest.approx([1, 1])


def test_what_lies_off_the_page_does_not_count():
    @ga.sketch(**PLAIN)
    def two(far=1.0):
        ends = jnp.array([(0.0, 0.0), (10.0, 0.0)])
        return ga.scene(ga.lines(ends), ga.lines(ends + jnp.array([500.0, 0]) * far), box=BOX)

    assert ga.sensitivity(two).movements[0].largest == 0


def test_wrong_calls_say_what_to_write():
    with pytest.raises(ArtError, match=r"write @ga\.sketch above def"):
        ga.sensitivity(lambda: None)
    with pytest.raises(ArtError, match="a playhead from 0 to 1"):
        ga.sensitivity(ring, at=2)
    with pytest.raises(ArtError, match="no parameter radios; did you mean radius"):
        ga.sensitivity(ring, radios=2)


def test_nothing_is_changed_in_jax():
    before = jnp.asarray(0.0).dtype
    ga.sensitivity(ring)
    assert jnp.asarray(0.0).dtype == before


def test_a_pen_that_lifts_elsewhere_is_a_jump():
    @ga.sketch(**PLAIN)
    def cut(edge: Annotated[float, ga.Bounds(-50, 50)] = 0.0):
        x = np.linspace(-50, 50, 101)
        line = np.where((x < float(edge))[:, None], np.nan, np.stack([x, 0 * x], -1))
        return ga.scene(ga.lines(line), box=BOX)

    assert ga.sensitivity(cut).movements[0].effect == "jumps"
