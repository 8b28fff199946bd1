"""A piece on its page: controls, address, files, and how it lies in windows of all sizes."""

import hashlib
import io
import re

import numpy as np
import pytest
from browsers import until
from PIL import Image
from rendering.html.pieces import rose

STILL = rose(film=False)


def picture(page):
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.wait_for_selector("#picture:not([data-quick])")
    return hashlib.sha256(page.evaluate("picture.toDataURL()").encode()).hexdigest()


def address(page):
    return page.evaluate("location.hash")


def values(page):
    return page.locator("#controls input").evaluate_all(
        "all => all.map(one => one.type === 'checkbox' ? one.checked : one.value)"
    )


CHANGES = {
    "#petals=8": lambda page: page.fill("[aria-label='petals, slider']", "7"),
    "#reach=0.5": lambda page: page.get_by_label("reach", exact=True).fill("0.5"),
    "#line_color=%23123456": lambda page: page.get_by_label("line color, picker").fill("#123456"),
    "#line_color=%2300f": lambda page: page.get_by_label("line color", exact=True).fill("#00f"),
    "#dark=true": lambda page: page.get_by_label("dark", exact=True).check(),
    "#center=0,0.5": lambda page: page.get_by_label("center 2").fill("0.5"),
    "#seed=12": lambda page: page.get_by_label("variation", exact=True).fill("12"),
}


def test_each_control_moves_the_picture_and_stands_in_the_address(show):
    """A link to the address shows the same; reset shows what was first."""
    page, other = (show(STILL, size=(700, 400)) for _ in range(2))
    first, begun = picture(page), values(page)
    for link, change in CHANGES.items():
        change(page)
        page.keyboard.press("Tab")
        assert picture(page) != first, link
        assert address(page) == link
        other.evaluate("link => { location.hash = link }", link)
        assert picture(other) == picture(page), link
        assert values(other) == values(page)
        page.get_by_role("button", name="Reset all").click()
        assert (picture(page), address(page), values(page)) == (first, "", begun)
        assert page.locator("#reset").is_disabled()


@pytest.mark.exhaustive
def test_several_changes_stand_in_one_link(show):
    page = show(STILL, size=(700, 400))
    for change in CHANGES.values():
        change(page)
        page.keyboard.press("Tab")
    link = address(page)
    assert link == "#petals=8&reach=0.5&line_color=%2300f&dark=true&center=0,0.5&seed=12"
    assert picture(show(STILL, link, size=(700, 400))) == picture(page)
    page.get_by_label("Reset reach").click()
    assert "reach" not in address(page)
    assert "seed=12" in address(page)


def test_another_seed_is_another_picture_and_the_same_seed_the_same(show):
    page = show(STILL)
    first = picture(page)
    page.keyboard.press("r")
    page.get_by_label("variation", exact=True).fill("24")  # as the program has it, 24 is 7
    page.keyboard.press("Enter")
    assert picture(page) == first
    page.get_by_label("Another variation").click()
    assert re.fullmatch(r"#seed=\d+|", address(page))


def test_what_cannot_be_drawn_is_told_and_the_last_picture_stays(show):
    page = show(rose())
    page.keyboard.press("End")
    seen = picture(page)
    petals = page.get_by_label("petals", exact=True)
    petals.fill("13")
    petals.press("Enter")
    until(page, "/cannot be drawn.*infinite/.test(error.textContent)")
    assert "\n" not in page.locator("#error").text_content()
    assert picture(page) == seen
    page.locator("#play").click()
    until(page, "document.body.dataset.playing === 'false'")
    assert picture(page) == seen
    petals.fill("5")
    petals.press("Enter")
    until(page, "error.textContent === ''")
    page.keyboard.press("Tab")
    page.locator("#title").click()
    page.keyboard.press("End")
    assert picture(page) == seen


def test_a_link_to_what_cannot_be_drawn_says_so_and_lets_nobody_wait(show):
    page = show(rose(), "#petals=13")  # which waits until it is no longer busy
    assert "infinite" in page.locator("#error").text_content()
    page.locator("#reset").click()
    until(page, "error.textContent === ''")
    assert picture(page) == picture(show(rose()))


