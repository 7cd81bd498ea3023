"""``opa eval`` as an engine: the OPA binary of this machine, one process for each call.

It needs no server and leaves nothing behind, so it can answer for texts that are not stored yet:
the fixtures of a policy that is being saved, the playground, and the replay of an export. The
process has an empty environment, and is killed at the deadline.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from policies.engines import lint
from policies.engines.base import (
    ENTRYPOINT,
    Bundle,
    CheckProblem,
    CheckReport,
    EngineUnavailable,
    Module,
    Outcome,
)
from policies.engines.inputs import parse_input, unescaped_json
from policies.engines.opa_cli import OpaCli, OpaTimeout
from policies.engines.verdicts import failed, outcome_of, stamped, undefined

_ARGUMENTS = ("eval", "--v1-compatible", "--strict-builtin-errors", "--format", "json")


class OpaEvalEngine:
    """See `policies.engines.base.Engine`; raises `EngineUnavailable` where there is no OPA."""

    name = "opa-cli"

    def __init__(self, binary: Path | None = None) -> None:
        self._opa = OpaCli(binary)
        self.version = self._opa.version

    def evaluate(
        self, bundle: Bundle, *, packages: Sequence[str], input_json: str, deadline: float
    ) -> dict[str, Outcome]:
        """See `policies.engines.base.Engine.evaluate`."""
        bundle.require(packages)
        document = parse_input(input_json)
        until = time.monotonic() + deadline
        return {
            package: self._single(bundle.by_package[package], document, until=until)
            for package in dict.fromkeys(packages)
        }

    def evaluate_many(
        self, bundle: Bundle, *, packages: Sequence[str], inputs: Sequence[str], deadline: float
    ) -> list[dict[str, Outcome]]:
        """See `policies.engines.base.Engine.evaluate_many`."""
        return [
            self.evaluate(bundle, packages=packages, input_json=text, deadline=deadline)
            for text in inputs
        ]

    def check(self, bundle: Bundle) -> CheckReport:
        """Our lint, then the strict compiler."""
        problems: list[CheckProblem] = []
        for module in bundle.modules:
            problems += lint.check(module)
        return self._opa.check(bundle) if not problems else CheckReport(tuple(problems), "lint")

    def close(self) -> None:
        """Nothing is held between calls."""

    def _single(self, module: Module, document: dict[str, Any], *, until: float) -> Outcome:
        started = time.perf_counter_ns()
        with tempfile.TemporaryDirectory() as folder:
            outcome = self._asked(module, document, folder=Path(folder), until=until)
        duration_us = (time.perf_counter_ns() - started) // 1000
        return stamped(outcome, engine=self.name, version=self.version, duration_us=duration_us)

    def _asked(
        self, module: Module, document: dict[str, Any], *, folder: Path, until: float
    ) -> Outcome:
        policy, asked = folder / "policy.rego", folder / "input.json"
        policy.write_text(module.source, encoding="utf-8", newline="")
        asked.write_text(unescaped_json(document), encoding="utf-8")
        query = f"data.{module.package}.{ENTRYPOINT}"
        remaining = until - time.monotonic()
        if remaining <= 0:
            return failed("not evaluated: the deadline was spent")
        try:
            reply = self._opa.run(
                [*_ARGUMENTS, "--data", str(policy), "--input", str(asked), query],
                seconds=remaining,
            )
        except OpaTimeout:
            return failed("the engine was stopped: no answer within the deadline")
        return outcome_in(reply.stdout, errors=reply.stderr)


def outcome_in(text: str, *, errors: str = "") -> Outcome:
    """Return the outcome that the JSON of ``opa eval`` tells; raises `EngineUnavailable`."""
    try:
        told = json.loads(text)
    except ValueError as error:
        raise EngineUnavailable(f"opa eval failed: {(errors or text).strip()[:500]}") from error
    if not isinstance(told, dict):
        raise EngineUnavailable("opa eval answered no JSON object")
    if found := told.get("errors"):
        messages = [f"{each.get('code', 'error')}: {each.get('message', '')}" for each in found]
        return failed("; ".join(messages))
    try:
        return outcome_of(told["result"][0]["expressions"][0]["value"])
    except (KeyError, IndexError, TypeError):
        return undefined()
