"""What was served that rests on a version, before and after it was withdrawn."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Min, Q, Sum
from django.utils import timezone

from registry import access
from registry.models import (
    AssetVersion,
    DeploymentMember,
    DeploymentState,
    Lifecycle,
    ProductionSample,
    ServingWindow,
    VersionLink,
)
from registry.queries.versions import reference_of, resolve

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from core.actors import Actor

MAX_DEPENDENTS = 10_000
CHUNK = 500


@dataclass(frozen=True)
class Exposure:
    """``rows`` has one row for each deployment and version that rests on the one asked about;
    ``totals`` sums them up. ``is_truncated`` says that more depends on it than was followed."""

    version: AssetVersion
    withdrawn_at: datetime | None
    rows: list[dict[str, Any]]
    is_truncated: bool

    @property
    def totals(self) -> dict[str, int]:
        """Return the sums of all counts."""
        names = (*COUNTS, "samples", "samples_before", "samples_after")
        return {name: sum(row[name] for row in self.rows) for name in names}


COUNTS = ("requests", "requests_before", "requests_across", "requests_after")


def exposure_of(actor: Actor, text: str) -> Exposure:
    """Return where the version ``text``, its promoted copies, or anything that is linked to one of
    them has served, as far as ``actor`` may see.

    Windows and samples count as before or after the withdrawal that holds now; a window that it
    lies in is told apart, as across. Of a version that is not withdrawn all is before. Raises as
    ``resolve`` does.
    """
    version = resolve(actor, text)
    fact = Lifecycle.objects.filter(
        version=version, state=Lifecycle.State.WITHDRAWN, valid_to__isnull=True
    ).first()
    withdrawn_at = fact.valid_from if fact else None
    affected, is_truncated = resting_on(version.pk)
    members = list(
        DeploymentMember.objects.filter(
            access.in_reach(actor, path="revision__deployment__workspace"),
            version__in=affected,
        )
        .select_related("revision__deployment__workspace", "version__asset__workspace")
        .order_by("revision__deployment_id", "version_id", "revision__number")
    )
    return Exposure(version, withdrawn_at, _rows(members, withdrawn_at), is_truncated)


def resting_on(version_id: int) -> tuple[set[int], bool]:
    """Return the ids of the version, of its copies in other workspaces, and of whatever is linked
    to one of them, at any distance; and whether there are more than were followed. Two queries per
    level, and nobody's rights are asked."""
    found = {version_id}
    level: Collection[int] = found
    while level and len(found) <= MAX_DEPENDENTS:
        met: set[int] = set()
        ordered = sorted(level)
        for start in range(0, len(ordered), CHUNK):
            chunk = ordered[start : start + CHUNK]
            links = VersionLink.objects.filter(target__in=chunk)
            met.update(links.values_list("version_id", flat=True)[: MAX_DEPENDENTS + 1])
            copies = AssetVersion.objects.filter(promoted_from__in=chunk)
            met.update(copies.values_list("pk", flat=True)[: MAX_DEPENDENTS + 1])
        level = met - found
        found |= level
    return set(sorted(found)[:MAX_DEPENDENTS]), len(found) > MAX_DEPENDENTS


def _rows(members: list[DeploymentMember], withdrawn_at: datetime | None) -> list[dict[str, Any]]:
    """One row for each deployment and version, in four queries for all of them."""
    groups: dict[tuple[int, int], list[DeploymentMember]] = defaultdict(list)
    for member in members:
        groups[member.revision.deployment_id, member.version_id].append(member)
    at = withdrawn_at or timezone.now()
    served = _served(groups, at)
    sampled = _sampled(groups, at)
    live = set(
        DeploymentState.objects.filter(
            revision__in=[member.revision_id for member in members],
            aspect=DeploymentState.Aspect.ACTUAL,
            state__in=DeploymentState.SERVING,
            valid_to__isnull=True,
        ).values_list("revision_id", flat=True)
    )
    return [
        {
            "workspace": group[0].revision.deployment.workspace.slug,
            "deployment": group[0].revision.deployment.uuid,
            "name": group[0].revision.deployment.name,
            "version": str(reference_of(group[0].version)),
            "digest": group[0].version.digest,
            "revisions": [member.revision.number for member in group],
            "serves_now": any(member.revision_id in live for member in group),
            "owner_contact": group[-1].revision.owner_contact,
            **served.get(key, NOTHING_SERVED),
            **sampled.get(key, NOTHING_SAMPLED),
        }
        for key, group in groups.items()
    ]


NOTHING_SERVED: dict[str, Any] = {
    "windows": 0,
    **dict.fromkeys(COUNTS, 0),
    "first_served_at": None,
    "last_served_at": None,
}
NOTHING_SAMPLED = {"samples": 0, "samples_before": 0, "samples_after": 0}
_Groups = dict[tuple[int, int], list[DeploymentMember]]


def _served(groups: _Groups, at: datetime) -> dict[tuple[int, int], dict[str, Any]]:
    rows = (
        ServingWindow.objects.filter(_among(groups))
        .values("deployment_id", "version_id")
        .annotate(
            windows=Count("id"),
            all_requests=Sum("requests"),
            before=Sum("requests", filter=Q(end__lte=at), default=0),
            after=Sum("requests", filter=Q(start__gte=at), default=0),
            first=Min("start"),
            last=Max("end"),
        )
    )
    return {
        (row["deployment_id"], row["version_id"]): {
            "windows": row["windows"],
            "requests": row["all_requests"],
            "requests_before": row["before"],
            "requests_across": row["all_requests"] - row["before"] - row["after"],
            "requests_after": row["after"],
            "first_served_at": row["first"],
            "last_served_at": row["last"],
        }
        for row in rows
    }


def _sampled(groups: _Groups, at: datetime) -> dict[tuple[int, int], dict[str, int]]:
    rows = (
        ProductionSample.objects.filter(_among(groups))
        .values("deployment_id", "version_id")
        .annotate(samples=Count("id"), before=Count("id", filter=Q(occurred_at__lt=at)))
    )
    return {
        (row["deployment_id"], row["version_id"]): {
            "samples": row["samples"],
            "samples_before": row["before"],
            "samples_after": row["samples"] - row["before"],
        }
        for row in rows
    }


def _among(groups: _Groups) -> Q:
    return Q(
        deployment__in={deployment for deployment, _ in groups},
        version__in={version for _, version in groups},
    )
