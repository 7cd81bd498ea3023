"""Real programs of other projects in throw-away environments, made once per machine."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.support.cache import alone, cache_folder
from tests.support.parts import PartMissing


def environment(name: str, packages: Sequence[str], *, from_source: Sequence[str] = ()) -> Path:
    """The folder of an environment with `packages`, made where it is new. Raises `PartMissing`.

    `name` stands for the packages with their versions: another list is another name. Those called
    in `from_source` are published as source alone.
    """
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    folder = cache_folder() / f"{name}-python{python}"
    with alone(folder.name):
        if not (folder / "complete").exists():
            _make(folder, name, packages, from_source)
    return folder


def _make(folder: Path, name: str, packages: Sequence[str], from_source: Sequence[str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    own = str(folder / "bin" / "python")
    if uv := shutil.which("uv"):
        _run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)], name)
        install = [uv, "pip", "install", "--quiet", "--python", own]
    else:
        _run([sys.executable, "-m", "venv", str(folder)], name)
        install = [own, "-m", "pip", "install", "--quiet"]
    # What is built from source fetches from anywhere; wheels come from the index alone.
    sources = [part for package in from_source for part in ("--no-binary", package)]
    _run([*install, "--only-binary", ":all:", *sources, *packages], name)
    (folder / "complete").touch()


def _run(command: list[str], name: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PartMissing(f"{name} cannot be installed: {done.stderr[-500:]}")
