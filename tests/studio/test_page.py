"""The page in a real browser. Skipped where Playwright or Debian's Chromium is missing."""

import hashlib
import shutil
from pathlib import Path

import pytest
from live import SKETCH, watched

playwright = pytest.importorskip("playwright.sync_api", reason="the page needs Playwright")
CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="the page needs Debian's chromium")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    (folder / "ring.py").write_text(SKETCH)
    with watched("ring.py", folder=folder) as (url, _):
        yield folder, url


@pytest.fixture
def page(browser, place):
    """The page, with a picture on it; it must complain of nothing and ask no other host."""
    (place[0] / "ring.py").write_text(SKETCH)
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(place[1])
    rested(page)
    yield page
    context.close()
    assert said == []
    assert all(url.startswith((place[1], f"blob:{place[1][:16]}")) for url in asked)


def rested(page, after=None):
    """Wait for the picture in full, another one than `after`; the hash of its pixels."""
    page.wait_for_function(
        "after => { const s = document.getElementById('stage').dataset;"
        " return s.kind === 'png' && s.shown === s.asked && s.shown !== after }",
        arg=after,
        timeout=30_000,
    )
    return pixels(page)


def shown(page):
    return page.locator("#stage").get_attribute("data-shown")


def pixels(page):
    return hashlib.sha256(page.locator("#canvas").screenshot()).hexdigest()


def save(place, text):
    Path(place[0], "ring.py").write_text(text)


def test_dragging_a_slider_changes_the_picture(page):
    before, number = pixels(page), shown(page)
    slider = page.get_by_role("slider", name="radius")
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.47, middle)
    page.mouse.down()
    for i in range(20):
        page.mouse.move(box["x"] + box["width"] * (0.47 + 0.02 * i), middle)
    page.wait_for_selector("#stage[data-kind=jpeg]")
    page.mouse.up()
    after = rested(page, number)
    assert after != before
    assert float(page.get_by_label("radius", exact=True).last.input_value()) > 1.4
    page.keyboard.press("Control+z")
    assert rested(page, shown(page)) == before


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
