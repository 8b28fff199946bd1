"""The studio in a real browser. Skipped where Playwright or Debian's Chromium is missing."""

from pathlib import Path

import pytest
from live import FILM, SKETCH, save, watched
from studio.in_browser import pixels, rested, shown

from gradart.command.cli import main


def test_dragging_a_slider_changes_the_picture(page):
    before, number = pixels(page), shown(page)
    slider = page.get_by_role("slider", name="radius")
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.47, middle)
    page.mouse.down()
    for i in range(20):
        page.mouse.move(box["x"] + box["width"] * (0.47 + 0.02 * i), middle)
    page.wait_for_selector("#viewport[data-kind=jpeg]")
    page.mouse.up()
    after = rested(page, number)
    assert after != before
    assert float(page.get_by_label("radius", exact=True).last.input_value()) > 1.4
    number = shown(page)
    page.keyboard.press("Control+z")
    assert rested(page, number) == before


def test_a_save_shows_and_a_broken_one_keeps_the_last_picture(page, place):
    before, number = pixels(page), shown(page)
    page.get_by_label("petals", exact=True).last.fill("9")
    page.keyboard.press("Enter")
    nine = rested(page, number)
    number = shown(page)
    save(place, SKETCH.replace("0.2 * np.cos", "0.6 * np.cos"))
    deeper = rested(page, number)
    assert len({before, nine, deeper}) == 3
    assert page.get_by_label("petals", exact=True).last.input_value() == "9"
    save(place, SKETCH.replace("return ga.scene(", "return ga.scene(("))
    page.get_by_role("alert").get_by_text("ring.py, line 18").wait_for()
    number = shown(page)
    save(place, SKETCH)
    assert rested(page, number) == nine
    assert page.locator("#error").is_hidden()


@pytest.mark.exhaustive
def test_a_film_plays_pauses_and_is_scrubbed(page, place):
    number = shown(page)
    save(place, FILM)
    still = rested(page, number)
    head = page.get_by_role("slider", name="Playhead")
    page.keyboard.press("Space")
    page.wait_for_function("() => document.getElementById('rolled').value === 1", timeout=30_000)
    page.wait_for_function(  # round the loop, until all frames have been seen
        "() => (window.seen ??= new Set())"
        ".add(document.getElementById('viewport').dataset.frame).size === 10",
        timeout=30_000,
    )
    number = shown(page)
    page.keyboard.press("Space")
    rested(page, number)
    head.fill("5")
    page.wait_for_selector("#viewport[data-frame='5']")
    number = shown(page)
    page.locator("#canvas").focus()
    page.keyboard.press("ArrowRight")
    assert rested(page, number) != still
    assert head.input_value() == "6"
    assert page.locator("#time").inner_text() == "0.60 / 1.00 s"


@pytest.mark.exhaustive
def test_a_cell_of_the_grid_is_adopted_by_the_keyboard_alone(page):
    before, number = pixels(page), shown(page)
    page.get_by_text("Variations", exact=True).click()
    page.get_by_label("vary", exact=True).select_option("petals")
    page.get_by_role("button", name="Show the grid").press("Enter")
    page.wait_for_function("() => document.querySelectorAll('.cell[data-drawn]').length === 9")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert rested(page, number) != before
    assert page.get_by_role("spinbutton", name="petals").input_value() == "7"
    number = shown(page)
    page.keyboard.press("v")
    rested(page, number)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert page.get_by_role("spinbutton", name="petals").input_value() == "5"
    page.keyboard.press("Control+Shift+Z")
    assert page.get_by_role("spinbutton", name="petals").input_value() == "7"
    rested(page, number)


@pytest.mark.exhaustive
def test_what_is_liked_is_restored_by_a_click(page, place):
    number = shown(page)
    page.get_by_role("spinbutton", name="radius").fill("1.7")
    page.keyboard.press("Enter")
    wide = rested(page, number)
    page.locator("#canvas").focus()
    page.keyboard.press("s")
    liked = page.get_by_role("button", name="Restore ring radius1.7")
    liked.wait_for()
    assert [f.name for f in (place[0] / "liked").iterdir()] == ["ring_radius1.7.png"]
    page.get_by_role("textbox", name="preset").fill("wide")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="wide", exact=True).wait_for()
    for kept in (liked, page.get_by_role("button", name="wide", exact=True)):
        number = shown(page)
        page.get_by_role("button", name="Reset radius").click()
        assert rested(page, number) != wide
        number = shown(page)
        kept.click()
        assert rested(page, number) == wide


