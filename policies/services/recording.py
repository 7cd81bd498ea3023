"""Record snapshots: what holds for each, whatever door it came through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.canonical import canonical_bytes, sha256
from core.errors import InvalidInput, TooLarge
from core.journal import publish
from policies.documents import rfc3339
from policies.engines.base import InvalidInput as UnusableInput
from policies.engines.inputs import parse_input
from policies.events import SnapshotSubmitted
from policies.models import Provenance, Resource, Snapshot
from policies.models.resource import (
    MAX_EXTERNAL_ID,
    MAX_SOURCE,
    MAX_TYPE,
    NATIVE,
    OWN_SOURCE,
)
from registry import access

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from core.actors import Actor
    from policies.models import SourceDocument
    from registry.models import Workspace

MAX_DOCUMENT_BYTES = 1024 * 1024
CLOCK_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Address:
    """Which resource: what kind of source says so, the source's own type and id."""

    source: str
    type: str
    external_id: str


@dataclass(frozen=True, kw_only=True)
class Observation:
    """What is recorded of a resource once, checked.

    ``fields`` and ``source_document`` are those of a form other than native.
    """

    address: Address
    document: dict[str, Any]
    digest: str
    provenance: str
    observed_at: datetime
    form: str = NATIVE
    fields: Mapping[str, str] | None = None
    source_document: SourceDocument | None = None
    uuid: UUID | None = None


def record(observation: Observation, *, workspace: Workspace, actor: Actor) -> Snapshot:
    """Write the snapshot, its resource where that is new, and the journal entry; inside the
    caller's transaction."""
    resource, is_new = _ensure_resource(workspace, observation.address)
    snapshot = Snapshot.objects.create(
        resource=resource,
        document=observation.document,
        digest=observation.digest,
        format=observation.form,
        fields=observation.fields,
        source_document=observation.source_document,
        provenance=observation.provenance,
        observed_at=observation.observed_at,
        submitted_by=actor.user,
        **({"uuid": observation.uuid} if observation.uuid else {}),
    )
    _publish(snapshot, is_new_resource=is_new, actor=actor)
    return snapshot


def check_address(address: Address, *, actor: Actor) -> None:
    """Raise InvalidInput for an address that no resource can have, and for one that only this
    service may speak for."""
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
    if address.source == OWN_SOURCE and not actor.is_system:
        raise InvalidInput.of("source", f"{OWN_SOURCE} is what this service knows of itself")


def check_provenance(provenance: str) -> None:
    """Raise InvalidInput for anything but declared and observed."""
    if provenance not in Provenance.values:
        raise InvalidInput.of("provenance", f"must be one of {', '.join(Provenance.values)}")


def checked_digest(document: object) -> str:
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


def checked_moment(observed_at: datetime | None) -> datetime:
    """Return when it was observed, by default now; raises InvalidInput."""
    now = timezone.now()
    if observed_at is None:
        return now
    if timezone.is_naive(observed_at):
        raise InvalidInput.of("observed_at", "must have a time zone")
    if observed_at > now + CLOCK_SKEW:
        raise InvalidInput.of("observed_at", "must not be in the future")
    return observed_at


def _publish(snapshot: Snapshot, *, is_new_resource: bool, actor: Actor) -> None:
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
            format=snapshot.format,
            source_digest=snapshot.source_document_id or "",
            observed_at=rfc3339(snapshot.observed_at),
            is_new_resource=is_new_resource,
        ),
        actor=actor,
        roles=access.roles(actor, place.pk),
    )


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
