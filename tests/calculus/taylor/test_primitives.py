"""Every primitive of the installed JAX: has a rule, follows its own derivative, or is refused.

`name<0.11` in a table is a primitive that JAX had until 0.10, `name>=0.11` one that it has since.
"""

import re

import jax
import pytest
from jax._src.interpreters import ad

from gradart.calculus.programs import jaxprs
from gradart.calculus.taylor.primitives import RULES
from tests import jax_primitives
from tests.jax_primitives import REFERENCES, names, unknown

# Rules for what the oldest JAX that is supported still has, and the newest has no more.
ENDED = "call<0.11 closed_call<0.11"

# What comes out are whole numbers, truth values, keys, or nothing: it is computed once.
NO_FLOATS = """
    and argmax argmin axis_index clz eq eq_to ge gt is_finite le le_to lt lt_to mulhi ne not or
    population_count reduce_and reduce_or reduce_xor shift_left shift_right_arithmetic
    shift_right_logical xor
    dim_as_value dimension_size lu_pivots_to_permutation platform_index
    iota_2x32_shape philox2x32 philox4x32 random_bits random_clone random_fold_in random_seed
    random_split random_unwrap random_wrap rng_bit_generator threefry2x32 threefry4x32
    after_all check create_token debug_callback debug_print inspect_sharding shape_assertion
"""

# The same at every t, as nothing that varies comes in.
CONSTANTS = "empty empty2 iota zeros_like"

# y' = jvp(u, u'), order by order: JAX knows their derivative.
FOLLOWED = """
    approx_top_k bitcast_convert_type eigh erf_inv log2>=0.11 one_minus_square>=0.11
    polynomial>=0.12 qr ragged_dot_general random_gamma reduce reduce_window reduce_window_max
    reduce_window_min regularized_incomplete_beta scatter-max scatter-min select_and_gather_add
    select_and_scatter_add svd tridiagonal_solve
    all_gather all_gather_invariant all_gather_reduced all_to_all pbroadcast
    pbroadcast_dynamic>=0.12 ppermute preduced psum psum_invariant pvary ragged_all_to_all
    reduce_scatter reduced_vary_cast>=0.12 reduced_vary_cast_p<0.12 shard_map unreduced_psum
    unreduced_reduce_scatter vary_unreduced_cast>=0.12 vary_unreduced_cast_p<0.12
    compute_on device_put layout_constraint name program_order>=0.11 relayout>=0.12 reshard
    shard_alike<0.11 sharding_constraint stage tie with_memory_space_constraint>=0.11
    xla_metadata_call>=0.11 xla_metadata_value
    call_hi_primitive dce_sink eval_jaxpr from_edtype pallas_call remat_opt to_edtype
"""

REFUSED = {
    "JAX does not know its derivative": """
        custom_partitioning geqp3 geqrf hessenberg householder_product igamma_grad_a ormqr pmax pmin
        relayout>=0.11<0.12 scaled_dot schur select_and_scatter symmetric_product tridiagonal
        unreduced_pmax>=0.11 unreduced_pmin>=0.11
    """,
    "it calls what is not JAX": "buffer_callback ffi_call io_callback pure_callback call_exported",
    "JAX does not map it over many points": "cholesky_update composite linear_call rng_uniform",
    "it reads or writes a reference, whose value changes from line to line": REFERENCES,
    "it is half of a message between devices": """
        all_gather_done all_gather_reduced_start all_gather_start all_to_all_done all_to_all_start
        pbroadcast_done<0.11 pbroadcast_start<0.11 ppermute_done ppermute_start precv psend
        psum_done psum_invariant_start psum_start<0.11 reduce_scatter_done reduce_scatter_start
        unreduced_psum_start<0.11 unreduced_reduce_scatter_start<0.11
    """,
    "JAX makes it while it transforms a function, and no function has it": """
        call_hi_primitive_linearized custom_jvp_call_jaxpr custom_lin unreachable
    """,
}


@pytest.fixture(scope="module")
def primitives():
    """Every primitive of the installed JAX: its name, and the modules where it is found."""
    return jax_primitives.primitives()


def test_every_primitive_has_a_rule_or_follows_or_is_refused():
    told = {*RULES, *names(" ".join([NO_FLOATS, CONSTANTS, FOLLOWED, *REFUSED.values()]))}
    new = unknown(told)
    assert not new, (
        f"{', '.join(sorted(new))}: JAX {jax.__version__} has what no table knows. Give it a rule"
        " in gradart/calculus/taylor/rules, or try ga.jet of it at order 2 and put its name into"
        " FOLLOWED or REFUSED here"
    )


def test_no_table_knows_a_primitive_that_jax_has_no_more(primitives):
    told = names(" ".join([NO_FLOATS, CONSTANTS, FOLLOWED, *REFUSED.values(), ENDED]))
    ended = {entry.partition("<")[0] for entry in ENDED.split()}
    gone = ((RULES.keys() - ended) | told) - primitives.keys()
    assert not gone, f"{', '.join(sorted(gone))}: JAX {jax.__version__} has none. Take it out"
    oldest = ".".join(map(str, jaxprs.KNOWN[0]))
    for table in (ENDED, NO_FLOATS, FOLLOWED, *REFUSED.values()):
        assert f"<{oldest} " not in f"{table} ", "it ended before the oldest JAX that is supported"


def test_no_primitive_is_told_twice():
    tables = [*RULES, *" ".join([NO_FLOATS, CONSTANTS, FOLLOWED, *REFUSED.values()]).split()]
    plain = [entry for entry in tables if not re.search("<|>=", entry)]
    assert sorted(plain) == sorted(set(plain))


def test_jax_knows_the_derivative_of_what_is_followed_and_not_of_what_is_refused():
    known = {p.name for p in ad.primitive_jvps}
    known |= {name for name in names(FOLLOWED) if hasattr(ad.JVPTrace, f"process_{name}")}
    assert names(FOLLOWED) <= known, "JAX has no derivative: to REFUSED"
    assert not names(REFUSED["JAX does not know its derivative"]) & known, "to FOLLOWED"
