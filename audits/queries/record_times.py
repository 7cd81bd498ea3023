"""When the newest record of each kind was made in each workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, Subquery

from audits.models import Risk, ScanWorkspace
from core.models import JournalEntry
from registry.models import (
    Approval,
    AssetVersion,
    CardReview,
    DeploymentState,
    Grant,
    ServingWindow,
    VersionLink,
    Workspace,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import QuerySet

HERE = OuterRef("pk")
BY_KEY = frozenset({"journal", "inventory", "lineage"})


def newest_records(places: Sequence[Workspace], *, at: datetime) -> list[Any]:
    """Return the workspaces again, each with ``newest_<kind>`` for every kind of record, and with
    ``scan_id`` and ``scan_uuid`` of its newest complete scan, as of ``at``. One query."""
    if not places:
        return []
    scans = ScanWorkspace.objects.filter(
        workspace=HERE, scan__completed_at__lte=at, scan__as_of__lte=at
    ).order_by("-scan__as_of", "-scan_id")
    kinds = {
        f"newest_{kind}": _newest(rows.filter(**{f"{time}__lte": at}), time, kind)
        for kind, (rows, time) in _kinds().items()
    }
    rows: QuerySet[Any] = Workspace.objects.filter(pk__in=[place.pk for place in places]).annotate(
        **kinds,
        newest_scans=Subquery(scans.values("scan__as_of")[:1]),
        scan_id=Subquery(scans.values("scan_id")[:1]),
        scan_uuid=Subquery(scans.values("scan__uuid")[:1]),
    )
    return list(rows)


def _newest(rows: QuerySet[Any], time: str, kind: str) -> Subquery:
    # Where an index has a workspace's rows by their keys, the newest is its first. Elsewhere to
    # ask by key would walk the rows of all workspaces to find one of this.
    order = "-pk" if kind in BY_KEY else f"-{time}"
    return Subquery(rows.order_by(order).values(time)[:1])


def _kinds() -> dict[str, tuple[QuerySet[Any], str]]:
    """Each kind with its rows in the workspace of the outer query, and the time that they have."""
    versions = AssetVersion.objects.filter(workspace=HERE)
    links = VersionLink.objects.filter(version=OuterRef("pk"))
    return {
        "journal": (JournalEntry.objects.filter(workspace=OuterRef("uuid")), "occurred_at"),
        "inventory": (versions, "created_at"),
        "cards": (
            CardReview.objects.filter(step="accepted", revision__card__version__workspace=HERE),
            "taken_at",
        ),
        "approvals": (
            Approval.objects.filter(decision="approved", promotion__target=HERE),
            "decided_at",
        ),
        "lineage": (versions.filter(Exists(links)), "created_at"),
        "deployments": (DeploymentState.objects.filter(deployment__workspace=HERE), "valid_from"),
        "evaluations": (
            AssetVersion.objects.filter(asset__workspace=HERE, asset__kind="result"),
            "created_at",
        ),
        "serving": (ServingWindow.objects.filter(deployment__workspace=HERE), "reported_at"),
        "access": (Grant.objects.filter(workspace=HERE), "valid_from"),
        "risks": (
            Risk.objects.filter(Q(workspace=HERE) | Q(workspace__isnull=True)),
            "created_at",
        ),
    }
