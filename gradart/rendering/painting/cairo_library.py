"""Cairo, the system's library that paints: found when first needed.

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
