"""Path data of our SVG files as points, whose steps are added up as a viewer does."""

import re

import numpy as np

_NUMBER = re.compile(r"-?[\d.]+")


def absolute(data):
    """Path data with the place of each point instead of the steps: "M1 1l1 2" is "M1 1L2 3"."""
    at, told = np.zeros(2), []
    for letter, said in re.findall("([A-Za-z])([^A-Za-z]*)", data):
        points = np.reshape([*map(float, _NUMBER.findall(said))], (-1, 2))
        assert letter in "MlcZ"
        if letter in "lc":
            for piece in points.reshape(-1, 1 if letter == "l" else 3, 2):  # written to in place
                piece += at
                at = piece[-1]
        elif letter == "M":
            at = points[0]
        numbers = " ".join(f"{number:.3f}".rstrip("0").rstrip(".") for number in points.ravel())
        told.append((letter.upper() if letter != "M" else letter) + numbers)
    return "".join(told)
