"""Real programs of other projects in throw-away environments, made once per machine."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.support.cache import alone, cache_folder
from tests.support.fetching import run_fetching
from tests.support.parts import PartMissing


def environment(
    name: str,
    packages: Sequence[str],
    *,
    from_source: Sequence[str] = (),
    by_themselves: Sequence[str] = (),
) -> Path:
    """The folder of an environment with `packages`, made where it is new. Raises `PartMissing`.

    `name` stands for the packages with their versions: another list is another name. Those called
    in `from_source` are published as source alone; `by_themselves` come without what they need.
    """
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    folder = cache_folder() / f"{name}-python{python}"
    with alone(folder.name):
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            install = _new(folder, name)
            # What is built from source fetches from anywhere; wheels come from the index alone.
            sources = [part for package in from_source for part in ("--no-binary", package)]
            _run([*install, "--only-binary", ":all:", *sources, *packages], name)
            if by_themselves:
                _run([*install, "--only-binary", ":all:", "--no-deps", *by_themselves], name)
            (folder / "complete").touch()
    return folder


def _new(folder: Path, name: str) -> list[str]:
    """Make an empty environment; return the command that installs into it."""
    own = str(folder / "bin" / "python")
    if uv := shutil.which("uv"):
        _run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)], name)
        return [uv, "pip", "install", "--quiet", "--python", own]
    _run([sys.executable, "-m", "venv", str(folder)], name)
    # Most of what comes along is never imported, and need not be compiled.
    return [own, "-m", "pip", "install", "--quiet", "--no-compile"]


def _run(command: list[str], name: str) -> None:
    done = run_fetching(command)
    if done.returncode:
        raise PartMissing(f"{name} cannot be installed: {done.stderr[-500:]}")
