"""The functions that translated programs call, as one expression of JavaScript with the program."""

import re
from pathlib import Path

from gradart.javascript.modules import constant, joined
from gradart.javascript.translation import Translation

HOME = Path(__file__).with_name("runtime")
_EXPORT = re.compile(r"^export (?:function|const) (\w+)", re.MULTILINE)


def with_runtime(translation: Translation) -> str:
    """A translation's code as a function of its constants alone: it brings along what it calls."""
    texts = []
    for file in sorted(HOME.glob("*.js")):
        exports = _EXPORT.findall(file.read_text(encoding="utf-8"))
        if some := [name for name in translation.calls if name in exports]:
            texts.append(f"{joined(file)}const {{ {', '.join(some)} }} = {constant(file.stem)};\n")
    names = ", ".join(translation.calls)
    made = f"return (constants) => made({{ {names} }}, constants);"
    return f"(() => {{\n{''.join(texts)}const made = {translation.code};\n{made}\n}})()"
