"""`gradart examples`: the sketches that come with gradart, listed, copied and drawn."""

import argparse
import ast
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from gradart.command import options
from gradart.errors import PACKAGE, ArtError
from gradart.terminal import plain


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the names, and whether they are drawn."""
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="copy this one into the current folder, as NAME.py; without a name, all are listed",
    )
    parser.add_argument("--run", action="store_true", help="draw it, too, as gradart run does")
    options.add_debug(parser)


def main(args: argparse.Namespace, here: Path) -> int:
    """List the examples, or copy some and draw them; return the exit status."""
    if not args.names:
        if args.run:
            raise ArtError("name an example: gradart examples forward_spiral --run")
        print(_listed(folder()))
        return 0
    texts = {f"{name}.py": _text(name) for name in (n.removesuffix(".py") for n in args.names)}
    for name, text in texts.items():
        if (here / name).exists() and (here / name).read_bytes() != text:
            raise ArtError(f"{name} is here already, and is another; rename it, or go elsewhere")
    for name, text in texts.items():
        if (here / name).exists():
            print(f"{name}  is here already")
        else:
            (here / name).write_bytes(text)
            print(f"{name}  copied" + ("" if args.run else f"; draw it: gradart run {name}"))
    return _draw(list(texts), here) if args.run else 0


def folder() -> Path:
    """Where the examples lie: in an installed gradart beside its rooms, in a clone beside it."""
    installed = Path(PACKAGE, "examples")
    return installed if installed.is_dir() else Path(PACKAGE).parent / "sketches"


def copy_all(into: Path) -> int:
    """Write all of the examples, and their order, into a folder that is not there yet; how many."""
    files = [*folder().glob("*.py"), folder() / "order.txt"]
    into.mkdir(parents=True)
    for file in files:
        (into / file.name).write_bytes(file.read_bytes())
    return len(files) - 1


def _text(name: str) -> bytes:
    file = folder() / f"{name}.py"
    if not name.isidentifier() or not file.is_file():
        names = sorted(file.stem for file in folder().glob("*.py"))
        near = get_close_matches(name, names, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise ArtError(plain(f"no example {name}; {hint}gradart examples lists them"))
    return file.read_bytes()


def _listed(examples: Path) -> str:
    """Each example with the first line of its docstring, under the headings of the gallery."""
    from gradart.sketching.loading import chapters

    parts = chapters(examples)
    width = max(len(file.stem) for part in parts for file in part.files)
    blocks = []
    for part in parts:
        lines = [f"  {file.stem:<{width}}  {_title(file)}" for file in part.files]
        blocks.append("\n".join([part.heading, *lines]))
    how = "gradart examples NAME copies one into this folder, with --run it is drawn, too"
    return "\n\n".join([*blocks, how])


def _title(file: Path) -> str:
    """What a sketch file says of itself in its first line."""
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0]


def _draw(names: Sequence[str], here: Path) -> int:
    from gradart.command.named_sketches import find
    from gradart.command.run import render

    found, failed = find(names, here)
    parser = options.Parser(prog="gradart run")
    options.add(parser, found)
    return max(render(found, options.parse(parser, [], found), here), int(failed))
