"""A film on its page: played, paused, stepped and scrubbed, and only while somebody looks."""

import hashlib

import pytest
from browsers import until
from rendering.html.pieces import rose

FRAMES = 100  # of the film


def frame(page):
    return int(page.input_value("#head"))


def picture(page):
    page.wait_for_selector("#picture:not([data-quick])")
    return hashlib.sha256(page.evaluate("picture.toDataURL()").encode()).hexdigest()


def pass_frames(page, count=10):
    """Let the screen be painted some times."""
    page.evaluate("async (n) => { while (n--) await new Promise(requestAnimationFrame) }", count)


def is_playing(page):
    return page.locator("#play").get_attribute("aria-label") == "Pause"


def test_a_film_plays_by_itself_until_it_is_paused(show):
    page = show(motion=True)
    until(page, "head.value > 3")
    assert is_playing(page)
    page.keyboard.press("Space")
    assert not is_playing(page)
    at, seen = frame(page), picture(page)
    pass_frames(page)
    assert (frame(page), picture(page)) == (at, seen)
    page.locator("#picture").click()
    until(page, f"Number(head.value) > {at} + 3")
    page.keyboard.press("Space")
    assert picture(page) != seen


def test_who_likes_no_motion_starts_it_by_hand(show):
    page = show(rose(at=0.25))
    pass_frames(page)
    assert frame(page) == 25
    assert not is_playing(page)
    page.locator("#play").click()
    until(page, "head.value > 28")


@pytest.mark.exhaustive
def test_keys_go_through_the_film(show):
    page = show()
    first = picture(page)
    seen = {0: first}
    for key, wanted in [
        ("ArrowRight", 1),
        ("ArrowRight", 2),
        ("ArrowLeft", 1),
        ("End", FRAMES - 1),
        ("ArrowRight", 0),
        ("ArrowLeft", FRAMES - 1),
        ("Home", 0),
    ]:
        page.keyboard.press(key)
        assert frame(page) == wanted, key
        assert seen.setdefault(wanted, picture(page)) == picture(page)
    assert len(set(seen.values())) == len(seen)
    page.fill("#head", "2")
    assert picture(page) == seen[2]
    assert page.locator("#head").get_attribute("aria-valuetext") == "0.08 of 4.00 seconds"
    page.keyboard.press("l")
    assert page.locator("#loop").get_attribute("aria-pressed") == "false"
    for key in ("End", "ArrowRight"):
        page.keyboard.press(key)
        assert frame(page) == FRAMES - 1
    page.keyboard.press(">")
    assert page.input_value("#speed") == "2"
    page.keyboard.press("<")
    page.keyboard.press("<")
    assert page.input_value("#speed") == "0.5"


def test_what_stands_still_follows_its_parameters(show):
    page = show()
    page.keyboard.press("ArrowRight")
    page.get_by_label("reach", exact=True).fill("0.5")
    page.keyboard.press("Tab")
    page.locator("#title").click()
    pass_frames(page, 2)
    other = show(None, "#reach=0.5")
    other.keyboard.press("ArrowRight")
    assert picture(page) == picture(other)


@pytest.mark.exhaustive
def test_once_it_ends_with_its_last_frame_and_begins_again(show):
    page = show(rose(seconds=0.4))
    page.locator("#loop").click()
    page.locator("#play").click()
    until(page, "document.body.dataset.playing === 'false'")
    assert frame(page) == 9
    page.keyboard.press("ArrowRight")
    page.locator("#play").click()
    until(page, "head.value < 9")


def test_a_picture_that_takes_long_does_not_take_the_film_back(show):
    """The page's clock is then ahead of the screen's."""
    page = show()
    page.evaluate(
        "(real => { performance.now = () => real() + 5000 })(performance.now.bind(performance))"
    )
    page.locator("#play").click()
    pass_frames(page, 3)
    assert not page.evaluate("time.textContent").startswith("-")
    until(page, "head.value > 2")


def test_a_film_of_few_frames_shows_no_others(show):
    """Ten frames a second are meant as such: the playhead is at one of them whenever it is seen."""
    page = show(rose(fps=10.0, seconds=0.8), motion=True)
    places = page.evaluate(
        """async () => {
          const seen = new Set();
          while (seen.size < 8) {
            await new Promise(requestAnimationFrame);
            seen.add(time.textContent);
          }
          return [...seen].sort();
        }"""
    )
    assert places == [f"{i / 10:.2f} / 0.80 s" for i in range(8)]


@pytest.mark.exhaustive
def test_where_nobody_can_see_it_a_film_waits(show):
    page = show(motion=True)
    hide = """hidden => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(hide, True)
    pass_frames(page, 2)
    at = frame(page)
    pass_frames(page)
    assert frame(page) == at
    assert is_playing(page)
    page.evaluate(hide, False)
    until(page, f"Number(head.value) > {at} + 3")


@pytest.mark.exhaustive
def test_below_the_fold_a_film_waits_until_it_is_scrolled_to(browser, write, tmp_path):
    url = write(rose(seconds=100.0))
    wrapper = tmp_path / "wrapper.html"
    wrapper.write_text(
        f'<p style="height: 300vh">text</p><iframe src="{url}#bare" width="300"></iframe>'
    )
    context = browser.new_context(reduced_motion="no-preference")
    page = context.new_page()
    page.goto(wrapper.as_uri())
    film = page.frames[1]
    film.wait_for_selector("#picture")
    pass_frames(page, 20)
    assert film.evaluate("time.textContent").startswith("0.00")
    page.evaluate("document.querySelector('iframe').scrollIntoView()")
    until(film, "parseFloat(time.textContent) > 0.1")
    context.close()
