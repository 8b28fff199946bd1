"""Three frameworks, one derivative: tanh by JAX, by PyTorch and by TensorFlow.

Each is given tanh alone, and finds the derivative by itself. Nothing tells the three curves apart,
until their differences are enlarged a thousand million million times: dust in the last digits.
"""

import inspect
import os
import textwrap
from typing import Annotated

import numpy as np

import gradart as ga

INK, RUST, BLUE, GRAY = "#1b1b1e", "#c2410c", "#1d4e89", "#8a8578"


def by_jax(x):
    from jax import grad, vmap
    from jax.numpy import tanh

    return vmap(grad(tanh))(x)


def by_torch(x):
    from torch import ones_like, tanh, tensor
    from torch.autograd import grad

    x = tensor(x, requires_grad=True)
    y, ones = tanh(x), ones_like(x)
    return grad(y, x, grad_outputs=ones)[0]


def by_tensorflow(x):
    import tensorflow as tf

    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.tanh(x)
    return tape.gradient(y, x)


@ga.sketch(page="a4", landscape=True)
def three_frameworks(
    n: Annotated[int, ga.Bounds(50, 5000), "numbers given to each"] = 600,
    reach: Annotated[float, ga.Bounds(1, 10), "how far they go to both sides"] = 3.5,
):
    os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "2", "TF_ENABLE_ONEDNN_OPTS": "0"}  # no greeting
    names, programs = ("JAX", "PyTorch", "TensorFlow"), (by_jax, by_torch, by_tensorflow)
    x, slopes = np.linspace(-reach, reach, n), np.full((3, n), np.nan)
    missing = {}
    for k, program in enumerate(programs):
        try:
            slopes[k] = program(x)
        except ImportError as error:
            missing[k] = f"Not installed:\npip install 'gradart[{error.name}]'"
    dust = np.roll(slopes, -1, 0) - slopes  # of each to the next one
    largest = np.nan_to_num(np.abs(dust)).max()

    def column(k, left):
        def graph(y, floor):
            panel = ga.panel(((-reach, -1), (reach, 1)), ((left, floor), (left + 76, floor + 48)))
            return panel(np.stack([x, y], -1))

        code = textwrap.dedent(inspect.getsource(programs[k]).partition("\n")[2])
        yield ga.text(names[k], (left, 160), size=8, fill=GRAY if k in missing else INK)
        yield ga.text(code, (left, 150), size=3, font="mono", fill=GRAY)
        yield ga.lines(graph(0 * x, 62), width=0.12, stroke=GRAY)
        if k in missing:
            yield ga.text(missing[k], (left, 96), fill=GRAY)
        else:
            yield ga.lines(graph(np.tanh(x), 62), width=0.35)
            yield ga.lines(graph(slopes[k], 62), width=0.6, stroke=RUST)
        if np.isfinite(dust[k]).all():
            yield ga.text(f"{names[k - 2]} \N{MINUS SIGN} {names[k]}", (left, 49), fill=BLUE)
            ends = graph(0 * x, 2), graph(dust[k] / (largest or 1), 2)
            yield ga.segments(*ends, width=0.12, stroke=BLUE)

    digits, power = f"{largest:.1e}".split("e")
    total = rf"$\mathrm{{largest\ difference}}\ \ {digits}\times 10^{{{int(power)}}}$"
    return ga.scene(
        [list(column(k, 95 * k)) for k in range(3)],
        ga.text(total, (133, -9), align="center", size=6, fill=BLUE) if largest else None,
        box=((0, -10), (266, 166)),
    )


if __name__ == "__main__":
    ga.main(three_frameworks)
