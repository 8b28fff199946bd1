"""A drawing fitted to a picture: its parameters follow the derivative of what is seen."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar, Unpack

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import short
from gradart.calculus.checks.artist_functions import as_count
from gradart.calculus.checks.misuse import explain
from gradart.calculus.equations.flow import Rate, method_by_name, transformation
from gradart.calculus.programs.compiled_once import program
from gradart.calculus.programs.present_values import known, moves, present
from gradart.drawing.scene import Film, Scene
from gradart.errors import ArtError, Untraceable, kind_of, warn
from gradart.optimizing.differentiable_picture.picture import picture
from gradart.optimizing.fitting.progress import interruptible, progress
from gradart.optimizing.fitting.pruning import faded, pruned, stroke_count
from gradart.optimizing.fitting.settings import Drawing, FitKeywords, Parameters, Settings
from gradart.optimizing.fitting.step_sizes import millimeters
from gradart.optimizing.fitting.targets import Target, distance_from
from gradart.rendering.layout.page import fit as placed
from gradart.rendering.layout.page import pixel_size
from gradart.types import Scalar

if TYPE_CHECKING:
    import optax

P = TypeVar("P")
R = TypeVar("R")

_LAST = 0.75  # of the steps: later no stroke is moved by pruning, since it would not settle
_FALL = 0.05  # of a rate, which is left of it at the end


class _State(NamedTuple):
    """Where a fit stands; what it moves are parameters over `units`, which are mm of movement."""

    latest: Parameters
    optimizer: "optax.OptState"
    units: Parameters


@dataclass(frozen=True, eq=False)
class Fit:
    """What a fit found: a frozen value, that `fit` takes as its start to go on.

    `parameters` are the best that were met, and `scene` is their `drawing`; `losses` (steps,) is
    the loss before each step that was made. `film` is a film of the making, of the states `kept` on
    the way and straight ways between them. `state` is where it stands, to go on from.

    >>> def drawing(p):
    ...     return ga.scene(ga.dots(p, 8, blend=ga.ink(exposure=1)), box=((-1, -1), (1, 1)))
    >>> def corner(p):
    ...     return ga.safe_norm(p - 1) / 3
    >>> found = ga.fit(drawing, corner, jnp.zeros((1, 2)), steps=3, page="square", px=40)
    >>> bool(found.losses[-1] < found.losses[0])
    True
    >>> found.scene
    """

    drawing: Drawing
    parameters: Parameters
    losses: np.ndarray
    kept: tuple[Parameters, ...] = field(repr=False)
    state: _State = field(repr=False)

    @property
    def scene(self) -> Scene:
        """The drawing of the best parameters that were met, a scene."""
        return self.drawing(self.parameters)

    def __repr__(self) -> str:
        """How many steps were made, and the least loss: its numbers would fill a page."""
        best = f", loss {np.min(self.losses):.4g}" if len(self.losses) else ""
        return f"Fit({len(self.losses)} steps{best})"

    def _repr_png_(self) -> bytes:
        """What a notebook shows: the drawing that was found."""
        return self.scene._repr_png_()

    def _repr_svg_(self) -> str | None:
        """None for a drawing that is heavy as SVG."""
        return self.scene._repr_svg_()

    @property
    def film(self) -> Film:
        """A film of the making: a function of the playhead, through the states that were kept."""
        states = jax.tree.map(lambda *leaves: jnp.stack(leaves), *self.kept, self.parameters)
        last = len(self.kept)

        def frame(u: Scalar) -> Scene:
            place = jnp.asarray(u) * last
            before = jnp.clip(jnp.floor(jax.lax.stop_gradient(place)), 0, last - 1).astype(int)

            def between(leaf: jax.Array) -> jax.Array:
                share = (place - before).astype(leaf.dtype)
                return leaf[before] + share * (leaf[before + 1] - leaf[before])

            return self.drawing(jax.tree.map(between, states))

        return frame


def fit(
    drawing: Drawing,
    target: Target,
    start: "Parameters | Fit",
    *,
    steps: int = 200,
    method: "str | optax.GradientTransformation" = "adam",
    **options: Unpack[FitKeywords],
) -> Fit:
    """Change the parameters of a drawing until its picture comes close to another.

    `drawing` is a function of a pytree of float arrays to a scene with a box, and `start` such
    parameters. `target` is what it shall look like: a photograph's path, which is laid over the
    box; a field of the drawing's coordinates, `ga.photograph()` or (2,) -> () or (3,), from 0 for
    black to 1 for the paper (on dark paper, lit by light, to 1 for white); or an array of the
    picture's own shape. Outside of the box paper is wanted. It may be None: then `loss` is a
    function of the picture (h, w, 3) alone.

    The picture is `ga.picture` with `page` ("a4") and `px` (512). It is compared by `loss`, a
    function of what is seen and what is wanted (`ga.losses.density`, or a sum), at each of
    `scales`, radii of blur in mm (0.6, 2, 6): the wide ones are what lets a stroke find its way
    from afar. `penalty` is a function of the parameters that is added, as for bending.

    `method` is a name of optax or a transformation of it, as in `ga.descend`. `rate` is in mm: the
    parameters are counted by how far they move the picture, so that a step of each array moves it
    by about so much (0.4), whatever the array means. A number falls to a twentieth over the
    `steps`, by a cosine; a schedule of optax is taken as it is.

    With `key` and `prune`, every so many steps strokes that the picture does without are moved to
    where it asks for more: then each array has a row for each stroke. `keep` states (24) become
    the film. Ctrl-C ends the fit and keeps the best. A Fit as `start` goes on to `steps` in all, as
    if it had not ended; its `parameters` as `start` begin anew, with another loss or other scales.

    In a sketch that is differentiated the end of the descent stays where it is, found from what all
    numbers are now; `scene` and `film` move with the numbers that the drawing closes over.

    ArtError for a drawing without a box, a target that does not fit, a loss that is not finite.

    >>> def drawing(p):
    ...     strokes = ga.segments(p["a"], p["b"], blend=ga.ink(exposure=1))
    ...     return ga.scene(strokes, box=((-1, -1), (1, 1)))
    >>> points = ga.scatter(jax.random.key(0), 40, box=((-1, -1), (1, 1)))
    >>> start = {"a": points[:20], "b": points[20:]}
    >>> found = ga.fit(drawing, ga.safe_norm, start, steps=20, page="square", px=100)
    >>> ga.render(found.scene, "found.svg", page="square").name
    'found.svg'
    """
    steps, settings = as_count(steps, "steps", 0), Settings(**options)
    before = start if isinstance(start, Fit) else None
    first = _parameters(before.parameters if before else start)
    scene = present(_checked_scene(drawing, first))
    now = _as_now(drawing, first)
    pixels = jax.ShapeDtypeStruct((*pixel_size(settings.sheet, settings.px)[::-1], 3), jnp.float32)
    distance = _as_now(distance_from(target, scene, settings), pixels)
    penalty = settings.penalty and _as_now(settings.penalty, first)
    if before:
        units = before.state.units
    else:
        scale = placed([scene], settings.sheet).scale
        units = millimeters(now, first, scale)

    def loss(q: Parameters, left: jax.Array | None = None) -> jax.Array:
        p = jax.tree.map(jnp.multiply, q, units)
        drawn = now(p) if left is None else faded(now(p), left)
        marks = jax.tree.map(_single, drawn.marks)
        if now is not drawing:
            drawn = replace(drawn, box=scene.box)
        seen = picture(replace(drawn, marks=marks), page=settings.sheet, px=settings.px)
        amount = distance(seen)
        return amount if penalty is None else amount + penalty(p)

    optimizer = _optimizer(method, settings.rate, steps)
    q = before.state.latest if before else jax.tree.map(jnp.divide, first, units)
    state = before.state.optimizer if before else optimizer.init(q)
    if str(jax.tree.structure(optimizer.init(q))) != str(jax.tree.structure(state)):
        raise ArtError(
            "a fit goes on by the method that it began with; give its parameters as the start to"
            " begin anew"
        )

    @jax.jit
    def step(
        q: Parameters, state: "optax.OptState"
    ) -> "tuple[Parameters, optax.OptState, jax.Array]":
        value, slope = jax.value_and_grad(loss)(q)
        update, state = optimizer.update(slope, state, q, value=value, grad=slope, value_fn=loss)
        return jax.tree.map(jnp.add, q, update), state, value

    @jax.jit
    def move(
        q: Parameters, state: "optax.OptState", key: jax.Array
    ) -> "tuple[Parameters, optax.OptState]":
        slopes = jax.grad(loss, 1)(q, jnp.ones(count))
        return pruned(q, state, slopes, key, settings.radii[0])

    every = settings.prune
    count = stroke_count(q) if every else 0
    made = list(before.losses) if before else []
    kept = list(before.kept) if before else []
    marks = set(np.linspace(0, max(steps - 1, 0), settings.keep).astype(int).tolist())
    best, least = first, min(made, default=np.inf)
    with interruptible() as stopped, progress(steps) as show:
        for number in range(len(made), steps):
            if stopped():
                warn(f"the fit was stopped after {number} of {steps} steps: the best is kept")
                break
            due = every and number and number % every == 0 and number < _LAST * steps
            if due and settings.key is not None:
                q, state = move(q, state, jax.random.fold_in(settings.key, number))
            if number in marks:
                kept.append(jax.tree.map(jnp.multiply, q, units))
            here = q
            q, state, value = step(q, state)
            amount = float(value)
            if not np.isfinite(amount):
                raise ArtError(_not_finite(number, amount))
            if amount < least:
                best, least = jax.tree.map(jnp.multiply, here, units), amount
            made.append(amount)
            show(number + 1, amount)
    return Fit(drawing, best, np.array(made), tuple(kept or [first]), _State(q, state, units))


def _as_now(f: Callable[[P], R], like: P | jax.ShapeDtypeStruct) -> Callable[[P], R]:
    """A function of what is like this, with the numbers that it closes over as they are now."""
    closed, result = jax.make_jaxpr(f, return_shape=True)(like)
    if not moves(closed.consts):
        return f
    run, consts, tree = program(closed.jaxpr), present(closed.consts), jax.tree.structure(result)
    return lambda p: jax.tree.unflatten(tree, run(consts, *jax.tree.leaves(p)))


def _single(leaf: jax.Array) -> jax.Array:
    """A number of a mark in the precision of pixels, in which drawing is faster."""
    return jnp.asarray(leaf, jnp.float32)


def _parameters(start: Parameters) -> Parameters:
    """The start as a pytree of float arrays of JAX, all of them finite."""
    if not known(jnp.zeros(())):
        raise Untraceable(
            "ga.fit goes down from numbers, which are traced here: call it before a film's frame,"
            " and outside of jax.jit"
        )
    leaves, tree = jax.tree.flatten(present(start))
    if not leaves:
        raise ArtError(f"start is {short(start)}: give arrays, or a dict of arrays")
    arrays = []
    for leaf in leaves:
        try:
            array = jnp.asarray(leaf, float)
        except (TypeError, ValueError, OverflowError):
            raise ArtError(f"start holds {kind_of(leaf)}: give arrays of floats") from None
        if not bool(jnp.isfinite(array).all()):
            raise ArtError("start holds numbers that are NaN or infinite, which lead nowhere")
        arrays.append(array)
    return jax.tree.unflatten(tree, arrays)


def _checked_scene(drawing: Drawing, start: Parameters) -> Scene:
    """What the drawing makes of the start; ArtError where that is no scene with a box."""
    if not callable(drawing):
        raise ArtError(f"{short(drawing)} is given for the drawing: give a function to a scene")
    scene = drawing(start)
    if not isinstance(scene, Scene):
        raise ArtError(f"the drawing returns {kind_of(scene)}: return ga.scene(..., box=...)")
    if not scene.marks:
        raise ArtError("the drawing of the start is empty: return marks, ga.scene(marks, box=...)")
    if scene.box is None:
        raise ArtError(
            "the drawing has no box, so that the page would follow what is drawn: return"
            " ga.scene(..., box=((x0, y0), (x1, y1)))"
        )
    try:
        jax.eval_shape(drawing, start)
    except Exception as error:
        if text := explain(error):
            raise ArtError(f"the drawing cannot be traced: {text}") from error
        raise
    return scene


def _optimizer(
    method: "str | optax.GradientTransformation", rate: Rate, steps: int
) -> "optax.GradientTransformationExtraArgs":
    """The method of optax with its rate, in mm."""
    import optax

    if isinstance(method, str):
        name, options, draws = method_by_name(method, {}, rate)
        if draws:
            raise ArtError(f"method {method!r} draws at random: give the transformation itself")
        if not callable(rate) and rate is not None and name != "lbfgs":
            rate = optax.cosine_decay_schedule(rate, max(steps, 1), _FALL)
        method = transformation(name, rate, options)
    elif not (hasattr(method, "init") and hasattr(method, "update")):
        raise ArtError(f"method is {short(method)}: give a name, 'adam', or what optax makes")
    return optax.with_extra_args_support(method)


def _not_finite(number: int, amount: float) -> str:
    if number == 0:
        return f"the loss of the start is {amount:g}: look at ga.picture of drawing(start)"
    return f"the loss is {amount:g} at step {number}: a smaller rate may keep it finite"
