"""Ask for an evidence pack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from audits.events import PackRequested
from audits.models import EvidencePack, PackWorkspace
from audits.services.report_bases import choose, is_ready
from core import tasks
from core.journal import publish
from registry import access
from registry.queries.versions import full_reference

if TYPE_CHECKING:
    from datetime import datetime

    from audits.models import Scan
    from audits.services.report_bases import Asked, Chosen
    from core.actors import Actor
    from registry.models import Workspace

PACK_TASK = "audits.pack"


def request(*, actor: Actor, asked: Asked) -> EvidencePack:
    """Ask for a pack and return it; it is made in the background, once its scan is complete.

    Needs the right run_scan in every workspace of the scope. Raises InvalidInput for what
    contradicts itself or is unknown, for times to come or without a scan, and for a scan that is
    too large.
    """
    asked.check()
    with transaction.atomic():
        chosen = choose(actor, asked)
        pack = EvidencePack.objects.create(
            scan=chosen.scan,
            about=chosen.about,
            as_of=_moment(chosen),
            framework=asked.framework,
            requested_by=actor.user,
            requested_at=timezone.now(),
        )
        PackWorkspace.objects.bulk_create(
            PackWorkspace(pack=pack, workspace=place) for place in chosen.workspaces
        )
        _publish(pack, actor=actor)
        if is_ready(chosen):
            _begin(pack)
    return pack


def begin_waiting(scan: Scan) -> None:
    """Begin the packs that waited for ``scan``, in the transaction that completes it."""
    waiting = EvidencePack.objects.filter(scan=scan, task__isnull=True)
    for pack in waiting.select_related("requested_by"):
        _begin(pack)


def _begin(pack: EvidencePack) -> None:
    pack.task = tasks.enqueue(PACK_TASK, {"pack": str(pack.uuid)}, requested_by=pack.requested_by)
    pack.save(update_fields=["task"])


def _moment(chosen: Chosen) -> datetime:
    """A pack tells of a scan as of its time, whenever somebody asks; of a version as of a time."""
    if chosen.about is None and chosen.scan is not None:
        return chosen.scan.as_of
    assert chosen.as_of is not None  # of a version it always is of a time
    return chosen.as_of


def _publish(pack: EvidencePack, *, actor: Actor) -> None:
    place = only_workspace(pack)
    publish(
        PackRequested(
            subject=f"pack/{pack.uuid}",
            workspace=place.uuid if place else None,
            scan=str(pack.scan.uuid) if pack.scan else None,
            version=full_reference(pack.about) if pack.about else None,
            framework=pack.framework,
            as_of=pack.as_of.isoformat(),
        ),
        actor=actor,
        roles=access.roles(actor, place.pk) if place else (),
    )


def only_workspace(pack: EvidencePack) -> Workspace | None:
    """Return the one workspace of a pack, in whose trail it lies; wider ones lie in none."""
    places = list(pack.workspaces.all()[:2])
    return places[0] if len(places) == 1 else None
