"""What an editor or a notebook offers while one types, as Jedi finds it, by reading or by looking.

Jedi does not know `Unpack`, and finds keywords of a style where `**style` is passed on as it is.
"""

import pytest

import gradart as ga

jedi = pytest.importorskip("jedi")
STYLE = {"stroke=", "width=", "fill=", "alpha=", "blend="}
KEYWORDS = {
    "ga.lines(p, ": STYLE | {"closed="},
    "ga.segments(p, q, ": STYLE,
    "ga.dots(p, ": STYLE | {"radius="},
    "ga.circles(p, 1, ": STYLE,
    "ga.curve(f, 0, 1, ": STYLE | {"tolerance=", "closed="},
    "ga.polygons(p, ": STYLE - {"blend="},
    "ga.text('a', p, ": {"size=", "align=", "font=", "fill=", "rotate="},
    "ga.noise(key, ": {"size=", "octaves=", "roughness=", "tile="},
    "ga.fit(f, t, s, ": {"steps=", "rate=", "loss=", "scales=", "prune="},
    "ga.curves.line(": {"start=", "end="},
}


def names(completions):
    return {found.name for found in completions}


@pytest.mark.parametrize("call", KEYWORDS)
def test_keywords_are_found_by_reading(call):
    assert KEYWORDS[call] <= names(jedi.Script(f"import gradart as ga\n{call}").complete())


@pytest.mark.parametrize("call", [*KEYWORDS, "ga.sketch(", "ga.render(s, "])
def test_keywords_are_found_by_looking(call):
    wanted = KEYWORDS.get(call, {"page=", "margin=", "seconds=", "fps="})
    assert wanted <= names(jedi.Interpreter(call, [{"ga": ga}]).complete())


def test_names_and_fields_are_found():
    def offered(code):
        return names(jedi.Script(f"import gradart as ga\n{code}").complete())

    assert set(dir(ga)) <= offered("ga.")
    assert {"marks", "paper", "box"} <= offered("scene = ga.scene()\nscene.")
    assert {"box", "low", "high", "meters"} <= offered("ga.terrain().")
    assert {"points", "values", "kinds"} <= offered("ga.critical_points(f).")
    assert {"disk", "blend", "place"} <= offered("ga.fields.")
    assert {"name", "title", "seed"} <= offered("@ga.sketch\ndef ring(): ...\nring.")


def test_a_signature_is_read_in_short_words():
    (found,) = jedi.Script("import gradart as ga\nga.gradient(").get_signatures()
    assert found.to_string() == "gradient(field: Field, p: ArrayLike) -> jax.Array"
