"""Colors between colors: ramps that are even to the eye, and the colormaps of matplotlib.

With the strip of patches that a notebook shows of ramps and palettes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import short
from gradart.calculus.checks.artist_functions import as_floats, concrete
from gradart.calculus.programs.padded_lengths import at_padded_lengths
from gradart.calculus.programs.precision import constant
from gradart.drawing.color.oklab import light_of, oklab, srgb
from gradart.drawing.style import ColorLike, color, hex_code
from gradart.errors import ArtError
from gradart.types import Array, Numbers

Shade = Callable[[Numbers], jax.Array]  # (...) -> RGBA (..., 4)
_HIGH = 48  # px


@dataclass(frozen=True, eq=False)
class Ramp:
    """A function from [0, 1] to colors that runs through some, made by `ramp`.

    It maps any shape (...) to RGBA (..., 4). `colors` are those that it runs through, RGBA (n, 4),
    and `at` (n,) where they are. A gradient takes it as its colors: `linear_gradient(a, b, shade)`.
    A sketch's parameter that is one has an editor on the live page.

    >>> shade = ga.ramp("#1b1b1e", "#c2410c", "#f7f4ed")
    >>> shade.colors.shape, shade.at.tolist()
    ((3, 4), [0.0, 0.5, 1.0])
    """

    colors: Array
    at: np.ndarray

    @cached_property
    def _channels(self) -> Array:
        if isinstance(self.colors, np.ndarray):
            return np.concatenate([oklab(self.colors[:, :3]), self.colors[:, 3:]], 1)
        return jnp.concatenate([oklab(self.colors[:, :3], jnp), self.colors[:, 3:]], 1)

    def __call__(self, x: Numbers) -> jax.Array:
        place, knots = jnp.asarray(as_floats(x, "x"), float), constant(self.at)
        channels = constant(self._channels)
        return at_padded_lengths(lambda t: _mixed(t, knots, channels), [place], place.ndim)

    def __repr__(self) -> str:
        """How many colors it runs through: their numbers say little."""
        return f"Ramp({len(self.at)} colors)"

    def _repr_svg_(self) -> str | None:
        """What a notebook shows: the colors from 0 to 1; None where they are being traced."""
        if not concrete(self.colors):
            return None
        return strip(np.asarray(self(np.linspace(0, 1, 96))), 4)


def ramp(*colors: ColorLike, at: Sequence[float] | None = None) -> Ramp:
    """A function from [0, 1] to colors that runs evenly through given colors, in OKLab.

    Through two `colors` or more, as `color` reads them; `at` says where each is, from 0 to 1 and
    none before the one in front of it, if they are not evenly spaced. It maps any shape (...) to
    RGBA (..., 4); values beyond the outer colors take these. ArtError for other places.

    >>> shade = ga.ramp("#1b1b1e", "#c2410c", "#f7f4ed")
    >>> np.round(shade(0.5), 2)  # the rust in the middle
    Array([0.76, 0.25, 0.05, 1.  ], dtype=float32)
    >>> early = ga.ramp("#1b1b1e", "#c2410c", "#f7f4ed", at=(0, 0.2, 1))
    >>> ga.circles((0, 0), jnp.arange(1, 9), stroke=early(jnp.linspace(0, 1, 8)), width=2)
    """
    if len(colors) < 2:
        raise ArtError("a ramp needs two colors or more: ga.ramp('#1b1b1e', '#c2410c')")
    found = [color(c) for c in colors]
    xp = np if concrete(*found) else jnp
    stops = xp.array(found, float)
    try:
        places = np.linspace(0, 1, len(stops)) if at is None else np.array(at, float)
    except (TypeError, ValueError, OverflowError):
        raise ArtError(f"at is {short(at)}: give a number from 0 to 1 for each color") from None
    if places.shape != (len(stops),) or not (np.diff(places, prepend=0, append=1) >= 0).all():
        raise ArtError(
            f"at is {short(at)}: give a number for each of the {len(stops)} colors, from 0 to 1 and"
            " rising"
        )
    for known in (stops, places):
        if isinstance(known, np.ndarray):
            known.flags.writeable = False
    return Ramp(stops, places)


@jax.jit
def _mixed(x: jax.Array, knots: jax.Array, channels: jax.Array) -> jax.Array:
    mixed = [jnp.interp(x, knots, channel) for channel in channels.T]
    return jnp.concatenate([srgb(light_of(jnp.stack(mixed[:3], -1)), jnp), mixed[3][..., None]], -1)


def colormap(name: str) -> Shade:
    """A colormap of matplotlib, as a function from [0, 1] (...) to RGBA (..., 4).

    `name` is matplotlib's, like "viridis" or "magma"; values outside [0, 1] take the end colors.
    ArtError for a name that it does not know.

    >>> t = jnp.linspace(0, 1, 50)
    >>> ga.dots(jnp.stack([t, t**2], -1), 2, fill=ga.colormap("viridis")(t))
    """
    import matplotlib

    if not isinstance(name, str):
        raise ArtError(f"a colormap has a name, like 'viridis', not {short(name)}")
    try:
        table = matplotlib.colormaps[name](np.linspace(0, 1, 256))
    except KeyError:
        from difflib import get_close_matches

        near = get_close_matches(name, list(matplotlib.colormaps), 3) or ["viridis", "magma"]
        raise ArtError(f"no colormap {name!r}; try {' or '.join(map(repr, near))}") from None

    def shade(x: Numbers) -> jax.Array:
        x = jnp.asarray(as_floats(x, "x"), float)
        knots = np.linspace(0, 1, 256)
        return jnp.stack([jnp.interp(x, knots, channel) for channel in table.T], -1)

    return shade


def strip(colors: np.ndarray, wide: float, *, paper: np.ndarray | None = None) -> str:
    """Patches of `colors` (n, 4), each `wide` px, side by side, or apart on their `paper`."""
    apart = 0 if paper is None else 8
    width, height = len(colors) * (wide + apart) + apart, _HIGH + 2 * apart
    size = f'width="{width:g}" height="{height}" viewBox="0 0 {width:g} {height}"'
    patches = [] if paper is None else [_patch(0, 0, width, height, paper)]
    over = 0.5 if paper is None else 0  # so that no seam is seen between two
    patches += [
        _patch(apart + i * (wide + apart), apart, wide + over, _HIGH, one)
        for i, one in enumerate(colors)
    ]
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(patches)}</svg>'


def _patch(x: float, y: float, width: float, height: float, rgba: np.ndarray) -> str:
    name = hex_code(rgba)
    place = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
    return f'<rect {place} fill="{name}"><title>{name}</title></rect>'
