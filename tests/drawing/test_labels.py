"""Laws of names beside points: none covers another, and the first have the first choice."""

import jax
import numpy as np
import pytest

import gradart as ga
from gradart.errors import ArtError, Untraceable

SHEET = ((0.0, 0.0), (180.0, 120.0))


def crowd(n, seed=3):
    rng = np.random.default_rng(seed)
    points = rng.uniform(*SHEET, (n, 2))
    return [
        f"{'Mount ' * int(k)}{i}\n{i * 100} m" for i, k in enumerate(rng.integers(0, 3, n))
    ], points


def overlap(a, b):
    """The area that two boxes (4, 2) share."""
    low, high = np.maximum(a[0], b[0]), np.minimum(a[2], b[2])
    return np.prod(np.maximum(high - low, 0))


@pytest.mark.parametrize("unit", [1.0, 40.0])
def test_labels_cover_neither_each_other_nor_a_point_and_stay_in_their_box(unit):
    strings, points = crowd(60)
    found = ga.labels(strings, points / unit, unit=unit, box=np.array(SHEET) / unit, size=3)
    boxes = found.boxes * unit
    assert 20 < len(found.texts) == len(boxes) == found.placed.sum() < 60
    for i, box in enumerate(boxes):
        assert all(overlap(box, other) == 0 for other in boxes[:i])
        assert not ((points > box[0]) & (points < box[2])).all(1).any()
        assert (box[0] >= 0).all()
        assert (box[2] <= SHEET[1]).all()


def test_each_text_stands_in_its_box_beside_its_point():
    strings, points = crowd(25, seed=5)
    found = ga.labels(strings, points, size=3, gap=1.5)
    for mark, box, point in zip(found.texts, found.boxes, points[found.placed], strict=True):
        outline = mark.shape.points[0] + mark.shape.anchor
        assert (np.nanmin(outline, 0) > box[0]).all()
        assert (np.nanmax(outline, 0) < box[2]).all()
        away = np.maximum(box[0] - point, point - box[2])
        np.testing.assert_allclose(np.linalg.norm(np.maximum(away, 0)), 1.5, rtol=1e-9)


def test_a_label_that_has_a_place_keeps_it_whatever_comes_after():
    strings, points = crowd(40)
    few, all_of_them = (ga.labels(strings[:n], points[:n], size=3) for n in (15, 40))
    lone = ga.labels(strings[:1], points[:1])
    assert lone.placed.all()
    # Points that come later stand in the way; without a label in reach of them nothing moves.
    assert all_of_them.placed[0]
    assert few.placed.sum() <= 15
    assert ga.labels(strings, points, size=1).placed.sum() > all_of_them.placed.sum()


def test_a_label_goes_to_the_side_with_less_of_what_it_shall_avoid():
    line = np.stack([np.linspace(1, 30, 50), np.zeros(50)], -1)
    (right,), (left,) = (
        ga.labels(["peak"], [(0.0, 0.0)], avoid=each).boxes[:, :, 0].mean(1)
        for each in (None, line)
    )
    assert right > 0 > left


def test_what_cannot_be_labeled_is_told():
    assert not ga.labels([], np.empty((0, 2))).texts
    assert not ga.labels(["nowhere"], [(np.nan, 0.0)]).placed.any()
    with pytest.raises(ArtError, match="points 2, strings 1"):
        ga.labels(["one"], [(0, 0), (1, 1)])
    with pytest.raises(ArtError, match="leave out align"):
        ga.labels(["one"], [(0, 0)], align="left")
    for wrong in ({"points": [1.0, 2, 3]}, {"avoid": [1.0, 2, 3]}, {"box": 3}):
        with pytest.raises(ArtError, match="shape"):
            ga.labels(["one"], **{"points": [(0, 0)], **wrong})
    with pytest.raises(ArtError, match="unit is 0"):
        ga.labels(["one"], [(0, 0)], unit=0)
    with pytest.raises(Untraceable, match="outside of jit"):
        jax.jit(lambda p: ga.labels(["one"], p).boxes)(np.zeros((1, 2)))
