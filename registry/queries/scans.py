"""What is known about the content of a version's artifacts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.models import ArtifactScan, VersionArtifact
from registry.scanning import Verdict
from registry.storage import is_stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from registry.models import AssetVersion

PENDING = "pending"
NONE = "none"
# From best to worst; "pending" may still turn out to be anything but what dangerous already is.
ORDER = (Verdict.SAFE, Verdict.ALLOW_LISTED, Verdict.UNKNOWN, PENDING, Verdict.DANGEROUS)


@dataclass(frozen=True)
class ScanSummary:
    """The worst verdict over a version's artifacts, and the scan that gave it.

    Beside the scanner's own verdicts, "pending" means that bytes wait to be looked at, "none" that
    the version has no artifacts. An artifact that lies elsewhere, under an address, is unknown.
    """

    verdict: str
    tool: str = ""
    tool_version: str = ""
    scanned_at: datetime | None = None


def verdict_of(version: AssetVersion) -> ScanSummary:
    """Return what is known about the artifacts of a version whose asset is loaded."""
    return verdicts_of([version])[version.pk]


def verdicts_of(versions: Iterable[AssetVersion]) -> dict[int, ScanSummary]:
    """Return the same for each of several versions by id, in two queries."""
    places = {version.pk: version.asset.workspace_id for version in versions}
    artifacts: dict[int, list[VersionArtifact]] = {key: [] for key in places}
    for artifact in VersionArtifact.objects.filter(version__in=places):
        artifacts[artifact.version_id].append(artifact)
    digests = {item.digest for items in artifacts.values() for item in items}
    newest = newest_scans(places.values(), digests)
    return {key: _summary(artifacts[key], place, newest) for key, place in places.items()}


def newest_scans(
    workspaces: Iterable[int], digests: Iterable[str]
) -> dict[tuple[int, str], ArtifactScan]:
    """Return the newest scan of each workspace (id) and digest that has one, in one query."""
    wanted = sorted(set(digests))
    if not wanted:
        return {}
    rows = ArtifactScan.objects.filter(workspace__in=set(workspaces), digest__in=wanted)
    return {(row.workspace_id, row.digest): row for row in rows.order_by("id")}


def _summary(
    artifacts: list[VersionArtifact],
    place: int,
    newest: Mapping[tuple[int, str], ArtifactScan],
) -> ScanSummary:
    found = [_one(artifact, newest.get((place, artifact.digest))) for artifact in artifacts]
    return max(found, key=lambda one: ORDER.index(one.verdict), default=ScanSummary(NONE))


def _one(artifact: VersionArtifact, scan: ArtifactScan | None) -> ScanSummary:
    if not is_stored(artifact.uri):
        return ScanSummary(Verdict.UNKNOWN)
    if scan is None:
        return ScanSummary(PENDING)
    return ScanSummary(scan.verdict, scan.tool, scan.tool_version, scan.scanned_at)
