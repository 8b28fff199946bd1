"""Names that gradart does not have, told with those that it has."""

import difflib
import inspect
import re
import sys
import traceback
from pathlib import Path

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
            if found[1] in dir(public):
                names = inspect.signature(getattr(public, found[1])).parameters
                return f"ga.{found[1]} needs {found[2]}; it takes {', '.join(names)}"
            if _by_a_library(error):
                called = f"{found[1].rpartition('.')[2]} is called without {found[2]}"
                return f"{called}: a curve takes one number t, a field one point p, x, y = p"
        case AttributeError() if found := re.fullmatch(r"No gradart attribute (\w+)", str(error)):
            return f"gradart has no {found[1]}{_near(found[1], dir(public))}"
        case TypeError() if found := re.fullmatch(
            r"(\w+)\(\) got an unexpected keyword argument '(\w+)'.*", str(error)
        ):
            function = getattr(public, found[1], None) if found[1] in dir(public) else None
            if function is None:
                return None
            takes = list(inspect.signature(function).parameters)
            hint = _near(found[2], takes)
            return f"ga.{found[1]} has no argument {found[2]}{hint}; it takes {', '.join(takes)}"
    return None


def _by_a_library(error: BaseException) -> bool:
    """Whether gradart or JAX made the call that failed, and not the sketch."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    file = frames[-1].f_code.co_filename if frames else ""
    return file.startswith(PACKAGE) or "jax" in Path(file).parts


def _near(name: str, names: list[str]) -> str:
    alike = _ALIKE.get(name, "")
    near = [alike] if alike.split(" ")[0] in names else difflib.get_close_matches(name, names, n=1)
    return f": write {near[0]}" if near else ""
