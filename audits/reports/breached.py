"""The breaches and the drift that a report tells of: what the journal held when the scan ended."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from audits import breaches
from audits.reports.moments import moment
from core.consumers import sequenced
from core.models import JournalSequence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audits.models import Scan, ScanWorkspace


@dataclass(frozen=True)
class BreachReport:
    """A deployment beyond a threshold, or drifted, since when and, where it is over, until when.

    ``reason`` tells what was measured last and against which bound, as the journal entry of
    ``entry`` and ``entry_seq`` has it.
    """

    workspace: str
    subject: str
    origin: str
    title: str
    severity: str
    state: str
    first_seen_at: str
    last_seen_at: str
    resolved_at: str | None
    regressions: int
    value: str
    bound: str
    reason: str
    entry: str
    entry_seq: int


def breaches_of(scan: Scan, units: Iterable[ScanWorkspace]) -> tuple[BreachReport, ...]:
    """Return those of the workspaces in scope, from the journal up to the scan's place in it: how
    far anybody has read it since changes nothing. One query."""
    slugs = {str(unit.workspace.uuid): unit.workspace.slug for unit in units}
    rows = JournalSequence.objects.filter(
        seq__lte=-1 if scan.journal_head is None else scan.journal_head,
        entry__action__in=breaches.KINDS,
        entry__workspace__in=list(slugs),
    )
    told = [breaches.told(sequenced(row)) for row in rows.select_related("entry").order_by("seq")]
    told.sort(key=lambda each: each.identity)
    found = [
        _report(list(group), slugs=slugs)
        for _, group in groupby(told, key=lambda each: each.identity)
    ]
    return tuple(
        sorted(
            (each for each in found if each is not None),
            key=lambda each: (each.workspace, each.subject, each.title),
        )
    )


def _report(told: list[breaches.Told], *, slugs: dict[str, str]) -> BreachReport | None:
    standing, last = breaches.standing(told), told[-1]
    if standing is None:
        return None
    resolved_at = standing.resolved_at
    return BreachReport(
        workspace=slugs[last.workspace],
        subject=last.subject,
        origin=last.origin,
        title=breaches.title(last.origin, last.name),
        severity=standing.severity,
        state="resolved" if resolved_at else "open",
        first_seen_at=moment(standing.first_seen_at),
        last_seen_at=moment(standing.last_seen_at),
        resolved_at=moment(resolved_at) if resolved_at else None,
        regressions=standing.regressions,
        value=last.value,
        bound=last.bound,
        reason=breaches.reason(
            measure=last.measure, value=last.value, bound=last.bound, terms=last.terms
        ),
        entry=last.entry_uuid,
        entry_seq=last.entry_seq,
    )
