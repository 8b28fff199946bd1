"""Values as texts: what is written is read again."""

import random

import pytest

from gradart.command.sweeps import values
from gradart.sketching.signatures import read_signature
from gradart.sketching.value_texts import split, word


@pytest.mark.parametrize(
    ("text", "depth", "parts"),
    [
        (r"Hello\, world,Bye", 0, ["Hello, world", "Bye"]),
        ("a,b", 0, ["a", "b"]),
        (r"C:\a.hgt,C:\b.hgt", 0, [r"C:\a.hgt", r"C:\b.hgt"]),
        ("", 0, [""]),
        (r"0,0;1,1", 1, ["0,0", "1,1"]),
        (r"a\;b;c", 1, ["a;b", "c"]),
        (r"C:\a\\,b", 0, ["C:\\a\\", "b"]),
        (r"a\\\,b", 0, [r"a\,b"]),
        ("0,0;1,1|2,2;3,3", 2, ["0,0;1,1", "2,2;3,3"]),
    ],
)
def test_a_separator_after_a_backslash_is_none(text, depth, parts):
    assert split(text, depth) == parts


def piece(
    words=["a"],  # noqa: B006
    rows: list[list[str]] = [["a"]],  # noqa: B006
    spot=(0.5, 1.0),
    path=((0.0, 0.0), (1.0, 1.0)),
    one="a",
):
    return None


def test_any_list_is_read_again_from_what_is_written():
    """Words of separators, backslashes and letters in lists of any length, alone and in sweeps."""
    draw = random.Random(0)
    known = {p.name: p for p in read_signature(piece)}

    def some(letters="ab,;|\\"):
        return "".join(draw.choice(letters) for _ in range(draw.randint(1, 6)))

    for _ in range(300):
        count = draw.randint(1, 4)
        given = {
            "words": tuple(some() for _ in range(count)),
            "rows": tuple(tuple(some() for _ in range(draw.randint(1, 3))) for _ in range(count)),
            "spot": (draw.gauss(0, 1), draw.gauss(0, 1e9)),
            "path": tuple((draw.gauss(0, 1), draw.gauss(0, 1)) for _ in range(count)),
        }
        for name, value in given.items():
            parameter = known[name]
            assert parameter.parse(word(value)) == value
            assert values(parameter, word((value, value))) == [value, value]
        several = tuple(some() for _ in range(count))
        assert values(known["one"], word(several)) == list(several)
