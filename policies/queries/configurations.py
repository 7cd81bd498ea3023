"""What is known about the configured resources of a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, Subquery, TextField
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from policies.models import Provenance, Resource, Snapshot

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from uuid import UUID

    from registry.models import Workspace


@dataclass(frozen=True)
class Configuration:
    """The snapshot that counts for a resource; ``is_fresh`` tells whether it is young enough,
    ``text`` is its document as canonical JSON."""

    snapshot: Snapshot
    is_fresh: bool
    text: str

    @property
    def resource(self) -> Resource:
        """Return the resource that the snapshot is of."""
        return self.snapshot.resource


def maximum_age() -> timedelta:
    """Return how old an observation may be before the resource counts as unknown."""
    return timedelta(days=settings.SNAPSHOT_MAX_AGE_DAYS)


def resources_of(workspace: Workspace, *, at: datetime) -> list[tuple[UUID, str]]:
    """Return uuid and type of each resource of which something counts in the workspace as of
    ``at``, in order; one query, without any document."""
    told = Snapshot.objects.filter(resource=OuterRef("pk"), submitted_at__lte=at)
    present = ~Q(retired_at__lte=at) & Q(Exists(told))
    rows = Resource.objects.filter(present, workspace=workspace)
    return list(rows.order_by("type", "external_id", "source", "id").values_list("uuid", "type"))


def configurations_by_workspace(
    workspaces: Sequence[Workspace],
    *,
    at: datetime | None = None,
    resources: Collection[UUID] | None = None,
) -> dict[int, list[Configuration]]:
    """Return what counts for each resource that is not retired, by workspace id, now or as of
    ``at``; one query. ``resources`` narrows it to those.

    Once a resource has been observed, only observations count: a declaration cannot cover up what
    the platform last said. An observation that is too old is not fresh; a declaration, which says
    what somebody intends, does not age.
    """
    moment = at or timezone.now()
    told = Snapshot.objects.filter(resource=OuterRef("pk")).order_by("-observed_at", "-id")
    if at is not None:
        told = told.filter(submitted_at__lte=at)
    newest = [
        Subquery(told.filter(provenance=provenance).values("pk")[:1])
        for provenance in (Provenance.OBSERVED, Provenance.DECLARED)
    ]
    present = Q(retired_at__isnull=True) if at is None else ~Q(retired_at__lte=at)
    if resources is not None:
        present &= Q(uuid__in=resources)
    current = (
        Resource.objects.filter(present, workspace__in=[each.pk for each in workspaces])
        .annotate(current=Coalesce(*newest))
        .values("current")
    )
    snapshots = (
        Snapshot.objects.filter(pk__in=current)
        .select_related("resource__workspace")
        .annotate(text=Cast("document", TextField()))
        .order_by("resource__type", "resource__external_id", "resource__source", "id")
    )
    oldest = moment - maximum_age()
    found: dict[int, list[Configuration]] = {workspace.pk: [] for workspace in workspaces}
    for snapshot in snapshots:
        ages = snapshot.provenance == Provenance.OBSERVED
        fresh = not ages or snapshot.observed_at > oldest
        found[snapshot.resource.workspace_id].append(Configuration(snapshot, fresh, snapshot.text))
    return found
