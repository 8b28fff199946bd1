"""A sketch neither ends the process that runs it nor leaves it in another folder."""

import os
from pathlib import Path

import pytest

from gradart.sketching.isolation import RefusedExit, exits_refused, folder_restored


@pytest.fixture(autouse=True)
def real(monkeypatch):
    """What os has, as far as the tests need it: it notes what it is called with."""
    called = []
    for name in ("_exit", "execv", "execve"):
        monkeypatch.setattr(os, name, lambda *words, name=name: called.append((name, *words)))
    return called


@pytest.mark.parametrize(
    ("end", "told"),
    [
        (lambda: os._exit(0), "os._exit(0)"),
        (lambda: os.execv("/bin/true", ["true"]), "os.execv('/bin/true', ...)"),
        (lambda: os.execl("/bin/true", "true"), "os.execv('/bin/true', ...)"),
        (lambda: os.execle("/bin/true", "true", {}), "os.execve('/bin/true', ...)"),
        (lambda: os.execvp("/bin/true", ["true"]), "os.execv('/bin/true', ...)"),
    ],
)
def test_what_ends_the_process_is_an_error(real, end, told):
    with exits_refused(), pytest.raises(RefusedExit) as caught:
        end()
    assert caught.value.call == told
    assert real == []


def test_what_a_sketch_has_kept_ends_the_process_afterwards(real):
    before = os._exit
    with exits_refused():
        kept = os._exit
    assert os._exit is before
    with pytest.raises(RefusedExit):
        kept(3)
    assert real == [("_exit", 3)]


def test_a_process_of_its_own_ends_as_it_likes(monkeypatch):
    monkeypatch.undo()
    with exits_refused():
        monkeypatch.setattr(os, "getpid", lambda: -1)  # as in a child
        with pytest.raises(FileNotFoundError):
            os.execv("/no/such/program", ["program"])


def test_a_folder_that_is_deleted_is_left(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with folder_restored() as gone:
        (tmp_path / "short").mkdir()
        os.chdir("short")
        (tmp_path / "short").rmdir()
    assert (gone, Path.cwd()) == ([], tmp_path)
    with folder_restored() as gone:
        pass
    assert gone == []
