"""`manage.py lock`: compiles the lock files from `pyproject.toml` with uv."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from console.bootstrap import DEVELOPMENT, EXTRAS, LOCKS, ROOT, RUNTIME

COMPILE = [
    *("uv", "pip", "compile", "pyproject.toml", "--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-annotate", "--no-header", "--no-emit-index-url", "--quiet"),
]

# The constraints make each lock contain those before it; the extras are in the development lock, so
# that their tests run, with the versions that `up --extras` installs.
WITH_ALL = "--all-extras"

MARK = "# declared: sha256:"


def main(arguments: list[str]) -> int:
    """Write all locks; `--upgrade` moves every package to its newest allowed version."""
    if unknown := set(arguments) - {"--upgrade"}:
        sys.exit(f"manage.py lock: unknown argument {min(unknown)}; only --upgrade exists.")
    if shutil.which("uv") is None:
        sys.exit("manage.py lock: `uv` is not on the PATH; `pip install uv` gives it.")
    _compile(ROOT / RUNTIME, arguments)
    grown = ["--group", "dev", WITH_ALL, "--constraint", RUNTIME]
    _compile(ROOT / DEVELOPMENT, [*grown, *arguments])
    # What the larger one has settled stands: nothing is left for --upgrade to move.
    _compile(ROOT / EXTRAS, [WITH_ALL, "--constraint", DEVELOPMENT])
    return 0


def stale_locks(root: Path = ROOT) -> list[str]:
    """Names of the lock files that were not made from the present `pyproject.toml`."""
    mark = MARK + declared_digest(root)
    return [name for name in LOCKS if mark not in (root / name).read_text().splitlines()[:5]]


def declared_digest(root: Path) -> str:
    """Hex sha256 of what `pyproject.toml` declares as dependencies."""
    document = tomllib.loads((root / "pyproject.toml").read_text())
    declared = {
        "python": document["project"]["requires-python"],
        "runtime": document["project"]["dependencies"],
        "extras": document["project"]["optional-dependencies"],
        "groups": document["dependency-groups"],
    }
    return hashlib.sha256(json.dumps(declared, sort_keys=True).encode()).hexdigest()


def _compile(target: Path, arguments: list[str]) -> None:
    command = [*COMPILE, *arguments, "--output-file", target.name]
    subprocess.run(command, check=True, cwd=ROOT)
    header = (
        "# Made by `python3 manage.py lock`; do not edit.\n"
        f"# {' '.join(part for part in command if part != '--upgrade')}\n"
        f"{MARK}{declared_digest(ROOT)}\n"
    )
    target.write_text(header + target.read_text())
