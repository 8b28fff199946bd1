"""Complex functions seen as color: the direction of a value as hue, its size as steps of shade."""

import functools

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import as_number, short
from gradart.calculus.checks.artist_functions import as_count, as_floats, outside
from gradart.calculus.complex_functions import ComplexFunction, analytic, derivatives
from gradart.calculus.programs.compiled_once import TracedFunction, jit_with
from gradart.drawing.color.oklab import from_oklch, linear, srgb
from gradart.drawing.color.ramps import Ramp, ramp
from gradart.drawing.marks import raster
from gradart.drawing.shapes import Mark
from gradart.errors import ArtError
from gradart.geometry.points import corners_now, square_cells
from gradart.types import Corners, Number

LIGHTNESS, CHROMA, FIRST_HUE = 0.74, 0.11, 30.0  # OKLCH: in sRGB at every hue
STOPS = 36
OFF = 0.0123, 0.0217  # of a pixel, from its middle: on no round number, where a pole would be


def domain_coloring(
    f: ComplexFunction,
    box: Corners,
    *,
    wheel: Ramp | None = None,
    depth: Number = 0.25,
    sectors: int = 0,
    resolution: int = 800,
) -> Mark:
    """A complex function as colors: the phase of its value as hue, its modulus as steps of shade.

    `f` is an analytic function of one complex number, written with jnp, and x + i y the point (x,
    y) of `box`, ((x0, y0), (x1, y1)). The picture has `resolution` pixels along the longer side;
    where f is NaN it is transparent. Its color is that of `wheel`, a ramp whose ends meet, at the
    phase in turns: at 0 for positive values, 1/4 for those along i. Without one, the hues of OKLCH
    at one lightness and chroma, so that no direction stands out.

    The lightness falls by `depth` wherever the modulus passes a power of 2 upward, and between them
    rises again: contours, close together at zeros and poles, rising to a pole. With `sectors`, it
    falls that often in a turn of the phase too, and at powers of exp(2 pi / sectors) of the
    modulus: so the tiles are squares, but where f' is 0. By the exact derivative f' / f each pixel
    has the mean of the steps in it, so that none are jagged.

    E. Wegert, "Visual Complex Functions" (2012). ArtError for a box without an area, and for
    a wheel that is no ramp.

    >>> box = (-2, -2), (2, 2)
    >>> ga.domain_coloring(lambda z: (z**2 + 1) ** 2 / (z - 1), box, resolution=200)
    """
    outside("domain_coloring", box)
    corner = corners_now(box)
    rows, columns = square_cells(corner, as_count(resolution, "resolution"))
    say = "give a ramp whose ends meet, ga.ramp('navy', 'gold', 'navy')"
    if wheel is not None and not callable(wheel):
        raise ArtError(f"wheel is {short(wheel)}: {say}")
    steps = as_count(sectors, "sectors", 0)
    reach = as_floats(as_number(depth, "depth"), "depth")
    side = (corner[1] - corner[0]) / np.array([columns, rows])
    x, y = (
        jnp.asarray(corner[0, k] + side[k] * (np.arange(n) + 0.5 + OFF[k]))
        for k, n in enumerate((columns, rows))
    )
    phase, fall, seen = jit_with(_read, analytic(f))(x + 1j * y[:, None], side.max(), steps)
    shade = _wheel() if wheel is None else wheel
    try:
        colors = jnp.asarray(shade(phase))
    except (TypeError, ValueError, OverflowError) as error:
        raise ArtError(f"wheel cannot take an array of phases: {say}") from error
    if colors.shape not in ((*phase.shape, 3), (*phase.shape, 4)):
        raise ArtError(f"wheel makes an array of shape {colors.shape} of phases: {say}")
    return raster(_darkened(colors, reach * fall, seen), corner)


@jax.jit
def _darkened(rgb: jax.Array, fall: jax.Array, seen: jax.Array) -> jax.Array:
    """Colors (r, c, 4) with OKLab's lightness and chroma lower by a share: RGBA (r, c, 4)."""
    light = linear(rgb[..., :3], jnp) * (1 - fall[..., None]) ** 3
    return jnp.concatenate([srgb(light, jnp), seen[..., None]], -1)


@functools.cache
def _wheel() -> Ramp:
    """All hues at one lightness and chroma, once around."""
    hues = FIRST_HUE + np.linspace(0, 360, STOPS + 1)
    lch = np.stack([np.full_like(hues, LIGHTNESS), np.full_like(hues, CHROMA), hues], -1)
    return ramp(*from_oklch(lch))


def _read(
    f: TracedFunction, z: jax.Array, side: jax.Array, sectors: jax.Array
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """The phase in turns; how dark the steps are, from 0 to 1; whether f is a number: (r, c)."""

    def read(z: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
        w, slope = derivatives(f, z, 1)
        turn = jnp.angle(w) / (2 * jnp.pi) % 1
        change = side * jnp.abs(slope / w)  # of the logarithm and of the phase, across a pixel
        grain = jnp.where(sectors > 0, sectors / (2 * jnp.pi), 1 / jnp.log(2.0))
        rise = _mean_part(grain * jnp.log(jnp.abs(w)), grain * change)
        around = _mean_part(sectors * turn, grain * change)
        fall = 1 - jnp.where(sectors > 0, (rise + around) / 2, rise)
        seen = ~jnp.isnan(w)
        return jnp.where(seen, turn, 0), jnp.where(seen, fall, 0), seen.astype(turn.dtype)

    return jax.lax.map(jax.vmap(read), z)


def _mean_part(x: jax.Array, spread: jax.Array) -> jax.Array:
    """The mean of x - floor(x) over an interval around x, as wide as `spread`; 1/2 if unknown."""

    def integral(x: jax.Array) -> jax.Array:
        whole = jnp.floor(x)
        return (whole + (x - whole) ** 2) / 2

    width = jnp.maximum(spread, 1e-3)
    mean = (integral(x + width / 2) - integral(x - width / 2)) / width
    return jnp.where(jnp.isfinite(mean) & (width < 1e6), mean, 0.5)
