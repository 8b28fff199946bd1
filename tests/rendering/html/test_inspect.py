"""A page that is inspected shows the numbers of ga.jet and ga.gradient, where the hand points."""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from browsers import until
from rendering.html.lesson_pieces import ABOVE, graphs, hidden, hills, land, petal, petals, wave
from rendering.html.pieces import rose, script_of

import gradart as ga
from gradart.errors import ArtError, ArtWarning
from gradart.rendering.html.document import document
from gradart.sketching.loading import load

TOWER = Path(ga.__file__).parents[1] / "sketches/derivative_tower.py"


@pytest.fixture(scope="module")
def inspected(tmp_path_factory):
    """A function that renders a sketch to be inspected, once."""
    folder, made = tmp_path_factory.mktemp("inspected"), {}

    def file(sketch):
        if sketch.name not in made:
            made[sketch.name] = ga.render(sketch, folder / f"{sketch.name}.html", inspect=True)
        return made[sketch.name]

    return file


def numbers(page):
    """The rows of the table: each name with its numbers, to the last digit."""
    rows = page.locator("#inspect tbody tr").evaluate_all(
        "all => all.map(row => [row.querySelector('th').textContent,"
        " [...row.querySelectorAll('data')].map(one => Number(one.value))])"
    )
    return dict(rows)


def derivatives(told, letter):
    primes = ["", "′", "″", "‴", *(f"⁽{k}⁾" for k in "⁴⁵⁶⁷⁸")]
    return np.array([told[letter + prime] for prime in primes])


def hover(page, point, box=((0, 0), (200, 200))):
    """Move over a place of the page, told from its lower left corner in parts of the box."""
    at = (np.array(point) - box[0]) / np.subtract(box[1], box[0])
    seen = page.locator("#overlay").bounding_box()
    x, y = seen["x"] + at[0] * seen["width"], seen["y"] + (1 - at[1]) * seen["height"]
    page.mouse.move(float(x), float(y))
    return at


@pytest.mark.exhaustive
def test_a_curve_s_numbers_are_those_of_jet_for_each_parameter_playhead_and_t(show, inspected):
    page = show(inspected(petals))
    for fold, frame, t in ((3, 5, 300), (3, 2, 901), (4.5, 7, 120)):
        page.get_by_label("fold", exact=True).fill(str(fold))
        page.locator("#head").fill(str(frame))
        page.locator("#inspect-t").fill(str(t))
        told = numbers(page)
        at = told["t"][0]
        assert at == pytest.approx(0.2 + 5.8 * t / 1000)
        with jax.enable_x64(True):

            def curve(s, fold=fold, u=frame / 10):
                return petal(s, fold, u)

            np.testing.assert_allclose(derivatives(told, "c"), ga.jet(curve, at, 8), rtol=1e-9)
            assert told["curvature"][0] == pytest.approx(float(ga.curvature(curve, at)), rel=1e-9)
            assert told["speed"][0] == pytest.approx(float(ga.speed(curve, at)), rel=1e-9)


@pytest.mark.exhaustive
def test_the_point_of_a_curve_that_is_nearest_to_the_hand_is_looked_at(show, inspected):
    page = show(inspected(petals))
    with jax.enable_x64(True):
        wanted = np.asarray(petal(1.7, 3.0, 0.5))
    margin = 15 / 170 * 3
    corners = (-1.5 - margin, -1.5 - margin), (1.5 + margin, 1.5 + margin)
    hover(page, wanted, corners)
    assert numbers(page)["t"][0] == pytest.approx(1.7, abs=0.01)
    page.mouse.down()
    page.mouse.up()
    hover(page, (0, 0), corners)
    assert numbers(page)["t"][0] == pytest.approx(1.7, abs=0.01)  # it is held
    assert page.locator("#overlay path.tangent:not(.rim)").count() == 1
    page.locator("#inspect-tangent").uncheck()
    assert page.locator("#overlay path.tangent").count() == 0


