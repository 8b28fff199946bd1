"""Paths down a field, along a vector field, of a map: whole families in one compiled scan."""

import difflib
import functools
import inspect
import warnings
from collections.abc import Callable, Hashable
from types import FunctionType
from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp
import numpy as np
from jax.tree_util import Partial, all_leaves
from jax.typing import ArrayLike

from gradart.calculus.checks.arguments import as_key, as_number, short
from gradart.calculus.checks.artist_functions import FIELD, checked, map_of, starts_and_steps
from gradart.calculus.equations.runge_kutta import runge_kutta
from gradart.calculus.equations.solvers import solved
from gradart.calculus.forward_mode import gradient_of, gradients_of
from gradart.calculus.programs.compiled_once import TracedFunction, traced
from gradart.errors import ArtError, warn
from gradart.types import Field, Map

if TYPE_CHECKING:
    import diffrax
    import optax

Schedule = Callable[[ArrayLike], ArrayLike]  # of optax: the number of a step -> its rate
Rate = float | jax.Array | Schedule | None
Options = dict[str, Hashable]
ALIASES: dict[str, tuple[str, Options]] = {
    "momentum": ("sgd", {"momentum": 0.9}),
    "nesterov": ("sgd", {"momentum": 0.9, "nesterov": True}),
}


def descend(
    field: Field,
    starts: ArrayLike,
    *,
    rate: Rate = 0.01,
    steps: int = 400,
    method: "str | optax.GradientTransformation" = "sgd",
    key: ArrayLike | None = None,
    **options: Hashable,
) -> jax.Array:
    """Walk down a field from many starts at once: paths (..., steps + 1, 2), starts first.

    Each of `starts` (..., 2) follows the gradient of `field` downhill for `steps` steps, a problem
    of its own. `method` names a factory of optax or of optax.contrib, "sgd", "adam", "nadam",
    "lbfgs" ..., or is "momentum" or "nesterov" (sgd with momentum 0.9). `rate` is its learning
    rate, a number or an optax schedule; `options` go to it as well. Or `method` is an optax
    transformation, which brings its own rate. `key` is for the methods that draw at random
    (noisy_sgd): each start has its own noise, whatever the number of starts.

    Where a path leaves the finite numbers, the rest of it is NaN, and a warning counts such paths.

    ArtError for a method or an option that optax has not, and for what is no rate.

    >>> starts = ga.scatter(jax.random.key(1), 40, box=((-5, -5), (5, 5)))
    >>> paths = ga.descend(ga.himmelblau(), starts, rate=0.003, steps=60, method="nesterov")
    >>> ga.lines(paths)
    """
    starts, steps = starts_and_steps(starts, steps)
    flat = starts.reshape(-1, starts.shape[-1])
    keys = None
    checked_rate(rate)
    if isinstance(method, str):
        method, options, draws = method_by_name(method, options, rate)
        if draws:
            if key is None:
                raise ArtError(f"method {method!r} draws at random: give it key=key")
            key = as_key(key)
            keys = jax.vmap(functools.partial(jax.random.fold_in, key))(jnp.arange(len(flat)))
    elif not (hasattr(method, "init") and hasattr(method, "update")):
        raise ArtError(
            f"method is {short(method)}: give a name, 'adam', or an optax transformation"
        )
    elif options:
        raise ArtError(f"{next(iter(options))} is an option: give the method by its name with it")
    choice = (method, tuple(sorted(options.items())))
    height = traced(checked(field, FIELD), _point(starts))
    try:
        paths = _descents(height, flat, keys, _as_argument(rate), choice, steps)
    except (TypeError, ValueError, AttributeError, AssertionError, NotImplementedError) as error:
        if isinstance(error, ArtError):
            raise
        name = method if isinstance(method, str) else "the transformation"
        first, *_ = str(error).splitlines() or [type(error).__name__]
        raise ArtError(f"{name} of optax cannot be used so: {first}") from error
    return _shaped_and_warned_of(paths, starts, "a smaller rate may keep them on the page")


def stream(
    map: Map,
    starts: ArrayLike,
    *,
    step: float = 0.01,
    steps: int = 400,
    method: "str | diffrax.AbstractSolver" = "rk4",
    tolerance: float | None = None,
) -> jax.Array:
    """Follow a vector field from many starts at once: paths (..., steps + 1, 2), starts first.

    `map` is the vector field, (2,) -> (2,), or with as many coordinates as `starts` (..., 2) have.
    Each start is carried along it in `steps` steps of the time `step`, upstream if it is negative.
    Where a path leaves the finite numbers, the rest of it is NaN.

    `method` "rk4" is the classic Runge-Kutta method of order 4. Others are diffrax's solvers, by
    name, "Tsit5", "Dopri8" ..., or as it makes them (`pip install 'gradart[solvers]'`); implicit
    ones, "Kvaerno5", are for stiff fields. With a `tolerance` a solver takes steps of its own, so
    that the error of each is below it, and the path is what it interpolates at each `step`; its
    derivatives, forward and backward, are those of the steps taken, as if their ends were given.

    ArtError for a method that diffrax has not.

    >>> def swirl(p):
    ...     return jnp.array([-p[1], p[0]]) - 0.2 * p
    >>> starts = ga.scatter(jax.random.key(1), 40, box=((-1, -1), (1, 1)))
    >>> ga.lines(ga.stream(swirl, starts, step=0.02, steps=100))
    """
    starts, steps = starts_and_steps(starts, steps)
    flat, one = starts.reshape(-1, starts.shape[-1]), _point(starts)
    velocity = traced(checked(map, map_of(one.shape)), one)
    h = jnp.asarray(as_number(step, "step"), starts.dtype)
    if not (isinstance(method, str) and method == "rk4"):
        paths = solved(velocity, flat, h, steps, method, tolerance)
    elif tolerance is None:
        paths = _streams(velocity, flat, h, steps)
    else:
        raise ArtError("method 'rk4' has no tolerance: give a smaller step, or method='Tsit5'")
    return _shaped_and_warned_of(paths, starts, "a smaller step may keep them on the page")