REFUSED = [
    ("petals", "14", "5", "petals takes a whole number from 1 to 13."),
    ("petals", "2.5", "5", "petals takes a whole number from 1 to 13."),
    ("reach", "", "1", "reach takes a number from 0.1 to 10."),
    ("line color", "sky", "#c2410c", "line color takes a color like #c2410c."),
    ("center 1", "2", "0", "center takes 2 numbers from -1 to 1."),
    ("variation", "-1", "7", "variation takes a whole number from 0 to 4294967295."),
]


def test_a_value_out_of_bounds_is_refused_with_what_to_write(show):
    page = show(STILL)
    seen = picture(page)
    for label, wrong, kept, said in REFUSED:
        field = page.get_by_label(label, exact=True)
        field.fill(wrong)
        field.press("Tab")
        assert page.locator("#note").text_content() == said
        assert field.input_value() == kept
        assert picture(page) == seen


def test_what_is_seen_is_saved_as_png_and_svg(show):
    piece = rose(page=(200, 100), name="rose")
    page = show(piece, "#petals=3&seed=2")
    page.keyboard.press("ArrowRight")
    with page.expect_download() as found:
        page.keyboard.press("s")
    assert found.value.suggested_filename == "rose_petals3_seed2_at0.01.png"
    made = Image.open(found.value.path())
    assert made.size == (2048, 1024)
    data = page.locator("#picture").screenshot()
    seen = Image.open(io.BytesIO(data)).convert("RGB")
    small = made.convert("RGB").resize(seen.size, Image.Resampling.BOX)
    assert np.abs(np.asarray(small, float) - np.asarray(seen, float)).mean() < 2
    with page.expect_download() as found:
        page.get_by_role("button", name="SVG").click()
    assert found.value.suggested_filename == "rose_petals3_seed2_at0.01.svg"
    assert "<svg" in found.value.path().read_text()


@pytest.mark.exhaustive
@pytest.mark.parametrize("ratio", [1, 1.5, 3])
def test_the_canvas_has_the_pixels_of_the_screen(show, ratio):
    page = show(STILL, device_scale_factor=ratio)
    for size in ((1000, 700), (640, 480), (333, 600)):
        page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
        page.evaluate("new Promise(done => setTimeout(() => requestAnimationFrame(done), 0))")
        until(
            page,
            """(() => {
              const { width, height } = picture.getBoundingClientRect();
              const across = picture.width - width * devicePixelRatio;
              const down = picture.height - height * devicePixelRatio;
              return Math.max(Math.abs(across), Math.abs(down)) <= 1;
            })()""",
        )


@pytest.mark.exhaustive
def test_what_a_pinch_enlarges_is_painted_sharper(show):
    page = show(STILL, size=(360, 740), device_scale_factor=2, has_touch=True, is_mobile=True)
    session = page.context.new_cdp_session(page)
    place = page.locator("#picture").bounding_box()
    middle = {"x": place["x"] + place["width"] / 2, "y": place["y"] + place["height"] / 2}
    session.send("Input.synthesizePinchGesture", {**middle, "scaleFactor": 4})
    until(page, "visualViewport.scale > 3 && !detail.hidden")
    until(
        page,
        """(() => {
          const { width } = detail.getBoundingClientRect();
          return Math.abs(detail.width - width * visualViewport.scale * devicePixelRatio) <= 2;
        })()""",
    )
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    pixels = np.asarray(shot).reshape(-1, 3)
    pure = [(pixels == color).all(1) for color in ((0xC2, 0x41, 0x0C), (0xF7, 0xF4, 0xED))]
    assert (pure[0] | pure[1]).mean() > 0.98  # the rest are the edges of lines, and no blur


@pytest.mark.exhaustive
@pytest.mark.parametrize("link", ["#bare", "?bare", "#bare&petals=3", "?bare#petals=3"])
def test_the_picture_alone_fills_its_window(show, link):
    page = show(rose(), link, size=(300, 200))
    box = page.locator("#picture").bounding_box()
    assert (box["width"], box["height"], box["x"], box["y"]) == (200, 200, 50, 0)
    assert page.locator("button:visible, input:visible, h1:visible, p:visible").count() == 0
    assert page.evaluate("document.documentElement.scrollHeight") <= 200


