"""Single steps of points that move, for `jax.lax.scan`: flocks of boids, and nets of springs."""

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import as_number, short
from gradart.calculus.checks.artist_functions import as_floats, as_points, concrete
from gradart.errors import ArtError
from gradart.types import Number, Numbers

State = tuple[jax.Array, jax.Array]  # positions and velocities, each (n, d)


def boids_step(
    state: tuple[Numbers, Numbers],
    radius: Number,
    *,
    apart: Number = 8.0,
    align: Number = 1.0,
    together: Number = 1.0,
    speed: Number | None = None,
    time: Number = 0.02,
) -> State:
    """One step of a flock whose members keep apart, fly as their neighbors do, and stay together.

    `state` is (positions, velocities), each (n, 2), and so is the result, after the `time` of a
    step. Each is pushed away from those within `radius` of it (by `apart`), takes on their
    velocities (by `align`) and is drawn to them (by `together`), the more the nearer they are; and
    comes to fly at `speed`, if that is given. A pure function, for `jax.lax.scan`; it can be
    compiled and differentiated. All pairs are looked at: for up to some thousand.

    What two of them do to one another is opposite and equal: without a speed, the whole flock's
    momentum stays. After C. Reynolds, "Flocks, herds and schools: a distributed behavioral model",
    SIGGRAPH (1987).

    >>> def step(flock, _):
    ...     flock = ga.boids_step(flock, radius=0.4, speed=1)
    ...     return flock, flock[0]
    >>> one, two = jax.random.split(jax.random.key(1))
    >>> place = ga.scatter(one, 80, box=((-1, -1), (1, 1)))
    >>> start = place, jax.random.normal(two, (80, 2))
    >>> ways = jax.lax.scan(step, start, length=150)[1]
    >>> ga.lines(ways.swapaxes(0, 1), width=0.15)
    """
    place, velocity = _state(state)
    as_number(radius, "radius", "length", above=0)
    pulls = [as_number(apart, "apart"), as_number(align, "align"), as_number(together, "together")]
    moved = _boids(
        place,
        velocity,
        radius,
        jnp.stack([jnp.asarray(p, float) for p in pulls]),
        as_number(time, "time"),
    )
    if speed is None:
        return moved
    return _at_speed(moved, as_number(speed, "speed", above=0), time)


@jax.jit
def _boids(
    place: jax.Array, velocity: jax.Array, radius: Number, pulls: jax.Array, time: Number
) -> State:
    gap = (place[:, None] - place) / radius  # (n, n, d), from each other one
    near = jnp.maximum(1 - (gap**2).sum(-1, keepdims=True), 0)
    change = velocity[None] - velocity[:, None]
    force = pulls[0] * near**3 * gap + pulls[1] * near * change - pulls[2] * near * gap
    velocity = velocity + time * force.sum(1)
    return place + time * velocity, velocity


@jax.jit
def _at_speed(state: State, speed: Number, time: Number) -> State:
    """Bring all nearer to a speed, in a time of the order of 1; what stands still stays so."""
    place, velocity = state
    square = (velocity**2).sum(-1, keepdims=True)
    # Its rest is 0 and `speed`, and it has no root, whose slope is infinite at 0.
    rate = 1 - jnp.minimum(square / speed**2, 4)
    return place, velocity * (1 + time * rate)


