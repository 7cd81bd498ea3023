"""The real MLflow in a throw-away environment of its own, made once per machine."""

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

VERSION = "3.17.2"


def environment() -> Path:
    """The folder of the environment, made where it is new. Raises `PartMissing`."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    folder = cache / "muniment-tests" / f"mlflow-{VERSION}-python{python}"
    stamp = folder / "complete"
    if stamp.exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    if uv := shutil.which("uv"):
        _run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)])
    else:
        _run([sys.executable, "-m", "venv", str(folder)])
    _install(folder, f"mlflow=={VERSION}")
    stamp.touch()
    return folder


def install(package: str) -> None:
    """Add a package to the environment. Raises `PartMissing`."""
    _install(environment(), package)


def _install(folder: Path, package: str) -> None:
    python = str(folder / "bin" / "python")
    if uv := shutil.which("uv"):
        _run([uv, "pip", "install", "--quiet", "--python", python, package])
    else:
        _run([python, "-m", "pip", "install", "--quiet", package])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PartMissing(f"mlflow {VERSION} cannot be installed: {done.stderr[-500:]}")


def run_client(script: Path, url: str, given: Mapping[str, Any]) -> Any:
    """Run `script` with the client's own Python; return the JSON document that it prints last.

    The script gets the server's URL, and `given` as JSON, as its arguments. No proxy, home or
    setting of the developer reaches it.
    """
    folder = environment()
    clean = {
        "PATH": f"{folder / 'bin'}:{os.environ.get('PATH', '')}",
        "HOME": str(folder),
        "MLFLOW_TRACKING_URI": url,
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "DO_NOT_TRACK": "true",
    }
    done = subprocess.run(
        [str(folder / "bin" / "python"), str(script), url, json.dumps(given)],
        env=clean,
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return json.loads(done.stdout.strip().splitlines()[-1])
