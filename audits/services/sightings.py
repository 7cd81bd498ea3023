"""Follow what the journal tells of breaches and drift."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from audits import breaches
from audits.events import FindingsOpened, FindingsReopened, FindingsResolved
from audits.models import Finding, FindingTransition, FindingTriage, Sighting
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
    place = latest.workspace_id
    finding = Finding.objects.filter(workspace=place, identity=latest.identity).first()
    before = State(finding.state) if finding else None
    was_severity = finding.severity if finding else ""
    columns: dict[str, Any] = {
        "severity": standing.severity,
        "state": State.OPEN if standing.resolved_at is None else State.RESOLVED,
        "resolution": _resolution(latest),
        "first_seen_at": standing.first_seen_at,
        "opened_at": standing.opened_at,
        "last_seen_at": standing.last_seen_at,
        "resolved_at": standing.resolved_at,
        "regressions": standing.regressions,
        "latest_sighting": latest,
    }
    finding, _ = Finding.objects.update_or_create(
        workspace_id=place,
        identity=latest.identity,
        defaults=columns,
        create_defaults=columns
        | {
            "deployment": latest.deployment,
            "subject": latest.subject,
            "origin": latest.origin,
        },
    )
    changes = _changes(before, State(finding.state))
    _record(finding, changes, before=before or "", was_severity=was_severity, entry=entry)
    for event in changes:
        _publish(event, finding, entry=entry)
    return finding


def _record(
    finding: Finding,
    changes: list[type[FindingsEvent]],
    *,
    before: str,
    was_severity: str,
    entry: SequencedEntry,
) -> None:
    """Keep how the finding went; one that stands as it did may have another severity."""
    states = [State.RESOLVED if each is FindingsResolved else State.OPEN for each in changes]
    if not states and finding.severity != was_severity:
        states = [State(finding.state)]
    for state in states:
        is_over = state == State.RESOLVED
        FindingTransition.objects.create(
            finding=finding,
            at=(finding.resolved_at if is_over else finding.opened_at) or entry.occurred_at,
            was_state=before,
            was_severity=was_severity,
            state=state,
            severity=finding.severity,
            resolution=finding.resolution if is_over else "",
            opened_at=finding.opened_at,
            entry_seq=entry.seq,
        )
        before, was_severity = state, finding.severity


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
            owners=_owners(finding) if event is FindingsReopened else [],
        ),
        actor=system(),
    )


def _owners(finding: Finding) -> list[str]:
    owned = FindingTriage.objects.filter(finding=finding, owner__isnull=False)
    return [str(each) for each in owned.values_list("owner__uuid", flat=True)]
