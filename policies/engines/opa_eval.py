"""``opa eval`` as an engine: the OPA binary of this machine, one process for each call.

It needs no server and leaves nothing behind, so it can answer for texts that are not stored yet:
the fixtures of a policy that is being saved, the playground, and the replay of an export. The
process has an empty environment, and is killed at the deadline.
"""

from __future__ import annotations

import json
import re
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
from policies.engines.opa_cli import OpaCli
from policies.engines.opa_process import OpaTimeout, OpaTooLoud
from policies.engines.traces import MAX_PRINTED, MAX_TRACE, Traced, cut
from policies.engines.verdicts import failed, outcome_of, stamped, undefined

EXPLAINABLE_US = 1_000_000
NOT_EXPLAINED = "The evaluation takes too long, or tells too much, to be explained."
_EVAL = ("eval", "--v1-compatible", "--strict-builtin-errors")
_JSON = ("--format", "json")
_TRACE_LINE = re.compile(
    r"\S+\s+(\| )*(Enter|Eval|Exit|Redo|Fail|Index|Note|Unify|Save|Duplicate)\b"
)


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
            package: self._single(bundle.by_package[package], document, until=until)[0]
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

    def trace(
        self, module: Module, *, input_json: str, deadline: float, explain: str = "off"
    ) -> Traced:
        """See `policies.engines.traces.Tracer`.

        OPA keeps a whole explanation in memory before it writes it: it is asked for only where
        the plain evaluation took less than `EXPLAINABLE_US`.
        """
        document = parse_input(input_json)
        until = time.monotonic() + deadline
        outcome, printed = self._single(module, document, until=until)
        trace = ""
        if explain != "off":
            trace = NOT_EXPLAINED
            if outcome.duration_us < EXPLAINABLE_US:
                trace = self._explained(module, document, explain=explain, until=until)
        return Traced(outcome, cut(printed, MAX_PRINTED), cut(trace, MAX_TRACE))

    def _single(
        self, module: Module, document: dict[str, Any], *, until: float
    ) -> tuple[Outcome, str]:
        """The outcome, and what the policy printed."""
        started = time.perf_counter_ns()
        try:
            out, err = self._eval(module, document, options=_JSON, until=until)
            outcome, printed = outcome_in(out, errors=err), err
        except (OpaTimeout, OpaTooLoud) as error:
            outcome, printed = failed(f"the engine was stopped: {error}"), ""
        duration_us = (time.perf_counter_ns() - started) // 1000
        whole = stamped(outcome, engine=self.name, version=self.version, duration_us=duration_us)
        return whole, printed

    def _explained(
        self, module: Module, document: dict[str, Any], *, explain: str, until: float
    ) -> str:
        options = ("--format", "pretty", "--explain", explain)
        try:
            out, _ = self._eval(module, document, options=options, until=until)
        except (OpaTimeout, OpaTooLoud) as error:
            return f"{NOT_EXPLAINED} ({error})"
        lines = out.splitlines(keepends=True)
        return "".join(line for line in lines if _TRACE_LINE.match(line))

    def _eval(
        self, module: Module, document: dict[str, Any], *, options: Sequence[str], until: float
    ) -> tuple[str, str]:
        remaining = until - time.monotonic()
        if remaining <= 0:
            raise OpaTimeout("the deadline was spent")
        with tempfile.TemporaryDirectory() as folder:
            policy, asked = Path(folder, "policy.rego"), Path(folder, "input.json")
            policy.write_text(module.source, encoding="utf-8", newline="")
            asked.write_text(unescaped_json(document), encoding="utf-8")
            query = f"data.{module.package}.{ENTRYPOINT}"
            files = ("--data", str(policy), "--input", str(asked))
            asked_for = [*_EVAL, *options, *files, query]
            reply = self._opa.run_confined(asked_for, seconds=remaining)
        place = f"{folder}/"  # where it lay for a moment tells nobody anything
        return reply.stdout.replace(place, ""), reply.stderr.replace(place, "")


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
