"""A fit's step, and a whole portrait: 5,000 strokes, 400 x 468 pixels.

    python benchmarks/fit.py

One step is the picture, its loss at three scales, the gradient by all ends and the update. Blurring
is measured too, against what else it could be: it was half of a step once.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

import gradart as ga
from gradart.optimizing.fitting.targets import blurred

STROKES = 5000
SHEET = ga.page("200x234mm", margin=0)
PX = 468
RADII = (1.0, 3.5, 10.0)
RUNS = 9


def seconds(work: Callable[[], Any], runs: int = RUNS) -> float:
    """The median of some runs, after one that compiles."""
    work()
    spent = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        spent.append(time.perf_counter() - began)
    return statistics.median(spent)


def a_step() -> float:
    """Seconds for a step of a fit of strokes to the photograph that comes with matplotlib."""
    face = ga.photograph()
    rng = np.random.default_rng(1)
    middle = rng.uniform(*face.box, (STROKES, 2))
    angle = rng.uniform(0, np.pi, STROKES)
    reach = 0.03 * np.stack([np.cos(angle), np.sin(angle)], -1)

    def drawing(p: dict[str, jax.Array]) -> ga.Scene:
        ends = p["middle"] - p["reach"], p["middle"] + p["reach"]
        return ga.scene(ga.segments(*ends, width=0.3, blend=ga.ink(exposure=1)), box=face.box)

    def fitted(steps: int) -> float:
        began = time.perf_counter()
        ga.fit(drawing, face, start, steps=steps, page=SHEET, px=PX, keep=0)
        return time.perf_counter() - began

    start = {"middle": middle, "reach": reach}
    few, many = 5, 45
    fitted(few)
    return (fitted(many) - fitted(few)) / (many - few)


def blurs() -> dict[str, float]:
    """Seconds for a loss at three scales of blur, and its gradient, by ways to blur."""
    picture = jnp.asarray(np.random.default_rng(0).uniform(size=(468, 400)), jnp.float32)

    def convolved(x: jax.Array, radius: float) -> jax.Array:
        reach = int(3 * radius)
        weights = jnp.exp(-((jnp.arange(-reach, reach + 1) / radius) ** 2) / 2)
        along = jax.vmap(lambda row: jnp.convolve(row, weights / weights.sum(), "same"))
        return along(along(x).T).T

    def transformed(x: jax.Array, radius: float) -> jax.Array:
        rows, columns = jnp.fft.fftfreq(len(x))[:, None], jnp.fft.rfftfreq(x.shape[1])
        passed = jnp.exp(-2 * (jnp.pi * radius) ** 2 * (rows**2 + columns**2))
        return jnp.fft.irfft2(jnp.fft.rfft2(x) * passed, x.shape)

    ways: dict[str, Callable[[jax.Array], list[jax.Array]]] = {
        "a pyramid, as `fit` does": lambda x: blurred(x[..., None], RADII),
        "Fourier transforms": lambda x: [transformed(x, radius) for radius in RADII],
        "convolutions": lambda x: [convolved(x, radius) for radius in RADII],
    }
    found = {}
    for name, way in ways.items():

        def loss(x: jax.Array, way: Callable[[jax.Array], list[jax.Array]] = way) -> jax.Array:
            return sum((jnp.mean(view**2) for view in way(x)), jnp.zeros(()))

        gradient = jax.jit(jax.value_and_grad(loss))
        found[name] = seconds(lambda run=gradient: run(picture)[1].block_until_ready())
    return found


def a_portrait() -> float:
    """Seconds from the start of Python to the file, for the gallery's portrait in strokes."""
    sketch = Path(__file__).parents[1] / "sketches" / "strokes.py"
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        call = [sys.executable, "-m", "gradart", "run", str(sketch), "-o", f"{folder}/strokes.png"]
        subprocess.run(call, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - began


def main() -> str:
    rows = [("a step", a_step()), *(("blur: " + name, s) for name, s in blurs().items())]
    rows.append(("the gallery's portrait, whole process", a_portrait()))
    table = [f"| {name} | {1000 * spent:,.0f} ms |" for name, spent in rows]
    return "\n".join(["| work | median |", "|---|---:|", *table]) + "\n"


if __name__ == "__main__":
    print(main())
