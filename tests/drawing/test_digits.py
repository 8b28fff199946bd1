"""A number in a frame: what text would set, traced or not."""

import jax
import numpy as np
import pytest

from gradart.drawing.lettering.digits import digits
from gradart.drawing.lettering.text import text
from gradart.errors import ArtError


def outline(mark):
    """All points of a mark's outlines, as complex numbers."""
    points = np.asarray(mark.shape.points).reshape(-1, 2)
    return points[~np.isnan(points[:, 0])] @ (1, 1j)


CASES = [(3.14159, 3), (-0.5, 1), (0.0, 0), (-0.0004, 2), (9.996, 2), (1e8 + 7, 0), (-1234.5678, 4)]


@pytest.mark.parametrize("align", ["left", "center", "right"])
def test_a_number_is_set_as_its_text_is(align):
    with jax.enable_x64(True):
        traced = jax.jit(
            lambda x, decimals: digits(x, (1, 2), decimals=decimals, size=10, align=align),
            static_argnums=1,
        )
        for number, decimals in CASES:
            words = f"{number:z.{decimals}f}".replace("-", "\N{MINUS SIGN}")
            wanted = outline(text(words, (1, 2), size=10, align=align))
            for mark in (
                digits(number, (1, 2), decimals=decimals, size=10, align=align),
                traced(number, decimals),
            ):
                found = outline(mark)
                assert len(found) == len(wanted), words
                apart = np.abs(found[:, None] - wanted)
                assert max(apart.min(0).max(), apart.min(1).max()) < 0.01, words


def test_figures_keep_their_places_while_they_change():
    one, other = (np.asarray(digits(x, (0, 0)).shape.points[-1]) for x in (18, 78))
    np.testing.assert_array_equal(one, other)


def test_what_cannot_be_set_is_not_shown_or_refused():
    for number in (np.nan, np.inf, -1e12):
        assert np.isnan(digits(number, (0, 0), decimals=1).shape.points).all()
    with pytest.raises(ArtError, match="one number at one point"):
        digits([1, 2], (0, 0))
    with pytest.raises(ArtError, match="the number must be an array of numbers, not None"):
        digits(None, (0, 0))
    with pytest.raises(ArtError, match="from 0 to 6"):
        digits(1, (0, 0), decimals=9)
