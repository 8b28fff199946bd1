"""Object code made before it is needed: for this machine, or for several, to come with a package.

As a program it takes a folder and makes there what is for the kinds of machine that follow, or,
without arguments, what is for this one. Each has a process, since numba compiles for one alone.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from gradart.kernels import compiled_files as kept
from gradart.kernels.argument_types import NoTypeError, Type
from gradart.kernels.compiler import object_code
from gradart.kernels.kernel import Kernel, symbol

# What compiled functions are called with; tests/kernel_calls.py writes it.
SIGNATURES = Path(__file__).parent / "signatures.json"
_MOST = 4  # processes, each of which compiles for itself what others compile too


def listed() -> Iterator[tuple[Kernel, list[Type]]]:
    """The compiled functions that are called from Python, each with types of its arguments."""
    for name, signatures in json.loads(SIGNATURES.read_text()).items():
        module, _, function = name.partition(":")
        kernel = getattr(import_module(module), function)
        for kinds in signatures:
            if isinstance(kernel, Kernel):  # not one of numba's, if its variables ask for those
                yield kernel, kinds


def make_for_this_machine(share: int, shares: int) -> None:
    """Keep code for a share of what is called, where there is none yet."""
    for kernel, kinds in list(listed())[share::shares]:
        kernel.ready(kinds)


def make_for(folder: Path, level: str) -> None:
    """Write code for one kind of machine to a folder of its name."""
    import numba

    config: Any = numba.config  # a module whose names are set when it is imported
    config.CPU_NAME, config.CPU_FEATURES = level, ""
    for kernel, kinds in listed():
        name = kernel.file_name(kinds)
        try:
            made = object_code(kernel.dispatcher, kinds, symbol(name))
        except NoTypeError:
            continue
        kept.write(folder / level, name, made)


def main(words: Sequence[str]) -> None:
    """Do what the arguments ask, in processes side by side."""
    match words:
        case ["share", share, shares]:
            return make_for_this_machine(int(share), int(shares))
        case ["level", folder, level]:
            return make_for(Path(folder), level)
        case []:
            count = min(os.cpu_count() or 1, _MOST)
            parts = [["share", str(k), str(count)] for k in range(count)]
        case [folder, *names]:
            parts = [["level", folder, name] for name in names]
    command = [sys.executable, "-m", "gradart.kernels.ahead_of_time"]
    running = [subprocess.Popen([*command, *part]) for part in parts]
    ends = [process.wait() for process in running]
    if any(ends):
        raise SystemExit("gradart: what is compiled is not whole; it will be when it is needed")


if __name__ == "__main__":
    main(sys.argv[1:])
