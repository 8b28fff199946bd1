"""What grows, and what must not: memory and time for many points, a poster, a thousand pictures.

    python benchmarks/scale.py [points | posters | cluster]

Points and strokes come in blocks of `ga.many`, each count in a process of its own, whose largest
memory is told. The posters are A0 at 300 ppi. The thousand pictures are made by `gradart run` on a
Dask cluster of this machine, once left alone and once with workers that are killed, added and
retired all the while; each file is held to the bytes that one process writes.
"""

import itertools
import os
import resource
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
COUNTS = {"points": (10**6, 10**7, 10**8), "strokes": (10**5, 10**6, 10**7)}
BLOCK = {"points": 10**6, "strokes": 10**5}
POSTERS = {
    "100,000 strokes of 33 mm, ink": "ink",
    "20,000 strokes of 60 mm, painted by cairo": "over",
    "20 blocks of 100,000 dots, `ga.many`": "many",
}
PICTURES = 1000
OFTEN = 20.0  # seconds between two workers that come or go
SKETCH = '''
"""Waves."""
import jax.numpy as jnp
import gradart as ga


@ga.sketch(page="square")
def waves(key, n=60):
    phase = ga.scatter(key, n, box=((0, 0), (1, 1)))
    x = jnp.linspace(0, 6, 200)
    y = jnp.arange(n)[:, None] / 8 + jnp.sin(x + 6 * phase[:, :1]) * phase[:, 1:]
    return ga.scene(ga.lines(jnp.stack([x + 0 * y, y], -1), width=0.2))
'''


