"""The options of `gradart run`, a sketch's own parameters among them."""

import argparse
import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from gradart.errors import ArtError
from gradart.files.reading import spelled_out
from gradart.rendering.formats import registry
from gradart.rendering.options import OPTIONS, Option, Value, as_options
from gradart.sketching.value_texts import SEPARATORS
from gradart.sketching.value_texts import word as as_word
from gradart.terminal import plain

if TYPE_CHECKING:
    from gradart.jobs.job import Job
    from gradart.sketching.parameters import Parameter
    from gradart.sketching.sketch import Sketch

IF_CHANGED = "--if-changed", "--resume"  # one option
_OWN = "parameter:"  # what begins the name under which argparse keeps a sketch's own parameter


class Parser(argparse.ArgumentParser):
    """argparse without abbreviations, and with errors of one line."""

    def __init__(self, **how: Any) -> None:  # what argparse takes
        super().__init__(allow_abbrev=False, **how)

    def error(self, message: str) -> NoReturn:
        raise ArtError(f"{message}; `{self.prog} --help` shows how")


def split(words: Sequence[str], loaded: "Sequence[Sketch]" = ()) -> tuple[list[str], list[str]]:
    """Part the words of a command line: those that name sketches, and the others.

    A sketch stands before the first option, or ends in .py or .py:NAME and is no option's value.
    What follows an option that neither the command nor one of the sketches `loaded` so far has may
    be its value, or a sketch: it is one only where there is none else.
    """
    first = next((i for i, word in enumerate(words) if word.startswith("-")), len(words))
    sketches, rest, doubtful = list(words[:first]), [], []
    takes = _takes_value(loaded)
    for before, word in zip(["", *words[first:]], words[first:], strict=False):
        named = re.search(r"\.py(:\w+)?$", word) and not word.startswith("-")
        value = before.startswith("-") and "=" not in before and takes.get(before)
        if not named or value:
            rest.append(word)
        elif before.startswith("--") and "=" not in before and before not in takes:
            doubtful.append(len(rest))
            rest.append(word)
        else:
            sketches.append(word)
    if not sketches:
        sketches = [rest[i] for i in doubtful]
        rest = [word for i, word in enumerate(rest) if i not in doubtful]
    return sketches, rest


def _takes_value(loaded: "Sequence[Sketch]") -> dict[str, bool]:
    """Every option of `run`, and whether a value follows it."""
    parser = Parser()
    add(parser, loaded)
    actions = [(flag, action) for action in parser._actions for flag in action.option_strings]
    return {flag: action.nargs != 0 for flag, action in actions}


def outputs(words: Sequence[str]) -> list[Path]:
    """The places that the words of a command line name for pictures, each once."""
    parser = Parser(prog="gradart run", add_help=False)
    _add_out(parser)
    return list(dict.fromkeys(parser.parse_known_args(words)[0].out))


def many(words: Sequence[str]) -> bool:
    """Whether the words seem to ask for several pictures of a sketch."""
    parser = Parser(prog="gradart run", add_help=False)
    _add_sweep(parser)
    found, _ = parser.parse_known_args(words)
    return bool(found.param) or any(sign in (found.seed or "") for sign in ("..", ","))


def workers(words: Sequence[str]) -> argparse.Namespace:
    """The values of --jobs and --executor among the words of a command line."""
    parser = Parser(prog="gradart run", add_help=False)
    add_workers(parser)
    return parser.parse_known_args(words)[0]


def _add_out(parser: argparse.ArgumentParser) -> None:
    *others, last = registry.suffixes()
    parser.add_argument(
        "-o",
        "--out",
        type=place,
        action="append",
        default=[],
        help=f"a {' '.join(others)} or {last} file; a folder, for several pictures or a film's"
        " frames; or - for standard output, svg:- for SVG there (default:"
        f" NAME{registry.STILL}, for a film NAME{registry.FILM}); repeat it for several files of"
        " one picture",
    )