@pytest.mark.exhaustive
def test_graphs_are_found_in_their_panels_with_those_of_derivatives(show, inspected):
    """The function that is descended is the one that is drawn: there is one thing to look at."""
    page = show(inspected(graphs))
    assert page.locator("#inspect-subject option").all_text_contents() == ["wave"]
    x0, y0 = 25, 20  # the drawing is in mm, in the middle of the page
    at = [x0 + (0.7 + 2) * 30, y0 + 80 + (float(wave(0.7)) + 2) * 16]
    hover(page, at)
    told = numbers(page)
    assert told["x"][0] == pytest.approx(0.7, abs=0.02)
    with jax.enable_x64(True):
        found = derivatives(told, "f")[:, 0]
        np.testing.assert_allclose(found, ga.jet(wave, told["x"][0], 8), rtol=1e-9)
        drawn = ga.panel(*ABOVE)

        def graph(x):
            return drawn(jnp.stack([x, wave(x)]))

        bend = abs(float(ga.curvature(graph, told["x"][0])))
    assert 1 / told["radius, as drawn"][0] == pytest.approx(bend, rel=1e-6)
    assert page.locator("#overlay path.other:not(.rim)").count() == 1  # on the derivative's graph
    assert page.locator("#inspect tr.marked th").text_content() == "f"
    at[1] = y0 + (float(ga.derivative(wave, 0.7)) + 4) * 70 / 8
    hover(page, at)
    assert page.locator("#inspect tr.marked th").text_content() == "f′"


@pytest.mark.exhaustive
def test_a_descent_of_a_graph_takes_the_steps_that_are_told(show, inspected):
    page = show(inspected(graphs))
    assert page.locator("#inspect-descent").is_checked()  # as the sketch descends
    page.locator("#inspect-x, #inspect-t").fill("900")
    told = numbers(page)
    rate = float(page.locator("output[for=inspect-rate]").text_content())
    with jax.enable_x64(True):
        start = jnp.array([told["x"][0]])
        path = ga.descend(lambda p: wave(p[0]), start, rate=rate, steps=60)
    assert told["x after 60 steps"][0] == pytest.approx(float(path[-1, 0]), abs=1e-4)


@pytest.mark.exhaustive
def test_a_field_s_numbers_are_those_of_gradient_and_hessian(show, inspected):
    page = show(inspected(land))
    for share in ((0.3, 0.4), (0.55, 0.7), (0.62, 0.45)):
        hover(page, share, ((0, 0), (1, 1)))
        told = numbers(page)
        p = np.array(told["p"])
        with jax.enable_x64(True):
            assert told["f"][0] == pytest.approx(float(hills(p)), rel=1e-9)
            np.testing.assert_allclose(told["∇f"], ga.gradient(hills, p), rtol=1e-9)
            hessian = np.asarray(ga.hessian(hills, p))
        np.testing.assert_allclose([told["∂∇f / ∂x"], told["∂∇f / ∂y"]], hessian, rtol=1e-9)
        np.testing.assert_allclose(told["curvatures"], np.linalg.eigvalsh(hessian)[::-1], rtol=1e-9)


def test_a_descent_of_a_field_begins_where_one_clicks(show, inspected):
    page = show(inspected(land))
    hover(page, (0.3, 0.4), ((0, 0), (1, 1)))
    start = numbers(page)["p"]
    page.mouse.down()
    page.mouse.up()
    hover(page, (0.6, 0.6), ((0, 0), (1, 1)))
    told = numbers(page)
    assert told["p"] != start
    rate = float(page.locator("output[for=inspect-rate]").text_content())
    with jax.enable_x64(True):
        path = ga.descend(hills, jnp.array(start), rate=rate, steps=150)
    np.testing.assert_allclose(told["after 150 steps"], path[-1], atol=1e-4)


GEOMETRY = """async () => {
  const { levelLine, principal } = await import("/field_geometry.js");
  const slope = (x, y) => ({ value: x * x + 4 * y * y, gradient: [2 * x, 8 * y] });
  const line = levelLine(slope, [1, 0], [-2, -2, 2, 2], 0.02, 1000);
  const cut = levelLine(slope, [1, 0], [-2, -0.2, 2, 2], 0.02, 1000);
  return { line, cut, axes: principal([3, 1, -2]) };
}"""


