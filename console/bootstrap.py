"""Makes `.venv` from the committed lock and moves the running command into it.

Standard library only: this module runs before any package is installed. What only an install
needs is imported there, since the supervisor stays resident in the process that ran this.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
RUNTIME = "requirements.lock"
EXTRAS = "requirements-extras.lock"
DEVELOPMENT = "requirements-dev.lock"
# Each contains those before it.
LOCKS = (RUNTIME, EXTRAS, DEVELOPMENT)

# The lock that a command may install. Every other command only uses what exists.
INSTALLS = {"up": RUNTIME, "test": DEVELOPMENT, "lint": DEVELOPMENT}
# Has `up` install the optional parts, too: PDF and timestamps.
WITH_EXTRAS = "--extras"

# Commands that run without Django in their own process, and the module with their `main(argv)`.
PLAIN_COMMANDS = {
    "up": "console.launch",
    "test": "console.tooling.suite",
    "lint": "console.tooling.checks",
    "lock": "console.tooling.locks",
    "opa": "console.tooling.opa",
}


class BootstrapError(Exception):
    """The environment cannot be made; the message tells a person what to do."""


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The virtual environment of one checkout."""

    root: Path = ROOT

    @property
    def folder(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def stamp(self) -> Path:
        """The name and the text of the installed lock, or `incomplete`."""
        return self.folder / "muniment.stamp"

    def expected_stamp(self, lock: str) -> str:
        return f"{lock}\n{(self.root / lock).read_text()}"

    def stamped(self) -> str:
        try:
            return self.stamp.read_text()
        except OSError:
            return ""

    def satisfies(self, lock: str) -> bool:
        """Whether `lock`, or a lock that contains it, is installed and current."""
        enough = LOCKS[LOCKS.index(lock) :]
        return self.python.exists() and self.stamped() in map(self.expected_stamp, enough)

    def grown(self, lock: str) -> str:
        """`lock`, or the larger one that was installed before: nothing is taken away."""
        before = self.stamped().partition("\n")[0]
        return max(lock, before, key=LOCKS.index) if before in LOCKS else lock


def enter(command: str, *, environment: Environment | None = None) -> None:
    """Return with the packages importable, or replace this process by one where they are.

    Exits with a sentence where neither is possible. `MUNIMENT_BOOTSTRAP=off` turns it off.
    """
    if os.environ.get("MUNIMENT_BOOTSTRAP") == "off":
        return
    environment = environment or Environment()
    lock = INSTALLS.get(command)
    if lock == RUNTIME and WITH_EXTRAS in sys.argv[2:]:
        lock = EXTRAS
    inside = Path(sys.prefix).resolve() == environment.folder.resolve()
    if not inside and packages_present(environment.root, lock=lock or RUNTIME):
        return
    try:
        installed = ensure(environment, lock=lock) if lock else False
    except BootstrapError as error:
        sys.exit(f"muniment: {error}")
    if inside and not installed:
        return
    if environment.python.exists():
        _move_into(environment)
    if command not in PLAIN_COMMANDS:
        sys.exit(
            "muniment: there is no .venv yet; `python3 manage.py up` or "
            "`python3 manage.py test` makes it."
        )


def run_plain(command: str, arguments: list[str]) -> int:
    """Run one of `PLAIN_COMMANDS` in this process and return its exit code."""
    code: int = importlib.import_module(PLAIN_COMMANDS[command]).main(arguments)
    return code


def packages_present(root: Path, *, lock: str) -> bool:
    """Whether the running interpreter has every package that `pyproject.toml` names for `lock`."""
    import tomllib

    project = tomllib.loads((root / "pyproject.toml").read_text())
    requirements = list(project["project"]["dependencies"])
    if lock != RUNTIME:
        for extra in project["project"]["optional-dependencies"].values():
            requirements += extra
    if lock == DEVELOPMENT:
        requirements += project["dependency-groups"]["dev"]
    # A package with a marker may rightly be absent on this platform.
    named = [re.match(r"[\w.-]+", text) for text in requirements if ";" not in text]
    return all(_is_installed(match[0]) for match in named if match)


def ensure(environment: Environment, *, lock: str) -> bool:
    """Make the environment hold `lock`; return whether anything had to be installed.

    Safe to call from several processes at once and after an install that was cut short.
    Raises `BootstrapError`.
    """
    if environment.satisfies(lock):
        return False
    with _one_at_a_time(environment):
        if environment.satisfies(lock):
            return False
        _make(environment, lock=environment.grown(lock))
    return True


def _make(environment: Environment, *, lock: str) -> None:
    import shutil

    if environment.stamped() == "incomplete" or not environment.python.exists():
        shutil.rmtree(environment.folder, ignore_errors=True)
    environment.folder.mkdir(exist_ok=True)
    environment.stamp.write_text("incomplete")
    uv = shutil.which("uv")
    print(f"muniment: installing {lock} into .venv with {'uv' if uv else 'pip'} ...", flush=True)
    if not environment.python.exists():
        _create(environment, with_pip=uv is None)
    _install(environment, lock=lock, uv=uv)
    partial = environment.stamp.with_suffix(".partial")
    partial.write_text(environment.expected_stamp(lock))
    partial.replace(environment.stamp)


def _create(environment: Environment, *, with_pip: bool) -> None:
    import venv

    if with_pip and importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise BootstrapError(
            "this Python cannot make virtual environments with pip. On Debian and Ubuntu: "
            f"`apt-get install python{version}-venv`; or put `uv` on the PATH. Then try again."
        )
    try:
        venv.create(environment.folder, with_pip=with_pip, symlinks=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise BootstrapError(f"cannot create {environment.folder}: {error}") from error


def _install(environment: Environment, *, lock: str, uv: str | None) -> None:
    python = str(environment.python)
    if uv:
        command = [uv, "pip", "install", "--quiet", "--python", python]
    else:
        command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        command += ["--no-input"]
    command += ["--require-hashes", "--no-deps", "--requirement", str(environment.root / lock)]
    # Both installers would otherwise take an outer environment's settings for this one's.
    variables = {k: v for k, v in os.environ.items() if k not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    try:
        subprocess.run(command, check=True, env=variables, cwd=environment.root)
    except (OSError, subprocess.CalledProcessError) as error:
        raise BootstrapError(
            f"installing {lock} failed (see above). Check that the package index can be "
            "reached, then run the same command again."
        ) from error


@contextlib.contextmanager
def _one_at_a_time(environment: Environment) -> Iterator[None]:
    """Hold the checkout's install lock; the system frees it when the process ends."""
    with (environment.root / RUNTIME).open("rb") as guard:
        try:
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print("muniment: waiting for another install to end ...", flush=True)
            fcntl.flock(guard, fcntl.LOCK_EX)
        yield


def _move_into(environment: Environment) -> NoReturn:
    python = str(environment.python)
    os.execv(python, [python, *sys.argv])


def _is_installed(name: str) -> bool:
    from importlib import metadata

    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True
