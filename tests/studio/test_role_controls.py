"""Points, ranges, easings, ramps and seeds, set in a real browser: by hand, key and number."""

import hashlib
import json
from pathlib import Path

import pytest
from live import save
from studio.in_browser import rested, shown

from gradart.command.cli import main
from gradart.rendering.formats.provenance import read

BENCH = """
from typing import Annotated
import jax.numpy as jnp
import gradart as ga

@ga.sketch(page="square")
def bench(
    center: ga.Point = (0.5, 0.25),
    corners: list[ga.Point] = [(-1, -1), (1, 1)],
    near: Annotated[ga.Point, ga.Bounds(0, 1)] = (0.5, 0.5),
    reach: Annotated[ga.Range, ga.Bounds(0, 2)] = (0.5, 1),
    width: Annotated[ga.Range, ga.Bounds(0.1, 10, log=True)] = (0.1, 1),
    pace: Annotated[ga.Easing, ga.Section("motion")] = ga.Easing(0.4, 0, 0.2, 1),
    shade: Annotated[ga.Ramp, ga.Section("color")] = ga.ramp("#000000", "#ff0000", at=(0, 1)),
    dust: ga.Seed = 1,
    wind: ga.Vector = (-1.5, 1),
):
    u = jnp.linspace(0, 1, 9)
    radii = reach.low + (reach.high - reach.low) * pace(u)
    return ga.scene(
        ga.circles(center, radii, stroke=shade(u), width=width.low + (width.high - width.low) * u),
        ga.lines(corners),
        ga.dots(ga.scatter(dust, 9, box=((-2, -2), (2, 2)))),
        ga.dots(near, 2),
        box=((-2, -2), (2, 2)),
    )
"""


@pytest.fixture
def bench(page, place):
    """The page with the sketch on it."""
    number = shown(page)
    save(place, BENCH)
    rested(page, number)
    return page


def fields(page, *names):
    return [float(page.get_by_role("spinbutton", name=n, exact=True).input_value()) for n in names]


def middle(locator):
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def dragged(page, start, by):
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + by[0] / 2, start[1] + by[1] / 2)
    page.mouse.move(start[0] + by[0], start[1] + by[1])
    page.mouse.up()


@pytest.mark.exhaustive
def test_a_point_is_moved_on_its_pad_by_hand_and_by_key(bench):
    thumb = bench.get_by_role("slider", name="center", exact=True)
    assert thumb.get_attribute("aria-valuetext") == "x 0.5, y 0.25"
    dragged(bench, middle(thumb), (-33, 13))  # of 130 px, for from -1 to 1
    x, y = fields(bench, "center x", "center y")
    assert (x, y) == (pytest.approx(0, abs=0.02), pytest.approx(0.05, abs=0.02))
    thumb.press("ArrowRight")
    thumb.press("Shift+ArrowUp")
    moved = fields(bench, "center x", "center y")
    assert moved == [pytest.approx(x + 0.02, abs=2e-3), pytest.approx(y + 0.2, abs=2e-3)]
    for _ in range(3):  # a drag and two keys
        bench.locator("#undo").click()
    assert fields(bench, "center x", "center y") == [0.5, 0.25]
    assert bench.locator("#undo").is_disabled()
    bench.get_by_role("slider", name="wind", exact=True).press("ArrowDown")
    assert fields(bench, "wind x", "wind y") == [-1.5, pytest.approx(0.94)]
    other = bench.get_by_role("slider", name="near", exact=True)
    dragged(bench, middle(other), (300, 300))
    assert fields(bench, "near x", "near y") == [1, 0]


