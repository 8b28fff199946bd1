"""The drawing pulled by hand on the live page: what the studio answers, and what a browser does."""

from pathlib import Path

import numpy as np
import pytest
from live import FILM, SKETCH, Client, save
from studio.in_browser import pixels, rested, shown

SCALE = 170 / 4.8  # mm of the page to a unit of the ring's box
TIP = [100 + 1.2 * SCALE, 100.0]  # of the petal on the right, at radius 1


def grab(client, at, frame=None, **values):
    client.say("grab", id=1, values=values, seed=0, frame=frame, at=at)
    return client.until("grab")[0]


def pull(client, grips, targets, locked=(), frame=None, **values):
    pulls = [{"grip": g, "to": to} for g, to in zip(grips, targets, strict=True)]
    fields = {"pulls": pulls, "locked": list(locked), "frame": frame}
    client.say("pull", id=2, values=values, seed=0, **fields)
    return client.until("pull")[0]


def test_a_pull_brings_the_place_to_its_target_within_bounds_and_locks(client):
    held = grab(client, [TIP[0] + 3, TIP[1]])
    assert held["at"] == pytest.approx(TIP, abs=0.01)
    wide = pull(client, [held["grip"]], [[100 + 1.5 * TIP[0] - 150, 100.0]])
    assert wide["values"] == {"radius": pytest.approx(1.5, abs=1e-4)}
    assert wide["bounded"] == []
    far = pull(client, [held["grip"]], [[260.0, 100.0]], **wide["values"])
    assert (far["values"], far["bounded"]) == ({"radius": 2.0}, ["radius"])
    locked = pull(client, [held["grip"]], [[160.0, 100.0]], locked=["radius"])
    assert locked["values"] == {}
    assert locked["at"][0] == pytest.approx(TIP, abs=0.01)


def test_a_film_is_pulled_at_its_frame_and_what_has_no_floats_says_so(place):
    save(place, FILM)
    with Client(place[1]) as client:
        client.open()
        held = grab(client, [50, 10], frame=0)  # the hand points up: half a page of 80 mm
        x, y = held["at"]
        ended = pull(client, [held["grip"]], [[x, 40 - (40 - y) / 2]], frame=0)
        assert ended["values"] == {"length": pytest.approx(0.5, abs=0.01)}
    whole = 'Annotated[float, ga.Bounds(0.1, 2), "of the ring"] = 1.0', "int = 1"
    save(place, SKETCH.replace(*whole))
    with Client(place[1]) as client:
        client.open()
        assert "no float parameter" in grab(client, TIP)["error"]
    save(place, SKETCH)


GROWING = """import jax.numpy as jnp
import gradart as ga

@ga.sketch(page="square")
def growing(size=2.0):
    x = jnp.stack([0, 1, size])
    return ga.scene(ga.dots(jnp.stack([x, 0 * x], -1)))
"""


def test_the_drawing_lies_still_while_it_is_held_and_is_fitted_when_it_is_let_go(place):
    save(place, GROWING)
    with Client(place[1]) as client:
        client.open()
        before = client.draw()[0]["placement"]
        held = grab(client, [180.0, 100.0], size=2.0)
        target = [held["at"][0] - before["scale"] / 2, held["at"][1]]
        assert pull(client, [held["grip"]], [target], size=2.0)["values"]["size"] == pytest.approx(
            1.5
        )
        assert client.draw(held=True, size=1.5)[0]["placement"] == before
        after = client.draw(size=1.5)[0]["placement"]
        assert after["scale"] == pytest.approx(before["scale"] * 2 / 1.5, rel=0.02)
    save(place, SKETCH)


def test_a_pull_is_held_to_its_types(client):
    wrong = {"mark": 0, "path": 0, "points": [0, 1], "weights": [1, 0, 0, 0]}
    pulls = [{"grip": wrong, "to": [0, 0]}]
    client.say("pull", id=1, values={}, seed=0, frame=None, pulls=pulls, locked=[])
    assert "four numbers" in client.hear()[0]["error"]


@pytest.mark.exhaustive
def test_how_far_parameters_move_is_measured_beside_the_page(client):
    client.say("moves", values={"radius": 1.0}, seed=0)
    found = client.until("moves")[0]["movements"]
    assert found == {"radius": {"mm": pytest.approx(1.9 * SCALE, rel=0.1), "effect": "moves"}}


