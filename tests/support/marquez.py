"""The real marquez-python in a throw-away environment of its own, made once per machine."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.environments import environment

VERSION = "0.50.0"
# What the client imports and, since releases of others, nothing brings along any more.
PACKAGES = (f"marquez-python=={VERSION}", "pyrfc3339<2", "pytz", "six")


def run_client(script: Path, url: str, given: Mapping[str, Any]) -> Any:
    """Run `script` with the client's own Python; return the JSON document that it prints last.

    The script gets the server's URL, and `given` as JSON, as its arguments.
    """
    folder = environment(f"marquez-{VERSION}", PACKAGES)
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