@pytest.mark.exhaustive
def test_a_handle_on_the_picture_is_the_point_that_is_there(bench):
    box = bench.locator("#canvas").bounding_box()
    side = min(box["width"], box["height"]) - 2 * min(28, box["width"] / 20)  # of the page, 200 mm
    mm = side / 200
    unit = 170 / 4 * mm
    left, top = middle(bench.locator("#canvas"))

    def at(x, y):
        return left + unit * x, top - unit * y

    number = shown(bench)
    dragged(bench, at(0.5, 0.25), (-unit, -0.5 * unit))
    assert fields(bench, "center x", "center y") == pytest.approx([-0.5, 0.75], abs=0.01)
    rested(bench, number)
    dragged(bench, at(1, 1), (-0.5 * unit, 0))
    assert fields(bench, "corners 2 1", "corners 2 2") == pytest.approx([0.5, 1], abs=0.01)
    assert fields(bench, "corners 1 1", "corners 1 2") == [-1, -1]
    dragged(bench, at(0.5, 0.5), (0, -2 * unit))
    assert fields(bench, "near x", "near y") == pytest.approx([0.5, 1], abs=0.01)
    dragged(bench, at(-1.5, 1), (30, 30))
    assert fields(bench, "wind x", "wind y") == [-1.5, 1]  # which is no place
    bench.locator("#undo").click()
    assert fields(bench, "near x", "near y") == [0.5, 0.5]
    assert fields(bench, "center x") == pytest.approx([-0.5], abs=0.01)


@pytest.mark.exhaustive
def test_the_thumbs_of_a_range_meet_and_do_not_pass(bench):
    low, high = (bench.get_by_role("slider", name=f"reach {end}") for end in ("low", "high"))
    low.press("ArrowRight")
    assert fields(bench, "reach, low", "reach, high") == [0.502, 1]
    low.press("End")
    assert fields(bench, "reach, low", "reach, high") == [1, 1]
    high.press("End")
    low.press("End")
    assert fields(bench, "reach, low", "reach, high") == [2, 2]
    dragged(
        bench,
        (low.bounding_box()["x"] + low.bounding_box()["width"] - 7.5, middle(low)[1]),
        (-80, 0),
    )
    assert fields(bench, "reach, high") == [2]
    assert 1 < fields(bench, "reach, low")[0] < 1.6
    bench.get_by_role("spinbutton", name="reach, high", exact=True).fill("0.25")
    bench.keyboard.press("Enter")
    assert len(set(fields(bench, "reach, low", "reach, high"))) == 1
    wide = bench.get_by_role("slider", name="width high")
    assert float(wide.input_value()) == pytest.approx(500)  # 1 between 0.1 and 10
    wide.press("ArrowLeft")
    assert fields(bench, "width, high") == [0.995]


@pytest.mark.exhaustive
def test_arrows_show_what_a_thumb_moves(bench):
    high = bench.get_by_role("slider", name="reach high")
    box = high.bounding_box()
    bench.mouse.move(box["x"] + box["width"] / 2, middle(high)[1])
    bench.mouse.down()
    bench.wait_for_selector("#viewport[data-arrows]", timeout=60_000)
    bench.mouse.up()
    bench.wait_for_selector("#viewport:not([data-arrows])")


@pytest.mark.exhaustive
def test_an_easing_is_drawn_chosen_and_written(bench):
    names = [f"pace {one}" for one in ("x1", "y1", "x2", "y2")]
    chosen = bench.get_by_label("pace", exact=True)
    assert chosen.input_value() == "own"
    chosen.select_option("soft both")
    assert fields(bench, *names) == [0.42, 0, 0.58, 1]
    first = bench.get_by_role("slider", name="pace, first handle")
    first.press("ArrowRight")
    first.press("ArrowDown")
    assert fields(bench, *names) == [0.43, -0.02, 0.58, 1]
    assert chosen.input_value() == "own"
    dragged(bench, middle(bench.get_by_role("slider", name="pace, second handle")), (26, 33))
    assert fields(bench, *names) == pytest.approx([0.43, -0.02, 0.78, 0.5], abs=0.03)
    bench.get_by_label("pace y1", exact=True).fill("-2")
    bench.keyboard.press("Enter")
    assert fields(bench, *names)[1] == -2


