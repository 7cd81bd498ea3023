"""The real libraries of other catalogues, each in a throw-away environment made once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.parts import PartMissing

# What is installed for each: openmetadata-ingestion comes without its hundred connectors' needs,
# of which its generated models, all that is used of it, need none.
LIBRARIES: dict[str, tuple[tuple[str, ...], ...]] = {
    "acryl-datahub-1.7.0.17": (("acryl-datahub==1.7.0.17",),),
    "pyapacheatlas-0.16.0": (("pyapacheatlas==0.16.0",),),
    "openmetadata-2.0.7.0": (
        ("--no-deps", "openmetadata-ingestion==2.0.7.0"),
        ("pydantic", "email-validator", "typing-extensions"),
    ),
}


def environment(name: str) -> Path:
    """The folder of an environment, made where it is new. Raises `PartMissing`."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    folder = cache / "muniment-tests" / f"{name}-python{python}"
    stamp = folder / "complete"
    if stamp.exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    _run(name, [sys.executable, "-m", "venv", str(folder)])
    for packages in LIBRARIES[name]:
        _run(name, [str(folder / "bin" / "pip"), "install", "--quiet", *packages])
    stamp.touch()
    return folder


def run(name: str, script: Path, *arguments: str, given: str = "") -> str:
    """Run `script` with the library's own Python and `given` as its input; return what it prints.

    No proxy, home or setting of the developer reaches it. Fails the test where it fails.
    """
    folder = environment(name)
    done = subprocess.run(
        [str(folder / "bin" / "python"), str(script), *arguments],
        input=given,
        env={"PATH": f"{folder / 'bin'}:{os.environ.get('PATH', '')}", "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def _run(name: str, command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PartMissing(f"{name} cannot be installed: {done.stderr[-500:]}")
