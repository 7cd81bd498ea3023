"""`manage.py test [pytest arguments]`: pytest, from the root of the checkout."""

from __future__ import annotations

import os
import subprocess
import sys

from console.bootstrap import ROOT


def main(arguments: list[str]) -> int:
    """Run pytest with `arguments` and return its exit code."""
    environment = {**os.environ, "MUNIMENT_BOOTSTRAP": "off"}
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
