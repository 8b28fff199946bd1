"""Batches in real workers, here and on a Dask cluster: nothing lost, and the same bytes."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from gradart.jobs.call_dispatch import ExecutorSpec

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals")

# Of its seeds, 1 kills its worker once, 2 always, 3 fails, 4 is noted.
PIECES = """
import os, signal, warnings
from pathlib import Path
from gradart.errors import ArtWarning
import _helper

@ga.sketch(page="30x20mm")
def still(key, n=40, deadly=True):
    \"\"\"A product of matrices, of which only the last bits are shown: threads decide.\"\"\"
    seed = int(jax.random.key_data(key)[-1])
    mark = Path(f"mark{seed}")
    if deadly and (seed == 2 or seed == 1 and not mark.exists()):
        mark.write_text(mark.read_text() + "." if mark.exists() else ".")
        os.kill(os.getpid(), signal.SIGKILL)
    if seed == 3:
        raise ga.ArtError("three is no number")
    print("seed", seed)
    a = jax.random.normal(key, (1000, 200))
    lines = 1e13 * jax.jit(lambda a: a.T @ a)(a)[:n, :2] % 1.0 * _helper.SCALE
    if seed == 4:
        warnings.warn("an odd seed", ArtWarning)
    return ga.scene(ga.lines(lines))
"""
NOTE = "gradart: note: still, line 24: an odd seed"
FAILURE = "gradart: still, line 19: three is no number"


def _environment():
    """This one's, without the number of threads that the command line may have set in it."""
    rest = {name: value for name, value in os.environ.items() if name != "NPROC"}
    return rest | {"PYTHONPATH": os.pathsep.join(sys.path)}


def _run(tmp_path, *words):
    """A command in a process of its own, which renders with one thread from its start."""
    return subprocess.run(
        [sys.executable, "-m", "gradart", *words],
        cwd=tmp_path,
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=300,
    )


def _contents(folder):
    return {p.name: p.read_bytes() for p in folder.iterdir()}


def _folder(path):
    header = "import jax\nimport jax.numpy as jnp\nimport gradart as ga\n"
    (path / "still.py").write_text(header + PIECES)
    (path / "_helper.py").write_text("SCALE = 0.5\n")
    return path


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """What one process makes of the seeds that can be made."""
    folder = _folder(tmp_path_factory.mktemp("alone"))
    for mark in "mark1", "mark2":
        (folder / mark).write_text(".")
    words = ("run", "still.py", "--px", "40", "--seed", "0,1,4", "-o", "one")
    done = _run(folder, *words, "--jobs", "1")
    assert (done.returncode, done.stderr) == (0, NOTE + "\n")
    return _contents(folder / "one")


@pytest.mark.exhaustive
def test_a_batch_loses_nothing(alone, tmp_path):
    words = ("run", "still.py", "--px", "40", "--seed", "0..4", "-o", "many")
    done = _run(_folder(tmp_path), *words, "--jobs", "2")
    assert done.returncode == 2
    lines = done.stdout.splitlines()
    assert {line.split()[0] for line in lines if " px " in line} == {f"many/{n}" for n in alone}
    assert {line for line in lines if " px " not in line} == {f"seed {n}" for n in (0, 1, 4)}
    assert sorted(done.stderr.splitlines()) == [
        NOTE,
        FAILURE,
        "gradart: still_seed2: its worker was killed, and so was the one that tried again",
    ]
    assert (tmp_path / "mark1").read_text() == "."
    assert (tmp_path / "mark2").read_text() == ".."
    assert alone.keys() == {"still_seed0.png", "still_seed1.png", "still_seed4.png"}
    assert _contents(tmp_path / "many") == alone


@pytest.fixture
def threads(monkeypatch):
    """Threads in place of processes: jobs are packed and sent all the same."""
    monkeypatch.setattr(
        "gradart.jobs.call_dispatch.Workers", lambda n, initializer: ThreadPoolExecutor(n)
    )


def _told(out):
    """The lines of a gallery but those that tell how much is left."""
    return [line for line in out if " of 2" not in line]


