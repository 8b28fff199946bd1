"""Data moves left to right, and imports point the same way."""

import ast
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import gradart

HOME = Path(gradart.__file__).parent
# A room may import from itself and from those before it.
ROOMS = [
    {"errors", "numba_jit", "calls", "files", "terminal", "types", "start_folder"},
    {"calculus"},
    {"library"},
    {"geometry"},
    {"drawing"},
    {"rendering"},
    {"sketching"},
    {"jobs"},
    {"studio"},
    {"command"},
    {"__main__", "__init__"},
]
ALLOWED = {  # rooms that are held to fewer packages than the others
    "calculus": {"jax", "optax", "numpy", "scipy"},
    "geometry": {"jax", "numpy", "scipy", "contourpy"},
    "drawing": {"jax", "numpy", "matplotlib"},
}
UPWARD = {  # what a function may import from a room that comes later, and why
    ("drawing/scene.py", "gradart.rendering.notebook"),  # a scene shows itself in a notebook
}
FILES = sorted(f for f in HOME.rglob("*.py") if not f.parent.is_symlink())


def _rank(room):
    return next(i for i, level in enumerate(ROOMS) if room in level)


def _room(file):
    return file.relative_to(HOME).parts[0].removesuffix(".py")


def _imports(file):
    """Yield each imported module's dotted name, those inside functions too."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: write absolute imports"
            if node.module == "gradart":
                yield from (f"gradart.{alias.name}" for alias in node.names)
            else:
                yield node.module


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(HOME)))
def test_imports_point_one_way(file):
    here = _room(file)
    for name in _imports(file):
        top, *rest = name.split(".")
        if (str(file.relative_to(HOME)), name) in UPWARD:
            continue
        if top == "gradart" and rest:
            assert _rank(rest[0]) <= _rank(here), f"{here} imports {rest[0]}"
        elif here in ALLOWED and top not in sys.stdlib_module_names and top != "gradart":
            assert top in ALLOWED[here], f"{here} imports {top}"


def test_the_page_of_names_is_light_and_whole():
    """Importing gradart or its command line loads no heavy package; every name is there."""
    heavy = "jax", "numpy", "matplotlib", "scipy", "optax", "imageio", "PIL", "cairocffi", "tqdm"
    heavy += ("numba", "rasterio")
    code = (
        "import sys, gradart, gradart.command.cli\n"
        f"assert not [m for m in {heavy} if m in sys.modules], list(sys.modules)\n"
        "for name in gradart.__all__: getattr(gradart, name)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_version_is_told_by_pyproject_alone():
    assert gradart.__version__ == version("gradart")
    assert not [file for file in FILES if f'"{gradart.__version__}"' in file.read_text()]


def test_importing_gradart_changes_nothing_in_jax():
    code = (
        "import jax; before = dict(jax.config.values)\n"
        "import gradart\n"
        "for name in gradart.__all__: getattr(gradart, name)\n"
        "assert dict(jax.config.values) == before"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
