"""A parameter that is a palette, set in a real browser: by its name, and by hex codes."""

import hashlib
from pathlib import Path

import pytest
from live import save
from studio.in_browser import rested, shown

from gradart.command.cli import main

BARS = """
import gradart as ga

@ga.sketch(page="square")
def bars(colors: ga.Palette = ga.palette("desert")):
    marks = [ga.lines([(0, i), (3, i)], width=5, stroke=c) for i, c in enumerate(colors)]
    return ga.scene(marks, paper=colors.paper)
"""


@pytest.mark.exhaustive
def test_a_palette_is_chosen_by_name_or_written_as_hex_codes(page, place, monkeypatch):
    monkeypatch.chdir(place[0])
    number = shown(page)
    save(place, BARS)
    seen = [rested(page, number)]
    select = page.get_by_label("colors", exact=True)
    codes = page.get_by_label("colors, hex codes", exact=True)
    swatches = page.locator(".swatches span")
    assert (select.input_value(), swatches.count()) == ("desert", 5)
    assert codes.input_value().startswith("#4d2b1f #a14122")
    number = shown(page)
    select.select_option("print")
    seen.append(rested(page, number))
    assert swatches.count() == 4
    number = shown(page)
    codes.fill("#0b3954, #ff6663 on #000000")
    page.keyboard.press("Enter")
    seen.append(rested(page, number))
    assert (select.input_value(), swatches.count()) == ("own", 2)
    assert len(set(seen)) == 3
    main(["run", "ring.py", "--colors", "#0b3954 #ff6663 on #000000", "-o", "run.png"])
    page.locator("#like").click()
    page.locator("#liked li").first.wait_for(state="attached")
    [liked] = (place[0] / "liked").glob("bars*.png")
    made = [hashlib.sha256(file.read_bytes()).hexdigest() for file in (liked, Path("run.png"))]
    assert made[0] == made[1]
    page.get_by_role("button", name="Reset colors").click()
    assert select.input_value() == "desert"