def test_an_export_downloads_what_gradart_run_writes(page, place, monkeypatch):
    monkeypatch.chdir(place[0])
    page.get_by_role("checkbox", name="dark").check()
    page.get_by_text("Export", exact=True).click()
    page.get_by_label("long side, px").fill("200")
    for ending in ("png", "pdf"):
        with page.expect_download() as download:
            page.get_by_role("button", name=ending.upper(), exact=True).click()
        name = f"ring_darktrue.{ending}"
        assert download.value.suggested_filename == name
        assert main(["run", "ring.py", "--dark", "--px", "200", "-o", name]) == 0
        assert Path(download.value.path()).read_bytes() == Path(name).read_bytes()


def test_a_value_out_of_bounds_says_what_is_meant(page):
    before = pixels(page)
    page.get_by_role("spinbutton", name="radius").fill("9")
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text("radius must be a number from 0.1 to 2, not 9").wait_for()
    page.get_by_role("button", name="Reset radius").click()
    page.locator("#error").wait_for(state="hidden")
    assert rested(page) == before


def test_a_phone_shows_all_without_scrolling_sideways(browser, place):
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    page.goto(place[1])
    rested(page)
    wide = page.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= 360
    unnamed = page.evaluate(
        "() => [...document.querySelectorAll('button, input, select, summary')]"
        ".filter((e) => !(e.ariaLabel || e.labels?.length || e.textContent.trim())).length"
    )
    assert unnamed == 0
    context.close()


@pytest.mark.exhaustive
def test_looking_closely(page, place):
    number = shown(page)
    field = "def bowl(p):\n        return p[0] + 2 * p[1]\n    ga.value(bowl, np.zeros((1, 2)))\n"
    save(place, SKETCH.replace("    return ga.sc", f"    {field}    return ga.sc"))
    whole = rested(page, number)
    box = page.locator("#canvas").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    where = page.locator("#where")
    page.wait_for_function("() => document.getElementById('where').textContent.includes('bowl')")
    assert "gradient (1, 2)" in where.inner_text()
    assert pixels(page) != whole  # the arrow
    page.keyboard.press("d")
    page.wait_for_function("() => !document.getElementById('where').textContent.includes('bowl')")
    assert pixels(page) == whole
    page.keyboard.press("m")
    assert page.locator("#edges").get_attribute("aria-pressed") == "true"
    assert pixels(page) != whole
    page.keyboard.press("m")
    number = shown(page)
    page.mouse.wheel(0, -300)
    closer = rested(page, number)
    assert closer != whole
    number = shown(page)
    page.mouse.down()
    page.mouse.move(x + 60, y + 20)
    page.mouse.up()
    assert rested(page, number) != closer
    number = shown(page)
    page.keyboard.press("f")
    page.locator("#canvas").blur()  # without the ring around what has the focus
    assert rested(page, number) == whole


@pytest.mark.exhaustive
def test_a_folder_opens_as_a_wall_of_pictures(browser, tmp_path):
    (tmp_path / "ring.py").write_text(SKETCH)
    (tmp_path / "broken.py").write_text("import")
    with watched(tmp_path, folder=tmp_path) as (url, _):
        context = browser.new_context()
        page = context.new_page()
        page.goto(url)
        page.locator("[data-file=ring][data-drawn]").wait_for()
        page.get_by_text("broken.py, line 1").wait_for()
        page.get_by_role("link", name="ring").click()
        rested(page)
        assert page.get_by_role("heading").first.inner_text() == "ring"
        page.get_by_role("button", name="All sketches").click()
        page.get_by_role("link", name="ring").wait_for()
        context.close()


@pytest.mark.exhaustive
def test_an_endless_loop_is_stopped_and_the_next_good_save_recovers(page, place):
    before = pixels(page)
    drawing = SKETCH.replace("    t = np.lin", "    while True: pass\n    t = np.lin")
    loading = SKETCH + "\nwhile True: pass\n"
    for loop, what in (
        (drawing, "change a parameter or save the file"),
        (loading, "save the file"),
    ):
        save(place, loop)
        page.get_by_role("button", name="Stop").click()
        page.get_by_role("alert").get_by_text(f"stopped; {what}").wait_for()
        page.get_by_role("button", name="Stop").wait_for(state="hidden")
    number = shown(page)
    save(place, SKETCH)
    assert rested(page, number) == before
    assert page.locator("#error").is_hidden()
