"""Object code is run only if it is what it should be, and draws the same bits as numba's."""

import os
import subprocess
import sys
from pathlib import Path
from typing import cast

import kernel_calls
import numba
import numpy as np
import pytest

from gradart.kernels import compiled_files as kept
from gradart.kernels.argument_types import (
    NoTypeError,
    laid_out,
    numba_type,
    packer,
    reader,
    type_of,
)
from gradart.kernels.compiled_files import Kept
from gradart.kernels.compiler import undefined
from gradart.kernels.kernel import Kernel
from gradart.kernels.machine import KEEPS, loaded
from gradart.rendering.ink.binning import Polylines, Raster
from gradart.rendering.vector import overlaps

pytestmark = pytest.mark.skipif(
    not (KEEPS and isinstance(overlaps.cover, Kernel)), reason="here numba compiles, and keeps it"
)
WHAT = Kept(b"code", "symbol", "int", ["sin"])
RNG = np.random.default_rng(0)
GRID = RNG.integers(0, 99, (40, 50)).astype(np.int32)
PATH, ROOM = RNG.uniform(-20, 70, (6, 2)), np.empty((2, 40))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where code is kept; none comes with the package."""
    monkeypatch.setattr(kept, "HERE", tmp_path / "here")
    monkeypatch.setattr(kept, "MADE", tmp_path / "none")
    return tmp_path / "here"


def _fresh(kernel, **options):
    """The same function, as another process has it before it is called."""
    return Kernel(kernel.function, lambda: numba.njit(kernel.function), options)


def _damage(data):
    yield data[:-1]
    yield data + b"x"
    yield b""
    for at in range(0, len(data), 7):
        yield data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def test_what_is_damaged_or_has_another_name_is_not_read(folder):
    kept.write(folder, "a", WHAT)
    path = folder / "a"
    assert kept.read(path, trusted=False) == WHAT
    assert kept.read(folder / "b", trusted=False) is None
    data = path.read_bytes()
    (folder / "b").write_bytes(data)
    assert kept.read(folder / "b", trusted=False) is None
    for other in _damage(data):
        path.write_bytes(other)
        assert kept.read(path, trusted=True) is None


def test_what_another_could_have_written_is_not_read(folder, monkeypatch):
    kept.write(folder, "a", WHAT)
    path = folder / "a"
    for mode in (0o664, 0o646):
        path.chmod(mode)
        assert kept.read(path, trusted=False) is None
        assert kept.read(path, trusted=True) == WHAT
    path.chmod(0o600)
    assert kept.read(path, trusted=False) == WHAT
    state = os.stat(path)
    foreign = os.stat_result((*state[:4], 4321, *state[5:]))
    monkeypatch.setattr(os, "fstat", lambda file: foreign)
    assert kept.read(path, trusted=False) is None


def test_where_nothing_can_be_written_beside_the_package_the_users_folder_keeps(
    folder, tmp_path, monkeypatch
):
    folder.write_text("no folder")
    cache = tmp_path / "cache"
    for chosen, found in (("", None), (str(cache), WHAT)):
        monkeypatch.setenv("GRADART_CACHE", chosen)
        kept.keep("a.b.c", WHAT)
        assert kept.kept("a.b.c") == found
    (cache / "kernels").chmod(0o777)
    assert kept.kept("a.b.c") is None


def test_of_one_function_only_code_of_todays_texts_is_kept(folder):
    for name in ("f.old.1", "g.old.1", "f.new.1", "f.new.2"):
        kept.keep(name, WHAT)
    assert sorted(path.name for path in folder.iterdir()) == ["f.new.1", "f.new.2", "g.old.1"]


def test_code_that_needs_what_is_not_there_is_not_loaded():
    """LLVM would end the process."""
    with pytest.raises(OSError, match="no_such_function"):
        loaded(b"", "f", ["no_such_function"])


def test_types_are_those_that_numba_finds():
    arrays = [np.zeros((3, 4)), np.zeros((3, 4, 5)).T, np.zeros((6, 6), np.int32)[::2, ::3]]
    fixed = np.zeros(5, np.float32)
    fixed.flags.writeable = False
    arrays += [fixed, np.zeros((2, 1), np.uint64), np.zeros(3, bool), np.zeros(())]
    scalars = [3, -3, True, 2.5, np.float64(2.5), np.int64(3), np.bool_(False)]
    tuples = [(1, 2), (1, 2.5), (arrays[0], (True, 1)), Raster(1, 2, 3)]
    for value in (*arrays, *scalars, *tuples, Polylines(arrays[1], fixed, True)):
        assert numba_type(type_of(value)) == numba.typeof(value)
    for value in (np.zeros(3, ">f8"), np.float32(1), "text", None, [1]):
        with pytest.raises(NoTypeError):
            laid_out([value], [], [])


def test_words_of_results_are_read_as_they_were_written():
    for kind, value in (
        ("int", -3),
        ("float", 2.5),
        ("bool", True),
        (["builtins:tuple", "int", "float"], (4, 0.5)),
        (["builtins:tuple", "int", ["builtins:tuple", "float", "int"]], (1, (0.5, 2))),
    ):
        words = []
        laid_out([value], [], words)
        size, read = reader(kind)
        assert size == 8 * len(words)
        assert read(packer([kind])(*words)) == value
    assert reader("none")[1](bytes(8)) is None


@pytest.mark.exhaustive
def test_what_is_kept_answers_as_numba_does_and_without_it(folder):
    def called(kernel):
        found = []
        for reach in (0.0, 3.3, 25.0):
            top = GRID.copy()
            cells = kernel["looked_at"](PATH, reach, True, 40, 50)
            highest = kernel["highest"](top, PATH, reach, False, *ROOM)
            kernel["cover"](top, PATH, reach, True, *ROOM, -7)
            found += [cells, highest, top.tobytes()]
        return found

    names = "looked_at", "highest", "cover"
    made = {name: _fresh(getattr(overlaps, name)) for name in names}
    wanted = called({name: kernel._plain for name, kernel in made.items()})
    assert called(made) == wanted
    files = sorted(path.name for path in folder.iterdir())
    assert len(files) == 3
    again = {name: _fresh(getattr(overlaps, name)) for name in names}
    assert called(again) == wanted
    assert not any("dispatcher" in vars(kernel) for kernel in again.values())  # numba's
    # One that is damaged is made again.
    path = folder / files[0]
    good = path.read_bytes()
    path.write_bytes(good[:-1])
    assert called({name: _fresh(getattr(overlaps, name)) for name in names}) == wanted
    assert kept.read(path, trusted=False) == kept.read(path, trusted=True) is not None


def test_what_no_words_say_is_left_to_numba(folder):
    kernel = Kernel(cast(Kernel, overlaps._within).function, lambda: "numba's", {})
    kernel._make_plain = lambda: lambda *values: values
    for values in ((2**63, 0.5, 9), (np.float32(1), 2.0, 9), ("a", 1.0, 9)):
        assert kernel(*values) == values


def test_what_code_needs_is_read_from_it(folder):
    _fresh(overlaps.looked_at)(PATH, 1.0, True, 40, 50)
    (path,) = folder.iterdir()
    found = kept.read(path, trusted=False)
    assert found.needs == undefined(found.code)
    assert "hypot" in found.needs


@pytest.mark.exhaustive
def test_all_that_is_called_is_listed_to_be_made_beforehand():
    """Otherwise run tests/kernel_calls.py."""
    code = (
        "import json, kernel_calls as k\n"
        "for call in k.CALLS.values(): call()\n"
        "listed = json.loads(k.SIGNATURES.read_text())\n"
        "assert k.called() == listed, k.called().keys() ^ listed.keys()"
    )
    _run(code)


def _run(code, **more):
    """Run code in a process of its own, which finds this gradart and what the tests share."""
    tests = Path(kernel_calls.__file__).parent
    folders = {"PYTHONPATH": os.pathsep.join([str(kernel_calls.HOME.parent), str(tests)])}
    words = [sys.executable, "-W", "ignore", "-c", code]
    subprocess.run(words, env={**os.environ, **folders, **more}, check=True)
