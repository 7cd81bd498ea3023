"""Archives of Maven Central that tests read, fetched once."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.support.cache import alone, cache_folder
from tests.support.fetching import run_fetching
from tests.support.parts import PartMissing


def jar(group: str, artifact: str, version: str) -> Path:
    """The archive of those coordinates alone, fetched where it is new. Raises `PartMissing`."""
    if shutil.which("mvn") is None:
        raise PartMissing(f"{artifact} is fetched by mvn, which this machine does not have")
    folder = cache_folder() / f"{artifact}-{version}"
    found = folder / f"{artifact}-{version}.jar"
    # Maven's own folder is not made for two that fetch at once.
    with alone("maven"):
        if not found.exists():
            _fetch(f"{group}:{artifact}:{version}", folder)
    return found


def _fetch(coordinates: str, folder: Path) -> None:
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    _maven("get", coordinates, "-Dtransitive=false")
    _maven("copy", coordinates, f"-DoutputDirectory={partial}")
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)


def _maven(goal: str, coordinates: str, setting: str) -> None:
    done = run_fetching(
        [
            *("mvn", "--quiet", "--batch-mode", f"dependency:{goal}"),
            *(f"-Dartifact={coordinates}", setting),
        ]
    )
    if done.returncode:
        raise PartMissing(f"{coordinates} cannot be fetched: {done.stdout[-500:]}")
