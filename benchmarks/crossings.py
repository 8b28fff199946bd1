"""Where curves cross themselves thousands of times.

python benchmarks/crossings.py
"""

import math
import time
from collections.abc import Callable

import jax
import jax.numpy as jnp

import gradart as ga
from gradart.types import Curve

CURVES: dict[str, Curve] = {
    "Lissajous, 42 : 43": lambda t: jnp.stack([jnp.sin(42 * t), jnp.sin(43 * t + 0.3)]),
    "a circle on a circle, 60 lobes": lambda t: (
        jnp.stack([jnp.cos(t), jnp.sin(t)]) + 0.9 * jnp.stack([jnp.cos(61 * t), jnp.sin(61 * t)])
    ),
    "a rose of 61 petals, all through one point": lambda t: (
        jnp.cos(61 * t / 2) * jnp.stack([jnp.cos(t / 2), jnp.sin(t / 2)])
    ),
}


def main() -> str:
    jax.config.update("jax_enable_compilation_cache", False)
    rows = ["| curve | crossings | first call | again (goal: 1 s) |", "|---|---:|---:|---:|"]
    with jax.enable_x64(True):
        for name, curve in CURVES.items():

            def find(curve: Curve = curve) -> int:
                return len(ga.self_intersections(curve, 0, 2 * math.pi))

            (count, cold), (_, warm) = _timed(find), _timed(find)
            rows.append(f"| {name} | {count:,} | {cold:.2f} s | {warm:.2f} s |")
    return "\n".join([*rows, "", "Processor time, with compiling."])


def _timed(work: Callable[[], int]) -> tuple[int, float]:
    start = time.process_time()
    return work(), time.process_time() - start


if __name__ == "__main__":
    print(main())
