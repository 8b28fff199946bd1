"""ES modules joined to one script, for a page that may load none, or to what a program calls."""

import re
from collections.abc import Collection, Iterator
from graphlib import TopologicalSorter
from pathlib import Path

from gradart.javascript.translation import Translation

# As the modules are written: named imports of neighbors, and exports where a name is declared.
_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function\*?|const|class) ([\w$]+)", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
# At the end of a line; in a text such words would be followed by the quote that ends it.
_AFTER = re.compile(r"[ \t]+// [^\"'`\n]*$", re.MULTILINE)
_COMMENT = re.compile(
    r"^[ \t]*//[^\n]*\n|(?:^[ \t]*)?/\*\*.*?\*/(?:\n| ?)", re.MULTILINE | re.DOTALL
)
HOME = Path(__file__).with_name("runtime")
_EXPORTED = re.compile(r"^export (?:function|const) (\w+)", re.MULTILINE)


def joined(entry: Path, without: Collection[str] = ()) -> str:
    """The module at `entry` and all that it imports as one script: each in a scope of its own.

    A module comes after those that it imports, and becomes a constant with the name of its file
    that holds its exports. Comments and indents are left out. ValueError for an import or export in
    another form than `import {a, b} from "./x.js";` and `export function f`: no other is read. What
    is exported by modules in `without` is undefined, and what they alone import is left out.
    """
    texts: dict[str, str] = {}
    imports: dict[str, list[str]] = {}
    waiting = [entry.stem]
    while waiting:
        name = waiting.pop()
        if name not in texts:
            source = "" if name in without else entry.with_stem(name).read_text(encoding="utf-8")
            text = _AFTER.sub("", _COMMENT.sub("", source))
            texts[name] = _INDENT.sub("", text)
            imports[name] = [found[2] for found in _IMPORT.finditer(texts[name])]
            waiting += imports[name]
    ordered = TopologicalSorter(imports).static_order()
    return "\n".join(_scope(name, texts[name]) for name in ordered)


def constant(module: str) -> str:
    """The name that a module has in a joined script."""
    return f"{module}_js"


def _scope(name: str, text: str) -> str:
    """A module as a constant: a function's scope that hands out what the module exports."""
    exports = [found[2] for found in _EXPORT.finditer(text)]
    body = _EXPORT.sub(r"\1 \2", "".join(_without_imports(text)))
    if other := _OTHER.search(body):
        raise ValueError(f"{name}.js: {other[0]!r} is no import or export that can be joined")
    taken = "".join(
        f"const {{ {_renamed(found[1])} }} = {constant(found[2])};\n"
        for found in _IMPORT.finditer(text)
    )
    returned = f"return {{ {', '.join(exports)} }};\n"
    return f"const {constant(name)} = (() => {{\n{taken}{body.strip()}\n{returned}}})();\n"


def _without_imports(text: str) -> Iterator[str]:
    end = 0
    for found in _IMPORT.finditer(text):
        yield text[end : found.start()]
        end = found.end()
    yield text[end:]


def _renamed(names: str) -> str:
    """Imported names as a pattern of an object: `a as b` is `a: b`."""
    return re.sub(r"\s+as\s+", ": ", names).strip().rstrip(",")


def with_runtime(translation: Translation) -> str:
    """A translation's code as a function of its constants alone: it brings along what it calls."""
    texts = []
    for file in sorted(HOME.glob("*.js")):
        exports = _EXPORTED.findall(file.read_text(encoding="utf-8"))
        if some := [name for name in translation.calls if name in exports]:
            texts.append(f"{joined(file)}const {{ {', '.join(some)} }} = {constant(file.stem)};\n")
    names = ", ".join(translation.calls)
    made = f"return (constants) => made({{ {names} }}, constants);"
    return f"(() => {{\n{''.join(texts)}const made = {translation.code};\n{made}\n}})()"
