"""The OPA command line: the strict compiler, and the runner of a policy's own tests."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policies.engines.base import (
    Bundle,
    CheckProblem,
    CheckReport,
    EngineUnavailable,
    Module,
)
from policies.engines.opa_capabilities import confined
from policies.engines.opa_process import run_opa

SECONDS = 60.0
_BUILT = Path(__file__).resolve().parents[2] / ".tools" / "opa"


@dataclass(frozen=True, slots=True)
class TestRun:
    """One rule of a test module as ``opa test`` ran it; `reason` says why it did not pass."""

    __test__ = False  # no test of ours

    package: str
    name: str
    passed: bool
    duration_us: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SuiteReport:
    """What ``opa test`` ran and counted; `failures` name what failed or ended in error."""

    passed: int
    failures: tuple[str, ...]
    checked_by: str
    runs: tuple[TestRun, ...] = ()

    @property
    def ok(self) -> bool:
        """At least one test ran and none failed: no tests prove nothing."""
        return self.passed > 0 and not self.failures


def find_opa(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The OPA binary: MUNIMENT_OPA, else PATH, else the one that our own command builds."""
    named = environment.get("MUNIMENT_OPA", "")
    if named:
        return Path(named) if os.access(named, os.X_OK) else None
    on_path = shutil.which("opa", path=environment.get("PATH"))
    if on_path:
        return Path(on_path)
    return _BUILT if os.access(_BUILT, os.X_OK) else None


class OpaCli:
    """One OPA binary. Raises `EngineUnavailable` when there is none or it does not run."""

    def __init__(self, binary: Path | None = None) -> None:
        found = binary or find_opa()
        if found is None:
            raise EngineUnavailable("no OPA binary: set MUNIMENT_OPA or put opa on PATH")
        self._binary = found
        reply = self.run(["version"])
        versions = [line for line in reply.stdout.splitlines() if line.startswith("Version:")]
        if not versions:
            raise EngineUnavailable(f"{found} is no OPA binary: {reply.stderr.strip()[:200]}")
        self.version = versions[0].partition(":")[2].strip()

    def check(self, bundle: Bundle, *, tests: Sequence[Module] = ()) -> CheckReport:
        """``opa check --strict`` over the bundle and its test modules together."""
        with tempfile.TemporaryDirectory() as folder:
            _write(Path(folder), [*bundle.modules, *tests])
            command = ["check", "--strict", "--v1-compatible", "--format", "json", folder]
            reply = self.run_confined(command)
        if reply.returncode == 0:
            return CheckReport((), self._label)
        errors = _json(reply.stderr).get("errors") or _json(reply.stdout).get("errors")
        if not errors:
            raise EngineUnavailable(f"opa check failed: {reply.stderr.strip()[:500]}")
        problems = sorted(_problem(error, folder) for error in errors)
        return CheckReport(tuple(problems), self._label)

    def test(
        self, bundle: Bundle, *, tests: Sequence[Module], seconds: float = SECONDS
    ) -> SuiteReport:
        """``opa test`` of the bundle with its test modules, killed after ``seconds``."""
        with tempfile.TemporaryDirectory() as folder:
            _write(Path(folder), [*bundle.modules, *tests])
            command = ["test", "--v1-compatible", "--format", "json", folder]
            reply = self.run_confined(command, seconds=seconds)
        try:
            results = json.loads(reply.stdout or "[]")
        except ValueError as error:
            text = (reply.stderr or reply.stdout).strip()[:500]
            raise EngineUnavailable(f"opa test failed: {text}") from error
        if reply.returncode not in {0, 2} or not isinstance(results, list):
            raise EngineUnavailable(f"opa test failed: {reply.stderr.strip()[:500]}")
        runs = tuple(_test_run(each) for each in results)
        failures = sorted(f"{each.package}.{each.name}" for each in runs if not each.passed)
        return SuiteReport(len(runs) - len(failures), tuple(failures), self._label, runs)

    @property
    def _label(self) -> str:
        return f"OPA {self.version} (strict)"

    def run(
        self, arguments: Sequence[str], *, seconds: float = SECONDS
    ) -> subprocess.CompletedProcess[str]:
        """Run OPA with these arguments; raises as `policies.engines.opa_process.run_opa`."""
        return run_opa(self._binary, arguments, seconds=seconds)

    def run_confined(
        self, arguments: Sequence[str], *, seconds: float = SECONDS
    ) -> subprocess.CompletedProcess[str]:
        """As `run`, of a command that reads Rego: without what reaches out of its process."""
        capabilities = confined(self._binary, self.version, run=self.run)
        with tempfile.TemporaryDirectory() as folder:
            allowed = Path(folder, "capabilities.json")
            allowed.write_text(capabilities, encoding="utf-8")
            command = [arguments[0], f"--capabilities={allowed}", *arguments[1:]]
            return self.run(command, seconds=seconds)


def _write(folder: Path, modules: Sequence[Module]) -> None:
    for module in modules:
        target = folder / module.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(module.source, encoding="utf-8", newline="")


def _test_run(told: Mapping[str, Any]) -> TestRun:
    failed = bool(told.get("fail") or told.get("error") or told.get("skip"))
    error = told.get("error") or {}
    reason = str(error.get("message", "")) if isinstance(error, dict) else str(error)
    if failed and not reason:
        reason = "it was skipped" if told.get("skip") else "it does not hold"
    return TestRun(
        str(told["package"]),
        str(told["name"]),
        not failed,
        int(told.get("duration", 0)) // 1000,
        reason,
    )


def _json(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _problem(error: dict[str, Any], folder: str) -> CheckProblem:
    location = error.get("location") or {}
    file = str(location.get("file", "")).removeprefix("/")
    return CheckProblem(
        file.removeprefix(folder.removeprefix("/")).removeprefix("/"),
        int(location.get("row", 0)),
        int(location.get("col", 0)),
        f"{error.get('code', 'error')}: {error.get('message', '')}",
    )
