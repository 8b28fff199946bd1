"""Every primitive of the installed JAX: translated to JavaScript, or known not to be."""

import re

import jax
import jax.numpy as jnp
import pytest

from gradart.calculus.programs.jaxprs import CALLS, HIGH
from gradart.errors import ArtError
from gradart.javascript.primitives import RULES
from gradart.javascript.rules.complex_numbers import COMPLEX, COMPLEX_CONTROL
from gradart.javascript.translation import translate
from tests.jax_primitives import REFERENCES, names, primitives, unknown

# A sketch in which one of these depends on what moves is refused, and told by the name and line.
NONE = {
    "windows that move over a picture": """
        conv_general_dilated reduce reduce_window reduce_window_max reduce_window_min
        reduce_window_sum select_and_gather_add select_and_scatter select_and_scatter_add
    """,
    "special functions": """
        igamma igamma_grad_a igammac polygamma regularized_incomplete_beta zeta
    """,
    "linear algebra": """
        cholesky_update eig geqp3 geqrf hessenberg householder_product ormqr qr schur svd
        symmetric_product tridiagonal tridiagonal_solve ragged_dot_general scaled_dot approx_top_k
    """,
    "whole numbers, and other bits than those of threefry": """
        clz mulhi population_count iota_2x32_shape philox2x32 philox4x32 threefry4x32 random_gamma
        rng_bit_generator rng_uniform
    """,
    "what is not JAX": """
        buffer_callback call_exported debug_callback debug_print ffi_call io_callback pallas_call
        pure_callback
    """,
    "references": REFERENCES,
    "many devices": """
        all_gather all_gather_done all_gather_invariant all_gather_reduced all_gather_reduced_start
        all_gather_start all_to_all all_to_all_done all_to_all_start axis_index pbroadcast
        pbroadcast_done<0.11 pbroadcast_dynamic>=0.12 pbroadcast_start<0.11 pmax pmin ppermute
        ppermute_done ppermute_start precv preduced psend psum psum_done psum_invariant
        psum_invariant_start psum_start<0.11 pvary ragged_all_to_all reduce_scatter
        reduce_scatter_done reduce_scatter_start reduced_vary_cast>=0.12 reduced_vary_cast_p<0.12
        shard_map unreduced_pmax>=0.11 unreduced_pmin>=0.11 unreduced_psum
        unreduced_psum_start<0.11 unreduced_reduce_scatter unreduced_reduce_scatter_start<0.11
        vary_unreduced_cast>=0.12 vary_unreduced_cast_p<0.12
    """,
    "what tells JAX how to go about it": """
        after_all call_hi_primitive_linearized check composite compute_on
        create_token custom_jvp_call_jaxpr custom_lin custom_partitioning dce_sink dim_as_value
        dimension_size eval_jaxpr from_edtype inspect_sharding layout_constraint linear_call
        platform_index program_order>=0.11 relayout>=0.11 remat_opt reshard shape_assertion
        shard_alike<0.11 sharding_constraint stage tie to_edtype unreachable
        with_memory_space_constraint>=0.11 xla_metadata_call>=0.11 xla_metadata_value
    """,
}
TRANSLATED = {*RULES, *COMPLEX}
NEW = {"log2", "one_minus_square", "polynomial"}  # that the oldest JAX has not


def test_every_primitive_is_translated_or_known_not_to_be():
    told = {*TRANSLATED, *CALLS, HIGH, *names(" ".join(NONE.values()))}
    new = unknown(told)
    assert not new, (
        f"{', '.join(sorted(new))}: JAX {jax.__version__} has what no table knows. Write its rule"
        " in gradart/javascript/rules, or put its name into NONE here"
    )


def test_no_table_knows_a_primitive_that_jax_has_no_more():
    gone = {
        *((RULES.keys() | COMPLEX.keys()) - NEW),
        *names(" ".join(NONE.values())),
    } - primitives().keys()
    assert not gone, f"{', '.join(sorted(gone))}: JAX {jax.__version__} has none. Take it out"


def test_no_primitive_is_told_twice():
    plain = [n for n in " ".join(NONE.values()).split() if not re.search("<|>=", n)]
    assert len(plain) == len(set(plain))
    assert not set(plain) & TRANSLATED


def test_what_is_computed_of_parts_has_a_rule_for_real_numbers():
    assert not COMPLEX.keys() - RULES.keys() - {"complex", "real", "imag", "conj"}
    assert not COMPLEX_CONTROL.keys() - RULES.keys()


def test_what_has_no_translation_is_told_with_the_line_that_wrote_it():
    def frame(u):
        return jnp.linalg.eigvals(jnp.eye(2) * u).real  # this line

    closed = jax.make_jaxpr(frame)(1.0)
    with pytest.raises(
        ArtError,
        match=r"^eig of complex64 has no translation to JavaScript"
        r" \(test_primitives.py, line \d+\)$",
    ) as told:
        translate(closed, [0])
    line = int(re.findall(r"\d+", str(told.value))[-1])
    with open(__file__) as file:
        assert "# this line" in file.readlines()[line - 1]


def test_what_never_moves_needs_no_translation():
    def frame(u):
        return jnp.abs(jnp.fft.fft(jnp.arange(4.0))) * u

    assert "fft" not in translate(jax.make_jaxpr(frame)(1.0), [0]).code
