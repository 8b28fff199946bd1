"""Films: traced once, split rightly, framed by their union, painted the same as frame by frame."""

import warnings
from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gradart.drawing.lettering.text import text
from gradart.drawing.marks import dots, lines, raster
from gradart.drawing.scene import scene
from gradart.errors import ArtError, ArtWarning
from gradart.rendering import pipeline, render
from gradart.rendering.film import tracing
from gradart.rendering.film.tracing import TracedFilm, playheads, trace
from gradart.rendering.film_frames import paint
from gradart.rendering.layout.page import fit, page
from gradart.rendering.layout.transform import place
from gradart.rendering.pipeline import compose

GROUND = np.stack(np.meshgrid(np.linspace(-1, 1, 40), np.linspace(-1, 1, 9)), -1)
SHEET = page("square")


def film(u):
    """Ground, letters and a shade at the back, then what moves, then what does not again."""
    turn = 2 * jnp.pi * (u + jnp.linspace(0, 1, 7))
    ring = 0.8 * jnp.stack([jnp.cos(turn), jnp.sin(turn)], -1)
    shade = jnp.sort(jax.random.uniform(jax.random.key(1), (3, 3)))
    return scene(
        raster(shade, ((-1, -1), (1, 1))),
        lines(GROUND, width=0.4, alpha=0.5),
        text("still", (0, 0)),
        lines(ring, width=jnp.abs(jnp.sin(turn[0])) + 0.5, stroke="#c2410c", alpha=0.6),
        dots(ring, 2.0, fill=jnp.array([0.1, 0.4, 0.6, 0.5])),
        dots(GROUND, 0.6),
    )


def eager(art, u):
    with jax.enable_x64(True):
        return art(jnp.asarray(u, float))


@pytest.mark.exhaustive
@pytest.mark.parametrize("wrap", [lambda f: f, jax.jit])
def test_a_frame_is_called_once_and_split_into_still_and_moving(wrap):
    calls = 0

    def counted(u):
        nonlocal calls
        calls += 1
        return film(u)

    frames = trace(wrap(counted))
    scenes = [frames.at(u) for u in playheads(1, 5)]
    assert calls == 1
    assert frames.moves == (False, False, False, True, True, False)
    assert not frames.paper_moves
    assert not frames.box_moves
    assert scenes[0].marks[0].shape.pixels is scenes[4].marks[0].shape.pixels
    for u, traced in zip(playheads(1, 5), scenes, strict=True):
        assert jax.tree.structure(traced) == jax.tree.structure(film(u))
        jax.tree.map(
            lambda a, b: np.testing.assert_allclose(a, b, rtol=0, atol=1e-13),
            traced,
            eager(film, u),
        )
    assert all(type(leaf) is np.ndarray for leaf in jax.tree.leaves(scenes[0]))
    assert scenes[0].marks[3].shape.points.dtype == np.float64


def test_of_a_film_that_is_traced_several_files_are_made_without_calling_it_again(tmp_path):
    calls = []

    def turning(u):
        calls.append(u)
        return scene(dots(jnp.stack([jnp.cos(u), jnp.sin(u)]), 3.0), box=((-2, -2), (2, 2)))

    once = TracedFilm(turning)
    for name in "a.gif", "a.png":
        render.render(once, tmp_path / name, seconds=0.2, fps=10, px=60)
        render.render(turning, tmp_path / f"again{name}", seconds=0.2, fps=10, px=60)
        assert (tmp_path / name).read_bytes() == (tmp_path / f"again{name}").read_bytes()
    assert len(calls) == 3


