"""A mistake is answered alike by `gradart run` and, in Python or a notebook, by the call itself."""

import traceback

import pytest

import gradart as ga
from gradart.sketching.loading import load

BODIES = {
    "a function that is not there": "return ga.scene(ga.circels((3, 4), 1))",
    "a forgotten key": "return ga.scene(ga.dots(ga.scatter(key, 9, ((0, 0), (1, 1)))))",
    "a forgotten import": "return ga.scene(ga.lines(np.zeros((3, 2))))",
    "a name that is not there": "return ga.scene(ga.lines(nosuch))",
    "a keyword that is not there": "return ga.scene(ga.lines([(0, 0), (1, 1)], widht=3))",
    "no color": "return ga.scene(ga.lines([(0, 0), (1, 1)], stroke='redd'))",
    "nothing returned": "ga.scene(ga.lines([(0, 0), (1, 1)]))",
    "no points": "return ga.scene(ga.lines([1, 2, 3]))",
    "no mark": "return ga.scene([1, 2])",
    "an infinite point": "return ga.scene(ga.lines([(0, 0), (1, float('inf'))]))",
    "no curve": "return ga.scene(ga.lines(ga.point(lambda x, y: x, jnp.linspace(0, 1, 5))))",
    "an if of what is traced": (
        "return ga.scene(ga.lines(ga.point(lambda t: jnp.array([t, 1 if t > 0 else t]), [0, 1])))"
    ),
    "a parameter out of its range": "return ga.scene(ga.lines([(0, 0), (1, turns)]))",
    "a frame's name": "return lambda u: ga.scene(ga.lines(nosuch))",
    "a frame's keyword": "return lambda u: ga.scene(ga.lines([(0, 0), (1, u)], widht=1))",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_run_and_python_say_the_same(studio, gradart, tmp_path, body):
    text = "from typing import Annotated\n\n@ga.sketch\ndef piece("
    file = studio("piece.py", f"{text}turns: Annotated[float, ga.Bounds(0, 9)] = 3):\n    {body}\n")
    wrong = ["--turns", "99"] if "turns" in body else []
    status, _, [line] = gradart("run", file, "--px", 20, *wrong)
    assert status == 2
    [sketch] = load(file).sketches
    with pytest.raises((ga.ArtError, NameError, TypeError, ValueError)) as caught:  # noqa: PT012
        art = sketch(turns=99) if wrong else sketch()
        ga.render(art, tmp_path / ("a.gif" if callable(art) else "a.png"), px=20)
    said = " ".join("".join(traceback.format_exception_only(caught.value)).split())
    # Without the place, which a traceback shows with the line itself.
    words = line.removeprefix("gradart: ").removeprefix("piece, line 8: ").removeprefix("piece: ")
    assert words in said.replace("99.0", "99")


def test_a_parameter_of_one_letter_is_told_its_two_hyphens(studio, gradart):
    file = studio("piece.py", "@ga.sketch\ndef piece(n=3):\n    return ga.dots((0, 0))\n")
    for words, instead in (["-n", "5"], "write --n"), (["-m", "5"], "see `gradart"):
        status, _, [line] = gradart("run", file, *words)
        assert status == 2
        assert instead in line
