"""What the tests of the live page share: a folder with a sketch, open in a studio, and a client."""

import shutil

import pytest
from live import SKETCH, Client, watched
from studio.in_browser import rested

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)


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
    """Debian's Chromium; the test is skipped where that or Playwright is missing."""
    playwright = pytest.importorskip("playwright.sync_api", reason="the browser needs Playwright")
    if (chromium_path := shutil.which("chromium")) is None:
        pytest.skip("the browser needs Debian's chromium")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=chromium_path, args=FLAGS.split())
        yield chromium
        chromium.close()


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
