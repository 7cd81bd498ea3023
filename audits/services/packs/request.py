"""Ask for an evidence pack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from audits.events import PackRequested
from audits.models import EvidencePack, Scan
from audits.queries import packs, scope
from audits.services import scans
from core import tasks
from core.errors import InvalidInput, NotFound
from core.journal import publish
from registry import access
from registry.permissions import Permission
from registry.queries.versions import full_reference, resolve

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from core.actors import Actor
    from registry.models import AssetVersion, Workspace

PACK_TASK = "audits.pack"


def request(
    *,
    actor: Actor,
    scan: UUID | None = None,
    workspaces: Sequence[str] | None = None,
    version: str = "",
    as_of: datetime | None = None,
) -> EvidencePack:
    """Ask for a pack and return it; it is made in the background.

    Of ``scan``; of ``workspaces``: the newest complete scan of exactly these at ``as_of``, or a
    new one without that; or of a ``version`` (a reference), as it stood ``as_of``, by default now,
    with what the newest complete scan of its workspace by then has about it.
    Needs the right run_scan in every workspace of the scope. Raises InvalidInput for none or
    several of the three, for what is unknown, and for times to come or without a scan.
    """
    if [scan is not None, workspaces is not None, bool(version)].count(True) != 1:
        raise InvalidInput.of("scan", "give one of scan, workspaces and version")
    now = timezone.now()
    _check_time(as_of, now=now, is_taken=scan is None)
    with transaction.atomic():
        if version:
            about, at = _version(actor, version), as_of or now
            past = packs.covering_scan([about.asset.workspace], at=at)
            pack = EvidencePack(about=about, scan=past, as_of=at)
        else:
            basis = _scan(actor, scan=scan, workspaces=workspaces, as_of=as_of)
            pack = EvidencePack(scan=basis, as_of=basis.as_of)
        pack.requested_by, pack.requested_at = actor.user, now
        pack.save(force_insert=True)
        _publish(pack, actor=actor)
        # Under the lock that completing takes: either this sees the scan complete, or completing
        # sees this pack.
        if pack.scan_id is None or _locked(pack.scan_id).completed_at is not None:
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


def _locked(scan: int) -> Scan:
    return Scan.objects.select_for_update().get(pk=scan)


def _check_time(as_of: datetime | None, *, now: datetime, is_taken: bool) -> None:
    if as_of is None:
        return
    if not is_taken:
        raise InvalidInput.of("as_of", "a scan has its own time: leave it out")
    if timezone.is_naive(as_of):
        raise InvalidInput.of("as_of", "must have a time zone")
    if as_of > now:
        raise InvalidInput.of("as_of", "must not be in the future")


def _scan(
    actor: Actor,
    *,
    scan: UUID | None,
    workspaces: Sequence[str] | None,
    as_of: datetime | None,
) -> Scan:
    if scan is not None:
        try:
            return scope.scan_by_uuid(actor, scan)
        except NotFound as error:
            reason = f"there is no scan {str(scan)!r}"
            raise InvalidInput.of("scan", reason, denial=error.denial) from error
    assert workspaces is not None  # the caller has checked that one of the two is given
    if as_of is None:
        return scans.start(actor=actor, workspaces=workspaces)
    found = packs.newest_scan(scans.places_named(actor, workspaces), at=as_of)
    if found is None:
        reason = "no scan of exactly these workspaces was complete by then; leave it out for a new"
        raise InvalidInput.of("as_of", reason)
    return found


def _version(actor: Actor, reference: str) -> AssetVersion:
    found = resolve(actor, reference, field="version")
    place = found.asset.workspace
    access.require(actor, Permission.RUN_SCAN, place, subject=reference)
    return found


def _publish(pack: EvidencePack, *, actor: Actor) -> None:
    place = only_workspace(pack)
    publish(
        PackRequested(
            subject=f"pack/{pack.uuid}",
            workspace=place.uuid if place else None,
            scan=str(pack.scan.uuid) if pack.scan else None,
            version=full_reference(pack.about) if pack.about else None,
            as_of=pack.as_of.isoformat(),
        ),
        actor=actor,
        roles=access.roles(actor, place.pk) if place else (),
    )


def workspaces_of(pack: EvidencePack) -> list[Workspace]:
    """Return the workspaces that a pack covers."""
    if pack.about is not None:
        return [pack.about.asset.workspace]
    return list(pack.scan.workspaces.all()) if pack.scan else []


def only_workspace(pack: EvidencePack) -> Workspace | None:
    """Return the one workspace of a pack, in whose trail it lies; wider ones lie in none."""
    places = workspaces_of(pack)
    return places[0] if len(places) == 1 else None
