"""Views of land and of graphs on the plane of the page."""

import functools
from types import ModuleType

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import as_number
from gradart.calculus.checks.artist_functions import FIELD, as_floats, as_points, checked, concrete
from gradart.calculus.forward_mode import explained
from gradart.calculus.programs.by_numpy import by_numpy
from gradart.calculus.programs.compiled_once import traced
from gradart.calculus.programs.padded_lengths import at_padded_lengths, unstacked
from gradart.calculus.recorder import notice_view
from gradart.errors import ArtError
from gradart.geometry.points import domain, grid, survey
from gradart.types import Array, Corners, Field, Number, Numbers, Points, View

CELLS = 2048  # of the horizon table, on each side
# Of the box's longer side, a few micrometers on paper: what keeps rounding from raising a horizon
# on a plain that is seen edge on.
SLACK = 1e-5
_GRAINS = 2**6  # at least, of the slack: the horizon comes in such, of which a page holds few bits


def relief(
    field: Field, tilt: Number = 35, height: Number = 0.7, *, box: Corners | None = None
) -> View:
    """A view of a field as land from above and afar, what is hidden NaN: (..., 2) -> (..., 2).

    `field` is seen from the south, far away and `tilt` degrees above the horizon: (x, y) comes to
    (x, y sin tilt + h cos tilt). h is the field's value, scaled so that over `box`, the field's own
    by default, it goes from 0 to `height`, in the artist's units. Hidden is what falls away from
    the viewer, and what lies behind land that is within the box. A line ends at a ridge as exactly
    as its points are close: give it one for each width of the pen.

    >>> land = ga.terrain()
    >>> view = ga.relief(land, tilt=35)
    >>> ga.lines(view(ga.grid(40, 400, box=land.box)), width=0.2)
    """
    notice_view()
    corner = domain(field, box)
    if concrete(corner) and not np.less(*np.asarray(corner)).all():
        raise ArtError("the box of a relief is ((x0, y0), (x1, y1)) with x0 < x1 and y0 < y1")
    degrees = as_floats(as_number(tilt, "tilt"), "tilt")
    if concrete(degrees) and not 0 <= degrees <= 90:
        raise ArtError(f"tilt is {tilt}: give degrees from 0, level, to 90, straight down")
    land = checked(field, FIELD)
    heights = survey(land, grid(CELLS, CELLS, corner))
    low, span = unstacked(by_numpy(_low_and_span, heights))
    if concrete(heights) and not np.isfinite(np.asarray(heights)).all():
        raise ArtError("a relief needs a field that is finite all over its box; fill the holes")
    radians = jnp.radians(degrees)
    up, reach = jnp.sin(radians), as_floats(as_number(height, "height"), "height")
    lift = by_numpy(_lift, jnp.cos(radians), reach, span)
    slack = by_numpy(_slack, corner)
    horizon = _in_grains(_horizon(corner, up, lift, by_numpy(_above, heights, low)), slack)

    # The table is an argument: as a constant of the program it would double the time to compile.
    @jax.jit
    @functools.partial(jax.vmap, in_axes=(0, None))
    def place(q: jax.Array, horizon: jax.Array) -> jax.Array:
        h, slope = explained(jax.jvp)(traced(land, q), (q,), (jnp.array([0, 1], q.dtype),))
        y = up * q[1] + lift * (h - low)
        falls_away = up + lift * slope < -SLACK
        hidden = falls_away | (y < _lookup(horizon, corner, q) - slack)
        return jnp.where(hidden, jnp.nan, jnp.stack([q[0], y]))

    def page(points: Numbers) -> Points:
        p = as_points(points, "points")
        if p.shape[-1] != 2:
            raise ArtError(f"relief takes points of shape (..., 2), not {p.shape}")

        def placed(q: jax.Array) -> jax.Array:
            return place(q.reshape(-1, 2), horizon).reshape(q.shape)

        return at_padded_lengths(placed, [p], p.ndim - 1)

    return page


