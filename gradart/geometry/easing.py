"""Easing: the even run of the playhead made into a motion that starts and stops softly."""

import jax.numpy as jnp

from gradart.calculus.checks import as_floats, concrete
from gradart.errors import ArtError
from gradart.types import Numbers, Scalars


def ease(u: Numbers, start: Numbers = 0.0, end: Numbers = 1.0) -> Scalars:
    """A smooth step of the playhead u: 0 up to `start`, 1 from `end` on, at rest at both.

    The result has the shape of u. Speed and acceleration are 0 at both ends (6 s^5 - 15 s^4
    + 10 s^3, K. Perlin, "Improving noise", 2002), so that a whole turn by `ease(u)` loops without a
    jolt.

    >>> there_and_back = ease(u, 0, 0.4) - ease(u, 0.6, 1)
    """
    begin, stop = as_floats(start, "start"), as_floats(end, "end")
    if concrete(begin, stop) and not (begin < stop).all():
        raise ArtError(f"ease runs from start to a later end, not from {start} to {end}")
    s = jnp.clip((as_floats(u, "u") - begin) / (stop - begin), 0, 1)
    return s**3 * (10 + s * (6 * s - 15))