def _add_sweep(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", help="7, or several: 0..9 or 1,5,8")
    parser.add_argument(
        "-p",
        "--param",
        action="append",
        default=[],
        metavar="NAME=VALUES",
        help="several values: turns=3..9..2 or growth=0.05,0.1; repeat it for all combinations;"
        r" a comma in a text is written \,: word=Hello\, world,Bye, and one text is"
        " --word 'Hello, world'; between lists stands ;,"
        " between lists of lists |: at=0,0;1,1",
    )


def add(parser: argparse.ArgumentParser, sketches: "Sequence[Sketch]") -> None:
    """Add the options of every render, and the parameters of these sketches."""
    _add_out(parser)
    for option in OPTIONS.values():
        _add_option(parser, option)
    _add_sweep(parser)
    parser.add_argument("--preset", metavar="NAME", help="what `gradart watch` has kept as NAME")
    parser.add_argument(
        *IF_CHANGED,
        dest="resume",
        action="store_true",
        help="leave what is there already, made by just such a job",
    )
    add_workers(parser)
    add_debug(parser)
    groups = {"": parser.add_argument_group("parameters of the sketch")}
    for parameter in {p.name: p for sketch in sketches for p in sketch.parameters}.values():
        if parameter.section not in groups:
            groups[parameter.section] = parser.add_argument_group(plain(parameter.section))
        _add_parameter(groups[parameter.section].add_argument, parameter)


def _add_option(parser: argparse.ArgumentParser, option: Option) -> None:
    """Add --NAME of an option of `render`, which is None where it is not given."""
    flag, said = f"--{option.name.replace('_', '-')}", option.help.replace("%", "%%")
    if option.type is not bool:
        number = partial(_number, of=" of millimeters" if option.metavar == "MM" else "")
        reads: dict[type, Callable[[str], Value]] = {int: _integer, float: number, str: str}
        parser.add_argument(flag, type=reads[option.type], metavar=option.metavar, help=said)
    elif option.of_sketch:  # which may have switched it on
        parser.add_argument(flag, action=argparse.BooleanOptionalAction, help=said)
    else:
        parser.add_argument(flag, action="store_true", default=None, help=said)


def add_workers(parser: argparse.ArgumentParser) -> None:
    """Add --jobs and --executor, for what makes many files."""
    parser.add_argument(
        "--jobs",
        type=_integer,
        metavar="N",
        help="work with N processes (default: as many as there are processors, if that is worth"
        " their start; 1: only this one)",
    )
    parser.add_argument(
        "--executor", metavar="URL", help="work on a Dask cluster instead: dask://HOST:PORT"
    )


def add_debug(parser: argparse.ArgumentParser) -> None:
    """Add --debug, which every command has."""
    parser.add_argument("--debug", action="store_true", help="show tracebacks and all warnings")


def _add_parameter(add_argument: Callable[..., object], parameter: "Parameter") -> None:
    """Add --NAME. Its value stays a text, because each of several sketches reads it for itself."""
    dashed, dest = parameter.name.replace("_", "-"), _OWN + parameter.name
    flags = list(dict.fromkeys([f"--{dashed}", f"--{parameter.name}"]))
    says = ", ".join(filter(None, details(parameter))).replace("%", "%%")
    try:
        if parameter.type == "bool":
            add_argument(*flags, dest=dest, action="store_const", const="true", help=says)
            add_argument(f"--no-{dashed}", dest=dest, action="store_const", const="false")
        else:
            add_argument(*flags, dest=dest, metavar=_form(parameter), help=says)
    except argparse.ArgumentError:  # no_dark beside dark, which has --no-dark
        raise ArtError(
            f"--{dashed} means something else already; call the parameter otherwise"
        ) from None


def details(parameter: "Parameter") -> tuple[str, str, str]:
    """A parameter's default, its range or choices, and its help, as a terminal can show them."""
    return plain(as_word(parameter.default)), plain(_span(parameter)), plain(parameter.help)


def _span(parameter: "Parameter") -> str:
    """A parameter's range or choices; of a list, those that all its parts have."""
    if parameter.role is not None and parameter.role.name == "easing":
        return "each x 0 to 1"
    if parameter.parts:
        spans = {_span(part) for part in parameter.parts}
        return f"each {span}" if len(spans) == 1 and (span := spans.pop()) else ""
    bounds = parameter.bounds
    if parameter.choices:
        return " | ".join(map(str, parameter.choices))
    if parameter.type in ("palette", "ramp"):
        from gradart.drawing.color.palettes import NAMED  # where a sketch is loaded, it is too

        return " | ".join([*NAMED, "or colors like '#1b1b1e #c2410c'"])
    return f"{bounds.low:g} to {bounds.high:g}" if bounds else ""


def _form(parameter: "Parameter") -> str:
    """How a value is written: FLOAT, X,Y for a point, COLOR,... for as many as wanted."""
    if parameter.role is not None:
        return parameter.role.form
    if not parameter.parts:
        return parameter.type.upper()
    forms = [*map(_form, parameter.parts), *["..."] * parameter.varies]
    return SEPARATORS[parameter.depth - 1].join(forms)


def place(text: str) -> Path:
    """A word as a path; argparse's error for an empty word, as `-o "$NOT_SET"` has."""
    if not text:
        raise argparse.ArgumentTypeError("give the name of a file or a folder")
    try:
        return spelled_out(text)
    except ArtError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def places(words: Sequence[str]) -> None:
    """Raise ArtError for a word, not the value of an option, that is a path with a `~`."""
    for before, word in pairwise(["", *words]):
        if not before.startswith("-") or "=" in before:
            spelled_out(word)


def _integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"give a whole number, not {text or 'nothing'}") from None


