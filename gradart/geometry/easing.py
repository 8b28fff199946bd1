"""Easing: the even run of the playhead made into a motion that starts and stops softly."""

import jax.numpy as jnp

from gradart.calculus.checks import as_floats, concrete
from gradart.errors import ArtError
from gradart.types import Numbers, Scalars


def ease(u: Numbers, start: Numbers = 0.0, end: Numbers = 1.0) -> Scalars:
    """A smooth step of the playhead: 0 up to a start, 1 from an end on, at rest at both.

    The result has the shape of `u`, and rises from 0 at `start` to 1 at `end`. Speed and
    acceleration are 0 at both (6 s^5 - 15 s^4 + 10 s^3, K. Perlin, "Improving noise", 2002), so
    that a whole turn by `ease(u)` loops without a jolt.

    >>> u = jnp.linspace(0, 1, 100)
    >>> there_and_back = ga.ease(u, 0, 0.4) - ga.ease(u, 0.6, 1)
    >>> ga.lines(jnp.stack([u, there_and_back], -1))
    """
    begin, stop = as_floats(start, "start"), as_floats(end, "end")
    if concrete(begin, stop) and not (begin < stop).all():
        raise ArtError(f"ease runs from start to a later end, not from {start} to {end}")
    s = jnp.clip((as_floats(u, "u") - begin) / (stop - begin), 0, 1)
    return s**3 * (10 + s * (6 * s - 15))
