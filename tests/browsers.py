"""Real browsers for the tests: Chromium by Playwright, and Firefox by WebDriver BiDi."""

import base64
import json
import re
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

_FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
# Asked in the page: Playwright's own waiting needs eval, which a page's policy may forbid.
_UNTIL = """(async () => {
  for (let i = 0; i < 1000; i++) {
    if (%s) return true;
    await new Promise((done) => setTimeout(done, 10));
  }
  return false;
})()"""


def until(page, expression):
    """Wait until an expression is true in a page of Playwright's; AssertionError after 10 s."""
    assert page.evaluate(_UNTIL % expression), expression


@contextmanager
def chromium():
    """Chromium; the test is skipped where that or Playwright is missing."""
    playwright = pytest.importorskip("playwright.sync_api", reason="the browser needs Playwright")
    if (path := shutil.which("chromium")) is None:
        pytest.skip("the browser needs Debian's chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=_FLAGS.split())
        yield browser
        browser.close()


@contextmanager
def firefox():
    """A tab of Firefox, a `Tab`; the test is skipped where Firefox is missing.

    It speaks WebDriver BiDi (w3.org/TR/webdriver-bidi) by itself, without a driver beside it.
    """
    client = pytest.importorskip("websockets.sync.client")
    if (path := shutil.which("firefox-esr") or shutil.which("firefox")) is None:
        pytest.skip("the test needs Debian's firefox-esr")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [path, "--headless", "--no-remote", "--profile", profile]
        process = subprocess.Popen(
            [*command, "--remote-debugging-port", "0"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            lines = iter(process.stderr.readline, "")
            found = (re.search(r"BiDi listening on (ws://\S+)", line) for line in lines)
            url = next(match[1] for match in found if match)
            with client.connect(f"{url}/session", max_size=None) as socket:
                yield Tab(socket)
        finally:
            process.terminate()
            process.wait(timeout=30)
            process.stderr.close()


class Tab:
    """A tab of a browser: it opens files, runs scripts, and keeps what was asked for and said."""

    def __init__(self, socket):
        self._socket = socket
        self._ids = count(1)
        self.requests, self.said = [], []
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        self._context = self.ask("browsingContext.create", type="tab")["context"]

    def ask(self, method, **params):
        """Send a command, and return its result; what happens meanwhile is kept."""
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv(30))
            if answer.get("method") == "log.entryAdded":
                self.said.append(answer["params"]["text"])
            elif answer.get("method") == "network.beforeRequestSent":
                self.requests.append(answer["params"]["request"]["url"])
            elif answer.get("id") == number:
                assert answer["type"] == "success", answer
                return answer["result"]

    def open(self, url, width=1000, height=700):
        """Open an address in a window of a size, and wait until it is there."""
        size = {"width": width, "height": height}
        self.ask("browsingContext.setViewport", context=self._context, viewport=size)
        self.ask("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def run(self, expression):
        """The value of an expression of JavaScript, or of its promise: what JSON can hold."""
        found = self.ask(
            "script.evaluate",
            expression=f"(async () => JSON.stringify((await ({expression})) ?? null))()",
            target={"context": self._context},
            awaitPromise=True,
        )
        assert found["type"] == "success", found
        return json.loads(found["result"]["value"])

    def until(self, expression):
        """Wait until an expression is true; AssertionError after ten seconds."""
        assert self.run(_UNTIL % expression), expression

    def press(self, *keys):
        """Press keys one after the other, as WebDriver names them."""
        strokes = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        keyboard = {"type": "key", "id": "keyboard", "actions": strokes}
        self.ask("input.performActions", context=self._context, actions=[keyboard])

    def screenshot(self, path):
        """Write what is seen to a PNG file."""
        data = self.ask("browsingContext.captureScreenshot", context=self._context)["data"]
        Path(path).write_bytes(base64.b64decode(data))