def test_a_gallery_by_workers_is_the_same(studio, gradart, tmp_path, threads):
    for name in "ab":
        studio(
            f"sketches/{name}.py",
            f"@ga.sketch(page='20x20mm')\ndef {name}():\n"
            "    return ga.scene(ga.dots([(0, 0), (1, 1)]))\n",
        )
    assert gradart("gallery")[0] == 0
    status, out, err = gradart("gallery", "-o", "other", "--jobs", 2)
    assert (status, err) == (0, [])
    assert sorted(line.split()[0] for line in _told(out)) == sorted(
        [*(f"other/{n}.{e}" for n in "ab" for e in ("png", "svg", "pdf")), "other/index.html"]
    )
    assert _contents(tmp_path / "gallery") == _contents(tmp_path / "other")

    # One piece fails: the other is finished, and not made again.
    for name, change in ("a", "nosuch"), ("b", "pass"):
        file = tmp_path / "sketches" / f"{name}.py"
        file.write_text(file.read_text().replace("    return", f"    {change}\n    return"))
    status, out, [err] = gradart("gallery", "--jobs", 2)
    assert (status, len(_told(out))) == (2, 3)
    assert err.startswith("gradart: a, line ")
    status, out, [err] = gradart("gallery", "--jobs", 2)
    assert (status, _told(out)) == (2, ["gallery/b  up to date"])


def test_a_sketch_that_changes_on_the_way_is_refused(studio, gradart, threads, tmp_path):
    text = """
@ga.sketch
def still(n=1):
    from pathlib import Path
    if n == 1:
        Path(__file__).write_text(Path(__file__).read_text() + "# more")
    return ga.scene(ga.dots([(0, 0), (1, 1)]))
"""
    studio("still.py", text)
    options = ("--px", 20, "-p", "n=1,2", "--executor", "dask://localhost:1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "gradart.jobs.call_dispatch._dask",
            lambda _: ExecutorSpec(lambda n: ThreadPoolExecutor(1), least=1),
        )
        status, [line], [err] = gradart("run", "still.py", *options)
    assert status == 2
    assert line.startswith("still_n1.png")
    assert err == "gradart: still.py has changed since the batch began; run it again"


@pytest.mark.parametrize(
    ("words", "says", "status"),
    [
        (("--jobs", "0"), "--jobs is a number of workers, 1 or more, not 0", 2),
        (("--jobs", "two"), "whole number", 2),
        (("--executor", "local"), "write dask://HOST:PORT", 2),
        (("--executor", "dask://here"), "write dask://HOST:PORT", 2),
        (("--executor", "dask://a:1", "--jobs", "2"), "leave it out with --executor", 2),
    ],
)
def test_executors_that_are_none(studio, gradart, words, says, status):
    studio("still.py", "@ga.sketch\ndef still():\n    return ga.scene()\n")
    found, out, [err] = gradart("run", "still.py", *words)
    assert (found, out) == (status, [])
    assert says in err


CLUSTER = """
import sys
from distributed import LocalCluster
if __name__ == "__main__":
    how = dict(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50)
    with LocalCluster(**how) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
"""


@pytest.mark.exhaustive
def test_a_dask_cluster_serves_with_a_worker_killed_on_the_way(alone, tmp_path):
    pytest.importorskip("distributed", reason="needs gradart[dask]")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "cluster.py").write_text(CLUSTER)
    words = ("run", "still.py", "--px", "40", "--seed", "0,1,4,3", "-o", "many")
    with subprocess.Popen(
        [sys.executable, tmp_path / "cluster.py"],
        cwd=tmp_path / "elsewhere",
        env=_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as cluster:
        address = cluster.stdout.readline().strip().removeprefix("tcp://")
        done = _run(_folder(tmp_path), *words, "--executor", f"dask://{address}")
        cluster.stdin.close()
    assert sorted(done.stderr.splitlines()) == [NOTE, FAILURE]
    assert done.returncode == 2
    assert (tmp_path / "mark1").read_text() == "."
    assert "many/still_seed1.png" in done.stdout
    assert _contents(tmp_path / "many") == alone

    # The cluster is gone: that is said.
    again = _run(tmp_path, *words, "--executor", f"dask://{address}")
    assert again.returncode == 1
    assert again.stderr.startswith(f"gradart: no Dask scheduler answers at {address}")
    assert again.stderr.count("\n") == 1
