"""What a report or a pack is to rest on: a scan, old or new, or a version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils import timezone

from audits.models import Scan
from audits.queries import scope
from audits.queries.frameworks import frameworks
from audits.queries.packs import covering_scan
from audits.reports.coverage import QUIET
from audits.services import scans
from core.errors import InvalidInput, NotFound
from registry import access
from registry.permissions import Permission
from registry.queries.versions import reference_of, resolve

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from uuid import UUID

    from core.actors import Actor
    from registry.models import AssetVersion, Workspace

# The first bounds the time that forms take, the second what a reader of one has in memory.
MAX_RESULTS, MAX_DETAILED = 1_000_000, 100_000


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody wants a report or a pack of: exactly one of a scan, workspaces (slugs), the
    organisation and a version (a reference); as of a time, of one framework."""

    scan: UUID | None = None
    workspaces: Sequence[str] | None = None
    is_organisation: bool = False
    version: str | None = None
    as_of: datetime | None = None
    framework: str = ""

    def check(self) -> None:
        """Raise InvalidInput where it contradicts itself."""
        given = [self.scan, self.workspaces, self.is_organisation or None, self.version]
        if sum(each is not None for each in given) != 1:
            raise InvalidInput.of(
                "scan", "give exactly one of scan, workspaces, organisation and version"
            )
        if self.scan is not None and self.as_of is not None:
            raise InvalidInput.of("as_of", "leave it out: the scan has its own time")
        if self.as_of is not None and timezone.is_naive(self.as_of):
            raise InvalidInput.of("as_of", "must have a time zone")
        if self.as_of is not None and self.as_of > timezone.now():
            raise InvalidInput.of("as_of", "must not be in the future")
        if self.framework and self.framework not in (known := frameworks()):
            reason = f"there is no framework {self.framework[:80]!r}; known are {', '.join(known)}"
            raise InvalidInput.of("framework", reason)


@dataclass(frozen=True)
class Chosen:
    """What it rests on, and the workspaces that it covers."""

    scan: Scan | None
    workspaces: tuple[Workspace, ...]
    about: AssetVersion | None = None
    as_of: datetime | None = None


def choose(actor: Actor, asked: Asked) -> Chosen:
    """Return what ``asked`` leads to; starts a scan where workspaces or the organisation are asked
    for as they are now. Inside the transaction of the request.

    Needs the right run_scan in every workspace. Raises InvalidInput where there is no such thing,
    AccessDenied for a lacking right.
    """
    asked.check()
    if asked.version is not None:
        return _about(actor, asked.version, as_of=asked.as_of)
    if asked.scan is not None:
        return _whole(_scan(actor, asked.scan))
    if asked.is_organisation:
        access.require_organisation_admin(actor, subject="organisation")
    if asked.as_of is None:
        return _whole(scans.start(actor=actor, workspaces=asked.workspaces))
    if asked.workspaces is None:
        past = _of_organisation(at=asked.as_of)
        if past is None:
            raise _nothing_by("of the organisation")
        return Chosen(past, tuple(past.workspaces.all()), as_of=asked.as_of)
    return _of_workspaces(actor, asked.workspaces, at=asked.as_of)


def check_size(
    scan: Scan, places: Collection[Workspace], *, about: AssetVersion | None = None
) -> None:
    """Raise InvalidInput where a complete scan found too much in ``places`` for a report or a pack;
    what is about one version never is."""
    if about is not None:
        return
    states = _states_in(scan, places)
    size = sum(states.values())
    loud = size - sum(states.get(state, 0) for state in QUIET)
    if size > MAX_RESULTS or loud > MAX_DETAILED:
        raise InvalidInput.of(
            "scan",
            f"has {size} results of which {loud} did not pass, and a report takes at most"
            f" {MAX_RESULTS} and {MAX_DETAILED}: ask for one of fewer workspaces",
        )


def _states_in(scan: Scan, places: Collection[Workspace]) -> dict[str, int]:
    """Results by state; who asks about some workspaces is told nothing of the others."""
    if len(places) == scan.units.count():
        counts = scan.counts or {}
        whole: dict[str, int] = counts.get("states", counts)
        return whole
    rows = scan.results.filter(workspace__in=places).order_by().values_list("state")
    return dict(rows.annotate(Count("pk")))


def is_ready(chosen: Chosen) -> bool:
    """Tell whether what rests on it may begin. Under the lock that completing takes: either this
    sees the scan complete, or completing sees what waits. Raises InvalidInput for a scan that is
    too large."""
    if chosen.scan is None:
        return True
    locked = Scan.objects.select_for_update().get(pk=chosen.scan.pk)
    if locked.completed_at is not None:
        check_size(locked, chosen.workspaces, about=chosen.about)
    return locked.completed_at is not None


def _whole(scan: Scan) -> Chosen:
    return Chosen(scan, tuple(scan.workspaces.all()))


def _scan(actor: Actor, uuid: UUID) -> Scan:
    try:
        return scope.scan_by_uuid(actor, uuid)
    except NotFound as error:
        reason = f"there is no scan {str(uuid)!r}"
        raise InvalidInput.of("scan", reason, denial=error.denial) from error


def _of_workspaces(actor: Actor, slugs: Sequence[str], *, at: datetime) -> Chosen:
    places = scans.places_named(actor, slugs)
    past = covering_scan(places, at=at)
    if past is None:
        raise _nothing_by("of these workspaces")
    return Chosen(past, tuple(places), as_of=at)


def _about(actor: Actor, ref: str, *, as_of: datetime | None) -> Chosen:
    version = resolve(actor, ref, field="version")
    place = version.asset.workspace
    access.require(actor, Permission.RUN_SCAN, place, subject=str(reference_of(version)))
    at = as_of or timezone.now()
    if version.created_at > at:
        raise InvalidInput.of("as_of", f"the version was registered on {version.created_at:%F}")
    past = covering_scan([place], at=at)
    return Chosen(past, (place,), about=version, as_of=at)


def _of_organisation(*, at: datetime) -> Scan | None:
    rows = Scan.objects.select_related("task").filter(
        scope=Scan.Scope.ORGANISATION, completed_at__lte=at
    )
    return rows.order_by("-as_of", "-id").first()


def _nothing_by(what: str) -> InvalidInput:
    return InvalidInput.of(
        "as_of",
        f"no complete scan {what} by then; leave as_of out to have one made of the state as it is",
    )
