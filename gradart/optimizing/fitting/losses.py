"""Losses: how far a picture is from the wanted one, as one number that a fit makes small.

Each takes what is seen and what is wanted, (h, w, c) in [0, 1], and gives a number from 0. A fit
asks at several scales and adds up. A loss of your own is such a function, and so is a sum:

    def loss(seen, wanted):
        return ga.losses.density(seen, wanted) + 0.2 * ga.losses.edges(seen, wanted)
"""

import jax
import jax.numpy as jnp

from gradart.calculus.checks.artist_functions import as_floats
from gradart.errors import ArtError

_DARKEST = 1 / 255  # added to what is seen: black has a density too, and a slope
_K1, _K2 = 0.01, 0.03
_WINDOW = 7


def _pictures(seen: jax.Array, wanted: jax.Array) -> tuple[jax.Array, jax.Array]:
    """What a loss compares, as arrays of one height and one width."""
    given = [as_floats(x, name) for x, name in ((seen, "seen"), (wanted, "wanted"))]
    for x, name in zip(given, ("seen", "wanted"), strict=True):
        if x.ndim != 3 or not x.size or x.shape[:2] != given[0].shape[:2]:
            raise ArtError(
                f"{name} has shape {x.shape}: a loss compares two pictures, both (h, w, c)"
            )
    return given[0], given[1]


def tone(seen: jax.Array, wanted: jax.Array) -> jax.Array:
    """The mean square of the difference of tones: what pens that cover one another share out.

    Of what is `seen` and what is `wanted`, both (h, w, c) in [0, 1].

    >>> float(ga.losses.tone(jnp.ones((8, 8, 1)), jnp.full((8, 8, 1), 0.5)))
    0.25
    """
    seen, wanted = _pictures(seen, wanted)
    return jnp.mean((seen - wanted) ** 2)


def density(seen: jax.Array, wanted: jax.Array) -> jax.Array:
    """The mean square of the difference of optical densities, -log of what the paper reflects.

    Of what is `seen` and what is `wanted`, both (h, w, c) in [0, 1]. Ink adds up in density, and
    the eye sees ratios: a dark place that is too light by a tenth counts as much as a light one
    that is.

    >>> paper, gray = jnp.ones((8, 8, 1)), jnp.full((8, 8, 1), 0.5)
    >>> bool(ga.losses.density(gray / 2, gray) > ga.losses.density(paper - 0.25, paper))
    True
    """
    seen, wanted = _pictures(seen, wanted)
    return jnp.mean((jnp.log(seen + _DARKEST) - jnp.log(wanted + _DARKEST)) ** 2)


def edges(seen: jax.Array, wanted: jax.Array) -> jax.Array:
    """The mean square of the difference of slopes, from each pixel to those below and right.

    Of what is `seen` and what is `wanted`, both (h, w, c) in [0, 1]: where outlines lie, however
    dark they are.

    >>> gray = jnp.full((8, 8, 1), 0.5)
    >>> float(ga.losses.edges(gray, gray + 0.25))
    0.0
    """
    seen, wanted = _pictures(seen, wanted)
    difference = seen - wanted
    across, down = jnp.diff(difference, axis=1), jnp.diff(difference, axis=0)
    return jnp.mean(across**2) + jnp.mean(down**2)


def similarity(seen: jax.Array, wanted: jax.Array) -> jax.Array:
    """One less the structural similarity: 0 for pictures that are alike, up to 2.

    Of what is `seen` and what is `wanted`, both (h, w, c) in [0, 1]. Mean, variance and covariance
    of windows of 7 x 7 pixels are compared: Wang, Bovik, Sheikh, Simoncelli, "Image quality
    assessment: from error visibility to structural similarity" (2004), with the windows, and their
    sample covariance, of scikit-image.

    >>> gray = jnp.full((8, 8, 1), 0.5)
    >>> float(ga.losses.similarity(gray, gray))
    0.0
    """
    seen, wanted = _pictures(seen, wanted)
    side = min(_WINDOW, *seen.shape[:2])
    n = side * side

    def mean(x: jax.Array) -> jax.Array:
        window = (side, side, 1)
        return jax.lax.reduce_window(x, 0.0, jax.lax.add, window, (1, 1, 1), "valid") / n

    x, y = mean(seen), mean(wanted)
    sample = n / max(1, n - 1)
    xx = sample * (mean(seen * seen) - x * x)
    yy = sample * (mean(wanted * wanted) - y * y)
    xy = sample * (mean(seen * wanted) - x * y)
    light = (2 * x * y + _K1**2) / (x * x + y * y + _K1**2)
    structure = (2 * xy + _K2**2) / (xx + yy + _K2**2)
    return 1 - jnp.mean(light * structure)
