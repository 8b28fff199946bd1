"""Palettes, points, lists, enumerations and numbers of NumPy as parameters."""

# ruff: noqa: B006, B008
import json
from collections.abc import Sequence
from enum import Enum, IntEnum, StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gradart.drawing.marks import dots
from gradart.drawing.scene import scene
from gradart.errors import ArtError
from gradart.jobs.job import Job
from gradart.rendering.formats.provenance import as_json
from gradart.sketching.loading import find
from gradart.sketching.parameters import Bounds
from gradart.sketching.presets import keep, preset
from gradart.sketching.signatures import read_signature
from gradart.sketching.sketch import sketch
from gradart.sketching.value_texts import as_plain, word


class Look(Enum):
    FINE = 1
    BOLD = "b"


class Number(IntEnum):
    ONE = 1
    TWO = 2


class Word(StrEnum):
    A = "a"


class Spot(NamedTuple):
    x: float
    y: float


got: dict[str, Any] = {}


@sketch
def piece(
    palette=("#264653", "#2a9d8f"),
    commas: str = "#264653,#2a9d8f",
    hashed: str = "#c2410c",
    tag="#1",
    spot=(0.5, 1),
    named=Spot(1.0, 2.0),
    path=((0, 0), (1, 1.5)),
    rows=[[1, 2], [3]],
    words=["a", "b, c"],
    array=np.array([1.0, 2.0]),
    grid=jnp.ones((2, 2)),
    mixed=(1, "a", True),
    looks=(Look.FINE, Look.BOLD, Look.FINE),
    look=Look.FINE,
    number: Number = Number.TWO,
    word: Word = Word.A,
    one_of: Literal[Look.BOLD] | None = None,
    tagged: Annotated[tuple[float, float], Bounds(0, 1), "where"] = (0.2, 0.3),
    bounded: list[Annotated[int, Bounds(1, 9)]] = [1],
    options: list[Literal["x", "y"]] = [],
    maybe: tuple[float, ...] | None = None,
    files: Sequence[Path] = (),
    f32=np.float32(0.5),
    i64=np.int64(3),
    flag=np.bool_(True),
    single=jnp.float32(2),
    big=10**40,
    either: float | str = 1.0,
    num: int | float = 2,
    anything: Any = "a",
    größe=1.0,
    where=Path("a.hgt"),
):
    got.update(locals())
    return scene(dots((0, 0)))


KNOWN = {p.name: p for p in piece.parameters}


def called(**values):
    piece(**values)
    return got


def test_a_default_says_what_a_list_holds():
    holds = {
        name: (p.parts[0].type, len(p.parts), p.varies) for name, p in KNOWN.items() if p.parts
    }
    assert holds == {
        "palette": ("color", 1, True),
        "spot": ("float", 2, False),
        "named": ("float", 2, False),
        "path": ("list", 1, True),
        "rows": ("list", 1, True),
        "words": ("str", 1, True),
        "array": ("float", 1, True),
        "grid": ("list", 1, True),
        "mixed": ("int", 3, False),
        "looks": ("str", 3, False),
        "tagged": ("float", 2, False),
        "bounded": ("int", 1, True),
        "options": ("str", 1, True),
        "maybe": ("float", 1, True),
        "files": ("path", 1, True),
    }
    texts = {name: KNOWN[name].type for name in ("commas", "hashed", "tag", "anything", "look")}
    assert set(texts.values()) == {"str"}
    assert [KNOWN[n].type for n in ("f32", "i64", "flag", "single", "num")] == [
        *("float", "int", "bool", "float", "float")
    ]


