"""The attestations that an actor may see, with their evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import Conflict, NotFound
from policies.models import Attestation, AttestationEvidence
from registry import access

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor


def visible_attestations(actor: Actor) -> QuerySet[Attestation]:
    """Return the attestations in the actor's workspaces, with their evidence."""
    return (
        Attestation.objects.filter(access.in_reach(actor))
        .select_related(
            "assignment__policy_version__policy",
            "assignment__set_version__policy_set",
            "assignment__workspace",
            "workspace",
            "resource",
            "owner",
            "attested_by",
            "ended_by",
        )
        .prefetch_related("evidence")
    )


def stored_evidence(attestation: Attestation, uuid: UUID) -> AttestationEvidence:
    """Return a file of an attestation that the caller may see, with the row of its bytes; raises
    NotFound, or Conflict for evidence that lies elsewhere."""
    found = attestation.evidence.select_related("blob").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    if found.blob is None:
        raise Conflict("This evidence lies elsewhere.", extra={"uri": found.uri})
    return found
