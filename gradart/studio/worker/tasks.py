"""What can be asked of the worker, by the word for it."""

from collections.abc import Callable, Mapping

from gradart.studio.framing import ToSend
from gradart.studio.worker import dragging, exports
from gradart.studio.worker.sketch_runner import SketchRunner

TASKS: Mapping[str, Callable[..., ToSend]] = {
    "load": SketchRunner.load,
    "draw": SketchRunner.draw,
    "frames": SketchRunner.frames,
    "probe": SketchRunner.probe,
    "grab": dragging.grab,
    "pull": dragging.pull,
    "moves": dragging.moves,
    "thumbnails": SketchRunner.thumbnails,
    "export": exports.export,
    "like": exports.like,
    "liked": exports.liked,
    "presets": exports.all_presets,
    "save_preset": exports.save_preset,
    "delete_preset": exports.delete_preset,
}
