"""Check which bytes a version may name, and hold on to those that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from core.canonical import MAX_INTEGER, is_digest
from core.errors import Conflict, InvalidInput
from registry.models import Blob, BlobClaim, Upload, VersionArtifact
from registry.queries.blobs import own_uploads
from registry.queries.versions import resolve
from registry.services import scans, signatures
from registry.storage import SCHEME, is_stored, stored_uri

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from core.actors import Actor
    from registry.models import AssetVersion
    from registry.services.contents import Findings

SOURCES = ("uri", "upload", "from")
ALONE = {
    "upload": ("uri", "from_path", "size"),
    "from": ("uri", "size", "digest"),
    "uri": ("from_path",),
}


class Sources:
    """Finds where a draft's artifacts come from, as far as its author may take them from there."""

    def __init__(self, items: Sequence[Mapping[str, Any]], *, workspace: str, actor: Actor) -> None:
        self._actor = actor
        self._versions: dict[str, dict[str, VersionArtifact]] = {}
        wanted = [item["upload"] for item in items if item.get("upload")]
        self._uploads: dict[UUID, Upload] = {}
        if wanted:
            uploads = own_uploads(actor).filter(uuid__in=wanted, workspace__slug=workspace)
            self._uploads = {upload.uuid: upload for upload in uploads}

    def content(self, item: Mapping[str, Any], place: str) -> dict[str, Any]:
        """Return uri, digest, size and media type of an artifact; raises InvalidInput."""
        given = [name for name in SOURCES if item.get(name)]
        if len(given) != 1:
            raise InvalidInput.of(place, f"needs exactly one of {', '.join(SOURCES)}")
        source = given[0]
        for name in ALONE[source]:
            if item.get(name) not in (None, ""):
                raise InvalidInput.of(f"{place}.{name}", f"does not go with {source!r}")
        read = {"uri": self._declared, "upload": self._uploaded, "from": self._standing}
        return read[source](item, place)

    def _declared(self, item: Mapping[str, Any], place: str) -> dict[str, Any]:
        uri, size = item["uri"], item.get("size")
        if is_stored(uri):
            # To know a digest is no right to the bytes.
            reason = f"{SCHEME} names bytes stored here: give them as 'upload' or 'from'"
            raise InvalidInput.of(f"{place}.uri", reason)
        if not is_digest(item.get("digest")):
            reason = "must be sha256: and 64 lower-case hexadecimal digits"
            raise InvalidInput.of(f"{place}.digest", reason)
        if size is not None and not 0 <= size <= MAX_INTEGER:
            raise InvalidInput.of(f"{place}.size", f"must be 0 to {MAX_INTEGER}")
        return _content(item, uri=uri, digest=item["digest"], size=size)

    def _uploaded(self, item: Mapping[str, Any], place: str) -> dict[str, Any]:
        upload = self._uploads.get(item["upload"])
        if upload is None:
            raise InvalidInput.of(f"{place}.upload", "you have no such upload into this workspace")
        if upload.digest is None:
            raise InvalidInput.of(f"{place}.upload", "its bytes have not been sent yet")
        if upload.blob_id is None or upload.expires_at <= timezone.now():
            raise InvalidInput.of(f"{place}.upload", "it expired; upload the bytes again")
        if item.get("digest") not in (None, "", upload.digest):
            raise InvalidInput.of(f"{place}.digest", f"the upload has {upload.digest}")
        return _content(
            item,
            uri=stored_uri(upload.digest),
            digest=upload.digest,
            size=upload.size,
            media_type=upload.media_type,
        )

    def _standing(self, item: Mapping[str, Any], place: str) -> dict[str, Any]:
        reference = item["from"]
        if reference not in self._versions:
            version = resolve(self._actor, reference, field=f"{place}.from")
            self._versions[reference] = {one.path: one for one in version.artifacts.all()}
        path = item.get("from_path") or item["path"]
        found = self._versions[reference].get(path)
        if found is None:
            field = f"{place}.from_path" if item.get("from_path") else f"{place}.from"
            raise InvalidInput.of(field, f"{reference} has no artifact {path!r}")
        return _content(
            item,
            uri=found.uri,
            digest=found.digest,
            size=found.size,
            media_type=found.media_type,
        )


def checked_artifacts(
    items: Sequence[Mapping[str, Any]], *, workspace: str, actor: Actor, findings: Findings
) -> Iterator[dict[str, Any]]:
    """Yield the columns of each artifact of a draft; what is wrong with one goes to ``findings``.

    An artifact is declared by ``uri`` and ``digest``, or stored here: then it comes from an
    ``upload`` of the caller into this very ``workspace``, or ``from`` a version that the caller
    may read.
    """
    sources = Sources(items, workspace=workspace, actor=actor)
    seen: set[str] = set()
    for index, item in enumerate(items):
        place, path = f"artifacts[{index}]", item["path"]
        if not path or path.startswith("/") or ".." in path.split("/"):
            findings.add(f"{place}.path", "must be a relative path without ..")
        if path in seen:
            findings.add(f"{place}.path", "stands twice")
        seen.add(path)
        with findings.gathered():
            yield {"path": path, **sources.content(item, place)}


def _content(
    item: Mapping[str, Any], *, uri: str, digest: str, size: int | None, media_type: str = ""
) -> dict[str, Any]:
    return {
        "uri": uri,
        "digest": digest,
        "size": size,
        "media_type": item.get("media_type") or media_type,
    }


def claim(artifacts: Sequence[VersionArtifact], *, version: AssetVersion) -> list[BlobClaim]:
    """Hold on to the stored bytes of a version's new artifacts, in the current transaction.

    The rows of the bytes are locked, so that garbage collection either sees the claims or was
    before; in that case this raises Conflict.
    """
    stored = [artifact for artifact in artifacts if is_stored(artifact.uri)]
    if not stored:
        return []
    held = Blob.objects.select_for_update(no_key=True).order_by("pk")
    blobs = {blob.digest: blob for blob in held.filter(digest__in={one.digest for one in stored})}
    if gone := [one for one in stored if one.digest not in blobs]:
        raise Conflict(f"The bytes of {gone[0].path!r} are not stored any more; upload them again.")
    return BlobClaim.objects.bulk_create(
        BlobClaim(
            artifact=artifact,
            workspace_id=version.asset.workspace_id,
            blob=blobs[artifact.digest],
        )
        for artifact in stored
    )


def keep(artifacts: Sequence[VersionArtifact], *, version: AssetVersion, actor: Actor) -> None:
    """Hold on to a new version's stored bytes, and see to it that they are looked into.

    A promoted copy takes over what its source's workspace knows about the same bytes, and the
    signatures of its source.
    """
    if claim(artifacts, version=version):
        scans.follow(version, actor=actor)
    signatures.carry(version, actor=actor)
