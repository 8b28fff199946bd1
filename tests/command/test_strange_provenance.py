"""Files from elsewhere that say strange things of their making: each gets its one line."""

import json
import math

import pytest
from sampling import some

PIECE = """
from pathlib import Path

@ga.sketch(page="30x20mm")
def piece(key, x=1.0, n=2, dark=False, name="a", letter: Path | None = None):
    return ga.scene(ga.dots([(0, 0), (x, n)], 2))
"""
STRANGE = [
    *(None, math.nan, -math.inf, 10**400, -7, 0.5, True, "", "\ud800", "\x00", "\x1b[2J"),
    *([], [1, [2]], {}, {"x": 1}, "/" * 5000),
]
FIELDS = "sketch", "title", "file", "source", "imports", "parameters", "files", "seed", "options"
FIELDS += "versions", "path", "code", "machine", "commit", "dirty", "date", "kind", "surprise"
OPTIONS = "page", "landscape", "margin", "seconds", "fps", "at", "px", "transparent", "surprise"
VALUES = "x", "n", "dark", "name", "letter", "surprise"


def _svg(path, facts):
    text = json.dumps(facts).replace("&", "&amp;").replace("<", "&lt;")
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg"><metadata>{text}</metadata></svg>')


def _lines(result):
    status, out, err = result
    assert status in (0, 1, 2)
    assert len(err) <= 1, err
    assert (status == 0) == (not err)
    assert not [line for line in [*out, *err] if "\x1b" in line or "Traceback" in line]
    assert "--debug shows where" not in "".join(err)
    return status


@pytest.mark.parametrize("field", some(FIELDS))
def test_info_of_a_strange_field(field, gradart, tmp_path):
    for value in STRANGE:
        _svg(tmp_path / "a.svg", {"sketch": "s", field: value})
        assert _lines(gradart("info", tmp_path / "a.svg")) == (2 if field == "sketch" else 0)


def test_info_of_a_sketch_and_nothing_else(gradart, tmp_path):
    _svg(tmp_path / "a.svg", {"sketch": "s"})
    status, out, err = gradart("info", tmp_path / "a.svg")
    assert (status, out[0], err) == (0, f"{tmp_path}/a.svg  picture of s: ", [])
    assert out[-1].endswith("in all")  # of the meters that a plotter draws


@pytest.mark.exhaustive
def test_rerun_of_a_file_that_says_strange_things(studio, gradart, tmp_path):
    """All of it in turn: fields, options, parameters, each with all kinds of values."""
    studio("piece.py", PIECE)
    assert gradart("run", "piece.py", "-o", "a.svg")[0] == 0
    status, out, _ = gradart("rerun", "a.svg")
    assert (status, out) == (0, ["a.svg  made again, byte for byte the same"])
    told = (tmp_path / "a.svg").read_text().partition("<metadata>")[2].partition("</metadata>")[0]
    facts = json.loads(told)
    changes = [{field: value} for field in FIELDS for value in STRANGE]
    for group, names in (("options", OPTIONS), ("parameters", VALUES)):
        changes += [{group: facts[group] | {n: value}} for n in names for value in STRANGE]
    for change in changes[::4]:
        _svg(tmp_path / "b.svg", facts | change)
        assert _lines(gradart("rerun", "b.svg")) in (1, 2), change  # it never is the same file
        assert not (tmp_path / "piece.svg").exists()


@pytest.mark.parametrize(
    ("option", "value"),
    [("margin", 10**400), ("margin", math.nan), ("px", True), ("fps", [25]), ("page", 4)],
)
def test_an_option_that_cannot_have_been_is_named(studio, gradart, tmp_path, option, value):
    studio("piece.py", PIECE)
    _svg(tmp_path / "a.svg", {"sketch": "piece", "file": "piece.py", "options": {option: value}})
    status, _, [err] = gradart("rerun", "a.svg")
    assert status == 2
    assert f"a.svg says that {option} was " in err
    assert len(err) < 120
