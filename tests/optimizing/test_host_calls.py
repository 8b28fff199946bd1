"""Compiled programs that call Python by a name: what they compute and raise, and that they last."""

import os
import subprocess
import sys
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.core import ShapedArray
from jax.extend.core import Primitive
from jax.interpreters import mlir

from gradart.optimizing.differentiable_picture import density_primitive
from gradart.optimizing.differentiable_picture.host_calls import IS_KNOWN, calling


def turned(kind, *operands, fails=False):
    if fails:
        raise ValueError(f"no {kind} today")
    assert not any(operand.flags.writeable for operand in operands)
    return [operand[::-1] for operand in operands]


primitive = Primitive("turned")
primitive.multiple_results = True
primitive.def_abstract_eval(lambda *xs, fails: [ShapedArray(x.shape, x.dtype) for x in xs])
mlir.register_lowering(primitive, calling(partial(turned, "luck")), platform="cpu")


def test_this_jax_has_the_interface_that_is_read():
    assert IS_KNOWN, (
        "optimizing/differentiable_picture/host_calls.py: compare it with xla/ffi/api/c_api.h"
    )


def test_arrays_of_all_kinds_go_there_and_come_back():
    kinds = [bool, "i1", "u2", "i4", "u8", "f2", "f4", "f8", "c8", "c16"]
    with jax.enable_x64(True):
        given = [np.arange(6).reshape(3, 2).astype(kind) for kind in kinds]
        given += [np.zeros((0, 3)), np.ones((1, 1, 2), "f4")]
        found = jax.jit(lambda *xs: primitive.bind(*xs, fails=False))(*given)
    for x, y in zip(given, found, strict=True):
        assert x.dtype == y.dtype
        assert (np.asarray(y) == x[::-1]).all()


def test_what_goes_wrong_there_is_told():
    with pytest.raises(Exception, match="ValueError: no luck today"):
        jax.block_until_ready(jax.jit(lambda x: primitive.bind(x, fails=True))(jnp.zeros(2)))


def test_where_there_is_no_handler_python_is_called_with_the_same_bits():
    totals = np.random.default_rng(0).uniform(0, 2, (3, 8, 9, 3)).astype(np.float32)
    like = [ShapedArray((3,), np.dtype(np.float32))]
    compute = partial(density_primitive._exposures, cell=1)
    other = jax.jit(lambda x: density_primitive._from_host(compute, like, [x])[0])(totals)
    found = jax.jit(jax.vmap(lambda x: density_primitive.found_exposure(x, 1)))(totals)
    assert (np.asarray(other) == np.asarray(found)).all()


@pytest.mark.exhaustive
def test_a_program_that_draws_is_kept_from_one_process_to_the_next(tmp_path):
    code = """
from gradart.jobs.process_setup import prepare
prepare()
import jax, jax.numpy as jnp, gradart as ga
jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)  # small ones, too

def darkness(points):
    strokes = ga.lines(points, width=0.5, blend="ink")
    return jnp.mean(ga.picture(ga.scene(strokes, box=((0, 0), (1, 1))), page="square", px=90))

kept = []
jax.monitoring.register_event_listener(lambda event, **_: kept.append(event))
points = jnp.linspace(0, 1, 80).reshape(20, 2, 2)
drawn = jax.jit(jax.grad(darkness)).lower(points)
kept.clear()
drawn.compile()
print(any(event.endswith("/cache_hits") for event in kept))
"""
    there = {**os.environ, "GRADART_CACHE": str(tmp_path)}
    run = partial(subprocess.run, [sys.executable, "-c", code], env=there, timeout=100, check=True)
    told = [run(stdout=subprocess.PIPE, text=True).stdout.strip() for _ in range(2)]
    assert told == ["False", "True"]
