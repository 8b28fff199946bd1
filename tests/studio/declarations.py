"""The front end's types of messages, made of the studio's: TypeScript declarations.

`python tests/studio/declarations.py` writes them anew when a message has got another field.
"""

import types
from pathlib import Path
from typing import Any, Literal, NotRequired, Required, get_args, get_origin, get_type_hints

from gradart.studio.protocol import ANSWERS
from gradart.studio.server import messages

FILE = Path(messages.__file__).with_name("static") / "messages.d.ts"
_PLAIN = {int: "number", float: "number", str: "string", bool: "boolean", type(None): "null"}


def declarations() -> str:
    """The text of messages.d.ts."""
    declared: dict[str, str] = {}
    requests = []
    for kind, fields in messages.KINDS.items():
        hints = get_type_hints(fields)
        typed = "".join(f" {name}: {_typed(hint, declared)};" for name, hint in hints.items())
        requests.append(f"  {kind}: {{{typed} }};")
    answers = [f"  {kind}: {_typed(answer, declared)};" for kind, answer in ANSWERS.items()]
    parts = [
        "// Made by tests/studio/declarations.py of the studio's own table: not to be edited.",
        *declared.values(),
        "\n".join(["export interface Requests {", *requests, "}"]),
        "\n".join(["export interface Answers {", *answers, "}"]),
    ]
    return "\n\n".join(parts) + "\n"


def _typed(hint: Any, declared: dict[str, str]) -> str:
    """A Python type in TypeScript; each TypedDict on the way is declared as an interface."""
    if hint is object:
        return "any"
    if hint in _PLAIN:
        return _PLAIN[hint]
    if hasattr(hint, "__required_keys__"):
        if hint.__name__ not in declared:
            declared[hint.__name__] = ""  # it may hold itself
            hints = get_type_hints(hint, include_extras=True)
            declared[hint.__name__] = "\n".join(
                [
                    f"export interface {hint.__name__} {{",
                    *(_field(name, part, hint, declared) for name, part in hints.items()),
                    "}",
                ]
            )
        return hint.__name__
    args = [_typed(arg, declared) for arg in get_args(hint) if get_origin(hint) is not Literal]
    match get_origin(hint):
        case o if o is list:
            return f"{args[0]}[]"
        case o if o is tuple:
            return f"[{', '.join(args)}]"
        case o if o is dict:
            return f"Record<{args[0]}, {args[1]}>"
        case o if o is Literal:
            return " | ".join(f'"{word}"' for word in get_args(hint))
        case o if o in (NotRequired, Required):
            return args[0]
        case types.UnionType:
            return " | ".join(args)
    raise TypeError(f"{hint} has no type in the front end yet")


def _field(name: str, hint: Any, owner: Any, declared: dict[str, str]) -> str:
    optional = "" if name in owner.__required_keys__ else "?"
    return f"  {name}{optional}: {_typed(hint, declared)};"


if __name__ == "__main__":
    FILE.write_text(declarations())
