"""Bring bytes into a workspace, before a version names them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.canonical import is_digest
from core.errors import Conflict, InvalidInput, TooLarge
from core.journal import publish
from registry import access
from registry.events import UploadStored
from registry.models import Upload
from registry.permissions import Permission
from registry.queries.blobs import own_upload
from registry.services import stored_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

    from core.actors import Actor
    from registry.models import Blob
    from registry.storage.base import Stored

LIFE = timedelta(days=1)


def begin(
    *,
    actor: Actor,
    workspace: str,
    digest: str = "",
    size: int | None = None,
    media_type: str = "",
) -> Upload:
    """Promise an upload into ``workspace``; what is declared will be checked.

    Needs create_version. The upload, and the right to register what it brings, end after a day.
    Raises InvalidInput, AccessDenied, or TooLarge.
    """
    place = access.workspace_by_slug(
        actor, workspace, permission=Permission.CREATE_VERSION, field="workspace"
    )
    if actor.user is None:
        raise InvalidInput("Only a user can upload.")
    if digest and not is_digest(digest):
        reason = "must be sha256: and 64 lower-case hexadecimal digits"
        raise InvalidInput.of("digest", reason)
    _require_fitting(size)
    now = timezone.now()
    return Upload.objects.create(
        workspace=place,
        uploader=actor.user,
        declared_digest=digest,
        declared_size=size,
        media_type=media_type,
        created_at=now,
        expires_at=now + LIFE,
    )


def receive(*, actor: Actor, upload: UUID, chunks: Iterable[bytes], length: int) -> Upload:
    """Store the ``length`` bytes of an upload while they come in, and return it.

    All bytes are read and hashed whether or not the store has them: the answer must not tell.
    Sending the same bytes again is no error. Raises NotFound for somebody else's upload,
    InvalidInput for bytes that end early or are not what was declared, Conflict for an upload that
    is over or has other bytes, TooLarge, or Unavailable.
    """
    promised = own_upload(actor, upload)
    access.require(actor, Permission.CREATE_VERSION, promised.workspace)
    _require_fitting(length)
    if promised.expires_at <= timezone.now():
        raise Conflict("The upload expired; begin another.")
    if promised.declared_size not in (None, length):
        reason = f"is {length}, but the upload was declared to have {promised.declared_size} bytes"
        raise InvalidInput.of("Content-Length", reason)
    stored = stored_bytes.put(_whole(chunks, length))
    try:
        blob = _record(promised, stored, actor=actor)
    except BaseException:
        stored_bytes.discard(stored)
        raise
    if blob.key != stored.key:
        stored_bytes.discard(stored)
    return promised


def _require_fitting(size: int | None) -> None:
    limit = settings.MAX_ARTIFACT_BYTES
    if size is not None and size > limit:
        raise TooLarge(f"The artifact has {size} bytes; the limit is {limit}.")


def _whole(chunks: Iterable[bytes], length: int) -> Iterator[bytes]:
    """Pass the chunks on; raises InvalidInput if they are not ``length`` bytes in all."""
    received = 0
    for chunk in chunks:
        received += len(chunk)
        if received > length:
            break
        yield chunk
    if received != length:
        raise InvalidInput(f"The body ended after {received} of {length} bytes; send it again.")


def _record(promised: Upload, stored: Stored, *, actor: Actor) -> Blob:
    """Write down in one transaction what came in; return the row of the bytes."""
    if promised.declared_digest not in ("", stored.digest):
        reason = f"the bytes have {stored.digest}, not {promised.declared_digest} as declared"
        raise InvalidInput.of("digest", reason)
    with transaction.atomic():
        upload = Upload.objects.select_for_update().get(pk=promised.pk)
        # The bytes may have taken hours to come in.
        access.require(access.afresh(actor), Permission.CREATE_VERSION, promised.workspace)
        if upload.stored_at is not None and upload.digest != stored.digest:
            raise Conflict("The upload has other bytes already; begin another.")
        blob = stored_bytes.hold(stored)
        if upload.stored_at is None:
            promised.digest, promised.size = stored.digest, stored.size
            promised.blob, promised.stored_at = blob, timezone.now()
            promised.save(update_fields=["digest", "size", "blob", "stored_at"])
            publish(_event(promised), actor=actor, roles=access.roles(actor, promised.workspace_id))
        else:
            promised.refresh_from_db()
    return blob


def _event(upload: Upload) -> UploadStored:
    assert upload.digest is not None  # the caller has just set both
    assert upload.size is not None
    return UploadStored(
        subject=f"upload/{upload.uuid}",
        workspace=upload.workspace.uuid,
        digest=upload.digest,
        upload=str(upload.uuid),
        size=upload.size,
    )
