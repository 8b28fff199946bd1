"""A text as polygons: its size, its holes, and its distance field."""

import numpy as np
import pytest

import gradart as ga


def test_letters_have_their_holes_and_come_from_the_left():
    found = ga.outlines("oBi", size=3)
    rings = [np.isnan(row[:-1, 0] * 1.0).astype(int) @ ~np.isnan(row[1:, 0]) + 1 for row in found]
    assert sorted(rings[1:]) == [1, 1, 3]  # B has two holes, i a dot
    assert rings[0] == 2
    assert (np.diff(np.nanmin(found[..., 0], axis=1)) >= 0).all()


def test_outlines_scale_and_move_and_have_the_place_of_a_text():
    one = ga.outlines("Ag")
    np.testing.assert_allclose(ga.outlines("Ag", 40, (3, 4)), 40 * one + (3, 4), rtol=1e-12)
    mark = np.asarray(ga.text("Ag", (0, 0), size=1).shape.points)
    for side in (np.nanmin, np.nanmax):
        np.testing.assert_allclose(side(one, (0, 1)), side(mark, (0, 1)), atol=0.02)
    middle = ga.outlines("Ag", align="center")
    right = ga.outlines("Ag", align="right")
    np.testing.assert_allclose(one - middle, middle - right, atol=1e-12)
    steps = np.hypot(*np.diff(one, axis=1).T)
    assert np.nanmax(steps) <= 1 / 40 + 1e-12


@pytest.mark.exhaustive
def test_the_distance_field_of_letters_is_positive_in_their_holes():
    o = ga.outlines("O", at=(0, 0))
    low, high = np.nanmin(o, (0, 1)), np.nanmax(o, (0, 1))
    field, middle = ga.fields.polygon(o), (low + high) / 2
    assert field(middle) > 0.1
    assert field(high + 1) > 1
    assert field(np.array([low[0] + 0.05, middle[1]])) < 0
    nearest = np.nanmin(np.hypot(*(o - middle).T))
    assert float(field(middle)) == pytest.approx(nearest, rel=1e-2)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ga.outlines(3), "sets a string, not an int"),
        (lambda: ga.outlines("a", 0), "size is 0: give one length above 0"),
        (lambda: ga.outlines("a", font="no such font"), "no font 'no such font'"),
        (lambda: ga.outlines("a", align="top"), "align must be one of"),
        (lambda: ga.outlines("a", at=[(0, 0)]), "begin at one point"),
        (lambda: ga.fields.polygon(np.full((4, 2), np.nan)), "there is none"),
    ],
)
def test_what_cannot_be_set_is_told(call, says):
    with pytest.raises(ga.ArtError, match=says):
        call()


def test_a_text_of_blanks_has_no_outline():
    assert ga.outlines("  ").shape == (0, 0, 2)