def _number(text: str, of: str = "") -> float:
    try:
        return float(text)
    except ValueError:
        said = f"give a number{of}, not {text or 'nothing'}"
        raise argparse.ArgumentTypeError(said) from None


def parse(
    parser: argparse.ArgumentParser, words: Sequence[str], sketches: "Sequence[Sketch]"
) -> argparse.Namespace:
    """Parse the words; an unknown option is told with the nearest one that there is."""
    args, rest = parser.parse_known_args(_joined(words))
    if not rest:
        return args
    word = rest[0].partition("=")[0]
    names = [parameter.name for sketch in sketches for parameter in sketch.parameters]
    if not word.startswith("--") or not sketches:
        instead = f"write -{word}" if word[1:] in names else f"see `{parser.prog} --help`"
        raise ArtError(f"{rest[0]} is neither a sketch nor an option; {instead}")
    from gradart.sketching.parameters import RESERVED, unknown

    owner = " and ".join(dict.fromkeys(sketch.name for sketch in sketches))
    raise unknown(word[2:].replace("-", "_"), dict.fromkeys(names), owner, RESERVED)


def _joined(words: Sequence[str]) -> list[str]:
    """The words, with such values as -1e-3 and -1,2 joined to their option: --turns=-1e-3.

    argparse takes only plain negative numbers for values. Names are brought to the form that Python
    gives them, where a letter and its accent are one.
    """
    joined: list[str] = []
    for word in words:
        if re.match(r"-\.?\d", word) and joined and re.fullmatch(r"--[^=]+", joined[-1]):
            joined[-1] += f"={word}"
        elif word.startswith("--"):
            name, equals, value = word.partition("=")
            joined.append(unicodedata.normalize("NFKC", name) + equals + value)
        else:
            joined.append(word)
    return joined


def jobs(sketches: "Sequence[Sketch]", args: argparse.Namespace, here: Path) -> "list[Job]":
    """Every picture that the parsed options ask for, sketch by sketch; paths count from `here`."""
    from gradart.command.sweeps import combinations, swept
    from gradart.jobs.job import Job
    from gradart.jobs.versions import whereabouts

    given = {name: value for name, value in vars(args).items() if value is not None}
    options = as_options({name: given[name] for name in OPTIONS if name in given})
    single = {name[len(_OWN) :]: given[name] for name in given if name.startswith(_OWN)}
    where = {file: whereabouts(file, here) for file in {sketch.file for sketch in sketches}}
    made = []
    for sketch in sketches:
        base, home = {}, sketch.seed
        if args.preset is not None:
            from gradart.sketching.presets import preset

            kept = preset(sketch, args.preset)
            base, home = dict(kept.values), kept.seed
        rows = list(combinations(sketch, single, args.param, args.seed))
        rest = options, where[sketch.file], swept(sketch, rows, args.param, args.seed), here
        for values, seed in rows:
            made.append(Job(sketch, base | values, seed if args.seed else home, *rest))
    return made
