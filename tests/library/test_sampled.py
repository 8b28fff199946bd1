"""Sampled fields against scipy's splines, analytic functions, and real pictures."""

import dataclasses
import functools
import os
import re

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hostile import huge_png
from PIL import Image
from sampling import mapped, scattered
from scipy import interpolate, ndimage

from gradart.calculus.derivatives import gradient, hessian, jet, value
from gradart.errors import ArtError
from gradart.library.boxed_fields import UNIT
from gradart.library.sampled import photograph, tabulated, terrain
from gradart.library.splines import rested as at_rest

pytestmark = pytest.mark.usefixtures("double")


def table(f, rows, columns, box):
    (x0, y0), (x1, y1) = box
    x, y = np.meshgrid(np.linspace(x0, x1, columns), np.linspace(y0, y1, rows))
    return np.asarray(jax.vmap(jax.vmap(f))(jnp.stack([x, y], axis=-1)))


@pytest.mark.parametrize("degree", [3, 5])
def test_value_gradient_and_hessian_are_those_of_scipys_tensor_spline(degree):
    rows, columns, box = 23, 31, ((-2.0, 1.0), (3.0, 4.0))
    heights = np.random.default_rng(1).normal(size=(rows, columns))
    field = tabulated(heights, box=box, degree=degree)
    # The mirror: knots and coefficients as scipy's B-splines want them, some rows and columns
    # further.
    around = ndimage.spline_filter(heights, degree, mode="mirror")
    around = np.pad(around, degree // 2, mode="reflect")
    knots = tuple(np.arange(-degree, n + degree, dtype=float) for n in (rows, columns))
    oracle = interpolate.NdBSpline(knots, around, degree)
    p = scattered(box, 500)
    per = np.array([(columns - 1) / 5, (rows - 1) / 3])  # cells in a unit, along x and y
    u = ((p - box[0]) * per)[:, ::-1]

    def derivative(nx, ny):
        return oracle(u, nu=(ny, nx)) * per[0] ** nx * per[1] ** ny

    np.testing.assert_allclose(mapped(field)(p), derivative(0, 0), atol=1e-12)
    gradient = np.stack([derivative(1, 0), derivative(0, 1)], axis=-1)
    np.testing.assert_allclose(mapped(jax.grad(field))(p), gradient, atol=1e-11)
    hessian = mapped(jax.hessian(field))(p)
    np.testing.assert_allclose(hessian[:, 0, 0], derivative(2, 0), atol=1e-9)
    np.testing.assert_allclose(hessian[:, 0, 1], derivative(1, 1), atol=1e-9)
    np.testing.assert_allclose(hessian[:, 1, 1], derivative(0, 2), atol=1e-9)


@pytest.mark.parametrize("degree", [3, 5])
def test_it_passes_through_its_samples_the_bottom_row_first(degree):
    heights = np.random.default_rng(2).normal(size=(4, 7))
    field = tabulated(heights, degree=degree)
    assert field.box == ((-1.0, -0.5), (1.0, 0.5))
    x, y = np.meshgrid(np.linspace(-1, 1, 7), np.linspace(-0.5, 0.5, 4))
    np.testing.assert_allclose(
        jax.vmap(jax.vmap(field))(jnp.stack([x, y], axis=-1)), heights, atol=1e-12
    )


def test_of_degree_5_it_is_any_polynomial_of_that_degree_far_from_the_edge():
    """The mirror at the edge is felt less by half from sample to sample."""

    def f(x, y):
        return x**5 - 2 * x**2 * y**3 + y**4 - x * y

    x, y = np.meshgrid(np.linspace(-1, 1, 101), np.linspace(-1, 1, 91))
    p = scattered(((-0.2, -0.2), (0.2, 0.2)), 50)
    field = tabulated(f(x, y), box=((-1, -1), (1, 1)), degree=5)
    np.testing.assert_allclose(mapped(field)(p), f(*p.T), atol=1e-12)
    third = mapped(jax.jacfwd(jax.jacfwd(jax.jacfwd(field))))(p)
    np.testing.assert_allclose(third[:, 0, 0, 0], 60 * p[:, 0] ** 2, atol=1e-6)
    np.testing.assert_allclose(third[:, 0, 1, 1], -24 * p[:, 0] * p[:, 1], atol=1e-6)


@pytest.mark.exhaustive
@pytest.mark.parametrize("degree", [3, 5])
def test_the_error_falls_by_the_degree_and_that_of_its_derivatives_by_as_many_powers_less(degree):
    def wave(p):  # even about the edges of the box, as the mirror wants it
        return jnp.cos(2 * jnp.pi * p[0]) * jnp.cos(3 * jnp.pi * p[1])

    p = scattered(UNIT, 400)
    errors = []
    for n in (33, 65, 129):
        field = tabulated(table(wave, n, n, UNIT), degree=degree)
        value = mapped(field)(p) - mapped(wave)(p)
        highest = [
            jax.jacfwd(jax.hessian(f)) if degree == 5 else jax.hessian(f) for f in (field, wave)
        ]
        slope = mapped(highest[0])(p) - mapped(highest[1])(p)
        errors.append((float(jnp.abs(value).max()), float(jnp.abs(slope).max())))
    slopes = np.log2(np.array(errors[:-1]) / np.array(errors[1:]))
    expected = [degree + 1, 3 if degree == 5 else 2]
    np.testing.assert_allclose(slopes, [expected, expected], atol=0.2)


@pytest.mark.exhaustive
@pytest.mark.parametrize("degree", [3, 5])
def test_derivatives_go_on_across_its_knots_and_that_of_its_degree_jumps(degree):
    field = tabulated(np.random.default_rng(3).normal(size=(9, 9)), degree=degree)
    line = lambda x: field(jnp.array([x, 0.1]))  # noqa: E731
    knots = np.linspace(-1, 1, 9)[1:-1]
    before, after = jnp.stack([jet(line, knots + away, degree) for away in (-1e-9, 1e-9)])
    jumps = jnp.abs(after - before).max(1)
    assert max(jumps[:degree]) < 10.0 ** (degree - 8)
    assert jumps[degree] > 1e3


def test_outside_its_box_the_value_is_that_of_the_edge_and_the_slope_across_it_is_0():
    field = tabulated(np.random.default_rng(4).normal(size=(8, 8)))
    slope = jax.jit(jax.grad(field))
    inside, edge, outside = (jnp.array([x, 0.3]) for x in (1 - 1e-9, 1.0, 1.7))
    np.testing.assert_allclose(field(outside), field(edge), atol=1e-12)
    np.testing.assert_allclose(slope(outside), slope(edge), atol=1e-9)
    np.testing.assert_allclose(slope(inside), slope(edge), atol=1e-6)
    assert slope(edge)[0] == pytest.approx(0, abs=1e-9)
    bend = jax.jit(jax.hessian(field))
    np.testing.assert_allclose(bend(edge), bend(inside), atol=1e-5)


def test_it_is_a_pytree_whose_coefficients_are_arguments_of_jit():
    compiled = []

    @jax.jit
    def height(field, p):
        compiled.append(1)
        return field(p)

    p = jnp.array([0.2, 0.4])
    for seed in (0, 1):
        field = tabulated(np.random.default_rng(seed).normal(size=(6, 6)))
        np.testing.assert_allclose(height(field, p), field(p), rtol=1e-12)
    assert len(compiled) == 1
    assert tabulated(np.eye(5))(jnp.zeros(2, jnp.float32)).dtype == jnp.float64  # as its table


def test_the_sample_photograph_is_upright_with_tones_from_0_to_1():
    grace = photograph()
    (x0, y0), (x1, y1) = grace.box
    assert (y1 - y0, (x1 - x0) / (y1 - y0)) == (2.0, pytest.approx(511 / 599))
    assert 0 <= grace.low < 0.1
    assert grace.high == pytest.approx(1, abs=0.01)
    assert grace(jnp.array([0.1, -0.95])) < 0.2  # the dark uniform is below the lit face
    assert grace(jnp.array([0.0, 0.25])) > 0.5


PIXELS = np.random.default_rng(0).integers(0, 256, (20, 30, 3), dtype=np.uint8)


@pytest.mark.parametrize("suffix", ["png", "tiff", "webp", "bmp"])
def test_lossless_pictures_give_the_luma_of_their_pixels(tmp_path, suffix):
    file = tmp_path / f"p.{suffix}"
    Image.fromarray(PIXELS).save(file, **({"lossless": True} if suffix == "webp" else {}))
    luma = PIXELS / 255 @ [0.2126, 0.7152, 0.0722]
    field = photograph(file, smooth=0)
    assert (field.low, field.high) == (pytest.approx(luma.min()), pytest.approx(luma.max()))
    top_left = float(field(jnp.array([field.box[0][0], field.box[1][1]])))
    assert top_left == pytest.approx((luma[0, 0] - luma.min()) / (luma.max() - luma.min()))


def test_all_16_bits_of_a_gray_picture_count_and_glass_is_white(tmp_path):
    ramp = np.arange(20_000, 20_000 + 16, dtype=np.uint16).reshape(4, 4)
    Image.fromarray(ramp).save(tmp_path / "deep.png")
    deep = photograph(tmp_path / "deep.png", smooth=0)
    assert deep.high - deep.low == pytest.approx(15 / 65535)
    glass = np.zeros((4, 4, 4), dtype=np.uint8)
    glass[0, 0] = (0, 0, 0, 255)
    Image.fromarray(glass).save(tmp_path / "glass.png")
    clear = photograph(tmp_path / "glass.png", smooth=0)
    assert (clear.low, clear.high) == (0, 1)


def test_a_field_can_be_made_in_a_function_that_is_compiled():
    """Its numbers are known there too; a blur that is traced is refused by its name."""
    p = jnp.array([0.1, 0.2])
    for made in (photograph, terrain):
        found = jax.jit(lambda p, made=made: made()(p))(p)
        np.testing.assert_allclose(found, made()(p), rtol=1e-12)
        with pytest.raises(ArtError, match=r"^smooth is traced.* outside of jax\.jit"):
            jax.jit(lambda s, made=made: made(smooth=s)(p))(2.0)


def test_a_telephones_picture_is_turned_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    Image.fromarray(PIXELS).save(tmp_path / "turned.jpg", exif=exif)
    (_, y0), (x1, y1) = photograph(tmp_path / "turned.jpg").box
    assert y1 - y0 > 2 * x1


def png():
    import io

    out = io.BytesIO()
    Image.fromarray(PIXELS).save(out, "PNG")
    return out.getvalue()


def broken(data):
    """One bit of the pixels turned over: the checksum no longer holds."""
    middle = data.index(b"IDAT") + 40
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a picture"),
        (b"hello", "not a picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture"),
        (png()[:400], "cannot be read|broken"),
        (broken(png()), "cannot be read|broken"),
        (huge_png(), "budget"),
    ],
    ids=["empty", "text", "a format that runs programs", "cut off", "checksum", "huge claim"],
)
def test_a_bad_picture_is_one_error(tmp_path, data, message):
    (tmp_path / "bad.png").write_bytes(data)
    with pytest.raises(ArtError, match=message) as caught:
        photograph(tmp_path / "bad.png")
    assert "\n" not in str(caught.value)


