"""The derivative of a picture: what it costs beside drawing, and beside the ways around it.

    python benchmarks/pictures.py

First the gradient of summed ink by the ends, widths and inks of fine strokes on 2000 x 2000 pixels,
then a step of fitting 5,000 strokes to a picture of 400 x 468: loss, gradient, and Adam's update.
Others compute the same gradient: differences need two pictures for each of the numbers, of which
some are drawn and the time is multiplied; a soft rasterizer written in JAX takes each stroke's
distance from every pixel, for some of the strokes, and again the time is multiplied.
"""

import statistics
import time
from collections.abc import Callable
from typing import Any

import cairocffi
import jax
import jax.numpy as jnp
import numpy as np
import optax

import gradart as ga
from gradart.rendering.ink.adjoint import Rates, pull, push
from gradart.rendering.ink.density import Strokes, accumulate

SIZE = 2000
STROKES, WIDTH, HEIGHT = 5000, 400, 468
SOFT = 50  # strokes of the soft rasterizer at a time, and differences that are taken
RUNS = 7


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """The medians of time and of processor time, after a first run that compiles."""
    jax.block_until_ready(work())
    walls, cpus = [], []
    for _ in range(RUNS):
        wall, cpu = time.perf_counter(), time.process_time()
        jax.block_until_ready(work())
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return statistics.median(walls), statistics.median(cpus)


def chords(n: int, mean: float, size: tuple[int, int]) -> np.ndarray:
    """Straight strokes (n, 2, 2) everywhere in a box, in all directions."""
    rng = np.random.default_rng(0)
    angle, length = rng.uniform(0, 2 * np.pi, n), rng.gamma(4, mean / 4, n)
    reach = np.stack([np.cos(angle), np.sin(angle)], -1) * length[:, None] / 2
    center = rng.uniform(0, 1, (n, 2)) * size
    return np.stack([center - reach, center + reach], 1)


def adjoints() -> None:
    points, canvas = chords(20_000, 219, (SIZE, SIZE)), (SIZE, SIZE)
    weights = np.random.default_rng(1).normal(0, 1, (SIZE, SIZE, 3)).astype(np.float32)
    print("| 20,000 strokes of 219 px | drawn | gradient | times | processor time, times |")
    print("|---|---|---|---|---|")
    gray, rust = np.full(1, 0.1), np.array([0.03, 0.08, 0.1])
    each = np.broadcast_to(rust, (len(points), 3))
    for what, width, ink, inked in (
        ("one gray ink, 1 px", 1.0, gray, False),
        ("one gray ink, 3 px", 3.0, gray, False),
        ("one colored ink, 1 px", 1.0, rust, False),
        ("an ink each, 1 px, by inks too", 1.0, each, True),
    ):
        blocks, channels = [Strokes(points, width, ink)], ink.shape[-1]
        own = np.ascontiguousarray(weights[..., :channels])
        drawn = timed(lambda: accumulate(canvas, blocks, channels))  # noqa: B023
        back = timed(lambda: pull(blocks, own, [inked]))  # noqa: B023
        print(
            f"| {what} | {drawn[0]:.3f} s | {back[0]:.3f} s | {back[0] / drawn[0]:.1f} |"
            f" {back[1] / drawn[1]:.1f} |"
        )
    blocks = [Strokes(points, 1.0, rust)]
    forward = timed(lambda: push(canvas, blocks, [Rates(points)]))[0]
    print(f"\nForward, one direction: {forward:.3f} s.\n")


def scene(ends: jax.Array) -> ga.Scene:
    lines = ga.lines(ends, width=0.5, alpha=0.3, stroke="#000000", blend=ga.ink(1))
    return ga.scene(lines, box=((0, 0), (WIDTH, HEIGHT)), paper="#ffffff")


SHEET = ga.Page(float(WIDTH), float(HEIGHT), 0.0)


def loss(ends: jax.Array, target: jax.Array) -> jax.Array:
    seen = ga.picture(scene(ends), page=SHEET, px=HEIGHT)
    return jnp.mean((seen[..., 0] - target) ** 2)


def step() -> Callable[[], Any]:
    ends = jnp.asarray(chords(STROKES, 20, (WIDTH, HEIGHT)), jnp.float32)
    target = jnp.asarray(np.random.default_rng(2).uniform(0, 1, (HEIGHT, WIDTH)), jnp.float32)
    adam = optax.adam(0.3)

    @jax.jit
    def stepped(ends: jax.Array, state: Any) -> Any:
        value, gradient = jax.value_and_grad(loss)(ends, target)
        moves, state = adam.update(gradient, state)
        return optax.apply_updates(ends, moves), state, value

    state = adam.init(ends)
    return lambda: stepped(ends, state)


def soft(ends: jax.Array) -> jax.Array:
    """The density of a few strokes by each pixel's distance from each: what JAX alone can do."""
    y, x = jnp.mgrid[:HEIGHT, :WIDTH] + 0.5
    at = jnp.stack([x, y], -1)[:, :, None]
    a, along = ends[:, 0], ends[:, 1] - ends[:, 0]
    t = jnp.clip(((at - a) * along).sum(-1) / (along**2).sum(-1), 0, 1)
    away = jnp.sqrt(((at - a - t[..., None] * along) ** 2).sum(-1) + 1e-9)
    return (0.3 * jax.nn.sigmoid(4 * (0.25 - away))).sum(-1)


def cairo(ends: np.ndarray) -> float:
    surface = cairocffi.ImageSurface(cairocffi.FORMAT_ARGB32, WIDTH, HEIGHT)
    context = cairocffi.Context(surface)
    context.set_source_rgba(0, 0, 0, 0.3)
    context.set_line_width(0.5)
    for x0, y0, x1, y1 in ends.reshape(-1, 4).tolist():
        context.move_to(x0, y0)
        context.line_to(x1, y1)
        context.stroke()
    return float(np.frombuffer(surface.get_data(), np.uint8).astype(float).mean())


def steps() -> None:
    ends = chords(STROKES, 20, (WIDTH, HEIGHT))
    numbers = ends.size
    own, cpu = timed(step())
    target = jnp.zeros((HEIGHT, WIDTH))
    value = jax.jit(lambda x: loss(x, target))
    moved = jnp.asarray(ends, jnp.float32)
    difference = 2 * timed(lambda: value(moved))[0] * numbers
    few = jax.jit(jax.grad(lambda x: jnp.mean(soft(x) ** 2)))
    smooth = timed(lambda: few(moved[:SOFT]))[0] * STROKES / SOFT
    painted = 2 * timed(lambda: cairo(ends))[0] * numbers
    print(f"| a step of {STROKES:,} strokes, {WIDTH} x {HEIGHT} px | time | times gradart's |")
    print("|---|---|---|")
    print(f"| gradart: loss, gradient, update ({cpu:.3f} s of processor time) | {own:.3f} s | 1 |")
    for who, took in (
        ("gradart's picture, central differences", difference),
        ("a soft rasterizer in JAX", smooth),
        ("cairo, central differences", painted),
    ):
        print(f"| {who} (of a part, multiplied) | {took:,.1f} s | {took / own:,.0f} |")


if __name__ == "__main__":
    adjoints()
    steps()