def _low_and_span(xp: ModuleType, heights: Array) -> Array:
    low, high = heights.min(), heights.max()
    return xp.stack([low, xp.where(high > low, high - low, 1)])


def _lift(xp: ModuleType, cosine: Array, height: Array, span: Array) -> Array:
    return cosine * height / span


def _above(xp: ModuleType, heights: Array, low: Array) -> Array:
    return heights - low


def _slack(xp: ModuleType, corner: Array) -> Array:
    return SLACK * (corner[1] - corner[0]).max()


@jax.jit
def _horizon(corner: jax.Array, up: jax.Array, lift: jax.Array, heights: jax.Array) -> jax.Array:
    """How high on the page the ridges in front of each node reach.

    A ridge is where the land, followed from the south, begins to fall on the page. The slope that
    a node itself is on does not count before it has fallen, so that land in plain view stands clear
    of its horizon, and no tolerance has to tell the two apart.
    """
    y = jnp.linspace(corner[0, 1], corner[1, 1], CELLS)

    def step(
        before: tuple[jax.Array, jax.Array], row: tuple[jax.Array, jax.Array]
    ) -> tuple[tuple[jax.Array, jax.Array], jax.Array]:
        last, horizon = before
        screen = up * row[0] + lift * row[1]
        horizon = jnp.where(screen < last, jnp.maximum(horizon, last), horizon)
        return (screen, horizon), horizon

    nothing = jnp.full(CELLS, jnp.finfo(heights.dtype).min, heights.dtype)
    return jax.lax.scan(step, (nothing, nothing), (y, heights))[1]


def _in_grains(horizon: jax.Array, slack: jax.Array) -> jax.Array:
    """The horizon, rounded to what a float as large as this tells: to a power of two."""
    large = slack * (2.0 ** jnp.finfo(horizon.dtype).nmant / _GRAINS)
    return (horizon + large) - large


def _lookup(horizon: jax.Array, corner: jax.Array, q: jax.Array) -> jax.Array:
    """The horizon at a point: along a row it is smooth, across rows it steps up at each ridge."""
    u, v = jnp.clip((q - corner[0]) / (corner[1] - corner[0]), 0, 1) * (CELLS - 1)
    row, column = v.astype(int), jnp.minimum(u.astype(int), CELLS - 2)
    way = u - column
    return (1 - way) * horizon[row, column] + way * horizon[row, column + 1]


def panel(box: Corners, onto: Corners) -> View:
    """A view that stretches one box onto another, x and y each by its own factor: (..., 2).

    `box` is the part of the drawing, ((x0, y0), (x1, y1)), and `onto` where it comes to lie. A
    sheet has one scale, a graph wants one for each axis, and several graphs have a place each.

    >>> left = ga.panel(box=((-3, -1), (3, 1)), onto=((0, 0), (80, 50)))
    >>> t = jnp.linspace(-3, 3, 100)
    >>> ga.lines(left(jnp.stack([t, jnp.tanh(t)], -1)))
    """
    source, target = as_floats(box, "box"), as_floats(onto, "onto")
    if source.shape != (2, 2) or target.shape != (2, 2):
        raise ArtError(
            f"a panel takes two boxes ((x0, y0), (x1, y1)), not {source.shape} and {target.shape}"
        )

    def page(points: Numbers) -> Points:
        p = as_points(points, "points")
        if p.shape[-1] != 2:
            raise ArtError(f"a panel takes points of shape (..., 2), not {p.shape}")
        return at_padded_lengths(lambda q: _moved(q, source, target), [p], p.ndim - 1)

    # Any corner will do to find a side of no length, which would divide by zero at every point.
    if concrete(source) and bool(np.equal(*np.asarray(source)).any()):
        raise ArtError("the box of a panel has a side of no length; give x0 < x1 and y0 < y1")
    notice_view((source, target))
    return page


@jax.jit
def _moved(p: jax.Array, source: jax.Array, target: jax.Array) -> jax.Array:
    return target[0] + (p - source[0]) / (source[1] - source[0]) * (target[1] - target[0])
