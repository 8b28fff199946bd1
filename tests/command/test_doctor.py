"""`gradart doctor` finds what is there, and says how to get what is not."""

import tomllib
from pathlib import Path

import pytest

from gradart.errors import RenderFault

LOOKS = ["python", "gradart", "jax", "cairo", "ffmpeg", "fonts", "cache"]
DECLARED = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
EXTRAS = DECLARED["optional-dependencies"].keys() - {"docs", "test"}  # those are for developers


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADART_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def _line(out, name):
    [line] = [line for line in out if line[10:].split("  ")[0].strip() == name]
    return line


def test_all_is_there(gradart, cache):
    status, out, err = gradart("doctor")
    assert (status, err) == (0, [])
    assert [name for name in LOOKS if not _line(out, name).startswith("ok ")] == []
    assert [name for name in EXTRAS if _line(out, name).startswith("missing")] == []
    assert str(cache) in _line(out, "cache")
    assert out[-1] == "all that pictures need is there"


def test_what_is_missing_is_told_with_its_remedy(gradart, cache, monkeypatch):
    def absent():
        raise RenderFault("the library cairo is not found: install it with 'apt install libcairo2'")

    monkeypatch.setattr("gradart.rendering.painting.cairo_library.libcairo", absent)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/nowhere/ffmpeg")
    cache.write_text("no folder")
    status, out, _ = gradart("doctor")
    assert status == 1
    assert "apt install libcairo2" in _line(out, "cairo")
    assert "pip install imageio-ffmpeg" in _line(out, "ffmpeg")
    assert "GRADART_CACHE" in _line(out, "cache")
    assert [line.split()[1] for line in out if line.startswith("missing")] == [
        *("cairo", "ffmpeg", "cache"),
    ]
    assert out[-1] == "cairo, ffmpeg, cache: not there"


def test_what_it_does_without_is_no_fault(gradart, cache, monkeypatch):
    monkeypatch.setattr("gradart.command.doctor.find_spec", lambda name: None)
    status, out, _ = gradart("doctor")
    assert status == 0
    for name in EXTRAS:
        assert _line(out, name).startswith("optional")
        assert f"pip install 'gradart[{name}]'" in _line(out, name)
    monkeypatch.setenv("GRADART_CACHE", "")
    assert "compiled anew" in _line(gradart("doctor")[1], "cache")


def test_nothing_is_left_behind(gradart, cache):
    gradart("doctor")
    assert list(cache.iterdir()) == []
