"""The closure gate: a version is promoted with all of its members, or not at all."""

from __future__ import annotations

from registry import access
from registry.gates.base import Outcome, Proposal, Reason, Verdict
from registry.models import Asset
from registry.queries.versions import reference_of

SHARED_NAMES = {"model": "prompt", "prompt": "model"}


class ClosureGate:
    """Refuses when a member may not be read or its name is taken in the target."""

    name = "closure"

    def review(self, proposal: Proposal) -> Verdict:
        """Answer with a reason for each member that cannot come along."""
        reasons = [*self._hidden(proposal), *self._name_clashes(proposal)]
        outcome = Outcome.REFUSE if reasons else Outcome.PASS
        return Verdict(
            self.name,
            outcome,
            tuple(reasons),
            evidence=(proposal.closure.digest,),
            binding=proposal.closure.digest,
        )

    def still_stands(self, proposal: Proposal, verdict: Verdict) -> bool:
        """Links never change; what can change is who may read the members."""
        places = {member.asset.workspace_id for member in proposal.closure.members}
        is_readable = access.readable(proposal.requested_by, places) == places
        return verdict.binding == proposal.closure.digest and is_readable

    def _hidden(self, proposal: Proposal) -> list[Reason]:
        if not (hidden := proposal.closure.hidden):
            return []
        message = f"{hidden} member(s) lie in workspaces that the requester may not read."
        return [Reason("member_not_readable", message)]

    def _name_clashes(self, proposal: Proposal) -> list[Reason]:
        wanted = {
            (SHARED_NAMES[member.asset.kind], member.asset.name): member
            for member in proposal.closure.members
            if member.asset.kind in SHARED_NAMES
        }
        if not wanted:
            return []
        taken = Asset.objects.filter(
            workspace=proposal.target, name__in=[name for _, name in wanted]
        ).values_list("kind", "name")
        return [
            Reason(
                "name_taken",
                f"{proposal.target.slug} has a {kind} called {name!r}.",
                subject=str(reference_of(wanted[kind, name])),
            )
            for kind, name in taken
            if (kind, name) in wanted
        ]
