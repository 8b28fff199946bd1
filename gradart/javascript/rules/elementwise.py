"""JavaScript of the elementwise functions: an expression of the expressions of their inputs."""

from collections.abc import Callable

from jax.extend.core import JaxprEqn

# The equation, the type of its first input, and expressions of its inputs -> an expression.
Expression = Callable[..., str]

_WHOLE = {"int64", "int32", "int16", "int8", "uint64", "uint32", "uint16", "uint8"}
_NARROW = {
    "int32": "({}|0)",
    "uint32": "({}>>>0)",
    "int16": "({}<<16>>16)",
    "int8": "({}<<24>>24)",
    "uint16": "({}&65535)",
    "uint8": "({}&255)",
    "uint64": "BigInt.asUintN(64,{})",
}
_POWERS = {"1", "2", "4", "8", "16"}
_SINGLE = {"float32", "float16", "bfloat16"}


def held(text: str, dtype: str) -> str:
    """An expression held to what a type can hold: whole numbers wrap, floats of 32 bits round."""
    if dtype in _SINGLE:
        return f"Math.fround({text})"
    return _NARROW[dtype].format(text) if dtype in _NARROW else text


def _function(name: str) -> Expression:
    """A function of JavaScript or of the runtime."""
    return lambda eqn, dtype, *x: f"{name}({','.join(x)})"


def _operator(sign: str) -> Expression:
    return lambda eqn, dtype, x, y: f"({x}{sign}{y})"


def _compared(sign: str) -> Expression:
    return lambda eqn, dtype, x, y: f"({x}{sign}{y}?1:0)"


def _in_order(sign: str) -> Expression:
    """A comparison in the order in which numbers are sorted: NaN comes last."""
    equal = "=" in sign
    lonely = "{y}!=={y}" if equal else "{y}!=={y}&&{x}==={x}"
    return lambda eqn, dtype, x, y: f"({x}{sign}{y}||({lonely.format(x=x, y=y)})?1:0)"


def _mul(eqn: JaxprEqn, dtype: str, x: str, y: str) -> str:
    return f"Math.imul({x},{y})" if dtype in ("int32", "uint32") else f"({x}*{y})"


def _div(eqn: JaxprEqn, dtype: str, x: str, y: str) -> str:
    if dtype == "uint64":
        return f"({x}/{y})"
    return f"Math.trunc({x}/{y})" if dtype in _WHOLE else f"({x}/{y})"


def _rem(eqn: JaxprEqn, dtype: str, x: str, y: str) -> str:
    """The rest of a division; by a power of two quotient and product are exact, and much faster."""
    if dtype == "float64" and y in _POWERS:
        return f"({x}-Math.trunc({x}/{y})*{y})" if y != "1" else f"({x}-Math.trunc({x}))"
    return f"({x}%{y})"


def _integer_pow(eqn: JaxprEqn, dtype: str, x: str) -> str:
    power = eqn.params["y"]
    if dtype == "uint64":
        return f"({x}**{power}n)"
    return _power(x, power) if power >= 0 else f"(1/{_power(x, -power)})"


def _power(x: str, n: int) -> str:
    """A power by repeated squares, as XLA has it; a name stands for x, so it may be repeated."""
    if n <= 3:
        return "(" + "*".join([x] * n) + ")" if n else "1"
    return f"powi({x},{n})"


def _bits(sign: str) -> Expression:
    """An operator on bits; whole numbers of 64 bits with a sign go through BigInt."""

    def rule(eqn: JaxprEqn, dtype: str, x: str, y: str) -> str:
        if dtype == "int64":
            return f"Number(BigInt.asIntN(64,BigInt({x}){sign}BigInt({y})))"
        return f"({x}{sign}{y})"

    return rule


def _not(eqn: JaxprEqn, dtype: str, x: str) -> str:
    if dtype == "bool":
        return f"({x}?0:1)"
    return f"(-1-{x})" if dtype == "int64" else f"(~{x})"


_WIDTH = {
    "int64": 64,
    "uint64": 64,
    "int32": 32,
    "uint32": 32,
    "int16": 16,
    "uint16": 16,
    "int8": 8,
    "uint8": 8,
}


def _shift(sign: str, arithmetic: bool) -> Expression:
    def rule(eqn: JaxprEqn, dtype: str, x: str, y: str) -> str:
        width = _WIDTH[dtype]
        if dtype == "uint64":
            return f"({y}<64n?{x}{sign}{y}:0n)"
        if dtype == "int64":
            to = "asIntN" if arithmetic or sign == "<<" else "asUintN"
            shifted = f"BigInt.asIntN(64,BigInt.{to}(64,BigInt({x})){sign}BigInt({y}))"
            return f"({y}>=0&&{y}<64?Number({shifted}):{f'({x}<0?-1:0)' if arithmetic else '0'})"
        own = x if arithmetic or sign == "<<" else f"({x}&{2**width - 1 if width < 32 else -1})"
        mark = ">>>" if sign == ">>" and not arithmetic else sign
        if y.isdecimal() and int(y) < width:
            return f"({own}{mark}{y})"
        beyond = f"({x}<0?-1:0)" if arithmetic else "0"
        return f"({y}>=0&&{y}<{width}?{own}{mark}{y}:{beyond})"

    return rule


def _sign(eqn: JaxprEqn, dtype: str, x: str) -> str:
    return f"({x}>0n?1n:0n)" if dtype == "uint64" else f"Math.sign({x})"


def _round(eqn: JaxprEqn, dtype: str, x: str) -> str:
    even = int(eqn.params["rounding_method"]) == 1  # to the nearest, of two the even one
    return f"{'round_even' if even else 'round_away'}({x})"


