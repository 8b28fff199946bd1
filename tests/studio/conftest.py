"""What the tests of the live page share: a folder with a sketch, open in a studio, and a client."""

import pytest
from browsers import chromium
from live import SKETCH, Client, watched
from studio.in_browser import rested


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a sketch in it, and a studio that is open on that."""
    folder = tmp_path_factory.mktemp("studio")
    (folder / "ring.py").write_text(SKETCH)
    with watched("ring.py", folder=folder) as (url, _):
        yield folder, url


@pytest.fixture
def client(place):
    (place[0] / "ring.py").write_text(SKETCH)
    with Client(place[1]) as client:
        client.open()
        yield client


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


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