def draw(kind: str, count: int, target: str) -> None:
    """Draw so many points or strokes, and print wall and processor seconds and memory in MB."""
    import jax

    import gradart as ga

    size = BLOCK[kind]

    @jax.jit
    def ends(i: int) -> tuple[jax.Array, jax.Array]:
        one, two = jax.random.split(jax.random.key(i))
        start = jax.random.uniform(one, (size, 2), maxval=200.0)
        return start, start + jax.random.normal(two, (size, 2))

    def block(i: int) -> ga.Mark:
        start, end = ends(i)
        if kind == "points":
            return ga.dots(start, 0.05, alpha=0.05)
        return ga.segments(start, end, width=0.1, alpha=0.05)

    def picture(blocks: int) -> None:
        art = ga.scene(ga.many(blocks, block), box=((0, 0), (200, 200)))
        ga.render(art, target, page="square", px=2000)

    picture(1)  # compiles
    _measured(lambda: picture(count // size))


def poster(kind: str, target: str) -> None:
    """Draw A0 at 300 ppi, and print the same."""
    import jax
    import numpy as np

    import gradart as ga

    sheet = np.array([841.0, 1189.0])
    rng = np.random.default_rng(0)

    def strokes(n: int, points: int, **style: object) -> ga.Mark:
        middle = rng.uniform(0, 1, (n, 1, 2)) * sheet
        return ga.lines(middle + rng.normal(size=(n, points, 2)) * 20, **style)  # type: ignore[arg-type]

    def block(i: int) -> ga.Mark:
        places = jax.random.uniform(jax.random.key(i), (100_000, 2)) * sheet
        return ga.dots(places, 0.1, alpha=0.1)

    if kind == "ink":
        mark = strokes(100_000, 2, width=0.2, alpha=0.1, blend="ink")
    elif kind == "over":
        mark = strokes(20_000, 4, width=0.4, stroke="#204060")
    else:
        mark = ga.many(20, block)
    art = ga.scene(mark, box=((0, 0), tuple(sheet)))
    ga.render(art, target, page="a0", px=300)  # imports and compiles
    _measured(lambda: ga.render(art, target, page="a0", ppi=300))


def _measured(work: object) -> None:
    assert callable(work)
    began = time.perf_counter(), time.process_time()
    work()
    wall, core = time.perf_counter() - began[0], time.process_time() - began[1]
    print(wall, core, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def alone(*words: object) -> list[float]:
    """What another process of this file prints last, as numbers."""
    command = [sys.executable, __file__, *map(str, words)]
    done = subprocess.run(command, env=_environment(), check=True, stdout=subprocess.PIPE)
    return [float(word) for word in done.stdout.split(b"\n")[-2].split()]


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)}


def points() -> Iterator[str]:
    yield "### In blocks of `ga.many`, 2000 x 2000 px, from the first block to the PNG\n"
    yield "| | wall | processor time | a million | largest memory |"
    yield "|---|---:|---:|---:|---:|"
    for kind, counts in COUNTS.items():
        for count in counts:
            with tempfile.TemporaryDirectory() as folder:
                wall, core, memory = alone("draw", kind, count, Path(folder) / "a.png")
            each = f"{core / count * 1e6:.2f} s"
            yield f"| {count:,} {kind} | {wall:.1f} s | {core:.1f} s | {each} | {memory:.0f} MB |"


def posters() -> Iterator[str]:
    yield "\n### A0 at 300 ppi: 139 million pixels, painted in bands and written as PNG\n"
    yield "| | wall | processor time | largest memory (whole: 560 MB of bytes) | file |"
    yield "|---|---:|---:|---:|---:|"
    for name, kind in POSTERS.items():
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "a.png"
            wall, core, memory = alone("poster", kind, target)
            size = target.stat().st_size / 1e6
        yield f"| {name} | {wall:.1f} s | {core:.1f} s | {memory:.0f} MB | {size:.0f} MB |"


def sweep(folder: Path, out: str, pictures: int, *words: str) -> tuple[float, float]:
    """Make pictures with `gradart run`: wall seconds, and those of the processors for it."""
    seeds = f"0..{pictures - 1}"
    command = "run", "waves.py", "--seed", seeds, "--px", "300", "-o", out, *words
    began = time.perf_counter(), _children()
    subprocess.run(
        [sys.executable, "-m", "gradart", *command],
        **{"cwd": folder, "env": _environment(), "stdout": subprocess.DEVNULL},
    )
    return time.perf_counter() - began[0], _children() - began[1]


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Workers:
    """Workers of a scheduler, two at first; with `unrest` others come and go until this is left.

    In turn one is killed, one added, and one asked to go, which is replaced.
    """

    def __init__(self, address: str, unrest: bool) -> None:
        self.address, self.unrest, self.over = address, unrest, threading.Event()
        self.killed = self.retired = self.started = 0
        self.running: list[subprocess.Popen[bytes]] = []
        self.thread = threading.Thread(target=self._work)

    def __enter__(self) -> "Workers":
        self._add()
        self._add()
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.over.set()
        self.thread.join()
        for worker in self.running:
            worker.terminate()
        for worker in self.running:
            worker.wait()

    def _add(self) -> None:
        options = "--nthreads", "1", "--no-nanny", "--no-dashboard"
        command = [sys.executable, "-m", "distributed.cli.dask_worker", self.address, *options]
        silent = subprocess.DEVNULL
        self.running.append(
            subprocess.Popen(command, env=_environment(), stdout=silent, stderr=silent)
        )
        self.started += 1

    def _work(self) -> None:
        for turn in itertools.cycle(["kill", "add", "retire", "add"]):
            if self.over.wait(OFTEN):
                return
            if not self.unrest:
                continue
            if turn == "add":
                self._add()
                continue
            worker = self.running.pop(0)
            (worker.kill if turn == "kill" else worker.terminate)()
            worker.wait()
            self.killed += turn == "kill"
            self.retired += turn == "retire"


def cluster() -> Iterator[str]:
    yield f"\n### {PICTURES:,} pictures of 300 x 300 px, `gradart run` on a Dask cluster of here\n"
    try:
        from distributed import LocalCluster
    except ImportError:
        yield "Dask is not installed: `pip install 'gradart[dask]'`."
        return
    yield "| | wall | processor time | a picture | over its own time | files right |"
    yield "|---|---:|---:|---:|---:|---:|"
    os.environ["PYTHONPATH"] = str(ROOT)  # the workers have it from here
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "waves.py").write_text(textwrap.dedent(SKETCH).lstrip())
        _, first = sweep(folder, "first", 2, "--jobs", "1")
        wall, core = sweep(folder, "alone", PICTURES, "--jobs", "1")
        own = (core - first) / (PICTURES - 2)

        def row(what: str, wall: float, core: float, out: str) -> str:
            wanted = {file.name: file.read_bytes() for file in (folder / "alone").iterdir()}
            right = sum(
                (folder / out / name).is_file() and (folder / out / name).read_bytes() == data
                for name, data in wanted.items()
            )
            each = core / PICTURES
            return (
                f"| {what} | {wall:.1f} s | {core:.1f} s | {1000 * each:.1f} ms"
                f" | {1000 * (each - own):.1f} ms | {right:,} |"
            )

        yield row("`--jobs 1`", wall, core, "alone")
        for unrest in (False, True):
            began = _children() + time.process_time()
            out = "unrest" if unrest else "calm"
            with LocalCluster(n_workers=0, dashboard_address=None, silence_logs=50) as here:
                address = here.scheduler_address
                with Workers(address, unrest) as workers:
                    words = "--executor", address.replace("tcp", "dask")
                    wall, _ = sweep(folder, out, PICTURES, *words)
            what = (
                f"Dask, {workers.started} workers, of which {workers.killed} were killed and"
                f" {workers.retired} asked to go"
                if unrest
                else "Dask, two workers"
            )
            yield row(what, wall, _children() + time.process_time() - began, out)
    yield f"\nA picture alone takes {1000 * own:.1f} ms of a processor."


def main(parts: list[str]) -> None:
    for part in parts or ["points", "posters", "cluster"]:
        for line in {"points": points, "posters": posters, "cluster": cluster}[part]():
            print(line, flush=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["draw", kind, count, target]:
            draw(kind, int(count), target)
        case ["poster", kind, target]:
            poster(kind, target)
        case parts:
            main(parts)
