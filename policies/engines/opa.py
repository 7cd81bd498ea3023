"""Rego in an OPA server, through opa-python-client.

Policies are mounted by digest (`policies.engines.mounts` says why): pushed under an id and a
package that contain the digest of the reviewed text, read back, and compared. Equal text mounts
at the same place, so any number of processes and versions share one server without locks; a
server that restarted and lost everything gets it pushed again. An answer without ``result`` is
an error, never a pass.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from policies.engines import lint, mounts
from policies.engines.base import (
    ENTRYPOINT,
    Bundle,
    CheckProblem,
    CheckReport,
    EngineUnavailable,
    InvalidModule,
    Module,
    Outcome,
    State,
)
from policies.engines.inputs import require_input
from policies.engines.opa_server import (
    EvaluationFailed,
    EvaluationTimedOut,
    OpaServer,
    PolicyRefused,
)
from policies.engines.verdicts import failed, outcome_of, stamped, undefined

MOUNT_SECONDS = 15.0
# As many inputs are under evaluation at a time, each over a connection of its own: while OPA works
# on one, the answer to another is read, as soon as this process finds the time. Few where answers
# take long, so that they do not take one another's time until the deadline.
FEW_CONNECTIONS, CONNECTIONS = 4, 12
QUICK_SECONDS = 0.2


class OpaEngine:
    """The engine of the scale profile.

    Whole bundles are asked in one request through a generated module; `duration_us` of each
    outcome is then its share of that request. When one policy of the bundle stops the evaluation,
    the policies are asked one by one, so that only the broken one is an error.
    """

    name = "opa"

    def __init__(self, url: str, *, token: str = "", ca_file: Path | None = None) -> None:
        self._server = OpaServer(url, token=token, ca_file=ca_file)
        self._lock = threading.Lock()
        self._mounted: set[str] = set()
        # By the digest of a bundle, the seconds that its latest answer as a whole took.
        self._mounted_whole: dict[str, float] = {}
        self._posting = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="opa")
        self._version = ""

    @property
    def version(self) -> str:
        """What the server said last; raises `EngineUnavailable` when it was never reached."""
        if not self._version:
            until = time.monotonic() + MOUNT_SECONDS
            try:
                answer = self._server.decide(f"{mounts.ROOT}.none", text="{}", until=until)
            except (EvaluationFailed, EvaluationTimedOut) as error:
                raise EngineUnavailable(str(error)) from error
            self._version = answer.version
        return self._version

    def evaluate(
        self, bundle: Bundle, *, packages: Sequence[str], input_json: str, deadline: float
    ) -> dict[str, Outcome]:
        """See `policies.engines.base.Engine.evaluate`."""
        bundle.require(packages)
        require_input(input_json)
        wanted = list(dict.fromkeys(packages))
        is_mounted = len(wanted) == len(bundle.modules) and bundle.digest in self._mounted_whole
        outcomes = {} if is_mounted else self._mount(bundle, wanted)
        waiting = [package for package in wanted if package not in outcomes]
        until = time.monotonic() + deadline
        if len(waiting) > 1 and len(waiting) == len(bundle.modules):
            outcomes |= self._survey(bundle, input_json, until=until)
        for package in waiting:
            if package not in outcomes:
                outcomes[package] = self._single(
                    bundle.by_package[package], input_json, until=until
                )
        return outcomes

    def evaluate_many(
        self, bundle: Bundle, *, packages: Sequence[str], inputs: Sequence[str], deadline: float
    ) -> list[dict[str, Outcome]]:
        """See `policies.engines.base.Engine.evaluate_many`; where the bundle is not mounted yet,
        the first input mounts for the rest."""

        def answered(text: str) -> dict[str, Outcome]:
            return self.evaluate(bundle, packages=packages, input_json=text, deadline=deadline)

        alone = 0 if bundle.digest in self._mounted_whole else 1
        answers = [answered(text) for text in inputs[:alone]]
        answers += [{} for _ in inputs[alone:]]
        waiting = iter(range(alone, len(inputs)))

        def work() -> None:
            for place in waiting:
                answers[place] = answered(inputs[place])

        is_quick = self._mounted_whole.get(bundle.digest, math.inf) < QUICK_SECONDS
        busy = min(CONNECTIONS if is_quick else FEW_CONNECTIONS, len(inputs) - alone)
        for each in [self._posting.submit(work) for _ in range(busy)]:
            each.result()
        return answers

    def check(self, bundle: Bundle) -> CheckReport:
        """Our lint, then the server's compiler (not strict; the OPA command line is)."""
        problems: list[CheckProblem] = []
        for module in bundle.modules:
            problems += lint.check(module) or self._compile(module)
        return CheckReport(tuple(sorted(problems)), f"muniment lint, OPA {self.version} (server)")

    def prune(self, *, keep: Collection[Bundle]) -> int:
        """Remove our mounts that serve no bundle of `keep`; returns how many.

        A policy that was still wanted is mounted again by its next evaluation.
        """
        kept = {mounts.mount_id(module) for bundle in keep for module in bundle.modules}
        kept |= {mounts.survey_id(bundle) for bundle in keep}
        listed = self._server.policy_ids(until=time.monotonic() + MOUNT_SECONDS)
        ours = [each for each in listed if each.startswith("muniment/")]
        # Surveys first: they refer to modules.
        gone = sorted((each for each in ours if each not in kept), reverse=True)
        for policy_id in gone:
            # OPA compiles what remains at each removal: each has its own time, as each mount has.
            self._server.delete_policy(policy_id, until=time.monotonic() + MOUNT_SECONDS)
            self._forget(policy_id)
        return len(gone)

    def close(self) -> None:
        """See `policies.engines.base.Engine.close`."""
        self._posting.shutdown(wait=False, cancel_futures=True)
        self._server.close()

    def _mount(self, bundle: Bundle, packages: Sequence[str]) -> dict[str, Outcome]:
        """Put in place what is missing; outcomes for the policies that OPA does not take."""
        refused: dict[str, Outcome] = {}
        try:
            for package in packages:
                module = bundle.by_package[package]
                until = time.monotonic() + MOUNT_SECONDS
                try:
                    self._mount_module(module, until=until)
                except PolicyRefused as error:
                    refused[package] = self._error(f"OPA does not compile it: {error}")
                except InvalidModule as error:
                    refused[package] = self._error(str(error))
            if not refused and len(packages) == len(bundle.modules) > 1:
                until = time.monotonic() + MOUNT_SECONDS
                self._mount_text(mounts.survey_id(bundle), mounts.survey(bundle), until=until)
                with self._lock:
                    self._mounted_whole[bundle.digest] = math.inf
        except EvaluationTimedOut as error:
            raise EngineUnavailable(f"OPA took no policy in {MOUNT_SECONDS:g} s") from error
        return refused

    def _mount_module(self, module: Module, *, until: float) -> None:
        policy_id = mounts.mount_id(module)
        if policy_id in self._mounted:
            return
        stored = self._mount_text(policy_id, mounts.mounted(module), until=until)
        if mounts.unmounted(stored["raw"], module.digest) != module.source:
            self._forget(policy_id)
            raise EngineUnavailable(f"OPA holds another text than {module.digest}")
        if "ast" not in stored:
            self._forget(policy_id)
            raise EngineUnavailable(f"OPA does not tell how it read {module.digest}")
        if mounts.reads_data(stored["ast"], module):
            self._server.delete_policy(policy_id, until=until)
            self._forget(policy_id)
            raise InvalidModule(f"{module.path}: data is refused: a policy reads its input alone")

    def _mount_text(self, policy_id: str, text: str, *, until: float) -> dict[str, Any]:
        if policy_id in self._mounted:
            return {}
        stored = self._server.get_policy(policy_id, until=until)
        if stored is None or stored.get("raw") != text:
            # Each push makes OPA compile everything it has, so what is there already is kept.
            self._server.put_policy(policy_id, text, until=until)
            stored = self._server.get_policy(policy_id, until=until)
        if stored is None or stored.get("raw") != text:
            raise EngineUnavailable(f"OPA did not keep the text of {policy_id}")
        with self._lock:
            self._mounted.add(policy_id)
        return stored

    def _survey(self, bundle: Bundle, text: str, *, until: float) -> dict[str, Outcome]:
        """Outcomes of the policies whose verdict is defined; the rest is asked one by one."""
        path = f"{mounts.survey_package(bundle)}.verdicts"
        started = time.perf_counter_ns()
        try:
            answer = self._server.decide(path, text=text, until=until)
        except EvaluationFailed:
            return {}
        except EvaluationTimedOut as error:
            return {package: self._error(str(error)) for package in bundle.packages}
        took = time.perf_counter_ns() - started
        self._version = answer.version or self._version
        if not answer.is_defined or not isinstance(answer.value, dict):
            self._forget(mounts.survey_id(bundle))
            return {}
        with self._lock:
            if bundle.digest in self._mounted_whole:
                self._mounted_whole[bundle.digest] = took / 1e9
        return self._outcomes(bundle, answer.value, took // 1000 // len(bundle.modules))

    def _outcomes(
        self, bundle: Bundle, verdicts: dict[str, object], share: int
    ) -> dict[str, Outcome]:
        """Outcomes by package; most have no findings, and those of one state are one object."""
        bare: dict[str, Outcome] = {}
        outcomes: dict[str, Outcome] = {}
        for package, value in verdicts.items():
            if package not in bundle.by_package:
                continue
            known = None
            if isinstance(value, dict) and len(value) == 2 and value.get("findings") == []:
                known = bare.get(str(value.get("state")))
            if known is None:
                known = self._stamped(outcome_of(value), share)
                if known.state is not State.ERROR and not known.findings:
                    bare[known.state] = known
            outcomes[package] = known
        return outcomes

    def _single(self, module: Module, text: str, *, until: float) -> Outcome:
        path = f"{mounts.mount_package(module)}.{ENTRYPOINT}"
        started = time.perf_counter_ns()
        try:
            answer = self._server.decide(path, text=text, until=until)
            if not answer.is_defined:
                # Perhaps it was lost, as after a restart, and another put it back meanwhile: only
                # what is undefined while the policy is known to be there is believed.
                self._put_back(module, until=until)
                answer = self._server.decide(path, text=text, until=until)
        except (EvaluationFailed, EvaluationTimedOut, PolicyRefused) as error:
            return self._error(str(error))
        self._version = answer.version or self._version
        outcome = outcome_of(answer.value) if answer.is_defined else undefined()
        return self._stamped(outcome, (time.perf_counter_ns() - started) // 1000)

    def _put_back(self, module: Module, *, until: float) -> None:
        """Mount the module again where the server no longer has it."""
        policy_id = mounts.mount_id(module)
        if self._server.get_policy(policy_id, until=until) is None:
            self._forget(policy_id)
            self._mount_module(module, until=until)

    def _compile(self, module: Module) -> list[CheckProblem]:
        until = time.monotonic() + MOUNT_SECONDS
        try:
            self._mount_module(module, until=until)
        except PolicyRefused as error:
            return [_located(module, each) for each in error.errors]
        except InvalidModule as error:
            return [CheckProblem(module.path, 0, 0, str(error))]
        return []

    def _forget(self, policy_id: str) -> None:
        with self._lock:
            self._mounted.discard(policy_id)
            self._mounted_whole.clear()

    def _error(self, reason: str) -> Outcome:
        return self._stamped(failed(reason), 0)

    def _stamped(self, outcome: Outcome, duration_us: int) -> Outcome:
        return stamped(outcome, engine=self.name, version=self._version, duration_us=duration_us)


def _located(module: Module, error: dict[str, Any]) -> CheckProblem:
    location = error.get("location") or {}
    return CheckProblem(
        module.path,
        int(location.get("row", 0)),
        int(location.get("col", 0)),
        f"{error.get('code', 'error')}: {error.get('message', '')}",
    )
