"""Films: the frame function traced once, and what moves told from what does not."""

import math
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks import explain
from gradart.drawing.scene import Film, Scene
from gradart.errors import PACKAGE, ArtError, ArtWarning, RenderFault, causes, kind_of
from gradart.rendering.film.partial_evaluation import split


def playheads(seconds: float, fps: float) -> np.ndarray:
    """Where the frames of a film stand: u = i / N for its N = seconds * fps frames, (N,).

    None stands at 1, so that a film whose end meets its beginning runs on without a jolt.
    """
    for name, value in (("seconds", seconds), ("fps", fps)):
        if not (isinstance(value, int | float) and math.isfinite(value) and value > 0):
            raise ArtError(f"{name} must be a number above 0, like 4 or 25, not {value!r}")
    if not 0.01 <= fps <= 1000:
        raise ArtError(f"fps must be from 0.01 to 1000 frames a second, not {fps:g}")
    count = round(seconds * fps)
    if count < 1:
        raise ArtError(f"{seconds:g} s at {fps:g} fps have no frame; write seconds={1 / fps:g}")
    return np.arange(count) / count


def frame_name(u: float, count: int) -> str:
    """What messages call the frame of `count` that is nearest to a playhead."""
    return f"frame {round(u * count) % count} of {count} (u = {u:.6g})"


@dataclass(frozen=True)
class Frames:
    """A film, ready to be computed frame by frame: `at(u)` is a scene of NumPy arrays.

    `moves` says of each mark whether it may differ between frames; None where the film is not
    traced, and so not known. `paper_moves` and `box_moves` say it of the rest of the scene.
    """

    at: Callable[[float], Scene]
    moves: tuple[bool, ...] | None
    paper_moves: bool
    box_moves: bool
    count: int = 0  # of the film's frames; 0 for a scene

    @contextmanager
    def naming(self, u: float | Callable[[], float]) -> Iterator[None]:
        """Name the frame at the playhead that is being worked on in what goes wrong meanwhile."""
        try:
            yield
        except ArtError as error:
            if not self.count or isinstance(error, RenderFault):
                raise
            where = frame_name(u() if callable(u) else u, self.count)
            raise type(error)(f"{where}: {error}") from error


def trace(film: Film) -> Frames:
    """Trace a film's frame function, once, and compute what does not depend on the playhead.

    A frame that cannot be traced, because it makes Python choices or text of the playhead, is
    called anew for each frame, and a warning says why. All runs in float64.
    """

    def frame(u: Any) -> Scene:
        scene = film(u)
        if not isinstance(scene, Scene):
            raise ArtError(f"a film's frame returned {kind_of(scene)}; return ga.scene(...)")
        return scene

    with jax.enable_x64(True):
        try:
            closed, shapes = jax.make_jaxpr(frame, return_shape=True)(np.float64(0))
        except Exception as error:
            if (reason := _untraceable(error)) is None:
                raise
            message = f"the film is slow, for its frame cannot be traced: {reason}"
            warnings.warn(message, ArtWarning, stacklevel=2)
            return Frames(_eager(frame), None, True, True)
        depends, compute = split(closed)
    tree = jax.tree_util.tree_structure(shapes)
    moving = jax.tree_util.tree_unflatten(tree, depends)

    def at(u: float) -> Scene:
        with jax.enable_x64(True):
            return jax.tree_util.tree_unflatten(tree, compute(np.float64(u)))

    def moves(part: Any) -> bool:
        return any(jax.tree_util.tree_leaves(part))

    marks = tuple(moves(mark) for mark in moving.marks)
    return Frames(at, marks, moves(moving.paper), moves(moving.box))


def _eager(frame: Film) -> Callable[[float], Scene]:
    def at(u: float) -> Scene:
        with jax.enable_x64(True):
            try:
                return jax.tree_util.tree_map(np.asarray, frame(jnp.asarray(u, float)))
            except (ArtError, OSError, MemoryError):
                raise
            except Exception as error:  # of the artist's, at this playhead
                said = explain(error) or f"{type(error).__name__}: {error}"
                raise ArtError(said + _place(error)) from error

    return at


def _untraceable(error: Exception) -> str | None:
    """Why a frame cannot be traced, and where; None if that is not what went wrong."""
    for cause in causes(error):
        reason = explain(cause)
        if reason is None and "Tracer" in str(cause):
            reason = "text or a key is made of a traced value; ga.digits sets a number"
        if reason is not None:
            return reason + _place(error)
    return None


def _place(error: Exception) -> str:
    """The artist's line that an error passed through last: no installed package wrote it."""
    others = (PACKAGE, str(Path(jax.__file__).parents[1]), "<")
    for place in reversed(traceback.extract_tb(error.__traceback__)):
        if not place.filename.startswith(others):
            return f" ({Path(place.filename).name}, line {place.lineno})"
    return ""
