"""What is said of a call that cannot be: one line that says what is wrong and what to write.

In plain Python, so that it is the same in a notebook.
"""

import pickle

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import gradart as ga

KEY = jax.random.key(1)
BOX = ((0, 0), (1, 1))
T = np.linspace(0, 1, 5)
POINTS = np.full((5, 2), 0.3)
CIRCLE, PEAKS = ga.circle(), ga.peaks()
SOLID = ga.Polyhedron(np.eye(4, 3), [(0, 1, 2), (0, 3, 1), (1, 3, 2), (2, 3, 0)])

A_KEY = "give a random key"
A_POINT = "takes a point .*not a number: ga.value"
CASES = {
    # No key, or not where it stands.
    "ga.noise(0)": "key is 0: " + A_KEY,
    "ga.waves(3)": A_KEY,
    "ga.bumps(None)": A_KEY,
    "ga.noise(jax.random.split(KEY, 3))": r"key is \(3,\) keys: give one",
    "ga.poisson(3, .1, BOX)": A_KEY,
    "ga.scatter(0, 10, BOX)": A_KEY,
    "ga.scatter(10, KEY, BOX)": A_KEY,
    # What is no field or curve is told of first.
    "ga.critical_points(3)": "3 is given for the field",
    "ga.streamlines(3, separation=.1)": "3 is given for the field",
    "ga.even_levels(3, 4)": "3 is given for the field",
    "ga.relief(3)": "3 is given for the field",
    "ga.envelope(3)": "family is 3: give a function of a number to a curve",
    "ga.envelope(lambda u, t: t)": "family cannot be called with 1 argument: give a",
    # Ends and tolerances.
    "ga.to_beziers(CIRCLE, None, 1)": "a is None: give the ends of the interval",
    "ga.to_beziers(CIRCLE, 0, 1j)": "b is 1j: give the ends of the interval",
    "ga.to_beziers(CIRCLE, 0, 1, True)": "tolerance is True: give one length",
    "ga.arc_length(CIRCLE, 0, 1, tolerance='a')": "tolerance is 'a': give one share",
    "ga.arc_length(CIRCLE, 0, 1, tolerance=-1)": "tolerance is -1: give one share",
    "ga.secant(CIRCLE, [0, 1], [1, 2, 3])": r"run is .*one for each t, shape \(2,\)",
    "ga.fields.polygon('a')": "points is 'a': give a number or an array",
    # What it is, with its article.
    "ga.photograph(3)": "its path, not an int",
    "ga.photograph(b'abc')": "its path, not bytes",
    "ga.text(3, (0, 0))": "sets a string, not an int",
    "ga.render(3, 'x.png')": "marks, a film or a sketch, not an int",
    # A size that is none.
    "ga.noise(KEY, size=0)": "size is 0: give one length above 0",
    "ga.noise(KEY, size=[.1, .2])": r"size is \[0.1, 0.2\]: give one length",
    "ga.noise(KEY, octaves=0)": "octaves is 0: give a whole number, 1 or more",
    "ga.noise(KEY, tile=0)": "tile is 0: give a length above 0",
    "ga.noise(KEY, box=3)": "box is 3",
    "ga.bumps(KEY, box=3)": "box is 3",
    "ga.bumps(KEY, width=-1)": "width is -1",
    "ga.waves(KEY, n=0)": "n is 0",
    "ga.poisson(KEY, [.1, .2], BOX)": r"distance is \[0.1, 0.2\]: give one length above 0",
    "ga.resample(POINTS, 2.5)": "n is 2.5: give a whole number",
    "ga.simplify(POINTS, [1, 2])": "tolerance is",
    "ga.contours(PEAKS, 5, resolution=0)": "resolution is 0",
    "ga.streamlines(PEAKS, separation=[.1])": r"separation is \[0.1\]",
    "ga.stream(lambda p: p, POINTS, step='a')": "step is 'a': give one number",
    "ga.relief(PEAKS, tilt=[1, 2])": "tilt is",
    "ga.camera([1, 2])": "azimuth is",
    "ga.circle('a')": "radius is 'a': give one number",
    "ga.circle(1, 2)": r"center is 2: give a point \(x, y\)",
    "ga.harmonograph(phases=(1, 2))": r"phases is \(1, 2\): give 4 numbers",
    "ga.bump(width=0)": "width is 0",
    "ga.fields.blend(PEAKS, soft=0)": "soft is 0",
    "ga.offset(CIRCLE, [1, 2])": "distance is",
    "ga.arc_length(CIRCLE, 'a', 1)": "a is 'a'",
    "ga.bezier('a')": "points is 'a'",
    # A factory for what it makes.
    "ga.descend(ga.himmelblau, POINTS)": r"write ga.himmelblau\(\)",
    "ga.jet(ga.circle, T, order=1)": r"write ga.circle\(\)",
    "ga.gradient(ga.noise, POINTS)": r"write ga.noise\(key\)",
    "ga.value(ga.fields.disk, POINTS)": r"write ga.fields.disk\(\)",
    "ga.contours(ga.peaks, 5)": r"write ga.peaks\(\)",
    "ga.relief(ga.peaks)": r"write ga.peaks\(\)",
    "ga.streamlines(ga.peaks, separation=.1)": r"write ga.peaks\(\)",
    "ga.critical_points(ga.peaks)": r"write ga.peaks\(\)",
    "ga.evolute(ga.heart)": r"write ga.heart\(\)",
    "ga.curve(ga.heart, 0, 1)": r"write ga.heart\(\)",
    "ga.fields.add(PEAKS, ga.peaks)": r"write ga.peaks\(\)",
    "ga.value(dict, POINTS)": "it is a class: give a function, or what the class makes, dict",
    "ga.render(dict, 'a.gif')": "marks, a film or a sketch, not the class dict",
    "ga.jet(lambda: CIRCLE, T, 1)": "it takes nothing: if it makes a function, call it",
    "ga.jet(lambda r: CIRCLE, T, 1)": r"returns a function: it makes a curve, so call it",
    # A curve for a field, a field for a curve, the order of arguments.
    "ga.value(CIRCLE, T)": r"ga.point\(curve, t\)",
    "ga.value(CIRCLE, .5)": r"ga.point\(curve, t\)",
    "ga.value(CIRCLE, POINTS)": r"ga.point\(curve, t\)",
    "ga.gradient(CIRCLE, POINTS)": "is a curve: a field takes a point",
    "ga.contours(CIRCLE, 5, box=BOX)": "is a curve: a field takes a point",
    "ga.point(PEAKS, T)": A_POINT,
    "ga.point(lambda p: p[0] * p[1], T)": r"takes a point, and not a number: ga.value\(field, p\)",
    "ga.speed(PEAKS, T)": A_POINT,
    "ga.jet(PEAKS, T, order=1)": A_POINT,
    "ga.jet(T, CIRCLE, order=1)": "t is the function curve: .* a function is given before them",
    "ga.contours(5, PEAKS)": "5 is given for the field: give a function",
    "ga.offset(.1, CIRCLE)": "0.1 is given for the plane curve",
    # A random key for numbers, and other things for an interval.
    "ga.lines(KEY)": "points must be numbers, not a random key",
    "ga.dots(POINTS, KEY)": "radius must be numbers, not a random key",
    "ga.text('a', KEY)": "must be numbers, not a random key",
    "ga.color(KEY)": "not a random key",
    "ga.clip(KEY, BOX)": "paths must be numbers, not a random key",
    "ga.point(CIRCLE, KEY)": "t is a random key: give numbers",
    "ga.gradient(PEAKS, KEY)": "p is a random key: give numbers",
    "ga.scatter(KEY, KEY, BOX)": "n is a random key: give a whole number",
    "ga.arc_length(CIRCLE, None, 1)": "a is None: give the ends of the interval, a < b",
    "ga.cusps(CIRCLE, 0, POINTS)": r"b is an array of shape \(5, 2\): give the ends",
    "ga.curve(CIRCLE, ga.scene(), 1)": "a is a Scene: give the ends of the interval",
    "ga.to_beziers(CIRCLE, KEY, 1)": "a is a random key: give the ends of the interval",
    "ga.secant(CIRCLE, T, POINTS)": r"run is an array of shape \(5, 2\): give one number",
    "ga.taylor_arcs(CIRCLE, T, T[1:])": r"reach is an array of shape \(4,\): give one number",
    "ga.taylor_beziers(CIRCLE, T, T[1:])": r"reach is .*one for each t, shape \(5,\)",
    "ga.safe_norm(1.)": "v is a single number: give points",
    "ga.envelope(POINTS)": r"family is an array of shape \(5, 2\): give a function of a number",
    "ga.fourier(POINTS)": r"coefficients is an array .*: give complex numbers, shape \(n,\)",
    "ga.fourier('abc')": "coefficients is 'abc': give complex numbers",
    "ga.many(PEAKS, 3)": "takes a number of blocks, not the function field",
    "ga.ink(ga.scene())": "exposure is a number above 0, like 1, not a Scene",
    "ga.colormap(POINTS)": r"like 'viridis', not an array of shape \(5, 2\)",
    "ga.tabulated(np.ones((3, 3)), box=object())": "box is a object",
    "ga.noise(KEY)(0.3)": r"1 to 8 coordinates, and not a number: write jnp.array\(\[t\]\)",
    # Another number of coordinates.
    "ga.himmelblau()(jnp.zeros(3))": r"himmelblau takes .*shape \(2,\), not .* \(3,\)",
    "ga.value(PEAKS, jnp.zeros((4, 3)))": r"peaks takes .*shape \(2,\), not .* \(3,\)",
    "ga.bumps(KEY)(jnp.zeros(3))": r"bumps takes .*shape \(2,\), not .* \(3,\)",
    "ga.photograph()(jnp.zeros(3))": r"the field takes .*shape \(2,\), not .* \(3,\)",
    "ga.noise(KEY)(POINTS)": r"noise takes a point .* \(5, 2\); ga.value\(field, points\)",
    # No surface, camera or mesh.
    "ga.silhouettes(3., ga.camera())": "silhouettes takes a surface, .* and not 3.0",
    "ga.edges(PEAKS)": "edges takes a surface, .* and not the function field",
    "ga.parallels(SOLID, (0, 0, 1), T, T)": "parallels takes a surface, .* not a Polyhedron",
    "ga.focal_lines(None, (0, 0, 1), T, length=1)": "focal_lines takes a surface, .* not None",
    "ga.silhouettes(SOLID, BOX)": r"eye is .*: give a camera, ga.camera\(\)",
    "ga.opaque(SOLID, None)": r"eye is None: give a camera, ga.camera\(\)",
    "ga.creases(SOLID, '3')": "angle is '3': give one angle in degrees, 0 or more",
    "ga.creases(SOLID, np.nan)": "angle is nan: give one angle in degrees",
    "ga.mesh('a.obj', up=T)": r"up is an array of shape \(5,\): give 'y' or 'z'",
    "ga.Polyhedron(T, [[0, 1, 2]])": r"points is an array of shape \(5,\): give points in space",
    "ga.Polyhedron(np.eye(3) * np.nan, [[0, 1, 2]])": "coordinates are finite",
    "ga.Polyhedron(np.eye(3), [0, 1, 2])": r"triangles is \[0, 1, 2\]: give three numbers",
    "ga.Polyhedron(np.eye(3), [[0, 1, 3]])": "not there: give whole numbers from 0 to 2",
    "ga.Polyhedron(np.eye(3), [[0, 1, -1]])": "not there: give whole numbers from 0 to 2",
    "ga.Polyhedron(np.eye(3), [[0, 1.5, 2]])": "not there: give whole numbers from 0 to 2",
    "ga.Polyhedron(np.ones((3, 3)), [[0, 1, 2]])": "no triangle of this mesh has an area",
    "ga.tabulated(np.eye(5)).place(1, 2)": "does not say where it lies",
    "ga.terrain().place(1, 95)": "latitude is 95.0: give degrees from -90 to 90",
    "ga.terrain().place(1j, 5)": "longitude is complex",
    # Functions of other arguments.
    "ga.orbit_diagram(lambda x: x, T, .3)": "map cannot be called with 2 arguments: .*lambda x, r",
    "ga.swallowtails(lambda a, b: a, 0, 1, box=BOX)": "family cannot be called with 1 argument",
    "ga.swallowtails(lambda p: p * p[0], 0, 1, box=BOX)": "family takes a point: .*lambda s",
    "ga.flow_map(lambda: 1, 1.)": "velocity cannot be called with 1 argument: .*lambda p: ...",
    "ga.basins(lambda p, q: p, BOX)": "walk cannot be called with 1 argument: .*ga.descend",
    "ga.reaction_diffusion(abs, (np.eye(3),) * 2, 1, diffusion=(1, 1), steps=1)": "react cannot",
    "ga.zeros_and_poles(lambda z, w: z, BOX)": "the complex function: it is called with one",
    "ga.branch_cuts(lambda z: None, BOX)": "the complex function returns nothing",
    "ga.caustics(3, box=BOX)": "3 is given for the map: give a function, as lambda p: 2",
    "ga.domain_coloring(abs, BOX, resolution=2, wheel=abs)": "wheel makes an array .*give a ramp",
    # Rows that differ in length, texts among numbers, and numbers beyond all floats.
    "ga.stream(PEAKS, [[0, 0], [0, 0, 0]])": r"starts is \[\[0, 0\], \[0, 0, 0\]\]: give a number",
    "ga.stream(PEAKS, [])": r"starts has shape \(0,\): give points",
    "ga.poincare(PEAKS, [], PEAKS)": r"starts has shape \(0,\): give points",
    "ga.caustics(lambda p: p, box=(('a', 0), (1, 1)))": r"box is \(\('a', 0\), .*give a number",
    "ga.heat_equation(np.eye(4), 10**400)": "time is 1000.*: give a number",
    "ga.cusps(CIRCLE, 0, 10**400)": "b is 1000.*: give the ends of the interval",
    "ga.heat_equation([KEY], 1)": "start holds random keys",
    "ga.stream(lambda p: p, POINTS, step=1e300)": r"step is 1e\+300: .*3.4e\+38 at most",
    # More than memory holds, or than a float squared.
    "ga.grid(10**30, 3, BOX)": "rows is 1000000.*: give a whole number, 1,073,741,824 at most",
    "ga.stream(PEAKS, POINTS, steps=10**9)": "steps is 1,000,000,000, each with 10 numbers",
    "ga.caustics(abs, box=BOX, resolution=10**6)": "a grid of 1,000,000 by 1,000,000 points",
    "ga.heat_equation(np.eye(4), 1, box=((0, 0), (1e-300, 1)))": "a box has sides of 1e-300 and 1",
    "ga.heat_equation(np.eye(4), 1, heights=1e300 * np.eye(4))": "heights holds 4 numbers that are",
    # Arguments that there are not.
    "ga.contours(ga.peaks)": "ga.contours needs 'levels'; it takes field, levels",
    "ga.lines(T, T)": r"ga.lines takes points without a name.*jnp.stack\(\[x, y\], -1\)",
    "ga.lines(T)": r"jnp.stack\(\[x, y\], -1\) makes points of x and y",
    "ga.dots(T, T)": r"jnp.stack\(\[x, y\], -1\) makes points of x and y",
    "ga.lines(POINTS, lw=2)": "ga.lines has no argument lw: write width",
    "ga.lines(POINTS, strok=2)": "has no argument strok: write stroke; it takes points, closed",
    "ga.segments(POINTS, POINTS, closed=True)": "has no argument closed; it takes start",
    "ga.curve(CIRCLE, 0, 1, stroke_width=2)": "ga.curve has no argument stroke_width",
    "ga.polygons(POINTS, blend='ink')": "ga.polygons has no argument blend; it takes points",
    "ga.text('a', (0, 0), sise=2)": "ga.text has no argument sise: write size; it takes string, at",
    "ga.digits(1, (0, 0), aline='left')": "ga.digits has no argument aline: write align",
    "ga.streamlines(PEAKS, .1)": "ga.streamlines takes flow without a name, and by name separation",
    # No flag, no word, no divisor, no pictures.
    "ga.delaunay(POINTS, edges='yes')": "edges is 'yes': give True or False",
    "ga.delaunay(POINTS, edges=POINTS)": r"edges is an array of shape \(5, 2\): give True or False",
    "ga.color_blind('red', [])": r"kind is \[\]: give 'protan', 'deutan' or 'tritan'",
    "ga.lines(POINTS, blend=POINTS)": "blend is 'over', 'ink' or 'light', not an array",
    "ga.worley(KEY, nth=[])": r"nth is \[\]: give 1 for the nearest point",
    "ga.superformula(n1=0)": "n1 is 0: give one number, not 0",
    "ga.looped(ga.noise(KEY), .3)(.3)": "the field takes a point of 1 to 8 coordinates",
    "ga.safe_norm(POINTS, axis='a')": "axis is 'a': give a whole number",
    "ga.window(np.ones((3, 5, 2)), [0, .1], 1)": r"start has shape \(2,\): give one number",
    "ga.window(POINTS, [0, .1], [.5, .6, .7])": r"end has shape \(3,\): give one number",
    "ga.losses.tone(None, POINTS)": "seen is None: give a number",
    "ga.page(margin='a')": "margin is 'a': give millimeters",
    "ga.render(ga.scene(), format=3)": 'write what it becomes, like format="png", not 3',
    "ga.contours(PEAKS, 10**400)": "levels is 1000.*: give a whole number, 1,073,741,824 at most",
    # The same of classes, what is called like a function, and methods.
    "ga.Polyhedron(POINTS, triangle=T)": "ga.Polyhedron has no argument triangle: write triangles",
    "ga.Range(1, 2, 3)": "ga.Range takes low and high without a name: here are 3",
    "ga.terrain().place(lon=3, latitude=4)": "ga.Sampled.place has no argument lon; it takes long",
    "ga.camera()(ponts=1)": "a Camera has no argument ponts: write points",
    "ga.palette('tide').pick()": "ga.Palette.pick needs 'key' and 'n'; it takes key, n, weights",
    "ga.palette('tide').ramp(0, 1)": "a Ramp takes x without a name: here are 2",
    "ga.scene().save('x.png', pix=3)": "ga.render has no argument pix: write px",
    # The same of what factories make, of these by what they are given, and of a module's functions.
    "ga.circle()()": "the function that ga.circle makes needs 't'; it takes t",
    "ga.circle()(1, 2)": "the function that ga.circle makes takes t without a name: here are 2",
    "ga.peaks()(point=POINTS)": "the function that ga.peaks makes has no argument point; it takes",
    "ga.offset(CIRCLE, .1)(t=1, d=2)": "the function that ga.offset makes has no argument d",
    "ga.keyframes({0: 1., 1: 2.})()": "the function that ga.keyframes makes needs 'u'",
    "ga.sketch(page='a4')(1, 2)": "the function that ga.sketch makes takes f without a name",
    "ga.heart()('a')": "t is 'a': give a number",
    "ga.butterfly()(None)": "t is nothing: give a number",
    "ga.curves.line()(ga.scene())": "t is a Scene: give a number",
    "ga.bezier(POINTS)(POINTS)": r"shape \(5, 2\): give a number; ga.point\(curve, t\) is of many",
    "ga.evolute(CIRCLE)([1, 2])": r"t is \[1, 2\]: give a number; ga.point\(curve, t\) is of many",
    "ga.ramp('red', 'blue')(None)": "x is None: give a number",
    "ga.curl(PEAKS)(KEY)": "p is a random key: give a number or an array of numbers",
    "ga.householder(lambda z: z)(T)": r"householder takes a point .* \(5,\)",
    "ga.circle(1, (0, 0), 2)": "ga.circle takes radius and center without a name: here are 3",
    "ga.curves.line(star=3)": "ga.curves.line has no argument star: write start",
    "ga.losses.tone(POINTS)": "ga.losses.tone needs 'wanted'; it takes seen, wanted",
    "ga.fields.disks": "ga.fields has no disks: write disk",
    "ga.losses.color": "ga.losses has no color: it has density, edges, similarity, tone",
    # Names that there are not.
    "ga.push": r"there is no state to keep; points are turned by ga.rotate\(points, degrees\)",
    "ga.sin": "gradart has no sin: write jnp.sin",
    "ga.roll": "gradart has no roll: write jnp.roll",
    "ga.pi": "gradart has no pi: write jnp.pi",
    "ga.vmap": "gradart has no vmap: write jax.vmap",
    "ga.map_range": "gradart has no map_range: write jnp.interp",
    "ga.vertex": "gradart has no vertex: write lines",
    "ga.odeint": "gradart has no odeint: write stream",
    "ga.smooth": "gradart has no smooth: dir",
    "ga.margin": r"the margin is ga.sketch\(margin=20\), in mm",
    "ga.setup": r"below @ga.sketch returns: ga.scene\(",
    "ga.rect": r"gradart has no rect: .*ga.lines\(.*closed=True\)",
    "ga.plot": "gradart has no plot: write lines",
    "ga.peeks": "gradart has no peeks: write peaks",
    "ga.vornoi": "gradart has no vornoi: write voronoi",
    "ga.quaternion": r"gradart has no quaternion: dir\(ga\) lists what it has",
}


