"""What a terminal would obey is shown to it."""

import pytest

from gradart.terminal import plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("over\rwritten", r"over\rwritten"),
        ("two\nlines\t", r"two\nlines\t"),
        ("\x9b2J", r"\x9b2J"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("\u2028", r"\u2028"),
        ("caf\udce9.py", r"caf\udce9.py"),  # a file's name in another encoding
    ],
)
def test_what_is_obeyed_is_written_as_python_writes_it(text, shown):
    assert plain(text) == shown
    assert plain(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "größe 10 %",
        "a\u00a0b",
        "東\u3000京",
        "\u0645\u06cc\u200c\u0634\u062f",
        "\N{ARTIST PALETTE}",
        "👩\u200d🎨",
    ],
)
def test_what_is_writing_stays(text):
    assert plain(text) == text
