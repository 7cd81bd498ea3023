"""Rego in this machine without a server: regopy, behind a pool of killable child processes."""

from __future__ import annotations

import atexit
import importlib.metadata
import importlib.util
import math
import os
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
from policies.engines.rare_text import rare_text, refusal
from policies.engines.traces import MAX_PRINTED, Traced, cut
from policies.engines.verdicts import failed, outcome_of, stamped, undefined
from policies.engines.worker_process import WorkerDied, WorkerPool, WorkerProcess, WorkerTimeout

POLICY_SECONDS = 5.0
CHECK_SECONDS = 10.0
MEMORY_BYTES = 1024 * 1024 * 1024
# A pipe that is full ends with a line that fits; what was lost behind it cannot be told.
MAX_PIPED = MAX_PRINTED - 4_096


class EmbeddedEngine:
    """The default engine. See `policies.engines.embedded_worker` for what it guards against.

    `policy_seconds` bounds each single policy, so that one that runs away does not take the
    answers of the others with it; `workers` bounds the child processes, `memory_bytes` the
    address space of each. The children start when first needed.

    Raises `EngineUnavailable` where regopy is not installed (it has wheels for glibc Linux only).
    """

    name = "regopy"

    def __init__(
        self,
        *,
        workers: int | None = None,
        policy_seconds: float = POLICY_SECONDS,
        memory_bytes: int = MEMORY_BYTES,
    ) -> None:
        found = importlib.util.find_spec("regopy")
        if found is None or found.origin is None:
            raise EngineUnavailable(
                "the embedded Rego engine needs the package regopy, which is not installed; "
                "install it or point Muniment at an OPA server"
            )
        self.version = importlib.metadata.version("regopy")
        self._policy_seconds = policy_seconds
        self._pool = WorkerPool(
            library_folder=str(Path(found.origin).parent.parent),
            memory_bytes=memory_bytes,
            size=workers or min(4, os.cpu_count() or 1),
        )
        atexit.register(self.close)

    def evaluate(
        self, bundle: Bundle, *, packages: Sequence[str], input_json: str, deadline: float
    ) -> dict[str, Outcome]:
        """See `policies.engines.base.Engine.evaluate`."""
        bundle.require(packages)
        parsed = parse_input(input_json)
        document = unescaped_json(parsed)
        until = time.monotonic() + deadline
        outcomes: dict[str, Outcome] = {}
        if rare := rare_text(parsed, text=document):
            outcomes = {
                package: self._error(reason)
                for package in packages
                if (reason := refusal(bundle.by_package[package], rare))
            }
        waiting = [each for each in dict.fromkeys(packages) if each not in outcomes]
        while waiting:
            outcomes |= self._round(bundle, waiting, document, until=until)
            waiting = [package for package in waiting if package not in outcomes]
        return outcomes

    def evaluate_many(
        self, bundle: Bundle, *, packages: Sequence[str], inputs: Sequence[str], deadline: float
    ) -> list[dict[str, Outcome]]:
        """See `policies.engines.base.Engine.evaluate_many`."""
        return [
            self.evaluate(bundle, packages=packages, input_json=text, deadline=deadline)
            for text in inputs
        ]

    def check(self, bundle: Bundle) -> CheckReport:
        """Our lint, then regopy's parser; neither replaces OPA's compiler.

        regopy itself checks almost nothing: unsafe variables, unknown functions and misspelt
        names become undefined, under `not` even true. Hence the lint.
        """
        problems: list[CheckProblem] = []
        for module in bundle.modules:
            problems += lint.check(module) or self._parse(module)
        return CheckReport(tuple(sorted(problems)), f"muniment lint, {self.name} {self.version}")

    def trace(
        self, module: Module, *, input_json: str, deadline: float, explain: str = "off"
    ) -> Traced:
        """See `policies.engines.traces.Tracer`; regopy prints, and explains nothing.

        The child is ended afterwards: what it printed may have broken its output.
        """
        parsed = parse_input(input_json)
        document = unescaped_json(parsed)
        if reason := refusal(module, rare_text(parsed, text=document)):
            return Traced(self._error(reason))
        until = time.monotonic() + min(deadline, self._policy_seconds)
        policy = self._policy(module) | {"source": module.source}
        request = {
            "op": "trace",
            "policies": [policy],
            "input": document,
            "cpu_seconds": math.ceil(self._policy_seconds) + 1,
        }
        try:
            with self._pool.lend(until=until) as worker:
                worker.send(request, until=until)
                answer = worker.receive(until=until)
                worker.kill()
        except (WorkerTimeout, WorkerDied) as error:
            return Traced(self._error(f"the engine was stopped: {error}"))
        return Traced(self._read(answer), cut(str(answer["printed"]), MAX_PIPED))

    def close(self) -> None:
        """See `policies.engines.base.Engine.close`."""
        atexit.unregister(self.close)
        self._pool.close()

    def worker_pids(self) -> list[int]:
        """The process ids of the children that wait for work."""
        return self._pool.pids()

    def _round(
        self,
        bundle: Bundle,
        packages: list[str],
        document: str,
        *,
        until: float,
        is_retry: bool = False,
    ) -> dict[str, Outcome]:
        """Outcomes in order until a policy kills its worker; at least one is always added."""
        if time.monotonic() >= until:
            return self._all(packages, "not evaluated: the deadline was spent")
        answers: list[Outcome] = []
        is_accepted = False
        try:
            with self._pool.lend(until=until) as worker:
                refusal = self._submit(
                    worker, bundle=bundle, packages=packages, document=document, until=until
                )
                if refusal:
                    return self._all(packages, refusal)
                is_accepted = True
                for _ in packages:
                    limit = min(until, time.monotonic() + self._policy_seconds)
                    answers.append(self._read(worker.receive(until=limit)))
        except (WorkerTimeout, WorkerDied) as error:
            if not is_accepted and isinstance(error, WorkerDied) and not is_retry:
                # The worker may have been killed while it was idle.
                return self._round(bundle, packages, document, until=until, is_retry=True)
            reason = f"the engine was stopped: {error}"
            if not is_accepted:
                return self._all(packages, f"{reason} (while it read the input)")
            answers.append(self._error(reason))
        return dict(zip(packages, answers, strict=False))

    def _submit(
        self,
        worker: WorkerProcess,
        *,
        bundle: Bundle,
        packages: list[str],
        document: str,
        until: float,
    ) -> str:
        """Hand the work over; the reason when the worker refuses the input."""
        policies = [self._policy(bundle.by_package[package]) for package in packages]
        request: dict[str, Any] = {
            "op": "evaluate",
            "policies": policies,
            "input": document,
            "cpu_seconds": math.ceil(self._policy_seconds) + 1,
        }
        worker.send(request, until=until)
        answer = worker.receive(until=until)
        if "missing" in answer:
            for policy, package in zip(policies, packages, strict=True):
                if policy["digest"] in answer["missing"]:
                    policy["source"] = bundle.by_package[package].source
            worker.send(request, until=until)
            answer = worker.receive(until=until)
        return str(answer.get("refused", ""))

    @staticmethod
    def _policy(module: Module) -> dict[str, Any]:
        return {
            "digest": module.digest,
            "path": module.path,
            "entrypoint": entrypoint(module.package),
        }

    def _read(self, answer: dict[str, Any]) -> Outcome:
        if "error" in answer:
            outcome = failed(str(answer["error"]))
        elif "value" in answer:
            outcome = outcome_of(answer["value"])
        else:
            outcome = undefined()
        return self._stamped(outcome, int(answer["duration_us"]))

    def _all(self, packages: list[str], reason: str) -> dict[str, Outcome]:
        return {package: self._error(reason) for package in packages}

    def _error(self, reason: str) -> Outcome:
        return self._stamped(failed(reason), 0)

    def _stamped(self, outcome: Outcome, duration_us: int) -> Outcome:
        return stamped(outcome, engine=self.name, version=self.version, duration_us=duration_us)

    def _parse(self, module: Module) -> list[CheckProblem]:
        until = time.monotonic() + CHECK_SECONDS
        request = {
            "op": "check",
            "path": module.path,
            "source": module.source,
            "cpu_seconds": math.ceil(CHECK_SECONDS),
        }
        try:
            with self._pool.lend(until=until) as worker:
                worker.send(request, until=until)
                found = worker.receive(until=until)["problems"]
        except (WorkerDied, WorkerTimeout) as error:
            return [CheckProblem(module.path, 0, 0, f"the parser could not read it: {error}")]
        return [self._located(module, offset, message) for offset, message in found]

    @staticmethod
    def _located(module: Module, offset: int | None, message: str) -> CheckProblem:
        if offset is None:
            return CheckProblem(module.path, 0, 0, message)
        before = module.source.encode()[:offset].decode(errors="ignore")
        column = len(before) - (before.rfind("\n") + 1) + 1
        return CheckProblem(module.path, before.count("\n") + 1, column, message)


def entrypoint(package: str) -> str:
    """regopy's name for the verdict of a package: ``a/b/verdict``."""
    return f"{package.replace('.', '/')}/{ENTRYPOINT}"
