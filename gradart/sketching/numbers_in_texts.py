"""Numbers in a sketch's texts where JAX differentiates or traces them: what is written there."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import jax
import numpy as np

from gradart.calculus.programs.present_values import moves, present
from gradart.errors import Untraceable, warn


@contextmanager
def formatting_present_values(
    noted: list[str] | None = None,
    written: Sequence[str] = (),
    asked: list[tuple[jax.Array, str]] | None = None,
) -> Iterator[None]:
    """A block in which a text of a number that is differentiated shows what it is now.

    What it shows is `noted`, one string after the other. Of numbers that are traced, and so are
    none yet, those strings are shown that were `written` in a run before. Or they are `asked` for,
    each with its form, and shown as a 0. Without either, such a text is Untraceable.
    """
    told = False
    rest = iter(written)

    def shown(number: jax.Array, form: str) -> str:
        nonlocal told
        if not moves(number):
            if written:
                return next(rest)
            if asked is not None:
                asked.append((number, form))
                return format(np.zeros((), number.dtype).item(), form)
            raise Untraceable(
                "a text shows a number that is traced, and has no value: set it by"
                " ga.digits(number, at)"
            )
        if not told and noted is None:
            told = True
            warn("a text shows the present value of a number: its letters have no derivative")
        text = format(np.asarray(present(number)).item(), form)
        if noted is not None:
            noted.append(text)
        return text

    tracer: Any = jax.core.Tracer  # whose methods are set, which no type allows
    plain = {name: getattr(tracer, name) for name in ("__format__", "__str__")}
    tracer.__format__, tracer.__str__ = shown, lambda number: shown(number, "")
    try:
        yield
    finally:
        for name, method in plain.items():
            setattr(tracer, name, method)
