"""What others are made for, by them and by gradart, in one run: the table in README.

    pip install skia-python blend2d-py datashader pygfx
    python benchmarks/peers.py [drawing | computing | filming]

Each work is done by turns, the same by all, and the median of the processors' seconds counts: other
programs may be running. Who is not installed, or does not run here, is left out with a word. What
exactly is compared is said in the benchmarks that have more of it: strokes, contours, descents,
film.
"""

import importlib.util
import io
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jax
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

import gradart as ga
from benchmarks import contours, descents, film, strokes
from gradart.calculus.equations.flow import descend
from gradart.library.sampled import terrain
from gradart.rendering.film_frames import paint
from gradart.rendering.formats.gif_encoder import write_gif
from gradart.rendering.formats.mp4 import write_mp4
from gradart.rendering.formats.output import delays
from gradart.rendering.ink.density import Disks, Strokes, accumulate

Work = Callable[[], object]
ROOT = Path(__file__).parents[1]
SIZE = strokes.SIZE
LONG = 20.0  # seconds, from which on a work is measured once
NEEDED = {  # what is imported, and how it is installed
    "cairocffi": "cairocffi",
    "matplotlib": "matplotlib",
    "skia": "skia-python",
    "blend2d": "blend2d-py",
    "datashader": "datashader",
    "pygfx": "pygfx",
    "contourpy": "contourpy",
    "scipy": "scipy",
    "imageio": "imageio",
    "imageio_ffmpeg": "imageio-ffmpeg",
}


def blend2d(points: np.ndarray) -> None:
    """The strokes as filled rectangles: its Python package has no others."""
    from blend2d import Context, Image, Path

    across = np.diff(points, axis=1)[:, 0][:, ::-1] * (-0.5, 0.5)
    across /= np.hypot(*np.diff(points, axis=1)[:, 0].T)[:, None]
    a, b = points[:, 0], points[:, 1]
    corners = np.stack([a - across, b - across, b + across, a + across], 1)
    context = Context(Image(SIZE, SIZE))
    context.set_fill_style_rgba(255, 255, 255)
    context.fill_all()
    context.set_fill_style_rgba(0, 0, 0, round(255 * strokes.ALPHA))
    for p, q, r, s in corners.tolist():
        path = Path()
        path.move_to(*p)
        path.line_to(*q)
        path.line_to(*r)
        path.line_to(*s)
        path.close()
        context.fill_path(path)
    context.end()


def pygfx(points: np.ndarray) -> None:
    import pygfx
    from rendercanvas.offscreen import RenderCanvas

    ends = np.zeros((2 * len(points), 3), np.float32)
    ends[:, :2] = points.reshape(-1, 2)
    canvas = RenderCanvas(size=(SIZE, SIZE), pixel_ratio=1)
    renderer = pygfx.renderers.WgpuRenderer(canvas)
    color = 0, 0, 0, strokes.ALPHA
    pen = pygfx.LineSegmentMaterial(thickness=1, color=color, aa=True, alpha_mode="blend")
    drawn = pygfx.Line(pygfx.Geometry(positions=ends), pen)
    scene = pygfx.Scene().add(pygfx.Background.from_color("#fff"), drawn)
    camera = pygfx.OrthographicCamera(SIZE, SIZE)
    camera.local.position = SIZE / 2, SIZE / 2, 0
    canvas.request_draw(lambda: renderer.render(scene, camera))
    np.asarray(canvas.draw())


def drawing() -> Iterator[tuple[str, Work, dict[str, Work], int]]:
    black = np.array([-np.log1p(-strokes.ALPHA)])

    def summed(blocks: Strokes | Disks) -> Work:
        return partial(accumulate, (SIZE, SIZE), [blocks], 1)

    lines = strokes.chords(20_000, 219)
    by: dict[str, Work] = {
        "cairocffi": partial(strokes.cairo, lines),
        "matplotlib": partial(strokes.matplotlib, lines),
        "skia": partial(strokes.skia, lines),
        "blend2d": partial(blend2d, lines),
        "pygfx": partial(pygfx, lines),
        "datashader": _prepared(strokes.datashader_lines, lines),
    }
    yield "20,000 strokes of 219 px", summed(Strokes(lines, 1.0, black)), by, 5
    short = strokes.chords(1_000_000, 10)
    by = {
        "skia": partial(strokes.skia, short),
        "datashader": _prepared(strokes.datashader_lines, short),
    }
    yield "1,000,000 strokes of 10 px", summed(Strokes(short, 1.0, black)), by, 3
    dots = np.random.default_rng(1).uniform(0, SIZE, (10_000_000, 2))
    by = {"datashader": _prepared(strokes.datashader_points, dots)}
    yield "10,000,000 points", summed(Disks(dots, 0.5, black)), by, 3


def _prepared(prepare: Callable[[np.ndarray], Work], points: np.ndarray) -> Work:
    """What draws points with datashader, which has them as a table; nothing where it is missing."""
    return prepare(points) if _has("datashader") else lambda: None


