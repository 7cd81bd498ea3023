"""The artifacts of versions, as far as the caller may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import Conflict, NotFound, Unavailable
from registry.models import Blob, VersionArtifact
from registry.queries.versions import version_by_uuid
from registry.storage import is_stored

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor


def artifacts_of(actor: Actor, version: UUID) -> QuerySet[VersionArtifact]:
    """Return the artifacts of a version; raises NotFound for a missing or foreign one."""
    found = version_by_uuid(actor, version)
    rows = VersionArtifact.objects.filter(version=found)
    return rows.select_related("version__asset", "claim")


def stored_content(actor: Actor, version: UUID, path: str) -> tuple[VersionArtifact, Blob]:
    """Return an artifact and its stored bytes' row.

    Raises NotFound; Conflict where the bytes lie elsewhere; Unavailable where they were let go.
    """
    artifact = artifacts_of(actor, version).filter(path=path).first()
    if artifact is None:
        raise NotFound
    if not is_stored(artifact.uri):
        raise Conflict(
            "The bytes of this artifact lie elsewhere.",
            extra={"uri": artifact.uri, "digest": artifact.digest},
        )
    blob = Blob.objects.filter(claims__artifact=artifact).first()
    if blob is None:
        raise Unavailable("The bytes of this artifact are not stored any more.")
    return artifact, blob
