"""What of a large population stands in a report for people; all of it is in its CSV and JSON. Plain
Python."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice
from typing import TYPE_CHECKING

from audits.reports.charts import SEVERITIES
from audits.reports.coverage import QUIET, STATES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audits.reports.assessment import Assessment, PolicyReport, Result

# Rows that people still read; beyond them each policy shows its worst ones.
MOST_ROWS, LEAST_EACH = 500, 5


@dataclass(frozen=True)
class Shown:
    """A policy with the results that are printed; ``left_out`` more are not."""

    policy: PolicyReport
    results: Sequence[Result]
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
        worst = nsmallest(each, policy.results, key=lambda result: STATES.index(result.state))
        yield Shown(policy, tuple(worst), len(policy.results) - each)


def worst(assessment: Assessment, most: int) -> list[tuple[PolicyReport, Result]]:
    """Return at most so many results that did not pass though they apply: the worst state first,
    in it the most severe."""
    found = (
        (policy, result)
        for policy in assessment.policies
        for result in policy.results
        if result.state not in QUIET
    )
    return nsmallest(
        most, found, key=lambda each: (STATES.index(each[1].state), _rank(each[0].severity))
    )


def quiet(assessment: Assessment, most: int) -> list[tuple[PolicyReport, Result]]:
    """Return at most so many results that passed or do not apply."""
    found = (
        (policy, result)
        for policy in assessment.policies
        for result in policy.results
        if result.state in QUIET
    )
    return list(islice(found, most))


def loud_count(assessment: Assessment) -> int:
    """Return how many results did not pass though they apply."""
    states = assessment.coverage.by_state
    return assessment.coverage.population - sum(states[state] for state in QUIET)


def _rank(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)
