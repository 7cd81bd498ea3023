"""Archives of Maven Central that tests read, fetched once."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.support.parts import PartMissing


def jar(group: str, artifact: str, version: str) -> Path:
    """The archive of those coordinates alone, fetched where it is new. Raises `PartMissing`."""
    if shutil.which("mvn") is None:
        raise PartMissing(f"{artifact} is fetched by mvn, which this machine does not have")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "muniment-tests" / f"{artifact}-{version}"
    found = folder / f"{artifact}-{version}.jar"
    if found.exists():
        return found
    coordinates = f"{group}:{artifact}:{version}"
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    _maven("get", coordinates, "-Dtransitive=false")
    _maven("copy", coordinates, f"-DoutputDirectory={partial}")
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
    return found


def _maven(goal: str, coordinates: str, setting: str) -> None:
    done = subprocess.run(
        [
            *("mvn", "--quiet", "--batch-mode", f"dependency:{goal}"),
            *(f"-Dartifact={coordinates}", setting),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise PartMissing(f"{coordinates} cannot be fetched: {done.stdout[-500:]}")
