"""What the calculus asks of the artist's functions and numbers, and how it says so."""

import operator
from typing import SupportsIndex

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.checks.arguments import factory, is_key, short, unmasked
from gradart.calculus.checks.misuse import explain, misused
from gradart.calculus.programs.by_numpy import collected, floats
from gradart.calculus.programs.padded_lengths import at_once, broadcast, lifted
from gradart.calculus.programs.present_values import known, present
from gradart.calculus.recorder import notice
from gradart.errors import ArtError, Untraceable, kind_of, warn
from gradart.types import Function, Numbers

# What a function is called, what it returns in words, and the shapes that this may have.
Kind = tuple[str, str, tuple[tuple[int, ...], ...] | None]
CURVE: Kind = ("curve", "(2,) or (3,)", ((2,), (3,)))
PLANE: Kind = ("plane curve", "(2,)", ((2,),))
FIELD: Kind = ("field", "()", ((),))
MAP: Kind = ("map", "(2,)", ((2,),))
ANY: Kind = ("function", "an array of floats", None)


def map_of(shape: tuple[int, ...]) -> Kind:
    """A map of points of a shape to others."""
    return "map", f"{shape}", (shape,)


MOST = 2**30  # numbers at once, 8 GB of them


def name_of(f: Function, kind: Kind) -> str:
    """How a message calls the artist's function: `curve spiral`, or `the curve` for a lambda."""
    name = getattr(f, "__name__", "")
    plain = name.isidentifier() and name not in ("curve", "field", "function", "f")
    return f"{kind[0]} {name}" if plain else f"the {kind[0]}"


def checked(f: Function, kind: Kind = ANY) -> Function:
    """f with its result checked: one float array, of the shape that its kind asks for.

    ArtError where it is given what is no function, cannot be traced, or returns something else.
    """
    name = name_of(f, kind)
    noun, wanted, shapes = kind
    if not callable(f):
        raise ArtError(f"{short(f)} is given for the {noun}: give a function, {_example(kind)}")
    if text := factory(f):
        raise ArtError(text)
    article = "an" if noun[0] in "aeiou" else "a"
    if kind is FIELD:
        notice(f)

    def call(x: jax.Array) -> jax.Array:
        if kind is FIELD and x.ndim == 1:
            notice(f, x.shape[0])
        try:
            result = f(x)
        except Exception as error:
            if text := explain(error) or misused(f, x, error):
                raise ArtError(f"{name}: {text}") from error
            raise
        if callable(result) and not hasattr(result, "dtype"):
            raise ArtError(
                f"{name} returns a function: it makes a {noun if noun != 'function' else 'curve'},"
                f" so call it: {getattr(f, '__name__', 'f')}(...)"
            )
        if not isinstance(result, (jax.Array, np.ndarray, np.generic, float, int, complex)):
            found = "None" if result is None else kind_of(result)
            raise ArtError(f"{name} returns {found}: return one array, jnp.array([x, y])")
        array = jnp.asarray(result)
        if jnp.issubdtype(array.dtype, jnp.complexfloating):
            raise ArtError(
                f"{name} returns complex numbers: return jnp.array([z.real, z.imag]) for a point"
            )
        if not jnp.issubdtype(array.dtype, jnp.floating):
            raise ArtError(
                f"{name} returns integers, whose derivative would be 0:"
                " write 1.0 for 1, or .astype(float)"
            )
        if shapes is not None and array.shape not in shapes:
            if x.ndim == 1 and array.ndim == 2 and array.shape[1:] == x.shape:
                raise ArtError(f"{name} is a curve: a {noun} takes a point p, as in x, y = p")
            raise ArtError(f"{name} returns shape {array.shape}, {article} {noun} returns {wanted}")
        return array

    call.__name__ = getattr(f, "__name__", noun)
    call.__dict__["unchecked"] = f
    return call


def _example(kind: Kind) -> str:
    """What a message shows as an example of a kind of function."""
    if kind[0].endswith("curve"):
        return "as ga.circle() is one"
    return "as lambda p: 2 * p is one" if kind[0] == "map" else "as ga.himmelblau() is one"


