"""What policies say: newest decisions and open findings of something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audits.models import Finding
from policies.models import Decision
from registry import access

if TYPE_CHECKING:
    from django.db.models import Q

    from core.actors import Actor

LOOKED_AT = 200
SHOWN = 50
SETTLED = frozenset({"pass", "not_applicable"})
ORDER = ("fail", "error", "unknown", "exempt", "pass", "not_applicable")


@dataclass(frozen=True)
class Posture:
    """The newest decision of each policy on each subject, worst first, and the open findings."""

    decisions: list[Decision]
    findings: list[Finding]

    @property
    def notable(self) -> list[Decision]:
        """Return the decisions that ask for attention."""
        return [decision for decision in self.decisions if decision.state not in SETTLED]

    @property
    def settled(self) -> list[Decision]:
        """Return the decisions that ask for none."""
        return [decision for decision in self.decisions if decision.state in SETTLED]

    @property
    def states(self) -> list[tuple[str, int]]:
        """Return how many decisions are in each state, worst first."""
        states = [decision.state for decision in self.decisions]
        return [(state, states.count(state)) for state in ORDER if state in states]


def posture(actor: Actor, *, decided: Q, found: Q) -> Posture:
    """Return the posture of what the two conditions choose, in two queries."""
    rows = (
        Decision.objects.filter(access.in_reach(actor, path="evaluation__workspace"), decided)
        .select_related("policy_version__policy", "evaluation__workspace")
        .defer("findings")
        .order_by("-id")[:LOOKED_AT]
    )
    newest: dict[tuple[int, str], Decision] = {}
    for row in rows:
        newest.setdefault((row.policy_version.policy_id, row.subject), row)
    worst_first = sorted(newest.values(), key=lambda row: ORDER.index(row.state))
    return Posture(worst_first[:SHOWN], findings_on(actor, found))


def findings_on(actor: Actor, found: Q) -> list[Finding]:
    """Return the newest open findings that the condition chooses, in one query."""
    rows = (
        Finding.objects.filter(access.in_reach(actor), found, state=Finding.State.OPEN)
        .select_related("latest_result__policy_version", "latest_sighting", "workspace")
        .order_by("-id")
    )
    return list(rows[:SHOWN])
