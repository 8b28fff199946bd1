"""What can be asked of the worker, by the word for it."""

from collections.abc import Callable, Mapping

from gradart.studio import files
from gradart.studio.easel import Easel
from gradart.studio.wire import Message

TASKS: Mapping[str, Callable[..., Message]] = {
    "load": Easel.load,
    "show": Easel.show,
    "roll": Easel.roll,
    "probe": Easel.probe,
    "glance": Easel.glance,
    "export": files.export,
    "like": files.like,
    "liked": files.liked,
    "presets": files.all_presets,
    "keep_preset": files.keep_preset,
    "drop_preset": files.drop_preset,
}
