"""Fields made of a field: octaves of it summed, as land, ridges or clouds; its loop; its curl.

Fields of any number of coordinates, as noise is. See `gradart.library.fields` for other ways.
"""

import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import as_number, factory, short
from gradart.calculus.checks.artist_functions import FIELD, as_count, checked, concrete
from gradart.calculus.forward_mode import explained, gradient_of
from gradart.errors import ArtError
from gradart.library.boxed_fields import UNIT, BoxedField, boxed, listed, wanted
from gradart.library.noise.lattice_noise import ROOTS
from gradart.types import Field, Map, Number, Numbers

Sum = Callable[[jax.Array, jax.Array], jax.Array]


def fbm(field: Field, octaves: int = 4, lacunarity: Number = 2.0, gain: Number = 0.5) -> BoxedField:
    """Fractional Brownian motion: a field summed with ever smaller and flatter copies of itself.

    Of `octaves` copies of `field` each is `lacunarity` times as small as the one before, and `gain`
    times as high; the sum is divided by that of the heights, so that it keeps within the field's
    range. In the plane its power falls with the frequency f as f^(2 log(gain) / log(lacunarity) -
    2): by 2 and 1/2 as f^-4. The copies are turned and shifted against each other. Of a field that
    repeats, as `ga.noise(key, tile=1)`, they are not turned, and repeat with it: lacunarity is then
    a whole number. `ga.noise(key, octaves=5)` is such a sum already, of octaves that are noises of
    their own, so give `octaves=1` there. After B. Mandelbrot and J. Van Ness (1968), and F. K.
    Musgrave in "Texturing and modeling" (1994).

    As often differentiable as the field.

    >>> noise = ga.noise(jax.random.key(1), kind="simplex", octaves=1)
    >>> land = ga.fbm(noise, octaves=3, gain=0.4)
    >>> ga.raster(0.5 + ga.value(land, ga.grid(80, 80, land.box)) / 2, land.box)
    """
    return _summed(_sum, field, octaves, lacunarity, gain)


def billow(
    field: Field, octaves: int = 4, lacunarity: Number = 2.0, gain: Number = 0.5
) -> BoxedField:
    """Billows: octaves of a field, each folded at 0, so that it has round hills and sharp valleys.

    Of `field`, within -1 to 1, `octaves` copies are summed as by `fbm`, by `lacunarity` and `gain`,
    each as 2 abs(field) - 1: within -1 to 1 again, of no mean 0. C0: the slope jumps in the
    valleys.

    >>> clouds = ga.billow(ga.noise(jax.random.key(1), octaves=1), octaves=3)
    >>> ga.raster(0.5 + ga.value(clouds, ga.grid(80, 80, clouds.box)) / 2, clouds.box)
    """
    return _summed(
        lambda x, height: _sum(2 * jnp.abs(x) - 1, height), field, octaves, lacunarity, gain
    )


def ridged(
    field: Field, octaves: int = 4, lacunarity: Number = 2.0, gain: Number = 0.5
) -> BoxedField:
    """Ridges: octaves of a field, sharp where it is 0, and rough only where they are high.

    Of `field`, within -1 to 1, `octaves` copies are taken as by `fbm`, by `lacunarity` and `gain`,
    each as (1 - abs(field))^2; each counts by twice the one before, 1 at most, so that valleys stay
    smooth. Within -1 to 1, of no mean 0. C0: the slope jumps on the ridges. After F. K. Musgrave's
    ridged multifractal, in "Texturing and modeling" (1994).

    >>> alps = ga.ridged(ga.noise(jax.random.key(1), octaves=1, size=0.8), octaves=3)
    >>> ga.raster(0.5 + ga.value(alps, ga.grid(80, 80, alps.box)) / 2, alps.box)
    """
    return _summed(_ridges, field, octaves, lacunarity, gain)


def _sum(x: jax.Array, height: jax.Array) -> jax.Array:
    return height @ x / height.sum()


def _ridges(x: jax.Array, height: jax.Array) -> jax.Array:
    signals, weight = [], jnp.ones(())
    for folded in (1 - jnp.abs(x)) ** 2:
        signals.append(weight * folded)
        weight = jnp.clip(2 * signals[-1], 0, 1)
    return 2 * _sum(jnp.stack(signals), height) - 1


