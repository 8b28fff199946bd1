"""What a parameter of numbers stands for beyond them: a point, a vector, a range, an easing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple, cast

import jax
import jax.numpy as jnp

from gradart.calculus.checks.arguments import short
from gradart.errors import ArtError
from gradart.geometry.easing import Easing

RoleName = Literal["point", "vector", "range", "easing", "seed"]


@dataclass(frozen=True)
class Role:
    """What numbers stand for: how messages call it, how help writes it, what the sketch is given.

    `numbers` is how many there are, 0 for a single one that is no list.
    """

    name: RoleName
    noun: str
    form: str
    numbers: int
    make: Callable[[Any], object]  # of one number, or of a tuple of `numbers` of them


class Range(NamedTuple):
    """A range of numbers, as a sketch's parameter: `reach=ga.Range(2, 5)`.

    From `low` to `high`, which are floats; the sketch gets the lower one first, however they were
    given. Outside a sketch both stay where they are. On the live page it is a slider with two
    thumbs, on the command line it is `--reach 2,5`. As an annotation it takes bounds:
    `reach: Annotated[ga.Range, ga.Bounds(0, 10)] = (2, 5)`.

    >>> @ga.sketch
    ... def rings(n=8, reach=ga.Range(2, 5)):
    ...     return ga.scene(ga.circles((0, 0), jnp.linspace(reach.low, reach.high, n)))
    >>> low, high = ga.Range(2, 5)
    """

    # It is no class that sorts: JAX makes one of derivatives, too, which have no order.
    low: float
    high: float


def _range(numbers: tuple[float, float]) -> Range:
    """A range, the lower number first; of numbers of JAX too, while it traces."""
    low, high = numbers
    if isinstance(low, jax.Array) or isinstance(high, jax.Array):
        # A sketch is told floats; where it is traced, arrays stand for them.
        return Range(cast(float, jnp.minimum(low, high)), cast(float, jnp.maximum(low, high)))
    return Range(min(low, high), max(low, high))


@dataclass(frozen=True)
class Section:
    """The heading of parameters that belong together, those after it too: `ga.Section("ink")`.

    An `Annotated` parameter begins a section of that `name`, which ends where the next one begins.
    The live page and `--help` show it so; those before the first section have none.

    >>> from typing import Annotated
    >>> @ga.sketch
    ... def rings(n=8, width: Annotated[float, ga.Section("ink")] = 0.4, color="#c2410c"):
    ...     return ga.scene(ga.circles((0, 0), range(1, n + 1), width=width, stroke=color))
    >>> [p.section for p in rings.parameters]
    ['', 'ink', 'ink']
    """

    name: str

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.strip():
            raise ArtError(f"a section has a name, ga.Section('ink'), not {short(self.name)}")


def _easing(numbers: tuple[float, float, float, float]) -> Easing:
    return Easing(*numbers)


POINT = Role("point", "a point x,y", "X,Y", 2, jnp.asarray)
VECTOR = Role("vector", "a vector x,y", "X,Y", 2, jnp.asarray)
RANGE = Role("range", "a range low,high", "LOW,HIGH", 2, _range)
EASING = Role("easing", "an easing x1,y1,x2,y2, each x from 0 to 1,", "X1,Y1,X2,Y2", 4, _easing)
SEED = Role("seed", "a seed, a whole number from 0 to 4294967295", "SEED", 0, jax.random.key)

# Any: a default is a tuple or a number, and what the sketch is given is an array or a key.
Point = Annotated[Any, POINT]
Vector = Annotated[Any, VECTOR]
Seed = Annotated[Any, SEED]
