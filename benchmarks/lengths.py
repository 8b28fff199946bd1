"""Sixty arrays of sixty lengths: the programs that JAX compiles, and how long it all takes.

    python benchmarks/lengths.py

In one process, with nothing kept on disk, after a first call of each function on three points. Each
is then called on arrays of 40 to 99 points; and on every sixth of them, as it would be with a
program for each length.
"""

import os
import time
from collections.abc import Callable

import jax
import numpy as np

import gradart as ga
from gradart.calculus.programs import padded_lengths

LENGTHS = range(40, 100)


def main() -> str:
    jax.config.update("jax_enable_compilation_cache", False)
    compiled: list[float] = []

    def listen(event: str, seconds: float, **_: str | int) -> None:
        if event.endswith("/backend_compile_duration"):
            compiled.append(seconds)

    jax.monitoring.register_event_duration_secs_listener(listen)
    field, curve = ga.peaks(), ga.spiral()
    works: dict[str, Callable[[np.ndarray], object]] = {
        "resample": lambda path: ga.resample(path, 50),
        "value": lambda path: ga.value(field, path),
        "gradient": lambda path: ga.gradient(field, path),
        "hessian": lambda path: ga.hessian(field, path),
        "jet, order 3": lambda path: ga.jet(curve, path[:, 0], 3),
        "curvature": lambda path: ga.curvature(curve, path[:, 0]),
    }
    random = np.random.default_rng(0)
    paths = [random.normal(size=(n, 2)) for n in LENGTHS]
    padded = padded_lengths.length
    rows = [
        "| 60 lengths | programs (goal: 6) | processor time | a program for each length"
        " | processor time | ratio |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    with jax.enable_x64(True):
        for name, work in works.items():
            work(paths[0][:3])
            found = []
            for length, part in (padded, 1), (_own, 6):
                padded_lengths.length = length
                compiled.clear()
                start = time.process_time()
                for path in paths[::part]:
                    work(path)
                found.append((part * len(compiled), part * (time.process_time() - start)))
            padded_lengths.length = padded
            (few, seconds), (many, long) = found
            ours, theirs = f"{few} | {seconds:.2f} s", f"{many} | {long:.1f} s"
            rows.append(f"| {name} | {ours} | {theirs} | {long / seconds:.0f} |")
    return "\n".join(rows)


def _own(n: int) -> int:
    """The length that an array has."""
    return n


if __name__ == "__main__":
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    print(main())
