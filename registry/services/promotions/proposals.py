"""Put a proposal before the gates, and say what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from registry.gates import base as gates
from registry.gates.base import Outcome, Proposal, Verdict
from registry.queries.closure import closure_of
from registry.queries.versions import full_reference, reference_of

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor
    from registry.models import AssetVersion, Promotion, Workspace


@dataclass(frozen=True)
class Review:
    """A proposal with every gate's verdict."""

    proposal: Proposal
    verdicts: tuple[Verdict, ...]
    binding: str

    @property
    def is_refused(self) -> bool:
        """Tell whether any gate refuses."""
        return any(verdict.outcome is Outcome.REFUSE for verdict in self.verdicts)

    @property
    def is_undecided(self) -> bool:
        """Tell whether a refusal comes from a gate or a policy that could not decide."""
        return any(
            reason.code == gates.GATE_FAILED or reason.detail.get("state") == "error"
            for verdict in self.verdicts
            if verdict.outcome is Outcome.REFUSE
            for reason in verdict.reasons
        )

    @property
    def required_approvals(self) -> int:
        """Return how many people must agree: the most that any gate asks for."""
        return max(
            (
                max(verdict.required_approvals, 1)
                for verdict in self.verdicts
                if verdict.outcome is Outcome.REQUIRE_APPROVAL
            ),
            default=0,
        )

    def verdicts_as_json(self) -> list[dict[str, Any]]:
        """Return the verdicts as they are stored and answered."""
        return [verdict.as_json() for verdict in self.verdicts]


def propose(
    *,
    promotion: UUID,
    version: AssetVersion,
    target: Workspace,
    alias: str,
    reason: str,
    requested_by: Actor,
) -> Proposal:
    """Return the proposal to take ``version`` into ``target``, with what comes along."""
    return Proposal(
        promotion=promotion,
        version=version,
        target=target,
        alias=alias,
        reason=reason,
        closure=closure_of(version, actor=requested_by),
        requested_by=requested_by,
        reviewed_at=timezone.now(),
    )


def review(proposal: Proposal) -> Review:
    """Return every gate's verdict on a proposal.

    Gates may evaluate policies: call this outside of any transaction.
    """
    verdicts = gates.review(proposal)
    return Review(proposal, verdicts, gates.binding_of(proposal, verdicts))


def journalled(verdicts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return stored verdicts without the reasons' free-form details, which the journal's payload
    schema has no room for; ``evidence`` leads to them."""
    return [
        {
            **verdict,
            "reasons": [
                {key: reason[key] for key in ("code", "message", "subject")}
                for reason in verdict["reasons"]
            ],
        }
        for verdict in verdicts
    ]


def event_fields(proposal: Proposal, *, binding: str) -> dict[str, Any]:
    """Return what every event of a promotion under review says."""
    fields = _common(
        uuid=proposal.promotion,
        requested_by=proposal.requested_by.uuid,
        version=proposal.version,
        target=proposal.target,
        alias=proposal.alias,
        binding=binding,
    )
    fields["source"]["closure_digest"] = proposal.closure.digest
    return fields


def closing_fields(promotion: Promotion) -> dict[str, Any]:
    """Return the same for a promotion that ends without a review."""
    return _common(
        uuid=promotion.uuid,
        requested_by=promotion.requested_by.uuid,
        version=promotion.source_version,
        target=promotion.target,
        alias=promotion.alias,
        binding=promotion.binding,
    )


def _common(
    *,
    uuid: UUID,
    requested_by: UUID | None,
    version: AssetVersion,
    target: Workspace,
    alias: str,
    binding: str,
) -> dict[str, Any]:
    return {
        "subject": full_reference(version),
        "workspace": target.uuid,
        "digest": version.digest,
        "promotion": str(uuid),
        "requested_by": str(requested_by),
        "source": {
            "ref": str(reference_of(version)),
            "version": str(version.uuid),
            "workspace": version.asset.workspace.slug,
            "kind": version.asset.kind,
            "digest": version.digest,
        },
        "target": {"workspace": target.slug, "stage": target.stage},
        "alias": alias,
        "binding": binding,
    }
