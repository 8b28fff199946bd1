"""gradart: generative art with exact derivatives.

The public names are listed, with their types, in `__init__.pyi`; each is imported on first use,
so that `import gradart` and `gradart --help` stay light.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
