"""Submit what is known about configured resources, and retire those that are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core.errors import Conflict, NotFound
from core.journal import publish
from policies.events import ResourceRetired
from policies.models import Provenance, Resource, Snapshot
from policies.models.resource import OWN_SOURCE
from policies.normalisers.withholding import withheld
from policies.services.recording import (
    Address,
    Observation,
    check_address,
    check_provenance,
    checked_digest,
    checked_moment,
    record,
)
from registry import access
from registry.permissions import Permission

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from core.actors import Actor

__all__ = ["Address", "retire", "submit_snapshot"]


def submit_snapshot(
    *,
    actor: Actor,
    workspace: str,
    address: Address,
    document: dict[str, Any],
    provenance: str = Provenance.DECLARED,
    observed_at: datetime | None = None,
    uuid: UUID | None = None,
) -> Snapshot:
    """Record what is known about a resource, with the resource where that is new.

    ``document`` is the source's own JSON object, at most 1 MiB; secrets in it are replaced before
    anything is kept. ``provenance`` is declared (what somebody intends) or observed (what the
    platform answered at ``observed_at``, by default now). ``uuid`` is the snapshot's, where the
    caller must be able to tell it from another telling. The source ``muniment`` is this service's
    own. Needs submit_configuration. Raises InvalidInput or TooLarge.
    """
    place = access.workspace_by_slug(
        actor, workspace, permission=Permission.SUBMIT_CONFIGURATION, field="workspace"
    )
    check_address(address, actor=actor)
    check_provenance(provenance)
    kept = document
    digest = checked_digest(document)
    if address.source != OWN_SOURCE:
        kept, secrets = withheld(document)
        digest = checked_digest(kept) if secrets else digest
    observation = Observation(
        address=address,
        document=kept,
        digest=digest,
        provenance=provenance,
        observed_at=checked_moment(observed_at),
        uuid=uuid,
    )
    with transaction.atomic():
        return record(observation, workspace=place, actor=actor)


def retire(*, actor: Actor, resource: UUID, reason: str = "") -> Resource:
    """Take a resource that is gone out of account; its snapshots stay on record.

    Needs assign_policy: whoever submits configurations must not make a failing one vanish. One
    that was retired is a Conflict.
    """
    found = Resource.objects.select_related("workspace").filter(uuid=resource).first()
    if found is None:
        raise NotFound
    access.require(actor, Permission.ASSIGN_POLICY, found.workspace)
    with transaction.atomic():
        present = Resource.objects.filter(pk=found.pk, retired_at__isnull=True)
        if not present.update(retired_at=timezone.now(), retired_by=actor.user):
            raise Conflict("The resource was retired already.")
        publish(
            ResourceRetired(
                subject=f"{found.workspace.slug}/resource/{found.uuid}",
                workspace=found.workspace.uuid,
                reason=reason,
                resource=str(found.uuid),
                source=found.source,
                type=found.type,
                external_id=found.external_id,
            ),
            actor=actor,
            roles=access.roles(actor, found.workspace_id),
        )
    found.refresh_from_db()
    return found
