"""What gradart and its tests use of others' private parts: each is listed here, and why.

Such a part may go with any release. What is listed is pinned: a test names the highest version that
is known to have it, and what to do where it is gone.
"""

import argparse
import ast
import ctypes.util
import inspect
import os
import re
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import gradart

ROOT = Path(gradart.__file__).parent.parent
FILES = sorted(
    file
    for room in ("gradart", "tests")
    for file in (ROOT / room).rglob("*.py")
    if file.name != "test_private_parts.py"
)
# Underscored, and yet documented for all to use.
PUBLIC = {
    *("_exit", "_fields", "_make", "_asdict", "_replace"),  # of os, and of named tuples
    *("_art_", "_live_"),  # our own: what a sketch is asked for
    # What Jupyter asks for.
    *("_repr_png_", "_repr_svg_", "_repr_html_", "_repr_mimebundle_", "_render_traceback_"),
}
# A private name of another library, and the folder or file that may use it.
USED = {
    ("_pointer", "gradart/rendering/painting/cairo.py"),
    ("_from_pointer", "gradart/rendering/painting/cairo_pdf.py"),
    ("_actions", "gradart/command/options.py"),
    ("_actions", "tests/command/test_cli.py"),
    ("_getframe", "gradart/errors.py"),
    ("_getframe", "gradart/sketching/compile_count.py"),
    ("_cache_size", "tests/calculus/test_flow.py"),
    *((name, "gradart/numba_jit.py") for name in ("_cache", "_cache_file", "_source_stamp")),
    *((name, "tests/jax_primitives.py") for name in ("_src", "jax._src")),
    ("jax._src.interpreters", "tests/calculus/taylor/test_primitives.py"),
    ("rasterio._err", "tests/library/test_elevation_rasters.py"),
}
# A name of another module that is set to something else for a while, and who may do so.
REPLACED = {
    ("ctypes.util.find_library", "gradart/rendering/painting/cairo_library.py"),
    ("jax.core.Tracer.__format__", "gradart/optimizing/placed_marks/placed.py"),
    ("sys.unraisablehook", "gradart/jobs/process_setup.py"),  # documented, as is the next
    ("warnings.showwarning", "gradart/sketching/error_reporting.py"),
    ("sys.stdout", "gradart/command/cli.py"),
    ("sys.stderr", "gradart/command/cli.py"),
    ("os.*", "gradart/sketching/isolation.py"),  # what ends the process, while a sketch runs
    ("sys.dont_write_bytecode", "gradart/studio/worker/process.py"),
}
# The highest versions in which all of it has been seen to work.
KNOWN = {"cairocffi": "1.7", "numba": "0.68", "jax": "0.12", "rasterio": "1.5"}


def _own_names(trees):
    """All underscored names that these modules define themselves."""
    names = set()
    for node in (node for tree in trees for node in ast.walk(tree)):
        match node:
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                names.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                names.add(name)
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                names.add(name)
    return names


def _private(name):
    return re.match(r"_[A-Za-z]", name) and name not in PUBLIC


