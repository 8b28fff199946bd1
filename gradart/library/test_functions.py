"""Test functions of optimization as fields, with their minima: Himmelblau, Rosenbrock, Beale.

Factories of fields, as in `gradart.library.fields`; each has its usual domain as `box`. The
formulas are those of the Virtual Library of Simulation Experiments (Surjanovic and Bingham), unless
another source is named.
"""

import math

import jax
import jax.numpy as jnp

from gradart.calculus.checks.arguments import plain
from gradart.calculus.vectors import safe_sqrt
from gradart.library.boxed_fields import BoxedField, planar


def himmelblau() -> BoxedField:
    """Himmelblau's function (1972): (x^2 + y - 11)^2 + (x + y^2 - 7)^2.

    Four minima of 0: (3, 2), (-2.805, 3.131), (-3.779, -3.283), (3.584, -1.848).

    >>> ga.lines(ga.contours(ga.himmelblau(), np.geomspace(1, 500, 16)))
    """

    @planar(((-5.0, -5.0), (5.0, 5.0)))
    def field(p: jax.Array) -> jax.Array:
        x, y = p[0], p[1]
        return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2

    return field


@plain
def rosenbrock(a: float = 1.0, b: float = 100.0) -> BoxedField:
    """Rosenbrock's bent valley (1960): (a - x)^2 + b (y - x^2)^2.

    Its minimum is 0 at (a, a^2): `a` is where it lies, and `b` how steep the sides of the valley
    are.

    >>> ga.lines(ga.contours(ga.rosenbrock(), np.geomspace(0.1, 2000, 16)))
    """

    @planar(((-2.0, -1.0), (2.0, 3.0)))
    def field(p: jax.Array) -> jax.Array:
        return (a - p[0]) ** 2 + b * (p[1] - p[0] ** 2) ** 2

    return field


def beale() -> BoxedField:
    """Beale's function (1958): a flat middle and sharp corners; its minimum is 0 at (3, 0.5).

    (1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2.

    >>> ga.lines(ga.contours(ga.beale(), np.geomspace(0.1, 1e5, 20)))
    """

    @planar(((-4.5, -4.5), (4.5, 4.5)))
    def field(p: jax.Array) -> jax.Array:
        x, y = p[0], p[1]
        a, b, c = 1.5 - x + x * y, 2.25 - x + x * y**2, 2.625 - x + x * y**3
        return a**2 + b**2 + c**2

    return field


