"""Functions that are sketches, however they were made."""

import pytest

from gradart.command.cli import main
from gradart.rendering.formats.provenance import read
from gradart.sketching.loading import find

SAME = """
import functools
from functools import partial
def same(f):
    @functools.wraps(f)
    def g(*args, **named):
        return f(*args, **named)
    return g
def draw(n=3, m=2.0):
    "Draws."
    return ga.scene(ga.dots((n, m)))
def make(k):
    @ga.sketch
    def petal(n=k):
        return ga.scene(ga.dots((n, 0)))
    return petal
"""
PARTS = {
    "@ga.sketch\n@same\ndef piece(key, n=3):\n    return draw(n)": {"piece": ["n"]},
    "@ga.sketch\n@jax.jit\ndef piece(key, n=3.0):\n    return draw(n)": {"piece": ["n"]},
    "@ga.sketch\n@functools.cache\ndef piece(n=3.0):\n    return draw(n)": {"piece": ["n"]},
    "@ga.sketch()\ndef piece(n=3.0):\n    return draw(n)": {"piece": ["n"]},
    "five = ga.sketch(partial(draw, n=5))": {"five": ["n", "m"]},
    "five, six = (ga.sketch(partial(draw, n)) for n in (5, 6))": {"five": ["m"], "six": ["m"]},
    "five = ga.sketch(partial(same(draw), 5))": {"five": ["m"]},
    "dot = ga.sketch(lambda n=3: draw(n))": {"dot": ["n"]},
    "plain = ga.sketch(draw)": {"draw": ["n", "m"]},
    "class A:\n    def __call__(self, n=3): return draw(n)\none = ga.sketch(A())": {"one": ["n"]},
    "class A:\n    def piece(self, n=3): return draw(n)\none = ga.sketch(A().piece)": {
        "piece": ["n"]
    },
    "class A:\n    @ga.sketch\n    @staticmethod\n    def piece(n=3): return draw(n)": {
        "piece": ["n"]
    },
    "class A:\n    @staticmethod\n    @ga.sketch\n    def piece(n=3): return draw(n)": {
        "piece": ["n"]
    },
    "three, four = make(3), make(4)": {"three": ["n"], "four": ["n"]},
    "only = make(3)": {"petal": ["n"]},
    "petals = [make(3), make(4)]": {"petals_1": ["n"], "petals_2": ["n"]},
    "petals = {'three': make(3), 'four': make(4)}": {"three": ["n"], "four": ["n"]},
    "for k in (3, 4):\n    globals()[f'petal{k}'] = make(k)": {"petal3": ["n"], "petal4": ["n"]},
    "one = make(3)\nsame_one = one\nall_of_them = [one]": {"petal": ["n"]},
    "from far import made\nthree, four = made(3), made(4)": {"three": ["n"], "four": ["n"]},
    "from far import alike\n@ga.sketch\n@alike\ndef piece(n=3):\n    return draw(n)": {
        "piece": ["n"]
    },
    "from far import there\nmine = ga.sketch(lambda: there())": {"mine": []},
    "from far import bare\nmine = ga.sketch(bare)": {"bare": ["n"]},
}


@pytest.fixture
def far(studio):
    """Another file, with a sketch and what makes some."""
    text = SAME.replace("same", "alike").replace("make", "made")
    text += "@ga.sketch\ndef there():\n    return draw()\ndef bare(n=3):\n    return draw(n)\n"
    studio("far.py", text)
    return studio


@pytest.mark.parametrize("text", PARTS)
def test_a_sketch_is_found_and_named_and_drawn_however_it_was_made(text, far, gradart):
    far("piece.py", SAME + text)
    names = {s.name: [p.name for p in s.parameters] for s in find(".") if s.file.stem == "piece"}
    assert names == PARTS[text]
    for name in names:
        words = ["--px", "20", "-o", f"{name}.png", *(["--seed", "0"] if "key" in text else [])]
        assert main(["run", f"piece.py:{name}", *words]) == 0
        facts = read(f"{name}.png")
        assert (facts["sketch"], facts["file"]) == (name, "piece.py")
        assert main(["rerun", f"{name}.png"]) == 0


def test_what_several_are_called_holds_where_the_file_is_a_program(far, monkeypatch, capsys):
    import runpy
    import sys

    file = far(
        "piece.py",
        SAME + "three, four = make(3), make(4)\nif __name__ == '__main__':\n    ga.main(four)\n",
    )
    monkeypatch.setattr(sys, "argv", ["piece.py", "--px", "20"])
    monkeypatch.setattr("gradart.command.script.START_FOLDER", file.parent)
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(file), run_name="__main__")
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("four.png ")


def test_docstrings_are_those_of_the_function_that_draws(far):
    far("piece.py", SAME + "five = ga.sketch(partial(same(draw), 5))")
    assert find("piece.py")[0].title == "Draws."
