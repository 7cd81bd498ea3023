"""The real libraries of other catalogues, each in a throw-away environment made once."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.support.environments import environment

# openmetadata-ingestion comes without its hundred connectors' needs, of which its generated models,
# all that is used of it, need none.
LIBRARIES: dict[str, dict[str, Sequence[str]]] = {
    "acryl-datahub-1.7.0.17": {"packages": ["acryl-datahub==1.7.0.17"]},
    "pyapacheatlas-0.16.0": {"packages": ["pyapacheatlas==0.16.0"]},
    "openmetadata-2.0.7.0": {
        "packages": ["pydantic", "email-validator", "typing-extensions"],
        "by_themselves": ["openmetadata-ingestion==2.0.7.0"],
    },
}


def run(name: str, script: Path, *arguments: str, given: str = "") -> str:
    """Run `script` with the library's own Python and `given` as its input; return what it prints.

    No proxy, home or setting of the developer reaches it. Fails the test where it fails.
    """
    folder = environment(name, **LIBRARIES[name])
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
