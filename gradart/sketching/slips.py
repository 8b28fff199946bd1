"""Names that gradart does not have, told with those that it has."""

import difflib
import inspect
import re
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from gradart.errors import PACKAGE

# What other libraries call it.
_ALIKE = {
    "color": "stroke or fill",
    "linewidth": "width",
    "lw": "width",
    "thickness": "width",
    "opacity": "alpha",
    "background": "paper",
    "line": "lines",
    "plot": "lines",
    "circle": "circles",
    "dot": "dots",
    "grad": "gradient",
}
_MISSING = {  # what a sketch has forgotten
    "key": "a sketch that draws at random takes it: def sketch(key, ...)",
    "jnp": "write import jax.numpy as jnp above",
    "jax": "write import jax above",
    "np": "write import jax.numpy as jnp above, and jnp for np",
    "ga": "write import gradart as ga above",
}


def misnamed(error: BaseException) -> str | None:
    """The line for a name or argument that there is not, or that is left out; else None."""
    public = sys.modules["gradart"]
    match error:
        case NameError() if error.name in _MISSING:
            return f"{error.name} is not defined: {_MISSING[error.name]}"
        case TypeError() if found := re.fullmatch(
            r"([\w.<>]+)\(\) missing \d+ required .*argument.*?: (.*)", str(error)
        ):
            if function := _public(error, found[1]):
                names = inspect.signature(function).parameters
                return f"ga.{found[1]} needs {found[2]}; it takes {', '.join(names)}"
            if error.__traceback__ and _by_a_library(error):
                called = f"{found[1].rpartition('.')[2]} is called without {found[2]}"
                return f"{called}: a curve takes one number t, a field one point p, x, y = p"
        case AttributeError() if found := re.fullmatch(r"No gradart attribute (\w+)", str(error)):
            return f"gradart has no {found[1]}{_near(found[1], dir(public))}"
        case TypeError() if found := re.fullmatch(
            r"(\w+)\(\) got an unexpected keyword argument '(\w+)'.*", str(error)
        ):
            if not (function := _public(error, found[1])):
                return None
            takes = list(inspect.signature(function).parameters)
            hint = _near(found[2], takes)
            return f"ga.{found[1]} has no argument {found[2]}{hint}; it takes {', '.join(takes)}"
    return None


def _caller(error: BaseException) -> FrameType:
    """Where the call that failed was made."""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    return frame


def _public(error: BaseException, name: str) -> Callable[..., object] | None:
    """The function of gradart that a failed call meant, unless the sketch has its own of that name.

    An error that was never raised has no caller, and so no name.
    """
    public = sys.modules["gradart"]
    if error.__traceback__ is None or name not in dir(public):
        return None
    frame, function = _caller(error), getattr(public, name)
    meant = {**frame.f_globals, **frame.f_locals}.get(name, function)
    return function if meant is function else None


def _by_a_library(error: BaseException) -> bool:
    """Whether gradart or JAX made the call that failed, and not the sketch."""
    file = _caller(error).f_code.co_filename
    return file.startswith(PACKAGE) or "jax" in Path(file).parts


def _near(name: str, names: list[str]) -> str:
    alike = _ALIKE.get(name, "")
    near = [alike] if alike.split(" ")[0] in names else difflib.get_close_matches(name, names, n=1)
    return f": write {near[0]}" if near else ""
