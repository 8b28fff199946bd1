"""Jaxprs are read right in the JAX that is installed, and that JAX is one that was looked at."""

import ast
from pathlib import Path

import jax
import jax.numpy as jnp
import jax.scipy.special as special
import numpy as np
import pytest
from jax import lax
from jax.custom_batching import custom_vmap

from gradart.calculus.derivatives import jet
from gradart.calculus.programs import jaxprs
from gradart.calculus.programs.compiled_once import program

CALCULUS = Path(jaxprs.__file__).parent


def equations(f, *args):
    return jax.make_jaxpr(f)(*args).jaxpr.eqns


def test_this_jax_was_looked_at():
    assert jax.__version_info__[:2] in jaxprs.KNOWN, (
        f"JAX {jax.__version__} is new here: compare what its equations call their parameters with"
        " what gradart/calculus/programs/jaxprs.py reads, run tests/calculus, add it to KNOWN there"
    )


def grow(t):
    return lax.scan(lambda c, x: ((c[0] * t + x, c[1] + 1), c[0]), (t, 0), jnp.arange(5.0))[1]


def halve(t):
    return lax.while_loop(lambda c: c[0] < t, lambda c: (c[0] * 2 + t, c[1] + 1), (1.0, 0))[0]


def test_the_parts_of_a_scan():
    (eqn,) = (e for e in equations(grow, 2.0) if e.primitive.name == "scan")
    loop = jaxprs.scan(eqn)
    assert (loop.consts, loop.carry, loop.length, loop.reverse) == (1, 2, 5, False)
    assert len(jaxprs.parts(loop.body)[0].invars) == len(eqn.invars) == 4


def test_the_parts_of_a_while_loop():
    (eqn,) = (e for e in equations(halve, 2.0) if e.primitive.name == "while")
    loop = jaxprs.while_loop(eqn)
    assert (loop.cond_consts, loop.body_consts, len(eqn.outvars)) == (1, 1, 2)
    assert len(jaxprs.parts(loop.cond)[0].invars) == 3
    mapped = next(e for e in equations(jax.vmap(halve), jnp.ones(7)) if e.primitive.name == "while")
    assert jaxprs.parts(jaxprs.while_loop(mapped).cond)[0].outvars[0].aval.shape == (7,)  # type: ignore[attr-defined]


def sine(t):
    return jnp.sin(t)


own_forward, own_backward, own_map = jax.custom_jvp(sine), jax.custom_vjp(sine), custom_vmap(sine)
own_forward.defjvps(lambda g, y, t: g * jnp.cos(t))
own_backward.defvjp(lambda t: (jnp.sin(t), t), lambda t, g: (g * jnp.cos(t),))
own_map.def_vmap(lambda size, mapped, t: (jnp.sin(t), True))
CALLS = [jax.jit(sine), jax.checkpoint(sine), own_forward, own_backward, own_map]


@pytest.mark.parametrize("f", CALLS, ids=lambda f: type(f).__name__)
def test_what_a_call_enters(f):
    (eqn,) = equations(f, 0.5)
    inner, _ = jaxprs.parts(jaxprs.called(eqn))
    assert [e.primitive.name for e in inner.eqns] == ["sin"]
    assert [jaxprs.parts(x)[0] for x in jaxprs.inner_jaxprs(eqn.params)] == [inner]


def test_what_a_jaxpr_was_written_as():
    (eqn,) = equations(jax.jit(sine), 0.5)
    assert jaxprs.source_of(jaxprs.called(eqn)) == ("sine", __file__)
    (eqn,) = equations(special.log_ndtr, 0.5)
    name, file = jaxprs.source_of(jaxprs.called(eqn))
    assert (name, Path(file).parts[-4:]) == ("log_ndtr", ("jax", "_src", "scipy", "special.py"))
    readers = [f.name for f in CALCULUS.rglob("*.py") if "debug_info" in f.read_text()]
    assert readers == ["jaxprs.py"]