def springs_step(
    state: tuple[Numbers, Numbers],
    edges: Numbers,
    rest: Numbers,
    *,
    stiffness: Numbers = 100.0,
    damping: Numbers = 0.0,
    held: Numbers | None = None,
    time: Number = 0.01,
) -> State:
    """One step of equal weights that are joined by springs: positions and velocities (n, 2).

    `state` is (positions, velocities), and so is the result, after the `time` of a step. `edges`
    (k, 2) are the two weights, by number, that each spring joins; `rest` is its length at rest,
    `stiffness` its force for each unit of length more, and `damping` that against each unit of
    speed at which its ends part; one number, or one for each spring. Weights where `held`, (n,), is
    true stay where they are. A pure function, for `jax.lax.scan`; it can be compiled and
    differentiated. For gravity, add to the velocities between steps.

    By the method of leapfrog (L. Verlet, 1967), which keeps momentum and angular momentum, and
    energy about, without damping: a step must be shorter than the time of a swing, by far.

    >>> rope = jnp.stack([jnp.linspace(0, 1, 30), jnp.zeros(30)], -1)
    >>> edges = jnp.stack([jnp.arange(29), jnp.arange(1, 30)], -1)
    >>> def step(state, _):
    ...     place, velocity = ga.springs_step(state, edges, 1 / 29, stiffness=2000,
    ...         held=jnp.isin(jnp.arange(30), jnp.array([0, 29])))
    ...     return (place, velocity - jnp.array([0, 0.01])), place
    >>> ga.lines(jax.lax.scan(step, (rope, 0 * rope), length=200)[1][::10], width=0.15)
    """
    place, velocity = _state(state)
    pairs = jnp.asarray(edges)
    if pairs.ndim != 2 or pairs.shape[1] != 2 or not jnp.issubdtype(pairs.dtype, jnp.integer):
        raise ArtError(f"edges is {short(edges)}: give (k, 2) whole numbers, the ends of springs")
    if concrete(pairs) and pairs.size:
        ends = np.asarray(pairs)  # for in a trace all that JAX does is traced
        low, high = int(ends.min()), int(ends.max())
        if low < 0 or high >= len(place):
            raise ArtError(
                f"edges join weights {low} to {high}, and there are 0 to {len(place) - 1}"
            )
    spring = [
        as_floats(rest, "rest"),
        as_floats(stiffness, "stiffness"),
        as_floats(damping, "damping"),
    ]
    for x, name in zip(spring, ("rest", "stiffness", "damping"), strict=True):
        if x.shape not in ((), (len(pairs),)):
            raise ArtError(
                f"{name} has shape {x.shape}: give one number, or one for each of {len(pairs)}"
            )
    still = jnp.zeros(len(place), bool) if held is None else jnp.asarray(held, bool)
    if still.shape != (len(place),):
        raise ArtError(
            f"held has shape {still.shape}: give a truth for each weight, ({len(place)},)"
        )
    return _springs(place, velocity, pairs, spring, still, as_number(time, "time"))


@jax.jit
def _springs(
    place: jax.Array,
    velocity: jax.Array,
    pairs: jax.Array,
    spring: list[jax.Array],
    still: jax.Array,
    time: Number,
) -> State:
    rest, stiffness, damping = (x[..., None] for x in spring)
    free = ~still[:, None]

    def pulled(place: jax.Array, velocity: jax.Array) -> jax.Array:
        a, b = pairs.T
        across = place[b] - place[a]
        square = (across**2).sum(-1, keepdims=True)
        length = jnp.sqrt(jnp.where(square > 0, square, 1))
        along = across / length
        parting = ((velocity[b] - velocity[a]) * along).sum(-1, keepdims=True)
        force = (stiffness * (length - rest) + damping * parting) * along
        return jnp.zeros_like(place).at[a].add(force).at[b].add(-force) * free

    half = velocity * free + time / 2 * pulled(place, velocity)
    place = place + time * half
    return place, half + time / 2 * pulled(place, half)


def _state(state: tuple[Numbers, Numbers]) -> State:
    if not isinstance(state, tuple | list) or len(state) != 2:
        raise ArtError(f"state is {short(state)}: give (positions, velocities), each (n, 2)")
    place, velocity = as_points(state[0], "positions"), as_points(state[1], "velocities")
    if place.ndim != 2 or place.shape != velocity.shape:
        raise ArtError(
            f"positions have shape {place.shape}, velocities {velocity.shape}: give (n, 2) for both"
        )
    return place, velocity
