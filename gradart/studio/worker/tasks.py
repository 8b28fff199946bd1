"""What can be asked of the worker, by the word for it."""

from collections.abc import Callable, Mapping

from gradart.studio.framing import Message
from gradart.studio.worker import exports
from gradart.studio.worker.sketch_runner import Easel

TASKS: Mapping[str, Callable[..., Message]] = {
    "load": Easel.load,
    "show": Easel.show,
    "roll": Easel.roll,
    "probe": Easel.probe,
    "glance": Easel.glance,
    "export": exports.export,
    "like": exports.like,
    "liked": exports.liked,
    "presets": exports.all_presets,
    "keep_preset": exports.keep_preset,
    "drop_preset": exports.drop_preset,
}
