"""`gradart new`: write a first sketch to start from, under a name that nothing else has."""

import argparse
import re
import sys
from importlib.util import find_spec
from keyword import iskeyword
from pathlib import Path

from gradart.command.options import add_debug
from gradart.errors import ArtError
from gradart.terminal import plain

TEMPLATES = {  # a file of templates/ each, and what it draws
    "still": "a curve and its velocity",
    "film": "a ring that ripples, as a film",
    "field": "a land, its lines of equal height, and water that runs down",
    "photograph": "a photograph engraved, yours or Grace Hopper's",
    "plotter": "true lines for two pens",
    "fit": "strokes that find their places until they show a photograph",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the sketch's name, and what it starts from."""
    parser.add_argument("name", metavar="NAME", help="waves, or folder/waves")
    parser.add_argument(
        "-t",
        "--template",
        choices=TEMPLATES,
        metavar="TEMPLATE",
        help=f"what to start from: {', '.join(TEMPLATES)} (default: still)",
    )
    parser.epilog = "; ".join(f"{name}: {draws}" for name, draws in TEMPLATES.items())
    add_debug(parser)


def main(args: argparse.Namespace, here: Path) -> int:
    """Write the sketch, and print how it is rendered, and what else it could have started from."""
    path = write(Path(args.name), args.template or "still")
    print(plain(f"{path}  written; render it with: gradart run {path}"))
    if args.template is None:
        others = ", ".join(name for name in TEMPLATES if name != "still")
        print(f"other beginnings: gradart new NAME --template {others}")
    return 0


def write(path: Path, template: str = "still") -> Path:
    """Write NAME.py for a path of that name; the file's path."""
    name = path.name.removesuffix(".py")
    if not name.isidentifier() or iskeyword(name):
        hint = re.sub(r"\W+", "_", name).strip("_").lower()
        example = hint if hint.isidentifier() and not iskeyword(hint) else "waves"
        raise ArtError(f"{name!r} is no name for a sketch; write letters and _: {example}")
    if whose := _taken(name):
        raise ArtError(f"{name} is the name of {whose}, which it would hide; take another name")
    text = (Path(__file__).parent / "templates" / f"{template}.txt").read_text(encoding="utf-8")
    path = path.with_name(f"{name}.py")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text.replace("NAME", name))
    except FileExistsError:
        raise ArtError(f"{path} is there already; take another name") from None
    except FileNotFoundError:
        raise ArtError(f"no such folder: {path.parent}") from None
    return path


def _taken(name: str) -> str:
    """Whose name it is already, so that `import NAME` would mean two things; nobody's mostly."""
    if name in ("ga", "jnp", "Annotated"):
        return "something that every sketch uses"
    if name in sys.stdlib_module_names or name == "__main__":
        return "a module of Python itself"
    spec = find_spec(name)
    installed = spec is not None and spec.origin is not None  # a folder of that name has none
    return "a module that is installed" if installed else ""
