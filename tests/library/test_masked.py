"""What a NumPy masked array hides is not there: it is NaN wherever points or values are given."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import gradart as ga

HIDDEN = np.array([False, False, True, False, False, True])
X, Y = np.arange(6), np.array([0, 1, 5, 1, 0, 2])
POINTS = np.ma.masked_array(np.stack([X, Y], -1), np.stack([HIDDEN, HIDDEN], -1))  # integers
VALUES = np.ma.masked_array(np.linspace(0.1, 0.9, 6), HIDDEN)
BOX = ((0.5, -1), (4.5, 3))


def gone(masked):
    return np.where(np.ma.getmaskarray(masked), np.nan, masked.data)


def height(p):
    return jnp.sin(p[0]) * p[1]


TAKES_POINTS = {
    "clip": lambda p: ga.clip(p, BOX),
    "simplify": lambda p: ga.simplify(p, 0.1),
    "dash": lambda p: ga.dash(p, [0.3, 0.2]),
    "resample": lambda p: ga.resample(p, 9),
    "window": lambda p: ga.window(p, 0.1, 0.9),
    "lines": ga.lines,
    "lines of rows": lambda p: ga.lines([p, p]),
    "lines of a nested tuple": lambda p: ga.lines(((p, p), (p, p))),
    "segments": lambda p: ga.segments(p, p[::-1]),
    "polygons": ga.polygons,
    "beziers": lambda p: ga.beziers(p[:4]),
    "circles": lambda p: ga.circles(p, 0.3),
    "dots": ga.dots,
    "camera": lambda p: ga.camera()(np.ma.stack([p[:, 0], p[:, 1], p[:, 1]], -1)),
    "panel": lambda p: ga.panel(((0, 0), (1, 1)), ((0, 0), (2, 2)))(p),
    "value": lambda p: ga.value(height, p),
    "gradient": lambda p: ga.gradient(height, p),
    "along": lambda p: ga.along(height, p, (1.0, 2.0)),
    "jet": lambda p: ga.jet(height, p, (1.0, 0.0), 2),
    "bezier": lambda p: ga.bezier(p)(0.3),
    "center of a curve": lambda p: ga.circle(1.0, p[2])(0.3),
    # Not a bump: compiled, exp of a constant NaN is any number (XLA in jaxlib 0.10 to 0.12).
    "center of a field": lambda p: ga.value(ga.fields.disk(center=p[2]), [0.1, 0.2]),
    "hessian": lambda p: ga.hessian(height, p),
    "descend": lambda p: ga.descend(height, p, rate=0.01, steps=1),
}
TAKES_VALUES = {
    "width": lambda v: ga.lines(np.zeros((6, 2, 2)), width=v),
    "alpha": lambda v: ga.dots(np.zeros((6, 2)), alpha=v),
    "radius": lambda v: ga.dots(np.zeros((6, 2)), v),
    "raster": lambda v: ga.raster(v.reshape(2, 3), BOX),
    "a list of values": lambda v: ga.dots(np.zeros((6, 2)), list(v)),
    "point": lambda t: ga.point(ga.circle(), t),
    "ramp": lambda v: ga.ramp("black", "white")(v),
    "colormap": lambda v: ga.colormap("viridis")(v),
}
BOTH = [(f, POINTS, name) for name, f in TAKES_POINTS.items()]
BOTH += [(f, VALUES, name) for name, f in TAKES_VALUES.items()]


@pytest.mark.parametrize(("f", "masked"), [b[:2] for b in BOTH], ids=[b[2] for b in BOTH])
def test_masked_is_nan(f, masked):
    found, right = (jax.tree.leaves(f(x)) for x in (masked, gone(masked)))
    assert any(np.isnan(x).any() for x in right)
    for x, y in zip(found, right, strict=True):
        np.testing.assert_array_equal(x, y)
        assert not isinstance(x, np.ma.MaskedArray)


def test_masked_is_no_number():
    (hidden,) = np.ma.masked_array([1.0], [True])
    key = jax.random.key(1)
    for call in (
        lambda: ga.circle(hidden),
        lambda: ga.noise(key, tile=np.ma.masked_array([1.0, 2.0], [False, True])),
        lambda: ga.arc_length(ga.circle(), 0, hidden),
        lambda: ga.dash([(0, 0), (1, 1)], VALUES),
    ):
        with pytest.raises(ga.ArtError) as said:
            call()
        assert len(str(said.value).splitlines()) == 1


def test_a_mask_that_hides_nothing_changes_nothing():
    shown = np.ma.masked_array(gone(VALUES).clip(0, 1)[:2])
    np.testing.assert_array_equal(ga.point(ga.circle(), shown), ga.point(ga.circle(), shown.data))
