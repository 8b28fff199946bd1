"""What a fit is to look like: a photograph, a field or an array as the picture that is wanted.

It is compared at several scales: blurred, each kept in as few pixels as it still needs.
"""

import functools
import math
import os
from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.artist_functions import as_floats
from gradart.calculus.checks.misuse import taking
from gradart.calculus.derivatives import value
from gradart.calculus.programs.present_values import present
from gradart.drawing.scene import Scene
from gradart.errors import ArtError
from gradart.library.photographs import LUMA
from gradart.library.sampled import Sampled, photograph
from gradart.optimizing.fitting.settings import Settings
from gradart.rendering.layout.page import Page, pixel_size
from gradart.rendering.layout.page import fit as placed
from gradart.types import Field, Numbers

# A file, a field of the drawing's coordinates, the picture itself; or none, for a loss of its own.
Target = str | os.PathLike[str] | Field | Numbers | None

_LUMA = LUMA.astype(np.float32)


def distance_from(
    target: Target, scene: Scene, settings: Settings
) -> Callable[[jax.Array], jax.Array]:
    """The loss of a picture (h, w, 3) of the scene: its distance from the target at all scales."""

    alone = "of the picture alone where there is no target, lambda seen: ..."
    count, wanted = (1, alone) if target is None else (2, "lambda seen, wanted: ...")
    taking(settings.loss, "loss", wanted, count)

    def loss(*pictures: jax.Array) -> jax.Array:
        amount = settings.loss(*pictures)
        if jnp.shape(amount) != ():
            raise ArtError(f"the loss has shape {jnp.shape(amount)}: return one number")
        return amount

    if target is None:
        return loss
    goal = _wanted_picture(target, scene, settings.sheet, settings.px)
    pixels = settings.px / max(settings.sheet.width, settings.sheet.height)  # in a mm
    radii = tuple(radius * pixels for radius in settings.radii)
    goals = jax.jit(blurred, static_argnums=1)(goal, radii)
    gray = goal.shape[-1] == 1

    def distance(seen: jax.Array) -> jax.Array:
        views = blurred((seen @ _LUMA)[..., None] if gray else seen, radii)
        amounts = [loss(*both) for both in zip(views, goals, strict=True)]
        return functools.reduce(jnp.add, amounts)

    return distance


def _wanted_picture(target: Target, scene: Scene, page: Page, px: int) -> np.ndarray:
    """The wanted picture (h, w, 1), as luma, or (h, w, 3).

    Tones lie on the scene's paper within its box, 1 where the paper is left as it is; where strokes
    are light, 0 is the paper and 1 is white.
    """
    width, height = pixel_size(page, px)
    if isinstance(target, str | os.PathLike):
        target = _laid_over(photograph(target), np.asarray(scene.box, float))
    if not callable(target):
        array = np.asarray(present(as_floats(target, "target")), np.float32)
        if array.shape not in ((height, width), (height, width, 3)):
            raise ArtError(
                f"the target has shape {array.shape}, and the picture {(height, width, 3)}: give"
                " a field, as ga.tabulated(values, box=) is one, or an array of that shape"
            )
        return array[..., None] if array.ndim == 2 else array
    at = placed([scene], page)
    mm = max(page.width, page.height) / px
    x = ((np.arange(width) + 0.5) * mm - at.dx) / at.scale
    y = (at.dy - (np.arange(height) + 0.5) * mm) / at.scale
    places = np.stack(np.meshgrid(x, y), -1)
    tones = np.asarray(present(value(target, places[::-1])), np.float32)[::-1]  # rows from below
    if tones.shape[2:] not in ((), (3,)) or not np.isfinite(tones).all():
        raise ArtError(
            "the target is a field of tones, (2,) -> () or (3,), finite everywhere, and not of"
            f" shape {tones.shape[2:]}"
        )
    tones = np.clip(tones.reshape(height, width, -1), 0, 1)
    (x0, y0), (x1, y1) = np.asarray(scene.box, float)
    across, down = (x >= x0) & (x <= x1), (y >= y0) & (y <= y1)
    inside = (across & down[:, None])[..., None]
    paper = np.asarray(scene.paper, np.float32)[:3]
    if tones.shape[-1] == 1:
        paper = paper @ _LUMA
    if any(mark.style.blend.kind == "light" for mark in scene.marks):
        return np.where(inside, 1 - (1 - paper) * (1 - tones), paper).astype(np.float32)
    return (paper * np.where(inside, tones, 1)).astype(np.float32)


def _laid_over(tones: Sampled, box: np.ndarray) -> Callable[[jax.Array], jax.Array]:
    """The field, its middle in that of the box, as large as it must be to cover it."""
    corners = np.asarray(tones.box)
    size = ((corners[1] - corners[0]) / (box[1] - box[0])).min()

    def field(p: jax.Array) -> jax.Array:
        return tones((p - box.mean(0)) * size + corners.mean(0))

    return field


def blurred(picture: jax.Array, radii: Sequence[float]) -> list[jax.Array]:
    """A picture (h, w, c) under Gaussians of the standard deviations `radii`, in pixels, rising.

    Each is halved as often as its blur allows, so that (h / 2^k, w / 2^k, c) are left: to sum up
    over them costs less the more they are blurred. What lies outside of the picture is as its edge.
    The blur that k halvings make, of (4^k - 1) / 4 pixels squared, is part of the radius: Peter
    Burt, Edward Adelson, "The Laplacian pyramid as a compact image code" (1983).
    """
    found, halvings = [], 0
    for radius in radii:
        while 2 ** (halvings + 1) <= radius and min(picture.shape[:2]) >= 4:
            picture, halvings = (
                _halved(_halved(picture).swapaxes(0, 1)).swapaxes(0, 1),
                halvings + 1,
            )
        rest = math.sqrt(max(0.0, radius**2 - (4**halvings - 1) / 4)) / 2**halvings
        found.append(_smoothed(picture, rest) if rest > 0.25 else picture)
    return found


def _halved(x: jax.Array) -> jax.Array:
    """Rows, each the sum of two neighbors and of the two around them, weighted 1 3 3 1.

    As pairs: slices with a stride of 2 take as long, but three times as long to compile.
    """
    if len(x) % 2:
        x = jnp.concatenate([x, x[-1:]])
    pairs = x.reshape(-1, 2, *x.shape[1:])
    first, second = pairs[:, 0], pairs[:, 1]
    before = jnp.concatenate([first[:1], second[:-1]])
    after = jnp.concatenate([first[1:], second[-1:]])
    return 0.375 * (first + second) + 0.125 * (before + after)


def _smoothed(x: jax.Array, radius: float) -> jax.Array:
    """x under a Gaussian of some cells, along columns and rows.

    As products with matrices: sums of shifted copies take as long, and seconds to compile.
    """
    down, across = (jnp.asarray(_gaussian(n, radius), x.dtype) for n in x.shape[:2])
    return jnp.einsum("ai,ijc,bj->abc", down, x, across)


def _gaussian(n: int, radius: float) -> np.ndarray:
    """The matrix (n, n) that blurs n cells, those outside being as the first and the last."""
    reach = math.ceil(3 * radius)
    k = np.arange(-reach, reach + 1)
    weights = np.exp(-((k / radius) ** 2) / 2)
    matrix = np.zeros((n, n))
    rows = np.arange(n)[:, None]
    np.add.at(matrix, (rows, np.clip(rows + k, 0, n - 1)), weights / weights.sum())
    return matrix
