"""`gradart doctor`: say whether all is there that pictures need, and how to get what is missing."""

import argparse
import platform
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from gradart.command.options import add_debug
from gradart.errors import ArtError, RenderFault
from gradart.terminal import plain

_EXTRAS = {  # what gradart does without, the modules that it needs, and what it is for
    "studio": (("starlette", "uvicorn", "websockets"), "the live page"),
    "notebook": (("ipywidgets",), "widgets in notebooks"),
    "meshes": (("trimesh",), "meshes from STL, OBJ, PLY and OFF files"),
    "geotiff": (("rasterio",), "elevation files that GDAL reads"),
    "torch": (("torch",), "functions of PyTorch"),
    "tensorflow": (("tensorflow",), "functions of TensorFlow"),
    "solvers": (("diffrax",), "solvers of differential equations"),
    "dask": (("distributed",), "work on a cluster"),
}


_OK, _MISSING, _OPTIONAL = "ok", "missing", "optional"


@dataclass(frozen=True)
class _Found:
    """What was looked for, what there is of it or how it is to be had, and how that is called."""

    name: str
    there: str
    state: str = _OK


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add nothing but what every command has."""
    add_debug(parser)


def main(args: argparse.Namespace, here: Path) -> int:
    """Print a line for each thing that was looked for; 1 if a needed one is missing."""
    looks = {
        "python": platform.python_version,
        "gradart": _gradart,
        "jax": _jax,
        "cairo": _cairo,
        "ffmpeg": _ffmpeg,
        "fonts": _fonts,
        "cache": _cache,
    }
    found = [_look(name, look) for name, look in looks.items()]
    found += [_extra(name, *facts) for name, facts in _EXTRAS.items()]
    width = max(len(one.name) for one in found)
    for one in found:
        print(plain(f"{one.state:<8}  {one.name:<{width}}  {one.there}"))
    missing = [one.name for one in found if one.state == _MISSING]
    print(f"\n{', '.join(missing)}: not there" if missing else "\nall that pictures need is there")
    return int(bool(missing))


def _look(name: str, look: Callable[[], str]) -> _Found:
    """What a look finds; an error of it is what is missing."""
    try:
        return _Found(name, look())
    except (ArtError, OSError) as error:  # which say what to do
        return _Found(name, str(error), _MISSING)
    except Exception as error:
        return _Found(name, f"{type(error).__name__}: {error}; install gradart anew", _MISSING)


def _gradart() -> str:
    return f"{version('gradart')}, in {Path(__file__).parents[1]}"


def _jax() -> str:
    import jax

    kinds = sorted({device.platform for device in jax.devices()})
    there = f"{jax.__version__}, computes on the {' and the '.join(map(str.upper, kinds))}"
    if kinds == ["cpu"] and shutil.which("nvidia-smi"):
        there += "; there is a GPU, which it would use with: pip install 'jax[cuda13]'"
    return there


def _cairo() -> str:
    from gradart.rendering.painting.cairo_library import libcairo

    return str(libcairo().cairo_version_string())


def _ffmpeg() -> str:
    from gradart.ffmpeg import ffmpeg

    return ffmpeg()


def _fonts() -> str:
    from gradart.drawing.lettering.text import outlined

    names = "serif", "italic", "bold", "sans", "mono"
    for name in names:
        outlined("Ag", name, 0.0)
    return ", ".join(names)


def _cache() -> str:
    """The folder of what JAX compiles, once something could be written there."""
    from gradart.files.kept import cache_folder

    folder = cache_folder()
    if not folder:
        return "none, as GRADART_CACHE says: all is compiled anew in each run"
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        raise RenderFault(
            f"{folder} cannot be written to ({error.strerror}): name another folder in the"
            " environment variable GRADART_CACHE, so that not all is compiled anew in each run"
        ) from None


def _extra(name: str, modules: tuple[str, ...], use: str) -> _Found:
    if all(find_spec(module) for module in modules):
        return _Found(name, f"{_version(modules[0])}, for {use}")
    return _Found(name, f"not installed, for {use}: pip install 'gradart[{name}]'", _OPTIONAL)


def _version(module: str) -> str:
    try:
        return version(module)
    except PackageNotFoundError:  # of tensorflow-cpu, for one
        return "installed"
