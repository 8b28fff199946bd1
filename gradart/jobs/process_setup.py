"""What a process that renders needs before it starts; how it is started, and ended soon.

That is one thread for the sums of numerical libraries, and a cache for what JAX compiles.

Python itself heeds a signal only when a native call returns: compiling, for one, can take a
minute, and a compiled loop may never end.
"""

import gc
import json
import os
import platform
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gradart.errors import PACKAGE
from gradart.files.kept import cache_folder, forget
from gradart.files.temporary import abandon

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


@contextmanager
def ended_soon(
    number: int, raised: type[BaseException], patience: float, end: Callable[[], object]
) -> Iterator[None]:
    """If a signal has not ended the block after `patience` seconds, a thread of its own does.

    `raised` is what the signal's handler raises, which ends the block as a rule. Where it has not,
    the thread removes what is being written, and calls `end`, which ends the process. Only the
    main thread hears signals; in others, and on Windows, this does nothing.
    """
    if threading.current_thread() is not threading.main_thread() or os.name == "nt":
        yield
        return
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    over = threading.Event()

    def watch() -> None:
        while heard := os.read(reader, 1):
            if heard[0] == number and not over.wait(patience):
                abandon()
                end()

    def lost(what: "sys.UnraisableHookArgs") -> None:
        """What is raised within JAX's hook of the garbage collector goes no further."""
        if what.exc_type is not raised:
            hook(what)

    hook, sys.unraisablehook = sys.unraisablehook, lost
    before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        signal.set_wakeup_fd(before)
        sys.unraisablehook = hook
        os.close(writer)  # at which the thread leaves
        thread.join()
        os.close(reader)