def _foreign(tree, own):
    """Every private name that the module uses and that is in none of its own."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) if _private(name) and name not in own:
                yield name
            case ast.Call(func=ast.Name(id="getattr" | "setattr" | "hasattr"), args=[_, word, *_]):
                name = getattr(word, "value", "")
                if isinstance(name, str) and _private(name) and name not in own:
                    yield name
            case ast.ImportFrom(module=str(module), names=names, level=0) if not module.startswith(
                "gradart"
            ):
                if any(map(_private, module.split("."))):
                    yield module
                else:
                    yield from (alias.name for alias in names if _private(alias.name))
            case ast.Import(names=names):
                for alias in names:
                    if any(map(_private, alias.name.split("."))):
                        yield alias.name


def _replaced(tree):
    """Every name of an imported module that the module sets; * where it is named as it runs."""
    imported = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                imported |= {(alias.asname or alias.name).partition(".")[0] for alias in names}
            case ast.Attribute(value=value, attr=name, ctx=ast.Store()):
                whole = ast.unparse(value)
                if whole.partition(".")[0] in imported:
                    yield f"{whole}.{name}"
            case ast.Call(func=ast.Name(id="setattr"), args=[value, name, _]):
                whole = ast.unparse(value)
                if whole.partition(".")[0] in imported:
                    yield f"{whole}.{getattr(name, 'value', '*')}"


@pytest.fixture(scope="module")
def trees():
    return {str(f.relative_to(ROOT)): ast.parse(f.read_text(encoding="utf-8")) for f in FILES}


def _unlisted(found, listed):
    return {
        (name, file)
        for name, file in found
        if not any(name == known and file.startswith(where) for known, where in listed)
    }


def test_no_private_part_of_another_library_is_used_unseen(trees):
    """A new one is better done by public means; if there are none, list it above and pin it."""
    found = set()
    everywhere = _own_names(trees.values())
    for file, tree in trees.items():
        # A test may look into gradart; gradart's files look only into themselves.
        own = everywhere if file.startswith("tests/") else _own_names([tree])
        found |= {(name, file) for name in _foreign(tree, own)}
    assert not _unlisted(found, USED)
    unused = {
        (name, where)
        for name, where in USED
        if not any(name == used and file.startswith(where) for used, file in found)
    }
    assert not unused, "these are used no more: take them off the list"


def test_no_name_of_another_module_is_replaced_unseen(trees):
    found = {
        (name, file)
        for file, tree in trees.items()
        if file.startswith("gradart/")
        for name in _replaced(tree)
    }
    assert not _unlisted(found, REPLACED)


def test_the_search_finds_what_it_should():
    text = "import os, jax._src\nfrom a._b import c\nfrom a import _d\nx._e\ngetattr(x, '_f')\n"
    tree = ast.parse(text + "os.path.join = 1\nclass A:\n  def _own(self): self._own\n")
    assert list(_foreign(tree, _own_names([tree]))) == ["jax._src", "a._b", "_d", "_e", "_f"]
    assert list(_replaced(tree)) == ["os.path.join"]
    tree = ast.parse(
        "import os\nsetattr(os, 'getpid', f)\nsetattr(os, name, f)\nsetattr(x, 'y', f)\n"
    )
    assert list(_replaced(tree)) == ["os.getpid", "os.*"]


def _pinned(holds, library, remedy):
    seen = f"{library} {version(library)}"
    assert holds, f"{seen} has it no more, which {KNOWN[library]} still had: {remedy}"


def test_cairocffi_tells_the_pointer_of_a_context():
    """Known up to 1.7, whose documentation of its CFFI API has it."""
    import cairocffi

    context = cairocffi.Context(cairocffi.ImageSurface(cairocffi.FORMAT_ARGB32, 1, 1))
    pointer = getattr(context, "_pointer", None)
    is_pointer = pointer is not None and cairocffi.ffi.typeof(pointer).cname == "cairo_t *"
    remedy = "paint by context.append_path, fill and stroke, which is slower, in painting/cairo.py"
    _pinned(is_pointer, "cairocffi", remedy)


def test_cairocffi_looks_for_cairo_by_find_library_and_it_is_put_back():
    """Known up to 1.7: otherwise GRADART_CAIRO would not be heeded."""
    import cairocffi

    from gradart.rendering.painting.cairo_library import libcairo

    before = ctypes.util.find_library
    libcairo()
    assert ctypes.util.find_library is before
    asks = "find_library(library_name)" in inspect.getsource(cairocffi.dlopen)
    _pinned(
        asks, "cairocffi", "say in painting/cairo_library.py otherwise which file is to be loaded"
    )


def test_numba_tells_what_its_cache_compares():
    """tests/test_numba_jit.py shows that it works."""
    from gradart.numba_jit import by_numba

    file = getattr(getattr(by_numba(lambda x: x), "_cache", None), "_cache_file", None)
    remedy = "put kernels that call one another into one file, or keep a hash by hand in each"
    _pinned(hasattr(file, "_source_stamp"), "numba", remedy)


def test_what_runs_another_program_calls_one_of_the_two_that_are_refused():
    """Known up to Python 3.14; tests/sketching/test_isolation.py shows that they are refused."""

    def called(name):
        """The functions of `os` that one of them calls, and those that these call."""
        code = getattr(getattr(os, name), "__code__", None)
        inner = {word for word in getattr(code, "co_names", ()) if "exec" in word and word != name}
        return inner.union(*map(called, inner)) - {"get_exec_path"}

    refused = {"execv", "execve"}
    others = {name for name in dir(os) if name.startswith("exec")} - refused
    assert len(others) >= 6
    missed = {name for name in others if not called(name) & refused}
    assert not missed, f"{missed}: refuse them too, in exits_refused of sketching/isolation.py"
    assert not called("getpid")


def test_argparse_lists_its_options():
    """Known up to Python 3.14."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--px")
    lists = "--px" in {f for a in getattr(parser, "_actions", ()) for f in a.option_strings}
    assert lists, "note them in an add_argument of our own, in command/options.py"


def test_jax_tells_how_many_programs_a_function_has():
    """Known up to jax 0.12; only a test asks."""
    import jax

    counts = hasattr(jax.jit(lambda x: x), "_cache_size")
    _pinned(counts, "jax", "count jax.monitoring's events of compiling, in test_flow.py")


def test_rasterio_has_the_error_of_a_tile_that_it_cannot_read():
    """Known up to rasterio 1.5; only a test raises it."""
    pytest.importorskip("rasterio")
    from importlib.util import find_spec

    remedy = "raise its base class, in tests/library/test_elevation_rasters.py"
    _pinned(find_spec("rasterio._err") is not None, "rasterio", remedy)


def test_python_tells_its_frames():
    """Known up to Python 3.14; other interpreters may not have it."""
    here = hasattr(sys, "_getframe") and sys._getframe() is inspect.currentframe()
    assert here, "take inspect.currentframe instead, in errors.py"
