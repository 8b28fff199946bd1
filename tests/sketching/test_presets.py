"""Presets: kept beside the sketch, checked as they are read, and taken by the command line."""

import json
import os

import pytest

from gradart.errors import ArtError
from gradart.rendering.formats.provenance import read
from gradart.sketching.loading import find
from gradart.sketching.presets import drop, keep, path_of, preset, presets

WAVES = """
@ga.sketch(page="square")
def waves(key, n: int = 3, height=1.0, file: "str" = "a"):
    return ga.scene(ga.lines([(0, 0), (n, height)]), box=((0, 0), (9, 9)))
"""


@pytest.fixture
def waves(studio):
    return find(str(studio("waves.py", WAVES)))[0]


def test_what_is_kept_is_read_again(waves):
    assert presets(waves) == {}
    keep(waves, " calm   sea ", {"n": 7}, 12)
    keep(waves, "storm", {"height": 5}, 0)
    assert path_of(waves).name == "waves.presets.json"
    calm = preset(waves, "calm sea")
    assert (calm.values, calm.seed) == ({"n": 7, "height": 1.0, "file": "a"}, 12)
    drop(waves, "calm sea")
    assert list(presets(waves)) == ["storm"]
    assert "\n" in path_of(waves).read_text()


def test_a_wrong_preset_is_told(waves):
    with pytest.raises(ArtError, match="1 to 60"):
        keep(waves, "", {}, 0)
    with pytest.raises(ArtError, match="n must be"):
        keep(waves, "a", {"n": "x"}, 0)
    assert not path_of(waves).exists()
    keep(waves, "calm", {}, 0)
    with pytest.raises(ArtError, match="no preset clam; did you mean calm"):
        preset(waves, "clam")
    for text, says in (
        ("{", "no JSON"),
        ("[]", "must hold presets"),
        ('{"waves": {"calm": {"seed": 0}}}', "preset calm: write"),
        ('{"waves": {"calm": {"seed": -1, "parameters": {}}}}', "seed must be"),
        ('{"waves": {"calm": {"seed": 0, "parameters": {"n": 1.5}}}}', "n must be"),
    ):
        path_of(waves).write_text(text)
        with pytest.raises(ArtError, match=says):
            presets(waves)


def test_a_parameter_that_is_gone_is_left_out(waves):
    entry = {"seed": 1, "parameters": {"n": 5, "gone": 3}}
    path_of(waves).write_text(json.dumps({"waves": {"old": entry}}))
    assert preset(waves, "old").values == {"n": 5, "height": 1.0, "file": "a"}


def test_the_command_line_takes_a_preset(gradart, waves):
    keep(waves, "calm", {"n": 7, "height": 2.5}, 12)
    status, out, _ = gradart("run", "waves.py", "--preset", "calm", "--px", "40")
    assert status == 0
    assert out[0].startswith("waves_seed12_n7_height2.5.png")
    facts = read("waves_seed12_n7_height2.5.png")
    assert (facts["seed"], facts["parameters"]["n"], facts["parameters"]["height"]) == (12, 7, 2.5)
    _, out, _ = gradart(
        "run", "waves.py", "--preset", "calm", "--n", "1", "--seed", "3", "--px", "40"
    )
    assert out[0].startswith("waves_seed3_n1_height2.5.png")
    status, _, err = gradart("run", "waves.py", "--preset", "storm")
    assert status == 2
    assert "waves has no preset storm; it has calm" in err[0]


def test_presets_that_are_no_file_are_told_and_not_waited_for(waves):
    """A pipe that nobody writes to, an endless device, a folder."""
    path = path_of(waves)
    os.mkfifo(path)
    with pytest.raises(ArtError, match="cannot be read: it is no regular file"):
        presets(waves)
    path.unlink()
    path.symlink_to("/dev/zero")
    with pytest.raises(ArtError, match="cannot be read"):
        keep(waves, "a", {}, 0)
    path.unlink()
    path.mkdir()
    with pytest.raises(ArtError, match="cannot be read"):
        presets(waves)
    path.rmdir()
    path.write_bytes(b'{"\xff": {}}')
    with pytest.raises(ArtError, match="is no JSON"):
        presets(waves)