def test_a_film_without_a_box_is_laid_on_one_page_once_for_all_of_its_files(tmp_path, monkeypatch):
    """Its frames are computed to find where they reach: for a second file that would be all."""
    laid: list[object] = []
    monkeypatch.setattr(pipeline, "fit", lambda *given: laid.append(given[1]) or fit(*given))

    def growing(u):
        return scene(dots(jnp.stack([u, 2 * u]), 3.0))

    once = TracedFilm(growing)
    for name, sheet in ("a.gif", "a5"), ("a.png", "a5"), ("a.svg", "a5"), ("b.svg", "square"):
        how = {"page": sheet, "seconds": 0.4, "fps": 10, "px": 60}
        render.render(once, tmp_path / name, **how)
        render.render(growing, tmp_path / f"again_{name}", **how)
        again = (tmp_path / f"again_{name}").read_bytes().replace(b"again_", b"")
        assert (tmp_path / name).read_bytes() == again
    assert len(laid) == 4 + 2


def test_a_film_that_is_traced_again_is_the_same_program(monkeypatch):
    """Its inputs come in one order, or what is kept of it from run to run is never found."""
    grounds = [jnp.ones((n, 2)) for n in range(2, 14)]
    seen, compiled = [], tracing._compiled

    def noting(closed, inputs, equations, outputs):
        if inputs[0].aval.shape == ():  # the playhead: it is the part that moves
            seen.append([v.aval.shape for v in inputs])
        return compiled(closed, inputs, equations, outputs)

    monkeypatch.setattr(tracing, "_compiled", noting)
    for _ in range(3):
        trace(lambda u: scene([dots(u * ground, 1.0) for ground in grounds]))
    assert len(seen) == 3
    assert len(seen[0]) > len(grounds)
    assert seen[0] == seen[1] == seen[2]


def test_loops_draws_and_custom_derivatives_are_split_rightly():
    def art(u):
        start = jax.lax.fori_loop(0, 9, lambda i, x: x + jnp.sin(x), jnp.ones(4))
        noise = jax.random.normal(jax.random.key(3), (4,))
        end = jax.lax.scan(lambda x, _: (x + u, x), start, None, length=3)[1]
        x = jnp.interp(u, jnp.arange(3.0), jnp.arange(3.0)) + jax.nn.softplus(noise)
        still = jax.nn.relu(noise + start)
        return scene(
            lines(jnp.stack([x, end[2]], -1)),
            lines(jnp.stack([still, start], -1)),
            lines([(0, 0), (u, u)]),
            paper=jnp.array([u, 0.5, 1.0]),
            box=((0, 0), (1, 1)),
        )

    frames = trace(art)
    assert frames.moves == (True, False, True)
    assert (frames.paper_moves, frames.box_moves) == (True, False)
    for u in (0.0, 0.7):
        jax.tree.map(
            lambda a, b: np.testing.assert_allclose(a, b, atol=1e-12), frames.at(u), eager(art, u)
        )


@pytest.mark.parametrize("transparent", [False, True])
def test_what_lies_still_is_painted_once_and_looks_the_same(transparent):
    composition = compose(film, SHEET, playheads(1, 6))
    shown = paint(composition, 120, transparent=transparent)
    for u, frame in zip(composition.heads, shown, strict=True):
        still = composition.still(u)
        np.testing.assert_array_equal(frame, still.pixels(120, transparent=transparent))
        by_hand = replace(still, scene=eager(film, u))
        plain = by_hand.pixels(120, transparent=transparent)
        assert np.abs(frame.astype(int) - plain).max() <= 1


@pytest.mark.parametrize("transparent", [False, True])
def test_much_that_lies_still_above_is_painted_once_too(transparent, monkeypatch):
    def art(u):
        return film(u) + scene(lines(many, width=0.3, stroke="#0e7490"))

    many = np.random.default_rng(0).uniform(-1, 1, (60, 100, 2)).cumsum(1) / 30

    composition = compose(art, SHEET, playheads(1, 4))
    placed = []
    monkeypatch.setattr(
        "gradart.rendering.film_frames.place", lambda s, *at: placed.append(s) or place(s, *at)
    )
    shown = list(paint(composition, 120, transparent=transparent))
    assert [len(s.marks) for s in placed] == [3, 2, 2, 2, 2, 2]  # below, above, between
    for u, frame in zip(composition.heads, shown, strict=True):
        wanted = composition.still(u).pixels(120, transparent=transparent).astype(int)
        assert np.abs(frame * (frame[..., 3:] / 255) - wanted * (wanted[..., 3:] / 255)).max() <= 3


