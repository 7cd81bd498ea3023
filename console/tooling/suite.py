"""`manage.py test [pytest arguments]`: pytest, from the root of the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from console.bootstrap import ROOT

MOST_PROCESSES = 8


def main(arguments: list[str]) -> int:
    """Run pytest with `arguments` and return its exit code."""
    command = [sys.executable, "-m", "pytest", *in_parallel(arguments), *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode


def environment() -> dict[str, str]:
    """Return what pytest and the processes that it starts, by the hundred, find around them."""
    # Without bytecode each of them would compile every module of ours, and pytest every test.
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "MUNIMENT_BOOTSTRAP": "off"}


def in_parallel(arguments: list[str]) -> list[str]:
    """Return the options that spread a run of everything over the processors.

    A run that names files or tests is short, and one that names `-n` has chosen.
    """
    chosen = any(argument.startswith(("-n", "--numprocesses", "--pdb")) for argument in arguments)
    named = any(
        not argument.startswith("-") and Path(ROOT, argument.partition("::")[0]).exists()
        for argument in arguments
    )
    processes = min(os.cpu_count() or 1, MOST_PROCESSES)
    if chosen or named or processes == 1:
        return []
    return ["-n", str(processes), "--dist", "worksteal"]
