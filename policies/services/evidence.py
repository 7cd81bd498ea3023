"""The evidence of attestations: addresses, and files that are kept by their digest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.utils import timezone

from core.errors import Conflict, InvalidInput
from policies.models import AttestationEvidence
from policies.models.attestation import MAX_TITLE, MAX_URI
from registry.models import Blob
from registry.queries.blobs import own_uploads
from registry.services import uploads

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from core.actors import Actor
    from policies.models import Attestation
    from registry.models import Upload, Workspace

MAX_EVIDENCE = 20


@dataclass(frozen=True, kw_only=True)
class File:
    """Bytes that come with the attestation itself."""

    chunks: Iterable[bytes]
    size: int
    media_type: str = ""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What shows it: an address (``uri``), a file as an ``upload`` into the workspace, or the
    ``file`` itself, which needs what an upload needs."""

    title: str
    uri: str = ""
    upload: UUID | None = None
    file: File | None = None


def check(
    evidence: Sequence[Evidence], *, workspace: Workspace, actor: Actor
) -> list[tuple[Evidence, Upload | None]]:
    """Return each piece with its upload, files brought in once all is checked; raises
    InvalidInput.

    An upload must be the actor's own, into this very workspace, with its bytes: to know a digest
    is no right to bytes.
    """
    if len(evidence) > MAX_EVIDENCE:
        raise InvalidInput.of("evidence", f"at most {MAX_EVIDENCE} pieces are taken")
    wanted = [each.upload for each in evidence if each.upload]
    rows = own_uploads(actor).filter(uuid__in=wanted, workspace=workspace) if wanted else ()
    own = {upload.uuid: upload for upload in rows}
    checked = []
    for index, each in enumerate(evidence):
        place = f"evidence[{index}]"
        if not each.title.strip() or len(each.title) > MAX_TITLE:
            raise InvalidInput.of(f"{place}.title", f"must have 1 to {MAX_TITLE} characters")
        if [bool(each.uri), bool(each.upload), bool(each.file)].count(True) != 1:
            raise InvalidInput.of(place, "needs exactly one of uri and upload")
        if each.uri:
            _check_uri(each.uri, field=f"{place}.uri")
        upload = _whole(own.get(each.upload), f"{place}.upload") if each.upload else None
        checked.append((each, upload))
    return [
        (each, _brought(each.file, workspace, actor=actor) if each.file else upload)
        for each, upload in checked
    ]


def _brought(file: File, workspace: Workspace, *, actor: Actor) -> Upload:
    begun = uploads.begin(
        actor=actor,
        workspace=workspace.slug,
        size=file.size,
        media_type=file.media_type,
    )
    return uploads.receive(actor=actor, upload=begun.uuid, chunks=file.chunks, length=file.size)


def keep(
    checked: Sequence[tuple[Evidence, Upload | None]], *, attestation: Attestation
) -> list[AttestationEvidence]:
    """Store the evidence of a new attestation and hold on to its bytes, in the current
    transaction. Raises Conflict where bytes were let go meanwhile."""
    ids = [upload.blob_id for _, upload in checked if upload and upload.blob_id]
    # Locked, so that garbage collection either sees the evidence or was before.
    held = Blob.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    blobs = {blob.pk: blob for blob in held} if ids else {}
    rows = []
    for each, upload in checked:
        row = AttestationEvidence(attestation=attestation, title=each.title, uri=each.uri)
        if upload is not None:
            blob = blobs.get(upload.blob_id or 0)
            if blob is None:
                raise Conflict(f"The bytes of {each.title!r} are gone; upload them again.")
            row.blob, row.digest, row.size = blob, blob.digest, blob.size
            row.media_type = upload.media_type
        rows.append(row)
    return AttestationEvidence.objects.bulk_create(rows)


def _check_uri(uri: str, *, field: str) -> None:
    parts = urlsplit(uri)
    if parts.scheme not in {"http", "https"} or not parts.netloc or len(uri) > MAX_URI:
        reason = f"must be an http or https address of at most {MAX_URI} characters"
        raise InvalidInput.of(field, reason)
    if "@" in parts.netloc:
        raise InvalidInput.of(field, "must not hold a user name or password")


def _whole(upload: Upload | None, field: str) -> Upload:
    if upload is None:
        raise InvalidInput.of(field, "you have no such upload into this workspace")
    if upload.digest is None:
        raise InvalidInput.of(field, "its bytes have not been sent yet")
    if upload.blob_id is None or upload.expires_at <= timezone.now():
        raise InvalidInput.of(field, "it expired; upload the bytes again")
    return upload
