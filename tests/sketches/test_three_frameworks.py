"""What `three_frameworks` shows: one derivative, apart by roundings only, with or without them."""

import importlib.util
import sys

import jax
import numpy as np
import pytest

import gradart as ga

pytestmark = pytest.mark.exhaustive

EXTRAS = "torch", "tensorflow"


def drawn(scene, size):
    """The derivatives, above their zero, and the differences, on the scale of the largest."""
    rows = [np.asarray(m.shape.points) for m in scene.marks if hasattr(m.shape, "points")]
    rows = [p for p in rows if p.shape[0] == size or p.shape[1] == size]
    slopes = [p[0, :, 1] - 86 for p in rows if p.shape[0] == 1][2::3]
    return slopes, [p[:, 1, 1] - p[:, 0, 1] for p in rows if p.shape[0] == size]


def test_a_missing_framework_leaves_its_panel_saying_so(piece, monkeypatch):
    for name in EXTRAS:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.warns(ImportWarning, match="Not installed: pip install 'gradart"):
        scene = piece("three_frameworks")(n=50)
    x = np.linspace(-3.5, 3.5, 50)
    slopes, dust = drawn(scene, 50)
    np.testing.assert_allclose(slopes[0], 24 / np.cosh(x) ** 2, atol=1e-12)
    assert dust == []
    for name, left in zip(EXTRAS, (95, 190), strict=True):
        note = ga.text(f"Not installed:\npip install 'gradart[{name}]'", (left, 96))
        assert any(
            np.array_equal(mark.shape.points, note.shape.points, equal_nan=True)
            for mark in scene.marks
            if mark.shape.points.shape == note.shape.points.shape
        )


@pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in EXTRAS),
    reason="pip install 'gradart[torch,tensorflow]'",
)
def test_three_derivatives_differ_in_the_last_digits_alone(piece):
    sketch = piece("three_frameworks")
    slopes, dust = drawn(sketch(n=80), 80)
    assert len(slopes) == len(dust) == 3
    for slope in slopes:
        np.testing.assert_allclose(slope, slopes[0], atol=1e-11)
    np.testing.assert_allclose(sum(dust), 0, atol=1e-9)  # around in a circle
    assert max(np.abs(d).max() for d in dust) == pytest.approx(24)
    programs = sketch.function.__globals__
    x = np.linspace(-3.5, 3.5, 80)
    with jax.enable_x64(True):
        found = [np.asarray(programs[f"by_{name}"](x)) for name in ("jax", *EXTRAS)]
    np.testing.assert_allclose(found, np.tile(1 / np.cosh(x) ** 2, (3, 1)), atol=4e-15)