def test_nothing_but_the_error_is_said_of_a_broken_tiff(tmp_path, capfd):
    """libtiff would write a line of its own, to where Python's standard error goes."""
    file = tmp_path / "a.tif"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64), np.uint8)).save(
        file, compression="tiff_lzw"
    )
    assert photograph(file, smooth=0).high > 0.9
    data = bytearray(file.read_bytes())
    data[200:260] = bytes(byte ^ 0x5A for byte in data[200:260])
    file.write_bytes(data)
    with Image.open(file) as picture, pytest.raises(OSError, match="decoder error"):
        picture.load()
    assert capfd.readouterr().err
    with pytest.raises(ArtError, match=r"a\.tif cannot be read"):
        photograph(file)
    assert not capfd.readouterr().err
    os.write(2, b"heard")
    assert capfd.readouterr().err == "heard"


def test_a_picture_or_terrain_that_is_not_there(tmp_path):
    with pytest.raises(ArtError, match="No such file"):
        photograph(tmp_path / "no.png")
    with pytest.raises(ArtError, match="No such file"):
        terrain(tmp_path / "no.npz")


LONG = [pytest.param(seam, 3, marks=pytest.mark.exhaustive) for seam in (None, 1 / 256)]


@pytest.mark.exhaustive
@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize(("seam", "degree"), [(1 / 256, 5), *LONG])
def test_a_whole_grid_at_once_is_what_its_points_are_one_by_one(order, seam, degree):
    table = np.random.default_rng(5).uniform(size=(6, 9)).round()
    field = dataclasses.replace(tabulated(table, degree=degree), seam=seam)
    (x0, y0), (x1, y1) = field.box
    # On the samples and the edges, between them, and beyond.
    x = np.concatenate([np.linspace(x0, x1, 9), np.linspace(x0 - 0.3, x1 + 0.2, 12)])
    y = np.concatenate([np.linspace(y0, y1, 6), np.linspace(y0 - 0.2, y1 + 0.1, 8)])
    places = np.stack(np.meshgrid(x, y), -1)
    ask = (value, gradient, hessian)[order]
    one_by_one = ask(field, places.swapaxes(0, 1)).swapaxes(0, 1)  # these are no rows and columns
    np.testing.assert_allclose(ask(field, places), one_by_one, rtol=1e-11, atol=1e-12 * 10.0**order)


