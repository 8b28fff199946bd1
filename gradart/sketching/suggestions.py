"""Names and arguments that a sketch has forgotten, told with what to write."""

import re
import sys
import traceback
from pathlib import Path
from types import FrameType

from gradart.calls import unknown
from gradart.errors import PACKAGE

_MISSING = {  # what a sketch has forgotten
    "key": "a sketch that draws at random takes it: def sketch(key, ...)",
    "jnp": "write import jax.numpy as jnp above",
    "jax": "write import jax above",
    "np": "write import jax.numpy as jnp above, and jnp for np",
    "ga": "write import gradart as ga above",
}


def misnamed(error: BaseException) -> str | None:
    """The message for an unknown name or an argument that is left out; None for other errors."""
    match error:
        case NameError() if error.name in _MISSING:
            return f"{error.name} is not defined: {_MISSING[error.name]}"
        case ImportError() if found := re.match(
            r"cannot import name '(\w+)' from 'gradart'", str(error)
        ):
            return unknown(found[1], dir(sys.modules["gradart"]))
        case TypeError() if found := re.fullmatch(
            r"([\w.<>]+)\(\) missing \d+ required .*argument.*?: (.*)", str(error)
        ):
            if error.__traceback__ and _by_a_library(error):
                called = f"{found[1].rpartition('.')[2]} is called without {found[2]}"
                return f"{called}: a curve takes one number t, a field one point p, x, y = p"
    return None


def _caller(error: BaseException) -> FrameType:
    """The frame of the call that failed, which raised the error."""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    return frame


def _by_a_library(error: BaseException) -> bool:
    """Whether gradart or JAX made the call that failed, and not the sketch."""
    file = _caller(error).f_code.co_filename
    return file.startswith(PACKAGE) or "jax" in Path(file).parts