def test_a_ramp_gets_a_color_where_it_is_clicked_and_loses_it_again(bench):
    text = bench.get_by_label("shade, colors and places", exact=True)
    assert text.input_value() == "#000000 #ff0000"
    bar = bench.locator(".bar").bounding_box()
    bench.locator(".bar").click(position={"x": 0.25 * bar["width"], "y": 9})
    added = text.input_value().split()
    assert float(added[2].removesuffix("%")) == pytest.approx(25, abs=0.5)
    assert added[1][0] == "#"
    assert 0x20 < int(added[1][1:3], 16) < 0x60  # dark red, as the ramp is there
    stop = bench.get_by_role("slider", name="shade, color 2")
    assert stop.evaluate("e => e === document.activeElement")
    stop.press("Shift+ArrowRight")
    there = text.input_value().split()[2]
    assert float(there.removesuffix("%")) == pytest.approx(35, abs=0.5)
    bench.get_by_label("shade, color of the chosen stop").fill("#00ff00")
    assert text.input_value() == f"#000000 #00ff00 {there} #ff0000"
    number = shown(bench)
    box = bench.get_by_role("slider", name="shade, color 1")
    dragged(bench, middle(box), (0.5 * bar["width"], 0))  # past the second
    first, second, last = text.input_value().split("%")
    assert (first, last) == (f"#00ff00 {there[:-1]}", " #ff0000")
    assert float(second.removeprefix(" #000000")) == pytest.approx(50, abs=1)
    rested(bench, number)
    bench.get_by_role("slider", name="shade, color 2").press("Delete")
    assert text.input_value() == f"#00ff00 {there} #ff0000"
    bench.get_by_role("slider", name="shade, color 1").press("Delete")
    assert text.input_value() == f"#00ff00 {there} #ff0000"  # a ramp has two
    bench.get_by_label("shade", exact=True).select_option("dusk")
    assert len(text.input_value().split()) == 5


@pytest.mark.exhaustive
def test_what_is_set_there_is_what_the_command_line_draws(bench, place, monkeypatch):
    monkeypatch.chdir(place[0])
    bench.get_by_role("button", name="New dust").click()
    bench.get_by_label("pace", exact=True).select_option("too far")
    bench.get_by_label("shade, colors and places").fill("#0b3954, teal 30% #ff6663")
    bench.keyboard.press("Enter")
    bench.get_by_label("corners 1 2", exact=True).fill("0.5")
    number = shown(bench)
    bench.get_by_label("center x", exact=True).fill("-1.5")
    bench.keyboard.press("Enter")
    rested(bench, number)
    bench.locator("#like").click()
    bench.locator("#liked li").first.wait_for(state="attached")
    [liked] = (place[0] / "liked").glob("bench*.png")
    made = read(liked)["parameters"]
    assert made["center"] == [-1.5, 0.25]
    assert made["corners"] == [[-1, 0.5], [1, 1]]
    assert made["shade"] == "#0b3954 #008080 30% #ff6663"
    assert (made["pace"], made["dust"] != 1) == ([0.34, 1.4, 0.64, 1], True)
    words = ["--center", "-1.5,0.25", "--pace", "0.34,1.4,0.64,1", "--dust", str(made["dust"])]
    words += ["--shade", "#0b3954 teal 30% #ff6663", "--corners", "-1,0.5;1,1"]
    main(["run", "ring.py", *words, "-o", "run.png"])
    files = [hashlib.sha256(file.read_bytes()).hexdigest() for file in (liked, Path("run.png"))]
    assert files[0] == files[1]
    bench.locator("#presetname").evaluate("e => e.closest('details').open = true")
    bench.locator("#presetname").fill("mine")
    bench.locator("#savepreset").click()
    bench.get_by_role("button", name="mine", exact=True).wait_for()
    kept = json.loads(Path("ring.presets.json").read_text())["bench"]["mine"]["parameters"]
    assert kept == made


def test_a_group_is_a_section_that_closes(bench):
    assert bench.locator("details.group > summary").all_inner_texts() == ["motion", "color"]
    field = bench.get_by_label("pace x1", exact=True)
    bench.get_by_text("motion", exact=True).click()
    assert not field.is_visible()
    assert bench.get_by_label("shade", exact=True).is_visible()
    assert bench.get_by_label("center x", exact=True).is_visible()


@pytest.mark.exhaustive
def test_numbers_of_lists_are_varied_in_a_grid(bench):
    bench.get_by_text("Variations", exact=True).click()
    says = bench.locator("#vary option").all_inner_texts()
    assert {"center x", "near y", "reach low", "width high", "pace x1", "shade", "dust"} <= set(
        says
    )
    bench.locator("#vary").select_option(label="reach high")
    bench.locator("#showgrid").click()
    cells = bench.locator("#grid .cell")
    assert cells.count() == 9
    assert cells.first.inner_text().strip() == "reach high 0"
    bench.wait_for_selector("#grid .cell:nth-child(9)[data-drawn]", timeout=60_000)
    cells.nth(8).click()
    assert fields(bench, "reach, low", "reach, high") == [0.5, 2]
