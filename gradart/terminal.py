"""Text as a terminal shows it: sketches, and files from anywhere, can hold what it would obey."""

import unicodedata

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
