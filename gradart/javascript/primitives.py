"""What each primitive of JAX becomes in JavaScript: the tables of the families, as one.

A primitive that is not here cannot be translated, and is told by its name and the sketch's line.
Which of all primitives of the installed JAX these are, tests/javascript/test_primitives.py tells.

A rule takes the emitter, the equation and the values of its inputs, writes what is to be computed,
and returns a value for each output.
"""

from jax.extend.core import JaxprEqn

from gradart.javascript.emitter import Rule
from gradart.javascript.fusion import Taking
from gradart.javascript.rules.arrays import ARRAYS, EACH, JOINED, MOVED
from gradart.javascript.rules.control_flow import CONTROL
from gradart.javascript.rules.fourier import FOURIER
from gradart.javascript.rules.indexing import INDEXING
from gradart.javascript.rules.linear_algebra import LINEAR_ALGEBRA
from gradart.javascript.rules.random_bits import RANDOM
from gradart.javascript.rules.reductions import REDUCTIONS, SUMMED

RULES: dict[str, Rule] = {
    **EACH,
    **MOVED,
    **JOINED,
    **ARRAYS,
    **SUMMED,
    **REDUCTIONS,
    **INDEXING,
    **CONTROL,
    **RANDOM,
    **LINEAR_ALGEBRA,
    **FOURIER,
}


def taking(eqn: JaxprEqn) -> Taking:
    """How an equation takes its inputs, by which it is known what needs a buffer."""
    name = eqn.primitive.name
    if name in EACH:
        return "each"
    if name in MOVED:
        return "moved"
    if name in JOINED:
        return "joined"
    return "summed" if name in SUMMED else "whole"