def test_the_sketch_gets_what_its_signature_has():
    values = called()
    assert values["palette"] == ("#264653", "#2a9d8f")
    assert (values["spot"], values["named"].y) == ((0.5, 1.0), 2.0)
    assert values["rows"] == [[1, 2], [3]]
    assert isinstance(values["array"], np.ndarray)
    assert isinstance(values["grid"], jax.Array)
    assert values["grid"].shape == (2, 2)
    assert (values["look"], values["number"], values["one_of"]) == (Look.FINE, Number.TWO, None)
    assert values["looks"] == (Look.FINE, Look.BOLD, Look.FINE)
    assert values["word"] is Word.A
    assert type(values["f32"]) is float
    assert values["big"] == 10**40
    values["words"].append("x")
    assert called()["words"] == ["a", "b, c"]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("palette", "#fff, teal", ("#fff", "teal")),
        ("palette", "", ()),
        ("commas", "any, thing", "any, thing"),
        ("hashed", "hello", "hello"),
        ("spot", "-1,2e1", (-1.0, 20.0)),
        ("path", "0,0;1,1;-2,3", ((0.0, 0.0), (1.0, 1.0), (-2.0, 3.0))),
        ("rows", "1;2,3", ((1,), (2, 3))),
        ("words", r"Hello\, world,Bye", ("Hello, world", "Bye")),
        ("mixed", "2,b,false", (2, "b", False)),
        ("look", "bold", "BOLD"),
        ("look", "BOLD", "BOLD"),
        ("number", "one", "ONE"),
        ("maybe", "none", None),
        ("maybe", "1", (1.0,)),
        ("files", "a.hgt,b.hgt", (Path("a.hgt"), Path("b.hgt"))),
    ],
)
def test_a_text_is_read_as_the_list_it_stands_for(name, text, value):
    assert KNOWN[name].parse(text) == value


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        (
            "palette",
            "#fff,reddish",
            "palette must be colors like #264653,#2a9d8f, not #fff,reddish",
        ),
        ("spot", "1,2,3", "spot must be 2 numbers like 0.5,1.0, not 1,2,3"),
        ("spot", "1", "spot must be 2 numbers"),
        ("spot", "1,nan", "spot must be 2 numbers"),
        ("path", "0,0;1", "path must be rows of 2 numbers like 0.0,0.0;1.0,1.5, not 0,0;1"),
        ("mixed", "1", "mixed must be a whole number, a text, true or false, not 1"),
        ("look", "thin", "look must be one of FINE, BOLD, not thin"),
        ("tagged", "0,2", "tagged must be 2 numbers from 0 to 1 like 0.2,0.3, not 0,2"),
        ("bounded", "1,10", "bounded must be whole numbers from 1 to 9 like 1, not 1,10"),
        ("options", "x,z", "options must be words of x, y, not x,z"),
        ("big", "1" * 5000, "big must be a whole number, not 111"),
    ],
)
def test_a_list_that_does_not_fit_is_told_with_what_is_wanted(name, text, says):
    with pytest.raises(ArtError) as error:
        KNOWN[name].parse(text)
    assert str(error.value).startswith(says)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("palette", "#fff"),
        ("palette", [1]),
        ("spot", (1, "2")),
        ("spot", {1: 2}),
        ("spot", None),
        ("path", [(1, 2), 3]),
        ("look", "b"),
        ("f32", 10**400),
    ],
)
def test_a_list_of_wrong_values_is_refused(name, value):
    with pytest.raises(ArtError, match=f"{name} must be"):
        KNOWN[name].check(value)


def test_members_arrays_and_lists_are_taken_from_python():
    values = called(look=Look.BOLD, spot=np.array([1, 2]), path=[[3, 4]], array=[5], grid=[[1, 2]])
    assert (values["look"], values["spot"], values["path"]) == (
        Look.BOLD,
        (1.0, 2.0),
        ((3.0, 4.0),),
    )
    assert values["array"].tolist() == [5.0]


def test_a_sketch_can_be_differentiated_by_a_point():
    def height(spot):
        return called(spot=spot)["spot"][1] ** 2

    def each(y):
        return called(spot=(1.0, y), array=(y, 2.0))["array"].sum()

    with jax.enable_x64(True):
        np.testing.assert_allclose(jax.grad(height)(jnp.array([1.0, 3.0])), [0.0, 6.0])
        assert jax.grad(each)(3.0) == 1.0


