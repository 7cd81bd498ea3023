"""Commands that fetch from a network, which has its moments."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

PAUSE_SECONDS = 10


def run_fetching(
    command: Sequence[str], *, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `command` to its end and, where it failed, once more after a pause; return the last."""
    done = _run(command, cwd=cwd, env=env)
    if done.returncode:
        time.sleep(PAUSE_SECONDS)
        done = _run(command, cwd=cwd, env=env)
    return done


def _run(
    command: Sequence[str], *, cwd: Path | None, env: Mapping[str, str] | None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
