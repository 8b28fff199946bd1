"""A film in several files from one computation: each is as it is when it is made alone."""

import warnings

import jax.numpy as jnp
import numpy as np
import pytest

from gradart.drawing.marks import dots, lines
from gradart.drawing.scene import scene
from gradart.errors import ArtWarning
from gradart.jobs.job import Job, Made
from gradart.jobs.render_batch import run
from gradart.rendering.film import tracing
from gradart.rendering.film.painted_frames import PaintedFrames
from gradart.rendering.film.tracing import TracedFilm, playheads
from gradart.rendering.painting import cairo
from gradart.sketching.sketch import sketch

FRAMES = 10
computed: list[float] = []  # playheads, of frames that are called one by one


@sketch(page="square", seconds=1, fps=FRAMES)
def turning():
    def frame(u):
        turn = 2 * jnp.pi * (u + jnp.arange(5) / 5)
        ends = jnp.stack([jnp.cos(turn), jnp.sin(turn)], -1)
        return scene(lines([(0, -2), (0, 2)]), dots(ends, 3.0, fill="#c2410c"))

    return frame


@sketch(page="square", seconds=1, fps=FRAMES)
def eager():
    def frame(u):
        computed.append(float(u))  # which no frame that is traced can
        return scene(dots([(0, 0), (1 + u, 1)], 3.0))

    return frame


@pytest.fixture
def painted(monkeypatch):
    """What has been painted: the sizes of the pictures."""
    sizes = []

    def counted(marks, grid, *given, **how):
        sizes.append(grid.size)
        return pixels(marks, grid, *given, **how)

    pixels = cairo.pixels
    monkeypatch.setattr(cairo, "pixels", counted)
    return sizes


def made(folder, names, art=turning, **options):
    """The bytes of the files that one run makes, by their names; of a folder those of its files."""
    folder.mkdir()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ArtWarning)
        list(run([Job(art, options=options)], *(folder / name for name in names)))
    files = [f for name in names for f in ([folder / name, *sorted((folder / name).glob("*"))])]
    return {str(f.relative_to(folder)): f.read_bytes() for f in files if f.is_file()}


@pytest.mark.parametrize(
    ("names", "options", "paintings"),
    [
        (("a.gif", "a.webp", "frames", "a.png"), {"px": 40}, FRAMES + 1),
        (("a.gif", "a.apng"), {"px": 40, "transparent": True}, FRAMES),
        (("a.mp4", "a.gif"), {}, 2 * FRAMES),  # of 1080 and of 640 px
        (("a.gif", "a.apng"), {"px": 40, "fps": 60}, 50 + 60),  # GIF shows 50 a second
    ],
)
def test_each_file_is_as_it_is_alone_and_a_frame_of_one_size_painted_once(
    names, options, paintings, tmp_path, painted
):
    together = made(tmp_path / "together", names, **options)
    assert len(painted) == paintings
    alone = {}
    for name in names:
        alone |= made(tmp_path / f"alone_{name}", [name], **options)
    assert together == alone


@pytest.mark.parametrize("names", [("a.gif",), ("a.gif", "b.apng", "c.png")])
def test_a_frame_that_cannot_be_traced_is_called_once_for_all_files(names, tmp_path):
    """Where it lies on the page, and what of it is exposed, is found before it is painted."""
    computed.clear()
    made(tmp_path / "out", names, eager, px=40)
    heads = [float(u) for u in playheads(1, FRAMES)]
    assert sorted(u for u in computed if u) == heads[1:]
    assert computed.count(0) <= 2  # of which one is to find out


def test_a_file_that_fails_leaves_nothing_and_the_others_are_as_they_are_alone(tmp_path, painted):
    """The frames that it would have shared are painted once all the same."""
    held = tmp_path / "held.webp"
    held.write_bytes(b"")
    held.chmod(0o444)
    outs = [tmp_path / "a.gif", held, tmp_path / "b.apng"]
    results = list(run([Job(turning, options={"px": 40})], *outs))
    assert [isinstance(result, Made) for result in results] == [True, False, True]
    assert len(painted) == FRAMES
    assert {f.name for f in tmp_path.iterdir()} == {"a.gif", "b.apng", "held.webp"}
    assert held.read_bytes() == b""
    alone = made(tmp_path / "alone", ["a.gif", "b.apng"], px=40)
    assert alone == {f.name: f.read_bytes() for f in (outs[0], outs[2])}


def test_a_film_of_fewer_colors_is_of_the_same_frames(tmp_path, painted):
    """What is tried for a size is painted once; here fewer colors do."""
    whole = made(tmp_path / "whole", ["a.gif"], px=40)["a.gif"]
    painted.clear()
    smaller = made(tmp_path / "smaller", ["a.gif"], px=40, max_size=str(len(whole) - 1))["a.gif"]
    assert len(smaller) < len(whole)
    sizes = set(painted)
    assert [painted.count(size) for size in sizes if 40 in size] == [FRAMES]


def test_painted_frames_are_as_they_were_within_their_bound():
    """Whatever changes from the first: nothing, a pixel, all; those without room are not there."""
    rng = np.random.default_rng(3)
    first = rng.integers(0, 256, (7, 9, 4), np.uint8)
    frames = [first, first.copy()]
    for _ in range(20):
        frame = first.copy()
        top, left = rng.integers(0, 7), rng.integers(0, 9)
        part = frame[top : top + rng.integers(1, 8), left : left + rng.integers(1, 10)]
        part[:] = rng.integers(0, 256, part.shape)
        frames.append(frame)
    for most in (0, first.nbytes - 1, first.nbytes, 3 * first.nbytes, 100 * first.nbytes):
        kept = PaintedFrames(most)
        for u, frame in enumerate(frames):
            kept.keep(u, frame)
        assert (len(kept) > 0) == (most >= first.nbytes)
        assert (len(kept) == len(frames)) == (most >= 50 * first.nbytes)
        for u in range(len(frames)):
            if u in kept:
                np.testing.assert_array_equal(kept.frame(u), frames[u])


def test_scenes_of_a_film_are_kept_within_a_bound(monkeypatch):
    """Beside the first, by the bytes of what moves; what stands still is one array for all."""
    still = jnp.zeros((1000, 2))
    frame = 8 * 2 * 2  # bytes of two points that move
    monkeypatch.setattr(tracing, "_KEPT", 3 * frame)
    film = TracedFilm(
        lambda u: scene(dots(still, 1.0), lines(jnp.array([[0.0, 0.0], [1.0, 1.0]]) * u))
    )
    heads = playheads(1, FRAMES)
    first = [film.frames.at(u) for u in heads]
    again = [film.frames.at(u) for u in heads]
    assert [a is b for a, b in zip(first, again, strict=True)] == [u < 4 for u in range(FRAMES)]
