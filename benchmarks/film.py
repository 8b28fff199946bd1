"""Films against what an artist would use instead: frames computed, whole films, encoding alone."""

import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from gradart.rendering.film.tracing import playheads, trace
from gradart.rendering.film_frames import paint
from gradart.rendering.formats import gif_encoder
from gradart.rendering.formats.gif_encoder import write_gif
from gradart.rendering.formats.indexed_colors import keys, merged, palette, tally
from gradart.rendering.formats.mp4 import write_mp4
from gradart.rendering.formats.output import delays
from gradart.rendering.formats.quantization import indexer
from gradart.rendering.layout.page import page
from gradart.rendering.layout.pixel_grid import pixel_grid
from gradart.rendering.painting import cairo
from gradart.rendering.pipeline import Composition, compose

PX = 800
SHEET = page("square")

STROKES = """
import numpy as np
def strokes(u):
    turn = 2 * np.pi * (np.arange(400) / 400 + u)
    start = np.stack([np.cos(turn), np.sin(turn)], -1)
    end = np.stack([np.cos(3 * turn + 1), np.sin(2 * turn)], -1)
    return np.stack([start, end], 1)
"""

OURS = '''
"""Turning strokes."""
import jax.numpy as jnp
import gradart as ga


@ga.sketch(page="square", seconds=4.8, fps=25)
def turning():
    def film(u):
        turn = 2 * jnp.pi * (jnp.arange(400) / 400 + u)
        start = jnp.stack([jnp.cos(turn), jnp.sin(turn)], -1)
        end = jnp.stack([jnp.cos(3 * turn + 1), jnp.sin(2 * turn)], -1)
        strokes = ga.segments(start, end, width=0.25)
        return ga.scene(strokes, paper="#ffffff", box=((-1, -1), (1, 1)))

    return film
'''

THEIRS = (
    STROKES
    + """
import sys
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
from matplotlib.animation import FuncAnimation, PillowWriter
from matplotlib.collections import LineCollection
figure, axes = plt.subplots(figsize=(8, 8), dpi=100)
axes.set_axis_off()
axes.set_xlim(-1.18, 1.18)
axes.set_ylim(-1.18, 1.18)
lines = axes.add_collection(LineCollection(strokes(0), linewidths=0.7, colors="#1b1b1e"))
def draw(i):
    lines.set_segments(strokes(i / 120))
    return (lines,)
FuncAnimation(figure, draw, 120, blit=True).save(sys.argv[1], PillowWriter(fps=25))
"""
)


LIMITS = """
Goals: the whole process to GIF 5 times as fast as matplotlib; painting and MP4 at once 1.1 times as
long as encoding alone. What is left: before the first frame Python, JAX and one jitted function
take their time, on one core. Then a frame takes the sum of the above, on both: painting and
compression are kernels, outside Python's lock. Of painting, two thirds are the blending of single
pixels, for which there is no vector instruction where strokes lie anywhere; of compression, the
look-up of each phrase after the one before. Tried without gain: all pixels of a stroke's lines
blended, covered or not; its pixels listed first; 32 bits for two channels each; a picture's colors
sorted by runs, for the palette; a wider pipe to ffmpeg. Of MP4, x264 takes six times as long as all
else together, and has both cores to itself where nothing is painted.
"""


def _median(work: Callable[[], object], rounds: int) -> float:
    """The median of the seconds that `work` takes."""
    return _medians([work], rounds)[0]


