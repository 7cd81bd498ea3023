"""`manage.py lint`: every static check, each with its time and result."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from os import environ
from pathlib import Path

from console.bootstrap import ROOT
from console.tooling.locks import stale_locks
from console.tooling.migrations import forks

Check = Callable[[], str]


@dataclass(frozen=True)
class Result:
    """What a check found; an empty complaint is a pass."""

    name: str
    seconds: float
    complaint: str


def main(arguments: list[str]) -> int:
    """Run every check, or those named; return 1 when one complains."""
    options = _parse(arguments)
    results = []
    for name in options.checks or CHECKS:
        result = run(name)
        results.append(result)
        verdict = "FAILED" if result.complaint else "ok"
        print(f"{name:12} {verdict:7} {result.seconds:6.1f} s", flush=True)
        if result.complaint:
            print(result.complaint.rstrip() + "\n", flush=True)
    failed = [result.name for result in results if result.complaint]
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


def run(name: str) -> Result:
    """Run one check of `CHECKS`."""
    began = time.monotonic()
    complaint = CHECKS[name]()
    return Result(name, time.monotonic() - began, complaint)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py lint", description="Run every static check.")
    parser.add_argument("checks", nargs="*", metavar="CHECK", help=f"one of {', '.join(CHECKS)}")
    options = parser.parse_args(arguments)
    if unknown := set(options.checks) - CHECKS.keys():
        parser.error(f"there is no check {min(unknown)!r}; there are {', '.join(CHECKS)}")
    return options


def _tool(name: str, *arguments: str) -> Check:
    """A check by a program that is installed beside this interpreter."""
    return lambda: _complaint([str(Path(sys.executable).parent / name), *arguments])


def _complaint(command: Sequence[str], *, variables: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**environ, **(variables or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return (done.stdout or f"exit code {done.returncode}") if done.returncode else ""


def _locks() -> str:
    return "".join(
        f"{name} was not made from the present pyproject.toml; run `python3 manage.py lock`\n"
        for name in stale_locks()
    )


def _models() -> str:
    """No model differs from its migrations, and Django's own checks pass."""
    with tempfile.TemporaryDirectory() as data:
        variables = {
            "MUNIMENT_DATA": data,
            "MUNIMENT_BOOTSTRAP": "off",
            "MUNIMENT_DATABASE_URL": "",
        }
        manage = [sys.executable, "manage.py"]
        return _complaint(
            [*manage, "makemigrations", "--check", "--dry-run"], variables=variables
        ) or _complaint([*manage, "check", "--fail-level", "WARNING"], variables=variables)


def _migrations() -> str:
    return "".join(f"{line}\n" for line in forks(ROOT))


CHECKS: dict[str, Check] = {
    "locks": _locks,
    "ruff": _tool("ruff", "check"),
    "format": _tool("ruff", "format", "--check"),
    "imports": _tool("lint-imports"),
    "migrations": _migrations,
    "models": _models,
    "types": _tool("mypy"),
}
