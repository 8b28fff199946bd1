"""The executor's laws, with workers that are killed on the way."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import CancelledError, wait
from functools import partial
from pathlib import Path

import doubles
import pytest
from faults.storm import storm

from gradart.jobs.process_pool import WorkerDied, Workers

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals")


@pytest.fixture(scope="module")
def workers():
    with Workers(2) as pool:
        yield pool


def _alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _read(path):
    """The text of a file that another process writes, when it is there."""
    path = Path(path)
    while not (path.exists() and path.read_text()):
        time.sleep(0.01)
    return path.read_text()


def test_calls_are_made_elsewhere_and_results_keep_their_order(workers):
    assert list(workers.map(doubles.square, range(20))) == [x * x for x in range(20)]
    assert workers.submit(doubles.square, 3, plus=1).result() == 10
    found = set(workers.map(doubles.pid, range(20)))
    assert len(found) <= 2
    assert os.getpid() not in found


@pytest.mark.parametrize(
    ("kind", "words", "error", "says"),
    [
        ("value", ["a", 1], ValueError, "('a', 1)"),
        ("proud", ["x", "y"], RuntimeError, "cannot be unpickled"),
        ("shy", ["x"], RuntimeError, "Shy: x"),
    ],
)
def test_an_error_comes_back_and_the_worker_lives_on(workers, kind, words, error, says):
    with pytest.raises(error) as found:
        workers.submit(doubles.fail, kind, *words).result()
    assert says in str(found.value)
    assert workers.submit(doubles.square, 2).result() == 4


def test_what_cannot_be_pickled_is_an_error(workers):
    with pytest.raises(Exception, match="pickle"):
        workers.submit(lambda: 1).result()
    with pytest.raises(Exception, match="lambda"):
        workers.submit(doubles.unpicklable).result()


def test_a_killed_worker_costs_its_call_a_second_try(workers, tmp_path):
    mark = tmp_path / "mark"
    others = [workers.submit(doubles.square, x) for x in range(10)]
    killed = workers.submit(doubles.die, mark, 1)
    others += [workers.submit(doubles.square, x) for x in range(10)]
    assert killed.result() == "alive"
    assert [f.result() for f in others] == [x * x for x in range(10)] * 2
    first, second = mark.read_text().split()
    assert first != second


def test_killed_twice_it_is_given_up_and_the_others_are_not(workers, tmp_path):
    mark = tmp_path / "mark"
    killed = workers.submit(doubles.die, mark, 99)
    others = [workers.submit(doubles.square, x) for x in range(10)]
    with pytest.raises(WorkerDied, match="SIGKILL"):
        killed.result()
    assert [f.result() for f in others] == [x * x for x in range(10)]
    assert len(mark.read_text().split()) == 2
    with pytest.raises(WorkerDied, match="status 3"):
        workers.submit(doubles.leave, 3).result()


def test_a_worker_killed_while_idle_costs_nothing():
    with Workers(1) as pool:
        first = pool.submit(doubles.pid).result()
        os.kill(first, signal.SIGKILL)
        assert pool.submit(doubles.pid).result() != first


def test_shutdown_finishes_what_was_submitted_and_takes_no_more(tmp_path):
    pool = Workers(1)
    done = [pool.submit(doubles.pid) for _ in range(3)]
    pool.shutdown()
    assert len({f.result(timeout=0) for f in done}) == 1
    assert not _alive(done[0].result())
    pool.shutdown()
    with pytest.raises(RuntimeError):
        pool.submit(doubles.pid)
    with pytest.raises(ValueError, match="1 or more"):
        Workers(0)


def test_shutdown_can_cancel_what_has_not_begun(tmp_path):
    pool = Workers(1)
    busy = pool.submit(doubles.wait, tmp_path / "busy", 0.2)
    later = [pool.submit(doubles.square, x) for x in range(3)]
    _read(tmp_path / "busy")
    pool.shutdown(cancel_futures=True)
    assert busy.result(timeout=0) == tmp_path / "busy"
    assert all(f.cancelled() for f in later)


def test_workers_are_started_when_needed_and_set_up_first():
    with Workers(3, initializer=_remember) as pool:
        assert pool.submit(_remembered).result()
        assert pool.submit(_remembered).result()
        assert len(pool._threads) <= 2


def _remember():
    os.environ["REMEMBERED"] = "1"


def _remembered():
    return os.environ.get("REMEMBERED")


def test_a_set_up_that_fails_is_the_calls_error():
    with Workers(1, initializer=doubles.fail) as pool, pytest.raises(TypeError):
        pool.submit(doubles.square, 1).result()


def test_leaving_by_an_error_ends_the_workers_at_once(tmp_path):
    futures = []

    def work():
        with Workers(2) as pool:
            futures.extend(pool.submit(doubles.wait, tmp_path / str(x), 600) for x in range(4))
            _read(tmp_path / "0"), _read(tmp_path / "1")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work()
    wait(futures, timeout=60)
    for future in futures[:2]:
        with pytest.raises(WorkerDied):
            future.result(timeout=0)
    for future in futures[2:]:
        with pytest.raises(CancelledError):
            future.result(timeout=0)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["0", "1"]  # the halves were cleared
    assert not any(_alive(int((tmp_path / x).read_text())) for x in "01")


def test_a_worker_that_does_not_listen_is_killed(tmp_path):
    pool = Workers(1)
    future = pool.submit(doubles.deaf, tmp_path / "mark", 600)
    pid = int(_read(tmp_path / "mark"))
    pool.stop()
    assert not _alive(pid)
    with pytest.raises(WorkerDied):
        future.result(timeout=60)


INTERRUPTED = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
import doubles
from gradart.jobs.call_dispatch import Call, ExecutorSpec, dispatch
from gradart.jobs.process_pool import Workers
from gradart.sketching.error_reporting import guarded
folder = sys.argv[1]
calls = [Call("a", doubles.wait, (folder + "/a", 0))]
calls += [Call(n, doubles.wait, (folder + "/" + n, 600)) for n in "bcd"]
def work():
    for result in dispatch(calls, ExecutorSpec(lambda n: Workers(2), least=1)):
        print(result, flush=True)
    return 0
sys.exit(guarded(work))
"""