def test_a_film_is_framed_by_all_its_frames_and_a_box_by_itself():
    def growing(u):
        return scene(lines(GROUND), lines([(0.0, 0.0), (9 * u, 0.0)]))

    heads = playheads(1, 10)
    grown = compose(growing, SHEET, heads)
    union = fit([growing(u) for u in heads], SHEET)
    assert grown.still(0.0).placement == grown.still(0.9).placement == union

    def camera(u):
        return scene(lines(GROUND), box=((-1 - u, -1), (1 + u, 1)))

    moving = compose(camera, SHEET, heads)
    for u in (0.0, 0.5):
        assert moving.still(u).placement.scale == pytest.approx(170 / (2 + 2 * u))
    first, *_, last = paint(moving, 80)
    assert (first != last).any()


@pytest.mark.parametrize(
    ("say", "art"),
    [
        ("`if`", lambda u: scene(lines(GROUND), dots((u, 0)) if u > 0.5 else None)),
        ("NumPy", lambda u: scene(lines(GROUND), dots((np.sin(u), 0)))),
        ("float()", lambda u: scene(lines(GROUND), dots((float(u), 0)))),
        ("text", lambda u: scene(lines(GROUND), text(f"{u:.2f}", (0, 0)))),
        (
            "condition",
            lambda u: scene(lines(jnp.asarray(GROUND)[jnp.arange(9) > 10 * u]), dots(GROUND)),
        ),
    ],
)
def test_a_frame_that_cannot_be_traced_runs_all_the_same(say, art):
    with pytest.warns(ArtWarning, match=r"slow.*test_film\.py, line") as said:
        composition = compose(art, SHEET, playheads(1, 4))
    assert len(said) == 1
    assert say in str(said[0].message)
    for u, frame in zip(composition.heads, paint(composition, 60), strict=True):
        by_hand = replace(composition.still(u), scene=eager(art, u))
        np.testing.assert_array_equal(frame, by_hand.pixels(60))


def test_the_artists_own_error_comes_through_with_its_line():
    def art(u):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine") as caught:
        trace(art)
    assert caught.traceback[-1].name == "art"
    with pytest.raises(ArtError, match=r"returned nothing; return ga\.scene"):
        trace(lambda u: None)
    with pytest.raises(ArtError, match=r"shape \(\.\.\., 2\)"):
        trace(lambda u: scene(lines(jnp.ones((3, 5)) * u)))

    def late(u):  # goes wrong in the middle of the film, in a mark that has others below it
        return scene(lines(GROUND), dots((jnp.where(u > 0.5, jnp.inf, u), 0)))

    heads = playheads(1, 4)
    with pytest.raises(ArtError, match=r"^frame 3 of 4 \(u = 0\.75\): mark 1"):
        compose(late, SHEET, heads)
    with pytest.raises(ArtError, match=r"^frame .* \(u = 0\.75\): mark 1"):
        list(paint(compose(late, SHEET, heads[:2]), 40, heads))


def test_a_mark_may_be_out_of_sight_in_some_frames_but_not_in_all():
    def blinking(u):
        return scene(lines(GROUND), dots((jnp.where(u < 0.5, u, jnp.nan), 0)))

    def never(u):
        return scene(lines(GROUND), dots((u * jnp.nan, 0)))

    heads = playheads(1, 4)
    for art, samples, count in ((blinking, False, 0), (never, True, 0), (never, False, 1)):
        composition = compose(art, SHEET, heads)
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            list(paint(composition, 40, samples=samples))
        assert len(said) == count
    assert "mark 1" in str(said[0].message)


