"""Three frameworks, one derivative: tanh by JAX, by PyTorch and by TensorFlow.

Each is given tanh alone, and finds the derivative by itself. Nothing tells the three curves apart,
until their differences are enlarged a thousand million million times: dust in the last digits.
"""

import inspect
import os
import textwrap
import warnings
from typing import Annotated

import jax
import jax.numpy as jnp
import numpy as np

import gradart as ga

RUST, BLUE, GRAY = "#c2410c", "#1d4e89", "#8a8578"
NAMES = "JAX", "PyTorch", "TensorFlow"


def by_jax(x):
    from jax import grad, vmap
    from jax.numpy import tanh

    return vmap(grad(tanh))(x)


def by_torch(x):
    from torch import tanh, tensor

    x = tensor(x, requires_grad=True)
    tanh(x).sum().backward()
    return x.grad


def by_tensorflow(x):
    import tensorflow as tf

    x = tf.Variable(x)
    with tf.GradientTape() as tape:
        y = tf.tanh(x)
    return tape.gradient(y, x)


@ga.sketch(page="a4", landscape=True)
def three_frameworks(
    n: Annotated[int, ga.Bounds(50, 5000), "numbers given to each"] = 600,
    reach: Annotated[float, ga.Bounds(1, 10), "how far they go to both sides"] = 3.5,
):
    os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "2", "TF_ENABLE_ONEDNN_OPTS": "0"}  # no greeting
    now = float(jax.lax.stop_gradient(reach))  # PyTorch takes no number that JAX differentiates
    x, slopes, marks = np.linspace(-now, now, n), np.full((3, n), np.nan), []
    wider = (reach - now) * x / now  # 0, but its derivative is that of x
    tanh = np.tanh(x)
    slope = 1 - tanh**2

    def graph(k, zero, y):  # in the column of a framework, 1 is 24 mm above zero
        return jnp.stack([38 * x / now + 95 * k + 38, zero + 24 * y], -1)

    for k, program in enumerate((by_jax, by_torch, by_tensorflow)):
        code = textwrap.dedent(inspect.getsource(program).partition("\n")[2])
        marks.append(ga.text(NAMES[k], (95 * k, 158), size=9))
        marks.append(ga.text(code, (95 * k, 146), size=3.7, font="mono", fill="#5f5b52"))
        marks.append(ga.lines(graph(k, 86, 0 * x), width=0.12, stroke=GRAY))
        try:
            slopes[k] = program(x)
        except ImportError as error:
            missing = f"Not installed:\npip install 'gradart[{error.name}]'"
            marks.append(ga.text(missing, (95 * k, 96), fill=GRAY))
            warnings.warn(" ".join(missing.split()), ImportWarning, stacklevel=1)
        else:
            marks.append(ga.lines(graph(k, 86, tanh + slope * wider), width=0.4))
            moving = slopes[k] - 2 * tanh * slope * wider
            marks.append(ga.lines(graph(k, 86, moving), width=0.7, stroke=RUST))
    dust = np.roll(slopes, -1, 0) - slopes  # of each to the next one
    largest = np.nan_to_num(np.abs(dust)).max() or 1
    for k in np.flatnonzero(np.isfinite(dust).all(1)):
        ends = graph(k, 26, 0 * x), graph(k, 26, dust[k] / largest)
        marks.append(ga.segments(*ends, width=0.15, stroke=BLUE))
        marks.append(ga.text(f"{NAMES[k - 2]} − {NAMES[k]}", (95 * k, 51), size=5, fill=BLUE))
    if largest < 1:
        digits, power = f"{largest:.1e}".split("e")
        total = rf"$\mathrm{{largest\ difference}}\ \ {digits}\times 10^{{{int(power)}}}$"
        marks.append(ga.text(total, (133, -9), align="center", size=7, fill=BLUE))
    return ga.scene(marks, box=((0, -10), (266, 166)))


if __name__ == "__main__":
    ga.main(three_frameworks)
