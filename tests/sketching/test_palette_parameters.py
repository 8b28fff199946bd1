"""Parameters that are palettes: from the signature, as texts, in files, and made again."""

import pytest

import gradart as ga
from gradart.command.cli import main
from gradart.command.sweeps import values
from gradart.errors import ArtError
from gradart.sketching.signatures import read_signature

SKETCH = """
import gradart as ga

@ga.sketch(page="square")
def bars(colors: ga.Palette = ga.palette("desert")):
    marks = [ga.lines([(0, i), (3, i)], width=5, stroke=c) for i, c in enumerate(colors)]
    return ga.scene(marks, paper=colors.paper)
"""
OWN = "#0b3954 #bfd7ea #ff6663 on #000000"
DESERT = ga.palette("desert")


def by_annotation(colors: ga.Palette = DESERT): ...
def by_name(colors: ga.Palette = "desert"): ...
def by_default(colors=DESERT): ...
def with_none(colors: ga.Palette | None = None): ...
def several(colors: list[ga.Palette] = ("desert", ga.palette("tide"))): ...  # noqa: B008


@pytest.mark.parametrize("function", [by_annotation, by_name, by_default])
def test_a_palette_is_read_and_given(function):
    [found] = read_signature(function)
    assert (found.type, found.default) == ("palette", "desert")
    assert found.given(found.default) == ga.palette("desert")
    assert found.parse("Dusk") == found.check(ga.palette("dusk")) == "dusk"
    mine = ga.palette(["#0b3954", "#bfd7ea", "#ff6663"], paper="black")
    assert found.parse("#0b3954,#bfd7ea,#ff6663 on black") == found.check(mine) == OWN
    assert found.given(OWN) == mine
    assert found.check(["#0b3954", "#bfd7ea"]) == "#0b3954 #bfd7ea on #f7f4ed"


@pytest.mark.parametrize("text", ["desrt", "", "#12", "teal", "12", "on"])
def test_what_is_no_palette_is_told_what_there_is(text):
    [found] = read_signature(by_annotation)
    with pytest.raises(ArtError, match=r"colors must be a palette: desert, dusk, .*#f7f4ed'") as it:
        found.parse(text)
    assert "\n" not in str(it.value)
    with pytest.raises(ArtError, match="colors must be a palette"):
        found.check(3.5)


def test_none_and_lists_of_palettes():
    [found] = read_signature(with_none)
    assert found.default is found.parse("none") is found.given(None) is None
    [found] = read_signature(several)
    assert found.default == ("desert", "tide")
    made = found.given(found.parse("dusk,#fff #000"))
    assert made == (ga.palette("dusk"), ga.palette("#fff #000"))


def test_a_sweep_goes_over_names():
    [found] = read_signature(by_annotation)
    assert values(found, "desert,dusk") == ["desert", "dusk"]
    assert values(found, OWN) == [OWN]


def test_a_file_knows_its_palette_and_is_made_again(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bars.py").write_text(SKETCH)
    for name, text in ("named", "tide"), ("own", OWN), ("default", "desert"):
        main(["run", "bars.py", "--colors", text, "-o", f"{name}.png", "--px", "60"])
        capsys.readouterr()
        main(["info", f"{name}.png"])
        assert text in capsys.readouterr().out
        main(["rerun", f"{name}.png"])
        assert "same" in capsys.readouterr().out
    files = [(tmp_path / f"{name}.png").read_bytes() for name in ("named", "own", "default")]
    assert len(set(files)) == 3
    with pytest.raises(SystemExit):
        main(["run", "bars.py", "--help"])
    assert "--colors PALETTE" in capsys.readouterr().out
