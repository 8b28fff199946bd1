"""What the signature of a sketch's function says of its parameters."""

import inspect
from collections.abc import Callable, Collection, Iterable, MutableSequence, Sequence
from dataclasses import replace
from enum import Enum, EnumType
from pathlib import Path
from types import MethodType, NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import jax
import jax.numpy as jnp
import numpy as np

from gradart.drawing.color.palettes import Palette, palette, ramp_of
from gradart.drawing.color.ramps import Ramp
from gradart.drawing.style import color
from gradart.errors import ArtError, kind_of
from gradart.geometry.easing import Easing
from gradart.sketching.functions import innermost, is_handed, name_of, signature
from gradart.sketching.parameters import RESERVED, Bounds, Kind, Parameter
from gradart.sketching.roles import EASING, RANGE, SEED, Range, Role, Section
from gradart.sketching.value_texts import SEPARATORS, depth

_KINDS: dict[type, Kind] = {bool: "bool", int: "int", float: "float", str: "str", Path: "path"}
_TYPES = (
    "a float, an int, a bool, a str, a Path, an Enum, a Literal[...], a palette, a ramp, a range,"
    " an easing, or a tuple or list of these"
)
_ROWS: tuple[object, ...] = (tuple, list, Sequence, Iterable, Collection, MutableSequence)
_ARRAYS = (np.ndarray, jax.Array)
_MEANT = {  # what a parameter without a default may stand for
    "u": "u is the playhead, which a film's frame takes: write def frame(u): ... in {of}, and"
    " return frame",
    "t": "t is what a curve takes: write def curve(t): ... in {of}; a parameter of the sketch has a"
    " default, t=1.0",
}


def read_signature(function: Callable[..., object]) -> tuple[Parameter, ...]:
    """The parameters of a sketch function, from its keyword defaults and annotations.

    The type comes from the annotation, or else from the default: float, int, bool, str, Path, an
    Enum, Literal["a", "b"], Palette, Ramp, Point, Vector, Range, Easing, Seed, a tuple or list of
    these, a list of such lists, or any | None. Annotated adds Bounds, the Section that begins
    there, and a text as the help. A default like "#c2410c" without an annotation is a color. `key`,
    the random key, and a `page` without a default, the sheet, are no parameters.
    """
    found, hints = signature(function), _hints(function)
    parameters, section = [], ""
    for p in found.parameters.values():
        if p.kind is p.POSITIONAL_ONLY or not is_handed(p):
            read = _parameter(p, hints.get(p.name), name_of(function))
            section = read.section or section
            parameters.append(replace(read, section=section))
    return tuple(parameters)


def _hints(function: Callable[..., object]) -> dict[str, object]:
    try:
        return get_type_hints(innermost(function), include_extras=True)
    except Exception as exc:
        what = "is not defined" if isinstance(exc, NameError) else "cannot be read"
        raise ArtError(f"an annotation of {name_of(function)} {what}: {exc}") from exc


def _parameter(p: inspect.Parameter, hint: object, of: str) -> Parameter:
    if p.kind is p.POSITIONAL_ONLY:
        raise ArtError(f"{p.name} is given by name; leave out the / in def {of}(...)")
    if p.kind not in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY):
        raise ArtError(
            f"{p} cannot be a parameter of a sketch; give each a name and a default, which a"
            " decorator keeps by functools.wraps"
        )
    if p.name == "seed":
        raise ArtError(f"the seed comes as a random key: write def {of}(key, ...) in place of seed")
    if p.name == "page":
        raise ArtError(
            f"page is the sheet that {of} is rendered on: write def {of}(page, ...) without a"
            " default, and @ga.sketch(page='a5') or --page a5 for another; call a parameter"
            " otherwise"
        )
    if p.name in RESERVED:
        flag = f"--{p.name.replace('_', '-')}"
        raise ArtError(
            f"{p.name} is an option of every sketch, @ga.sketch({p.name}=...) or {flag}; call"
            " the parameter otherwise"
            if p.name in ("margin", "landscape", "seconds", "fps", "at")
            else f"{p.name} is an option of every sketch, {flag}; call the parameter otherwise"
        )
    if p.default is p.empty:
        usual = "parameter {name} has no default; write {name}=1.0, for example"
        raise ArtError(_MEANT.get(p.name, usual).format(name=p.name, of=of))
    if isinstance(p.default, jax.Array) and _is_key(p.default):
        raise ArtError(
            f"{p.name} is a random key, which the seed makes: write def {of}(key, ...); for a key"
            f" of its own write {p.name}: ga.Seed = 0"
        )
    read = _read(p.name, hint, p.default)
    if read.depth >= len(SEPARATORS):
        raise ArtError(f"{p.name} is a list of lists of lists; a list of points is the deepest")
    read = replace(read, parts=tuple(map(_blank, read.parts)))
    try:
        # A default that is wrong is no example of what is right.
        return replace(read, default=replace(read, default=None).check(read.default))
    except ArtError as exc:
        raise ArtError(f"the default of {exc}") from None


