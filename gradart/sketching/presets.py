"""Presets: parameters and a seed under a name, in a JSON file beside the sketch.

`waves.presets.json` lies beside `waves.py`: {"waves": {"calm": {"seed": 3, "parameters": {...}}}},
by sketch, because a file may hold several.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TypedDict

from gradart.errors import ArtError, RenderFault
from gradart.files.reading import opened
from gradart.rendering.files.atomic import replacing
from gradart.sketching.parameters import checked
from gradart.sketching.sketch import Sketch, check_seed
from gradart.sketching.value_texts import as_plain

_LONGEST = 60  # letters of a name


class _Entry(TypedDict):
    """A preset as its file has it, if that is not broken."""

    seed: int
    parameters: dict[str, object]


@dataclass(frozen=True)
class Preset:
    """The values of all parameters, and the seed."""

    values: Mapping[str, object]
    seed: int


def path_of(sketch: Sketch) -> Path:
    """The file of the sketch's presets, which need not be there."""
    return sketch.file.with_suffix(".presets.json")


def presets(sketch: Sketch) -> dict[str, Preset]:
    """The sketch's presets by name, checked as the command line checks parameters.

    A parameter that the sketch no longer has is left out; one that it has got since is at its
    default. ArtError names the file and the preset that is wrong.
    """
    path = path_of(sketch)
    known = {p.name for p in sketch.parameters}
    found = {}
    for name, entry in _read(path).get(sketch.name, {}).items():
        try:
            given = {n: value for n, value in entry["parameters"].items() if n in known}
            values = checked(sketch.name, sketch.parameters, given)
            found[name] = Preset(values, check_seed(entry["seed"]))
        except ArtError as exc:
            raise ArtError(f"{path.name}, preset {name}: {exc}") from exc
        except (KeyError, TypeError, AttributeError):
            raise ArtError(
                f'{path.name}, preset {name}: write {{"seed": 0, "parameters": {{...}}}}'
            ) from None
    return found


def preset(sketch: Sketch, name: str) -> Preset:
    """The preset of that name, or an error with the nearest one that there is."""
    known = presets(sketch)
    if name in known:
        return known[name]
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}? " if near else ""
    has = f"it has {', '.join(known)}" if known else "it has none; `gradart watch` keeps some"
    raise ArtError(f"{sketch.name} has no preset {name or repr(name)}; {hint}{has}")


def keep(sketch: Sketch, name: str, values: Mapping[str, object], seed: int) -> None:
    """Write values and seed as a preset of that name, in place of one that there is.

    ArtError for a name of no letters or too many, and for values that the sketch does not take.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= _LONGEST or not name.isprintable():
        raise ArtError(f"a preset's name has 1 to {_LONGEST} letters, not {len(name)}")
    full = checked(sketch.name, sketch.parameters, values)
    plain = {n: as_plain(value) for n, value in full.items()}
    entries = _read(path_of(sketch))
    mine = entries.get(sketch.name, {}) | {name: {"seed": check_seed(seed), "parameters": plain}}
    _write(path_of(sketch), entries | {sketch.name: mine})


def drop(sketch: Sketch, name: str) -> None:
    """Delete the preset of that name from the sketch's file of presets."""
    entries = _read(path_of(sketch))
    mine = {n: entry for n, entry in entries.get(sketch.name, {}).items() if n != name}
    _write(path_of(sketch), entries | {sketch.name: mine})


def _read(path: Path) -> dict[str, dict[str, _Entry]]:
    try:
        with opened(path) as file:
            entries = json.load(file)
    except FileNotFoundError:
        return {}
    except OSError as exc:
        raise RenderFault(f"{path.name} cannot be read: {exc.strerror}") from exc
    except (ValueError, RecursionError) as exc:
        raise ArtError(f"{path.name} is no JSON: {exc}; mend it, or delete it") from exc
    if not isinstance(entries, dict) or not all(isinstance(e, dict) for e in entries.values()):
        raise ArtError(f"{path.name} must hold presets by sketch and name; mend it, or delete it")
    return entries


def _write(path: Path, entries: dict[str, dict[str, _Entry]]) -> None:
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8", newline="\n")
