"""Programs of other projects that a test runs, each in a throw-away environment of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.support.parts import PartMissing


@dataclass(frozen=True)
class Tool:
    """An environment with packages from the registry that this machine is set up for."""

    folder: Path

    @classmethod
    def install(cls, *requirements: str) -> Tool:
        """Make the environment. Raises `PartMissing` where the packages cannot be had."""
        folder = Path(tempfile.mkdtemp(prefix="muniment-tool-"))
        uv = shutil.which("uv")
        make = [uv, "venv", "-q", "-p", sys.executable] if uv else [sys.executable, "-m", "venv"]
        python = str(folder / "bin" / "python")
        pip = (
            [uv, "pip", "install", "-q", "--python", python]
            if uv
            else [
                python,
                "-m",
                "pip",
                "install",
                "-q",
            ]
        )
        try:
            subprocess.run([*make, str(folder)], check=True, capture_output=True)
            subprocess.run([*pip, *requirements], check=True, capture_output=True, timeout=300)
        except (OSError, subprocess.SubprocessError) as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise PartMissing(f"{', '.join(requirements)} cannot be installed: {error}") from error
        return cls(folder)

    def program(self, name: str) -> str:
        """The path of an executable that the packages brought."""
        return str(self.folder / "bin" / name)

    def run(self, name: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run an executable to its end."""
        return subprocess.run(
            [self.program(name), *arguments], cwd=cwd, capture_output=True, text=True, check=False
        )

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
