"""Films: the frame function traced once, and what moves told from what does not."""

import math
import traceback
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar, cast

import jax
import jax.extend.core as jex
import jax.numpy as jnp
import numpy as np
from jax.core import Atom
from jax.typing import ArrayLike

from gradart.calculus.checks.arguments import short
from gradart.calculus.checks.misuse import explain
from gradart.drawing.scene import Film, Scene
from gradart.errors import PACKAGE, ArtError, RenderFault, causes, kind_of, warn
from gradart.types import Number

T = TypeVar("T")

Values = dict[jex.Var, ArrayLike]  # what is known of a traced function's variables

MOST = 10_000_000  # frames of a film: 100 hours at 25 a second
_KEPT = 1 << 27  # bytes of scenes that are kept of a film, beside what all of them share


def playheads(seconds: float, fps: float) -> np.ndarray:
    """Where the frames of a film stand: u = i / N for its N = seconds * fps frames, (N,).

    None stands at 1, so that a film whose end meets its beginning runs on without a jolt.
    """
    for name, value in (("seconds", seconds), ("fps", fps)):
        if not (isinstance(value, int | float) and 0 < value < math.inf):
            raise ArtError(f"{name} must be a number above 0, like 4 or 25, not {short(value)}")
    if not 0.01 <= fps <= 1000:
        raise ArtError(f"fps must be from 0.01 to 1000 frames a second, not {fps:g}")
    if seconds > MOST / fps:
        raise ArtError(f"a film has {MOST:,} frames at most: ask for fewer seconds, or a lower fps")
    count = round(seconds * fps)
    if count < 1:
        raise ArtError(f"{seconds:g} s at {fps:g} fps have no frame; write seconds={1 / fps:g}")
    return np.arange(count) / count


def frame_name(u: float, count: int) -> str:
    """What messages call the frame of `count` that is nearest to a playhead."""
    return f"frame {round(u * count) % count} of {count} (u = {u:.6g})"


def scene_at(art: Scene | Film, u: Number) -> Scene:
    """The scene that is drawn at a playhead: a film's frame, or the scene itself."""
    scene = art if isinstance(art, Scene) else art(jnp.asarray(u, float))
    if not isinstance(scene, Scene):
        raise ArtError(f"a film's frame returned {kind_of(scene)}; return ga.scene(...)")
    return scene


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


