"""Every public name of gradart that has a docstring of its own, and the object that it names."""

import dataclasses
import functools
import inspect
from types import FunctionType, ModuleType

import gradart as ga

# What these stand for is of Python and JAX, or any, and takes no docstring of gradart's.
ALIASES = {"Curve", "Field", "Film", "Key", "Map", "Point", "Seed", "Vector"}
MODULES = {name: getattr(ga, name) for name in ("curves", "fields", "losses")}
CLASSES = {
    name: value
    for name in dir(ga)
    if name not in ALIASES and inspect.isclass(value := getattr(ga, name))
}


def of_module(module: ModuleType) -> dict[str, object]:
    """Its functions, without those that come from elsewhere."""
    found = {name: f for name, f in vars(module).items() if isinstance(f, FunctionType)}
    return {k: f for k, f in found.items() if k[0] != "_" and f.__module__ == module.__name__}


def of_class(cls: type) -> dict[str, object]:
    """Its public methods and properties; fields are told of by the class."""
    kinds = FunctionType, property, functools.cached_property
    fields = {field.name for field in dataclasses.fields(cls)} if _data(cls) else set()
    return {
        name: value
        for name, value in vars(cls).items()
        if name[0] != "_" and name not in fields and isinstance(value, kinds)
    }


def _data(cls: type) -> bool:
    return dataclasses.is_dataclass(cls)


def _all() -> dict[str, object]:
    found = {name: getattr(ga, name) for name in dir(ga) if name not in ALIASES}
    for name, module in MODULES.items():
        public = {f"{name}.{k}": f for k, f in of_module(module).items()}
        found |= {k: f for k, f in public.items() if k.partition(".")[2] not in found}
    for name, cls in CLASSES.items():
        found |= {f"{name}.{k}": f for k, f in of_class(cls).items()}
    return found


PUBLIC = _all()
CALLABLES = {name: value for name, value in PUBLIC.items() if callable(value)}
FUNCTIONS = {name: f for name, f in CALLABLES.items() if isinstance(f, FunctionType)}
