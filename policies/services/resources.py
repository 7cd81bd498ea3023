"""Submit what is known about configured resources, and retire those that are gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.canonical import canonical_bytes, sha256
from core.errors import Conflict, InvalidInput, NotFound, TooLarge
from core.journal import publish
from policies.documents import rfc3339
from policies.engines.base import InvalidInput as UnusableInput
from policies.engines.inputs import parse_input
from policies.events import ResourceRetired, SnapshotSubmitted
from policies.models import Provenance, Resource, Snapshot
from policies.models.resource import MAX_EXTERNAL_ID, MAX_SOURCE, MAX_TYPE, OWN_SOURCE
from registry import access
from registry.permissions import Permission

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from core.actors import Actor
    from registry.models import Workspace

MAX_DOCUMENT_BYTES = 1024 * 1024
CLOCK_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Address:
    """Which resource: what kind of source says so, the source's own type and id."""

    source: str
    type: str
    external_id: str


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

    ``document`` is the source's own JSON object, at most 1 MiB. ``provenance`` is declared (what
    somebody intends) or observed (what the platform answered at ``observed_at``, by default now).
    ``uuid`` is the snapshot's, where the caller must be able to tell it from another telling. The
    source ``muniment`` is this service's own. Needs submit_configuration. Raises InvalidInput or
    TooLarge.
    """
    place = access.workspace_by_slug(
        actor, workspace, permission=Permission.SUBMIT_CONFIGURATION, field="workspace"
    )
    _check_address(address)
    if address.source == OWN_SOURCE and not actor.is_system:
        raise InvalidInput.of("source", f"{OWN_SOURCE} is what this service knows of itself")
    digest = _checked_digest(document)
    if provenance not in Provenance.values:
        raise InvalidInput.of("provenance", f"must be one of {', '.join(Provenance.values)}")
    moment = _checked_moment(observed_at)
    with transaction.atomic():
        resource, is_new = _ensure_resource(place, address)
        snapshot = Snapshot.objects.create(
            resource=resource,
            document=document,
            digest=digest,
            provenance=provenance,
            observed_at=moment,
            submitted_by=actor.user,
            **({"uuid": uuid} if uuid else {}),
        )
        _publish_snapshot(snapshot, is_new_resource=is_new, actor=actor)
    return snapshot


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


def _publish_snapshot(snapshot: Snapshot, *, is_new_resource: bool, actor: Actor) -> None:
    resource = snapshot.resource
    place = resource.workspace
    publish(
        SnapshotSubmitted(
            subject=f"{place.slug}/resource/{resource.uuid}",
            workspace=place.uuid,
            digest=snapshot.digest,
            snapshot=str(snapshot.uuid),
            resource=str(resource.uuid),
            source=resource.source,
            type=resource.type,
            external_id=resource.external_id,
            provenance=snapshot.provenance,
            observed_at=rfc3339(snapshot.observed_at),
            is_new_resource=is_new_resource,
        ),
        actor=actor,
        roles=access.roles(actor, place.pk),
    )


def _check_address(address: Address) -> None:
    for field, text, longest in (
        ("source", address.source, MAX_SOURCE),
        ("type", address.type, MAX_TYPE),
        ("external_id", address.external_id, MAX_EXTERNAL_ID),
    ):
        if not 1 <= len(text) <= longest or text != text.strip() or not text.isprintable():
            reason = f"must have 1 to {longest} printable characters, no space at its ends"
            raise InvalidInput.of(field, reason)
        if field != "external_id" and not text.isascii():
            raise InvalidInput.of(field, "must be ASCII")


def _checked_digest(document: object) -> str:
    """Return the digest of a document that every engine will be able to read."""
    if not isinstance(document, dict):
        raise InvalidInput.of("document", "must be one JSON object")
    canonical = canonical_bytes(document)
    if len(canonical) > MAX_DOCUMENT_BYTES:
        raise TooLarge(
            f"The document has {len(canonical)} bytes; at most {MAX_DOCUMENT_BYTES} are taken."
        )
    try:
        # As deep inside an object as it will be in the input of a policy.
        parse_input(f'{{"configuration":{canonical.decode()}}}')
    except UnusableInput as error:
        reason = str(error).removeprefix("input: ")
        raise InvalidInput.of("document", reason) from error
    return sha256(canonical)


def _checked_moment(observed_at: datetime | None) -> datetime:
    now = timezone.now()
    if observed_at is None:
        return now
    if timezone.is_naive(observed_at):
        raise InvalidInput.of("observed_at", "must have a time zone")
    if observed_at > now + CLOCK_SKEW:
        raise InvalidInput.of("observed_at", "must not be in the future")
    return observed_at


def _ensure_resource(workspace: Workspace, address: Address) -> tuple[Resource, bool]:
    key = {
        "workspace": workspace,
        "source": address.source,
        "type": address.type,
        "external_id": address.external_id,
    }
    present = Resource.objects.select_related("workspace").filter(**key, retired_at__isnull=True)
    if resource := present.first():
        return resource, False
    try:
        with transaction.atomic():
            return Resource.objects.create(**key), True
    except IntegrityError:
        return present.get(), False
