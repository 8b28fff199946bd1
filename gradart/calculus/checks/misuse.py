"""What is said of an artist's function that cannot be traced, or is called as it cannot be."""

import inspect
from collections.abc import Callable
from typing import TypeVar

import jax

from gradart.calculus.checks.arguments import short
from gradart.errors import ArtError, Untraceable

M = TypeVar("M")

# What JAX says of loops and branches whose values do not fit.
_LOOP_TYPES = (
    "carry input and carry output must have",
    "body_fun output and input must have",
    "branches must have equal output types",
    "branches must have the same",
)

_LOOP_CONDITIONS = (
    "cond_fun must return a boolean scalar",
    "arguments to fori_loop must",
    "Pred must be a scalar",
    "Pred type must be",
)


def explain(error: BaseException) -> str | None:
    """What to write instead, where a function cannot be traced; None for any other error."""
    match error:
        case Untraceable():
            return str(error)
        case jax.errors.NonConcreteBooleanIndexError():
            return (
                "an array is indexed by a condition on a traced value, so its length is not known:"
                " use jnp.where(condition, value, jnp.nan)"
            )
        case jax.errors.TracerBoolConversionError():
            return (
                "a Python `if` (or while, and, or, not, min, max) asks about a traced value:"
                " use jnp.where, jnp.minimum, jnp.maximum, & or |"
            )
        case jax.errors.TracerIntegerConversionError():
            return (
                "a Python index, range or int takes a traced value:"
                " use jnp indexing, or jax.lax.fori_loop for the loop"
            )
        case jax.errors.TracerArrayConversionError():
            return "a NumPy function takes a traced value: use jax.numpy, jnp.sin(t) for np.sin(t)"
        case jax.errors.ConcretizationTypeError():
            return (
                "float(), int() or a function of the math module takes a traced value:"
                " use jax.numpy, jnp.sin(t) for math.sin(t)"
            )
        case jax.errors.UnexpectedTracerError():
            return (
                "a traced value of an earlier call is used again, from a list, a global or a cache:"
                " compute it anew in each call, and return what is needed later"
            )
        case TypeError() if any(said in str(error) for said in _LOOP_TYPES):
            return (
                "what a loop carries, or the branches of a condition return, changes its shape or"
                " type: start with what comes out, 0.0 for 0 and jnp.zeros(2) for 0.0"
            )
        case TypeError() if any(said in str(error) for said in _LOOP_CONDITIONS):
            return (
                "a loop or branch asks for one truth and integer bounds, and has others:"
                " write x < 3 as its condition, and n.astype(int) as its bound"
            )
        case ValueError() if "Reverse-mode differentiation does not work" in str(error):
            return (
                "jax.grad cannot go back through a loop whose length is not known:"
                " use jax.jvp, jax.jacfwd or ga.jet, or jax.lax.scan for the loop"
            )
        case TypeError() if "Only scalar arrays can be converted to Python scalars" in str(error):
            return (
                "float(), int() or a function of the math module takes a whole array:"
                " use jax.numpy, jnp.sin(t) for math.sin(t)"
            )
    return None


def misused(f: Callable[..., object], x: jax.Array, error: Exception) -> str | None:
    """What to write, where f is called as it cannot be; None for an error of its own."""
    said = str(error)
    called = error.__traceback__ is None or error.__traceback__.tb_next is None
    if isinstance(f, type) and called:
        return f"it is a class: give a function, or what the class makes, {f.__name__}(...)"
    if isinstance(error, TypeError) and called and "positional argument" in said:
        name = getattr(f, "__name__", "f")
        if "0 positional arguments" in said:
            return f"it takes nothing: if it makes a function, call it, {name}()"
        return (
            "it is called with one argument, and needs another number of them:"
            " a curve takes one number t, a field one point p, x, y = p"
        )
    scalar = "0-d" in said or "0 indices" in said or "Too many indices" in said
    if x.ndim == 0 and isinstance(error, IndexError | TypeError | ValueError) and scalar:
        return "it takes a point, and not a number: ga.value(field, p) is of fields"
    return None


def member_of(family: Callable[[jax.Array], M], s: jax.Array) -> M:
    """What a family, a function of a number to a curve or a map, has at a number."""
    try:
        return family(s)
    except Exception as error:
        if text := explain(error):
            raise ArtError(f"the family: {text}") from error
        if misused(family, s, error):
            raise ArtError(
                "the family takes a point: give a function of a number that makes a function of a"
                " point, lambda s: lambda p: ..."
            ) from error
        raise


def taking(f: Callable[..., object], name: str, wanted: str, count: int) -> None:
    """ArtError where f is no function that can be called with so many arguments."""
    if not callable(f):
        raise ArtError(f"{name} is {short(f)}: give a function {wanted}")
    try:
        inspect.signature(f).bind(*[None] * count)
    except TypeError as error:
        text = f"{name} cannot be called with {count} argument{'s'[: count - 1]}"
        raise ArtError(f"{text}: give a function {wanted}") from error
    except ValueError:  # some callables do not tell
        pass
