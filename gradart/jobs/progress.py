"""Progress bars on a terminal: one for each film and each batch that takes long."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from gradart.terminal import plain

if TYPE_CHECKING:
    from gradart.rendering.render import Progress

# Starts a bar, by the name of a file or a batch and by the unit that is counted.
Bars = Callable[[str, str], "Progress"]


def terminal_bars() -> Bars | None:
    """Bars that show after a second of work, if standard error is a terminal; else None."""
    if not sys.stderr.isatty():
        return None

    def start(name: str, unit: str) -> "Progress":
        from tqdm import tqdm

        bar = tqdm(desc=plain(name), delay=1, leave=False, unit=f" {unit}")

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)
            if done == total:
                bar.close()

        return show

    return start
