"""Bundles as background work: written for a download, or read from an upload."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Any, BinaryIO, cast
from uuid import UUID

from core.actors import Actor, Via
from core.errors import Conflict, InvalidInput, Refused
from core.tasks import enqueue
from registry import access
from registry.bundles.archive import BadArchive
from registry.bundles.manifest import BadBundle, opened
from registry.models import Upload
from registry.permissions import Permission
from registry.queries.blobs import own_upload, store_at_hand
from registry.queries.closure import closure_of
from registry.queries.transfers import EXPORT, IMPORT, VERIFY
from registry.queries.versions import reference_of, resolve
from registry.services import uploads
from registry.services.bundles.exporting import export_bundle
from registry.services.bundles.importing import (
    import_bundle,
    is_trusted,
    parsed,
    require_stage,
)
from registry.storage.files import open_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.models import Task
    from core.tasks import TaskRun

CHUNK = 1024 * 1024


def request_export(*, actor: Actor, version: str) -> Task:
    """Have the bundle of ``version`` (a reference) written; needs view on every member.

    An export of the same version by the same account that is still to come is returned instead.
    Raises InvalidInput, NotFound, or Refused for a member out of sight.
    """
    user = _account(actor)
    root = resolve(actor, version)
    if hidden := closure_of(root, actor=actor).hidden:
        raise Refused(f"{hidden} member(s) lie in workspaces that you may not read.")
    return enqueue(
        EXPORT,
        {"version": str(reference_of(root))},
        requested_by=user,
        workspace=root.asset.workspace.uuid,
        dedupe_key=f"{user.uuid}:{root.uuid}",
    )


def request_import(*, actor: Actor, upload: UUID, verify_only: bool = False) -> Task:
    """Have the bundle that was uploaded registered in the workspace of its upload, or only checked.

    Needs what importing needs. Raises NotFound for somebody else's upload, Conflict for one
    without bytes, or AccessDenied.
    """
    user = _account(actor)
    found = own_upload(actor, upload)
    if found.blob_id is None:
        raise Conflict("The upload has no bytes yet; send them first.")
    access.require(actor, Permission.CREATE_VERSION, found.workspace)
    if not verify_only:
        # The task acts for the account: a credential that gives less must not get more by it.
        access.require(actor, Permission.EDIT_ASSET, found.workspace)
        require_stage(actor, found.workspace)
    return enqueue(
        VERIFY if verify_only else IMPORT,
        {"upload": str(upload)},
        requested_by=user,
        workspace=found.workspace.uuid,
        dedupe_key=str(upload),
    )


def import_file(
    *,
    actor: Actor,
    workspace: str,
    chunks: Iterable[bytes],
    length: int,
    verify_only: bool = False,
) -> Task:
    """Store the ``length`` bytes of a bundle as an upload, and have it registered or checked.

    Raises as ``uploads.begin``, ``uploads.receive`` and ``request_import`` do.
    """
    upload = uploads.begin(actor=actor, workspace=workspace)
    uploads.receive(actor=actor, upload=upload.uuid, chunks=chunks, length=length)
    return request_import(actor=actor, upload=upload.uuid, verify_only=verify_only)


def write_export(run: TaskRun) -> dict[str, Any]:
    """Do an export: the archive is written aside, then stored whole."""
    with tempfile.TemporaryFile() as file:
        content = export_bundle(
            actor=_requester(run),
            version=run.payload["version"],
            file=cast("BinaryIO", _Watched(file, run)),
        )
        with store_at_hand() as store:
            stored = store.put(_chunks(cast("BinaryIO", _Watched(file, run))))
    return {
        "key": stored.key,
        "size": stored.size,
        "digest": stored.digest,
        "content_digest": content,
    }


def read_import(run: TaskRun) -> dict[str, Any]:
    """Do an import. A second attempt finds what the first registered, and registers the rest."""
    upload = _upload(run)
    with _file(upload, run) as file:
        done = import_bundle(actor=_requester(run), workspace=upload.workspace.slug, file=file)
    return {
        "versions": [
            {"ref": str(reference_of(version)), "uuid": str(version.uuid), "is_new": is_new}
            for version, is_new in zip(done.versions, done.is_new, strict=True)
        ],
        "aliases_left": list(done.suggested_aliases),
        "content_digest": done.content_digest,
    }


def check_import(run: TaskRun) -> dict[str, Any]:
    """Check every byte of an uploaded bundle, and tell what it carries; nothing is registered."""
    upload = _upload(run)
    try:
        with _file(upload, run) as file:
            bundle = opened(file)
            members, origin = parsed(bundle)
            carried = [
                {"kind": member["kind"], "name": member["name"], "digest": member["digest"]}
                for member in members
            ]
    except (BadBundle, BadArchive, KeyError) as error:
        raise InvalidInput.of("bundle", f"is not a whole, unchanged bundle: {error}") from error
    return {
        "content_digest": bundle.content_digest,
        "signer": bundle.signer,
        "is_trusted": is_trusted(bundle, upload.workspace),
        "root": origin.root,
        "members": carried,
        "aliases_left": origin.aliases,
    }


def _account(actor: Actor) -> Any:
    if actor.user is None:
        raise InvalidInput("Only an account can ask for this.")
    return actor.user


def _requester(run: TaskRun) -> Actor:
    return Actor(user=run.task.requested_by, via=Via.TASK)


def _upload(run: TaskRun) -> Upload:
    found = Upload.objects.select_related("workspace", "blob").get(uuid=run.payload["upload"])
    if found.blob is None:
        raise Conflict("The upload expired, and its bytes are gone; upload the bundle again.")
    return found


def _file(upload: Upload, run: TaskRun) -> BinaryIO:
    assert upload.blob is not None  # ``_upload`` has looked
    with store_at_hand() as store:
        return cast("BinaryIO", _Watched(open_object(store, upload.blob.key), run))


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield chunk


class _Watched:
    """A binary file that renews the lease of a task while it is read or written."""

    EVERY = 64 * 1024 * 1024

    def __init__(self, file: Any, run: TaskRun) -> None:
        self._file = file
        self._run = run
        self._passed = 0
        self._told = 0
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        """Read as the file does."""
        data: bytes = self._file.read(size)
        self._pass(len(data))
        return data

    def write(self, data: bytes) -> int:
        """Write as the file does."""
        self._pass(len(data))
        written: int = self._file.write(data)
        return written

    def __enter__(self) -> _Watched:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def _pass(self, count: int) -> None:
        self._passed += count
        if self._passed - self._told >= self.EVERY:
            self._told = self._passed
            self._run.progress(self._passed, 0, "bytes passed")
