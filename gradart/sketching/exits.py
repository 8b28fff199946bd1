"""The end of the program, which is not for a sketch to choose."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

end = os._exit  # at once, whatever a sketch has been given in its place


class Ended(SystemExit):
    """What a sketch gets that calls os._exit, which would end the command with nothing made."""

    def __init__(self, call: str) -> None:
        super().__init__(1)
        self.call = call


@contextmanager
def staying() -> Iterator[None]:
    """While the block runs, what would end this process at once raises SystemExit instead.

    That is os._exit, and what puts another program in its place. Processes that are forked from
    this one end as they like.
    """
    mine = os.getpid()
    over: list[bool] = []

    def held(name: str, real: Callable[..., object]) -> Callable[..., NoReturn]:
        def call(*words: Any, **named: Any) -> NoReturn:
            if over or os.getpid() != mine:
                real(*words, **named)
            told = ", ".join(map(repr, words[:1])) + (", ..." if words[1:] else "")
            raise Ended(f"os.{name}({told})")

        return call

    before = {name: getattr(os, name) for name in ("_exit", "execv", "execve")}
    for name, real in before.items():  # the other exec functions call one of these
        setattr(os, name, held(name, real))
    try:
        yield
    finally:
        over.append(True)  # a sketch may have kept one
        for name, real in before.items():
            setattr(os, name, real)
