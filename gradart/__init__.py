"""gradart: generative art with exact derivatives.

The public names are listed, with their types, in `__init__.pyi`; each is imported on first use,
so that `import gradart` and `gradart --help` stay light.
"""

import sys
from types import ModuleType

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


class _Package(ModuleType):  # temporary: rooms named like a public function are renamed soon
    def __setattr__(self, name, value):
        if name in __all__ and isinstance(value, ModuleType):
            return
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
