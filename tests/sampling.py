"""Functions at many points, for the tests of curves, fields and tables."""

import jax
import numpy as np


def mapped(f):
    """f over the leading axis, compiled."""
    return jax.jit(jax.vmap(f))


def scattered(box, n, seed=0):
    """n points (n, 2) all over a box."""
    (x0, y0), (x1, y1) = box
    return np.random.default_rng(seed).uniform((x0, y0), (x1, y1), (n, 2))
