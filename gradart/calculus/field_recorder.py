"""Which fields a sketch looks at, for whoever wants to look there too."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from gradart.types import Function


@dataclass
class Noticed:
    """The fields that were given to the calculus, each once, in order.

    `elsewhere` says that a view was made: what is drawn lies elsewhere than it was computed.
    """

    fields: list[Function] = field(default_factory=list)
    elsewhere: bool = False


_noticed: ContextVar[Noticed | None] = ContextVar("noticed", default=None)


@contextmanager
def noticing() -> Iterator[Noticed]:
    """Notice what is looked at during the block."""
    noticed = Noticed()
    token = _noticed.set(noticed)
    try:
        yield noticed
    finally:
        _noticed.reset(token)


def notice(f: Function) -> None:
    """A field is looked at."""
    noticed = _noticed.get()
    if noticed is not None and not any(f is known for known in noticed.fields):
        noticed.fields.append(f)


def notice_view() -> None:
    """A view is made."""
    noticed = _noticed.get()
    if noticed is not None:
        noticed.elsewhere = True
