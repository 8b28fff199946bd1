"""Fits: what is known is found again, the same each time, stopped and gone on with as if not."""

import doctest
import signal
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import gradart as ga
from gradart.optimizing.fitting.pruning import faded, pruned

BOX = ((-1, -1), (1, 1))
SHEET = {"page": ga.page("40x40mm"), "px": 64}


def drawing(p):
    return ga.scene(ga.segments(p["a"], p["b"], width=1.2, blend=ga.ink(exposure=1)), box=BOX)


def around(p):
    """A field of tones: dark on a ring."""
    return jnp.clip(4 * (jnp.linalg.norm(p) - 0.5) ** 2, 0.1, 1)


@pytest.fixture(scope="module")
def start():
    a, b = np.random.default_rng(4).uniform(-0.9, 0.9, (2, 8, 2))
    return {"a": a, "b": b}


@pytest.fixture(scope="module")
def found(start):
    return ga.fit(drawing, around, start, steps=24, keep=4, **SHEET)


@pytest.mark.exhaustive
def test_strokes_are_found_again_from_their_own_picture():
    known = {"a": np.array([(-0.6, -0.5), (0.5, -0.7)]), "b": np.array([(-0.4, 0.6), (0.7, 0.5)])}
    target = np.asarray(ga.picture(drawing(known), **SHEET))
    start = {end: known[end] + (0.12, -0.1) for end in "ab"}
    found = ga.fit(drawing, target, start, steps=120, rate=0.3, scales=(0, 2), **SHEET)
    for end in "ab":  # a unit is 17 mm, a pixel 0.6 mm
        assert np.abs(17 * (np.asarray(found.parameters[end]) - known[end])).max() < 0.03
    assert found.losses[-1] < 1e-3 * found.losses[0]


@pytest.mark.exhaustive
def test_the_loss_falls_and_the_best_is_kept(found, start):
    assert found.losses.shape == (24,)
    assert found.losses[-1] < 0.8 * found.losses[0]
    again = ga.fit(drawing, around, found.parameters, steps=1, **SHEET)
    assert np.isclose(again.losses[0], found.losses.min(), rtol=1e-5)


@pytest.mark.exhaustive
def test_the_same_fit_is_the_same_bytes(found, start):
    again = ga.fit(drawing, around, start, steps=24, keep=4, **SHEET)
    assert again.losses.tobytes() == found.losses.tobytes()
    for end in "ab":
        one, other = (np.asarray(x.parameters[end]) for x in (found, again))
        assert one.tobytes() == other.tobytes()


