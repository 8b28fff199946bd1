"""What a file says of its making comes back from every format."""

import pytest
from PIL import Image

from gradart.drawing.marks import dots
from gradart.drawing.scene import scene
from gradart.errors import ArtError
from gradart.rendering.formats.provenance import read
from gradart.rendering.formats.registry import FORMATS
from gradart.rendering.render import render

ENDINGS = [*FORMATS]
FACTS = {
    "sketch": 'a "b" (c) \\ <d> & é 漢',
    "parameters": {"turns": 7.5, "n": [1, 2], "none": None},
    "long": "x" * 3000,
}


def film(u):
    return scene(dots([(0, 0), (1, u)], 4))


@pytest.mark.parametrize("ending", ENDINGS)
def test_it_comes_back(ending, tmp_path):
    path = tmp_path / f"a{ending}"
    render(film, path, px=64, seconds=0.2, fps=10, provenance=FACTS)
    assert read(path) == FACTS


@pytest.mark.parametrize("ending", [e for e in FORMATS if FORMATS[e].kind != "film"])
def test_that_of_a_still_comes_back(ending, tmp_path):
    path = tmp_path / f"a{ending}"
    render(film(0.5), path, px=64, provenance={**FACTS, "longer": "x" * 200_000})
    assert read(path)["longer"] == "x" * 200_000


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_that_says_nothing_gives_none(ending, tmp_path):
    path = tmp_path / f"a{ending}"
    render(film, path, px=64, seconds=0.2, fps=10)
    assert read(path) is None
    if ending:
        whole = path.read_bytes()
        for size in (0, 1, 9, 20, len(whole) // 2, len(whole) - 5):
            path.write_bytes(whole[:size])
            assert read(path) is None


def test_pictures_of_other_programs_give_none(tmp_path):
    for name in ("a.gif", "a.png", "a.webp", "a.jpg"):
        Image.effect_noise((40, 40), 90).save(tmp_path / name)
        assert read(tmp_path / name) is None
    (tmp_path / "a.txt").write_text("hello")
    assert read(tmp_path / "a.txt") is None
    with pytest.raises(ArtError, match="cannot be read"):
        read(tmp_path / "none.png")


@pytest.mark.parametrize(
    "said", ["[" * 100_000, '{"a":' * 100_000, '{"a": 1e999}', "{'a'}", "\x00", '"text"', "[1]"]
)
def test_what_is_no_table_of_facts_is_none(said, tmp_path):
    escaped = said.replace("\x00", "")
    (tmp_path / "a.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg"><metadata>{escaped}</metadata></svg>'
    )
    assert read(tmp_path / "a.svg") in (None, {"a": float("inf")})


def test_what_a_terminal_would_obey_is_kept_as_it_is(tmp_path):
    """It is who shows it that makes it safe: a parameter must come again as it was."""
    facts = {"sketch": "a\x1b]0;owned\x07\x1b[2J", "\x9bkey": ["\x08", "two\nlines"]}
    render(film, tmp_path / "a.png", px=20, provenance=facts)
    assert read(tmp_path / "a.png") == facts
