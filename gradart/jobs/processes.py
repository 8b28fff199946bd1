"""Processes that render: how one is started, and what it needs before.

That is one thread for the sums of numerical libraries, and a cache for what JAX compiles.
"""

import gc
import json
import os
import platform
import sys
from contextlib import suppress
from pathlib import Path

from gradart.errors import PACKAGE
from gradart.files.kept import cache_folder, forget

# How many threads share a matrix product decides how its sums are rounded, in the last bit. With
# one, a picture has the same bytes whichever process makes it, on however many processors.
_ONE_THREAD = "NPROC", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"
_PROGRAMS = 20_000  # that are kept, of 4 kB each: those of eight galleries


def prepare() -> None:
    """Hold numerical libraries to one thread each, load JAX, and keep what it compiles."""
    hold_threads()
    load()
    cache_compilations()


def load() -> None:
    """Import JAX without looking for garbage meanwhile: there is none, and it takes 0.1 s."""
    gc.disable()
    import jax  # noqa: F401

    gc.freeze()
    gc.enable()


def hold_threads() -> None:
    """Hold numerical libraries to one thread each, if the environment does not say otherwise.

    It comes before they are loaded.
    """
    for name in _ONE_THREAD:
        os.environ.setdefault(name, "1")


def cache_compilations() -> None:
    """Keep what JAX compiles from one run to the next, if there is a folder for it.

    All of it: most programs of a sketch are one operation, and the smallest takes six times as long
    to compile as to find, and no longer where it is kept.
    """
    if folder := cache_folder():
        import jax

        programs = Path(folder, platform.node())
        with suppress(OSError):  # there are none
            forget(programs, _PROGRAMS)
        jax.config.update("jax_compilation_cache_dir", str(programs))
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)


def python(function: str) -> list[str]:
    """The command that calls a function, written `package.module:function`, in a new process.

    Python puts the folder of its program, or the current one, before all modules. What lies there
    belongs to the artist: a sketch called random.py must not be what a library imports.
    """
    module, _, name = function.partition(":")
    code = (
        "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
        f" from {module} import {name}; {name}()"
    )
    return [sys.executable, "-P", "-c", code, json.dumps(_module_folders())]


def _module_folders() -> list[str]:
    """Where this process finds modules, without the folder of its program."""
    program = getattr(sys.modules["__main__"], "__file__", None)
    folder = str(Path(program).absolute().parent) if program else ""
    own = [place for place in sys.path if os.path.isabs(place) and place != folder]
    return list(dict.fromkeys([*own, str(Path(PACKAGE).parent)]))