def outside(name: str, *values: object) -> None:
    """Raise Untraceable where one of the values is traced, or, without values, if anything is."""
    given = jax.tree.leaves(values) or [jnp.zeros(())]
    if not known(given):
        raise Untraceable(
            f"ga.{name} has as many points as it takes, and so needs numbers, which in a frame are"
            " traced: call it before the frame; in it ga.window and ga.resample work"
        )


def as_floats(x: object, name: str) -> jax.Array:
    """x as an array of floats; integers are cast, masked is NaN, anything else is an error."""
    if is_key(x):
        raise ArtError(f"{name} is {short(x)}: give numbers, or jax.random.uniform(key, shape)")
    if callable(x):
        raise ArtError(f"{name} is {short(x)}: give numbers here, a function is given before them")
    try:
        texts = isinstance(x, str | list | tuple) and any(
            isinstance(leaf, str) for leaf in jax.tree.leaves(x)
        )
        with np.errstate(over="ignore"):  # what single precision cannot hold is infinite
            given = np.asarray(x, float) if texts else unmasked(x)
            array = _at_once(given) if at_once() else None
            array = collected(given) if array is None else array
    except (TypeError, ValueError, OverflowError) as error:
        raise ArtError(f"{name} is {short(x)}: give a number or an array of numbers") from error
    if jnp.issubdtype(array.dtype, jnp.complexfloating):
        raise ArtError(f"{name} is complex: give real numbers")
    if is_key(array):
        raise ArtError(f"{name} holds random keys: give numbers, or jax.random.uniform(key, shape)")
    if jnp.issubdtype(array.dtype, jnp.floating):
        return array
    return floats(array)


def _at_once(x: object) -> jax.Array | None:
    """Numbers of Python or NumPy as floats of JAX, without a program for their shape.

    None for what JAX is to look at: numbers of its own, of other types, or none.
    """
    if not isinstance(x, np.ndarray | list | tuple):
        return None
    if not isinstance(x, np.ndarray) and any(
        isinstance(leaf, jax.Array) for leaf in jax.tree.leaves(x)
    ):
        return None
    numbers = np.asarray(x)
    if numbers.dtype.kind in "iub":
        numbers = numbers.astype(jnp.result_type(float))
    return lifted(numbers) if numbers.dtype.char in "efd" else None


def plain_numbers(values: Numbers, name: str) -> np.ndarray:
    """Numbers as they are now, in float64, which JAX itself keeps in a sketch alone."""
    if type(values) is np.ndarray and (values.dtype.kind in "iub" or values.dtype.char in "efd"):
        return np.asarray(values, np.float64)  # JAX would copy them, only to have looked at them
    as_floats(values, name)
    now = present(values)
    if not known(now):
        raise Untraceable(f"{name} is traced, and has no numbers: compute this before the frame")
    return np.asarray(unmasked(now), np.float64)


def still_numbers(values: Numbers, name: str) -> np.ndarray:
    """Plain numbers, which are not traced or differentiated: what they were for would be lost."""
    if any(isinstance(x, jax.core.Tracer) for x in jax.tree.leaves(values)):
        raise Untraceable(f"{name} is traced or differentiated: give numbers that stay as they are")
    return plain_numbers(values, name)


def for_each(t: ArrayLike, x: ArrayLike, name: str) -> tuple[jax.Array, jax.Array]:
    """t and x as floats of one shape: x is one number for all of t, or one for each."""
    times, given = as_floats(t, "t"), as_floats(x, name)
    try:
        times, given = broadcast(times, given)
    except ValueError:
        wanted = f"give one number, or one for each t, shape {times.shape}"
        raise ArtError(f"{name} is {short(given)}: {wanted}") from None
    return times, given


def one_number(t: ArrayLike, name: str = "t") -> ArrayLike:
    """t as it is, for a curve whose formula would mix the numbers of an array."""
    if np.shape(t):
        raise ArtError(f"{name} is {short(t)}: give a number; ga.point(curve, {name}) is of many")
    return t


