"""Calls for the tests of workers: light, and some of them deadly. A worker imports this file."""

import os
import signal
import time
from pathlib import Path


def square(x, *, plus=0):
    return x * x + plus


def pid(*_):
    return os.getpid()


def draw(folder):
    """This process, once another draws too, and what it draws at random."""
    import random

    import numpy as np

    Path(folder, f"{os.getpid()}.pid").touch()
    while len(list(Path(folder).glob("*.pid"))) < 2:
        time.sleep(0.01)
    return os.getpid(), random.random(), float(np.random.random())  # noqa: NPY002


def die(mark, times):
    """Kill this process, the first `times` times; the lines of `mark` count them."""
    with open(mark, "a") as file:
        file.write(f"{os.getpid()}\n")
    if len(Path(mark).read_text().split()) <= times:
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


def leave(status):
    os._exit(status)


class Proud(Exception):
    """An error that cannot be made again of its arguments."""

    def __init__(self, one, two):
        super().__init__(one)


class Shy(Exception):
    """An error that cannot be pickled."""

    def __reduce__(self):
        raise TypeError("no")


def fail(kind, *words):
    raise {"value": ValueError, "proud": Proud, "shy": Shy}[kind](*words)


def unpicklable():
    return lambda: None


def wait(mark, seconds, progress=None):
    """Say by a file that it has begun, and take its time; a temporary file goes at its end."""
    half = Path(f"{mark}.half")
    half.touch()
    try:
        Path(mark).write_text(str(os.getpid()))
        time.sleep(seconds)
    finally:
        half.unlink()
    return mark


def deaf(mark, seconds):
    """Wait, whatever it is told."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    Path(mark).write_text(str(os.getpid()))
    time.sleep(seconds)


def speak(name, progress=None):
    import warnings

    print(f"I am {name}")
    warnings.warn_explicit("a note", UserWarning, "piece.py", 7)
    if name == "bad":
        raise ValueError("bad luck")
    return name


def perish(mark, progress=None):
    return die(mark, 99)