@pytest.mark.parametrize("p", [np.zeros(3), np.zeros(1), 0.0, np.zeros((2, 2))])
def test_a_point_of_another_shape_names_both(p):
    for field in (photograph(), terrain(), tabulated(np.eye(3))):
        other = f"an array of shape {np.shape(p)}" if np.shape(p) else "a number"
        with pytest.raises(ArtError, match=rf"shape \(2,\),.* not {re.escape(other)}"):
            field(p)
    with pytest.raises(ArtError, match=r"shape \(2,\), not an array of shape \(3,\)"):
        value(field, np.zeros((7, 3)))


def noisy(tmp_path):
    """The worst there is for a spline: black and white pixels in any order."""
    pixels = np.random.default_rng(0).integers(0, 2, (24, 24), dtype=np.uint8) * 255
    Image.fromarray(pixels).save(tmp_path / "noise.png")
    return photograph(tmp_path / "noise.png", smooth=0), pixels[::-1] / 255


@pytest.mark.exhaustive
def test_a_photograph_stays_between_black_and_white_everywhere(tmp_path):
    """So (1 - tone) ** 1.6 is a number; its spline alone swings from about -0.7 to 1.7."""
    field, tones = noisy(tmp_path)
    places = np.stack(np.meshgrid(*[np.linspace(-1.1, 1.1, 200)] * 2), -1)
    for one in (value(field, places), value(photograph(), places)):
        assert 0 <= one.min() < 1e-4
        assert 0.999 < one.max() <= 1
        assert np.isfinite((1 - one) ** 1.6).all()
    samples = np.stack(np.meshgrid(*[np.linspace(-1, 1, 24)] * 2), -1)
    np.testing.assert_allclose(value(field, samples), tones, atol=1e-9)
    spline = dataclasses.replace(field, seam=None)
    free = value(spline, places)
    inside = (free > 1 / 256) & (free < 1 - 1 / 256)
    np.testing.assert_array_equal(value(field, places)[inside], free[inside])