def as_points(p: object, name: str) -> jax.Array:
    """p as an array of floats with an axis for the coordinates: (..., d)."""
    array = as_floats(p, name)
    if array.ndim == 0:
        hint = "; of a curve, ga.point(curve, t)" if name == "p" else ""
        raise ArtError(f"{name} is a single number: give points, shape (..., 2){hint}")
    return array


def as_count(n: object, name: str = "n", least: int = 2) -> int:
    """n as a whole number of at least `least`; ArtError for anything else."""
    try:
        count = operator.index(n) if isinstance(n, SupportsIndex) else least - 1
    except TypeError as error:
        if isinstance(n, jax.core.Tracer):
            raise Untraceable(
                f"{name} is traced, and has no value: a number of things is known beforehand"
            ) from error
        count = least - 1
    if count < least or isinstance(n, bool):
        raise ArtError(f"{name} is {short(n)}: give a whole number, {least} or more")
    if count > MOST:
        raise ArtError(f"{name} is {short(n)}: give a whole number, {MOST:,} at most")
    return count


def fitting(count: int, name: str, size: int) -> int:
    """A count of steps whose results, of `size` numbers each, fit into memory together."""
    if count * size > MOST:
        raise ArtError(
            f"{name} is {count:,}, each with {size:,} numbers that are kept:"
            f" {MOST // size:,} is the most"
        )
    return count


def as_order(order: object) -> int:
    """The order of a derivative as a whole number from 0 to 170."""
    n = as_count(order, "order", 0)
    if n > 170:
        raise ArtError(f"order is {n}: give 170 at most, the last whose factorial fits in a float")
    return n


def concrete(*arrays: object) -> bool:
    """Whether there are numbers to look at: inside jit, vmap or grad there are none."""
    return not any(isinstance(x, jax.core.Tracer) for x in arrays)


def warn_where(bad: np.ndarray, at: jax.Array, what: str, remedy: str) -> None:
    """Warn of the places `at` where `bad`, over its leading axes, is true: the first, the count."""
    count = int(bad.sum())
    if count == 0:
        return
    numbers = np.asarray(at).reshape(bad.size, -1)[int(bad.argmax())]
    if np.ndim(at) == bad.ndim:
        first = f"t = {numbers[0]:.6g}"
    else:
        first = f"the point ({', '.join(f'{x:.6g}' for x in numbers)})"
    more = f" and at {count - 1} more" if count > 1 else ""
    warn(f"{what} at {first}{more}: {remedy}")


def warn_not_finite(
    f: Function,
    kind: Kind,
    at: jax.Array,
    batch: int,
    value: ArrayLike,
    derivative: ArrayLike,
) -> None:
    """Warn where a derivative is not finite although the value is.

    `value` and `derivative` have `batch` leading axes in common with `at`. A value that is NaN
    itself lifts the pen on purpose, and is left alone. Traced arrays are left alone too.
    """
    if not concrete(at, value, derivative):
        return

    def finite(x: ArrayLike) -> np.ndarray:
        return np.asarray(np.isfinite(x).all(tuple(range(batch, np.ndim(x)))))

    fine, meant = finite(derivative), ~finite(value)
    warn_where(
        np.asarray(~(fine | meant)),
        at,
        f"a derivative of {name_of(f, kind)} is not finite",
        "use safe_norm or safe_sqrt for a root at 0, jnp.sinc for sin(x) / x,"
        " or jnp.where inside the function too",
    )


def as_starts(p: object, name: str) -> jax.Array:
    """Points as `as_points` has them, whose number of coordinates is told: (..., d), d > 0."""
    array = as_points(p, name)
    if not array.shape[-1]:
        raise ArtError(f"{name} has shape {array.shape}: give points, shape (..., 2)")
    return array


def starts_and_steps(starts: ArrayLike, steps: int) -> tuple[jax.Array, int]:
    """The points (..., d) at which paths begin, and the number of their steps, checked."""
    points = as_starts(starts, "starts")
    return points, fitting(as_count(steps, "steps", 0), "steps", points.size)