def _is_key(array: jax.Array) -> bool:
    """Whether an array is a random key, of the older kind too, jax.random.PRNGKey(0)."""
    old = array.dtype == np.uint32 and array.shape == (2,)
    return old or jnp.issubdtype(array.dtype, jax.dtypes.prng_key)


def _blank(part: Parameter) -> Parameter:
    """A parameter that is a part of a list, and so has no default of its own."""
    return replace(part, default=None, parts=tuple(map(_blank, part.parts)))


def _read(name: str, hint: object, default: object) -> Parameter:
    """The parameter of an annotation and a default, or of a part of these; not checked yet."""
    hint, notes, optional = _unwrap(hint)
    bounds = next((note for note in notes if isinstance(note, Bounds)), None)
    says = next((note for note in notes if isinstance(note, str)), "")
    section = next((note.name for note in notes if isinstance(note, Section)), "")
    default = _python(default)
    role = next((note for note in notes if isinstance(note, Role)), None) or _role(hint, default)
    read = _in_role(name, role, default) if role else _typed(name, hint, default)
    if bounds is not None:
        read = _bounded(read, bounds)
    optional = optional or read.optional
    return replace(read, help=says or read.help, optional=optional, section=section)


def _role(hint: object, default: object) -> Role | None:
    """What the numbers of a class stand for, which an annotation or else a default is of."""
    for of, role in ((Range, RANGE), (Easing, EASING)):
        # Any says as little as no annotation.
        if hint is of or (hint in (None, Any) and isinstance(default, of)):
            return role
    return None


def _in_role(name: str, role: Role, default: object) -> Parameter:
    """A parameter whose numbers stand for a point, a range, an easing, a seed."""
    if role is SEED:
        return Parameter(name, "int", default, make=role.make, role=role)
    values = default.tolist() if isinstance(default, _ARRAYS) else default
    one = Parameter(name, "float", None)
    parts = (one,) * role.numbers
    if role is EASING:
        parts = (replace(one, bounds=Bounds(0, 1)), one) * 2
    return Parameter(name, "list", values, parts=parts, make=role.make, role=role)


def _typed(name: str, hint: object, default: object) -> Parameter:
    origin = get_origin(hint) or hint
    if origin is Literal:
        return _chosen(name, get_args(hint), default)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _chosen(name, list(hint), default)
    if origin in _ROWS or (isinstance(hint, type) and issubclass(hint, tuple)):
        return _listed(name, origin, get_args(hint), default)
    if kind := _kind(hint):
        return Parameter(name, kind, default)
    if hint is Palette or isinstance(default, Palette):
        return Parameter(name, "palette", default, make=palette)
    if hint is Ramp or isinstance(default, Ramp):
        return Parameter(name, "ramp", default, make=ramp_of)
    # Such annotations as Any, ArrayLike or float | str say nothing: the default does.
    if isinstance(default, Enum):
        return _chosen(name, list(type(default)), default)
    if isinstance(default, tuple | list | np.ndarray | jax.Array):
        return _listed(name, type(default), (), default)
    if default is None:
        raise ArtError(f"parameter {name} is None; say its type, {name}: float | None = None")
    if kind := _kind(type(default)):
        hexadecimal = isinstance(default, str) and default.startswith("#") and _is_color(default)
        return Parameter(name, "color" if hexadecimal else kind, default)
    raise ArtError(f"parameter {name} is {kind_of(default)}; use {_TYPES}")


def _chosen(name: str, choices: Sequence[object], default: object) -> Parameter:
    """One of several words or numbers; members of an enumeration go by their names."""
    optional = None in choices
    choices = [choice for choice in choices if choice is not None]
    members = [choice for choice in choices if isinstance(choice, Enum)]
    if members and len(members) == len(choices):
        names = tuple(member.name for member in members)
        member = MethodType(EnumType.__getitem__, type(members[0]))
        return Parameter(name, "str", default, choices=names, optional=optional, make=member)
    words = tuple(choice for choice in choices if isinstance(choice, str | int | float))
    kind = _kind(type(words[0])) if words else None
    if kind is None or len(words) < len(choices):
        raise ArtError(f"parameter {name} has no choices that can be written; use words or numbers")
    return Parameter(name, kind, default, choices=words, optional=optional)