@pytest.mark.parametrize("degree", [3, pytest.param(5, marks=pytest.mark.exhaustive)])
def test_a_photograph_comes_to_rest_as_smoothly_as_its_spline(degree):
    """Value, slope, bend ... are the same on both sides of each seam, and nothing turns back."""
    seams = np.array([0, 1 / 256, 255 / 256, 1.0])
    f = rest = functools.partial(at_rest, seam=1 / 256, degree=degree)
    for order in range(degree):
        sides = mapped(f)(np.ravel([seams - 1e-10, seams, seams + 1e-10]))
        assert np.ptp(sides.reshape(3, 4), axis=0).max() < 1e-9 * 3e3**order
        f = jax.grad(f)
    x = np.linspace(-0.01, 1.01, 4001)
    rested = np.asarray(rest(jnp.asarray(x)))
    assert (np.diff(rested) >= 0).all()
    assert np.abs(rested - np.clip(x, 0, 1)).max() < 0.25 / 256
    np.testing.assert_array_equal(rest(jnp.array([0.0, 0.25, 1.0])), [0, 0.25, 1])


def test_every_order_of_a_photograph_at_rest_is_that_of_nested_derivatives():
    def fall(t):
        return at_rest(jnp.sin(t) * 0.52 + 0.5, 1 / 256, 3)

    t = np.linspace(0, 6, 50)
    orders, f = jet(fall, t, 2), fall
    for found in orders:
        np.testing.assert_allclose(found, mapped(f)(t), rtol=1e-8, atol=1e-8)
        f = jax.grad(f)


def test_a_notebook_shows_a_field_in_a_line_without_its_numbers():
    field = tabulated(np.zeros((30, 40)))
    assert re.fullmatch(r"Sampled\(40 x 30 samples in .*, from \S+ to \S+\)", repr(field))
    assert "Sampled(" in repr(jax.tree.map(lambda leaf: None, field))  # a tree of anything


@pytest.mark.parametrize("sea", [None, 0.5])
def test_a_blur_wider_than_the_table_is_refused_and_not_waited_for(sea):
    table = np.add.outer(np.arange(4.0), np.arange(6.0))
    with pytest.raises(ArtError, match=r"smooth is 1e\+09 samples, and the table is 4 x 6"):
        terrain(table, smooth=1e9, sea=sea)
