"""Look into the stored artifacts of versions, as background work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from core.journal import publish
from core.tasks import enqueue
from registry import access
from registry.events import ArtifactsScanned
from registry.models import ArtifactScan, AssetVersion, BlobClaim
from registry.permissions import Permission
from registry.queries.blobs import store
from registry.queries.scans import newest_scans
from registry.queries.versions import full_reference, version_by_uuid
from registry.scanning import TOOL, TOOL_VERSION, Report, Verdict
from registry.scanning.scan import scan
from registry.scanning.verdicts import worst
from registry.storage.files import open_object

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor
    from core.models import Task

TASK = "registry.scan_artifacts"
KEPT_FINDINGS = 100


def request_scan(*, actor: Actor, version: UUID) -> Task:
    """Ask for a new look at a version's stored artifacts; needs run_scan."""
    found = version_by_uuid(actor, version)
    access.require(actor, Permission.RUN_SCAN, found.asset.workspace)
    return _enqueue(found, actor=actor, again=True)


def follow(version: AssetVersion, *, actor: Actor) -> None:
    """See to it that a new version's stored artifacts are looked into, in its transaction.

    What the present scanner knows already in this workspace counts; a promoted copy brings what
    its source's workspace knows.
    """
    digests = set(_claims(version).values_list("blob__digest", flat=True))
    place = version.asset.workspace_id
    known = _current(place, digests)
    origin = version.promoted_from
    if origin is not None:
        brought = _current(origin.asset.workspace_id, digests - known.keys())
        ArtifactScan.objects.bulk_create(_copy(row, place) for row in brought.values())
        known |= brought
    if digests - known.keys():
        _enqueue(version, actor=actor, again=False)


def scan_version(
    *, actor: Actor, version: UUID, again: bool, progress: Callable[[int, int], None]
) -> list[ArtifactScan]:
    """Look into the stored artifacts of a version and record what was found.

    Bytes that the present scanner has looked into for this workspace are left out unless
    ``again``. ``progress`` is told how many of how many are done, at least every few seconds.
    """
    found = AssetVersion.objects.select_related("asset__workspace").get(uuid=version)
    blobs = {one.blob.digest: one.blob for one in _claims(found).select_related("blob")}
    known = {} if again else _current(found.asset.workspace_id, set(blobs))
    wanted = [blob for digest, blob in sorted(blobs.items()) if digest not in known]
    rows: list[ArtifactScan] = []
    for blob in wanted:
        with open_object(store(), blob.key) as file:
            report = scan(file, blob.size, tick=lambda: progress(len(rows), len(wanted)))
        rows.append(_row(found, blob.digest, blob.size, report))
    if rows:
        with transaction.atomic():
            ArtifactScan.objects.bulk_create(rows)
            publish(_event(found, rows), actor=actor)
    return rows


def _claims(version: AssetVersion) -> QuerySet[BlobClaim]:
    return BlobClaim.objects.filter(artifact__version=version)


def _current(workspace: int, digests: set[str]) -> dict[str, ArtifactScan]:
    """Return by digest the newest scans that the present scanner made."""
    newest = newest_scans([workspace], digests).values()
    return {row.digest: row for row in newest if row.tool_version == TOOL_VERSION}


def _copy(row: ArtifactScan, workspace: int) -> ArtifactScan:
    return ArtifactScan(
        workspace_id=workspace,
        digest=row.digest,
        size=row.size,
        format=row.format,
        verdict=row.verdict,
        findings=row.findings,
        tool=row.tool,
        tool_version=row.tool_version,
        scanned_at=row.scanned_at,
    )


def _enqueue(version: AssetVersion, *, actor: Actor, again: bool) -> Task:
    return enqueue(
        TASK,
        {"version": str(version.uuid), "again": again},
        requested_by=actor.user,
        workspace=version.asset.workspace.uuid,
        dedupe_key=f"{version.uuid}:{again}",
    )


def _row(version: AssetVersion, digest: str, size: int, report: Report) -> ArtifactScan:
    findings = [
        {
            "code": finding.code,
            "detail": finding.detail,
            "verdict": finding.verdict.value,
            "where": finding.where,
        }
        for finding in report.findings[:KEPT_FINDINGS]
    ]
    return ArtifactScan(
        workspace_id=version.asset.workspace_id,
        digest=digest,
        size=size,
        format=report.format,
        verdict=report.verdict.value,
        findings=findings,
        tool=TOOL,
        tool_version=TOOL_VERSION,
    )


def _event(version: AssetVersion, rows: Sequence[ArtifactScan]) -> ArtifactsScanned:
    return ArtifactsScanned(
        subject=full_reference(version),
        workspace=version.asset.workspace.uuid,
        digest=version.digest,
        version=str(version.uuid),
        tool=TOOL,
        tool_version=TOOL_VERSION,
        verdict=worst(Verdict(row.verdict) for row in rows).value,
        artifacts=[
            {"digest": row.digest, "format": row.format, "verdict": row.verdict} for row in rows
        ],
    )
