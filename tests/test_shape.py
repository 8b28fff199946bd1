"""Files and functions are small enough to be read."""

import ast
from pathlib import Path

import pytest

import gradart

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
