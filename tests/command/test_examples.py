"""The sketches that come with gradart are listed, copied and drawn."""

from pathlib import Path

import pytest

from gradart.command import examples

SKETCHES = Path(__file__).parents[2] / "sketches"


def test_each_example_is_listed_with_one_line(studio, gradart):
    status, out, err = gradart("examples")
    assert (status, err) == (0, [])
    named = {line.split()[0]: line for line in out if line.startswith("  ")}
    assert set(named) == {file.stem for file in SKETCHES.glob("*.py")}
    assert "A braid: a wave and its derivatives" in named["braid"]
    assert max(map(len, out)) <= 130
    assert [line for line in out if line and not line.startswith("  ")][:2] == [
        *("The slope", "Two variables"),
    ]


def test_an_example_is_copied_and_never_over_another(studio, gradart, tmp_path):
    assert gradart("examples", "braid", "kneser.py") == (
        0,
        [
            "braid.py  copied; draw it: gradart run braid.py",
            "kneser.py  copied; draw it: gradart run kneser.py",
        ],
        [],
    )
    assert (tmp_path / "braid.py").read_bytes() == (SKETCHES / "braid.py").read_bytes()
    assert gradart("examples", "braid")[1] == ["braid.py  is here already"]
    (tmp_path / "braid.py").write_text("# mine\n")
    status, out, [err] = gradart("examples", "title", "braid")
    assert (status, out) == (2, [])
    assert err.startswith("gradart: braid.py is here already, and is another")
    assert (tmp_path / "braid.py").read_text() == "# mine\n"
    assert not (tmp_path / "title.py").exists()


def test_an_example_is_drawn(studio, gradart, tmp_path):
    status, out, err = gradart("examples", "forward_spiral", "--run")
    assert (status, err) == (0, [])
    assert out[0] == "forward_spiral.py  copied"
    assert out[1].startswith("forward_spiral.png  ")
    assert (tmp_path / "forward_spiral.png").is_file()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["brade"], "no example brade; did you mean braid?"),
        (["../title"], "no example ../title; did you mean title?"),
        (["\x1b[31m"], r"no example \x1b[31m; gradart examples lists them"),
        (["--run"], "name an example"),
    ],
)
def test_no_example(studio, gradart, tmp_path, words, says):
    status, _, [err] = gradart("examples", *words)
    assert status == 2
    assert says in err
    assert list(tmp_path.iterdir()) == []


def test_an_installed_gradart_has_them_within(tmp_path, monkeypatch):
    monkeypatch.setattr(examples, "PACKAGE", str(tmp_path / "gradart"))
    assert examples.folder() == tmp_path / "sketches"
    (tmp_path / "gradart" / "examples").mkdir(parents=True)
    assert examples.folder() == tmp_path / "gradart" / "examples"


@pytest.mark.parametrize("file", sorted(SKETCHES.glob("*.py")), ids=lambda file: file.stem)
def test_an_example_needs_no_file_beside_it(file):
    """It is copied alone."""
    text = file.read_text()
    others = {other.stem for other in SKETCHES.glob("*.py")} | {"sketches"}
    assert not [name for name in others if f"import {name}" in text or f"from {name}" in text]
    assert "__file__" not in text
