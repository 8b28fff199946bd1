"""What the tests in a real browser share: waiting for a picture, and what it looks like."""

import hashlib


def rested(page, after=None):
    """Wait for the picture in full, another one than `after`; the hash of its pixels."""
    page.wait_for_function(
        "after => { const s = document.getElementById('viewport').dataset;"
        " return s.kind === 'png' && s.shown === s.asked && s.shown !== after }",
        arg=after,
        timeout=30_000,
    )
    return pixels(page)


def shown(page):
    return page.locator("#viewport").get_attribute("data-shown")


def pixels(page):
    return hashlib.sha256(page.locator("#canvas").screenshot()).hexdigest()
