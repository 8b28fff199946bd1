"""Marks in the order in which they are painted, together as far as they are painted alike."""

from collections.abc import Iterator
from itertools import groupby

from gradart.drawing.shapes import Group, Mark
from gradart.rendering.ink.blending import runs
from gradart.rendering.painting.strokes_by_area import is_straight


def steps_of(marks: list[Mark], by_area: bool) -> Iterator[tuple[str, list[Mark]]]:
    """Marks that are painted in one go, with how: "over", "ink", "light", or each as a "group".

    With `by_area`, what is straight is so "straight".
    """

    def kind(mark: Mark) -> str:
        if isinstance(mark.shape, Group):
            return "group"
        if by_area and is_straight(mark):
            return "straight"
        return mark.style.blend.kind

    for _, run in runs(marks):
        for name, part in groupby(run, key=kind):
            yield name, list(part)
