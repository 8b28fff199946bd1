"""Calls made here or by any executor come to the same, and what they say is heard."""

import threading
import warnings
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import nullcontext
from multiprocessing import get_context

import doubles
import pytest

from gradart.errors import ArtWarning, RenderFault
from gradart.jobs.call_dispatch import Call, ExecutorSpec, Failed, dispatch
from gradart.jobs.process_pool import Workers

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
        results = list(dispatch(CALLS, EXECUTORS[kind] and ExecutorSpec(EXECUTORS[kind], least=1)))
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
    assert list(dispatch(calls, ExecutorSpec(start))) == [here] * 5
    assert not started
    monkeypatch.setattr("gradart.jobs.call_dispatch._WORTH", 0.0)
    first, *others = dispatch(calls, ExecutorSpec(start))
    assert first == here
    assert here not in others
    assert here not in list(dispatch(calls, ExecutorSpec(start, least=2)))
    assert list(dispatch(calls[:1], ExecutorSpec(start, least=2))) == [here]
    assert started == [4, 5]
    assert list(dispatch([], ExecutorSpec(start, least=1))) == []


@pytest.mark.exhaustive
def test_killed_twice_names_the_job(tmp_path):
    calls = [
        Call("ugly_seed7", doubles.perish, (tmp_path / "mark",)),
        Call("one", doubles.speak, ("one",)),
    ]
    with warnings.catch_warnings(action="ignore"):
        results = list(dispatch(calls, ExecutorSpec(lambda n: Workers(2), least=1)))
    [failed] = [r for r in results if isinstance(r, Failed)]
    assert str(failed.error) == (
        "ugly_seed7: its worker was killed, and so was the one that tried again"
    )
    assert failed.error.exit_status == 1  # type: ignore[attr-defined]
    assert "one" in results


def test_a_bar_counts_what_is_done():
    steps, names = [], []

    def bars(name, unit):
        names.append((name, unit))
        return lambda done, total: steps.append((done, total))

    with warnings.catch_warnings(action="ignore"):
        list(dispatch(CALLS, ExecutorSpec(lambda n: ThreadPoolExecutor(1), least=1), bars))
    assert (names, steps) == ([("3 jobs", "jobs")], [(1, 3), (2, 3), (3, 3)])


class _Scheduler(ThreadPoolExecutor):
    """Makes the first call, and then is killed: the others end as those of Dask do."""

    def __init__(self, error):
        super().__init__(1)
        self.error, self.calls = error, 0

    def submit(self, *call):
        self.calls += 1
        if self.calls == 1:
            return super().submit(*call)
        future = Future()
        if self.error is None:
            future.cancel()
            future.set_running_or_notify_cancel()
        else:
            future.set_exception(self.error)
        return future


class FutureCancelledError(Exception):
    """Called as Dask's own is."""


@pytest.mark.parametrize("error", [None, FutureCancelledError("speak-1 cancelled")])
def test_a_scheduler_that_goes_is_one_error_and_what_is_finished_is_kept(error):
    calls = [Call(str(x), _thread, ()) for x in range(3)]
    spec = ExecutorSpec(lambda n: _Scheduler(error), least=1, name="the scheduler")
    with pytest.raises(RenderFault, match="the scheduler has gone; what is finished is kept"):
        list(dispatch(calls, spec))


def test_calls_that_nobody_works_on_are_noted_once_and_waited_for(monkeypatch):
    monkeypatch.setattr("gradart.jobs.call_dispatch._GLANCE", 0.01)
    looks, ready = [], threading.Event()

    def stuck():
        looks.append(1)
        ready.set()
        return True

    with ThreadPoolExecutor(1) as executor:
        executor.submit(ready.wait)
        spec = ExecutorSpec(
            lambda n: nullcontext(executor), least=1, name="the scheduler", stuck=stuck
        )
        with pytest.warns(ArtWarning, match="the scheduler has no workers now") as caught:
            assert len(list(dispatch([Call("one", _thread, ())], spec))) == 1
    assert looks == [1]
    assert len(caught) == 1
