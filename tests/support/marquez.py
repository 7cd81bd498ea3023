"""The real marquez-python in a throw-away environment of its own, made once per machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.parts import PartMissing

VERSION = "0.50.0"
# What the client imports and, since releases of others, nothing brings along any more.
PACKAGES = (f"marquez-python=={VERSION}", "pyrfc3339<2", "pytz", "six")


def environment() -> Path:
    """The folder of the environment, made where it is new. Raises `PartMissing`."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    folder = cache / "muniment-tests" / f"marquez-{VERSION}-python{python}"
    stamp = folder / "complete"
    if stamp.exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    program = str(folder / "bin" / "python")
    if uv := shutil.which("uv"):
        _run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)])
        _run([uv, "pip", "install", "--quiet", "--python", program, *PACKAGES])
    else:
        _run([sys.executable, "-m", "venv", str(folder)])
        _run([program, "-m", "pip", "install", "--quiet", *PACKAGES])
    stamp.touch()
    return folder


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PartMissing(f"marquez-python {VERSION} cannot be installed: {done.stderr[-500:]}")


def run_client(script: Path, url: str, given: Mapping[str, Any]) -> Any:
    """Run `script` with the client's own Python; return the JSON document that it prints last.

    The script gets the server's URL, and `given` as JSON, as its arguments.
    """
    folder = environment()
    done = subprocess.run(
        [str(folder / "bin" / "python"), str(script), url, json.dumps(given)],
        env={"PATH": f"{folder / 'bin'}:{os.environ.get('PATH', '')}", "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return json.loads(done.stdout.strip().splitlines()[-1])