def computing() -> Iterator[tuple[str, Work, dict[str, Work], int]]:
    nodes = ga.grid(contours.SIDE, contours.SIDE, contours.BOX)
    x, y = np.asarray(nodes[0, :, 0]), np.asarray(nodes[:, 0, 1])
    field = jax.jit(jax.vmap(jax.vmap(contours.hills)))
    heights = np.asarray(field(nodes))
    levels = np.linspace(heights.min(), heights.max(), contours.LEVELS + 2)[1:-1]

    def traced() -> None:
        tracer = contours.contour_generator(
            x, y, np.asarray(field(nodes)), name="serial", line_type="ChunkCombinedNan"
        )
        for level in levels:
            tracer.lines(level)

    def polished() -> None:
        ga.contours(contours.hills, levels, box=contours.BOX, resolution=contours.SIDE)

    yield "20 levels on 512 x 512, gradart's polished", polished, {"contourpy": traced}, 7
    with jax.enable_x64(True):
        land = terrain(smooth=5)
        starts = np.random.default_rng(0).uniform(*land.box, (2_000, 2))
        slopes = descents._slopes(land)

        def descended() -> None:
            paths = descend(land, starts, rate=descents.RATE, steps=descents.STEPS)
            jax.block_until_ready(paths)

        loop = partial(descents._all_at_once, slopes, land, starts)
        yield "2,000 descents of 500 steps", descended, {"scipy": loop}, 3


def filming() -> Iterator[tuple[str, Work, dict[str, Work], int]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "turning.py").write_text(film.OURS)

        def python(*words: str) -> Work:
            environment = os.environ | {"PYTHONPATH": str(ROOT)}
            command = [sys.executable, *words]
            how: dict[str, Any] = {"cwd": folder, "env": environment, "stdout": subprocess.DEVNULL}
            return lambda: subprocess.run(command, check=True, **how)

        ours = python("-m", "gradart", "run", "turning.py", "--px", "800", "-o", "a.gif")
        theirs = python("-c", film.THEIRS, "b.gif")
        by = {"matplotlib": theirs}
        yield "a film of 120 frames of 400 strokes, whole process, to GIF", ours, by, 3
        turning = film._film()
        some = turning.heads[:40]
        pictures = list(paint(turning, film.PX, some))
        colors = [np.ascontiguousarray(picture[..., :3]) for picture in pictures]
        yield "40 frames to GIF", partial(_our_gif, pictures), {"imageio": partial(_gif, colors)}, 3

        def painted() -> None:
            frames, size = paint(turning, film.PX, some), (film.PX, film.PX)
            write_mp4(folder / "a.mp4", frames, size, 25, np.ones(4))

        encoded = partial(_mp4, colors, folder / "b.mp4")
        by = {"imageio_ffmpeg": encoded}
        yield "40 frames painted and to MP4, theirs not painted", painted, by, 5


def _our_gif(pictures: list[np.ndarray]) -> None:
    timed = zip(pictures, delays(len(pictures), 25, 10), strict=True)
    write_gif(io.BytesIO(), timed, pictures[::5])


def _gif(colors: list[np.ndarray]) -> object:
    import imageio.v3 as iio

    return iio.imwrite("<bytes>", colors, extension=".gif", duration=40, loop=0)


def _mp4(colors: list[np.ndarray], path: Path) -> None:
    import imageio_ffmpeg

    options = ["-crf", "18", "-movflags", "+faststart"]
    size = film.PX, film.PX
    how: dict[str, Any] = {"fps": 25, "quality": None, "output_params": options}
    writer = imageio_ffmpeg.write_frames(str(path), size, **how)
    writer.send(None)
    for picture in colors:
        writer.send(picture)
    writer.close()


def _has(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def _spent() -> float:
    """The processors' seconds of this process and of those that it has waited for."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _failure(work: Work) -> str:
    """Why a work does not run here, in a few words; it is done once for that."""
    try:
        work()
    except Exception as error:
        return f"does not run here: {str(error).strip().splitlines()[-1].strip()}"
    return ""


def measured(works: dict[str, Work], rounds: int, slow: set[str]) -> Iterator[tuple[str, str]]:
    """The name of each work and the rest of its row; those that are `slow` are done once."""
    cores: dict[str, list[float]] = {name: [] for name in works}
    walls: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds):
        for name, work in works.items():
            if number and name in slow:
                continue
            began = time.perf_counter(), _spent()
            work()
            walls[name].append(time.perf_counter() - began[0])
            cores[name].append(_spent() - began[1])
    core = {name: statistics.median(each) for name, each in cores.items()}
    wall = {name: statistics.median(each) for name, each in walls.items()}
    for name in works:
        yield (
            name,
            f"{core[name]:.3f} s | {core[name] / core['gradart']:.1f}"
            f" | {wall[name]:.3f} s | {wall[name] / wall['gradart']:.1f}",
        )


def main(parts: list[str]) -> None:
    print("| what | by whom | processor time | times gradart's | wall | times gradart's |")
    print("|---|---|---:|---:|---:|---:|")
    left_out: dict[str, str] = {}
    every = {part.__name__: part for part in (drawing, computing, filming)}
    for part in parts or every:
        for what, ours, by, rounds in every[part]():
            works: dict[str, Work] = {}
            slow = set()
            for name, work in {"gradart": ours, **by}.items():
                began = time.perf_counter()
                if name in NEEDED and not _has(name):
                    left_out[name] = "is not installed"
                elif why := _failure(work):  # this also compiles, imports and fills caches
                    left_out[name] = why
                else:
                    works[name] = work
                    if time.perf_counter() - began > LONG:
                        slow.add(name)
            for name, row in measured(works, rounds, slow):
                title = f"{NEEDED[name]} {version(NEEDED[name])}" if name in NEEDED else name
                print(f"| {what} | {title} | {row} |", flush=True)
    for name, why in left_out.items():
        print(f"\n{NEEDED.get(name, name)} {why}.")


if __name__ == "__main__":
    main(sys.argv[1:])