def _listed(name: str, holder: object, args: tuple[object, ...], default: object) -> Parameter:
    """A list, of the types that its annotation names, or else of those that its default holds."""
    values = default.tolist() if isinstance(default, _ARRAYS) else default
    row = values if isinstance(values, tuple | list) else ()
    if holder is tuple and args and args[-1] is not Ellipsis:
        samples = list(row) if len(row) == len(args) else [None] * len(args)
        parts = tuple(_read(name, arg, one) for arg, one in zip(args, samples, strict=True))
        return Parameter(name, "list", values, parts=parts)
    make = _maker(holder, default)
    if args:
        parts = (_read(name, args[0], row[0] if row else None),)
        return Parameter(name, "list", values, parts=parts, varies=True, make=make)
    if not row:
        raise ArtError(f"parameter {name} holds nothing; say what it can, {name}: list[float] = []")
    fixed = isinstance(default, tuple) and not any(isinstance(one, str | Path) for one in row)
    return replace(_held(name, row, fixed), default=values, make=make)


def _held(name: str, values: Sequence[object], fixed: bool) -> Parameter:
    """A list as its values show it: points, colors, numbers; several kinds only in a tuple."""
    rows = [one for one in values if isinstance(one, tuple | list) and one]
    if len(rows) == len(values):
        first = rows[0]
        same = all(len(row) == len(first) for row in rows)
        row = _held(name, [one for row in rows for one in row], False)
        parts = row.parts * len(first) if same else row.parts
        make = _maker(type(first), first)
        row = replace(row, default=None, parts=parts, varies=not same, make=make)
        return Parameter(name, "list", None, parts=(row,), varies=True)
    read = [_read(name, None, one) for one in values]
    kinds = {part.type for part in read}
    # Nobody counts or measures by (0, 0): it is the origin, which moves by fractions too.
    origin = fixed and kinds == {"int"} and len(values) in (2, 3) and not any(values)
    if origin or kinds == {"int", "float"}:
        read = [replace(part, type="float") for part in read]
    elif kinds == {"color", "str"}:
        kind: Kind = "color" if all(map(_is_color, map(str, values))) else "str"
        read = [replace(part, type=kind) for part in read]
    if len({(part.type, part.choices, part.make) for part in read}) == 1:
        return Parameter(
            name, "list", None, parts=tuple(read) if fixed else (read[0],), varies=not fixed
        )
    if depth(values) > 1 or not isinstance(values, tuple):
        raise ArtError(f"parameter {name} holds several kinds of things; only a plain tuple may")
    return Parameter(name, "list", None, parts=tuple(read))


def _maker(holder: object, default: object) -> Callable[[tuple[object, ...]], object] | None:
    """The function that makes a list or an array of a tuple; None if the sketch takes a tuple."""
    if holder in _ARRAYS or isinstance(default, _ARRAYS):
        return jnp.asarray if isinstance(default, jax.Array) or holder is jax.Array else _array
    if isinstance(default, tuple):
        return getattr(type(default), "_make", None)
    return list if holder in (list, MutableSequence) or isinstance(default, list) else None


def _array(values: object) -> np.ndarray | jax.Array:
    """Numbers as an array: of JAX if one of them is, as while it traces, or else of NumPy."""
    traced = any(isinstance(leaf, jax.Array) for leaf in jax.tree_util.tree_leaves(values))
    return jnp.asarray(values) if traced else np.asarray(values)


def _bounded(read: Parameter, bounds: Bounds) -> Parameter:
    """The parameter, its numbers held to the bounds; those of a list each."""
    if read.role in (EASING, SEED):
        raise ArtError(f"parameter {read.name} has its own bounds; leave out Bounds")
    if read.parts:
        parts = tuple(_bounded(part, bounds) for part in read.parts)
        return replace(read, parts=parts)
    if read.type not in ("float", "int"):
        raise ArtError(f"parameter {read.name} is no number; Bounds are for a float or an int")
    return replace(read, bounds=bounds)


def _unwrap(hint: object) -> tuple[object, list[object], bool]:
    """A type without Annotated and None, what was noted on it, and whether None was there."""
    notes: list[object] = []
    optional = False
    while True:
        if get_origin(hint) is Annotated:
            hint, *more = get_args(hint)
            notes += more
        elif hasattr(hint, "__supertype__"):  # a NewType
            hint = hint.__supertype__
        elif type(hint).__name__ == "TypeAliasType" and hasattr(hint, "__value__"):
            hint = hint.__value__
        elif get_origin(hint) in (Union, UnionType):
            types = [arg for arg in get_args(hint) if arg is not NoneType]
            optional = optional or len(types) < len(get_args(hint))
            if len(types) > 1:
                return (float if set(types) == {int, float} else None), notes, optional
            hint = types[0]
        else:
            return hint, notes, optional


def _kind(type_: object) -> Kind | None:
    found = (
        kind
        for known, kind in _KINDS.items()
        if isinstance(type_, type) and issubclass(type_, known)
    )
    return next(found, None)


def _python(value: object) -> object:
    """A number of NumPy or JAX as one of Python."""
    if isinstance(value, np.generic) or (isinstance(value, _ARRAYS) and value.ndim == 0):
        return value.item()
    return value


def _is_color(text: str) -> bool:
    try:
        color(text)
    except ArtError:
        return False
    return True
