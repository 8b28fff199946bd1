"""Compiled code is kept from process to process, and none that is out of date is used."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import gradart
from gradart.kernels.machine import KEEPS

HOME = Path(gradart.__file__).parent
COMPILED = sorted(
    file
    for file in HOME.rglob("*.py")
    if not file.parent.is_symlink() and "from gradart.numba_jit import" in file.read_text()
)
CALLEE = """from gradart.numba_jit import compiled
SHARE = 2
@compiled
def part(x):
    return x * SHARE
"""
CALLER = """from callee import part
from gradart.numba_jit import compiled
@compiled
def whole(x):
    return part(x) + 1
if __name__ == "__main__":
    print(whole(3), sum(whole.stats.cache_hits.values()))
"""
KEPT_CALLER = """import pathlib, sys
from callee import part
from gradart.numba_jit import compiled
from gradart.kernels import compiled_files as kept
kept.HERE = pathlib.Path(sys.argv[1])
@compiled
def whole(x):
    return part(x) + 1
if __name__ == "__main__":
    print(whole(3), int("numba" not in sys.modules))
"""


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("caller", "asked"),
    [
        (CALLER, {"NUMBA_OPT": "3"}),
        pytest.param(KEPT_CALLER, {}, marks=pytest.mark.skipif(not KEEPS, reason="numba's alone")),
    ],
)
def test_the_cache_notices_changes_in_what_is_compiled_in(caller, asked, tmp_path):
    """Numba by itself compares the text of the caller's file alone."""

    (tmp_path / "callee.py").write_text(CALLEE)
    (tmp_path / "caller.py").write_text(caller)

    def said():
        path = os.pathsep.join((str(HOME.parent), str(tmp_path)))
        here = {"NUMBA_CACHE_DIR": str(tmp_path / "cache"), "PYTHONDONTWRITEBYTECODE": "1", **asked}
        run = subprocess.run(
            [sys.executable, tmp_path / "caller.py", tmp_path / "kept"],
            env={**os.environ, **here, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=True,
        )
        return run.stdout.split()

    assert said() == ["7", "0"]
    assert said() == ["7", "1"]
    (tmp_path / "callee.py").write_text(CALLEE.replace("2", "5"))
    assert said() == ["16", "0"]


@pytest.mark.parametrize("file", COMPILED, ids=lambda f: str(f.relative_to(HOME)))
def test_compiled_code_is_made_of_what_the_cache_follows(file):
    """Files of one folder that compile: what they import of gradart is of others of these."""
    for node in ast.walk(ast.parse(file.read_text())):
        if not isinstance(node, ast.ImportFrom) or node.module.partition(".")[0] != "gradart":
            continue
        named = HOME.parent.joinpath(*node.module.split("."))
        for name in node.names if named.is_dir() else [None]:
            source = (named / name.name if name else named).with_suffix(".py")
            allowed = source.parent == file.parent and source in COMPILED
            assert allowed or source == HOME / "numba_jit.py", f"{file} imports {source}"
