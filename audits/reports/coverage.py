"""How many results of a population are in which state. Plain Python."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audits.reports.counts import percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from audits.reports.assessment import Result

STATES = ("fail", "conflict", "error", "unknown", "exempt", "pass", "not_applicable")
# The states of results behind which there is nothing to do.
QUIET = ("pass", "not_applicable")
# Beyond so many results a report lists those that did not pass, and counts the others.
MOST_LISTED = 50_000


@dataclass(frozen=True)
class Coverage:
    """How many results are in which state; ``not_evaluated`` of them come from no engine: there
    was nothing, or nothing fresh, to judge, or no engine answered."""

    population: int
    by_state: Mapping[str, int]
    not_evaluated: int
    percent_passed: str | None
    percent_passed_or_exempt: str | None

    @classmethod
    def of(cls, results: Iterable[Result]) -> Coverage:
        """Count ``results``. The percentages are of what applies, whatever its state is: unknown
        and error are in the denominator and never in the numerator."""
        states, not_evaluated = Counter[str](), 0
        for result in results:
            states[result.state] += 1
            not_evaluated += not result.evidence.engine
        return cls.counted(states, not_evaluated=not_evaluated)

    @classmethod
    def counted(cls, states: Mapping[str, int], *, not_evaluated: int) -> Coverage:
        """Return the coverage of so many results in each state."""
        by_state = {state: states.get(state, 0) for state in STATES}
        population = sum(by_state.values())
        applicable = population - by_state["not_applicable"]
        return cls(
            population=population,
            by_state=by_state,
            not_evaluated=not_evaluated,
            percent_passed=percent(by_state["pass"], applicable),
            percent_passed_or_exempt=percent(by_state["pass"] + by_state["exempt"], applicable),
        )

    @classmethod
    def joined(cls, parts: Iterable[Coverage]) -> Coverage:
        """Return the coverage of several populations together."""
        states, not_evaluated = Counter[str](), 0
        for part in parts:
            states.update(part.by_state)
            not_evaluated += part.not_evaluated
        return cls.counted(states, not_evaluated=not_evaluated)

    @property
    def verdict(self) -> str:
        """Return the state that the whole stands in: the worst that was found."""
        for state in ("fail", "conflict", "error", "unknown"):
            if self.by_state[state]:
                return state
        if self.by_state["exempt"]:
            return "exempt"
        return "pass" if self.by_state["pass"] else "not_applicable"


@dataclass(frozen=True)
class PlaceCoverage:
    """How many results of a policy are in which state in one workspace; states without are left
    out."""

    workspace: str
    by_state: Mapping[str, int]


def passes_of(coverage: Coverage) -> str:
    """Return how a report of that population tells of what passed."""
    return "listed" if coverage.population <= MOST_LISTED else "counted"


def place_coverages(found: Mapping[str, Mapping[str, int]]) -> tuple[PlaceCoverage, ...]:
    """Return what was counted by workspace and state, in order."""
    return tuple(
        PlaceCoverage(slug, {state: counts[state] for state in STATES if counts.get(state)})
        for slug, counts in sorted(found.items())
    )
