"""Programs of other projects that a test runs, each in a throw-away environment of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.environments import environment


@dataclass(frozen=True)
class Tool:
    """An environment with packages from the registry that this machine is set up for."""

    folder: Path

    @classmethod
    def install(
        cls, name: str, packages: Sequence[str], *, from_source: Sequence[str] = ()
    ) -> Tool:
        """Make the environment called `name`, as `environment` does. Raises `PartMissing`."""
        return cls(environment(name, packages, from_source=from_source))

    def program(self, name: str) -> str:
        """The path of an executable that the packages brought."""
        return str(self.folder / "bin" / name)

    def run(self, name: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run an executable to its end."""
        return subprocess.run(
            [self.program(name), *arguments], cwd=cwd, capture_output=True, text=True, check=False
        )
