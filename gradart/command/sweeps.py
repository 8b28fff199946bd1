"""Sweeps: the many values that a text like 3..9..2 or 0.05,0.1 stands for."""

import itertools
import math
import shlex
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from gradart.errors import ArtError, warn
from gradart.sketching.parameters import Parameter, unknown
from gradart.sketching.sketch import Sketch, check_seed
from gradart.sketching.value_texts import Value, split

_LONGEST = 10_000


def values(parameter: Parameter, text: str) -> list[Value]:
    r"""The values of `3..9` (by 1), `0..1..0.25` or `a,b,c`, each checked, the end included if hit.

    A comma in a text is written \, and between lists stands a semicolon: `0,0;1,1` are two points.
    Blanks around a value are none of it.

    >>> values(turns, "3..9..2")
    [3.0, 5.0, 7.0, 9.0]
    """
    if parameter.type in ("float", "int") and ".." in text:
        return [parameter.parse(word) for word in _range(parameter.name, text)]
    words = split(text, parameter.depth)
    if words[1:] and parameter.type == "str" and not parameter.choices and ", " in text:
        option = f"--{parameter.name.replace('_', '-')} {shlex.quote(text)}"
        message = f"{parameter.name} takes {len(words)} values; as one text, write {option}"
        warn(message)
    return [parameter.parse(word.strip() if words[1:] else word) for word in words]


def seeds(text: str) -> list[int]:
    """The seeds of `7`, `0..9` or `1,5,8`."""
    words = _range("seed", text) if ".." in text else text.split(",")
    return [check_seed(int(word) if word.strip().isdecimal() else word) for word in words]


def _range(name: str, text: str) -> list[str]:
    """The numbers of LOW..HIGH or LOW..HIGH..STEP as texts, so that each is parsed like one."""
    try:
        low, high, *by = map(float, text.split(".."))
        [step] = by or [1.0]
        count = math.floor((high - low) / step * (1 + 1e-12) + 1e-9) + 1
    except (ValueError, OverflowError, ZeroDivisionError):
        raise ArtError(f"{name}={text} is no range; write {name}=3..9 or {name}=3..9..2") from None
    if not 1 <= count <= _LONGEST:
        raise ArtError(
            f"{name}={text} has {max(count, 0):,} values; write LOW..HIGH..STEP for 1 to"
            f" {_LONGEST:,} of them"
        )
    # Rounded to 12 digits: 0.1 + 2 * 0.1 is 0.3.
    return [f"{low + i * step:.12g}" for i in range(count)]


def combinations(
    sketch: Sketch, single: Mapping[str, str], swept: Sequence[str], seed: str | None
) -> Iterator[tuple[dict[str, Value], int]]:
    """Every combination of a sketch's swept parameters and seeds, as (values, seed).

    `single` are the values of `--turns 7`, `swept` the texts of `-p turns=3..9`.
    """
    known = {p.name: p for p in sketch.parameters}
    axes: dict[str, list[Value]] = {}

    def parameter(name: str) -> Parameter:
        if name not in known:
            raise unknown(name, known, sketch.name)
        if name in axes:
            raise ArtError(f"{name} is given twice")
        return known[name]

    for name, text in single.items():
        if parameter(name).type in ("float", "int") and (".." in text or "," in text):
            raise ArtError(f"--{name} takes one value; for several write -p {name}={text}")
        axes[name] = [parameter(name).parse(text)]
    for item in swept:
        word, equals, text = item.partition("=")
        if not word:
            raise ArtError(f"-p {item} names no parameter; write -p NAME{item}")
        if not equals:
            raise ArtError(f"-p {item} has no value; write -p {item}=3..9 or -p {item}=1,2")
        name = unicodedata.normalize("NFKC", word.replace("-", "_"))
        axes[name] = values(parameter(name), text)
    numbers = [sketch.seed] if seed is None else seeds(seed)
    if seed is not None and not sketch.takes_key:
        numbers = [sketch.seed]
        message = f"{sketch.name} has no key, so that its seed changes nothing"
        warn(message)
    for number, row in itertools.product(numbers, itertools.product(*axes.values())):
        yield dict(zip(axes, row, strict=True)), number


def swept(
    sketch: Sketch,
    rows: Sequence[tuple[dict[str, Value], int]],
    texts: Sequence[str],
    seed: str | None,
) -> tuple[str, ...]:
    """What takes several values in these combinations, or is written so: 3..3 is a sweep, too.

    The names of parameters, and `seed`: a picture's name tells them, be they at their defaults.
    """
    numbers = {p.name for p in sketch.parameters if p.type in ("float", "int")}
    said = {word.replace("-", "_"): text for word, _, text in (t.partition("=") for t in texts)}
    said = {name: text for name, text in said.items() if name in numbers}
    if sketch.takes_key and seed is not None:
        said["seed"] = seed
    written = {name for name, text in said.items() if ".." in text or "," in text}
    several = {n for n in rows[0][0] if any(values[n] != rows[0][0][n] for values, _ in rows)}
    return tuple(sorted(written | several))
