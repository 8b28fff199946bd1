"""Boxes: given ones, checked; those that fields have; those of tables of square cells."""

import numpy as np

from gradart.calculus.checks.arguments import short, unmasked
from gradart.errors import ArtError
from gradart.types import Corners

LEAST = 1e-100  # of a side: its square is a number yet, and so is that over it

Box = tuple[tuple[float, float], tuple[float, float]]


def checked_box(box: object) -> Box:
    """A box as two pairs of plain numbers, which can be told from others when JAX compiles."""
    try:
        (x0, y0), (x1, y1) = ((float(x), float(y)) for x, y in unmasked(box))
    except (TypeError, ValueError, OverflowError) as error:
        raise ArtError(f"box is {short(box)}: give ((x0, y0), (x1, y1))") from error
    if not (np.isfinite([x0, y0, x1, y1]).all() and x0 < x1 and y0 < y1):
        raise ArtError(f"box is {short(box)}: give ((x0, y0), (x1, y1)) with x0 < x1 and y0 < y1")
    has_sides(np.array([x1 - x0, y1 - y0]))
    return (x0, y0), (x1, y1)


def own_box(field: object, box: Corners | None = None) -> Corners | None:
    """The box that is given, or else the one that a field has; None if it has none."""
    own: Corners | None = getattr(field, "box", None)  # of a function, as those of the library
    return own if box is None else box


def box_of(field: object, box: Corners | None) -> Corners:
    """The box that is given, or else the one that a field has; ArtError if it has none."""
    found = own_box(field, box)
    if found is None:
        raise ArtError("this field does not say where it lives: give box=((x0, y0), (x1, y1))")
    return found


def has_sides(sides: np.ndarray) -> None:
    """ArtError where the sides of a box are too short or too long for their squares."""
    sides = sides.astype(float)
    if not (sides.min() > LEAST and sides.max() < 1 / LEAST):
        raise ArtError(
            f"a box has sides of {sides[0]:g} and {sides[1]:g}: give them between {LEAST:g} and"
            f" {1 / LEAST:g}"
        )


def box_of_cells(shape: tuple[int, ...], cell: tuple[float, float] = (1.0, 1.0)) -> Box:
    """The box of a table with cells of (width, height), its longer side over [-1, 1]."""
    width, height = (shape[1] - 1) * cell[0], (shape[0] - 1) * cell[1]
    longer = max(width, height)
    return (-width / longer, -height / longer), (width / longer, height / longer)
