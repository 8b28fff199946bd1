"""The sketches of the gallery, for the tests of what they show."""

from pathlib import Path

import pytest

from gradart.sketching.loading import load

SKETCHES = Path(__file__).parents[2] / "sketches"


@pytest.fixture(scope="session")
def piece():
    """Return a function from a sketch's name to the sketch."""

    def find(name):
        return next(s for s in load(SKETCHES / f"{name}.py").sketches if s.name == name)

    return find
