"""Derivatives of order 2 to 32: gradart.jet against what one would use instead.

    python benchmarks/jet.py [--points 1000 1000000] [--orders 2 4 8 16 32] [--limit 60]

Each cell runs in processes of its own: cold is the first call with tracing and compiling, warm the
median of the calls after it; both are medians of three processes. A cell over the limit is stopped;
those of higher orders, which would take longer still, are skipped. gradart and jax.experimental.jet
compute every order up to the one asked for; nested differentiation is given the easier task of that
order alone.
"""

import argparse
import json
import math
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

DEGREE = 19
POINTS = np.random.default_rng(4).normal(size=(DEGREE + 1, 2))
CHOOSE = np.array([math.comb(DEGREE, i) for i in range(DEGREE + 1)], float)
POWERS = np.arange(DEGREE + 1.0)  # floats, because jax.experimental.jet fails on whole exponents


def spiral(t: Any) -> jax.Array:
    return jnp.exp(0.08 * t) * jnp.array([jnp.cos(t), jnp.sin(t)])


def tanh_sin(t: Any) -> jax.Array:
    return jnp.tanh(jnp.sin(3 * t))


def bezier(t: Any) -> jax.Array:
    """20 control points, by Bernstein's polynomials."""
    return (CHOOSE * t**POWERS * (1 - t) ** (DEGREE - POWERS)) @ POINTS


CURVES = {"spiral": spiral, "tanh(sin 3t)": tanh_sin, "Bezier, 20 points": bezier}


def gradart(f: Callable[..., Any], order: int) -> Callable[..., Any]:
    from gradart.calculus.derivatives import jet

    return jax.jit(lambda t: jet(f, t, order))


def jax_jet(f: Callable[..., Any], order: int) -> Callable[..., Any]:
    from jax.experimental.jet import jet

    def one(t: jax.Array) -> jax.Array:
        value, rest = jet(f, (t,), ((1.0, *[0.0] * (order - 1)),))
        return jnp.stack([value, *rest])

    return jax.jit(jax.vmap(one))


def nested_grad(f: Callable[..., Any], order: int) -> Callable[..., Any]:
    def component(i: int) -> Callable[..., Any]:
        g: Callable[..., Any] = lambda t: jnp.ravel(f(t))[i]  # noqa: E731
        for _ in range(order):
            g = jax.grad(g)
        return g

    size = jax.eval_shape(f, 0.5).size
    return jax.jit(jax.vmap(lambda t: jnp.stack([component(i)(t) for i in range(size)])))


def nested_torch(name: str, order: int) -> Callable[..., Any]:
    import torch

    weights, corners = torch.tensor(CHOOSE), torch.tensor(POINTS)
    powers = torch.tensor(POWERS)

    def curve(t: Any) -> list[Any]:
        if name == "spiral":
            return [torch.exp(0.08 * t) * torch.cos(t), torch.exp(0.08 * t) * torch.sin(t)]
        if name == "tanh(sin 3t)":
            return [torch.tanh(torch.sin(3 * t))]
        basis = weights * t[:, None] ** powers * (1 - t[:, None]) ** (DEGREE - powers)
        return list((basis @ corners).T)

    def run(t: np.ndarray) -> list[Any]:
        x = torch.tensor(t, requires_grad=True)
        results = []
        for y in curve(x):
            for _ in range(order):
                (y,) = torch.autograd.grad(y.sum(), x, create_graph=True)
            results.append(y.detach())
        return results

    return run


def measure(name: str, method: str, order: int, points: int) -> dict[str, float]:
    """Seconds, cold and warm, in this process."""
    jax.config.update("jax_enable_x64", True)
    grid = np.linspace(0.01, 0.99, points)
    t: Any = grid if method == "torch" else jax.block_until_ready(jnp.asarray(grid))
    if method != "torch":
        jax.block_until_ready(jax.jit(lambda x: x + 1)(t))
    makers = {"gradart": gradart, "jax.jet": jax_jet, "nested grad": nested_grad}
    f = nested_torch(name, order) if method == "torch" else makers[method](CURVES[name], order)
    start = time.perf_counter()  # the imports are not counted
    jax.block_until_ready(f(t))
    cold = time.perf_counter() - start
    warm = []
    while len(warm) < 3 or (sum(warm) < 1 and len(warm) < 200):
        start = time.perf_counter()
        jax.block_until_ready(f(t))
        warm.append(time.perf_counter() - start)
    return {"cold": cold, "warm": statistics.median(warm)}


def cell(limit: float, *what: Any) -> dict[str, float] | str:
    """The medians of three fresh processes, of one if that is slow, or why there are none."""
    first = once(limit, *what)
    if isinstance(first, str) or first["cold"] > 10:
        return first
    runs = [first, *(once(limit, *what) for _ in range(2))]
    good = [run for run in runs if not isinstance(run, str)]
    return {key: statistics.median(run[key] for run in good) for key in first}


def once(limit: float, *what: Any) -> dict[str, float] | str:
    command = [sys.executable, __file__, "--cell", *map(str, what)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit + 10)
    except subprocess.TimeoutExpired:
        return f"> {limit:.0f} s"
    if done.returncode:
        return "fails"
    return json.loads(done.stdout.splitlines()[-1])


def seconds(x: float) -> str:
    return f"{x:.2f} s" if x >= 0.1 else f"{1000 * x:.2f} ms"


def table(methods: list[str], orders: list[int], points: int, limit: float) -> None:
    print(f"\n### {points:,} points\n")
    print("| curve | order |", " | ".join(f"{m} cold | warm" for m in methods), "| ratios |")
    print("|---" * (2 * len(methods) + 3) + "|")
    for name in CURVES:
        stopped: set[str] = set()
        for order in orders:
            row: list[str] = []
            found: dict[str, dict[str, float]] = {}
            for method in methods:
                got = "skipped" if method in stopped else cell(limit, name, method, order, points)
                if isinstance(got, str):
                    row += [got, ""]
                    stopped.add(method)
                else:
                    row += [seconds(got["cold"]), seconds(got["warm"])]
                    found[method] = got
            ours = found.get("gradart")
            ratios = [
                f"{m}: {ours['cold'] / x['cold']:.2f} / {ours['warm'] / x['warm']:.2f}"
                for m, x in found.items()
                if ours and m != "gradart"
            ]
            print(f"| {name} | {order} |", " | ".join(row), "|", "; ".join(ratios), "|", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--points", type=int, nargs="+", default=[1000, 1_000_000])
    parser.add_argument("--orders", type=int, nargs="+", default=[2, 4, 8, 16, 32])
    parser.add_argument("--limit", type=float, default=60.0, help="seconds for one cell")
    parser.add_argument("--cell", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.cell:
        name, method, order, points = given.cell
        print(json.dumps(measure(name, method, int(order), int(points))))
        return
    methods = ["gradart", "jax.jet", "nested grad"]
    try:
        import torch  # noqa: F401

        methods.append("torch")
    except ImportError:
        print("PyTorch is not installed; its column is left out.")
    print("Ratios are gradart's time over the other's, cold / warm.")
    for points in given.points:
        table(methods, given.orders, points, given.limit)


if __name__ == "__main__":
    main()
