"""What type of outlines and type of strokes share: what is asked of it, and how its lines lie."""

import unicodedata
from types import ModuleType

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import as_number, short
from gradart.calculus.programs.present_values import known, present
from gradart.drawing.style import numbers
from gradart.errors import ArtError, kind_of
from gradart.types import Array, Number, Numbers

LEADING = 1.35  # from baseline to baseline, in type sizes


def check_string(string: str) -> None:
    """ArtError for what no type sets: no string, a number that is being traced, half a letter."""
    if isinstance(string, tuple | list):  # as where a place is named first
        raise ArtError("the words come first, then their place: ga.text('hello', (0, 0))")
    if not isinstance(string, str):
        raise ArtError(f"text sets a string, not {kind_of(string)}; write str(...) or an f-string")
    if "Tracer" in string:  # what Python prints of a number that is being traced
        raise ArtError(
            "text is made of a Tracer, a number that is known only when a frame is drawn;"
            " set it by ga.digits(number, at)"
        )
    for place, letter in enumerate(string):
        if letter == "\0" or unicodedata.category(letter) == "Cs":
            raise ArtError(f"letter {place} of the text is {letter!r}, which no font can draw")


def check_words(align: str, valign: str = "baseline") -> None:
    """ArtError for an alignment that there is not."""
    for name, word, words in (
        ("align", align, ("left", "center", "right")),
        ("valign", valign, ("baseline", "middle", "top")),
    ):
        if word not in words:
            choices = ", ".join(words)
            raise ArtError(f"the text's {name} must be one of {choices}, not {short(word)}")


def beginning(at: Numbers, what: str, *, align: str, size: float) -> Array:
    """The point (2,) at which a text in the artist's units begins, `what` it becomes there.

    ArtError for one that is none, for an alignment that there is not, and for a size of none.
    """
    place = numbers(at, "at")
    if np.shape(place) != (2,):
        raise ArtError(f"{what} begin at one point (x, y), not at an array of {np.shape(place)}")
    check_words(align)
    as_number(size, "size", "length", above=0)
    return place


def anchor_of(at: Numbers, **measures: Number) -> Array:
    """The point (2,) at which a text stands; ArtError for it, or a measure, that is none.

    Of `measures` the size is a length above 0, the others are any finite number.
    """
    anchor = numbers(at, "at")
    if anchor.shape != (2,):
        raise ArtError(f"text stands at one point (x, y), not at an array of shape {anchor.shape}")
    for name, value in measures.items():
        given = present(numbers(np.nan if value is None else value, f"the text's {name}"))
        wrong = given.shape != () or isinstance(value, str)
        if wrong or (known(given) and not np.isfinite(given)):
            raise ArtError(f"the text's {name} must be a finite number, not {short(value)}")
        if name == "size" and known(given) and given <= 0:
            raise ArtError(f"the text's size is in mm and must be positive, not {value}")
    return anchor


def scaled(outline: np.ndarray | Array, size: Number, degrees: Number, xp: ModuleType) -> Array:
    """Points (n, 2) of type of size 1, made larger and turned to the left, by NumPy or JAX."""
    if xp is np:
        return _turned(size * outline, degrees, np)
    inked = ~jnp.isnan(outline)  # a lifted pen has no part in a derivative
    points = _turned(size * jnp.where(inked, outline, 0), degrees, jnp)
    return jnp.where(inked, points, np.nan)


def _turned(points: Array, degrees: Number, xp: ModuleType) -> Array:
    """Points (n, 2) turned to the left around the origin."""
    turn = xp.deg2rad(degrees)
    spin = xp.array([(xp.cos(turn), xp.sin(turn)), (-xp.sin(turn), xp.cos(turn))])
    turned: Array = points @ spin
    return turned


def in_units(points: np.ndarray, size: Number, at: Array) -> Array:
    """Points (..., 2) of type of size 1 in the artist's units, where it is set."""
    if any(isinstance(x, jax.core.Tracer) for x in (size, at)):
        inked = np.isfinite(points)  # where the pen lifts, nothing is differentiated
        return jnp.where(inked, jnp.asarray(at, float) + size * np.where(inked, points, 0), np.nan)
    return np.asarray(at, float) + np.asarray(size, float) * points
