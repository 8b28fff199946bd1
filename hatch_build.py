"""Puts object code into the wheel, so that what is compiled is there when a first picture asks."""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledKernels(BuildHookInterface):  # type: ignore[type-arg]
    """Compiles for all kinds of this system's machines; on others, each compiles for itself."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile into a folder that is put into the wheel, unless that only points to a clone."""
        sys.path.insert(0, self.root)
        from gradart.kernels.machine import KEEPS, LEVELS

        levels = LEVELS.get(platform.machine(), {})
        if version == "editable" or not (KEEPS and levels):
            return
        self.folder = tempfile.mkdtemp()
        words = [sys.executable, "-m", "gradart.kernels.ahead_of_time", self.folder, *levels]
        where = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        if subprocess.run(words, cwd=self.root, env=where).returncode:
            self.app.display_warning(
                "nothing is compiled in this wheel: where it is used, it will be"
            )
            return
        for path in sorted(Path(self.folder).glob("*/*")):
            inside = path.relative_to(self.folder).as_posix()
            build_data["force_include"][str(path)] = f"gradart/kernels/objects/{inside}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the folder."""
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)
