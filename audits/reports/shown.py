"""What of a large population stands in a report for people; all of it is in its CSV and JSON. Plain
Python."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audits.reports.assessment import STATES
from audits.reports.charts import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audits.reports.assessment import Assessment, PolicyReport, Result

# Rows that people still read; beyond them each policy shows its worst ones.
MOST_ROWS, LEAST_EACH = 500, 5


@dataclass(frozen=True)
class Shown:
    """A policy with the results that are printed; ``left_out`` more are not."""

    policy: PolicyReport
    results: tuple[Result, ...]
    left_out: int


def shown(assessment: Assessment, *, most: int = MOST_ROWS) -> Iterator[Shown]:
    """Return each policy with the results that are printed: all, or where there are more than
    ``most`` an equal share for each policy, the worst first."""
    population = assessment.coverage.population
    each = max(most // max(len(assessment.policies), 1), LEAST_EACH)
    for policy in assessment.policies:
        if population <= most or len(policy.results) <= each:
            yield Shown(policy, policy.results, 0)
            continue
        worst = sorted(policy.results, key=lambda result: STATES.index(result.state))[:each]
        yield Shown(policy, tuple(worst), len(policy.results) - each)


def worst(assessment: Assessment) -> list[tuple[PolicyReport, Result]]:
    """Return what did not pass though it applies: the worst state first, in it the most severe."""
    found = [
        (policy, result)
        for policy in assessment.policies
        for result in policy.results
        if result.state not in {"pass", "not_applicable"}
    ]
    return sorted(found, key=lambda each: (STATES.index(each[1].state), _rank(each[0].severity)))


def _rank(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)
