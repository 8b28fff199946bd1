"""What a terminal shows: text, without what the terminal would obey; and progress bars.

Sketches, and files from anywhere, can hold what it would obey.
"""

import sys
import unicodedata
from collections.abc import Callable

# Starts a bar, by the name of a file or a batch and by the unit that is counted; returns what is
# then told how many are done, of how many.
Bars = Callable[[str, str], Callable[[int, int], object]]

_JOINERS = "\u200c\u200d"  # which Persian, Hindi and many emoji are written with


def plain(text: str) -> str:
    r"""A line with what a terminal would obey as Python writes it, so that it is shown instead.

    >>> plain("\x1b[31mred")
    '\\x1b[31mred'
    """
    return text if text.isprintable() else "".join(map(_shown, text))


def _shown(letter: str) -> str:
    harmless = letter.isprintable() or letter in _JOINERS or unicodedata.category(letter) == "Zs"
    return letter if harmless else letter.encode("unicode_escape").decode()


def terminal_bars() -> Bars | None:
    """Bars that show after a second of work, if standard error is a terminal; else None."""
    if not sys.stderr.isatty():
        return None

    def start(name: str, unit: str) -> Callable[[int, int], object]:
        from tqdm import tqdm

        bar = tqdm(desc=plain(name), delay=1, leave=False, unit=f" {unit}")

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)
            if done == total:
                bar.close()

        return show

    return start
