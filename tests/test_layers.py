"""Data moves left to right, and imports point the same way."""

import ast
import functools
import graphlib
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import gradart

HOME = Path(gradart.__file__).parent
# A room may import from itself and from those before it.
ROOMS = [
    {"errors", "ffmpeg", "files", "terminal"},
    {"types", "scene_display", "short_signatures"},
    {"unknown_names"},
    {"kernels"},
    {"numba_jit"},
    {"call_errors"},
    {"calculus"},
    {"javascript"},
    {"library"},
    {"geometry"},
    {"drawing"},
    {"rendering"},
    {"sketching"},
    {"optimizing"},
    {"jobs"},
    {"studio"},
    {"command"},
    {"__main__", "__init__"},
]
# Within some rooms, the same; "." is what lies there loose.
WITHIN = {
    "rendering": [
        {"thread_pool"},
        {"layout"},
        {"ink", "options"},
        {"painting"},
        {"film", "vector", "html"},
        {"formats"},
        {"files"},
        {"pipeline"},
        {"film_frames", "film_size"},
        {"program_source"},
        {"render"},
        {"notebook_page"},
        {"notebook"},
    ],
    "geometry": [
        {"."},
        {"paths"},
        {"streamlines"},
        {"surfaces"},
        {"contours"},
        {"singularities"},
        {"topology"},
        {"patterns"},
    ],
    "drawing": [{"style"}, {"color"}, {"shapes"}, {"scene", "marks"}, {"lettering", "."}],
    "library": [{"boxed_fields"}, {"readers", "noise"}, {"."}],
    "optimizing": [
        {"row_programs", "placed_marks", "differentiable_picture"},
        {"sensitivity"},
        {"dragging"},
        {"fitting"},
    ],
}
ALLOWED = {  # rooms that are held to fewer packages than the others
    "calculus": {"jax", "optax", "diffrax", "optimistix", "numpy", "scipy"},
    "geometry": {"jax", "numpy", "scipy", "contourpy", "shapely"},
    "drawing": {"jax", "numpy", "matplotlib", "shapely"},
}
FILES = sorted(f for f in HOME.rglob("*.py") if not f.parent.is_symlink())


def _rank(room, rooms=ROOMS):
    return next(i for i, level in enumerate(rooms) if room in level)


def _room(file, home=HOME):
    return file.relative_to(home).parts[0].removesuffix(".py")


@functools.cache
def _nodes(file):
    return [
        node
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def _imports(file):
    """Yield each imported module's dotted name, those inside functions too."""
    for node in _nodes(file):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: write absolute imports"
            if node.module == "gradart":
                yield from (f"gradart.{alias.name}" for alias in node.names)
            else:
                yield node.module


def test_imports_point_one_way():
    assert len(FILES) > 100
    for file in FILES:
        here = _room(file)
        for name in _imports(file):
            top, *rest = name.split(".")
            if top == "gradart" and rest:
                assert _rank(rest[0]) <= _rank(here), f"{file} imports {rest[0]}"
            elif here in ALLOWED and top not in sys.stdlib_module_names and top != "gradart":
                assert top in ALLOWED[here], f"{file} imports {top}"


def _rank_within(name, order):
    return _rank(name if any(name in level for level in order) else ".", order)


@pytest.mark.parametrize("outer", WITHIN)
def test_imports_within_a_room_point_one_way(outer):
    order = WITHIN[outer]
    for file in (HOME / outer).rglob("*.py"):
        here = _room(file, HOME / outer)
        for name in _imports(file):
            match name.split("."):
                case ["gradart", room, inner, *_] if room == outer and inner != here:
                    least = _rank_within(inner, order)
                    loose = "." in order[least]  # whose files are of one level, and call each other
                    assert least < _rank_within(here, order) + loose, f"{file} imports {inner}"


def _module(file):
    return ".".join(("gradart", *file.relative_to(HOME).with_suffix("").parts))


def _modules_imported(file, modules):
    """Yield what a file imports, in its functions too: of `from a import b` it is a.b or a."""
    for node in _nodes(file):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name if name in modules else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def _imports_of_modules(files):
    modules = {_module(file): file for file in files}
    return {
        module.removesuffix(".__init__"): {
            name
            for name in _modules_imported(file, modules)
            if name in modules or f"{name}.__init__" in modules
        }
        for module, file in modules.items()
    }


def test_no_module_imports_itself_by_way_of_others():
    graph = _imports_of_modules(FILES)
    assert len(graph) > 100
    graphlib.TopologicalSorter(graph).prepare()  # its CycleError names the ring
    graph["gradart.errors"] = {"gradart.rendering.render"}
    with pytest.raises(graphlib.CycleError):
        graphlib.TopologicalSorter(graph).prepare()


def test_a_scene_shows_itself_where_only_gradart_was_imported():
    """As a notebook asks the value of a cell's last line, in a fresh process."""
    code = (
        "import gradart as ga\n"
        "scene = ga.scene(ga.lines([(0, 0), (1, 1)]))\n"
        "import sys\n"
        "assert not [m for m in sys.modules if m.startswith('gradart.rendering')]\n"
        "shown = {name: getattr(scene, name)() for name in ('_repr_png_', '_repr_svg_')}\n"
        "assert shown['_repr_png_'].startswith(b'\\x89PNG')\n"
        "assert shown['_repr_svg_'].startswith('<') and '<svg' in shown['_repr_svg_']\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_page_of_names_is_light_and_whole():
    """Importing gradart or its command line loads no heavy package; every name is there."""
    heavy = "jax", "numpy", "matplotlib", "scipy", "optax", "imageio", "PIL", "cairocffi", "tqdm"
    heavy += ("numba", "rasterio")
    code = (
        "import sys, gradart, gradart.command.cli\n"
        f"assert not [m for m in {heavy} if m in sys.modules], list(sys.modules)\n"
        # first those that are modules, before anything else has imported them
        "for name in ('curves', 'fields', 'losses', *gradart.__all__): getattr(gradart, name)\n"
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