@pytest.mark.exhaustive
def test_a_level_line_keeps_its_level_and_closes_or_ends_at_the_box(blank):
    found = blank.evaluate(GEOMETRY)
    for name in ("line", "cut"):
        x, y = np.array(found[name]).T
        np.testing.assert_allclose(x**2 + 4 * y**2, 1, atol=1e-6)
    assert found["line"][0] == found["line"][-1]
    assert len(found["line"]) == pytest.approx(4.844 / 0.02, rel=0.02)  # the ellipse's length
    np.testing.assert_allclose([y for _, y in (found["cut"][0], found["cut"][-1])], -0.2, atol=0.02)
    matrix, ways = np.array([[3, 1], [1, -2]]), np.array(found["axes"]["ways"]).T
    np.testing.assert_allclose(matrix @ ways, ways * found["axes"]["curvatures"], atol=1e-12)


def test_arrow_keys_move_the_point_and_not_the_film(show, inspected):
    page = show(inspected(petals))
    before, frame = numbers(page)["t"][0], page.locator("#head").input_value()
    page.locator("#overlay").focus()
    page.keyboard.press("ArrowRight")
    assert numbers(page)["t"][0] == pytest.approx(before + 5.8 / 200)
    page.keyboard.press("Shift+ArrowLeft")
    assert numbers(page)["t"][0] == pytest.approx(before - 9 * 5.8 / 200)
    assert page.locator("#head").input_value() == frame


def test_a_finger_drags_the_point(show, inspected):
    page = show(inspected(graphs), size=(390, 800), has_touch=True, is_mobile=True)
    seen = page.locator("#overlay").bounding_box()
    page.touchscreen.tap(seen["x"] + 0.4 * seen["width"], seen["y"] + 0.4 * seen["height"])
    first = numbers(page)["x"][0]
    page.touchscreen.tap(seen["x"] + 0.6 * seen["width"], seen["y"] + 0.4 * seen["height"])
    moved = 0.2 * 200 / 150 * 5
    assert numbers(page)["x"][0] == pytest.approx(first + moved, abs=0.02)


def test_a_page_without_lessons_has_nothing_of_them(inspected, tmp_path):
    plain = script_of(ga.render(petals, tmp_path / "plain.html").read_text())
    page = script_of(inspected(petals).read_text())
    for word in ("overlay", "lessons", "inspector", "osculating"):
        assert word in page
        assert word not in plain
    for word in ("overlay", "lessons", "inspector"):
        assert word not in script_of(document(*rose()))


@pytest.mark.exhaustive
def test_a_tower_of_derivatives_is_a_page_of_less_than_200_kB(tmp_path):
    [tower] = load(TOWER).sketches
    assert ga.render(tower, tmp_path / "a.html", inspect=True).stat().st_size < 200_000


def test_what_cannot_be_inspected_is_told(tmp_path):
    with pytest.raises(ArtError, match="render the sketch itself"):
        ga.render(petals(), tmp_path / "a.html", inspect=True)

    @ga.sketch
    def dots():
        return ga.scene(ga.dots([(0, 0), (1, 1)]))

    with pytest.warns(ArtWarning, match="nothing to inspect"):
        file = ga.render(dots, tmp_path / "b.html", inspect=True)
    assert "inspector" not in script_of(file.read_text())


def test_a_field_that_the_picture_does_not_show_has_no_controls(show, inspected):
    page = show(inspected(hidden))
    assert page.locator("#inspect caption").text_content() == "hills is not seen in this picture"
    assert page.locator("#inspect :is(input, .help)").evaluate_all(
        "all => all.every(one => !one.checkVisibility())"
    )


@pytest.mark.exhaustive
def test_graphs_follow_the_picture(show, inspected):
    """Wherever a window puts it, and whatever size it has."""
    page = show(inspected(graphs), size=(1200, 800))
    page.set_viewport_size({"width": 640, "height": 480})
    until(
        page,
        "Math.abs(overlay.getBoundingClientRect().width"
        " - picture.getBoundingClientRect().width) < 1",
    )
    hover(page, (25 + (0.7 + 2) * 30, 20 + 80 + (float(wave(0.7)) + 2) * 16))
    assert numbers(page)["x"][0] == pytest.approx(0.7, abs=0.05)
