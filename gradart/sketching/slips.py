"""Names that gradart does not have, told with those that it has."""

import difflib
import inspect
import re
import sys

# What other libraries call it.
_ALIKE = {
    "color": "stroke or fill",
    "linewidth": "width",
    "lw": "width",
    "thickness": "width",
    "opacity": "alpha",
    "background": "paper",
    "line": "lines",
    "plot": "lines",
    "circle": "circles",
    "dot": "dots",
    "grad": "gradient",
}


def misnamed(error: BaseException) -> str | None:
    """The line for a function, or a keyword of one, that gradart has not; None for other errors."""
    public = sys.modules["gradart"]
    match error:
        case AttributeError() if found := re.fullmatch(r"No gradart attribute (\w+)", str(error)):
            return f"gradart has no {found[1]}{_near(found[1], dir(public))}"
        case TypeError() if found := re.fullmatch(
            r"(\w+)\(\) got an unexpected keyword argument '(\w+)'.*", str(error)
        ):
            function = getattr(public, found[1], None) if found[1] in dir(public) else None
            if function is None:
                return None
            takes = list(inspect.signature(function).parameters)
            hint = _near(found[2], takes)
            return f"ga.{found[1]} has no argument {found[2]}{hint}; it takes {', '.join(takes)}"
    return None


def _near(name: str, names: list[str]) -> str:
    alike = _ALIKE.get(name, "")
    near = [alike] if alike.split(" ")[0] in names else difflib.get_close_matches(name, names, n=1)
    return f": write {near[0]}" if near else ""
