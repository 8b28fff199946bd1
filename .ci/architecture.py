"""Write the list of files in ARCHITECTURE.md anew, from the first lines of each file."""

import ast
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "ARCHITECTURE.md"
BEGIN = "<!-- files: written by .ci/architecture.py from the first lines of each -->"
END = "<!-- end of files -->"


def first_line(file: Path) -> str:
    """What a file says it holds: the first line of its docstring; of a script all its comment."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".js":
        comment = takewhile(lambda line: line.startswith("// "), text.splitlines())
        return " ".join(line.removeprefix("// ") for line in comment)
    return (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]


def listed(package: Path) -> Iterator[str]:
    """The lines of the list: for each room its heading and what it is, then its files."""
    home = package.parent
    for room in sorted({file.parent for file in package.rglob("*") if _is_code(file)}):
        yield f"### {room.relative_to(home).as_posix()}/\n"
        page = room / "__init__.py"
        if page.exists():
            yield f"{first_line(page)}\n"
        files = sorted(f for f in room.iterdir() if _is_code(f) and f.name != "__init__.py")
        yield from (f"- `{file.name}`: {first_line(file)}" for file in files)
        yield ""


def _is_code(file: Path) -> bool:
    return file.suffix in (".py", ".js")


def written(text: str, package: Path = ROOT / "gradart") -> str:
    """The text of the page with the list as it should be now."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"{PAGE.name} has no lines {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n" + "\n".join(listed(package)) + f"{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
