"""The page in Firefox: it plays, its controls and keys work, and it asks for nothing."""

import pytest
from browsers import firefox
from rendering.html.pieces import rose


@pytest.fixture(scope="module")
def tab():
    with firefox() as tab:
        yield tab


@pytest.mark.exhaustive
def test_it_plays_and_is_played_with(tab, write):
    url = write(rose(seconds=40.0))
    tab.open(url)
    tab.until("Number(head.value) > 3")
    tab.press(" ")
    assert tab.run("play.title") == "Play (space)"
    tab.press(*"\ue011\ue014")  # Home, right arrow
    assert tab.run("head.value") == "1"
    seen = tab.run("picture.toDataURL()")
    tab.run("document.getElementById('p-dark').click()")
    tab.until("location.hash === '#dark=true'")
    tab.until("picture.getContext('2d').getImageData(0, 0, 1, 1).data[0] < 50")
    assert tab.run("picture.toDataURL()") != seen
    tab.open(f"{url}#dark=true&petals=99", 360, 740)
    assert tab.run("document.getElementById('p-dark').checked")
    assert "99" in tab.run("note.textContent")
    assert tab.run("document.documentElement.scrollWidth") <= 360
    assert tab.said == []
    assert [asked for asked in tab.requests if not asked.startswith((url, "data:"))] == []


@pytest.mark.exhaustive
def test_the_canvas_has_the_pixels_of_the_screen(tab, write):
    tab.open(f"{write(rose(film=False))}#bare", 500, 501)
    tab.until("picture.width === 500 && picture.height === 500")
    assert tab.run("error.textContent") == ""
