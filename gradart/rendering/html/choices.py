"""A still for a few values of a parameter: a program that knows the arrays of all the scenes."""

import numpy as np

from gradart.rendering.html.live_art import Choices
from gradart.rendering.html.packing import in_steps
from gradart.rendering.html.program import Program
from gradart.rendering.html.recorded import recording
from gradart.rendering.html.scene_arrays import Told, scene_arrays, with_motion


def choices_program(choices: Choices) -> Program:
    """The arrays of all scenes one after the other, and a scene told for each of the values."""
    arrays: list[np.ndarray] = []
    scenes: list[Told] = []
    for scene in choices.scenes:
        told, own = scene_arrays(scene, len(arrays))
        arrays += [in_steps(np.asarray(array, float)) for array in own]
        scenes.append(with_motion(told, [False] * len(arrays)))
    offered: Told = {
        "name": choices.name,
        "kind": "choice",
        "options": list(choices.values),
        "default": choices.now,
        "words": choices.words,
    }
    now = scenes[list(choices.values).index(choices.now)]
    about: Told = {"scenes": scenes, "inputs": [offered], "fixed": list(choices.fixed)}
    code = recording([array.shape for array in arrays], [1] * len(arrays))
    return Program(now | about, code, arrays)
