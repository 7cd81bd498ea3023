"""The real MLflow in a throw-away environment of its own, made once per machine."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support import environments

VERSION = "3.17.2"


def environment(*more: str) -> Path:
    """The folder of the environment with packages besides, made where it is new.

    Raises `PartMissing`.
    """
    return environments.environment(
        "-".join(("mlflow", VERSION, *more)), [f"mlflow=={VERSION}", *more]
    )


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
