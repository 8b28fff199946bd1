"""Files and functions are small enough to be read."""

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

import gradart
from gradart.drawing.shapes import Shape

HOME = Path(gradart.__file__).parent
FILES = sorted(f for f in HOME.rglob("*.py") if not f.parent.is_symlink())
LINES, ARGUMENTS = 350, 7


def _arguments(function):
    args = function.args
    named = [arg.arg for arg in args.posonlyargs + args.args + args.kwonlyargs]
    return (
        len(named)
        - (named[:1] in (["self"], ["cls"]))
        + (args.vararg is not None)
        + (args.kwarg is not None)
    )


@pytest.fixture(scope="module")
def texts():
    return {file.relative_to(HOME): file.read_text() for file in FILES}


def test_files_are_short(texts):
    assert len(texts) > 100
    assert [file for file, text in texts.items() if len(text.splitlines()) > LINES] == []


def test_lists_of_arguments_are_short(texts):
    functions = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    long = [
        f"{file}:{node.lineno}"
        for file, text in texts.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, functions) and _arguments(node) > ARGUMENTS
    ]
    assert long == []


# What goes around the type checker; `ffi.cast` is another one.
AROUND = re.compile(r"(?<!\.)\bcast\(|[\[(:=,] ?Any\b|-> Any\b|# type: ignore")


def _unexplained(text):
    """The numbers of lines around the type checker, with no comment there or just before."""
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if AROUND.search(line) and not line.startswith("from typing "):
            near = (
                one.partition("# type: ignore")[0] for one in lines[max(number - 4, 0) : number]
            )
            if not any("#" in one for one in near):
                yield number


def test_what_goes_around_the_type_checker_says_why(texts):
    assert list(_unexplained("x = 1\ny = cast(int, x)\nz: Any = y  # type: ignore\n")) == [2, 3]
    assert list(_unexplained("y = cast(int, x)  # which it is\n")) == []
    found = [f"{file}:{number}" for file, text in texts.items() for number in _unexplained(text)]
    assert found == []


def _closes(node):
    """Whether a match ends with `case _: assert_never(...)`."""
    last = node.cases[-1]
    return ast.unparse(last.pattern) == "_" and ast.unparse(last.body[0]).startswith(
        "assert_never("
    )


def _names(node):
    classes = [
        part.cls
        for case in node.cases
        for part in ast.walk(case.pattern)
        if isinstance(part, ast.MatchClass)
    ]
    return {cls.id for cls in classes if isinstance(cls, ast.Name)}


def test_each_match_over_shapes_is_closed_so_that_a_new_shape_is_missed_nowhere(texts):
    shapes = {shape.__name__ for shape in get_args(Shape)}
    matches = {
        f"{file}:{node.lineno}": _closes(node)
        for file, text in texts.items()
        if "match " in text
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Match) and _names(node) & shapes
    }
    assert len(matches) > 15
    assert [place for place, closed in matches.items() if not closed] == []
