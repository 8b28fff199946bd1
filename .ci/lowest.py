"""Print pip constraints: the lowest version of each package of users that pyproject.toml allows."""

import re
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]
extras = project["optional-dependencies"]
wanted = [project["dependencies"], *(extras[name] for name in extras if name != "test")]
for line in sorted({line for lines in wanted for line in lines}):
    if lowest := re.match(r"([\w.-]+)(?:\[.*\])?>=([\d.]+)", line):
        print(f"{lowest[1]}=={lowest[2]}")
