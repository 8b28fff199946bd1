"""Photographs in color, as smooth maps from points to colors."""

import dataclasses
import functools
import os

import jax
import jax.numpy as jnp

from gradart.calculus.checks.arguments import short
from gradart.calculus.checks.artist_functions import as_points
from gradart.errors import ArtError
from gradart.library.boxed_fields import Box
from gradart.library.photographs import read_colors
from gradart.library.readers.file_checks import of_matplotlib
from gradart.library.sampled import Sampled, tabulated
from gradart.types import Number, Numbers


@functools.partial(
    jax.tree_util.register_dataclass, data_fields=["red", "green", "blue"], meta_fields=[]
)
@dataclasses.dataclass(frozen=True, eq=False)
class ColorPhotograph:
    """A photograph in color: `photo(points)` are the colors (..., 3) at points (..., 2).

    Made by `color_photograph`. `red`, `green` and `blue` are fields of their own, to be contoured
    or followed; colors are sRGB, held within [0, 1]. `box` is ((x0, y0), (x1, y1)).

    >>> photo = ga.color_photograph(smooth=4)
    >>> photo((0.0, 0.0)).shape, photo(ga.grid(3, 4, photo.box)).shape
    ((3,), (3, 4, 3))
    """

    red: Sampled
    green: Sampled
    blue: Sampled

    @property
    def box(self) -> Box:
        """The part of the plane that the picture covers, ((x0, y0), (x1, y1)).

        >>> ga.color_photograph().box[1][1]
        1.0
        """
        return self.red.box

    def __call__(self, points: Numbers) -> jax.Array:
        at = as_points(points, "points")
        if at.shape[-1] != 2:
            raise ArtError(f"points must have shape (..., 2), not {short(at.shape)}")
        flat = at.reshape(-1, 2)
        channels = [jax.vmap(field)(flat) for field in (self.red, self.green, self.blue)]
        return jnp.clip(jnp.stack(channels, -1), 0, 1).reshape(*at.shape[:-1], 3)


def color_photograph(
    file: str | os.PathLike[str] | None = None, *, smooth: Number = 1.0, crop: Box | None = None
) -> ColorPhotograph:
    """The colors of a picture as a smooth function of points: `photo(points)` is (..., 3), sRGB.

    `file`, `smooth`, a blur in pixels, and `crop` are those of `photograph`; so is the box, its
    longer side over [-1, 1]. ArtError for a file that is broken, and for TIFFs with samples of
    32 bits or such that `photograph` reads by GDAL.

    >>> photo = ga.color_photograph(smooth=3, crop=((0.2, 0.4), (0.8, 1)))
    >>> p = ga.grid(40, 40, photo.box).reshape(-1, 2)
    >>> ga.dots(p, 1.2, fill=photo(p))
    """
    source = of_matplotlib("grace_hopper.jpg") if file is None else file
    pixels = read_colors(source, crop)
    red, green, blue = (tabulated(pixels[::-1, :, i], smooth=smooth) for i in range(3))
    return ColorPhotograph(red, green, blue)