def iterate(map: Map, starts: ArrayLike, *, steps: int = 40) -> jax.Array:
    """Apply a map again and again from many starts at once: paths (..., steps + 1, 2).

    `map` is a function of a point to a point, (2,) -> (2,), or with as many coordinates as `starts`
    (..., 2) have, and is applied `steps` times; a path begins with its start. Where one leaves the
    finite numbers, the rest of it is NaN.

    >>> def henon(p):
    ...     return jnp.array([1 - 1.4 * p[0] ** 2 + p[1], 0.3 * p[0]])
    >>> ga.dots(ga.iterate(henon, jnp.zeros(2), steps=2000), 0.1)
    """
    starts, steps = starts_and_steps(starts, steps)
    flat, one = starts.reshape(-1, starts.shape[-1]), _point(starts)
    then = traced(checked(map, map_of(one.shape)), one)
    paths = _orbits(then, flat, steps)
    return _shaped_and_warned_of(paths, starts, "others may stay")


# They are compiled once for what a function computes, shape, method and number of steps; another
# rate, start or terrain is only another argument.


@functools.partial(jax.jit, static_argnames=("choice", "steps"))
def _descents(
    height: TracedFunction,
    starts: jax.Array,
    keys: jax.Array | None,
    rate: Rate,
    choice: "tuple[str | optax.GradientTransformation, tuple[tuple[str, Hashable], ...]]",
    steps: int,
) -> jax.Array:
    """The paths (n, steps + 1, d) down from starts (n, d); `choice` is the method, its options."""
    import optax

    method, options = choice

    # Methods that look around, as lbfgs does, differentiate the field themselves, and backward:
    # they find the same gradient as everything else does.
    gradient = gradient_of(height)
    with_backward_rule = jax.custom_vjp(height.__call__)
    with_backward_rule.defvjp(
        lambda p: (height(p), gradient(p)), lambda slope, weight: (weight * slope,)
    )

    more = {"obj_fn": with_backward_rule} if method == "sophia" else {}  # what it calls value_fn

    def optimizer(key: jax.Array | None) -> optax.GradientTransformationExtraArgs:
        made = method
        if isinstance(method, str):
            drawing = {} if key is None else {"key": key}
            made = transformation(method, rate, {**dict(options), **drawing})
        return optax.with_extra_args_support(made)

    def moved(
        p: jax.Array, state: optax.OptState, slope: jax.Array, key: jax.Array | None
    ) -> tuple[jax.Array, optax.OptState]:
        update, state = optimizer(key).update(
            slope, state, p, value=height(p), grad=slope, value_fn=with_backward_rule, **more
        )
        return _finite(optax.apply_updates(p, update)), state

    slopes = gradients_of(height, starts)

    def step(
        carry: tuple[jax.Array, optax.OptState], _: None
    ) -> tuple[tuple[jax.Array, optax.OptState], jax.Array]:
        points, states = carry
        points, states = jax.vmap(moved)(points, states, slopes(points), keys)
        return (points, states), points

    states = jax.vmap(lambda start, key: optimizer(key).init(start))(starts, keys)
    _, rest = jax.lax.scan(step, (starts, states), length=steps)
    return jnp.concatenate([starts[None], rest]).swapaxes(0, 1)


@functools.partial(jax.jit, static_argnames="steps")
def _streams(velocity: TracedFunction, starts: jax.Array, h: jax.Array, steps: int) -> jax.Array:
    """The paths (n, steps + 1, d) from starts (n, d), in steps of the time h."""

    def path(start: jax.Array) -> jax.Array:
        def step(p: jax.Array, _: None) -> tuple[jax.Array, jax.Array]:
            p = _finite(runge_kutta(velocity, p, h))
            return p, p

        _, rest = jax.lax.scan(step, start, length=steps)
        return jnp.concatenate([start[None], rest])

    return jax.vmap(path)(starts)


