"""Small drawings that call each compiled function as gradart does, and what they were called with.

Run, it writes gradart/kernels/signatures.json anew: for what code is made before it is needed.
"""

import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from pictures import placed

import gradart as ga
from gradart.geometry.patterns.stippling import balanced, density_table
from gradart.kernels.ahead_of_time import SIGNATURES
from gradart.kernels.kernel import Kernel
from gradart.rendering.formats.lzw_kernel import compressed
from gradart.rendering.html.range_coder_kernel import coded
from gradart.rendering.ink.adjoint import pull
from gradart.rendering.ink.density import Disks, Strokes, accumulate
from gradart.rendering.painting.strokes_by_area import lay_strokes

HOME = Path(ga.__file__).parent


def _paths(n: int, m: int) -> np.ndarray:
    return np.random.default_rng(n * m).uniform(-6, 46, (n, m, 2))


def _strokes() -> Any:
    inks, widths = np.linspace(0.1, 0.6, 60).reshape(20, 3), np.linspace(0.1, 6, 20)
    blocks = [Strokes(_paths(20, 4), widths, inks, closed) for closed in (False, True)]
    blocks += [Strokes(_paths(20, 2), widths, inks), Strokes(_paths(20, 2), 0.5, inks[0])]
    return [accumulate((40, 40), [blocks[0]]), accumulate((40, 40), blocks)]


def _disks() -> Any:
    centers, ink = _paths(60, 1)[:, 0], np.full(3, 0.4)
    some = Disks(centers, np.linspace(0.1, 5, 60), np.linspace(0.1, 0.6, 180).reshape(60, 3))
    same = Disks(centers, 2.0, ink)
    return [accumulate((40, 40), [block]) for block in (some, same)]


def _specks() -> Any:
    return accumulate((40, 40), [Disks(_paths(60, 1)[:, 0], 0.3, np.ones(1))] * 2, 1)


def _derivatives() -> Any:
    weights = np.sin(np.arange(4800.0)).reshape(40, 40, 3).astype(np.float32)
    blocks = [
        Strokes(_paths(9, 4), np.linspace(0.1, 6, 9), np.full((9, 3), 0.4)),
        Disks(_paths(9, 1)[:, 0], np.linspace(0.1, 5, 9), np.full((9, 3), 0.4)),
    ]
    return pull(blocks, weights, [True, True])


def _pens() -> Any:
    rows = [ga.lines(_paths(3, 4), stroke=color, width=0.5) for color in ("red", "blue")]
    return ga.scene(*rows, ga.polygons(_paths(2, 5), fill="gold"), *rows)._repr_svg_()


def _frame() -> Any:
    marks = ga.lines(_paths(9, 2), width=[0.4] * 9), ga.dots(_paths(9, 1)[:, 0], 2.0)
    picture = np.zeros((40, 40, 4), np.uint8)
    lay_strokes(picture, placed(*marks), 1.0, np.zeros(2))
    return [picture, np.frombuffer(compressed(picture[..., 3]), np.uint8)]


def _numbers() -> Any:
    return np.frombuffer(coded(np.arange(300) ** 3 % 701, 20), np.uint8)


def _cells() -> Any:
    density = density_table(np.linspace(1, 2, 12).reshape(3, 4), BOX)
    return balanced(_paths(9, 1)[:, 0] / 60 + 0.2, np.zeros(9), density, 1e-3)[1].mass


def _hidden() -> Any:
    def cap(q: Any) -> Any:
        return jnp.stack([q[0], q[1], q @ q])

    sheet = ga.surface(cap, box=((-1, -1), (1, 1)), resolution=12)
    eye = ga.camera()
    lines = ga.curvature_lines(sheet, eye, separation=0.3)
    return ga.opaque(sheet, eye)(lines)


BOX = (0, 0), (1, 1)
SPOTS = _paths(300, 1)[:, 0]
RING = ga.point(ga.circle(), jnp.linspace(0, 6.2, 30))
CALLS: dict[str, Callable[[], Any]] = {
    "strokes": _strokes,
    "disks": _disks,
    "specks": _specks,
    "derivatives": _derivatives,
    "pens": _pens,
    "a frame of a film": _frame,
    "numbers of a page": _numbers,
    "cells": _cells,
    "hidden lines": _hidden,
    "contours": lambda: ga.contours(ga.peaks(), 4, resolution=30),
    "streamlines": lambda: ga.streamlines(ga.peaks(), separation=0.4),
    "tour": lambda: ga.tour(SPOTS),
    "open tour": lambda: ga.tour(SPOTS, closed=False),
    "plot order": lambda: ga.plot_order(_paths(60, 2)),
    "plot order of rings": lambda: ga.plot_order(_paths(9, 5)[:, [0, 1, 2, 3, 0]]),
    "circles": lambda: ga.pack(jax.random.key(1), RING, (0.05, 0.3), 30),
    "growth": lambda: ga.differential_growth(jax.random.key(1), RING, 60, gap=0.2),
}


def kernels() -> dict[str, Kernel]:
    """All compiled functions of the package, by their modules and names."""
    found = {}
    for file in HOME.rglob("*.py"):
        if file.parent.is_symlink() or "from gradart.numba_jit import" not in file.read_text():
            continue
        module = import_module(".".join(file.relative_to(HOME.parent).with_suffix("").parts))
        for value in vars(module).values():
            if isinstance(value, Kernel) and value.function.__module__ == module.__name__:
                found[value.name] = value
    return found


def called() -> dict[str, list[Any]]:
    """What each compiled function has been called with."""
    found = sorted(kernels().items())
    return {name: kernel.signatures for name, kernel in found if kernel.signatures}


def bits(value: Any) -> bytes:
    """All numbers of what a call returns."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, tuple | list):
        return b"".join(map(bits, value))
    return (
        bits(list(vars(value).values()))
        if hasattr(value, "__dict__")
        else np.asarray(value).tobytes()
    )


if __name__ == "__main__":
    for call in CALLS.values():
        call()
    SIGNATURES.write_text(json.dumps(called(), indent=1) + "\n")
