"""`gradart completion`: complete commands, files and parameters in a shell, by argcomplete.

No sketch is run for that, and JAX is not imported: parameters are read from the text of a sketch.
"""

import argparse
import ast
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast

from gradart.command import options
from gradart.sketching.isolation import end_process

if TYPE_CHECKING:
    from argcomplete.completers import BaseCompleter

_TURN_ON = {  # in the file that a shell reads when it starts
    "bash": 'eval "$(gradart completion bash)"  in ~/.bashrc',
    "zsh": 'eval "$(gradart completion zsh)"  in ~/.zshrc, below compinit',
    "fish": "gradart completion fish | source  in ~/.config/fish/config.fish",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the shell."""
    parser.add_argument(
        "shell", choices=_TURN_ON, metavar="SHELL", help=f"one of {', '.join(_TURN_ON)}"
    )
    parser.epilog = "; ".join(f"{shell}: {line}" for shell, line in _TURN_ON.items())
    options.add_debug(parser)


def main(args: argparse.Namespace, here: Path) -> int:
    """Print what the shell is to read."""
    from argcomplete.shell_integration import shellcode

    print(shellcode(["gradart"], shell=args.shell))
    return 0


def words() -> list[str]:
    """The words of the line that the shell completes, up to the cursor."""
    line = os.environ.get("COMP_LINE", "")[: int(os.environ.get("COMP_POINT", "0"))]
    return line.split()


def complete(
    parser: argparse.ArgumentParser, own: Mapping[str, argparse.ArgumentParser], called: str | None
) -> None:
    """Tell the shell what can stand at the cursor, and end the program.

    `parser` is that of `gradart`, `own` those of its commands; that of the one `called` has its
    arguments, but for the options of `run`.
    """
    import argcomplete

    if called == "run":
        options.add(own[called], [])
        _add_parameters(own[called])
    argcomplete.autocomplete(
        parser,
        always_complete_options=False,
        exit_method=_leave,
        default_completer=cast("BaseCompleter", _values),  # any function is, though not declared
    )


def _leave(status: int) -> None:
    end_process(status)


def _values(prefix: str, action: argparse.Action, **_: object) -> list[str]:
    """What can be the value of an argument that has no choices: a sketch, an example, any file."""
    from argcomplete.completers import FilesCompleter

    if action.dest == "names":
        from gradart.command.examples import folder

        return sorted(file.stem for file in folder().glob(f"{prefix}*.py"))
    if action.dest == "page":
        from gradart.rendering.layout.sheet_sizes import SIZES

        return list(SIZES)
    if action.dest == "param":  # what is before the =
        return [f"{name.replace('-', '_')}=" for file in _sketches() for name, _ in _read(file)]
    if action.dest == "preset":
        return [name for file in _sketches() for name in _presets(file)]
    sketches = action.dest in ("sketches", "sketch")
    return list(FilesCompleter(allowednames=("py",) if sketches else ())(prefix))


def _add_parameters(parser: argparse.ArgumentParser) -> None:
    """Add the parameters of the sketches on the line, as their files tell them."""
    for file in _sketches():
        for name, choices in _read(file):
            _add_parameter(parser, name, choices)


def _sketches() -> Iterator[Path]:
    """The files of sketches that are on the line."""
    for word in words():
        file = Path(word.partition(".py:")[0] + ".py" if ".py:" in word else word)
        if file.suffix == ".py" and file.is_file():
            yield file


def _read(file: Path) -> list[tuple[str, tuple[object, ...]]]:
    """The parameters of a file, none of one that cannot be read."""
    with suppress(OSError, ValueError, SyntaxError):
        return list(parameters(file.read_text(encoding="utf-8")))
    return []


def _presets(file: Path) -> list[str]:
    """The names of the presets that are kept beside a sketch."""
    with suppress(OSError, ValueError, AttributeError):
        kept = json.loads(file.with_suffix(".presets.json").read_text(encoding="utf-8"))
        return [name for of_sketch in kept.values() for name in of_sketch]
    return []


def _add_parameter(parser: argparse.ArgumentParser, name: str, choices: tuple[object, ...]) -> None:
    with suppress(argparse.ArgumentError):  # another sketch has it, too
        if choices == (True, False):
            parser.add_argument(f"--{name}", f"--no-{name}", action="store_true")
        else:
            parser.add_argument(f"--{name}", choices=choices or None)


def parameters(text: str) -> Iterator[tuple[str, tuple[object, ...]]]:
    """The parameters of the sketches in a file's text, each with its choices if it has some.

    >>> list(parameters("@ga.sketch\ndef dot(key, n_dots=2, dark=False): ..."))
    [('n-dots', ()), ('dark', (True, False))]
    """
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and any(map(_is_sketch, node.decorator_list)):
            given = node.args
            places = [*given.posonlyargs, *given.args]
            with_default = places[len(places) - len(given.defaults) :]
            pairs = [*zip(with_default, given.defaults, strict=True)]
            pairs += [(a, d) for a, d in zip(given.kwonlyargs, given.kw_defaults, strict=True) if d]
            for argument, default in pairs:
                yield argument.arg.replace("_", "-"), _choices(argument.annotation, default)


def _is_sketch(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return ast.unparse(called) in ("ga.sketch", "gradart.sketch", "sketch")


def _choices(annotation: ast.expr | None, default: ast.expr) -> tuple[object, ...]:
    """What a parameter can be: the words of its Literal, or true and false."""
    if isinstance(default, ast.Constant) and isinstance(default.value, bool):
        return True, False
    for node in ast.walk(annotation) if annotation is not None else ():
        if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("Literal"):
            return tuple(one.value for one in ast.walk(node.slice) if isinstance(one, ast.Constant))
    return ()