def _clamp(eqn: JaxprEqn, dtype: str, low: str, x: str, high: str) -> str:
    if dtype == "uint64":
        return f"({x}<{low}?{low}:{x}>{high}?{high}:{x})"
    return f"Math.min(Math.max({x},{low}),{high})"


def _least(sign: str, name: str) -> Expression:
    def rule(eqn: JaxprEqn, dtype: str, x: str, y: str) -> str:
        return (
            f"({x}{sign}{y}?{x}:{y})" if dtype in _WHOLE or dtype == "bool" else f"{name}({x},{y})"
        )

    return rule


def _select(eqn: JaxprEqn, dtype: str, which: str, *cases: str) -> str:
    if len(cases) == 2:
        return f"({which}?{cases[1]}:{cases[0]})"
    text = cases[-1]
    for k in range(len(cases) - 2, -1, -1):
        text = f"({which}=={k}?{cases[k]}:{text})"
    return text


def _polynomial(eqn: JaxprEqn, dtype: str, x: str, *coefficients: str) -> str:
    """By Horner's rule, as JAX 0.12 computes it; coefficients begin with the constant one."""
    text = coefficients[-1]
    for coefficient in reversed(coefficients[:-1]):
        text = _operator("+")(eqn, dtype, _mul(eqn, dtype, text, x), coefficient)
    return text


def _convert(eqn: JaxprEqn, dtype: str, x: str) -> str:
    return converted(x, dtype, str(eqn.params["new_dtype"]))


def converted(x: str, old: str, new: str) -> str:
    """An expression of one type as one of another."""
    if old == new:
        return x
    if new == "bool":
        return f"({x}!=0?1:0)"
    if old == "uint64":
        if new in _WHOLE:
            return f"Number(BigInt.as{'Uint' if new[0] == 'u' else 'Int'}N({_WIDTH[new]},{x}))"
        return f"Number({x})"
    if new == "uint64":
        whole = x if old in _WHOLE or old == "bool" else f"Math.trunc({x})"
        return f"BigInt.asUintN(64,BigInt({whole}))"
    if new in _WHOLE:
        if old in _WHOLE or old == "bool":
            return held(x, new)
        return f"saturated_{new}({x})" if new != "int64" else f"saturated_int64({x})"
    return x


def _reduce_precision(eqn: JaxprEqn, dtype: str, x: str) -> str:
    return x if eqn.params["mantissa_bits"] >= 52 else f"Math.fround({x})"


def _bitcast(eqn: JaxprEqn, dtype: str, x: str) -> str:
    return f"{dtype}_as_{eqn.params['new_dtype']}({x})"


_MATH = {
    **{
        name: f"Math.{name}"
        for name in [
            "sin",
            "cos",
            "tan",
            "asin",
            "acos",
            "atan",
            "sinh",
            "cosh",
            "tanh",
            "asinh",
            "acosh",
            "atanh",
            "exp",
            "log",
            "expm1",
            "log1p",
            "sqrt",
            "cbrt",
            "floor",
            "ceil",
            "atan2",
        ]
    },
    **{
        name: name
        for name in [
            "erf",
            "erfc",
            "erf_inv",
            "lgamma",
            "digamma",
            "bessel_i0e",
            "bessel_i1e",
            "nextafter",
            "logistic",
        ]
    },
}

# By the primitive's name. What each computes is that of jax.lax of the same name.
ELEMENTWISE: dict[str, Expression] = {
    **{name: _function(function) for name, function in _MATH.items()},
    "abs": lambda eqn, dtype, x: x if dtype == "uint64" else f"Math.abs({x})",
    "neg": lambda eqn, dtype, x: f"(-{x})",
    "sign": _sign,
    "square": lambda eqn, dtype, x: _mul(eqn, dtype, x, x),
    "exp2": lambda eqn, dtype, x: f"(2**{x})",
    "log2": lambda eqn, dtype, x: f"Math.log2({x})",
    "rsqrt": lambda eqn, dtype, x: f"(1/Math.sqrt({x}))",
    "polynomial": _polynomial,
    "one_minus_square": lambda eqn, dtype, x: f"((1-{x})*(1+{x}))",
    "round": _round,
    "is_finite": lambda eqn, dtype, x: f"(Number.isFinite({x})?1:0)",
    "integer_pow": _integer_pow,
    "add": _operator("+"),
    "add_any": _operator("+"),
    "sub": _operator("-"),
    "mul": _mul,
    "div": _div,
    "rem": _rem,
    "pow": lambda eqn, dtype, x, y: f"pow({x},{y})",
    "max": _least(">", "Math.max"),
    "min": _least("<", "Math.min"),
    "lt_to": _in_order("<"),
    "le_to": _in_order("<="),
    "eq_to": lambda eqn, dtype, x, y: f"({x}=={y}||({x}!=={x}&&{y}!=={y})?1:0)",
    "eq": _compared("=="),
    "ne": _compared("!="),
    "lt": _compared("<"),
    "le": _compared("<="),
    "gt": _compared(">"),
    "ge": _compared(">="),
    "and": _bits("&"),
    "or": _bits("|"),
    "xor": _bits("^"),
    "not": _not,
    "shift_left": _shift("<<", False),
    "shift_right_logical": _shift(">>", False),
    "shift_right_arithmetic": _shift(">>", True),
    "select_n": _select,
    "clamp": _clamp,
    "convert_element_type": _convert,
    "reduce_precision": _reduce_precision,
    "bitcast_convert_type": _bitcast,
    "stop_gradient": lambda eqn, dtype, x: x,
    "copy": lambda eqn, dtype, x: x,
}