def test_only_a_few_frames_are_computed_ahead():
    computed = []
    composition = compose(film, SHEET, playheads(2, 25))
    shown = paint(composition, 40, (computed.append(u) or u for u in composition.heads))
    next(shown)
    next(shown)
    assert len(computed) < 12
    shown.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("seconds", "fps", "count"), [(4, 25, 100), (0.04, 25, 1), (1, 23.976, 24), (2.5, 12, 30)]
)
def test_playheads_are_even_and_leave_out_the_end(seconds, fps, count):
    np.testing.assert_array_equal(playheads(seconds, fps), np.arange(count) / count)


@pytest.mark.parametrize(
    ("seconds", "fps"),
    [(0, 25), (-1, 25), (4, 0), (4, -25), (np.nan, 25), (4, np.inf), ("4", 25), (0.001, 25)],
)
def test_a_film_without_frames_is_an_error(seconds, fps):
    with pytest.raises(ArtError):
        playheads(seconds, fps)


def at_37(wrong, right=0.5):
    """A film of a hundred frames, and what it is at u = 0.37 only."""
    return lambda u: jnp.where(abs(u - 0.37) < 0.004, wrong, right)


def turned(u):
    return float(u) == 0.37


@pytest.mark.parametrize(
    ("art", "said"),
    [
        (lambda u: scene(lines(GROUND), dots((at_37(jnp.inf)(u), 0))), "mark 1 .* infinite"),
        (lambda u: scene(dots((0, 0), at_37(-1.0)(u))), "radius must be 0 mm or more"),
        (lambda u: scene(lines(GROUND, width=at_37(jnp.nan)(u))), "width must be 0 mm or more"),
        (lambda u: scene(lines(GROUND, alpha=at_37(jnp.nan)(u))), "a color's numbers"),
        (lambda u: scene(lines(GROUND), paper=jnp.full(3, at_37(7.0)(u))), "paper: a color"),
        (lambda u: scene(dots((0, 0)), box=((0, 0), (1, at_37(jnp.inf)(u)))), "box must be finite"),
        (lambda u: None if turned(u) else scene(lines(GROUND)), "returned nothing"),
        (lambda u: scene(lines(GROUND), text("\0" if turned(u) else f"{u}", (0, 0))), "text"),
        (lambda u: scene(lines(GROUND * (1 // (0 if turned(u) else 1)))), "ZeroDivisionError"),
        (
            lambda u: (
                scene(lines(GROUND, dash=[]))  # type: ignore[call-arg]
                if turned(u)
                else scene(lines(GROUND))
            ),
            "dash",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore:the film is slow")
@pytest.mark.parametrize("boxed", [False, True])
def test_what_is_wrong_in_one_frame_names_it(art, said, boxed, tmp_path):
    def film(u):
        drawn = art(u)
        if drawn is None or drawn.box is not None or not boxed:
            return drawn
        return scene(drawn, paper=drawn.paper, box=((-1, -1), (1, 1)))

    with pytest.raises(ArtError, match=rf"^frame 37 of 100 \(u = 0\.37\): .*{said}"):
        render.render(film, tmp_path / "a.gif", px=20)
    with pytest.raises(ArtError, match=said):
        render.render(film, tmp_path / "a.png", px=20, at=0.37)


def test_a_frame_without_ink_between_others_is_named(tmp_path):
    def art(u):
        return scene(dots((at_37(jnp.nan)(u), 0)), box=((0, 0), (1, 1)))

    with pytest.warns(ArtWarning, match=r"frame 37 of 100 \(u = 0\.37\) shows nothing"):
        render.render(art, tmp_path / "a.gif", px=20)

    def growing(u):  # begins and ends with bare paper
        x = jnp.where((u > 0.2) & (u < 0.7), 0.5, jnp.nan)
        return scene(dots((x, 0.5)), box=((0, 0), (1, 1)))

    render.render(growing, tmp_path / "b.gif", px=20)