@pytest.mark.parametrize("call", CASES)
def test_a_wrong_call_is_told_in_one_line(call):
    with pytest.raises(ga.ArtError, match=CASES[call]) as told:
        eval(call)
    assert "\n" not in str(told.value)
    assert "0x" not in str(told.value)  # where an object lies in memory says nothing


@pytest.mark.parametrize(
    "use",
    [
        lambda u: ga.clip(u * POINTS, u * POINTS),
        lambda u: ga.simplify(POINTS, u),
        lambda u: ga.dash(u * POINTS, [0.1]),
        lambda u: ga.contours(lambda p: u * p[0], 3, box=BOX),
        lambda u: ga.even_levels(lambda p: u * p[0], 3, box=BOX),
        lambda u: ga.streamlines(PEAKS, separation=0.1),
        lambda u: ga.poisson(KEY, 0.1, BOX),
        lambda u: ga.trimmed_offset(CIRCLE, u, 0, 6),
        lambda u: ga.creases(SOLID, u),
        lambda u: ga.period_doublings(lambda x, r: u * r * x * (1 - x), 0.3, 2.8, 3.2),
    ],
)
def test_what_needs_numbers_says_so_in_a_frame(use):
    with pytest.raises(ga.ArtError, match=r"call it before the frame; in it ga\.window") as told:
        jax.jit(use)(0.5)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "use",
    [
        lambda u: ga.Polyhedron(u * np.eye(3), [(0, 1, 2)]).points,
        lambda u: ga.terrain().place(u, 36.1),
        lambda u: ga.morse_smale(lambda p: u * p[0], box=BOX, resolution=8).saddles,
    ],
)
def test_what_would_lose_a_derivative_says_so(use):
    with pytest.raises(ga.ArtError, match="differentiated") as told:
        jax.jacfwd(use)(0.5)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("field", [ga.noise(KEY), ga.waves(KEY), PEAKS, ga.photograph()])
