"""Films of many straight strokes, which cairo paints only in part."""

import jax.numpy as jnp
import numpy as np
import pytest

from gradart.drawing.marks import dots, lines, segments
from gradart.drawing.scene import scene
from gradart.rendering.film.tracing import playheads
from gradart.rendering.film_frames import paint
from gradart.rendering.layout.page import Page
from gradart.rendering.layout.pixel_grid import pixel_grid
from gradart.rendering.painting import cairo
from gradart.rendering.pipeline import compose
from gradart.rendering.render import render

SHEET = Page(60.0, 40.0, 3.0)
HEADS = playheads(1, 6)
VIEWS = [(0, 0, 20, 10), (31.4, 17.2, 12, 12), (-5, 30, 80, 20)]


def art(kind):
    """Turning strokes: alone, or with marks around and among them that are cairo's."""

    def film(u):
        turn = 2 * jnp.pi * (jnp.arange(130) / 130 + u)
        start = jnp.stack([jnp.cos(turn), jnp.sin(turn)], -1)
        end = 1.6 * jnp.stack([jnp.cos(3 * turn + 1), jnp.sin(2 * turn)], -1)
        shade = jnp.stack([0.5 + 0.4 * jnp.cos(turn), 0 * turn, 0.3 + 0 * turn], -1)
        strokes = segments(start, end, width=0.3, stroke=shade, alpha=0.7)
        if kind == "strokes":
            return scene(strokes, dots(end, 0.4, fill="#1d4e89"), box=((-1.5, -1), (1.5, 1)))
        wave = lines(jnp.stack([turn / 3 - 2, jnp.sin(turn)], -1), width=0.5)
        still = lines(np.random.default_rng(0).uniform(-1, 1, (20, 2, 2)), width=0.2)
        hatched = lines(start[:, None] + jnp.zeros((130, 2, 1)), width=0.2, blend="ink")
        marks = (
            still,
            strokes,
            wave,
            dots(end, 0.4, fill="#1d4e89"),
            hatched,
            segments(end, start),
        )
        return scene(*marks, box=((-1.5, -1), (1.5, 1)), clip=kind == "clipped")

    return film


@pytest.mark.parametrize("kind", ["strokes", "mixed", "clipped"])
def test_a_frame_is_the_still_there_and_its_views_are_parts_of_it(kind):
    film = compose(art(kind), SHEET, HEADS)
    assert film.by_area
    for u, frame in zip(HEADS, paint(film, 300), strict=True):
        whole = film.still(u).pixels(300)
        np.testing.assert_array_equal(frame, whole)
        for left, top, width, height in VIEWS:
            near = film.still(u).pixels(
                round(max(width, height) * 5), view=(left, top, width, height)
            )
            x, y = round(left * 5), round(top * 5)
            part = whole[max(y, 0) : y + height * 5, max(x, 0) : x + width * 5]
            inside = near[max(-y, 0) :, max(-x, 0) :][: part.shape[0], : part.shape[1]]
            np.testing.assert_array_equal(inside, part)
        by_cairo = cairo.pixels(film.still(u).marks(), pixel_grid(SHEET, 300), film.still(u).paper)
        assert np.abs(frame.astype(int) - by_cairo).mean() < 2


@pytest.mark.exhaustive
@pytest.mark.parametrize("ending", ["gif", "mp4"])
def test_a_file_has_the_same_bytes_from_any_number_of_threads(ending, tmp_path, monkeypatch):
    files = []
    for threads in (1, 4, 4):
        monkeypatch.setattr("gradart.rendering.thread_pool.cores", lambda n=threads: n)
        files.append(
            render(
                art("mixed"),
                tmp_path / f"{len(files)}.{ending}",
                page=SHEET,
                px=150,
                seconds=0.5,
                fps=20,
            )
        )
    first, *others = (file.read_bytes() for file in files)
    assert all(data == first for data in others)


def test_frames_that_a_palette_is_made_from_are_painted_once_if_there_is_room(
    tmp_path, monkeypatch
):
    painted = []

    def counted(*given, **how):
        painted.append(given)
        return pixels(*given, **how)

    pixels = cairo.pixels
    monkeypatch.setattr(cairo, "pixels", counted)
    how = {"page": SHEET, "px": 150, "seconds": 1, "fps": 20}
    once = render(art("strokes"), tmp_path / "once.gif", **how).read_bytes()
    assert len(painted) == 20
    painted.clear()
    monkeypatch.setattr("gradart.rendering.film_frames._KEPT", 150 * 100 * 4)
    assert render(art("strokes"), tmp_path / "again.gif", **how).read_bytes() == once
    assert len(painted) == 20 + 8 - 1