@pytest.mark.exhaustive
@pytest.mark.parametrize("film", [True, False])
def test_at_every_size_all_of_it_can_be_reached(show, film):
    page = show(rose(film=film, page=(210, 297)), has_touch=True)
    for width, height in [(360, 740), (740, 360), (320, 480), (480, 300), (1600, 1000)]:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        boxes = page.locator("button:visible, input:visible, select:visible, summary").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().toJSON())"
        )
        assert len(boxes) > 15
        assert min(box["left"] for box in boxes) >= 0
        assert max(box["right"] for box in boxes) <= width + 0.5
        if width == 360:
            assert min(min(box["width"], box["height"]) for box in boxes) >= 24  # WCAG 2.5.8
        seen = page.locator("#picture").bounding_box()
        assert seen["width"] * seen["height"] > 0.06 * width * height


def test_a_tap_works_as_a_click(show):
    page = show(rose(), size=(360, 740), has_touch=True, is_mobile=True)
    page.locator("#play").tap()
    until(page, "head.value > 2")
    page.locator("#picture").tap()
    until(page, "document.body.dataset.playing === 'false'")
    page.get_by_label("dark", exact=True).tap()
    until(page, "location.hash === '#dark=true'")


def test_the_controls_can_be_put_away_and_come_back(show):
    page = show(STILL, size=(900, 700))
    before = page.locator("#picture").bounding_box()
    page.keyboard.press("c")
    assert not page.locator("#panel").is_visible()
    until(page, f"picture.getBoundingClientRect().width > {before['width']}")
    page.locator("#hide").click()
    assert page.locator("#panel").is_visible()
    assert page.locator("#picture").bounding_box() == before


@pytest.mark.exhaustive
def test_it_fills_the_screen_and_comes_back(show):
    page = show(rose(), size=(900, 700))
    before = page.locator("#picture").bounding_box()
    page.keyboard.press("f")
    until(page, "document.fullscreenElement && picture.getBoundingClientRect().x > 100")
    assert page.locator("#play").is_visible()
    assert not page.locator("#hide").is_visible()
    page.locator("#full").click()
    until(page, f"picture.getBoundingClientRect().x === {before['x']}")


def test_by_the_keyboard_alone_every_control_is_reached_in_the_order_of_the_page(show):
    page = show()
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "document.activeElement === document.body ? null : document.activeElement.id"
            " || document.activeElement.getAttribute('aria-label')"
            " || document.activeElement.textContent.trim()"
        )
        if name is None:
            break
        reached.append(name)
    able = page.evaluate(
        """[...document.querySelectorAll("button, input, select, summary")]
          .filter((one) => !one.disabled && one.checkVisibility({ visibilityProperty: true }))
          .map((one) => one.id || one.getAttribute("aria-label") || one.textContent.trim())"""
    )
    assert reached == able
    page.focus("[aria-label='petals, slider']")
    page.keyboard.press("ArrowRight")
    assert address(page) == "#petals=6"
    assert page.input_value("#head") == "0"  # the key was the slider's
    page.focus("#play")
    page.keyboard.press("Space")
    assert page.locator("#play").get_attribute("aria-label") == "Pause"


def test_it_is_dark_where_the_browser_is(show):
    def wall(page):
        return page.evaluate("getComputedStyle(document.body).backgroundColor")

    light, dark = (show(STILL, color_scheme=scheme) for scheme in ("light", "dark"))
    assert sum(map(int, re.findall(r"\d+", wall(light)))) > 600
    assert sum(map(int, re.findall(r"\d+", wall(dark)))) < 150
    assert picture(light) == picture(dark)


@pytest.mark.exhaustive
def test_what_is_fixed_is_told_with_why(show):
    page = show(STILL)
    told = page.locator("#fixed")
    assert told.get_attribute("open") is None
    told.locator("summary").click()
    assert told.locator("dl").inner_text().split("\n") == [
        "points of it",
        "900",
        "it says how many numbers there are",
    ]
    assert show(rose(fixed=[])).locator("#fixed").is_hidden()
