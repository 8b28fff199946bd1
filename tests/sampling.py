"""Functions at many points, for the tests of curves, fields and tables; and a few of many cases."""

import jax
import numpy as np
import pytest


def some(cases, every=3):
    """The first of every few cases as they are; the others are of the long tables."""
    return [
        case if i % every == 0 else pytest.param(case, marks=pytest.mark.exhaustive)
        for i, case in enumerate(cases)
    ]


def mapped(f):
    """f over the leading axis, compiled."""
    return jax.jit(jax.vmap(f))


def scattered(box, n, seed=0):
    """n points (n, 2) all over a box."""
    (x0, y0), (x1, y1) = box
    return np.random.default_rng(seed).uniform((x0, y0), (x1, y1), (n, 2))
