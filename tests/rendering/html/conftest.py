"""What the tests of the page share: a browser, and pieces written to files and opened in it."""

import pytest
from browsers import chromium
from rendering.html.pieces import rose

from gradart.rendering.html.document import document


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def write(tmp_path):
    """A function that writes a piece to a file, and returns the file's address."""

    def written(piece=None, name="piece", **how):
        path = tmp_path / f"{name}.html"
        path.write_text(document(*(piece or rose()), **how), encoding="utf-8")
        return path.as_uri()

    return written


@pytest.fixture
def show(browser, write):
    """A function that opens a piece in a window of its own, once its picture is there.

    The pages must complain of nothing, and ask for no more than themselves.
    """
    contexts, said, asked, own = [], [], [], []

    def shown(piece=None, address="", *, size=(1000, 700), motion=False, **how):
        url = write(piece, f"piece{len(own)}")
        own.append(url)
        context = browser.new_context(
            viewport=dict(zip(("width", "height"), size, strict=True)),
            reduced_motion="no-preference" if motion else "reduce",
            accept_downloads=True,
            **how,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(url + address)
        page.wait_for_selector("#frame[aria-busy=false]")
        return page

    yield shown
    for context in contexts:
        context.close()
    assert said == []
    assert {url.partition("#")[0].partition("?")[0] for url in asked} == set(own)
