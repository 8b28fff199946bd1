"""What a page is told of parameters is what its controls can hold them to."""

from typing import Annotated

import gradart as ga
from gradart.sketching.live_sketch import live_art


@ga.sketch(page="square")
def dots(
    tint="#0a8",
    place=(0.0, 0.5),
    path=((0.0, 0.0), (1.0, 0.5)),
    counts: Annotated[tuple[int, int], ga.Bounds(1, 9)] = (3, 4),
    reach: Annotated[float, ga.Bounds(0.1, 10, log=True), "how far"] = 1.0,
):
    marks = [ga.dots(place, reach), ga.dots((0, 0), 5.0 * counts[0], fill=tint)]
    return ga.scene(marks, ga.lines(path), box=((-1, -1), (1, 1)))


def told(values=None):
    return {each["name"]: each for each in live_art(dots, {}, values).inputs}


def test_numbers_of_a_list_have_their_bounds_and_are_whole_if_they_are():
    inputs = told()
    assert inputs["counts"] == {
        "name": "counts",
        "kind": "list",
        "default": [3, 4],
        "words": "",
        "whole": True,
        "low": 1,
        "high": 9,
        "log": False,
    }
    assert inputs["place"]["whole"] is False
    assert "low" not in inputs["place"]
    assert inputs["path"]["default"] == [[0.0, 0.0], [1.0, 0.5]]  # the page has a control for it
    assert (inputs["reach"]["low"], inputs["reach"]["log"], inputs["reach"]["words"]) == (
        0.1,
        True,
        "how far",
    )


def test_a_step_of_a_slider_is_told():
    @ga.sketch
    def disk(r: Annotated[float, ga.Bounds(0, 1, step=0.125)] = 0.5):
        return ga.scene(ga.dots((0, 0), 9 * r))

    assert live_art(disk, {}).inputs[0]["step"] == 0.125


def test_a_color_is_a_code_also_where_its_name_was_given():
    assert told()["tint"]["default"] == "#0a8"
    assert told({"tint": "#00808080"})["tint"]["default"] == "#00808080"
    assert told({"tint": "teal"})["tint"]["default"] == "#008080ff"