def test_what_is_kept_as_json_is_what_it_was():
    values = {p.name: p.default for p in piece.parameters}
    plain = {name: as_plain(value) for name, value in values.items()}
    back = json.loads(as_json(plain))
    assert {name: KNOWN[name].check(value) for name, value in back.items()} == values
    assert {n: KNOWN[n].parse(word(v)) for n, v in values.items()} == values


FLAG = """
from enum import Enum
class Look(Enum):
    FINE = 0.3
    BOLD = 2.0

@ga.sketch(page="square")
def flag(palette=("#264653", "#2a9d8f"), spot=(0.5, 1), path=((0, 0), (1, 1.0)), look=Look.FINE):
    rows = [(i, 0.0) for i in range(len(palette))]
    return ga.scene(ga.dots(rows, 5, fill=list(palette)), ga.dots(spot, 3),
                    ga.lines(path, width=look.value), box=((-1, -1), (4, 4)))
"""


def test_lists_go_from_the_command_line_to_the_file_and_back(studio, gradart, tmp_path):
    studio("flag.py", FLAG)
    words = ["--palette", "#fff,#000,#e76f51", "--spot", "-1,2", "--path", "0,0;-3,1.5"]
    words += ["--look", "bold", "--px", "40"]
    status, out, err = gradart("run", "flag.py", *words)
    assert (status, err) == (0, [])
    [file] = tmp_path.glob("*.png")
    assert out[0].startswith("flag_palettefff-000-e76f51_spot-1-2_path0-0--3-1.5_lookbold.png")
    assert gradart("rerun", file)[0] == 0
    assert "  --path          0.0,0.0;-3.0,1.5" in gradart("info", file)[1]
    assert gradart("run", "flag.py", *words, "--resume")[1][0].endswith("up to date")
    rows = gradart("list", "flag.py")[1]
    assert rows[2:] == [
        "  --palette  #264653,#2a9d8f",
        "  --spot     0.5,1.0",
        "  --path     0.0,0.0;1.0,1.0",
        "  --look     FINE             FINE | BOLD",
    ]
    status, out, err = gradart(
        "run",
        "flag.py",
        "-p",
        "spot=1,1;2,2",
        "-p",
        "look=fine,bold",
        "-p",
        "path=0,0;1,1|0,0;2,2",
        "--px",
        "20",
        "-o",
        "all",
    )
    assert (status, len(out)) == (0, 8)
    [piece] = find("flag.py")
    keep(piece, "calm", {"spot": [1, 2], "look": "BOLD"}, 0)
    assert preset(piece, "calm").values["spot"] == (1.0, 2.0)
    assert gradart("run", "flag.py", "--preset", "calm", "--px", "20", "-o", "calm.png")[0] == 0


def test_files_in_lists_are_hashed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.hgt").write_text("x")
    job = Job(piece, {"files": (Path("a.hgt"), Path("b.hgt"))})
    files = job.provenance["files"]
    assert set(files) == {"where", "files 1", "files 2"}
    assert files["where"] == files["files 1"] != files["files 2"] == ""


def two_kinds(x=[1, "a"]):
    return x


def no_kind(x: list = []):
    return x


def too_deep(x=[[[1.0]]]):
    return x


def wrong_part(x: list[int] = [1.5]):
    return x


def bounds_of_words(x: Annotated[list[str], Bounds(0, 1)] = ["a"]):
    return x


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (two_kinds, "x holds several kinds of things"),
        (no_kind, r"x holds nothing; say what it can, x: list\[float\] = \[\]"),
        (too_deep, "x is a list of lists of lists"),
        (wrong_part, "the default of x must be whole numbers"),
        (bounds_of_words, "x is no number"),
    ],
)
def test_a_list_that_cannot_be_a_parameter_is_refused(function, says):
    with pytest.raises(ArtError, match=says):
        read_signature(function)