def to_screen(page, point):
    """Where a point in mm is on the canvas, with the whole page in sight."""
    return page.evaluate(
        "async ([x, y]) => { const { state } = await import('./state.js');"
        " const { zoom, corner } = state.viewport;"
        " const box = document.getElementById('canvas').getBoundingClientRect();"
        " return [box.left + corner[0] + x * zoom, box.top + corner[1] + y * zoom]; }",
        point,
    )


def drag(page, start, end, steps=12):
    page.mouse.move(*to_screen(page, start))
    page.mouse.down()
    (x0, y0), (x1, y1) = to_screen(page, start), to_screen(page, end)
    for i in range(1, steps + 1):
        page.mouse.move(x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps)
        page.wait_for_timeout(15)
    page.mouse.up()


def test_the_hand_pulls_a_petal_and_the_slider_follows(page):
    field = page.get_by_role("spinbutton", name="radius")
    page.locator("#canvas").focus()
    page.keyboard.press("h")
    before, number = pixels(page), shown(page)
    drag(page, TIP, [100 + 1.5 * 1.2 * SCALE, 100])
    page.wait_for_function("() => document.getElementById('viewport').dataset.hand === 'true'")
    assert rested(page, number) != before
    assert float(field.input_value()) == pytest.approx(1.5, abs=0.02)
    number = shown(page)
    page.keyboard.press("Control+z")
    assert rested(page, number) == before
    assert field.input_value() == "1"
    page.get_by_role("button", name="Lock radius").click()
    page.keyboard.down("Alt")
    drag(page, TIP, [160, 100])
    page.keyboard.up("Alt")
    page.wait_for_timeout(300)
    assert field.input_value() == "1"
    page.locator("#canvas").focus()
    page.keyboard.press("v")  # nor is it shuffled
    page.wait_for_function("() => !document.getElementById('undo').disabled")
    assert field.input_value() == "1"


# Where on the screen the point (1, 0) of the drawing has been painted at each frame of the browser,
# by the transform of its canvas, and the scale of the picture then.
WATCHED = """async () => {
    const { state } = await import('./state.js');
    const paint = CanvasRenderingContext2D.prototype.drawImage;
    let last = null;
    CanvasRenderingContext2D.prototype.drawImage = function (...given) {
        const { a, e } = this.getTransform();
        const { scale, dx } = state.viewport.placement;
        last = [a * (given[1] + state.viewport.zoom * (dx + scale)) + e, scale];
        return paint.apply(this, given);
    };
    (await import('./viewport.js')).redraw();
    window.seen = [];
    const look = () => {
        if (last) window.seen.push(last);
        requestAnimationFrame(look);
    };
    look();
}"""


def test_the_drawing_does_not_jump_when_the_hand_lets_go(place, page):
    save(place, GROWING)
    page.get_by_role("spinbutton", name="size").wait_for()
    page.wait_for_function("() => document.getElementById('waiting').hidden")
    page.evaluate(WATCHED)
    page.keyboard.down("Alt")
    drag(page, [180, 100], [140, 100])
    page.keyboard.up("Alt")
    page.wait_for_function("() => new Set(window.seen.map((one) => one[1])).size === 2")
    page.wait_for_timeout(500)
    places, scales = zip(*page.evaluate("() => window.seen"), strict=True)
    fitted = scales.index(scales[-1])
    assert scales[fitted] > 1.1 * scales[fitted - 1]
    assert abs(places[-1] - places[fitted - 1]) > 20  # it has gone to where it is fitted
    steps = abs(np.diff(places[fitted - 1 :]))
    assert steps[0] < 0.3 * abs(places[-1] - places[fitted - 1])  # not at once
    assert len(steps[steps > 0]) > 3
    save(place, SKETCH)


def held_at(page, target, near):
    """Where what is held is, as soon as it is near to a point in mm, or after a minute."""
    return page.evaluate(
        "async ([[x, y], near]) => { const { drag } = (await import('./state.js')).state;"
        " for (const end = Date.now() + 60_000; Date.now() < end;) {"
        "   if (drag.at && Math.hypot(drag.at[0] - x, drag.at[1] - y) < near) break;"
        "   await new Promise((resolve) => setTimeout(resolve, 20)); }"
        " return drag.at; }",
        [target, near],
    )