@dataclass(frozen=True)
class TracedFilm:
    """A film that is traced, and its program fetched, once for all the files that are made of it.

    It is for a film of which nobody changes what it closes over meanwhile. Its frames are computed
    once, too, as far as 128 MB of them are kept. `to_come` are the files that are still to be made
    of its frames, by the pixels of their long side: what is painted for one is kept for the others.
    `kept` is what else has been made of it, by what it was made for.
    """

    film: Film
    to_come: Counter[int] = field(default_factory=Counter, repr=False, compare=False)
    kept: dict[Hashable, object] = field(default_factory=dict, repr=False, compare=False)

    def __call__(self, u: jax.Array) -> Scene:
        return self.film(u)

    @cached_property
    def frames(self) -> Frames:
        frames = trace(self.film)
        return replace(frames, at=_once_each(frames.at, _KEPT))

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made by the first file that asks for it by this key."""
        if key not in self.kept:
            self.kept[key] = make()
        return cast(T, self.kept[key])  # as each key is of one kind of thing


def frames_of(film: Film) -> Frames:
    """What `trace` gives of a film, which may have been traced already."""
    return film.frames if isinstance(film, TracedFilm) else trace(film)


def _once_each(at: Callable[[float], Scene], most: int) -> Callable[[float], Scene]:
    """`at`, with one scene kept, and more as long as their own arrays have `most` bytes in all."""
    known: dict[float, Scene] = {}
    shared: set[int] = set()  # the arrays of that one, which lives as long, by their identity
    left = most

    def scene(u: float) -> Scene:
        nonlocal left
        if (kept := known.get(u)) is not None:
            return kept
        fresh = at(u)
        leaves = jax.tree_util.tree_leaves(fresh)
        if not known:
            shared.update(map(id, leaves))
        size = sum(leaf.nbytes for leaf in leaves if id(leaf) not in shared)
        if size <= left:
            left -= size
            known[u] = fresh
        return fresh

    return scene


def trace(film: Film) -> Frames:
    """Trace a film's frame function, once, and compute what does not depend on the playhead.

    A frame that cannot be traced, because it makes Python choices or text of the playhead, is
    called anew for each frame, and a warning says why. All runs in float64.
    """

    def frame(u: jax.Array) -> Scene:
        return scene_at(film, u)

    with jax.enable_x64(True):
        try:
            closed, shapes = jax.make_jaxpr(frame, return_shape=True)(np.float64(0))
        except Exception as error:
            if (reason := _untraceable(error)) is None:
                raise
            message = f"the film is slow, for its frame cannot be traced: {reason}"
            warn(message)
            return Frames(_eager(frame), None, True, True)
        depends, compute = split(closed)
    tree = jax.tree_util.tree_structure(shapes)
    moving = jax.tree_util.tree_unflatten(tree, depends)

    def at(u: float) -> Scene:
        with jax.enable_x64(True):
            return jax.tree_util.tree_unflatten(tree, compute(np.float64(u)))

    def moves(part: object) -> bool:
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


def split(closed: jex.ClosedJaxpr) -> tuple[list[bool], Callable[[ArrayLike], list[np.ndarray]]]:
    """Whether each result depends on the argument u, and a compiled function of u to all results.

    Every equation that u reaches is compiled into that function; all others are computed here, and
    their results are the same arrays at every call.
    """
    values: Values = {}
    (u,) = closed.jaxpr.invars
    equations, results = _inline(closed, [u], values)
    reached = {u}
    still: list[jex.JaxprEqn] = []
    moving: list[jex.JaxprEqn] = []
    for equation in equations:
        if reached.isdisjoint(_variables(equation.invars)):
            still.append(equation)
        else:
            moving.append(equation)
            reached.update(equation.outvars)
    depends = [bool(_variables([atom]) & reached) for atom in results]

    wanted = _variables(results).union(*(_variables(e.invars) for e in moving)) - reached
    made = [v for equation in still for v in equation.outvars if v in wanted]
    if made:
        computed = _compiled(closed, list(values), still, made)(*values.values())
        values |= dict(zip(made, computed, strict=True))

    # In their own order: in that of a set, another program would be compiled at each run.
    given = {v: value for v, value in values.items() if v in wanted}
    ends = [atom for atom, moves in zip(results, depends, strict=True) if moves]
    run = _compiled(closed, [u, *given], moving, ends)
    fixed = [
        None if moves else np.asarray(atom.val if isinstance(atom, jex.Literal) else values[atom])
        for atom, moves in zip(results, depends, strict=True)
    ]

    def compute(u: ArrayLike) -> list[np.ndarray]:
        fresh = iter(run(u, *given.values()))
        return [np.asarray(next(fresh)) if array is None else array for array in fixed]

    return depends, compute


def _inline(
    closed: jex.ClosedJaxpr, arguments: Sequence[Atom], values: Values
) -> tuple[list[jex.JaxprEqn], Sequence[Atom]]:
    """Equations and results with jitted calls written out and a variable of its own for each value.

    Constants go into `values`. What is jitted as a whole, as a frame may be, splits this way too.
    """
    jaxpr = closed.jaxpr
    atoms = dict(zip(jaxpr.invars, arguments, strict=True))
    for variable, value in zip(jaxpr.constvars, closed.consts, strict=True):
        atoms[variable] = own = jex.Var(variable.aval)
        values[own] = value

    def read(items: Sequence[Atom]) -> list[Atom]:
        return [item if isinstance(item, jex.Literal) else atoms[item] for item in items]

    equations = []
    for equation in jaxpr.eqns:
        inputs = read(equation.invars)
        outputs: Sequence[Atom]
        if equation.primitive.name == "jit":
            inner, outputs = _inline(equation.params["jaxpr"], inputs, values)
            equations += inner
        else:
            outputs = made = [jex.Var(v.aval) for v in equation.outvars]
            equations.append(equation.replace(invars=inputs, outvars=made))
        atoms |= dict(zip(equation.outvars, outputs, strict=True))
    return equations, read(jaxpr.outvars)


def _variables(atoms: Sequence[Atom]) -> set[jex.Var]:
    """All of these that are no constants written in an equation."""
    return {atom for atom in atoms if not isinstance(atom, jex.Literal)}


def _compiled(
    closed: jex.ClosedJaxpr,
    inputs: list[jex.Var],
    equations: list[jex.JaxprEqn],
    outputs: Sequence[Atom],
) -> Callable[..., list[jax.Array]]:
    """Some of a jaxpr's equations, compiled: a function of the inputs to the outputs."""
    part = closed.jaxpr.replace(constvars=[], invars=inputs, eqns=equations, outvars=outputs)
    return jax.jit(jex.jaxpr_as_fun(jex.ClosedJaxpr(part, [])))
