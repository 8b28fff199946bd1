"""Art as arrays that were computed here: a program that hands them out, by frames or by choices."""

from collections.abc import Iterable, Sequence

import numpy as np

from gradart.drawing.scene import Scene
from gradart.errors import ArtError
from gradart.rendering.html.array_packing import in_steps
from gradart.rendering.html.document import as_json
from gradart.rendering.html.live_art import Choices
from gradart.rendering.html.page_types import ToldFixed, ToldInput, ToldScene
from gradart.rendering.html.pixel_packing import in_levels
from gradart.rendering.html.program import Program, as_drawn
from gradart.rendering.html.scene_arrays import scene_arrays, with_motion, with_parameters

# An output that moves has a number of its frames' arrays in its constant, one after the other.
_PROGRAM = """(constants) => {
  const shapes = %s;
  const frames = %s;
  const outputs = shapes.map((shape, i) => {
    const size = constants[i].length / frames[i];
    return { data: frames[i] > 1 ? constants[i].slice(0, size) : constants[i], shape };
  });
  const frame = (u) => {
    for (const [i, { data }] of outputs.entries()) {
      if (frames[i] === 1) continue;
      const start = Math.min(frames[i] - 1, Math.floor(u * frames[i] + 1e-9)) * data.length;
      data.set(constants[i].subarray(start, start + data.length));
    }
  };
  return { outputs, stages: [() => {}, frame] };
}"""


def recorded(scenes: Iterable[Scene], fixed: Sequence[ToldFixed] = ()) -> Program:
    """A still's scene, or those of all frames of a film, as a program that knows their arrays.

    `fixed` is what a page is told of the parameters. ArtError for a film whose frames differ in
    their marks, or in how many points one has.
    """
    told: ToldScene | None = None
    frames: list[list[np.ndarray]] = []
    for scene in scenes:
        now, arrays = scene_arrays(scene)
        told = told or now
        rasters = {mark["points"] for mark in now["marks"] if mark["kind"] == "raster"}
        numbers = [np.asarray(array, float) for array in arrays]
        frames.append([in_levels(a) if k in rasters else a for k, a in enumerate(numbers)])
        if now != told or [a.shape for a in frames[-1]] != [a.shape for a in frames[0]]:
            raise ArtError(
                f"frame {len(frames) - 1} has other marks than the first, or other numbers of"
                " points in them; in a page all frames have the same, with NaN for what is not seen"
            )
    columns = [np.stack(column) for column in zip(*frames, strict=True)]
    moves = [
        not np.array_equal(c, np.broadcast_to(c[:1], c.shape), equal_nan=True) for c in columns
    ]
    held = [c if moving else c[0] for c, moving in zip(columns, moves, strict=True)]
    shapes = [column.shape[1:] for column in columns]
    code = recording(shapes, [len(frames) if moving else 1 for moving in moves])
    assert told is not None  # a film has a frame
    about = with_parameters(with_motion(told, moves), [], fixed)
    # A film's box may move: what is seen of one frame is not the width of all.
    kept = as_drawn(told, held) if len(frames) == 1 else [in_steps(array) for array in held]
    return Program(about, code, kept)


def recording(shapes: Sequence[tuple[int, ...]], frames: Sequence[int]) -> str:
    """The code that hands out arrays of these shapes, each of which is known for so many frames."""
    return _PROGRAM % (as_json(shapes), as_json(frames))


def choices_program(choices: Choices) -> Program:
    """The arrays of all scenes one after the other, and a scene told for each of the values."""
    arrays: list[np.ndarray] = []
    scenes: list[ToldScene] = []
    for scene in choices.scenes:
        told, own = scene_arrays(scene, len(arrays))
        arrays += [in_steps(np.asarray(array, float)) for array in own]
        scenes.append(with_motion(told, [False] * len(arrays)))
    offered: ToldInput = {
        "name": choices.name,
        "kind": "choice",
        "options": list(choices.values),
        "default": choices.now,
        "words": choices.words,
    }
    now = scenes[list(choices.values).index(choices.now)]
    about = with_parameters(now, [offered], choices.fixed, scenes)
    code = recording([array.shape for array in arrays], [1] * len(arrays))
    return Program(about, code, arrays)
