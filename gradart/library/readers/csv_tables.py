"""CSV files as columns of numbers and of words."""

import csv
import io
import os

import numpy as np

from gradart.errors import ArtError
from gradart.library.readers.file_checks import afford, opened

_BYTES = 500_000_000
_SEPARATORS = (",", ";", "\t", "|")


def table(file: str | os.PathLike[str]) -> dict[str, np.ndarray]:
    """The columns of a CSV file by name, each an array (n,): of floats, or else of words.

    The first line of `file` names the columns; where it is all numbers, they are called column1,
    column2, and so on. Commas, semicolons, tabs or bars part the columns, whichever the first line
    has most of; where these are semicolons, a number may have a decimal comma. An empty cell among
    numbers is NaN. The text is UTF-8.

    ArtError for a file that is broken or empty, and for a line of another length.

    >>> from pathlib import Path
    >>> _ = Path("rain.csv").write_text("day,mm\\n1,2.5\\n2,0\\n3,7\\n")
    >>> rain = ga.table("rain.csv")
    >>> ga.segments(jnp.stack([rain["day"], 0 * rain["mm"]], -1), jnp.stack([*rain.values()], -1))
    """
    with opened(file) as (path, stream):
        if os.fstat(stream.fileno()).st_size > _BYTES:
            raise ArtError(f"{path.name} has more than {_BYTES:,} bytes: cut out a part of it")
        try:
            text = stream.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ArtError(f"{path.name} is not UTF-8: save it as that") from error
        first = text.lstrip().partition("\n")[0]
        parted = max(_SEPARATORS, key=first.count)
        try:
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=parted, strict=True)
            rows = [(reader.line_num, row) for row in reader if any(map(str.strip, row))]
        except csv.Error as error:
            raise ArtError(f"{path.name} is broken, or no CSV: {error}") from error
        if not rows:
            raise ArtError(f"{path.name} is empty")
        (_, names), *rest = rows
        if all(_number(name, parted) is not None for name in names):
            names, rest = [f"column{n}" for n in range(1, len(names) + 1)], rows
        names = [name.strip() or f"column{n}" for n, name in enumerate(names, 1)]
        afford((len(rest), len(names)), path.name, "cells")
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise ArtError(f"{path.name} has two columns called {twice}: rename one")
        for line, row in rest:
            if len(row) != len(names):
                wanted = f"{len(row)} cells, not {len(names)}"
                raise ArtError(f"{path.name} has in line {line} {wanted}")
        columns = zip(*(row for _, row in rest), strict=True) if rest else [()] * len(names)
        return {n: _column(cells, parted) for n, cells in zip(names, columns, strict=True)}


def _column(cells: tuple[str, ...], parted: str) -> np.ndarray:
    values = [_number(cell, parted) if cell.strip() else np.nan for cell in cells]
    if None in values or (cells and not any(map(str.strip, cells))):
        return np.array([cell.strip() for cell in cells], str)
    return np.array(values, float)


def _number(text: str, parted: str) -> float | None:
    plain = text.strip().replace(",", ".") if parted == ";" else text.strip()
    try:
        return None if "_" in plain else float(plain)
    except ValueError:
        return None
