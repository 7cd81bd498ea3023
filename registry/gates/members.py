"""The members gate: what serves must be desired, promoted, and neither withdrawn nor deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.canonical import canonical_digest
from registry.gates.base import Outcome, Reason, Verdict
from registry.queries.deployability import objections

if TYPE_CHECKING:
    from registry.gates.deployments import ServingProposal


class MembersGate:
    """Denies a stopped deployment, a content that is none of its members, and any member that
    may not serve in the workspace any more."""

    name = "members"

    def review(self, proposal: ServingProposal) -> Verdict:
        """Answer with a reason for each member that may not serve."""
        found = [*_unasked(proposal)]
        found += [
            Reason(each.code, each.message, subject=each.subject)
            for each in objections(proposal.versions, workspace=proposal.deployment.workspace)
        ]
        return Verdict(
            self.name,
            Outcome.REFUSE if found else Outcome.PASS,
            tuple(found),
            evidence=tuple(sorted(version.digest for version in proposal.versions)),
            binding=canonical_digest([[each.code, each.subject] for each in found]),
        )


def _unasked(proposal: ServingProposal) -> list[Reason]:
    subject = proposal.deployment.reference
    found = []
    if proposal.is_stopped and not proposal.is_proposal:
        message = f"{subject} shall not serve: it is stopped."
        found.append(Reason("deployment_stopped", message, subject=subject))
    if not proposal.versions:
        message = f"{proposal.asked_digest} is no member of revision {proposal.revision.number}."
        found.append(Reason("not_a_member", message, subject=subject))
    return found
