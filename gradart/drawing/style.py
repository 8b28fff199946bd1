"""Stroke, fill and color of a mark. Colors are sRGB with alpha, four floats in [0, 1]."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Literal, TypedDict, get_args

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import is_key, short, unmasked
from gradart.calculus.programs.by_numpy import by_numpy, collected, floats
from gradart.errors import ArtError
from gradart.types import Array, Numbers

ColorLike = str | Sequence[str] | Numbers
BlendKind = Literal["over", "ink", "light"]

PAPER = "#F7F4ED"
INK = "#1B1B1E"
PEN = 0.3  # mm


@dataclass(frozen=True)
class Blend:
    """How a mark meets what lies below it: see `ink` and `light`."""

    kind: BlendKind = "over"
    exposure: float | None = None
    embed: bool = False

    def __post_init__(self) -> None:
        known = isinstance(self.exposure, int | float) and 0 < self.exposure < math.inf
        if self.exposure is not None and not known:
            raise ArtError(f"exposure is a number above 0, like 1, not {short(self.exposure)}")


OVER = Blend()


def as_blend(blend: Blend | BlendKind) -> Blend:
    """A blend as it is, or of its kind."""
    if isinstance(blend, Blend):
        return blend
    if not isinstance(blend, str) or blend not in get_args(BlendKind):
        raise ArtError(f"blend is 'over', 'ink' or 'light', not {short(blend)}")
    return Blend(blend)


def ink(exposure: float | None = None, *, embed: bool = False) -> Blend:
    """The blend of strokes and dots that add up as ink does, beyond what 8 bits hold, in any order.

    Densities are summed, and the paper shows through as paper * exp(-exposure * sum). With
    `exposure` 1 a single stroke multiplies; without one, it is set so that the drawing uses the
    whole range; blend="ink" is the same. SVG and PDF keep the strokes; `embed` puts a picture of
    them in instead.

    >>> paths = ga.scatter(jax.random.key(1), 400, box=((-1, -1), (1, 1))).reshape(200, 2, 2)
    >>> ga.lines(paths, width=1, alpha=0.1, blend=ga.ink(exposure=2))
    """
    return Blend("ink", exposure, embed)


def light(exposure: float | None = None, *, embed: bool = False) -> Blend:
    """The blend of strokes and dots that add up as light on dark paper, in any order.

    1 - (1 - paper) * exp(-exposure * sum). With `exposure` 1 a single stroke is screened; without
    one, it is set so that the drawing uses the whole range. `embed` is that of `ink`.

    >>> paths = ga.scatter(jax.random.key(1), 400, box=((-1, -1), (1, 1))).reshape(200, 2, 2)
    >>> ga.scene(ga.lines(paths, stroke="#ffd8a8", alpha=0.2, blend=ga.light()), paper="#0b0d12")
    """
    return Blend("light", exposure, embed)


@dataclass(frozen=True)
class Gradient:
    """Colors that change over the drawing, as a fill: made by `linear_gradient` and its kin.

    `kind` is "linear" or "radial". `ends` (2, 2) are where a linear one starts and ends, or the
    center of a radial one and a point of its circle; `stops` (k, 4) are evenly spaced between them,
    and the outer ones go on beyond. A frozen value and a pytree.

    >>> sky = ga.linear_gradient((0, 0), (0, 1), "#e77e4c", "#12283e")
    >>> sky.kind, sky.stops.shape
    ('linear', (33, 4))
    """

    ends: Array  # (2, 2)
    stops: Array  # (k, 4)
    kind: Literal["linear", "radial"] = "linear"


jax.tree_util.register_dataclass(Gradient, ["ends", "stops"], ["kind"])


@dataclass(frozen=True)
class Layer:
    """A layer of a vector file that was asked for by its number, and what it is called."""

    number: int
    name: str = ""


@dataclass(frozen=True)
class Style:
    """How a mark is painted. Widths in millimeters; one value for all strokes, or one for each.

    With a `gradient`, which is what fills it, `fill` is the mean of its colors.
    `layer` is that of a vector file, None for the one that its pen has.
    """

    stroke: Array | None  # (4,) | (n, 4)
    width: Array  # () | (n,)
    fill: Array | None  # (4,) | (n, 4)
    blend: Blend = OVER
    gradient: Gradient | None = None
    layer: Layer | None = None


jax.tree_util.register_dataclass(Style, ["stroke", "width", "fill", "gradient"], ["blend", "layer"])


class PaintKeywords(TypedDict, total=False):
    """Keywords of marks with a stroke and a fill, each one for all strokes, or one for each.

    Colors as `color` reads them, or None for no paint; a fill can be a gradient; `width` of the
    stroke in mm; `alpha` from 0, invisible, to 1.
    """

    stroke: ColorLike | None
    width: Numbers
    fill: ColorLike | Gradient | None
    alpha: Numbers


class StyleKeywords(PaintKeywords, total=False):
    """Keywords of marks whose strokes or dots can add up too: see `ink` for `blend`."""

    blend: BlendKind | Blend


class TypeKeywords(TypedDict, total=False):
    """Keywords of `text` and `digits`: the type's `size` in mm, its font, and its color.

    `align` says which part of the line stands at the given point.
    """

    size: float
    align: Literal["left", "center", "right"]
    font: str
    fill: ColorLike
    alpha: Numbers


def numbers(values: object, what: str = "points") -> Array:
    """Return `values` as a float array, masked as NaN; traced and JAX arrays stay what they are."""
    if callable(values):
        hint = "ga.point(f, t) computes a curve's points, ga.curve(f, start, end) draws it"
        raise ArtError(f"{what} must be an array of numbers, not a function; {hint}")
    if values is None:  # which NumPy takes for NaN
        raise ArtError(f"{what} must be an array of numbers, not None")
    if is_key(values):
        raise ArtError(f"{what} must be numbers, not a random key; jax.random.normal(key, shape)")
    try:
        array: Array
        given = unmasked(values)
        if isinstance(given, jax.Array):
            array = given
        elif any(isinstance(leaf, jax.Array) for leaf in jax.tree_util.tree_leaves(given)):
            array = collected(given)
        else:
            array = given if np.iscomplexobj(given) else np.asarray(given, float)
    except (TypeError, ValueError, OverflowError) as exc:
        ragged = "inhomogeneous" in str(exc)
        why = "its rows differ in length; give each as many numbers" if ragged else exc
        raise ArtError(f"{what} must be an array of numbers: {why}") from exc
    if np.iscomplexobj(array):
        raise ArtError(f"{what} must be real numbers, not complex; write z.real and z.imag")
    if jnp.issubdtype(array.dtype, jnp.floating):
        return array
    return floats(array) if isinstance(array, jax.Array) else array.astype(float)


def _parse(name: str) -> tuple[float, float, float, float]:
    """Return the RGBA of a hex code, without the weight of matplotlib, or of a color name."""
    digits = name.removeprefix("#")
    if name.startswith("#") and len(digits) in (3, 4):
        digits = "".join(2 * d for d in digits)
    if name.startswith("#") and len(digits) in (6, 8):
        try:
            channels = [int(digits[i : i + 2], 16) / 255 for i in range(0, len(digits), 2)]
        except ValueError:
            raise ArtError(f"{name!r} is not a color; write '#c2410c'") from None
        red, green, blue, alpha = [*channels, 1.0][:4]
        return red, green, blue, alpha
    from matplotlib.colors import to_rgba

    try:
        return to_rgba(name)
    except ValueError:
        raise ArtError(
            f"{name!r} is not a color; write a hex code like '#c2410c' or a name like 'teal'"
        ) from None


def hex_code(channels: Array, *, alpha: bool = False) -> str:
    """Three or four numbers in [0, 1] as #rrggbb or #rrggbbaa.

    Of four, an alpha of 1 is left out, unless `alpha` is True.
    """
    levels = (255 * np.asarray(channels).clip(0, 1)).round().astype(np.uint8)
    code = "#" + levels.tobytes().hex()
    return code if alpha or len(code) == 7 else code.removesuffix("ff")


def color(value: ColorLike, alpha: Numbers = 1.0) -> Array:
    """A color, or many, as RGBA in [0, 1]: (4,) or (..., 4).

    `value` is a hex code, any name that matplotlib knows, three or four numbers, or an array or
    list of these; its alpha is multiplied by `alpha`, one number or one for each. ArtError for what
    is no color.

    >>> ga.color("#ff0000", alpha=0.5)
    array([1. , 0. , 0. , 0.5])
    """
    if isinstance(value, Gradient):
        raise ArtError("a gradient is no color: it fills lines, polygons, curves, circles and dots")
    if value is None:
        raise ArtError("None is not a color; write 'none' for one that is not seen")
    if isinstance(value, str):
        rgba: Array = np.array(_parse(value))
    elif isinstance(value, list | tuple) and value and all(isinstance(v, str) for v in value):
        rgba = np.array([_parse(v) for v in value])
    else:
        rgba = numbers(value, "a color")
    if rgba.ndim == 0 or rgba.shape[-1] not in (3, 4):
        raise ArtError(f"a color has 3 or 4 numbers, this one has shape {rgba.shape}")
    of_jax = isinstance(rgba, jax.Array) or isinstance(alpha, jax.Array)
    if rgba.shape[-1] == 3:
        rgba = by_numpy(_opaque, rgba) if of_jax else _opaque(np, rgba)
    if isinstance(alpha, float | int) and alpha == 1:
        return rgba
    opacity = numbers(alpha, "alpha")
    try:
        np.broadcast_shapes(rgba.shape[:-1], opacity.shape)
    except ValueError:
        raise ArtError(
            f"alpha of shape {opacity.shape} does not fit colors of shape {rgba.shape[:-1]};"
            " give one, or one for each"
        ) from None
    with np.errstate(invalid="ignore"):  # what is no color is named where it is drawn
        return by_numpy(_faded, rgba, opacity) if of_jax else _faded(np, rgba, opacity)


def _opaque(xp: ModuleType, rgb: Array) -> Array:
    return xp.concatenate([rgb, xp.ones_like(rgb[..., :1])], -1)


def _faded(xp: ModuleType, rgba: Array, opacity: Array) -> Array:
    opacity = opacity.astype(rgba.dtype)
    shape = np.broadcast_shapes(rgba.shape[:-1], opacity.shape)
    rgba = xp.broadcast_to(rgba, (*shape, 4))
    return xp.concatenate([rgba[..., :3], (rgba[..., 3] * opacity)[..., None]], -1)