def test_a_point_may_be_a_list_with_the_playhead(field):
    np.testing.assert_allclose(
        jax.jit(lambda u: field([0.3, u]))(0.5), field(jnp.array([0.3, 0.5])), rtol=1e-5
    )


def test_a_distance_may_be_a_number_of_jax():
    found = ga.trimmed_offset(CIRCLE, jnp.asarray(0.25), 0, 6, n=50)
    np.testing.assert_array_equal(found, ga.trimmed_offset(CIRCLE, 0.25, 0, 6, n=50))


def test_what_stands_still_is_clipped_in_a_frame():
    jax.jit(lambda u: u * ga.clip(POINTS, BOX))(0.5)


def test_a_frame_with_clip_is_computed_anew_each_time(tmp_path):
    def frame(u):
        moving = u + POINTS * [[0], [1], [2], [3], [4]]
        return ga.scene(ga.lines(ga.clip(moving, [(0, 0), (1, 0), (1, 1)])), box=BOX)

    with pytest.warns(ga.ArtWarning, match=r"cannot be traced: ga.clip has as many points as it"):
        ga.render(frame, tmp_path / "a.gif", seconds=0.2, fps=10, px=20)
    assert (tmp_path / "a.gif").exists()


@pytest.mark.parametrize("key", [jax.random.PRNGKey(5), jax.random.key(5)], ids=["old", "new"])
def test_a_key_of_either_kind_draws_the_same(key):
    same = jax.random.key(5)
    for draw in (lambda k: ga.scatter(k, 3, BOX), lambda k: ga.noise(k)(jnp.array([0.3, 0.2]))):
        np.testing.assert_array_equal(draw(key), draw(same))
    np.testing.assert_array_equal(ga.poisson(key, 0.3, BOX), ga.poisson(same, 0.3, BOX))


def test_a_name_that_there_is_not_is_no_attribute():
    assert not hasattr(ga, "smooth")
    assert getattr(ga, "smooth", None) is None


def test_a_public_function_is_one_object_that_is_found_by_its_name():
    assert ga.lines is ga.lines
    assert pickle.loads(pickle.dumps(ga.lines)) is ga.lines
    assert ga.lines.__doc__.startswith("Polylines")


def test_an_error_inside_a_function_stays_what_it_is():
    def field(p):
        return p[0] + "a"

    with pytest.raises(TypeError, match=r"unsupported|add"):
        ga.gradient(field, POINTS)


@pytest.mark.parametrize("of", [ga.curvature, ga.speed, ga.tangent], ids=lambda f: f.__name__)
def test_what_is_asked_at_no_points_is_no_points(of):
    assert of(CIRCLE, []).shape[:1] == (0,)
    assert ga.gradient(PEAKS, np.empty((0, 2))).shape == (0, 2)
