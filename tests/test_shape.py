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


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(HOME)))
def test_files_and_lists_of_arguments_are_short(file):
    text = file.read_text()
    assert len(text.splitlines()) <= LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            name = getattr(node, "name", "lambda")
            assert _arguments(node) <= ARGUMENTS, f"{name} in line {node.lineno}"
