"""A fit on the terminal: a line that says how far it is, and Ctrl-C, which ends it softly."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def progress(steps: int) -> Iterator[Callable[[int, float], None]]:
    """A function of the steps that are done and of the loss, shown after a second of work.

    It shows nothing where standard error is no terminal.
    """
    if not sys.stderr.isatty():
        yield lambda done, loss: None
        return
    from tqdm import tqdm

    with tqdm(desc="fit", total=steps, delay=1, leave=False, unit=" steps") as bar:

        def show(done: int, loss: float) -> None:
            bar.set_postfix_str(f"loss {loss:.4g}", refresh=False)
            bar.update(done - bar.n)

        yield show


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """A function that tells whether Ctrl-C was pressed in this block; a second one ends it at once.

    Within a callback of JAX an exception would be an error of JAX: hence a flag. Only the main
    thread hears signals; in others the block cannot be interrupted.
    """
    pressed: list[int] = []
    here = threading.current_thread() is threading.main_thread()
    if not here or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        yield lambda: False
        return

    def press(number: int, frame: FrameType | None) -> None:
        if pressed:
            raise KeyboardInterrupt
        pressed.append(number)

    # Who else would be woken by the signal, as `gradart run` is, would end the program.
    woken = signal.set_wakeup_fd(-1)
    before = signal.signal(signal.SIGINT, press)
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)
        signal.set_wakeup_fd(woken)