def _medians(works: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """The median of the seconds that each of the works takes, in turn: what is told by ratios."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, mine in zip(works, times, strict=True):
            start = time.perf_counter()
            work()
            mine.append(time.perf_counter() - start)
    return [statistics.median(mine) for mine in times]


def _table(title: str, rows: list[tuple[str, str, str]]) -> str:
    lines = [f"### {title}", "", "| | median | ratio |", "|---|---|---|"]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows]) + "\n"


def computing() -> str:
    """96 frames of 150 tracks over 70 still ridges of 400 points: only the arrays."""
    import gradart as ga

    rng = np.random.default_rng(0)
    box = ((-1.0, -1.0), (1.0, 1.0))
    with jax.enable_x64(True):
        tracks = jnp.asarray(rng.normal(size=(150, 401, 2)).cumsum(1) / 20)

    def land(p):
        return jnp.sin(3 * p[0]) * jnp.cos(4 * p[1]) + 0.3 * jnp.sin(9 * p[0] + 5 * p[1])

    def ridges():
        return ga.relief(land, box=box)(ga.grid(70, 400, box=box))

    def film(ground):
        def frame(u):
            head = u * 1.2
            return ga.scene(
                ga.lines(ground(), width=0.2),
                ga.lines(ga.window(tracks, head - 0.2, head), width=0.7, stroke="#d6336c"),
                paper="#fbfaf6",
            )

        return frame

    def eagerly(frame, heads):
        with jax.enable_x64(True):
            for u in heads:
                jax.block_until_ready(frame(jnp.asarray(u, float)))

    def traced(frame, heads):
        jax.clear_caches()
        frames = trace(frame)
        for u in heads:
            frames.at(u)

    heads = playheads(4, 24)
    with jax.enable_x64(True):
        drawn = ridges()
    inside, outside = film(ridges), film(lambda: drawn)
    ready = trace(outside)
    rows = []
    few = heads[::16]  # the eager frames take long, and each as long as the others
    fast = _median(lambda: traced(inside, heads), 3)
    slow = _median(lambda: eagerly(inside, few), 3) * len(heads) / len(few)
    rows.append(("ridges made in the frame: traced, with compilation", f"{fast:.2f} s", "1"))
    rows.append(("the same, called eagerly", f"{slow:.2f} s", f"{slow / fast:.1f}"))
    fast = _median(lambda: [ready.at(u) for u in heads], 5)
    slow = _median(lambda: eagerly(outside, heads), 5)
    rows.append(("ridges made before: traced, already compiled", f"{fast:.3f} s", "1"))
    rows.append(
        ("the same, called eagerly, already compiled", f"{slow:.3f} s", f"{slow / fast:.1f}")
    )
    return _table("96 frames over a still ground, computed", rows)


def whole() -> str:
    """120 frames of 400 strokes to an 800 x 800 GIF, from the start of Python to its end."""
    with tempfile.TemporaryDirectory() as folder:
        sketch, path, cache = (Path(folder, name) for name in ("turning.py", "a.gif", "cache"))
        sketch.write_text(OURS)
        ours = ["-m", "gradart", "run", sketch, "--px", "800", "-o", path]

        def run(words: Sequence[str | Path], **environment: str) -> Callable[[], object]:
            variables = os.environ | environment
            silent = subprocess.DEVNULL
            command = [sys.executable, *words]
            return lambda: subprocess.run(command, check=True, env=variables, stdout=silent)

        first = _median(run(ours, GRADART_CACHE=""), 3)
        again = run(ours, GRADART_CACHE=str(cache))
        again()
        size = path.stat().st_size
        bare = run(["-c", "import jax, jax.numpy as jnp; jax.jit(jnp.sin)(1.0)"])
        other = path.with_name("b.gif")
        film = run([*ours[:-1], path.with_suffix(".mp4")], GRADART_CACHE=str(cache))
        works = [again, bare, run(["-c", THEIRS, other]), film]
        fast, alone, slow, video = _medians(works, 3)
        theirs = other.stat().st_size
    name = f"matplotlib FuncAnimation, PillowWriter ({theirs / 1e6:.1f} MB)"
    return _table(
        "120 frames of 400 strokes, 800 x 800, the whole process",
        [
            (f"`gradart run` to GIF ({size / 1e6:.1f} MB)", f"{fast:.2f} s", "1"),
            ("the same, nothing compiled before", f"{first:.2f} s", f"{first / fast:.1f}"),
            (name, f"{slow:.2f} s", f"{slow / fast:.1f}"),
            ("Python, JAX and one jitted function alone", f"{alone:.2f} s", f"{alone / fast:.1f}"),
            ("`gradart run` to MP4", f"{video:.2f} s", f"{video / fast:.1f}"),
        ],
    )


def _film() -> Composition:
    """The film of the benchmark, on its page."""
    names: dict[str, Any] = {}
    exec(OURS.replace("@ga", "# @ga"), names)
    return compose(names["turning"](), SHEET, playheads(4.8, 25))


def where() -> str:
    """Where the time of a frame goes, in one thread, and what the machine would need for it."""
    film, grid = _film(), pixel_grid(SHEET, PX)
    some = [int(i) for i in np.linspace(0, len(film.heads) - 2, 20)]
    stills = [film.still(u) for u in film.heads]
    placed = [still.marks() for still in stills]
    pictures = [cairo.pixels(marks, grid, np.ones(4), by_area=True) for marks in placed]
    seen = merged(tally(keys(pictures[i])) for i in some[::3])
    colors = palette(seen, 256)
    index = indexer(colors, seen)
    indices = [gif_encoder.Indexed(index(picture)[0], colors) for picture in pictures]

    def each(work: Callable[[int], object]) -> float:
        return _median(lambda: [work(i) for i in some], 5) / len(some) * 1e3

    def compressed(i: int) -> bytes:
        return gif_encoder.image(indices[i + 1], indices[i], 40, transparent=False)

    ends = np.asarray(stills[0].scene.marks[0].shape.points) * stills[0].placement.scale * PX / 200
    length = np.hypot(*np.diff(ends, axis=1)[:, 0].T).sum()
    touched = 2 * length  # pixels: strokes of 1 px reach into a second one
    copy = each(lambda i: pictures[i].copy())
    rows = [
        ("computed", each(lambda i: film.still(film.heads[i])), ""),
        ("placed, in mm", each(lambda i: stills[i].marks()), ""),
        (
            "painted by area",
            each(lambda i: cairo.pixels(placed[i], grid, np.ones(4), by_area=True)),
            f"{touched / 1e6:.2f} ms: {touched:.0f} pixels, one a nanosecond",
        ),
        (
            "by cairo instead, as a film of fewer strokes",
            each(lambda i: cairo.pixels(placed[i], grid, np.ones(4))),
            "",
        ),
        ("brought to the palette", each(lambda i: index(pictures[i])), f"{copy:.2f} ms: a copy"),
        (
            "compressed",
            each(compressed),
            f"{PX * PX / 1e6:.2f} ms: {PX * PX} pixels, one a nanosecond",
        ),
    ]
    lines = ["### Where the time of a frame goes", "", "| | of one thread | the limit |"]
    lines += ["|---|---:|---|", *(f"| {n} | {ms:.2f} ms | {limit} |" for n, ms, limit in rows)]
    return "\n".join(lines) + "\n"


def encoding() -> str:
    """The same frames as arrays, encoded: forty of them."""
    import imageio.v3 as iio

    turning = _film()
    some = turning.heads[:40]
    pictures = list(paint(turning, PX, some))
    colors = [picture[..., :3] for picture in pictures]

    def gif() -> bytes:
        file = io.BytesIO()
        timed = zip(pictures, delays(len(pictures), 25, 10), strict=True)
        write_gif(file, timed, pictures[::5])
        return file.getvalue()

    def default_gif() -> bytes:
        return iio.imwrite("<bytes>", colors, extension=".gif", duration=40, loop=0)

    def psnr(data: bytes) -> float:
        errors = []
        for shown, wanted in zip(iio.imiter(data, extension=".gif"), colors, strict=True):
            errors.append(np.mean((shown[..., :3].astype(float) - wanted) ** 2))
        return 10 * np.log10(255**2 / max(np.mean(errors), 1e-9))

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "film.mp4")

        def mp4() -> None:
            write_mp4(path, pictures, (PX, PX), 25, np.ones(4))

        def default_mp4() -> None:
            import imageio_ffmpeg

            options = ["-crf", "18", "-movflags", "+faststart"]
            writer = imageio_ffmpeg.write_frames(
                str(path), (PX, PX), fps=25, quality=None, output_params=options
            )
            writer.send(None)
            for picture in colors:
                writer.send(np.ascontiguousarray(picture))
            writer.close()

        fast, slow = _median(gif, 5), _median(default_gif, 3)
        ours, theirs = gif(), default_gif()
        painted = _median(lambda: list(paint(turning, PX, some)), 3)

        def painted_mp4() -> None:
            write_mp4(path, paint(turning, PX, some), (PX, PX), 25, np.ones(4))

        film, plain, both = _medians([mp4, default_mp4, painted_mp4], 5)
    return _table(
        "The same frames, encoding alone",
        [
            (_about("gradart GIF", ours, psnr(ours)), f"{fast:.2f} s", "1"),
            (_about("imageio GIF", theirs, psnr(theirs)), f"{slow:.2f} s", f"{slow / fast:.1f}"),
            ("gradart MP4", f"{film:.2f} s", "1"),
            ("imageio-ffmpeg MP4, the same crf", f"{plain:.2f} s", f"{plain / film:.1f}"),
            ("gradart, painting and MP4 at once", f"{both:.2f} s", f"{both / film:.1f}"),
            ("the painting alone, by all cores", f"{painted:.2f} s", f"{painted / film:.1f}"),
        ],
    )


def _about(name: str, data: bytes, psnr: float) -> str:
    return f"{name} ({len(data) / 1e6:.1f} MB, PSNR {psnr:.1f} dB)"


def main() -> str:
    """Markdown tables: medians, and how many times as long the other takes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parts = (computing, whole, where, encoding)
        return "\n".join(part() for part in parts) + LIMITS


if __name__ == "__main__":
    print(main())
