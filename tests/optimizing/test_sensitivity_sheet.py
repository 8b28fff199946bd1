"""The sheet that shows how a picture moves, and the command that draws it."""

from dataclasses import replace
from typing import Annotated

import jax.numpy as jnp
import numpy as np
import pytest

import gradart as ga
from gradart.command.cli import main
from gradart.drawing.shapes import Lines
from gradart.errors import ArtError
from gradart.optimizing.sensitivity.sheet import sheet
from gradart.rendering.options import Options

SKETCH = '''"""A bar that slides."""
import jax.numpy as jnp
import gradart as ga

@ga.sketch(page="square", margin=0)
def bar(x=10.0, unused=1.0, n=2):
    return ga.scene(ga.lines(jnp.array([(0.0, 0.0), (50.0, 0.0)]) + x * jnp.array([0.0, 1.0])),
                    box=((-100, -100), (100, 100)))
'''


@ga.sketch(page="square", margin=0)
def plain(
    x: Annotated[float, ga.Bounds(0, 100)] = 10.0,
    width: Annotated[float, ga.Bounds(0, 1)] = 0.4,
    y: Annotated[float, ga.Bounds(0, 10)] = 1.0,
    unused: Annotated[float, ga.Bounds(0, 1)] = 0.0,
):
    line = jnp.stack([jnp.linspace(-50, 50, 20), jnp.zeros(20)], -1) + jnp.stack([x, y])
    return ga.scene(ga.lines(line, width=width), box=((-100, -100), (100, 100)))


def test_arrows_are_as_long_as_the_way_in_the_scale_of_their_picture():
    """x moves all by 10 mm at a tenth of its range, y by 10 mm over all of it; 120 mm to 200."""
    drawn = sheet(ga.sensitivity(plain))
    wedges = [m for m in drawn.marks if isinstance(m.shape, Lines) and m.shape.points.shape[1] == 3]
    ways = [
        w.shape.points[:, 1] - (w.shape.points[:, 0] + w.shape.points[:, 2]) / 2 for w in wedges
    ]
    assert len(ways) == 2
    assert ways[0] == pytest.approx(np.tile([6.0, 0.0], (len(ways[0]), 1)))
    assert ways[1] == pytest.approx(np.tile([0.0, 6.0], (len(ways[1]), 1)))
    assert len(ways[0]) > 20  # however few points the line has


def test_the_sheet_has_a_page_of_its_own_and_all_lies_on_it():
    drawn = sheet(ga.sensitivity(plain))
    width, height = np.asarray(drawn.box)[1]
    assert isinstance(drawn.options, Options)
    assert drawn.options.page == f"{width:g}x{height:g}mm"
    for mark in drawn.marks:
        if isinstance(mark.shape, Lines):
            points = np.asarray(mark.shape.points).reshape(-1, 2)
            points = points[~np.isnan(points).any(-1)]
            assert ((points >= 0) & (points <= (width, height))).all()


def test_a_sketch_without_floats_has_no_sheet():
    found = replace(ga.sensitivity(plain), movements=(), flows=())
    with pytest.raises(ArtError, match="plain has no float parameter"):
        sheet(found)
    assert str(found) == "plain has no float parameter"


def test_the_command_prints_the_table_and_draws_the_sheet(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bar.py").write_text(SKETCH)
    assert main(["sensitivity", "bar.py", "--out", "moves.svg"]) == 0
    said = capsys.readouterr().out
    assert "bar  A bar that slides." in said
    assert "this parameter does nothing, and can be left out: unused" in said
    assert said.splitlines()[-1].endswith("moves.svg")
    assert (tmp_path / "moves.svg").stat().st_size > 2000
    assert main(["sensitivity", "bar.py", "--at", "7"]) == 2
    assert "a playhead from 0 to 1" in capsys.readouterr().err


def test_a_file_of_several_sketches_asks_for_one(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    second = SKETCH.partition("@ga")[2].replace("def bar", "def other")
    (tmp_path / "two.py").write_text(f"{SKETCH}\n@ga{second}")
    assert main(["sensitivity", "two.py"]) == 2
    assert "two.py:" in capsys.readouterr().err