def test_what_versions_call_differently_is_read_in_one_file():
    """Pages of pieces with loops failed on JAX 0.11: what a loop carries was asked for by name."""
    names = "num_consts", "num_carry", "ft_in", "cond_nconsts", "body_nconsts", "cond_jaxpr"
    home = CALCULUS.parent
    readers = [f.name for f in home.rglob("*.py") if any(f'"{n}"' in f.read_text() for n in names)]
    assert readers == ["jaxprs.py"]


# A primitive whose parameters a rule reads, the parameters, and what is traced to it.
SQUARE = jnp.array([[2.0, 1.0], [0.0, 3.0]])
READ = {
    "branches": ("cond", lambda t: lax.cond(t > 0, jnp.sin, jnp.cos, t)),
    "new_dtype": ("convert_element_type", lambda t: t.astype(int)),
    "y": ("integer_pow", lambda t: t**3),
    "fill_value": ("gather", lambda t: (SQUARE * t)[0, jnp.arange(2)]),
    "dimension num_keys": ("sort", lambda t: lax.sort(SQUARE[0] * t)),
    "axes": ("reduce_max reduce_min reduce_prod", lambda t: _extremes(SQUARE * t)),
    "axis reverse": ("cumsum cumprod cummax cummin cumlogsumexp", lambda t: _running(SQUARE * t)),
    "left_side lower transpose_a conjugate_a unit_diagonal": (
        "triangular_solve",
        lambda t: lax.linalg.triangular_solve(SQUARE * t, SQUARE),
    ),
    "update_jaxpr": ("scatter", lambda t: (SQUARE * t).at[0].set(t)),
    "dimension_numbers unique_indices mode": (
        "scatter-mul",
        lambda t: (SQUARE * t).at[0].multiply(t),
    ),
    "compute_left_eigenvectors compute_right_eigenvectors": (
        "eig",
        lambda t: jnp.linalg.eig(SQUARE * t),
    ),
    "const_lengths jaxprs": (
        "custom_linear_solve",
        lambda t: lax.custom_linear_solve(lambda x: x * t, t, lambda f, b: b / t, symmetric=True),
    ),
}


def _extremes(x):
    return x.max(), x.min(), x.prod()


def _running(x):
    every = (lax.cumsum, lax.cumprod, lax.cummax, lax.cummin, lax.cumlogsumexp)
    return [run(x) for run in every]


def _all(jaxpr):
    for eqn in jaxpr.eqns:
        yield eqn
        for x in jaxprs.inner_jaxprs(eqn.params):
            yield from _all(jaxprs.parts(x)[0])


@pytest.mark.parametrize("names", READ)
def test_the_parameters_that_rules_read_are_there(names):
    primitives, f = READ[names]
    found = {e.primitive.name: e.params for e in _all(jax.make_jaxpr(f)(1.0).jaxpr)}
    for primitive in primitives.split():
        assert set(names.split()) <= set(found[primitive]), f"{primitive}: see jaxprs.py"


def test_every_parameter_that_is_read_is_tried_here():
    read = set()
    for file in CALCULUS.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            match node:
                case ast.Subscript(
                    value=ast.Attribute(attr="params"), slice=ast.Constant(value=str(name))
                ):
                    if file.name != "jaxprs.py":
                        read.add(name)
    assert read <= set(" ".join(READ).split())


def test_the_constants_inside_tell_programs_apart():
    def table(last):
        numbers = np.array([1.0, 2.0, last])
        return lambda t: jax.jit(lambda t: jnp.sum(t * numbers))(t)

    known, other = (program(jax.make_jaxpr(table(x))(1.0).jaxpr) for x in (3.0, 4.0))
    assert known != other
    assert known == program(jax.make_jaxpr(table(3.0))(1.0).jaxpr)
    assert jet(table(3.0), 1.0, 1).tolist() == [6, 6]
    assert jet(table(4.0), 1.0, 1).tolist() == [7, 7]