@functools.partial(jax.jit, static_argnames="steps")
def _orbits(then: TracedFunction, starts: jax.Array, steps: int) -> jax.Array:
    """The paths (n, steps + 1, d) from starts (n, d), each point the map of the one before."""

    def step(points: jax.Array, _: None) -> tuple[jax.Array, jax.Array]:
        points = jax.vmap(lambda p: _finite(then(p).astype(p.dtype)))(points)
        return points, points

    _, rest = jax.lax.scan(step, starts, length=steps)
    return jnp.concatenate([starts[None], rest]).swapaxes(0, 1)


def method_by_name(name: str, options: Options, rate: Rate) -> tuple[str, Options, bool]:
    """The factory of optax that a method's name means, its options, and whether it takes a key."""
    known, preset = ALIASES.get(name, (name, {}))
    factory = _factory(known)
    if factory is None:
        raise ArtError(_unknown(name))
    first, *others = inspect.signature(factory).parameters.values()
    names = [p.name for p in others]
    if unknown := [option for option in options if option not in names]:
        has = ", ".join(names) or "none"
        raise ArtError(f"method {name!r} has no option {unknown[0]}: it has {has}")
    for option, given in options.items():
        if not isinstance(given, Hashable) or np.asarray(given).ndim:
            raise ArtError(f"option {option} is {short(given)}: method {name!r} takes one for all")
    needs = [p.name for p in others if p.default is p.empty and p.name not in options]
    if needs:
        raise ArtError(f"method {name!r} needs {', '.join(needs)}: give them as options")
    if rate is None and first.default is not None:
        raise ArtError(f"method {name!r} needs a rate: give a number, or a schedule of optax")
    return known, preset | options, "key" in names


def _unknown(name: str) -> str:
    """What to write for a name that is no method of optax: one that is close to it."""
    import optax
    from optax import contrib

    for room in (contrib, optax):
        if name.isidentifier() and inspect.isfunction(getattr(room, name, None)):
            return (
                f"{room.__name__}.{name} is no method by itself: make a transformation with it,"
                " and give that as the method"
            )
    names = [n for n in {*dir(optax), *dir(contrib)} if _factory(n) is not None]
    close = difflib.get_close_matches(name, sorted([*names, *ALIASES]), n=3, cutoff=0.5)
    return f"no method {name!r} in optax: there are {', '.join(close or ['sgd', 'adam', 'lbfgs'])}"


def _factory(name: str) -> "Callable[..., optax.GradientTransformation] | None":
    """The method that optax exports by that name, or keeps in optax.contrib; None for no method."""
    import optax
    from optax import contrib

    # Old names of optax for what is in contrib now are deprecated.
    found = getattr(contrib, name, None) or getattr(optax, name, None)
    if not isinstance(found, FunctionType | functools.partial):
        return None
    if getattr(found, "__name__", "").startswith(("_", "scale_by")):
        return None
    first = next(iter(inspect.signature(found).parameters), "")
    return found if first.endswith("learning_rate") else None


def transformation(method: str, rate: Rate, options: Options) -> "optax.GradientTransformation":
    """A method of optax with its rate; a schedule too for those that know only numbers."""
    import optax

    factory = _factory(method)
    assert factory is not None  # `method_by_name` has found it
    first, *_ = inspect.signature(factory).parameters.values()

    @functools.wraps(factory)
    def make(*args: Rate, **options: Hashable) -> optax.GradientTransformation:
        with warnings.catch_warnings():  # optax's own, of names that it will drop some day
            warnings.simplefilter("ignore", DeprecationWarning)
            return factory(*args, **options)

    if callable(rate) and "Callable" not in str(first.annotation):
        make = optax.inject_hyperparams(make)
    return make(**{first.name: rate}, **options)


def checked_rate(rate: object) -> None:
    """Refuse what is neither one number nor a schedule; None, for some methods, is none."""
    if rate is None or (callable(rate) and all_leaves([rate])):
        return
    try:
        as_number(rate, "rate")
    except ArtError as error:
        raise ArtError(f"{error}, or a schedule of optax") from None


def _as_argument(rate: Rate) -> Rate:
    """A rate as an argument of a jitted function; a schedule is known by its identity."""
    return Partial(rate) if callable(rate) and all_leaves([rate]) else rate


def _point(starts: jax.Array) -> jax.ShapeDtypeStruct:
    """What one of the starts (..., d) is like: (d,)."""
    return jax.ShapeDtypeStruct(starts.shape[-1:], starts.dtype)


def _finite(p: jax.Array) -> jax.Array:
    """A point (d,), or NaN where a coordinate is not finite, which stays NaN from then on."""
    return jnp.where(jnp.isfinite(p).all(), p, jnp.nan)


def _shaped_and_warned_of(paths: jax.Array, starts: jax.Array, remedy: str) -> jax.Array:
    """The paths in the shape of their starts, with a warning if some of them ended early."""
    if not isinstance(paths, jax.core.Tracer):
        found = np.asarray(paths)
        ended = np.isfinite(found[:, 0]).all(axis=1) & np.isnan(found[:, -1]).any(axis=1)
        if count := int(ended.sum()):
            warn(f"{count} of {len(paths)} paths left the finite numbers and end there: {remedy}")
    return paths.reshape(*starts.shape[:-1], *paths.shape[1:])
