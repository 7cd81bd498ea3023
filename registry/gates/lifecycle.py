"""The lifecycle gate: what was withdrawn or deleted goes nowhere, nor does what needs it."""

from __future__ import annotations

from core.canonical import canonical_digest
from registry.gates.base import Outcome, Proposal, Reason, Verdict
from registry.models import Lifecycle, Tombstone
from registry.queries.life import WITHDRAWN, open_states
from registry.queries.versions import reference_of

DELETED = "deleted"
REFUSED = (WITHDRAWN, DELETED)


class LifecycleGate:
    """Refuses while a member is withdrawn or deleted; tells which are deprecated or archived."""

    name = "lifecycle"

    def review(self, proposal: Proposal) -> Verdict:
        """Answer with a reason for each member that is not active."""
        facts, states = _standing(proposal)
        reasons = []
        for member in proposal.closure.members:
            if state := states.get(member.pk):
                reference = str(reference_of(member))
                detail = _detail(facts.get(member.pk))
                message = f"{reference} is {state}."
                reasons.append(Reason(f"member_{state}", message, subject=reference, detail=detail))
        is_refused = any(state in REFUSED for state in states.values())
        outcome = Outcome.REFUSE if is_refused else Outcome.PASS
        return Verdict(self.name, outcome, tuple(reasons), binding=_binding(proposal, states))

    def still_stands(self, proposal: Proposal, verdict: Verdict) -> bool:
        """Tell whether every member is in the state that it was in."""
        _, states = _standing(proposal)
        return verdict.binding == _binding(proposal, states)


def _standing(proposal: Proposal) -> tuple[dict[int, Lifecycle], dict[int, str]]:
    """Return the open facts, and the states of the members that are not active."""
    members = [member.pk for member in proposal.closure.members]
    facts = open_states(members)
    states = {pk: fact.state for pk, fact in facts.items()}
    deleted = Tombstone.objects.filter(version__in=members).values_list("version_id", flat=True)
    return facts, states | dict.fromkeys(deleted, DELETED)


def _detail(fact: Lifecycle | None) -> dict[str, str | None]:
    if fact is None:
        return {}
    successor = str(reference_of(fact.replacement)) if fact.replacement else None
    return {"reason": fact.reason, "replacement": successor}


def _binding(proposal: Proposal, states: dict[int, str]) -> str:
    members = proposal.closure.members
    inactive = [[str(member.uuid), states[member.pk]] for member in members if member.pk in states]
    return canonical_digest(sorted(inactive))