FORKED = """
from gradart.jobs import forks
from gradart.jobs.process_pool import serve_pipes
forks.fork_workers(2, serve_pipes)
pids = [fork.pid for fork in forks._idle]
"""
KINDS = pytest.mark.parametrize("forks", ["", FORKED], ids=["new", "forked"])


@pytest.mark.exhaustive
@KINDS
def test_ctrl_c_ends_a_batch_with_its_workers(tmp_path, forks):
    """The signal goes to the whole group of processes, as a terminal sends it."""
    process = subprocess.Popen(
        [sys.executable, "-c", forks + INTERRUPTED, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdout.readline() == f"{tmp_path}/a\n"
    pids = [int(_read(tmp_path / name)) for name in "bc"]
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err == "gradart: stopped; what was finished is kept\n"
    assert not any(map(_alive, pids))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b", "c"]


@KINDS
def test_workers_leave_when_their_parent_is_killed(tmp_path, forks):
    code = forks + INTERRUPTED.replace("600", "0.5")
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    pids = [int(_read(tmp_path / name)) for name in "bc"]
    process.kill()
    process.wait()
    end = time.monotonic() + 60
    while any(map(_alive, pids)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(map(_alive, pids))


USED = """
import doubles, json, os, random, sys
import numpy as np
from gradart.jobs.process_pool import Workers
with Workers(2) as pool:
    drawn = list(pool.map(doubles.draw, [sys.argv[1]] * 2))
    killed = pool.submit(doubles.die, sys.argv[1] + "/mark", 1).result()
    after = set(pool.map(doubles.pid, range(20)))
print(json.dumps([pids, drawn, killed, sorted(after), forks.any_idle()]))
"""


def test_forked_workers_are_taken_first_and_are_independent(tmp_path):
    held = (
        "from gradart.jobs.process_setup import hold_threads\nhold_threads()\nimport numpy.random\n"
    )
    code = held + FORKED + USED
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    pids, drawn, killed, after, idle = json.loads(done.stdout)
    assert {pid for pid, *_ in drawn} == {*pids}
    (_, *one), (_, *other) = drawn
    assert all(a != b for a, b in zip(one, other, strict=True))  # what they draw at random
    assert killed == "alive"
    assert len({*after} & {*pids}) == 1  # the one that was killed is a new interpreter now
    assert not idle
    assert done.stderr == ""


@pytest.mark.exhaustive
def test_workers_killed_at_random_lose_nothing(tmp_path):
    """In small; `python -m tests.faults` does it in full."""
    told = storm(tmp_path, jobs=200, kills=8)
    assert told.kills >= 4
    assert (told.lost, told.half, told.left) == (0, 0, 0)


COLLECTING = """
import gc, os, signal, time
from pathlib import Path
from gradart.errors import Leaving
from gradart.jobs.process_setup import ended_soon
from gradart.jobs import process_pool
from gradart.rendering.files.atomic import replacing

def serving(phase, _):
    if phase == "start":
        os.kill(os.getpid(), signal.SIGTERM)  # what is raised here, Python drops
        time.sleep(0.05)

signal.signal(signal.SIGTERM, process_pool._leave)
end = lambda: os._exit(143)
with ended_soon(signal.SIGTERM, Leaving, 0.1, end), replacing(Path("half")) as half:
    half.touch()
    gc.callbacks.append(serving)
    gc.collect()
    gc.callbacks.clear()
    Path("begun").touch()
    time.sleep(30)
"""


def test_a_worker_leaves_that_is_told_to_while_python_collects_garbage(tmp_path):
    run = partial(subprocess.run, capture_output=True, text=True, timeout=60)
    done = run([sys.executable, "-c", COLLECTING], cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (143, "", "")
    assert [file.name for file in tmp_path.iterdir()] == ["begun"]
