"""What was found wrong with a version, as it stood at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from audits import models
from audits.dossiers.standing import Finding
from audits.reports.moments import moment
from core.journal import decode
from core.models import JournalEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from audits.dossiers.standing import Deployed, Named
    from registry.models import AssetVersion

STATES = {
    "audits.finding.opened": "open",
    "audits.finding.reopened": "open",
    "audits.finding.exempted": "exempt",
    "audits.finding.resolved": "resolved",
}


def findings_at(
    version: AssetVersion,
    *,
    references: Iterable[str],
    aliases: Sequence[Named],
    deployments: Sequence[Deployed],
    at: datetime,
) -> tuple[Finding, ...]:
    """Return what stood open or exempt then: on the version by one of ``references``, on an alias
    that meant it, or on a deployment that served it. Two queries.

    How it stood is what the journal said last; one that no entry names stands as it does now.
    """
    assets = {reference.rpartition("/")[0] for reference in references}
    subjects = {*references, *(f"{asset}@{each.name}" for asset in assets for each in aliases)}
    serving = {each.deployment for each in deployments if each.until is None}
    names = {each.rpartition("/")[2] for each in serving}
    rows = list(
        models.Finding.objects.filter(
            Q(subject__in=subjects)
            | Q(deployment__name__in=names, deployment__workspace=version.asset.workspace_id),
            workspace=version.asset.workspace_id,
            first_seen_at__lte=at,
        )
        .select_related("policy", "deployment", "latest_sighting")
        .order_by("first_seen_at", "id")
    )
    told = _told(version, rows, at=at) if rows else {}
    found = [_finding(row, *told.get(str(row.uuid), (row.state, ""))) for row in rows]
    return tuple(each for each in found if each.state != "resolved")


def _told(
    version: AssetVersion, rows: Sequence[models.Finding], *, at: datetime
) -> dict[str, tuple[str, str]]:
    """Return the state of each finding that the journal tells, and the severity then."""
    place = version.asset.workspace
    entries = JournalEntry.objects.filter(
        subject=place.slug, workspace=place.uuid, action__in=STATES, occurred_at__lte=at
    )
    wanted = {str(row.uuid) for row in rows}
    told: dict[str, tuple[str, str]] = {}
    for entry in entries.order_by("id"):
        for each in decode(entry)["data"]["findings"]:
            if each["finding"] in wanted:
                told[each["finding"]] = (STATES[entry.action], each["severity"])
    return told


def _finding(row: models.Finding, state: str, severity: str) -> Finding:
    sighting = row.latest_sighting
    return Finding(
        uuid=str(row.uuid),
        origin=row.origin,
        subject=row.subject,
        title=row.policy.name if row.policy else sighting.title if sighting else "",
        severity=severity or row.severity,
        state=state,
        first_seen_at=moment(row.first_seen_at),
    )
