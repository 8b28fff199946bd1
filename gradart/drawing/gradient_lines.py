"""Lines whose color changes along them: cut into pieces, each of one color."""

import functools

import jax
import jax.numpy as jnp

from gradart.calculus.checks.arguments import short
from gradart.calculus.checks.artist_functions import as_count
from gradart.calculus.vectors import safe_norm
from gradart.drawing.color.ramps import Shade
from gradart.drawing.marks import lines
from gradart.drawing.shapes import Lines, Mark
from gradart.drawing.style import OVER, PEN, Blend, BlendKind, numbers
from gradart.errors import ArtError
from gradart.types import Numbers


def gradient_lines(
    points: Numbers,
    shade: Shade,
    *,
    pieces: int = 64,
    width: Numbers = PEN,
    alpha: Numbers = 1.0,
    blend: BlendKind | Blend = OVER,
) -> Mark:
    """Polylines through points (..., m, 2) whose color runs along them, from start to end.

    Each is cut into `pieces` of one length, and `shade`, a function from [0, 1] to colors as `ramp`
    gives one, says the color of each: the first is shade(0), the last shade(1). The corners of the
    line stay where they are. A NaN among the `points` lifts the pen, and what it skips has no
    length. Where pieces meet their round ends overlap, which shows if they are not opaque.

    `width` in mm and `alpha` are one for all, or one for each polyline; `blend` is that of `lines`.
    ArtError for what is no function, and for less than 2 pieces.

    >>> t = jnp.linspace(0, 12, 400)
    >>> spiral = t[:, None] * jnp.stack([jnp.cos(t), jnp.sin(t)], -1)
    >>> ga.gradient_lines(spiral, ga.palette("dusk").ramp, width=1.5)
    """
    if not callable(shade):
        raise ArtError(
            f"shade is {short(shade)}: give a function to colors, like ga.palette('dusk').ramp or"
            " ga.ramp('#1b1b1e', '#c2410c')"
        )
    count = as_count(pieces, "pieces", 2)
    drawn = lines(points).shape
    assert isinstance(drawn, Lines)
    if not len(drawn.points):
        return lines(drawn.points, width=width, alpha=alpha, blend=blend)
    if drawn.points.shape[1] < 2:
        raise ArtError("a line whose color changes has two points or more")
    bits, piece = _cut_all(jnp.asarray(drawn.points), count)

    def spread(values: Numbers, name: str) -> Numbers:
        each = numbers(values, name)
        return jnp.repeat(each.ravel(), bits.shape[1]) if each.size > 1 else each

    colors = shade(piece.ravel() / (count - 1))
    alpha = spread(alpha, "alpha")
    return lines(bits, stroke=colors, width=spread(width, "width"), alpha=alpha, blend=blend)


def _cut(row: jax.Array, pieces: int) -> tuple[jax.Array, jax.Array]:
    """Segments (k, 2, 2) of a polyline (m, 2) cut into pieces of one length, and of which each is.

    Both the corners and the cuts are ends of segments, k = m + pieces - 2 of them.
    """
    steps = jnp.diff(row, axis=0)
    seen = jnp.isfinite(steps).all(-1)
    lengths = jnp.where(seen, safe_norm(jnp.where(seen[:, None], steps, 1.0)), 0.0)
    along = jnp.concatenate([jnp.zeros(1), jnp.cumsum(lengths)])
    whole = jnp.where(along[-1] > 0, along[-1], 1.0)
    cuts = along[-1] * jnp.arange(1, pieces) / pieces
    # The last corner that is not beyond the cut: no gap, which has no length, comes after it.
    at = jnp.clip(jnp.searchsorted(along, cuts, side="right") - 1, 0, len(lengths) - 1)
    share = (cuts - along[at]) / jnp.where(lengths[at] > 0, lengths[at], 1.0)
    between = row[at] + share[:, None] * steps[at]
    places = jnp.concatenate([along, cuts])
    order = jnp.argsort(places, stable=True)
    ends, places = jnp.concatenate([row, between])[order], places[order]
    middle = (places[:-1] + places[1:]) / (2 * whole)
    piece = jnp.clip(jnp.floor(middle * pieces), 0, pieces - 1)
    return jnp.stack([ends[:-1], ends[1:]], 1), piece


@functools.partial(jax.jit, static_argnums=1)
def _cut_all(rows: jax.Array, pieces: int) -> tuple[jax.Array, jax.Array]:
    return jax.vmap(_cut, (0, None))(rows, pieces)
