"""Cairo, the system's library that paints: found when first needed, or an error that helps."""

import ctypes
import ctypes.util
import importlib
import os
import sys
from functools import cache
from typing import Any

from gradart.errors import RenderFault

_HELP = (
    "install it with 'apt install libcairo2' on Debian and Ubuntu, 'brew install cairo' on macOS,"
    " the GTK runtime on Windows, or set the environment variable GRADART_CAIRO=/path/to/libcairo"
)


@cache
def libcairo() -> Any:
    """Return the module cairocffi, bound to the file in GRADART_CAIRO if that is set."""
    chosen = os.environ.get("GRADART_CAIRO")
    find = ctypes.util.find_library
    try:
        if chosen:
            ctypes.CDLL(chosen)  # cairocffi would silently take another where this one fails
            ctypes.util.find_library = lambda name: chosen
        elif sys.platform == "linux":
            # The loader finds it by its name; find_library would run ldconfig and gcc six times.
            ctypes.util.find_library = lambda name: None
        return importlib.import_module("cairocffi")
    except OSError:
        where = f"in GRADART_CAIRO={chosen}" if chosen else "on this machine"
        raise RenderFault(f"the library cairo is not found {where}: {_HELP}") from None
    finally:
        ctypes.util.find_library = find
