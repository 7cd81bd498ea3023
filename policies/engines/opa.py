"""Rego in an OPA server, through opa-python-client.

Policies are mounted by digest (`policies.engines.opa_mounting`); a server that restarted and lost
everything gets them pushed again. An answer without ``result`` is an error, never a pass.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any, TypeVar

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
from policies.engines.opa_mounting import MOUNT_SECONDS, Mounting
from policies.engines.opa_server import (
    EvaluationFailed,
    EvaluationTimedOut,
    OpaServer,
    PolicyRefused,
)
from policies.engines.opa_surveys import MANY_SECONDS, Surveyed, Surveys
from policies.engines.verdicts import failed, outcome_of, stamped, undefined

# As many inputs are under evaluation at a time, each over a connection of its own: while OPA works
# on one, the answer to another is read.
CONNECTIONS = 4
ItemT = TypeVar("ItemT")


class OpaEngine:
    """The engine of the scale profile.

    Whole bundles are asked in one request through a generated module, several inputs in one where
    each is answered quickly; `duration_us` of each outcome is then its share of that request. When
    one input stops the evaluation, each is asked alone, and when one policy of the bundle does, the
    policies are asked one by one, so that only the broken one is an error.
    """

    name = "opa"

    def __init__(self, url: str, *, token: str = "", ca_file: Path | None = None) -> None:
        self._server = OpaServer(url, token=token, ca_file=ca_file)
        self._surveys = Surveys(self._server)
        self._mounting = Mounting(self._server, self._surveys)
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
        is_mounted = len(wanted) == len(bundle.modules) and self._surveys.has(bundle)
        outcomes = {} if is_mounted else self._mount(bundle, wanted)
        waiting = [package for package in wanted if package not in outcomes]
        until = time.monotonic() + deadline
        if len(waiting) > 1 and len(waiting) == len(bundle.modules):
            outcomes |= self._survey(bundle, input_json, until=until)
        return self._completed(bundle, waiting, outcomes, input_json, until=until)

    def evaluate_many(
        self, bundle: Bundle, *, packages: Sequence[str], inputs: Sequence[str], deadline: float
    ) -> list[dict[str, Outcome]]:
        """See `policies.engines.base.Engine.evaluate_many`; where the bundle is not mounted yet,
        the first input mounts for the rest."""

        bundle.require(packages)
        answers: list[dict[str, Outcome] | None] = [None] * len(inputs)

        def alone(place: int) -> None:
            answers[place] = self.evaluate(
                bundle, packages=packages, input_json=inputs[place], deadline=deadline
            )

        def together(part: range) -> None:
            texts = [inputs[place] for place in part]
            found = self._evaluate_together(bundle, packages, texts, deadline=deadline)
            if found is not None:
                answers[part.start : part.stop] = found

        first = 0 if self._surveys.has(bundle) else 1
        if inputs and first:
            alone(0)
        if len(set(packages)) == len(bundle.modules) > 1:
            parts = self._surveys.parts(bundle, inputs, first=first, busy=CONNECTIONS)
            self._over_connections(together, parts)
        # What could not be asked together is asked over all connections again, one by one.
        left = [place for place, answer in enumerate(answers) if answer is None]
        self._over_connections(alone, left)
        return [answer for answer in answers if answer is not None]

    def _over_connections(self, ask: Callable[[ItemT], None], items: Iterable[ItemT]) -> None:
        """Ask about each item, several at a time; where one raises, no more are begun."""
        waiting = iter(list(items))

        def work() -> None:
            try:
                for item in waiting:
                    ask(item)
            except BaseException:
                deque(waiting, maxlen=0)
                raise

        working = [self._posting.submit(work) for _ in range(CONNECTIONS)]
        # All of them, also where one raises: none is left at work behind the caller's back.
        wait(working)
        for each in working:
            each.result()

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
        return self._mounting.prune(keep=keep)

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
                    self._mounting.module(module, until=until)
                except PolicyRefused as error:
                    refused[package] = self._error(f"OPA does not compile it: {error}")
                except InvalidModule as error:
                    refused[package] = self._error(str(error))
            if not refused and len(packages) == len(bundle.modules) > 1:
                until = time.monotonic() + MOUNT_SECONDS
                self._mounting.survey(bundle, until=until)
        except EvaluationTimedOut as error:
            raise EngineUnavailable(f"OPA took no policy in {MOUNT_SECONDS:g} s") from error
        return refused

    def _evaluate_together(
        self, bundle: Bundle, packages: Sequence[str], texts: Sequence[str], *, deadline: float
    ) -> list[dict[str, Outcome]] | None:
        """Outcomes for each input by one request; None where each must be asked alone."""
        for text in texts:
            require_input(text)
        if not self._surveys.is_quick(bundle):
            return None
        until = time.monotonic() + min(deadline, MANY_SECONDS)
        try:
            surveyed = self._surveys.many(bundle, texts, until=until)
        except (EvaluationFailed, EvaluationTimedOut, EngineUnavailable):
            # Of whatever is wrong with several only those that it concerns may be the worse for it:
            # an error in one, an answer that is too large, a proxy that takes no long requests.
            self._surveys.separate(bundle)
            return None
        if surveyed is None:
            return None
        return [
            self._completed(
                bundle,
                packages,
                self._outcomes(bundle, each),
                text,
                until=time.monotonic() + deadline,
            )
            for text, each in zip(texts, surveyed, strict=True)
        ]

    def _completed(
        self,
        bundle: Bundle,
        packages: Sequence[str],
        outcomes: dict[str, Outcome],
        text: str,
        *,
        until: float,
    ) -> dict[str, Outcome]:
        """Ask about each policy alone that has no outcome yet."""
        for package in packages:
            if package not in outcomes:
                outcomes[package] = self._single(bundle.by_package[package], text, until=until)
        return outcomes

    def _survey(self, bundle: Bundle, text: str, *, until: float) -> dict[str, Outcome]:
        """Outcomes of the policies whose verdict is defined; the rest is asked one by one."""
        try:
            surveyed = self._surveys.one(bundle, text, until=until)
        except EvaluationFailed:
            return {}
        except EvaluationTimedOut as error:
            return {package: self._error(str(error)) for package in bundle.packages}
        if surveyed is None:
            self._mounting.forget(mounts.survey_id(bundle))
            return {}
        return self._outcomes(bundle, surveyed)

    def _outcomes(self, bundle: Bundle, surveyed: Surveyed) -> dict[str, Outcome]:
        """Outcomes by package; most have no findings, and those of one state are one object."""
        self._version = surveyed.version or self._version
        bare: dict[str, Outcome] = {}
        outcomes: dict[str, Outcome] = {}
        for package, value in surveyed.verdicts.items():
            if package not in bundle.by_package:
                continue
            known = None
            if isinstance(value, dict) and len(value) == 2 and value.get("findings") == []:
                known = bare.get(str(value.get("state")))
            if known is None:
                known = self._stamped(outcome_of(value), surveyed.share)
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
                self._mounting.put_back(module, until=until)
                answer = self._server.decide(path, text=text, until=until)
        except (EvaluationFailed, EvaluationTimedOut, PolicyRefused) as error:
            return self._error(str(error))
        self._version = answer.version or self._version
        outcome = outcome_of(answer.value) if answer.is_defined else undefined()
        return self._stamped(outcome, (time.perf_counter_ns() - started) // 1000)

    def _compile(self, module: Module) -> list[CheckProblem]:
        until = time.monotonic() + MOUNT_SECONDS
        try:
            self._mounting.module(module, until=until)
        except PolicyRefused as error:
            return [_located(module, each) for each in error.errors]
        except InvalidModule as error:
            return [CheckProblem(module.path, 0, 0, str(error))]
        return []

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
