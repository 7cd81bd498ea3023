"""Follow what the journal tells of breaches and drift."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from audits import breaches
from audits.events import FindingsOpened, FindingsReopened, FindingsResolved
from audits.models import Finding, Sighting
from core.actors import system
from core.canonical import canonical_digest
from core.journal import publish
from registry.models import Deployment

if TYPE_CHECKING:
    from audits.events import FindingsEvent
    from core.journal import SequencedEntry

State = Finding.State
Resolution = Finding.Resolution


def record(entry: SequencedEntry) -> Finding | None:
    """Keep what ``entry`` tells and bring its finding up to date, in the current transaction.

    The finding stands by all the entries about it in the journal's order, so that one that comes
    late, or comes again, changes nothing that a later one settled. None for an entry that was
    told before, and for an end of which no beginning is known yet.
    """
    if Sighting.objects.filter(entry_uuid=entry.uuid).exists():
        return None
    told = breaches.told(entry)
    deployment = Deployment.objects.select_related("workspace").get(uuid=told.deployment)
    columns = asdict(told) | {"workspace": deployment.workspace, "deployment": deployment}
    Sighting.objects.create(**columns)
    seen = list(Sighting.objects.filter(identity=told.identity).order_by("entry_seq"))
    standing = breaches.standing(seen)
    return _follow(seen[-1], standing, entry=entry) if standing else None


def _follow(latest: Sighting, standing: breaches.Standing, *, entry: SequencedEntry) -> Finding:
    """Write how the finding stands, and journal what that changed."""
    finding = Finding.objects.filter(identity=latest.identity).first()
    before = State(finding.state) if finding else None
    columns: dict[str, Any] = {
        "severity": standing.severity,
        "state": State.OPEN if standing.resolved_at is None else State.RESOLVED,
        "resolution": _resolution(latest),
        "first_seen_at": standing.first_seen_at,
        "last_seen_at": standing.last_seen_at,
        "resolved_at": standing.resolved_at,
        "regressions": standing.regressions,
        "latest_sighting": latest,
    }
    finding, _ = Finding.objects.update_or_create(
        identity=latest.identity,
        defaults=columns,
        create_defaults=columns
        | {
            "workspace": latest.workspace,
            "deployment": latest.deployment,
            "subject": latest.subject,
            "origin": latest.origin,
        },
    )
    for event in _changes(before, State(finding.state)):
        _publish(event, finding, entry=entry)
    return finding


def _resolution(latest: Sighting) -> str:
    if latest.begins:
        return ""
    return Resolution.OUT_OF_SCOPE if latest.is_ended else Resolution.RECOVERED


def _changes(before: State | None, after: State) -> list[type[FindingsEvent]]:
    """What happened to a finding that is ``after`` now; what began late may be over by then."""
    if before == after:
        return []
    if before is None:
        return [FindingsOpened] if after == State.OPEN else [FindingsOpened, FindingsResolved]
    return [FindingsReopened if after == State.OPEN else FindingsResolved]


def _publish(event: type[FindingsEvent], finding: Finding, *, entry: SequencedEntry) -> None:
    told = [
        {
            "finding": str(finding.uuid),
            "subject": finding.subject,
            "title": finding.title,
            "severity": finding.severity,
            "resolution": finding.resolution if event is FindingsResolved else "",
        }
    ]
    publish(
        event(
            subject=finding.workspace.slug,
            workspace=finding.workspace.uuid,
            digest=canonical_digest(told),
            entry=str(entry.uuid),
            count=1,
            findings=told,
        ),
        actor=system(),
    )
