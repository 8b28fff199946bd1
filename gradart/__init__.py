"""gradart: generative art with exact derivatives.

The public names are listed, with their types, in `__init__.pyi`; each is imported on first use,
so that `import gradart` and `gradart --help` stay light.
"""

import lazy_loader

import gradart.start_folder  # noqa: F401 first of all: it sees where the program stands

_imported, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version(__name__)  # which pyproject.toml alone tells
    from gradart.calls import UnknownName, held, unknown

    if name not in __all__:
        raise UnknownName(unknown(name, __all__))
    value = globals()[name] = held(name, _imported(name))
    return value
