"""A parameter that changes how many marks there are is offered at values computed beforehand."""

import base64
import io
import json
import re

import numpy as np
import pytest
from pictures import assert_alike
from PIL import Image

import gradart as ga
from gradart.errors import ArtError

SMALL = (500, 420)


@ga.sketch(page="square")
def rings(n=3, tint="#a8350a", dark=False, word=""):
    """Rings in rings."""
    paper = "#223344" if dark else "#f5f3ee"
    drawn = [ga.circles((0, 0), 1.0 + k, stroke=tint, width=1 + k) for k in range(n)]
    squares = [ga.lines([[(0, 0), (n, n)]], stroke=tint)] if n % 2 else []
    return ga.scene([*drawn, *squares], paper=paper)


@pytest.fixture
def opened(show, tmp_path):
    """A function that renders a sketch as a page with choices, and opens it at an address."""

    def shown(sketch, name, address=""):
        path = ga.render(sketch, tmp_path / "a.html", choices=name)
        return show(path, address, size=SMALL)

    return shown


def picture(page):
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    data = page.evaluate("document.getElementById('picture').toDataURL().split(',')[1]")
    with Image.open(io.BytesIO(base64.b64decode(data))) as file:
        return np.asarray(file.convert("RGBA"))


def drawn(sketch, px, **values):
    with Image.open(io.BytesIO(ga.render(sketch(**values), format="png", px=px))) as file:
        return np.asarray(file.convert("RGBA"))


def told(sketch, name, **how):
    text = ga.render(sketch, format="html", choices=name, **how).decode()
    return json.loads(
        re.search(r'<script type="application/json" id="art">(.*?)</script>', text)[1]
    )


def test_each_value_shows_the_picture_that_python_draws_for_it(opened):
    page = opened(rings, "n")
    for n in (3, 1, 2, 5, 4, 3):
        page.get_by_role("radio", name=str(n), exact=True).check()
        found = picture(page)
        assert_alike(found, drawn(rings, found.shape[0], n=n))
        assert page.evaluate("location.hash") == ("" if n == 3 else f"#n={n}")


@pytest.mark.exhaustive
def test_an_address_shares_a_value_and_one_that_was_not_computed_is_told(opened):
    page = opened(rings, "n", "#n=5")
    found = picture(page)
    assert_alike(found, drawn(rings, found.shape[0], n=5))
    assert page.get_by_role("radio", name="5").is_checked()
    page.evaluate("location.hash = '#n=9'")
    page.wait_for_function("document.getElementById('note').textContent")
    assert page.locator("#note").inner_text().endswith("it takes one of 1, 2, 3, 4, 5.")
    assert page.get_by_role("radio", name="3").is_checked()
    assert_alike(picture(page), drawn(rings, found.shape[0]))


@pytest.mark.exhaustive
def test_long_values_stand_in_a_menu(opened):
    @ga.sketch(page="square")
    def turned(angle=12.3456789):
        return ga.scene(ga.lines([[(0, 0), (1, angle)]]))

    page = opened(turned, "angle")
    menu = page.get_by_label("angle", exact=True)
    values = menu.locator("option").all_inner_texts()
    assert "12.3456789" in values
    menu.select_option(values[-1])
    assert page.evaluate("location.hash") == f"#angle={values[-1]}"
    found = picture(page)
    assert_alike(found, drawn(turned, found.shape[0], angle=float(values[-1])))


def test_a_switch_is_offered_and_all_others_are_told_as_fixed():
    art = told(rings, "dark")
    assert art["inputs"] == [
        {"name": "dark", "kind": "choice", "options": [False, True], "default": False, "words": ""}
    ]
    assert [(each["name"], each["why"]) for each in art["fixed"]] == [
        ("n", "it is fixed where another is offered at chosen values"),
        ("tint", "it is fixed where another is offered at chosen values"),
        ("word", "it is a text, which is set beforehand"),
    ]


def test_the_scene_of_the_own_value_is_that_of_the_page(opened):
    art = told(rings, "n")
    assert [len(scene["marks"]) for scene in art["scenes"]] == [2, 2, 4, 4, 6]
    own = art["scenes"][art["inputs"][0]["options"].index(3)]
    assert {name: art[name] for name in own} == own
    bare = told(rings, "n", transparent=True)
    assert {scene["paper"] for scene in [bare, *bare["scenes"]]} == {None}


def heavy(n=3):
    points = np.zeros((n, 100_000, 2))
    return ga.scene(ga.lines(points))


@pytest.mark.parametrize(
    ("art", "ending", "name", "said"),
    [
        (rings, "png", "n", r"choices is for \.html, not for \.png"),
        (rings, "html", "m", "rings has no parameter m; .*it takes n, tint, dark, word"),
        (rings, "html", "word", "rings has no choices of word: .* no number, switch or choice"),
        (ga.sketch(heavy), "html", "n", "heavy has no choices of n: its scenes are too heavy"),
        (rings(), "html", "n", "give ga.render the sketch, not what it returns"),
        (lambda u: rings(), "html", "n", "choices is for stills, and this is a film"),
    ],
)
def test_what_offers_no_choices_is_refused(art, ending, name, said, tmp_path):
    with pytest.raises(ArtError, match=said):
        ga.render(art, tmp_path / f"a.{ending}", choices=name)
    assert not list(tmp_path.iterdir())


def test_what_is_computed_beforehand_is_not_inspected():
    with pytest.raises(ArtError, match="choices computes nothing to inspect"):
        ga.render(rings, format="html", choices="n", inspect=True)


@pytest.mark.exhaustive
def test_the_command_line_needs_a_page_and_takes_the_given_values(studio, gradart, tmp_path):
    studio(
        "rings.py", "@ga.sketch\ndef rings(n=3):\n    return ga.scene(ga.dots([(0, 0)] * n, 1))\n"
    )
    status, _, [err] = gradart("run", "rings.py", "--choices", "n", "-o", "a.png")
    assert (status, "--choices is for .html; write -o NAME.html" in err) == (2, True)
    gradart("run", "rings.py", "--n", 5, "--choices", "n", "-o", "a.html", "-o", "a.png")
    text = (tmp_path / "a.html").read_text()
    assert '"options":[3,4,5,6,7],"default":5' in text
    assert (tmp_path / "a.png").exists()