@pytest.fixture
def heard():
    """Ctrl-C as in a terminal, also where tests run in the background and it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
def test_a_fit_stopped_by_ctrl_c_keeps_the_best_and_goes_on_as_if_not_stopped(found, start):
    calls = []

    def pressed(x):
        calls.append(x)
        if len(calls) == 7:
            signal.raise_signal(signal.SIGINT)
        return np.zeros((), np.float32)

    def ctrl_c(p):
        return jax.pure_callback(pressed, jax.ShapeDtypeStruct((), np.float32), jnp.float32(0))

    before = signal.getsignal(signal.SIGINT)
    with pytest.warns(ga.ArtWarning, match=r"stopped after \d of 24 steps: the best is kept"):
        stopped = ga.fit(drawing, around, start, steps=24, keep=4, penalty=ctrl_c, **SHEET)
    assert signal.getsignal(signal.SIGINT) is before
    assert 6 <= len(stopped.losses) <= 8
    assert np.array_equal(stopped.losses, found.losses[: len(stopped.losses)])
    whole = ga.fit(drawing, around, stopped, steps=24, keep=4, **SHEET)
    assert np.allclose(whole.losses, found.losses, rtol=1e-6)
    assert np.allclose(whole.parameters["a"], found.parameters["a"], atol=1e-6)
    assert len(whole.kept) == len(found.kept) == 4


def test_a_film_goes_from_the_start_to_what_was_found(found, start):
    film = jax.jit(found.film)
    ends = np.concatenate([start["a"][:, None], start["b"][:, None]], 1)
    assert np.allclose(film(0.0).marks[0].shape.points, ends, atol=1e-6)
    last = np.asarray(found.scene.marks[0].shape.points)
    assert np.allclose(film(1.0).marks[0].shape.points, last, atol=1e-5)
    assert not np.allclose(film(0.5).marks[0].shape.points, last, atol=0.01)


@pytest.mark.exhaustive
def test_in_a_sketch_that_is_differentiated_the_end_of_a_fit_stays(start):
    """And what is drawn of it moves; the fit itself is the one of what all numbers are now."""
    ends = []

    def pen_and_ends(pen):
        def inked(p):
            strokes = ga.segments(pen * p["a"], p["b"], width=pen, blend=ga.ink(exposure=1))
            return ga.scene(strokes, box=BOX)

        def tone(p):
            return pen * around(p) / 2

        first = {"a": pen * start["a"], "b": start["b"]}

        def bend(p):
            return pen * jnp.mean(p["a"] ** 2)

        found = ga.fit(inked, tone, first, steps=2, keep=0, penalty=bend, **SHEET)
        ends.append(found.parameters)
        return found.scene.marks[0].shape.points, found.scene.marks[0].style.width

    points, _ = pen_and_ends(1.2)
    (same, _), (ways, width) = jax.jvp(pen_and_ends, (1.2,), (1.0,))
    now, later = ends
    np.testing.assert_allclose(later["a"], now["a"], atol=1e-6)
    np.testing.assert_allclose(same, points, atol=1e-6)
    np.testing.assert_allclose(ways[:, 0], later["a"], atol=1e-6)
    np.testing.assert_allclose(ways[:, 1], 0)
    assert width == 1
    with pytest.raises(ga.ArtError, match=r"before a film's frame, and outside of jax\.jit"):
        jax.jit(pen_and_ends)(1.2)


def test_a_step_is_in_millimeters_whatever_a_number_means():
    """A parameter counted in tenths, or that turns strokes, moves ends as far as a plain one."""

    def turned(p):
        way = 0.5 * jnp.stack([jnp.cos(p["turn"]), jnp.sin(p["turn"])], -1)
        middle = p["tenths"] / 10
        ends = middle - way, middle + way
        return ga.scene(ga.segments(*ends, width=p["pen"], blend=ga.ink(exposure=1)), box=BOX)

    start = {"turn": jnp.array([0.2]), "tenths": jnp.array([(1.0, 2.0)]), "pen": jnp.array([1.0])}
    found = ga.fit(turned, around, start, steps=1, rate=optax.constant_schedule(0.2), **SHEET)
    moved = {
        name: np.abs(found.state.latest[name] * found.state.units[name] - x).max()
        for name, x in start.items()
    }
    assert np.isclose(17 * moved["tenths"] / 10, 0.2, rtol=1e-3)
    assert np.isclose(17 * 0.5 * moved["turn"], 0.2 * np.sqrt(2), rtol=1e-3)  # of two coordinates
    assert np.isclose(moved["pen"] / 2, 0.2, rtol=1e-3)


@pytest.mark.parametrize(
    "method",
    [
        "sgd",
        pytest.param("lbfgs", marks=pytest.mark.exhaustive),
        optax.chain(optax.sgd(0.05, momentum=0.9)),
    ],
)
def test_other_methods_of_optax_go_down_too(start, method):
    rate = {"rate": 100.0} if method == "sgd" else {"rate": None} if method == "lbfgs" else {}
    found = ga.fit(drawing, around, start, steps=6, method=method, **rate, **SHEET)
    assert found.losses[-1] < found.losses[0]


@pytest.mark.exhaustive
def test_strokes_that_are_not_seen_are_moved_to_where_they_are_wanted(start):
    """Two strokes lie off the page, where nothing has a slope: without pruning they stay."""
    away = {
        end: np.concatenate([rows[:-2], [(7.0, 7.0), (7.0, 8.0)]]) for end, rows in start.items()
    }
    key = jax.random.key(2)
    left = ga.fit(drawing, around, away, steps=12, **SHEET)
    assert np.array_equal(
        np.asarray(left.state.latest["a"] * left.state.units["a"])[-2:], away["a"][-2:]
    )
    moved = ga.fit(drawing, around, away, steps=12, prune=3, key=key, **SHEET)
    ends = np.asarray(moved.state.latest["a"] * moved.state.units["a"])
    assert np.abs(ends[-2:]).max() < 1.5
    assert moved.losses.min() < left.losses.min()


@pytest.mark.exhaustive
def test_a_moved_stroke_is_beside_one_that_is_wanted_more_and_begins_anew():
    slopes = jnp.array([-5.0, 0.0, -1.0, -2.0])
    rows = {"a": jnp.arange(8.0).reshape(4, 2)}
    memory = {"a": jnp.ones((4, 2))}
    moved, forgot = pruned(rows, memory, slopes, jax.random.key(0), 0.01)
    assert np.allclose(moved["a"][1], rows["a"][0], atol=0.05)
    assert np.array_equal(moved["a"][jnp.array([0, 2, 3])], rows["a"][jnp.array([0, 2, 3])])
    assert forgot["a"].tolist() == [[1, 1], [0, 0], [1, 1], [1, 1]]


def test_a_faded_stroke_is_gone_and_no_other(start):
    scene = drawing(start)
    left = np.ones(8)
    left[:7] = 0
    alone = drawing({end: rows[7:] for end, rows in start.items()})
    some = ga.picture(faded(scene, jnp.asarray(left)), **SHEET)
    assert np.allclose(some, ga.picture(alone, **SHEET), atol=1e-6)


def test_without_a_target_the_loss_is_of_the_picture_alone(start):
    found = ga.fit(drawing, None, start, steps=5, loss=jnp.mean, **SHEET)
    assert np.isclose(found.losses[0], np.mean(ga.picture(drawing(start), **SHEET)), atol=1e-5)
    assert found.losses[-1] < found.losses[0]


@pytest.mark.exhaustive
def test_a_target_in_color_is_compared_in_color():
    def tinted(p):
        fill = ga.color(jax.nn.sigmoid(p["color"]))
        return ga.scene(ga.dots([(0, 0)], 15, fill=fill, blend=ga.ink(exposure=1)), box=BOX)

    def red(p):
        return jnp.where(jnp.linalg.norm(p) < 0.88, jnp.array([0.9, 0.3, 0.2]), 1.0)

    start = {"color": jnp.zeros(3)}
    found = ga.fit(tinted, red, start, steps=50, rate=0.4, scales=(1,), **SHEET)
    color = jax.nn.sigmoid(found.parameters["color"])
    assert np.allclose(color, [0.9, 0.3, 0.2], atol=0.03)


def test_the_example_in_the_docstring_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"ga": ga, "jax": jax}
    for example in doctest.DocTestParser().get_examples(ga.fit.__doc__):
        exec(example.source, names)
    assert names["found"].losses[-1] < names["found"].losses[0]
    assert (tmp_path / "found.svg").read_text().count("<path") >= 1


def wrong_scene(p):
    return p["a"]


def boxless(p):
    return ga.scene(ga.segments(p["a"], p["b"], blend=ga.ink(exposure=1)))


def over(p):
    return ga.scene(ga.segments(p["a"], p["b"]), box=BOX)


def empty(p):
    return ga.scene(box=BOX)


def branched(p):
    return drawing(p) if p["a"][0, 0] > 0 else over(p)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda s: ga.fit(wrong_scene, around, s), "the drawing returns .*: return ga.scene"),
        (lambda s: ga.fit(boxless, around, s), "the drawing has no box"),
        (lambda s: ga.fit(empty, around, s), "the drawing of the start is empty: return marks"),
        (lambda s: ga.fit(drawing, None, s, **SHEET), "loss cannot be .* 1 argument: .*no target"),
        (lambda s: ga.fit(drawing, around, s, loss=lambda x: x, **SHEET), "with 2 arguments"),
        (lambda s: ga.fit(over, around, s, **SHEET), "over.*blend='ink'"),
        (lambda s: ga.fit(branched, around, s), "the drawing cannot be traced: a Python `if`"),
        (lambda s: ga.fit(drawing, np.ones((3, 4)), s, **SHEET), r"target has shape \(3, 4\).*64"),
        (lambda s: ga.fit(drawing, lambda p: p, s, **SHEET), r"field of tones.*not.*\(2,\)"),
        (lambda s: ga.fit(drawing, around, {}), "start is {}: give arrays"),
        (lambda s: ga.fit(drawing, around, {"a": "x"}), "start holds a str: give arrays"),
        (lambda s: ga.fit(drawing, around, {**s, "a": s["a"] * np.nan}), "NaN or infinite"),
        (lambda s: ga.fit(drawing, around, s, **{"methods": "a"}), "no argument methods: write m"),
        (lambda s: ga.fit(drawing, around, s, method="adams"), "no method 'adams' in optax"),
        (lambda s: ga.fit(drawing, around, s, method=3), "method is 3"),
        (lambda s: ga.fit(drawing, around, s, scales=(1, -2)), "scales is .*radii of blur in mm"),
        (lambda s: ga.fit(drawing, around, s, prune=5), "draws at random: give it key=key"),
        (lambda s: ga.fit(drawing, around, s, steps=-1), "steps"),
        (lambda s: ga.fit(drawing, around, s, loss=lambda x, y: x - y, **SHEET), "loss has shape"),
        (
            lambda s: ga.fit(drawing, None, s, loss=lambda x: jnp.mean(x) * jnp.nan, **SHEET),
            "start is nan",
        ),
        (
            lambda s: ga.fit(
                lambda p: ga.scene(drawing(p), box=BOX),
                around,
                {**s, "c": np.zeros(3)},
                prune=2,
                key=jax.random.key(0),
                **SHEET,
            ),
            "each array needs a row for each stroke",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(start, call, said):
    with pytest.raises(ga.ArtError, match=said) as error:
        call(start)
    assert "\n" not in str(error.value)


def test_a_loss_that_becomes_nan_names_the_step(start):
    rows = np.asarray(start["a"], np.float32)

    def broken(p):  # as soon as anything has moved
        return jnp.where(jnp.abs(p["a"] - rows).max() > 1e-5, jnp.nan, 0.0)

    with pytest.raises(ga.ArtError, match="the loss is nan at step 1: a smaller rate"):
        ga.fit(drawing, around, start, steps=5, penalty=broken, **SHEET)


def test_a_fit_goes_on_by_its_own_method_only(found):
    with pytest.raises(ga.ArtError, match="by the method that it began with"):
        ga.fit(drawing, around, found, steps=30, method="sgd", **SHEET)
