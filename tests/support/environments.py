"""Real programs of other projects in throw-away environments, made once per machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.support.parts import PartMissing


def environment(name: str, packages: Sequence[str], *, from_source: Sequence[str] = ()) -> Path:
    """The folder of an environment with `packages`, made where it is new. Raises `PartMissing`.

    `name` stands for the packages with their versions: another list is another name. Those called
    in `from_source` are published as source alone.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    folder = cache / "muniment-tests" / f"{name}-python{python}"
    stamp = folder / "complete"
    if stamp.exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
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
    stamp.touch()
    return folder


def _run(command: list[str], name: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PartMissing(f"{name} cannot be installed: {done.stderr[-500:]}")
