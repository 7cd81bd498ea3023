"""Make an evidence pack: in a worker, as often as it takes, with one result."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, BinaryIO, cast

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audits.events import PackCompleted
from audits.models import EvidencePack
from audits.packs.archive import Member, Part, Writer, chunks_of
from audits.packs.archive import TooLarge as OverTheLimit
from audits.packs.basis import basis_of
from audits.packs.cited import cited_of
from audits.packs.contents import STAGES, Contents
from audits.packs.manifest import MANIFEST, SIGNATURE, manifest_bytes, signature_of
from audits.reports.checkpoints import is_awaited
from audits.services.packs.keys import vouched_signer
from audits.services.packs.request import only_workspace
from audits.services.report_bases import check_size
from audits.services.transparency.keys import origin
from core.actors import Actor, Via, system
from core.canonical import sha256
from core.errors import Conflict, TooLarge
from core.journal import publish
from registry import access
from registry.queries.versions import full_reference
from registry.services import stored_bytes

if TYPE_CHECKING:
    from audits.packs.cited import Cited
    from audits.transparency.notes import Signer
    from core.tasks import TaskRun
    from registry.storage.base import Stored

# The log is signed once a second.
PAUSE = timedelta(seconds=1)
# Somebody has to look at a log that is not signed for so long.
PATIENCE = timedelta(days=1)
TOLD_EVERY = 1.0


@dataclass
class _Written:
    """What an attempt wrote, before it counts."""

    manifest: str
    contents: dict[str, int]


def build(pack_uuid: str, *, run: TaskRun) -> None:
    """Make a pack whose scan is complete; bytes, row and event come about together or not at all.

    Each attempt begins anew, and equal bytes come of it: what a killed one had written was in a
    file without a name. Gives the task back while the log is not signed as far as the pack cites
    it, or the lineage of that time not told. Raises InvalidInput for a scan that is too large,
    TooLarge beyond MAX_PACK_BYTES, Unavailable where the store is away, LeaseLost.
    """
    pack = EvidencePack.objects.select_related(
        "scan", "requested_by", "about__asset__workspace"
    ).get(uuid=pack_uuid)
    if pack.completed_at is not None:
        return
    run.progress(0, len(STAGES) + 1, "reading what it is made from")
    if pack.scan is not None:
        check_size(pack.scan, pack.workspaces.all(), about=pack.about)
    signer, keys = vouched_signer()
    basis = basis_of(pack)
    cited = cited_of(basis)
    if cited is None or (pack.scan is not None and is_awaited(pack.scan)):
        if timezone.now() - run.task.created_at > PATIENCE:
            raise Conflict("The transparency log is not signed as far as the pack cites it.")
        run.postpone(PAUSE, "waiting until the transparency log is signed that far")
        return
    # Without a name, so that nothing is left of it whenever the process ends.
    with tempfile.TemporaryFile(dir=settings.DATA_DIR) as file:
        spool = cast("BinaryIO", file)
        written = _write(spool, Contents(basis, cited, keys), signer=signer, run=run)
        stored = stored_bytes.put(chunks_of(spool))
    try:
        is_kept = _complete(pack, stored, written, cited=cited, run=run)
    except BaseException:
        stored_bytes.discard(stored)
        raise
    if not is_kept:
        stored_bytes.discard(stored)


def _write(file: BinaryIO, contents: Contents, *, signer: Signer, run: TaskRun) -> _Written:
    """Write the archive, renewing the lease at least once a second."""
    told = _Progress(run)
    writer = Writer(file, limit=settings.MAX_PACK_BYTES, told=told.add)
    try:
        return _write_all(writer, contents, signer=signer, told=told)
    except OverTheLimit as error:
        writer.abandon()
        hint = "ask for fewer workspaces, or raise MUNIMENT_MAX_PACK_BYTES"
        raise TooLarge(f"{str(error).capitalize()}; {hint}.") from error
    except BaseException:
        writer.abandon()
        raise


def _write_all(writer: Writer, contents: Contents, *, signer: Signer, told: _Progress) -> _Written:
    members: list[Member] = []
    for stage, parts in contents.stages(told=lambda _: told.add(0)):
        told.begin(stage)
        members += (writer.write(part) for part in parts)
    claims = contents.claims()
    manifest = manifest_bytes(claims, members)
    signature = signature_of(manifest, origin=origin(), signer=signer)
    writer.write(Part(MANIFEST, "application/json", [manifest]))
    writer.write(Part(SIGNATURE, "text/plain; charset=utf-8", [signature]))
    writer.close()
    entries = len(contents.cited.places)
    return _Written(
        manifest=sha256(manifest),
        contents={**claims["counts"], "files": len(members), "entries": entries},
    )


class _Progress:
    """Tells how far an attempt is, and so keeps its lease; raises LeaseLost."""

    def __init__(self, run: TaskRun) -> None:
        self._run = run
        self._done, self._stage, self._size, self._told_at = 0, "collecting", 0, 0.0

    def begin(self, stage: str) -> None:
        self._stage = stage
        self._done += 1
        self._tell()

    def add(self, size: int) -> None:
        self._size += size
        if time.monotonic() - self._told_at >= TOLD_EVERY:
            self._tell()

    def _tell(self) -> None:
        self._told_at = time.monotonic()
        size = f"{self._size / 1024**2:,.1f} MiB"
        self._run.progress(self._done, len(STAGES) + 1, f"{self._stage}, {size} so far")


def _complete(
    pack: EvidencePack, stored: Stored, written: _Written, *, cited: Cited, run: TaskRun
) -> bool:
    """Put on record what was made; tell whether the row is of these very bytes, for equal ones
    may have been there before."""
    with transaction.atomic():
        run.progress(len(STAGES) + 1, len(STAGES) + 1, "done")
        blob = stored_bytes.hold(stored)
        pack.completed_at = timezone.now()
        pack.blob, pack.digest, pack.size = blob, stored.digest, stored.size
        pack.manifest, pack.checkpoint = written.manifest, cited.checkpoint.size
        pack.contents = dict(sorted(written.contents.items()))
        pack.save(
            update_fields=[
                "completed_at",
                "blob",
                "digest",
                "size",
                "manifest",
                "checkpoint",
                "contents",
            ]
        )
        _publish(pack)
        run.succeed({"pack": str(pack.uuid), "digest": stored.digest})
    return blob.key == stored.key


def _publish(pack: EvidencePack) -> None:
    place = only_workspace(pack)
    user, request_id = pack.requested_by, f"pack-{pack.uuid}"
    actor = Actor(user, Via.TASK, request_id=request_id) if user else system(request_id=request_id)
    assert pack.digest is not None  # the caller has just set all of them
    assert pack.size is not None
    assert pack.manifest is not None
    assert pack.checkpoint is not None
    publish(
        PackCompleted(
            subject=f"pack/{pack.uuid}",
            workspace=place.uuid if place else None,
            digest=pack.digest,
            scan=str(pack.scan.uuid) if pack.scan else None,
            version=full_reference(pack.about) if pack.about else None,
            framework=pack.framework,
            as_of=pack.as_of.isoformat(),
            size=pack.size,
            manifest=pack.manifest,
            checkpoint=pack.checkpoint,
        ),
        actor=actor,
        roles=access.roles(actor, place.pk) if place else (),
    )