def _summed(
    put_together: Sum, field: Field, octaves: int, lacunarity: Number, gain: Number
) -> BoxedField:
    """A field of the values that another has in each of its octaves, and of their heights."""
    _refuse_factory(field)
    f = checked(field, FIELD)
    n = as_count(octaves, "octaves", 1)
    as_number(lacunarity, "lacunarity", above=0)
    as_number(gain, "gain", above=0)
    tile: np.ndarray | None = getattr(field, "tile", None)
    if tile is not None and not (concrete(lacunarity) and float(np.asarray(lacunarity)) % 1 == 0):
        raise ArtError(
            f"lacunarity is {short(lacunarity)}: give a whole number, so that the octaves of a"
            " field that repeats do so too"
        )
    order = np.arange(n)
    (x0, y0), (x1, y1) = box = getattr(field, "box", UNIT)
    apart = 7 * (abs(x1 - x0) + abs(y1 - y0))  # farther than what is alike in a field

    def at(p: jax.Array) -> jax.Array:
        p = _point(p)
        turns = (
            np.stack([_turn(i, len(p)) for i in range(n)]) if tile is None else np.eye(len(p))[None]
        )
        places = (turns @ p) * jnp.asarray(lacunarity) ** order[:, None]
        shift = apart * ROOTS[: len(p)]  # no lattice has a line that way
        x = jax.vmap(f)(places + order[:, None] * shift)
        return put_together(x, jnp.asarray(gain) ** order)

    return boxed(box, tile)(at)


def _turn(i: int, d: int) -> np.ndarray:
    """A turn (d, d) by i radians in the plane of each coordinate and the next."""
    turn = np.eye(d)
    for k in range(d - 1):
        turn[[k, k + 1]] = (
            np.array([[math.cos(i), -math.sin(i)], [math.sin(i), math.cos(i)]]) @ turn[[k, k + 1]]
        )
    return turn


def _point(p: Numbers) -> jax.Array:
    """A point (d,) as an array of floats."""
    point = jnp.asarray(listed(p), dtype=float)
    if point.ndim != 1 or len(point) > len(ROOTS):
        raise ArtError(wanted("the field", point.shape, "a point of 1 to 8 coordinates"))
    return point


def looped(field: Field, u: Number, radius: Number = 0.2) -> BoxedField:
    """A field at one moment of a loop: it is led around a circle in two more coordinates.

    `field` takes two coordinates more than what is made takes: at p it is `field` at (*p, radius
    cos(2 pi u), radius sin(2 pi u)), so that it ends where it began when the playhead `u` goes from
    0 to 1, and no moment of the loop is unlike the others. `radius`, in the artist's units, is how
    much changes: little if it is small by the field's size. Any field of as many coordinates will
    do, also `lambda q: ...` of several. After E. Jacob, "Perfect loops" (2017).

    >>> clouds = ga.looped(ga.noise(jax.random.key(1), octaves=2), u=0.3)
    >>> ga.lines(ga.contours(clouds, 8, resolution=100))
    """
    _refuse_factory(field)
    f = checked(field, FIELD)
    u, radius = as_number(u, "u"), as_number(radius, "radius", "length", least=0)
    tile: np.ndarray | None = getattr(field, "tile", None)
    if tile is not None and tile.ndim:
        tile = tile[:-2]
    around = math.tau * jnp.asarray(u)

    @boxed(getattr(field, "box", UNIT), tile)
    def at(p: jax.Array) -> jax.Array:
        circle = jnp.stack([radius * jnp.cos(around), radius * jnp.sin(around)])
        return f(jnp.concatenate([_point(p), circle]))

    return at


def curl(field: Field | Map) -> Map:
    """The curl of a field: a flow along its level lines that nothing leaves and nothing enters.

    Of a `field` of the plane, (2,) -> (), it is the map p -> (df/dy, -df/dx), by exact derivatives,
    so that its divergence is 0: what floats in it does not gather, and higher ground lies to the
    left. Of a map of space, (3,) -> (3,), it is the curl, of divergence 0 too. `streamlines` and
    `stream` take it for a flow, and `warp` for what a field is moved by. It has the field's box.
    After R. Bridson, J. Hourihan and M. Nordenstam, "Curl-noise for procedural fluid flow" (2007).

    >>> flow = ga.curl(ga.noise(jax.random.key(1), octaves=1))
    >>> p = ga.grid(30, 30, flow.box)
    >>> ga.segments(p, p + 0.02 * ga.value(flow, p))
    """
    _refuse_factory(field)

    def flow(p: Numbers) -> jax.Array:
        p = jnp.asarray(listed(p), dtype=float)
        match p.shape:
            case (2,):
                slope = gradient_of(checked(field, FIELD))(p)
                return jnp.stack([slope[1], -slope[0]])
            case (3,):
                to_space = checked(field, ("map", "(3,)", ((3,),)))
                turn = explained(jax.jacfwd(to_space))(p)
                turn = turn - turn.T
                return jnp.stack([turn[2, 1], turn[0, 2], turn[1, 0]])
        raise ArtError(
            f"curl takes a point of 2 or 3 coordinates, not an array of shape {p.shape}"
            + ("; ga.value(flow, points) is for many" if p.ndim > 1 else "")
        )

    return boxed(getattr(field, "box", UNIT))(flow)


def _refuse_factory(field: object) -> None:
    """Refuse what is no function, or makes one: `ga.noise` for `ga.noise(key)`."""
    if not callable(field):
        raise ArtError(f"field is {short(field)}: give a function of a point, as ga.noise(key) is")
    if text := factory(field):
        raise ArtError(text)
