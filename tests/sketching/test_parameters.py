"""Signatures as parameters, and values held to them."""

from pathlib import Path
from typing import Annotated, Literal

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gradart.errors import ArtError
from gradart.sketching.parameters import Bounds, Parameter, checked, unknown
from gradart.sketching.signatures import read_signature


def piece(
    key,
    turns: Annotated[float, Bounds(1, 20), "how many turns"] = 5,
    n=900,
    dark=False,
    ink="#c2410c",
    word="spiral",
    kind: Literal["in", "out"] = "out",
    sides: Annotated[Literal[3, 4, 6], "of the frame"] = 4,
    file: Path | None = None,
    gap: Annotated[float, Bounds(0, 1)] | None = None,
):
    return None


PARAMETERS = {p.name: p for p in read_signature(piece)}


def test_the_signature_says_it_all():
    kinds = {name: p.type for name, p in PARAMETERS.items()}
    assert kinds == {
        "turns": "float",
        "n": "int",
        "dark": "bool",
        "ink": "color",
        "word": "str",
        "kind": "str",
        "sides": "int",
        "file": "path",
        "gap": "float",
    }
    turns, gap = PARAMETERS["turns"], PARAMETERS["gap"]
    assert (turns.default, type(turns.default)) == (5.0, float)
    assert (turns.bounds, turns.help) == (Bounds(1, 20), "how many turns")
    assert (gap.bounds, gap.optional, gap.default) == (Bounds(0, 1), True, None)
    assert PARAMETERS["kind"].choices == ("in", "out")
    assert PARAMETERS["sides"].help == "of the frame"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("turns", "7", 7.0),
        ("turns", "1e1", 10.0),
        ("n", "-3", -3),
        ("dark", "true", True),
        ("ink", "teal", "teal"),
        ("word", "7", "7"),
        ("kind", "in", "in"),
        ("sides", "6", 6),
        ("file", "land.hgt", Path("land.hgt")),
        ("file", "none", None),
        ("gap", "None", None),
        ("gap", "0.5", 0.5),
    ],
)
def test_texts_become_values_of_the_right_type(name, text, value):
    read = PARAMETERS[name].parse(text)
    assert read == value
    assert type(read) is type(value) or isinstance(value, Path)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("turns", "21", "turns must be a number from 1 to 20, not 21"),
        ("turns", "nan", "turns must be a number from 1 to 20, not nan"),
        ("turns", "seven", "not seven"),
        ("n", "2.5", "n must be a whole number, not 2.5"),
        ("dark", "maybe", "dark must be true or false, not maybe"),
        ("ink", "#12345", "ink must be a color like #c2410c"),
        ("kind", "up", "kind must be one of in, out, not up"),
        ("sides", "5", "one of 3, 4, 6"),
        ("gap", "2", "from 0 to 1 or none"),
    ],
)
def test_a_wrong_text_is_told_with_what_is_wanted(name, text, says):
    with pytest.raises(ArtError, match=says):
        PARAMETERS[name].parse(text)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("turns", True),
        ("turns", "7"),
        ("turns", None),
        ("turns", np.inf),
        ("n", 2.0),
        ("dark", 1),
        ("word", 3),
        ("ink", 3),
        ("file", 3),
        ("kind", "up"),
    ],
)
def test_a_wrong_value_is_refused(name, value):
    with pytest.raises(ArtError, match=f"{name} must be"):
        PARAMETERS[name].check(value)


def test_numbers_of_numpy_and_jax_are_welcome():
    assert PARAMETERS["turns"].check(np.float32(2)) == 2.0
    assert type(PARAMETERS["n"].check(np.int64(3))) is int
    traced = jnp.ones(())
    assert PARAMETERS["turns"].check(traced) is traced


def test_defaults_fill_what_is_not_given_and_a_wrong_name_is_told_with_the_nearest():
    values = checked("piece", PARAMETERS.values(), {"n": 3})
    assert values["n"] == 3
    assert values["turns"] == 5.0
    with pytest.raises(ArtError, match=r"piece has no parameter trns; did you mean turns\?"):
        checked("piece", PARAMETERS.values(), {"trns": 3})
    assert "it takes none" in str(unknown("turns", [], "piece"))


def no_default(turns):
    return turns


def only_none(turns=None):
    return turns


def a_dict(turns={"a": 1}):  # noqa: B006
    return turns


def out_of_bounds(turns: Annotated[float, Bounds(1, 2)] = 3.0):
    return turns


def wrong_type(turns: int = 2.5):
    return turns


def bounds_of_a_word(turns: Annotated[str, Bounds(1, 2)] = "a"):
    return turns


def an_option(margin=3.0):
    return margin


def variadic(*turns):
    return turns


def undefined(turns: "Nosuch" = 1.0):  # type: ignore[name-defined]  # noqa: F821
    return turns


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (no_default, "turns has no default; write turns=1.0"),
        (only_none, "say its type"),
        (a_dict, "turns is a dict; use a float"),
        (out_of_bounds, "the default of turns must be a number from 1 to 2, not 3"),
        (wrong_type, "the default of turns must be a whole number"),
        (bounds_of_a_word, "turns is no number"),
        (an_option, "margin is an option of every sketch"),
        (variadic, "give each a name and a default"),
        (undefined, "Nosuch"),
    ],
)
def test_a_signature_that_cannot_be_shown_is_refused(function, says):
    with pytest.raises(ArtError, match=says):
        read_signature(function)


@pytest.mark.parametrize("wrong", [{"low": 2, "high": 1}, {"low": 0, "high": 1, "log": True}])
def test_bounds_are_bounds(wrong):
    with pytest.raises(ArtError, match="Bounds"):
        Bounds(**wrong)


@pytest.mark.parametrize("wrong", [("a", 3), ((0, 0), (1, 1)), (None, 3), (0, 3, "a"), (False, 3)])
def test_bounds_that_are_no_numbers_are_one_line(wrong):
    with pytest.raises(ArtError, match=r"of Bounds is .*: give a number"):
        Bounds(*wrong)


def test_a_long_value_is_cut_in_its_error():
    with pytest.raises(ArtError) as error:
        Parameter("x", "float", 1.0).check("a" * 100_000)
    assert len(str(error.value)) < 200


def test_the_origin_is_a_point_of_numbers_and_a_count_stays_whole():
    def sketch(center=(0, 0), cells=(3, 4)):
        pass

    center, cells = read_signature(sketch)
    assert center.parse("0.5,1") == (0.5, 1.0)
    assert cells.parse("5,6") == (5, 6)
    with pytest.raises(ArtError, match="whole numbers"):
        cells.parse("0.5,1")


def test_a_random_key_of_the_older_kind_is_no_list_of_numbers():
    key = jax.random.PRNGKey(0)

    def drawn(k=key):
        return None

    with pytest.raises(ArtError, match=r"k is a random key, .* write def drawn\(key, \.\.\.\)"):
        read_signature(drawn)


def test_a_wrong_default_is_no_example_of_a_right_one():
    def spot(at_=(1.0, 2.0)):
        return None

    spot.__annotations__ = {"at_": tuple[float]}
    with pytest.raises(ArtError, match=r"the default of at_ must be 1 numbers, not 1\.0,2\.0"):
        read_signature(spot)


def test_an_empty_path_is_none(tmp_path):
    def letter(file: Path = tmp_path):
        return None

    [parameter] = read_signature(letter)
    with pytest.raises(ArtError, match="file must be a file's path, and nothing is given"):
        parameter.parse("")