SORTED = '''"""Strokes around a center, the farthest first."""
from typing import Annotated
import jax.numpy as jnp
import gradart as ga

@ga.sketch(page="square", margin=0)
def turning(
    turn: Annotated[float, ga.Bounds(-180, 180)] = 10.0,
    reach: Annotated[float, ga.Bounds(20, 90)] = 60.0,
):
    angle = jnp.deg2rad(turn) + jnp.arange(8) * jnp.pi / 4
    order = jnp.argsort(jnp.sin(angle))
    ends = reach * jnp.stack([jnp.cos(angle), 0.5 * jnp.sin(angle)], -1)[order]
    return ga.scene(ga.segments(0.5 * ends, ends), box=((-100, -100), (100, 100)))
'''
SPIRAL = Path(__file__).parents[2] / "sketches" / "forward_spiral.py"


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("sketch", "start", "way"),
    [
        (SORTED, (158, 95), (-8, -24)),  # past two other strokes
        (FILM, (50, 12), (0, 6)),
        (SPIRAL.read_text(), (130, 100), (-2, 1.5)),
    ],
    ids=["sorted", "film", "spiral"],
)
def test_what_is_pulled_lands_under_the_pointer(page, place, sketch, start, way):
    number = shown(page)
    save(place, sketch)
    before = rested(page, number)
    page.locator("#canvas").focus()
    page.keyboard.press("h")
    page.mouse.move(*to_screen(page, start))
    page.mouse.down()
    x, y = held_at(page, [0, 0], 1000)
    target = [x + way[0], y + way[1]]
    for share in (0.2, 0.4, 0.6, 0.8, 1.0):
        page.mouse.move(*to_screen(page, [x + share * way[0], y + share * way[1]]))
        page.wait_for_timeout(15)
    assert held_at(page, target, 0.1) == pytest.approx(target, abs=0.1)
    number = shown(page)
    page.mouse.up()
    assert rested(page, number) != before
    save(place, SKETCH)


SLOW = """
import time
from typing import Annotated
import numpy as np
import gradart as ga

@ga.sketch(page="square", margin=0)
def slow(wide: Annotated[float, ga.Bounds(5, 50)] = 20.0):
    time.sleep(0.06)
    t = np.linspace(0, 2 * np.pi, 100)
    ring = np.stack([float(wide) ** 2 / 20 * np.cos(t), 20 * np.sin(t)], -1)
    return ga.scene(ga.lines(ring), box=((-100, -100), (100, 100)))
"""


@pytest.mark.exhaustive
@pytest.mark.parametrize("rests", [False, True])
def test_a_slow_sketch_that_follows_its_slope_is_brought_where_it_is_seen(page, place, rests):
    """By its slope at first its width would be 32.5."""
    number = shown(page)
    save(place, SLOW)
    rested(page, number)
    page.locator("#canvas").focus()
    page.keyboard.press("h")
    page.mouse.move(*to_screen(page, (120, 100)))
    page.mouse.down()
    held_at(page, [0, 0], 1000)
    for x in (125, 130, 135, 140, 145):
        page.mouse.move(*to_screen(page, [x, 100]))
        page.wait_for_timeout(30)
    there = "() => import('./state.js').then(({ state }) => Math.abs(state.values.wide - 30) < 0.1)"
    if rests:
        page.wait_for_function(there)
    page.mouse.up()
    page.wait_for_function(there)
    save(place, SKETCH)


@pytest.mark.exhaustive
def test_what_does_nothing_is_pale_and_a_shuffle_by_mm_is_small(page, place):
    number = shown(page)
    save(place, SKETCH.replace("    stroke=", "    idle=1.0,\n    stroke="))
    rested(page, number)
    page.locator("#strength").fill("2")
    row = page.locator('[data-parameter="idle"][data-effect="nothing"]')
    row.wait_for(timeout=30_000)
    page.get_by_role("button", name="Shuffle").click()
    page.wait_for_function("() => !document.getElementById('undo').disabled")
    value = float(page.get_by_role("spinbutton", name="radius").input_value())
    assert value != 1
    assert abs(value - 1) < 0.3  # four times two millimeters
    assert page.get_by_role("spinbutton", name="idle").input_value() == "1"
