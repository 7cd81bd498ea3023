"""The journal entries that a pack cites, and the signed tree that has all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Max

from audits.events import (
    FindingsExempted,
    FindingsOpened,
    FindingsReopened,
    FindingsResolved,
    ScanCompleted,
)
from audits.models import LogCheckpoint
from audits.queries.permitted import ACTIONS
from audits.reports.breached import breaches_of
from core.journal import decode
from core.models import JournalEntry, JournalPending
from policies.queries.exemptions import exemptions_in_force
from registry.events import AliasMoved
from registry.queries.versions import asset_reference, full_reference

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from django.db.models import QuerySet

    from audits.models import Scan
    from audits.packs.basis import Basis

FOLLOWED = [each.action for each in (FindingsOpened, FindingsReopened, FindingsExempted)]
FOLLOWED.append(FindingsResolved.action)
AT_ONCE = 500


@dataclass(frozen=True)
class Cited:
    """Places of entries in the log, in order, and the checkpoint that proves them."""

    places: tuple[int, ...]
    checkpoint: LogCheckpoint


def cited_of(basis: Basis) -> Cited | None:
    """Return what is cited, or None while the log is not signed that far.

    The checkpoint is the smallest that has every cited entry and all that the basis could know
    of: the same in every attempt, however far the log has grown.
    """
    last = _last_place(basis)
    if last is None:
        return None
    places = sorted({place for place in _places(basis) if place is not None and place <= last})
    checkpoint = LogCheckpoint.objects.filter(size__gt=last).order_by("size").first()
    return Cited(tuple(places), checkpoint) if checkpoint else None


def _last_place(basis: Basis) -> int | None:
    """Return where the entry stands that ends the basis, None while it has no place.

    Of a scan that is its completion. What was committed later is none of it, whenever it began.
    Of a version it is the last one by that time, and the completion of the scan that tells of it.
    """
    ended = None
    if basis.scan is not None:
        told = JournalEntry.objects.filter(
            subject=f"scan/{basis.scan.uuid}", action=ScanCompleted.action
        )
        ended = told.values_list("sequence__seq", flat=True).first()
        if basis.about is None or ended is None:
            return ended
    until = {"entry__occurred_at__lte": basis.as_of}
    if JournalPending.objects.filter(refused_at__isnull=True, **until).exists():
        return None
    placed = JournalEntry.objects.filter(occurred_at__lte=basis.as_of)
    last: int | None = placed.aggregate(last=Max("sequence__seq"))["last"]
    return max(last or 0, ended or 0) if last is not None or ended is not None else None


def _places(basis: Basis) -> Iterator[int | None]:
    mine = JournalEntry.objects.filter(workspace__in=_uuids(basis))
    yield from _of_promotions(basis, mine)
    yield from _of_aliases(basis, mine)
    if basis.scan is not None:
        yield from _of_scan(basis, basis.scan, mine)
        at = basis.scan.as_of
        exemptions = exemptions_in_force(basis.workspaces, at=at).rows
        subjects = [f"exemption/{row.uuid}" for row in exemptions]
        yield from _about(mine.filter(occurred_at__lte=at), subjects)
        units = basis.scan.units.filter(workspace__in=basis.workspaces)
        units = units.select_related("workspace")
        yield from (breach.entry_seq for breach in breaches_of(basis.scan, units))


def _uuids(basis: Basis) -> list[UUID]:
    return [each.uuid for each in basis.workspaces]


def _of_scan(basis: Basis, scan: Scan, mine: QuerySet[JournalEntry]) -> Iterator[int | None]:
    """What the scan itself wrote, where the pack is of some of its workspaces about these alone.
    The finding's entries name their scan in their bodies only, and lie between those of its
    beginning and of its end."""
    own = JournalEntry.objects.filter(subject=f"scan/{scan.uuid}").order_by("pk")
    rows = list(own.values_list("pk", "sequence__seq"))
    told = own if basis.covers_scan else own.filter(workspace__in=_uuids(basis))
    yield from told.values_list("sequence__seq", flat=True)
    followed = mine.filter(action__in=FOLLOWED, pk__range=(rows[0][0], rows[-1][0]))
    for row in followed.select_related("sequence").iterator(AT_ONCE):
        if decode(row)["data"]["scan"] == str(scan.uuid):
            yield row.sequence.seq


def _of_promotions(basis: Basis, mine: QuerySet[JournalEntry]) -> Iterator[int | None]:
    """Requests, reviews, approvals and completions, and changes of the versions' life."""
    sources = (promotion.source_version for promotion in basis.promotions.values())
    own = {full_reference(version) for version in basis.versions}
    subjects = sorted({*own, *map(full_reference, sources)})
    wanted = {str(promotion.uuid) for promotion in basis.promotions.values()}
    until = mine.filter(action__in=ACTIONS, occurred_at__lte=basis.as_of)
    for start in range(0, len(subjects), AT_ONCE):
        rows = until.filter(subject__in=subjects[start : start + AT_ONCE])
        for row in rows.select_related("sequence"):
            promotion = decode(row)["data"].get("promotion")
            if promotion in wanted or (promotion is None and row.subject in own):
                yield getattr(getattr(row, "sequence", None), "seq", None)


def _of_aliases(basis: Basis, mine: QuerySet[JournalEntry]) -> Iterator[int | None]:
    """The last move of each alias in scope."""
    moved = mine.filter(action=AliasMoved.action, occurred_at__lte=basis.as_of)
    subjects = [f"{asset_reference(move.asset)}@{move.name}" for move in basis.moves]
    for start in range(0, len(subjects), AT_ONCE):
        rows = moved.filter(subject__in=subjects[start : start + AT_ONCE])
        newest = rows.order_by().values("subject").annotate(newest=Max("sequence__seq"))
        yield from newest.values_list("newest", flat=True)


def _about(entries: QuerySet[JournalEntry], subjects: list[str]) -> Iterator[int | None]:
    for start in range(0, len(subjects), AT_ONCE):
        rows = entries.filter(subject__in=subjects[start : start + AT_ONCE])
        yield from rows.values_list("sequence__seq", flat=True)
