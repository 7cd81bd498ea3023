"""What people attested of the manual rules of a workspace, as it stood at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.dossiers.sources import person
from audits.dossiers.standing import Attested, Shown
from audits.reports.moments import moment
from policies.models import Attestation

if TYPE_CHECKING:
    from datetime import datetime

    from policies.models import PolicyVersion
    from registry.models import AssetVersion

RELATED = ("assignment__policy_version__policy", "assignment__set_version", "owner", "attested_by")
MEMBERS = "assignment__set_version__members__policy_version__policy"


def attestations_at(version: AssetVersion, *, name: str, at: datetime) -> tuple[Attested, ...]:
    """Return the attestations in force for the version's asset, called ``name``, or for all of its
    workspace, oldest first; few queries."""
    asset = f"{version.asset.kind}/{name}"
    rows = (
        Attestation.objects.as_of(at)
        .filter(
            workspace=version.asset.workspace_id,
            resource__isnull=True,
            asset__in=("", asset),
            expires_at__gt=at,
        )
        .select_related(*RELATED)
        .prefetch_related("evidence", MEMBERS)
        .order_by("id")
    )
    told = ((row, _policy_of(row)) for row in rows)
    return tuple(_attested(row, policy) for row, policy in told if policy is not None)


def _policy_of(row: Attestation) -> PolicyVersion | None:
    """Return the policy that it is about: the assignment's, or that member of its set."""
    assignment = row.assignment
    if assignment.policy_version is not None:
        return assignment.policy_version
    members = assignment.set_version.members.all() if assignment.set_version else ()
    named = [each.policy_version for each in members if each.reference_id == row.reference_id]
    return named[0] if named else None


def _attested(row: Attestation, policy: PolicyVersion) -> Attested:
    described = policy.described
    return Attested(
        uuid=str(row.uuid),
        policy=f"{policy.policy.name}/{policy.number}",
        title=described.title,
        controls=described.controls,
        state=row.state,
        comments=row.comments,
        owner=person(row.owner),
        attested_by=person(row.attested_by),
        assessed_at=moment(row.assessed_at),
        expires_at=moment(row.expires_at),
        evidence=tuple(
            Shown(each.title, each.uri, each.digest)
            for each in sorted(row.evidence.all(), key=lambda each: each.pk)
        ),
    )
