"""Parameters that are lists, set in a real browser: a field for each value, and shuffling."""

import hashlib
from pathlib import Path

import pytest
from live import save
from studio.in_browser import rested, shown

from gradart.command.cli import main

LISTS = """
from enum import Enum
import gradart as ga

class Look(Enum):
    FINE = 0.3
    BOLD = 2.0

@ga.sketch(page="square")
def flag(
    palette=("#264653", "#2a9d8f"), spot=(0.5, 1.0), path=((0, 0), (1, 1.5)), look=Look.FINE
):
    dots = ga.dots([(i, 0.0) for i in range(len(palette))], 5, fill=list(palette))
    marks = dots, ga.dots(spot, 3), ga.lines(path, width=look.value)
    return ga.scene(*marks, box=((-1, -1), (4, 4)))
"""


@pytest.mark.exhaustive
def test_a_list_has_a_field_for_each_of_its_values(page, place, monkeypatch):
    monkeypatch.chdir(place[0])
    number = shown(page)
    save(place, LISTS)
    before = rested(page, number)
    panel = page.locator("#controls")
    assert panel.locator("input[type=color]").count() == 2
    assert panel.locator("input[type=number]").count() == 6

    def put(label, value):
        number = shown(page)
        panel.get_by_label(label, exact=True).fill(value)
        page.keyboard.press("Enter")
        return rested(page, number)

    number = shown(page)
    page.get_by_role("button", name="one more of palette").click()
    rested(page, number)
    seen = [put("palette 3", "#e76f51"), put("spot 2", "2"), put("path 2 1", "3")]
    number = shown(page)
    panel.get_by_text("BOLD").click()
    last = rested(page, number)
    assert len({before, *seen, last}) == 5
    words = ["--palette", "#264653,#2a9d8f,#e76f51", "--spot", "0.5,2", "--path", "0,0;3,1.5"]
    main(["run", "ring.py", *words, "--look", "bold", "-o", "run.png"])
    page.locator("#like").click()
    page.locator("#liked li").first.wait_for(state="attached")
    [liked] = (place[0] / "liked").glob("flag*.png")
    made = [hashlib.sha256(file.read_bytes()).hexdigest() for file in (liked, Path("run.png"))]
    assert made[0] == made[1]
    page.get_by_role("button", name="Reset palette").click()
    assert panel.locator("input[type=color]").count() == 2
    assert page.get_by_role("button", name="Reset palette").count() == 0


BOUNDED = """
import gradart as ga
from typing import Annotated, Literal

@ga.sketch(page="square")
def cloud(
    spot: Annotated[tuple[float, float], ga.Bounds(2, 3)] = (2.5, 2.5),
    sizes: Annotated[list[int], ga.Bounds(1, 900)] = [4, 5, 6],
    looks: tuple[Literal["a", "b"], str] = ("a", "kept"),
):
    return ga.scene(ga.dots(spot, 3), ga.dots([(i, 0) for i in sizes], 1))
"""


@pytest.mark.exhaustive
def test_numbers_in_lists_are_shuffled_within_their_bounds(page, place):
    number = shown(page)
    save(place, BOUNDED)
    number = rested(page, number) and shown(page)
    page.keyboard.press("v")
    rested(page, number)
    fields = page.locator("#controls input[type=number]")
    values = [float(fields.nth(i).input_value()) for i in range(5)]
    assert all(2 <= value <= 3 for value in values[:2])
    assert all(1 <= value <= 900 and value == int(value) for value in values[2:])
    assert values[2:] != [4, 5, 6]
    assert page.get_by_label("looks 2", exact=True).input_value() == "kept"
