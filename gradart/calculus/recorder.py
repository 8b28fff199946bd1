"""Which curves, fields and views a sketch looks at, for whoever wants to look there too."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import jax
from jax.typing import ArrayLike

from gradart.types import Function


@dataclass
class Looks:
    """A function of one number, and the numbers at which its derivatives were asked for."""

    function: Function
    at: list[ArrayLike]


@dataclass
class Noticed:
    """What was given to the calculus during a block, each function once, in order.

    `dimensions` are the coordinates of a point that each of the `fields` takes. `panels` are the
    boxes that were laid onto others, (2, 2) each; `elsewhere` says that a view was made: what is
    drawn lies elsewhere than it was computed. Numbers may be traced, and of a tracing that is over.
    """

    fields: list[Function] = field(default_factory=list)
    dimensions: list[int] = field(default_factory=list)
    curves: list[Looks] = field(default_factory=list)
    panels: list[tuple[jax.Array, jax.Array]] = field(default_factory=list)
    elsewhere: bool = False


_noticed: ContextVar[Noticed | None] = ContextVar("noticed", default=None)


@contextmanager
def noticing() -> Iterator[Noticed]:
    """A block during which the functions that are looked at are noted down."""
    noticed = Noticed()
    token = _noticed.set(noticed)
    try:
        yield noticed
    finally:
        _noticed.reset(token)


def notice(f: Function, dimension: int = 2) -> None:
    """Note that a field is looked at, for the `noticing` block around, if there is one."""
    noticed = _noticed.get()
    if noticed is None:
        return
    place = next((i for i, known in enumerate(noticed.fields) if known is f), None)
    if place is None:
        noticed.fields.append(f)
        noticed.dimensions.append(dimension)
    else:
        noticed.dimensions[place] = dimension


def notice_curve(f: Function, at: ArrayLike) -> None:
    """Note that a function of one number is looked at, and where, for the block around."""
    noticed = _noticed.get()
    if noticed is None:
        return
    f = getattr(f, "unchecked", f)  # as it was, before it was checked
    looks = next((looks for looks in noticed.curves if looks.function is f), None)
    if looks is None:
        looks = Looks(f, [])
        noticed.curves.append(looks)
    looks.at.append(at)


def notice_view(panel: tuple[jax.Array, jax.Array] | None = None) -> None:
    """Note that a view is made, for the `noticing` block around: a panel by its two boxes."""
    noticed = _noticed.get()
    if noticed is not None:
        noticed.elsewhere = True
        if panel is not None:
            noticed.panels.append(panel)
