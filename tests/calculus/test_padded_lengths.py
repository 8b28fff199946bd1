"""Arrays of many lengths are computed by few programs, to the same numbers."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from sampling import some

import gradart as ga
from gradart.calculus.programs import padded_lengths

PROGRAMS = []  # compiled since this file was read
FIELD = ga.peaks()
CURVE = ga.spiral()
OPERATIONS = {
    "resample": lambda p: ga.resample(p, 50),
    "value": lambda p: ga.value(FIELD, p),
    "gradient": lambda p: ga.gradient(FIELD, p),
    "jet": lambda p: ga.jet(CURVE, p[:, 0], 3),
    "tangent": lambda p: ga.tangent(CURVE, p[:, 0]),
    "curvature": lambda p: ga.curvature(CURVE, p[:, 0]),
    "window": lambda p: ga.window(p, 0.21, 0.77),
    "rotate": lambda p: ga.rotate(p, 30.0, (1, 2)),
    "ramp": lambda p: ga.ramp("#1b1b1e", "#c2410c")(p[:, 0]),
    "segments": lambda p: ga.segments(ga.scale(p, 2), ga.translate(p, (1, 0))).shape.points,
}


def listen(event, seconds, **_):
    if event.endswith("/backend_compile_duration"):
        PROGRAMS.append(seconds)


jax.monitoring.register_event_duration_secs_listener(listen)


def paths(lengths):
    key = np.random.default_rng(0)
    return [key.normal(size=(n, 2)) for n in lengths]


@pytest.mark.parametrize("name", some(OPERATIONS))
def test_sixty_lengths_take_at_most_six_programs(name):
    OPERATIONS[name](*paths([3]))  # compiles what is no array's, like an angle's sine, too
    before = len(PROGRAMS)
    for path in paths(range(40, 100)):
        OPERATIONS[name](path)
    assert 0 < len(PROGRAMS) - before <= 6


def test_hatches_and_cuts_of_many_lengths_are_differentiated_by_the_same_programs():
    square = np.array([(0.0, 0.0), (1.0, 0.1), (0.9, 1.2), (-0.1, 1.0)])

    def drawn(size, gap):
        lines = ga.lines(ga.hatch(size * square, gap))
        return [mark.shape.points for mark in ga.occlude(lines, ga.polygons(square / 2))]

    shapes, counts = set(), []
    for size in np.linspace(1, 2, 8):
        before = len(PROGRAMS)
        rows, changes = jax.jvp(lambda gap, size=size: drawn(size, gap), (0.2,), (1.0,))
        shapes |= {x.shape for x in rows}
        counts.append(len(PROGRAMS) - before)
        assert all(np.abs(x).max() > 0.1 for x in changes)
    assert len(shapes) >= 6
    # `occlude` takes all that is given to it at once, of as many points as there are.
    assert all(count <= 4 for count in counts[1:]), counts


@pytest.mark.parametrize("name", some(OPERATIONS))
def test_a_result_is_what_it_is_at_its_own_length(name, monkeypatch):
    given = paths([2, 33, 1100])
    lifted = given[1].copy()
    lifted[[0, 7, -1]] = np.nan
    with jax.enable_x64(True):
        few = [OPERATIONS[name](path) for path in (*given, lifted)]
        monkeypatch.setattr(padded_lengths, "length", lambda n: n)
        for path, found in zip((*given, lifted), few, strict=True):
            own = OPERATIONS[name](path)
            assert (found.shape, found.dtype) == (own.shape, own.dtype)
            # A compiled loop ends with numbers that it takes one by one, and rounds otherwise.
            scale = np.nanmax(np.abs(own), initial=0)
            np.testing.assert_allclose(found, own, rtol=0, atol=1e-14 * scale)


def test_of_the_rows_of_nan_that_pad_lines_one_is_computed(monkeypatch):
    lines = np.full((40, 1000, 2), np.nan)
    for line, n in zip(lines, range(100, 500, 10), strict=True):
        line[:n] = np.random.default_rng(n).normal(size=(n, 2))
    computed = []

    def land(a, p):
        return jnp.where(jnp.isnan(p[0]), 7.0, jnp.sin(a * p[0]) * p[1])

    def found(a):
        return ga.value(lambda p: land(a, p), lines), ga.gradient(lambda p: land(a, p), lines)

    def noting(arrays, n, pick=padded_lengths._with_one_blank):
        computed.append(len(pick(arrays, n)[0]))
        return pick(arrays, n)

    with jax.enable_x64(True):
        monkeypatch.setattr(padded_lengths, "_with_one_blank", noting)
        some = found(2.0), jax.jacfwd(found)(2.0)
        monkeypatch.setattr(padded_lengths, "_with_one_blank", lambda arrays, n: None)
        whole = found(2.0), jax.jacfwd(found)(2.0)
        jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-13), some, whole)
    assert (np.asarray(some[0][0]) == 7).sum() == np.isnan(lines[..., 0]).sum()
    ink = np.isfinite(lines[..., 0]).sum()
    assert computed
    assert all(ink < rows <= 1.2 * ink for rows in computed)
    # A row with a number in it is none of them, and few spare nothing.
    mixed = lines.reshape(-1, 2).copy()
    mixed[:, 1] = 0
    monkeypatch.undo()
    assert padded_lengths._with_one_blank([mixed], len(mixed)) is None


def test_what_is_done_to_rows_is_done_to_each_of_any_leading_axes():
    rows = np.random.default_rng(0).normal(size=(3, 7, 2))
    found = ga.gradient(FIELD, rows)
    one = [[ga.gradient(FIELD, p) for p in row] for row in rows]
    np.testing.assert_allclose(found, one, rtol=1e-5, atol=1e-6)
    assert ga.value(FIELD, rows[:0]).shape == (0, 7)


def test_a_warning_counts_no_row_twice():
    with pytest.warns(ga.ArtWarning, match=r"at the point \(0, 0\): "):
        ga.gradient(lambda p: jnp.linalg.norm(p), np.array([(1.0, 1.0), (0.0, 0.0)]))


def test_shapes_stay_as_they_are_where_anything_is_traced():
    path = np.ones((5, 2))
    for what in (lambda u: ga.value(FIELD, u * path), lambda u: u * ga.value(FIELD, path)):
        jaxpr = jax.make_jaxpr(what)(1.0).jaxpr
        assert str(padded_lengths.LEAST) not in str(jaxpr)


@pytest.mark.exhaustive
def test_derivatives_go_through_points_and_through_what_a_function_closes_over():
    path = np.random.default_rng(0).normal(size=(5, 2))

    def total(a):
        moved = ga.resample(ga.rotate(a * path, 10 * a), 7)
        return ga.value(lambda p: jnp.sin(a * p[0]) * p[1], moved).sum()

    with jax.enable_x64(True):
        h = 1e-6
        slope = (total(1.3 + h) - total(1.3 - h)) / (2 * h)
        np.testing.assert_allclose(jax.grad(total)(1.3), slope, rtol=1e-7)
        np.testing.assert_allclose(jax.jvp(total, (1.3,), (1.0,))[1], slope, rtol=1e-7)

        def closed(a):
            return ga.value(lambda p: jnp.sin(a * p[0]) * p[1], path).sum()

        slope = (closed(1.3 + h) - closed(1.3 - h)) / (2 * h)
        np.testing.assert_allclose(jax.grad(closed)(1.3), slope, rtol=1e-7)


def test_an_array_that_is_written_to_afterwards_has_changed_nothing():
    with jax.enable_x64(True):
        path = np.ones((padded_lengths.LEAST, 2))
        given = padded_lengths.lifted(path)
        path[:] = 0
        assert (np.asarray(given) == 1).all()
