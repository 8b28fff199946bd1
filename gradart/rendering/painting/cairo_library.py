"""Cairo, the system's library that paints: found when first needed; its surfaces and patterns.

Its declarations in C, which cairocffi would parse at each start for a tenth of a second, are kept
as they were parsed once: as a module that cffi makes (its "ABI mode, out-of-line").
"""

import ctypes
import ctypes.util
import importlib
import marshal
import os
import sys
from contextlib import suppress
from functools import cache
from importlib.util import MAGIC_NUMBER, find_spec
from io import StringIO
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any

import numpy as np

from gradart.drawing.style import Gradient
from gradart.errors import RenderFault
from gradart.files.kept import keep, kept
from gradart.files.reading import text_hash

_MODULE = "cairocffi.ffi"  # which holds the declarations, as its `ffi`
_MOST = 20  # of what is kept: one for each version of cairocffi, cffi and Python
_ALONE = Lock()
_HELP = (
    "install it with 'apt install libcairo2' on Debian and Ubuntu, 'brew install cairo' on macOS,"
    " the GTK runtime on Windows, or set the environment variable GRADART_CAIRO=/path/to/libcairo"
)


@cache
def libcairo() -> ModuleType:
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
        with _ALONE:
            return _cairocffi()
    except OSError:
        where = f"in GRADART_CAIRO={chosen}" if chosen else "on this machine"
        raise RenderFault(f"the library cairo is not found {where}: {_HELP}") from None
    finally:
        ctypes.util.find_library = find


def _cairocffi() -> ModuleType:
    """The module cairocffi, with its declarations as an earlier run has parsed them."""
    if "cairocffi" in sys.modules or not (name := _name()):
        return importlib.import_module("cairocffi")
    code = kept(name, code=True)
    if code is not None and (declared := _declared(code)) is not None:
        sys.modules[_MODULE] = declared
        module = importlib.import_module("cairocffi")
        _build_all(module)
        return module
    module = importlib.import_module("cairocffi")
    with suppress(Exception):  # another cffi may make no such module
        keep(name, marshal.dumps(compile(_source(), _MODULE, "exec")), _MOST)
    return module


def _build_all(module: ModuleType) -> None:
    """Build each type and function that is declared, before frames are painted side by side.

    cffi builds them when they are first asked for, and ends the process where two threads ask for
    one at the same time and Python collects garbage meanwhile, in which JAX has a word.
    """
    for name in dir(module.cairo):
        with suppress(Exception):  # what this cairo is too old or too new for
            getattr(module.cairo, name)
    for names in module.ffi.list_types():
        for name in names:
            with suppress(Exception):  # what has no size
                module.ffi.sizeof(name)


def _name() -> str:
    """Under which the declarations are kept; none where that is not known, and none is kept."""
    package, compiled = find_spec("cairocffi"), find_spec("_cffi_backend")
    if package is None or compiled is None or find_spec("xcffib") is not None:
        return ""  # with the last one there are more declarations
    folder = Path(package.origin or "").parent
    facts: list[object] = [MAGIC_NUMBER, str(folder)]
    for file in folder / "constants.py", folder / "ffi.py", Path(compiled.origin or ""):
        try:
            state = file.stat()
        except OSError:
            return ""
        facts += [state.st_size, state.st_mtime_ns]
    return f"cairo/{text_hash(repr(facts))[:16]}"


def _declared(code: bytes) -> ModuleType | None:
    """The module of the declarations that were kept; None if they cannot be read."""
    module = ModuleType(_MODULE)
    try:
        exec(marshal.loads(code), module.__dict__)
    except Exception:
        return None
    return module if "ffi" in module.__dict__ else None


def _source() -> str:
    """The text of a module that declares what cairocffi has parsed."""
    text = StringIO()
    maker = importlib.import_module("cffi.recompiler")
    ffi = importlib.import_module(_MODULE).ffi
    ffi.set_source(_MODULE, None)
    maker.make_py_source(ffi, _MODULE, text)
    return text.getvalue()


Surface = Any  # cairocffi's, which declares no types and is imported when it is needed,
Context = Any  # and what paints on it,
Pattern = Any  # with a color, or with one that changes,
FontFace = Any  # and letters

_ROWS = 64  # of pixels at a time: what is small stays in the processor's cache


def surface_on(bgra: np.ndarray) -> Surface:
    """Return premultiplied BGRA (h, w, 4) uint8 as one of cairo's surfaces, which paints on it."""
    cairo = libcairo()
    height, width = bgra.shape[:2]
    return cairo.ImageSurface(cairo.FORMAT_ARGB32, width, height, bgra.ravel().data)


def premultiplied(rgba: np.ndarray) -> np.ndarray:
    """Return straight RGBA (h, w, 4) uint8 as cairo's premultiplied BGRA."""
    bgra = rgba[..., [2, 1, 0, 3]]
    if rgba[..., 3].min(initial=255) < 255:
        alpha = rgba[..., 3:].astype(np.uint16)
        bgra[..., :3] = (bgra[..., :3] * alpha + 127) // 255
    return bgra


def straight(bgra: np.ndarray) -> np.ndarray:
    """Turn cairo's premultiplied BGRA (h, w, 4), in place, into straight RGBA."""
    words = bgra.view("<u4")[..., 0]
    clear = words.min(initial=0xFF000000) < 0xFF000000
    for i in range(0, len(words), _ROWS):
        swapped = words[i : i + _ROWS].byteswap()  # to RGBA in the order of the other end
        words[i : i + _ROWS] = swapped >> np.uint32(8) | swapped << np.uint32(24)
    if clear:
        alpha = bgra[..., 3]
        sheer = (alpha > 0) & (alpha < 255)
        opacity = alpha[sheer][:, None].astype(np.uint16)
        bgra[sheer, :3] = (bgra[sheer, :3] * np.uint16(255) + opacity // 2) // opacity
    return bgra


def pattern_of(gradient: Gradient, unit: float, corner: np.ndarray) -> Pattern:
    """The pattern of a gradient in mm, `unit` device units each, the page's corner at `corner`."""
    cairo = libcairo()
    (x0, y0), (x1, y1) = (np.asarray(gradient.ends) * unit + corner).tolist()
    if gradient.kind == "linear":
        pattern = cairo.LinearGradient(x0, y0, x1, y1)
    else:
        pattern = cairo.RadialGradient(x0, y0, 0, x0, y0, float(np.hypot(x1 - x0, y1 - y0)))
    stops = np.asarray(gradient.stops).tolist()
    for number, stop in enumerate(stops):
        pattern.add_color_stop_rgba(number / (len(stops) - 1), *stop)
    return pattern
