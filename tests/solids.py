"""Surfaces of which much is known: a sphere, and a torus as a field and as a map."""

import jax.numpy as jnp
import numpy as np

BOX = ((-2.0, -2.0, -2.0), (2.0, 2.0, 2.0))
TURN = 2 * np.pi
RING, TUBE = 1.0, 0.4


def sphere(p):
    return p @ p - 1


def torus(p):
    return (jnp.hypot(p[0], p[1]) - RING) ** 2 + p[2] ** 2 - TUBE**2


def torus_of(q):
    u, v = q
    r = RING + TUBE * jnp.cos(v)
    return jnp.stack([r * jnp.cos(u), r * jnp.sin(u), TUBE * jnp.sin(v)])
