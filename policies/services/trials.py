"""Try policies: the tests and fixtures of a stored version, and texts that are not stored at all.

Nothing here stores or decides anything.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import NotFound
from policies.engines.base import Bundle, EngineUnavailable
from policies.engines.opa_cli import OpaCli
from policies.models import PolicyVersion
from policies.services.checks import test_module_of
from policies.services.engine import engines_at_hand
from policies.services.fixtures import outcomes_on
from policies.services.pace import paced
from registry import access
from registry.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor
    from policies.engines.base import Engine, Outcome
    from policies.engines.opa_cli import SuiteReport
    from policies.models import PolicyFixture

TEST_SECONDS = 20.0
NO_TESTS = "The version brings no tests of its own."


@dataclass(frozen=True)
class FixtureRun:
    """A fixture on one engine."""

    name: str
    expected: str
    outcome: Outcome

    @property
    def passed(self) -> bool:
        """Tell whether it got its state."""
        return self.outcome.state == self.expected


@dataclass(frozen=True)
class TestReport:
    """What the tests and fixtures of a version say today. ``suite`` is None, and ``why_no_suite``
    says why, where OPA did not run its tests."""

    __test__ = False  # no test of ours

    version: PolicyVersion
    suite: SuiteReport | None
    why_no_suite: str
    fixtures: tuple[FixtureRun, ...]
    duration_us: int

    @property
    def ok(self) -> bool:
        """Tell whether something ran and all of it passed."""
        ran = bool(self.fixtures) or self.suite is not None
        suite = self.suite is None or self.suite.ok
        return ran and suite and all(each.passed for each in self.fixtures)


def may_try(actor: Actor) -> bool:
    """Tell whether ``actor`` writes policies, or may assign them somewhere."""
    places = access.workspace_ids(actor, permission=Permission.ASSIGN_POLICY)
    return places is None or bool(places)


def require_trying(actor: Actor, *, subject: str) -> None:
    """Return if ``actor`` may try policies; raises AccessDenied."""
    if not may_try(actor):
        access.require_organisation_admin(actor, subject=subject)


def run_tests(*, actor: Actor, version: UUID) -> TestReport:
    """Run a version's own tests in OPA, and its fixtures on every engine at hand.

    For whoever writes or assigns policies. Nothing hangs: OPA is stopped after `TEST_SECONDS`,
    what is left of the fixtures after theirs. Raises NotFound, TooManyRequests.
    """
    require_trying(actor, subject=f"policy-version/{version}")
    stored = (
        PolicyVersion.objects.select_related("policy")
        .prefetch_related("fixtures")
        .filter(uuid=version)
        .first()
    )
    if stored is None:
        raise NotFound
    with paced(actor):
        started = time.perf_counter_ns()
        suite, why = _suite(stored)
        runs = [run for engine in engines_at_hand() for run in _fixture_runs(engine, stored)]
        duration_us = (time.perf_counter_ns() - started) // 1000
    return TestReport(stored, suite, why, tuple(runs), duration_us)


def _suite(version: PolicyVersion) -> tuple[SuiteReport | None, str]:
    tests = test_module_of(version.policy.name, version.tests)
    if tests is None:
        return None, NO_TESTS
    try:
        bundle = Bundle((version.module,))
        return OpaCli().test(bundle, tests=[tests], seconds=TEST_SECONDS), ""
    except EngineUnavailable as error:
        return None, str(error)


def _fixture_runs(engine: Engine, version: PolicyVersion) -> list[FixtureRun]:
    fixtures: list[PolicyFixture] = sorted(version.fixtures.all(), key=lambda each: each.name)
    try:
        outcomes = outcomes_on(engine, version.module, [each.body for each in fixtures])
    except EngineUnavailable:
        return []
    return [
        FixtureRun(fixture.name, fixture.state, outcome)
        for fixture, outcome in zip(fixtures, outcomes, strict=True)
    ]
