"""This machine: which object code it can run, and how that becomes functions without numba."""

import ctypes
import platform
import sys
import threading
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from llvmlite.binding import ExecutionEngine

# Code for other systems has been tried by nobody: there numba alone compiles, and keeps it.
KEEPS = sys.platform == "linux" and sys.byteorder == "little" and sys.maxsize > 2**32
# What code is made for beforehand, the best first: a name of LLVM's, and what it needs.
LEVELS: dict[str, dict[str, tuple[str, ...]]] = {
    "x86_64": {
        "x86-64-v4": ("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"),
        "x86-64-v3": ("avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe"),
        "x86-64": (),
    },
    "aarch64": {"generic": ()},
}
_lock = threading.Lock()
_addresses: dict[str, int] = {}  # of what is loaded


@cache
def levels() -> list[str]:
    """Those of LEVELS that this machine has, the best first."""
    from llvmlite import binding

    here = binding.get_host_cpu_features()
    known = LEVELS.get(platform.machine(), {})
    return [name for name, needs in known.items() if all(here.get(need) for need in needs)]


@cache
def processor() -> str:
    """What code that is made here and now is made for."""
    from llvmlite import binding

    features = binding.get_host_cpu_features().flatten()
    return f"{platform.machine()} {binding.get_host_cpu_name()} {features}"


@cache
def _program() -> ctypes.CDLL:
    """What this process has loaded where all of it is found: the library of C among it."""
    return ctypes.CDLL(None)


def loaded(
    code: bytes, symbol: str, needs: list[str]
) -> Callable[[bytes, ctypes.Array[ctypes.c_char]], int]:
    """Make the function that an object file defines one to call, which lets other threads run.

    An OSError where the process has not all that it needs: LLVM would end the process.
    """
    from llvmlite import binding

    if missing := [name for name in needs if not hasattr(_program(), name)]:
        raise OSError(f"no {missing[0]} here")
    with _lock:
        if symbol not in _addresses:
            engine = _engine()
            engine.add_object_file(binding.ObjectFileRef.from_data(code))
            engine.finalize_object()
            _addresses[symbol] = engine.get_function_address(symbol)
    return ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)(_addresses[symbol])


@cache
def _engine() -> "ExecutionEngine":
    from llvmlite import binding

    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    target = binding.Target.from_default_triple().create_target_machine(jit=True)
    return binding.create_mcjit_compiler(binding.parse_assembly(""), target)
