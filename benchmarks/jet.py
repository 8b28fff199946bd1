"""Derivatives of order 2 to 32: gradart.jet against what one would use instead.

    python benchmarks/jet.py [--points 1000 1000000] [--orders 2 4 8 16 32] [--limit 4]

A curve and a method have a process of their own, which goes up the orders until a first call takes
longer than the limit, or the next one would by how the last two have grown; of many points, where
compiling is not what counts, than a quarter of it. gradart goes up all orders. Cold is the first
call with tracing and compiling, the median of three with empty caches (of one, if that is over a
fifth of a second); warm the median of the calls after it, of one if that is as long, and not
measured after a first call of over 8 s. gradart and jax.experimental.jet compute
every order up to the one asked for; nested differentiation is given the easier task of that order
alone. All of it takes about three minutes on two cores.
"""

import argparse
import importlib.util
import json
import math
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

DEGREE = 19
POINTS = np.random.default_rng(4).normal(size=(DEGREE + 1, 2))
CHOOSE = np.array([math.comb(DEGREE, i) for i in range(DEGREE + 1)], float)
ENOUGH = 0.2  # seconds, after which a call is not repeated
OURS = 60.0  # seconds for a first call of gradart
LONG = 8.0  # seconds of a first call, after which there is no second one
MANY = 100_000  # points
POWERS = np.arange(DEGREE + 1.0)  # floats, because jax.experimental.jet fails on whole exponents


def spiral(t: Any) -> jax.Array:
    return jnp.exp(0.08 * t) * jnp.array([jnp.cos(t), jnp.sin(t)])


def tanh_sin(t: Any) -> jax.Array:
    return jnp.tanh(jnp.sin(3 * t))


def bezier(t: Any) -> jax.Array:
    """20 control points, by Bernstein's polynomials."""
    return (CHOOSE * t**POWERS * (1 - t) ** (DEGREE - POWERS)) @ POINTS


TRIED = """
XLA fuses a program into a loop for each row of its result; what all orders are made of (sine and
cosine together, exponentials, tanh) is kept in memory once, and points are taken by as many as fit
the cache. Tried without gain for all: orders last instead of first, chunks alone, terms computed
apart, an optimization barrier, which XLA drops on processors before it fuses."""

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


def measure(name: str, method: str, orders: list[int], points: int, limit: float) -> None:
    """Print a line of JSON for each order: its seconds, cold, and warm where they are measured."""
    jax.config.update("jax_enable_x64", True)
    grid = np.linspace(0.01, 0.99, points)
    t: Any = grid if method == "torch" else jax.block_until_ready(jnp.asarray(grid))
    makers = {"gradart": gradart, "jax.jet": jax_jet, "nested grad": nested_grad}

    def make(order: int, of: Callable[..., Any] | str) -> Callable[..., Any]:
        return nested_torch(str(of), order) if method == "torch" else makers[method](of, order)

    # What is done once in a process is not counted.
    jax.block_until_ready(make(1, name if method == "torch" else jnp.sin)(t))
    before = math.inf
    for order in orders:
        cold: list[float] = []
        while len(cold) < 3 and sum(cold) < ENOUGH:
            jax.clear_caches()
            f = make(order, name if method == "torch" else CURVES[name])
            cold.append(timed(f, t))
        first = statistics.median(cold)
        warm: list[float] = []
        while first <= LONG and (not warm or (sum(warm) < ENOUGH and len(warm) < 20)):
            warm.append(timed(f, t))
        last = statistics.median(warm) if warm else None
        print(json.dumps({"order": order, "cold": first, "warm": last}), flush=True)
        if method != "gradart" and max(first, first**2 / before) > limit:
            return
        before = first


def timed(f: Callable[..., Any], t: Any) -> float:
    start = time.perf_counter()
    jax.block_until_ready(f(t))
    return time.perf_counter() - start


def column(name: str, method: str, orders: list[int], points: int, limit: float) -> dict[int, Any]:
    """What `measure` finds in a fresh process, stopped when an order takes too long."""
    patience = OURS if method == "gradart" else limit + 3  # with the start of the process
    words = [name, method, ",".join(map(str, orders)), str(points), str(limit)]
    found = {}
    with subprocess.Popen(
        [sys.executable, __file__, "--column", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        stop = threading.Timer(patience, process.kill)
        stop.start()
        for line in process.stdout or ():
            stop.cancel()
            row = json.loads(line)
            found[row["order"]] = row
            stop = threading.Timer(patience, process.kill)
            stop.start()
        stop.cancel()
    return found


def seconds(x: float | None) -> str:
    if x is None:
        return ""
    return f"{x:.2f} s" if x >= 0.1 else f"{1000 * x:.2f} ms"


def table(methods: list[str], orders: list[int], points: int, limit: float) -> None:
    print(f"\n### {points:,} points\n")
    print("| curve | order |", " | ".join(f"{m} cold | warm" for m in methods), "| ratios |")
    print("|---" * (2 * len(methods) + 3) + "|")
    for name in CURVES:
        columns = {m: column(name, m, orders, points, limit) for m in methods}
        for order in orders:
            cells, ratios = [], []
            ours = columns["gradart"].get(order)
            for method in methods:
                got = columns[method].get(order)
                cells += [seconds(got["cold"]), seconds(got["warm"])] if got else ["", ""]
                if ours and got and method != "gradart":
                    both = [(ours[kind], got[kind]) for kind in ("cold", "warm")]
                    told = (f"{a / b:.2f}" if a and b else "" for a, b in both)
                    ratios.append(f"{method}: {' / '.join(told)}")
            print(
                f"| {name} | {order} |", " | ".join(cells), "|", "; ".join(ratios), "|", flush=True
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--points", type=int, nargs="+", default=[1000, 1_000_000])
    parser.add_argument("--orders", type=int, nargs="+", default=[2, 4, 8, 16, 32])
    parser.add_argument("--limit", type=float, default=4.0, help="seconds for a first call")
    parser.add_argument("--column", nargs=5, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.column:
        name, method, orders, points, limit = given.column
        measure(name, method, [int(n) for n in orders.split(",")], int(points), float(limit))
        return
    methods = ["gradart", "jax.jet", "nested grad"]
    if importlib.util.find_spec("torch"):
        methods.append("torch")
    else:
        print("PyTorch is not installed; its column is left out.")
    print("Ratios are gradart's time over the other's, cold / warm. Goals: cold at order 8 at most")
    print(
        "0.7 of jax.jet and 0.1 of nested; cold at order 32 under 5 s; warm at most 1.1 of jax.jet."
    )
    print(f"Of others nothing is written where a first call takes over {given.limit:g} s or fails,")
    print(f"of many points over {given.limit / 4:g} s.")
    print(TRIED)
    for points in given.points:
        table(methods, given.orders, points, given.limit / (1 if points < MANY else 4))


if __name__ == "__main__":
    main()
