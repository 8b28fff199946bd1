"""Calls made here or by any executor come to the same, and what they say is heard."""

import threading
import warnings
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import doubles
import pytest

from gradart.command.spread import Call, Crew, Failed, spread
from gradart.command.workers import Workers

NAMES = "one", "bad", "two"
CALLS = [Call(name, doubles.speak, (name,)) for name in NAMES]
EXECUTORS = {
    "here": None,
    "workers": lambda n: Workers(2),
    "threads": lambda n: ThreadPoolExecutor(2),
    "processes": lambda n: ProcessPoolExecutor(2, get_context("spawn")),
}


@pytest.mark.parametrize("kind", EXECUTORS)
def test_every_executor_gives_the_same(kind, capsys):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        results = list(spread(CALLS, EXECUTORS[kind] and Crew(EXECUTORS[kind], least=1)))
    failed = [r for r in results if isinstance(r, Failed)]
    assert sorted(r for r in results if r not in failed) == ["one", "two"]
    [(name, error)] = [(f.name, f.error) for f in failed]
    assert (name, type(error), str(error)) == ("bad", ValueError, "bad luck")
    if kind != "here":
        assert "In a worker:" in error.__notes__[0]
        assert "doubles.py" in error.__notes__[0]
    assert sorted(capsys.readouterr().out.splitlines()) == sorted(f"I am {n}" for n in NAMES)
    assert {(str(w.message), w.filename, w.lineno) for w in caught} == {("a note", "piece.py", 7)}


def _thread(progress=None):
    return threading.get_ident()


def test_short_work_stays_here_and_long_work_does_not(monkeypatch):
    """The first call shows which it is, unless workers are asked for."""
    started = []

    def start(n):
        started.append(n)
        return ThreadPoolExecutor(1)

    calls = [Call(str(x), _thread, ()) for x in range(5)]
    here = threading.get_ident()
    assert list(spread(calls, Crew(start))) == [here] * 5
    assert not started
    monkeypatch.setattr("gradart.command.spread._WORTH", 0.0)
    first, *others = spread(calls, Crew(start))
    assert first == here
    assert here not in others
    assert here not in list(spread(calls, Crew(start, least=2)))
    assert list(spread(calls[:1], Crew(start, least=2))) == [here]
    assert started == [4, 5]
    assert list(spread([], Crew(start, least=1))) == []


def test_41_killed_twice_names_the_job(tmp_path):
    calls = [
        Call("ugly_seed7", doubles.perish, (tmp_path / "mark",)),
        Call("one", doubles.speak, ("one",)),
    ]
    with warnings.catch_warnings(action="ignore"):
        results = list(spread(calls, Crew(lambda n: Workers(2), least=1)))
    [failed] = [r for r in results if isinstance(r, Failed)]
    assert str(failed.error) == (
        "ugly_seed7: its worker was killed, and so was the one that tried again"
    )
    assert failed.error.exit_status == 1
    assert "one" in results


def test_a_bar_counts_what_is_done():
    steps, names = [], []

    def bars(name, unit):
        names.append((name, unit))
        return lambda done, total: steps.append((done, total))

    with warnings.catch_warnings(action="ignore"):
        list(spread(CALLS, Crew(lambda n: ThreadPoolExecutor(1), least=1), bars))
    assert (names, steps) == ([("3 jobs", "jobs")], [(1, 3), (2, 3), (3, 3)])
