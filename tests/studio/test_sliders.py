"""Sliders that know what they do: equal steps of the picture, the page's edge, arrows."""

import numpy as np
import pytest
from live import SKETCH, save
from studio.in_browser import pixels, rested, shown

SCALE = 170 / 4.8  # mm of the page to a unit of the ring's box
SQUARED = SKETCH.replace("r = radius *", "r = 0.8 * radius**2 *")

SLOW = SQUARED.replace("import numpy as np", "import time, jax.numpy as np").replace(
    "    t = np", "    time.sleep(1)\n    t = np"
)


def touch(client, parameter, **values):
    client.say("touch", id=7, values=values, seed=0, frame=None, parameter=parameter)
    return client.until("touch", id=7)


def test_the_travel_of_each_float_is_told_and_what_it_moves_where_it_is(client):
    client.say("travel", values={"radius": 1.0}, seed=0)
    told = client.until("travel")[0]
    assert (told["parameter"], told["on_page"]) == ("radius", None)
    np.testing.assert_allclose(told["shares"], np.linspace(0, 1, 65), atol=0.01)
    assert client.until("travel")[0]["done"]
    head, body = touch(client, "radius", radius=0.5)
    at, moves = np.frombuffer(body, "<f4").reshape(2, -1, 2)
    assert (head["at"], head["unit"]) == (0.5, pytest.approx(1.9))
    assert (head["places"], head["marks"]) == (len(at), [])  # JAX cannot trace it
    assert len(at) > 10
    np.testing.assert_allclose(moves / 1.9, (at - 100) / 0.5, atol=0.01)  # away from the middle
    assert "has no slider" in touch(client, "petals")[0]["error"]
    assert "error" not in touch(client, "radius")[0]


@pytest.mark.exhaustive
def test_a_save_is_measured_anew_and_one_that_cannot_be_loaded_is_not(client, place):
    touch(client, "radius")
    save(
        place, SKETCH.replace("radius: Annotated", "size: Annotated").replace("radius *", "size *")
    )
    client.until("load", done=True)
    assert "error" not in touch(client, "size", size=1.0)[0]
    save(place, SKETCH + "\n1 / 0\n")
    assert "error" in client.until("load", done=True)[0]
    client.say("travel", values={}, seed=0)
    assert client.until("travel", done=True)[0]["interrupted"]
    save(place, SKETCH)
    client.until("load", done=True)
    assert "error" not in touch(client, "radius")[0]


def known(page, parameter):
    """Wait until the page knows how the picture goes along a slider."""
    page.wait_for_selector(
        f'[data-parameter="{parameter}"] input[type=range][data-even=false]', timeout=60_000
    )


def thumb(page, share):
    """Where the thumb of the slider is at a share of its way, in px of the page."""
    box = page.get_by_role("slider", name="radius").bounding_box()
    return box["x"] + 7.5 + share * (box["width"] - 15), box["y"] + box["height"] / 2


@pytest.mark.exhaustive
def test_a_slider_goes_by_equal_steps_of_the_picture_and_marks_where_it_stays_on_the_page(
    page, place
):
    number = shown(page)
    save(place, SQUARED)
    rested(page, number)
    known(page, "radius")
    slider = page.get_by_role("slider", name="radius")
    field = page.get_by_role("spinbutton", name="radius")
    assert field.input_value() == "1"
    edge = (100 / SCALE / (0.8 * 1.2)) ** 0.5
    marked = slider.evaluate("e => [e.style.getPropertyValue('--to'), e.title]")
    assert marked[1] == f"On the page 0.1 to {edge:.3g}"
    shares = []
    for value in ("0.5", "1", "1.5"):
        field.fill(value)
        page.keyboard.press("Enter")
        shares.append(float(slider.input_value()) / 1000)
        assert float(field.input_value()) == float(value)
    assert shares[2] - shares[1] > 1.4 * (shares[1] - shares[0])  # as 2.25 - 1 to 1 - 0.25
    assert shares[2] < float(marked[0])
    slider.press("ArrowRight")
    assert 1.5 < float(field.input_value()) < 1.51


@pytest.mark.exhaustive
def test_arrows_are_there_while_a_slider_is_touched_by_hand_or_key(page):
    known(page, "radius")
    still = pixels(page)
    page.mouse.move(*thumb(page, 0.4737))
    page.mouse.down()
    page.wait_for_selector("#viewport[data-arrows]")
    assert pixels(page) != still
    page.mouse.up()
    page.wait_for_selector("#viewport:not([data-arrows])")
    page.get_by_role("spinbutton", name="radius").fill("1")
    number = shown(page)
    page.get_by_role("slider", name="radius").press("ArrowLeft")
    page.wait_for_selector("#viewport[data-arrows]")
    page.wait_for_selector("#viewport:not([data-arrows])")
    rested(page, number)


@pytest.mark.exhaustive
def test_a_series_gives_each_point_of_each_mark_in_its_style(client, place):
    save(place, SLOW)
    client.until("load", done=True)
    head, body = touch(client, "radius", radius=1.0)
    (mark,) = head["marks"]
    assert (mark["shape"], mark["paths"], mark["points"], mark["closed"]) == (
        "lines",
        1,
        400,
        False,
    )
    assert (mark["stroke"], mark["width"]) == (["rgb(194 65 12 / 1)"], [0.6])
    assert head["paper"] == "rgb(247 244 237 / 1)"
    terms = np.frombuffer(body, "<f4").reshape(-1, head["places"] + 400, 2)[:, head["places"] :]
    assert (head["low"], head["high"]) == (pytest.approx(0.1), pytest.approx(2))
    for value in (0.1, 1.7):
        s = (value - head["at"]) / head["unit"]
        drawn = np.einsum("knd,k->nd", terms, s ** np.arange(len(terms)))
        t = np.linspace(0, 2 * np.pi, 400)
        ring = 0.8 * value**2 * (1 + 0.2 * np.cos(5 * t)) * np.stack([np.cos(t), -np.sin(t)])
        np.testing.assert_allclose(drawn, 100 + SCALE * ring.T, atol=0.01)


@pytest.mark.exhaustive
def test_a_moved_slider_shows_its_series_at_once_and_then_the_picture(page, place):
    number = shown(page)
    save(place, SLOW)
    rested(page, number)
    known(page, "radius")
    still, number = pixels(page), shown(page)
    x, y = thumb(page, 0.3)
    page.mouse.move(x, y)
    page.mouse.down()
    rested(page, number)
    page.wait_for_selector("#viewport[data-arrows]", timeout=60_000)
    number = shown(page)
    page.mouse.move(x + 12, y)
    page.wait_for_selector("#viewport[data-preview]")
    assert shown(page) == number  # the picture takes longer
    preview = pixels(page)
    assert preview != still
    page.mouse.up()
    page.wait_for_selector("#viewport[data-preview]")
    assert shown(page) == number
    exact = rested(page, number)
    assert exact not in (still, preview)
    page.wait_for_selector("#viewport:not([data-preview])")