def booth() -> BoxedField:
    """Booth's slanted bowl: (x + 2y - 7)^2 + (2x + y - 5)^2; its minimum is 0 at (1, 3).

    >>> ga.lines(ga.contours(ga.booth(), np.geomspace(1, 1500, 16)))
    """

    @planar(((-10.0, -10.0), (10.0, 10.0)))
    def field(p: jax.Array) -> jax.Array:
        x, y = p[0], p[1]
        return (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2

    return field


@plain
def rastrigin(a: float = 10.0) -> BoxedField:
    """Rastrigin's egg box in a bowl: 2a + x^2 + y^2 - a (cos tau x + cos tau y).

    `a` is how deep the hollows are, one at each pair of whole numbers; the lowest is 0 at (0, 0).

    >>> ga.lines(ga.contours(ga.rastrigin(), 8))
    """

    @planar(((-5.12, -5.12), (5.12, 5.12)))
    def field(p: jax.Array) -> jax.Array:
        return jnp.sum(a + p**2 - a * jnp.cos(math.tau * p))

    return field


def ackley() -> BoxedField:
    """Ackley's function (1987): a plain full of small hollows around one deep funnel.

    20 + e - 20 exp(-0.2 q) - exp((cos tau x + cos tau y) / 2), q^2 = (x^2 + y^2) / 2. Its minimum,
    0 at (0, 0), is the tip of a cone: the derivatives of q are taken as 0 there.

    >>> ga.lines(ga.contours(ga.ackley(), 8))
    """

    @planar(((-5.0, -5.0), (5.0, 5.0)))
    def field(p: jax.Array) -> jax.Array:
        x, y = p[0], p[1]
        q = safe_sqrt((x**2 + y**2) / 2)
        waves = jnp.exp((jnp.cos(math.tau * x) + jnp.cos(math.tau * y)) / 2)
        return 20 + math.e - 20 * jnp.exp(-0.2 * q) - waves

    return field


def camel() -> BoxedField:
    """The camel with six humps: (4 - 2.1 x^2 + x^4 / 3) x^2 + xy + (4 y^2 - 4) y^2.

    Two minima of -1.0316: (0.0898, -0.7126) and (-0.0898, 0.7126).

    >>> ga.lines(ga.contours(ga.camel(), np.linspace(-1, 4, 20)))
    """

    @planar(((-2.0, -1.1), (2.0, 1.1)))
    def field(p: jax.Array) -> jax.Array:
        x, y = p[0], p[1]
        return (4 - 2.1 * x**2 + x**4 / 3) * x**2 + x * y + (4 * y**2 - 4) * y**2

    return field


def mccormick() -> BoxedField:
    """McCormick's tilted wave: sin(x + y) + (x - y)^2 - 1.5 x + 2.5 y + 1.

    Its minimum is -1.9132 at (-0.5472, -1.5472).

    >>> ga.lines(ga.contours(ga.mccormick(), range(-1, 40, 3)))
    """

    @planar(((-1.5, -3.0), (4.0, 4.0)))
    def field(p: jax.Array) -> jax.Array:
        x, y = p[0], p[1]
        return jnp.sin(x + y) + (x - y) ** 2 - 1.5 * x + 2.5 * y + 1

    return field


def styblinski_tang() -> BoxedField:
    """The function of Styblinski and Tang: the sum of (x^4 - 16 x^2 + 5 x) / 2 over x and y.

    Four minima, the lowest -78.332 at (-2.9035, -2.9035).

    >>> ga.lines(ga.contours(ga.styblinski_tang(), range(-75, 130, 15)))
    """

    @planar(((-5.0, -5.0), (5.0, 5.0)))
    def field(p: jax.Array) -> jax.Array:
        return jnp.sum(p**4 - 16 * p**2 + 5 * p) / 2

    return field


def levy() -> BoxedField:
    """Levy's waves, in valleys that run to one point; its minimum is 0 at (1, 1).

    sin(pi u)^2 + (u - 1)^2 (1 + 10 sin(pi u + 1)^2) + (v - 1)^2 (1 + sin(tau v)^2), with u = (x +
    3) / 4 and v = (y + 3) / 4.

    >>> ga.lines(ga.contours(ga.levy(), np.geomspace(0.1, 60, 16)))
    """

    @planar(((-10.0, -10.0), (10.0, 10.0)))
    def field(p: jax.Array) -> jax.Array:
        u, v = (p[0] + 3) / 4, (p[1] + 3) / 4
        rough = (u - 1) ** 2 * (1 + 10 * jnp.sin(math.pi * u + 1) ** 2)
        return jnp.sin(math.pi * u) ** 2 + rough + (v - 1) ** 2 * (1 + jnp.sin(math.tau * v) ** 2)

    return field


def muller_brown() -> BoxedField:
    """The energy surface of Muller and Brown (1979): three valleys joined by two passes.

    A sum of four exponentials of quadratic forms. Its lowest minimum is -146.70 at (-0.5582,
    1.4417); outside its box it rises very steeply.

    >>> ga.lines(ga.contours(ga.muller_brown(), range(-140, 100, 12)))
    """
    height = jnp.array([-200.0, -100.0, -170.0, 15.0])
    a, b, c = jnp.array([[-1.0, -1, -6.5, 0.7], [0, 0, 11, 0.6], [-10, -10, -6.5, 0.7]])
    x, y = jnp.array([[1, 0, -0.5, -1], [0, 0.5, 1.5, 1]])

    @planar(((-1.5, -0.5), (1.2, 2.0)))
    def field(p: jax.Array) -> jax.Array:
        dx, dy = p[0] - x, p[1] - y
        return height @ jnp.exp(a * dx * dx + b * dx * dy + c * dy * dy)

    return field
