"""Why a parameter cannot be traced, told to an artist by the error that it led to."""

import re
import sys
import traceback
from pathlib import Path

import jax

from gradart.errors import PACKAGE, Untraceable, causes, is_own
from gradart.sketching.error_reporting import said

_COUNTS = "it says how many there are"


def why_fixed(error: BaseException) -> str:
    """What a sketch does with a number that it cannot do while JAX traces the number."""
    chain = causes(error)
    for cause in reversed(chain):
        if _counts(cause):
            return _COUNTS
    for cause in reversed(chain):
        if (function := _public_function(cause)) is not None:
            return f"ga.{function} computes with it beforehand, in Python"
    for cause in reversed(chain):
        if (reason := _reason(cause)) is not None:
            return reason
    return said(error)


def _counts(error: BaseException) -> bool:
    """Whether a number was needed that is a length, or the place of one thing among others."""
    match error:
        case jax.errors.TracerArrayConversionError() | jax.errors.TracerBoolConversionError():
            return False
        case jax.errors.TracerIntegerConversionError():
            return True
        case jax.errors.ConcretizationTypeError():
            return "`float` function" not in str(error)
    lengths = r"Shapes must be 1D sequences|for \*: '(list|tuple|str)' and"
    return isinstance(error, TypeError) and re.search(lengths, str(error)) is not None


def _reason(error: BaseException) -> str | None:
    match error:
        case jax.errors.NonConcreteBooleanIndexError():
            return "how many are left of an array depends on it"
        case jax.errors.TracerBoolConversionError():
            return "Python asks about it, as in an if"
        case jax.errors.TracerArrayConversionError():
            return "NumPy computes with it"
        case jax.errors.ConcretizationTypeError():
            return "Python computes with it, by float() or the module math"
        case Untraceable() if "text" in str(error):
            return "a text says what it is"
    return None


def _public_function(error: BaseException) -> str | None:
    """The function of gradart, by its public name, in which an error arose, or what it has made."""
    public = getattr(sys.modules.get("gradart"), "__all__", ())
    found = None
    for frame, _ in traceback.walk_tb(error.__traceback__):
        code = frame.f_code
        if is_own(code.co_filename):
            found = None
        elif found is None and code.co_filename.startswith(PACKAGE):
            name, _, inner = code.co_qualname.partition(".")
            own = not inner or inner.startswith("<locals>")
            found = name if own and name in public else None
    return found


def line_of(error: BaseException, file: Path) -> int | None:
    """The last line of a file that an error passed through, in its first cause if possible."""
    lines = [
        number
        for cause in causes(error)
        for frame, number in traceback.walk_tb(cause.__traceback__)
        if Path(frame.f_code.co_filename).absolute() == file
    ]
    return lines[-1] if lines else None
