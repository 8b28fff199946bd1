"""Signatures as the reference shows them: on one line if it fits, or a line for each parameter."""

import inspect
from collections.abc import Callable

_WIDTH = 88


def signature(name: str, f: Callable[..., object]) -> str:
    """How a function is called, and what it gives."""
    told = inspect.signature(f)
    line = f"{name}{told}"
    if len(line) <= _WIDTH:
        return line
    parts: list[str] = []
    last = None
    for p in told.parameters.values():
        if last is p.POSITIONAL_ONLY and p.kind is not last:
            parts.append("/")
        if p.kind is p.KEYWORD_ONLY and last not in (p.KEYWORD_ONLY, p.VAR_POSITIONAL):
            parts.append("*")
        parts.append(str(p))
        last = p.kind
    back = str(told.replace(parameters=[]))[2:]
    return "\n".join([f"{name}(", *(f"    {part}," for part in parts), f"){back}"])
