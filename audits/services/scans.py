"""Ask for a scan."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from audits.events import ScanStarted
from audits.models import Scan, ScanSchedule, ScanWorkspace
from core import tasks
from core.actors import system
from core.errors import AccessDenied, Denial, InvalidInput
from core.ids import new_uuid
from core.journal import publish
from registry import access
from registry.models import Workspace
from registry.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from core.actors import Actor
    from core.journal import SequencedEntry
    from core.tasks import TaskRun

SCAN_TASK = "audits.scan"
SCHEDULED_TASK = "audits.scan_on_schedule"
RESCAN_TASK = "audits.scan_workspace"
RESCANNED_AFTER = frozenset({"policies.exemption.granted", "policies.exemption.ended"})
LATEST = timedelta(days=1)
MAX_WORKSPACES = 1_000


def start(
    *, actor: Actor, workspaces: Sequence[str] | None = None, schedule: UUID | None = None
) -> Scan:
    """Start a scan of ``workspaces`` (slugs) in the background and return it.

    None means every workspace in which ``actor`` may run scans; for an administrator that is the
    whole organisation. ``schedule`` is the one that asks. Raises InvalidInput for an unknown
    workspace, AccessDenied without the right run_scan in each of them.
    """
    places = places_to_scan(actor, workspaces)
    is_whole = workspaces is None and access.administers_organisation(actor)
    scan_uuid = new_uuid()
    with transaction.atomic():
        scan = Scan.objects.create(
            uuid=scan_uuid,
            scope=Scan.Scope.ORGANISATION if is_whole else Scan.Scope.WORKSPACES,
            task=tasks.enqueue(SCAN_TASK, {"scan": str(scan_uuid)}, requested_by=actor.user),
            requested_by=actor.user,
            as_of=timezone.now(),
        )
        ScanWorkspace.objects.bulk_create(
            ScanWorkspace(
                scan=scan, workspace=place, protected_aliases=sorted(place.protected_aliases)
            )
            for place in places
        )
        _publish_started(scan, places, actor=actor, schedule=schedule)
    return scan


def start_scheduled(*, run: TaskRun) -> None:
    """Start a scan of the organisation, or of what the payload's ``schedule`` says, as the service
    itself; with the task that asked for it, so that a repeated attempt starts no second one.

    A schedule that is not there any more starts none.
    """
    uuid = run.payload.get("schedule")
    with transaction.atomic():
        workspaces: list[str] | None = None
        schedule = None
        if uuid is not None:
            schedule = ScanSchedule.objects.filter(uuid=uuid, removed_at__isnull=True).first()
            if schedule is None:
                run.succeed({"scan": None})
                return
            if schedule.scope == Scan.Scope.WORKSPACES:
                workspaces = sorted(schedule.workspaces.values_list("slug", flat=True))
        scan = start(
            actor=system(), workspaces=workspaces, schedule=schedule.uuid if schedule else None
        )
        run.succeed({"scan": str(scan.uuid)})


def queue_rescan(entry: SequencedEntry) -> None:
    """Have the workspace of ``entry`` scanned again in the background, once while that waits: what
    is exempted there changed, and findings follow scans. A journal that is told late is no news."""
    if entry.occurred_at >= timezone.now() - LATEST:
        workspace = entry.body["workspace"]
        tasks.enqueue(RESCAN_TASK, {"workspace": workspace}, dedupe_key=f"workspace:{workspace}")


def start_rescan(*, run: TaskRun) -> None:
    """Start the scan of one workspace as the service itself."""
    place = Workspace.objects.filter(uuid=run.payload["workspace"]).first()
    with transaction.atomic():
        scan = start(actor=system(), workspaces=[place.slug]) if place else None
        run.succeed({"scan": str(scan.uuid) if scan else None})


def places_to_scan(actor: Actor, slugs: Sequence[str] | None) -> list[Workspace]:
    """Return the workspaces with these slugs, or all, in which ``actor`` may run scans; raises
    as ``start`` does."""
    if slugs is not None:
        return places_named(actor, slugs)
    reach = access.visible_workspaces(actor, permission=Permission.RUN_SCAN)
    places = list(reach.order_by("slug"))
    if not places and not access.administers_organisation(actor):
        raise AccessDenied(
            f"You hold the right {Permission.RUN_SCAN.value} in no workspace.",
            denial=Denial(Permission.RUN_SCAN.value, "scan", None),
        )
    return places


def places_named(actor: Actor, slugs: Sequence[str]) -> list[Workspace]:
    """Return the workspaces of those names, in order; raises as ``start`` does."""
    if not slugs:
        raise InvalidInput.of("workspaces", "must name at least one workspace, or be left out")
    if len(slugs) > MAX_WORKSPACES:
        raise InvalidInput.of("workspaces", f"at most {MAX_WORKSPACES} are taken")
    return [
        access.workspace_by_slug(
            actor, slug, permission=Permission.RUN_SCAN, field=f"workspaces[{index}]"
        )
        for index, slug in enumerate(sorted(set(slugs)))
    ]


def _publish_started(
    scan: Scan, places: Sequence[Workspace], *, actor: Actor, schedule: UUID | None
) -> None:
    """Scans of one workspace lie in its trail, wider ones in the organisation's."""
    only = places[0] if len(places) == 1 else None
    publish(
        ScanStarted(
            subject=f"scan/{scan.uuid}",
            workspace=only.uuid if only else None,
            scope=scan.scope,
            workspaces=[place.slug for place in places],
            as_of=scan.as_of.isoformat(),
            schedule=str(schedule) if schedule else None,
        ),
        actor=actor,
        roles=access.roles(actor, only.pk) if only else (),
    )
