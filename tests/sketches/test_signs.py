"""What `signs` shows: colors and heights against differences of the curve that is drawn."""

import numpy as np
import pytest

pytestmark = pytest.mark.exhaustive

RUST, BLUE, OCHRE, INK = ("#c2410c", "#1d4e89", "#d9a441", "#1b1b1e")


def rgb(color):
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255


@pytest.fixture(scope="module")
def rows(piece):
    """Strands, hatches and colored edges of the second derivative, then of the first."""
    marks = piece("signs")(strands=700).marks
    rows = [m for m in marks if hasattr(m.shape, "points") and len(m.shape.points) > 600]
    return rows[:3], rows[3:6]


@pytest.mark.parametrize(("k", "positive", "negative"), [(1, RUST, BLUE), (2, OCHRE, INK)])
def test_the_color_is_the_sign_of_the_slope_and_of_the_bending(rows, k, positive, negative):
    strands, _, edges = rows[2 - k]
    height = np.asarray(strands.shape.points[:, 0, 1])
    sign = np.diff(height, k)
    color = np.asarray(strands.style.stroke)[k - 1 : -1, :3]
    sure = np.abs(sign) > 0.02 * np.abs(sign).max()
    wanted = np.where((sign > 0)[:, None], rgb(positive), rgb(negative))
    np.testing.assert_allclose(color[sure], wanted[sure], atol=2e-3)
    np.testing.assert_array_equal(strands.style.stroke[1:, :3], edges.style.stroke[:, :3])


def test_the_heights_are_slopes(rows):
    for k in (1, 2):
        strands, hatch, _ = rows[2 - k]
        curve, ends = np.asarray(strands.shape.points), np.asarray(hatch.shape.points)
        np.testing.assert_array_equal(curve[:, 1], ends[:, 0])  # a strand goes on in the hatch
        drawn = ends[:, 1, 1] - ends[:, 0, 1]
        found = curve[:, 0, 1]
        for _ in range(k):
            found = np.gradient(found)
        inner = slice(3, -3)
        ratio = np.polyfit(found[inner], drawn[inner], 1)[0]
        np.testing.assert_allclose(drawn[inner], ratio * found[inner], atol=0.02)
