"""All that could come out otherwise the next time, on one sheet.

A product of matrices and a transform, whose last bits the number of threads decides; chance; a sum;
a dictionary and a set; type; a photograph's cells; ink that is added up.
"""

import jax
import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="60x40mm", seed=5)
def numbers(key, n=60, grain=True):
    cloud = jax.random.normal(key, (400, 1200))
    product = jax.jit(lambda a: a.T @ a)(cloud.reshape(2400, 200))
    waves = jnp.fft.irfft2(jnp.fft.rfft2(product) ** 2)
    small = ga.lines(jnp.stack([product[:n, 0], waves[:n, 1] / waves.std()], -1) / 400)
    names = {f"{name}": index for index, name in enumerate(sorted({"red", "green", "blue"}))}
    words = [ga.text(f"{name} {product.sum():.17g}", (0, at)) for name, at in names.items()]
    height = jax.nn.sigmoid(product[:24, :24] / 100)
    cells = [ga.raster(height, ((0, 0), (1, 1)))] if grain else []
    strokes = ga.segments(cloud[:, :2], cloud[:, 2:4], alpha=0.2, blend="ink")
    return ga.scene(*cells, small, *words, strokes)
