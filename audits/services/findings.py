"""Follow what fails from scan to scan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from audits.models import Finding, FindingTriage, ResultState, ScanWorkspace
from audits.services import transitions
from audits.services.finding_events import EVENTS, Told, publish_changes
from audits.services.transitions import Move
from core.bulk_rows import as_stored, insert_values, update_rows
from core.ids import new_uuid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audits.services.results import Seen
    from core.actors import Actor
    from registry.models import Workspace

OPEN, EXEMPT = Finding.State.OPEN.value, Finding.State.EXEMPT.value
RESOLVED = Finding.State.RESOLVED.value
RESOLUTIONS = {
    ResultState.PASS.value: Finding.Resolution.PASSED,
    ResultState.NOT_APPLICABLE.value: Finding.Resolution.NOT_APPLICABLE,
}
NEW = (
    "uuid",
    "identity",
    "workspace",
    "assignment",
    "reference_id",
    "policy",
    "subject",
    "resource",
    "severity",
    "state",
    "latest_result",
    "first_seen_at",
    "opened_at",
    "last_seen_at",
)
CHANGING = (
    "severity",
    "state",
    "resolution",
    "opened_at",
    "last_seen_at",
    "resolved_at",
    "regressions",
    "latest_result",
)


@dataclass
class Changes:
    """What a scan of one workspace does to its findings: results that open new ones, others that
    changed, how each moved, and what is told; ``reopened`` are ids."""

    opening: list[Seen] = field(default_factory=list)
    changed: list[Finding] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    told: dict[str, list[Told]] = field(default_factory=lambda: {name: [] for name in EVENTS})
    reopened: list[int] = field(default_factory=list)


def followed_in(workspace: Workspace) -> frozenset[str]:
    """Return the identities of the findings that scans of a workspace follow."""
    found = Finding.objects.filter(workspace=workspace, origin=Finding.Origin.POLICY)
    return frozenset(found.values_list("identity", flat=True))


def follow(unit: ScanWorkspace, results: Sequence[Seen], *, actor: Actor) -> None:
    """Open, reopen, exempt and resolve the findings of a workspace by its complete results: all
    that fail, and what else the findings in ``followed_in`` are about.

    In the transaction that wrote them, alone for that workspace. A scan that is overtaken by one
    of a later ``as_of`` changes nothing: it has nothing to say about now.
    """
    if _is_overtaken(unit):
        return
    findings = (
        Finding.objects.filter(workspace=unit.workspace, origin=Finding.Origin.POLICY)
        .select_related("policy")
        .order_by("id")
    )
    known = {finding.identity: finding for finding in findings}
    changes = Changes()
    for result in results:
        finding = known.pop(result.identity, None)
        if finding is not None:
            _follow_one(finding, result, unit=unit, changes=changes)
        elif result.verdict == ResultState.FAIL:
            changes.opening.append(result)
    for finding in known.values():
        if finding.state != RESOLVED:
            _resolve(finding, Finding.Resolution.OUT_OF_SCOPE, unit=unit, changes=changes)
    update_rows(changes.changed, CHANGING)
    _open(unit, changes)
    transitions.record(changes.moves, at=unit.scan.as_of, scan=unit.scan)
    publish_changes(unit, changes.told, owners=_owners(changes.reopened), actor=actor)


def _is_overtaken(unit: ScanWorkspace) -> bool:
    return ScanWorkspace.objects.filter(
        workspace=unit.workspace, completed_at__isnull=False, scan__as_of__gt=unit.scan.as_of
    ).exists()


def _follow_one(finding: Finding, result: Seen, *, unit: ScanWorkspace, changes: Changes) -> None:
    """Only failing opens and only a verdict closes."""
    if result.verdict == ResultState.FAIL:
        _see_again(finding, result, unit=unit, changes=changes)
    elif finding.state != RESOLVED:
        if result.verdict in RESOLUTIONS:
            finding.latest_result_id = result.pk
            _resolve(finding, RESOLUTIONS[result.verdict], unit=unit, changes=changes)
        else:
            _keep(finding, result, changes=changes)


def _standing(result: Seen) -> str:
    return EXEMPT if result.state == ResultState.EXEMPT else OPEN


def _open(unit: ScanWorkspace, changes: Changes) -> None:
    """Write the new findings, as tuples: a first scan opens one for all that fails."""
    place, at = unit.workspace_id, unit.scan.as_of
    moments = (as_stored(at),) * 3
    uuids = [new_uuid() for _ in changes.opening]
    standing = [_standing(each) for each in changes.opening]
    new = list(zip(changes.opening, standing, uuids, strict=True))
    rows: list[tuple[Any, ...]] = [
        (
            uuid.hex,
            each.identity,
            place,
            each.rule.assignment,
            each.rule.reference_id,
            each.rule.policy,
            each.subject,
            each.resource,
            each.rule.severity,
            state,
            each.pk,
            *moments,
        )
        for each, state, uuid in new
    ]
    for key, (each, state, uuid) in zip(insert_values(Finding, NEW, rows), new, strict=True):
        severity = each.rule.severity
        changes.moves.append(Move(key, "", "", state, severity, "", at))
        told = Told(str(uuid), each.subject, each.rule.policy_name, severity)
        changes.told["exempted" if state == EXEMPT else "opened"].append(told)


def _see_again(finding: Finding, result: Seen, *, unit: ScanWorkspace, changes: Changes) -> None:
    before, was_severity = finding.state, finding.severity
    finding.state, finding.severity = _standing(result), result.rule.severity
    if before == RESOLVED:
        finding.regressions += 1
        finding.opened_at = unit.scan.as_of
        finding.resolution, finding.resolved_at = "", None
    finding.last_seen_at = unit.scan.as_of
    finding.latest_result_id = result.pk
    _changed(finding, before, was_severity, changes=changes)
    if before != finding.state:
        _tell_again(finding, changes=changes)


def _keep(finding: Finding, result: Seen, *, changes: Changes) -> None:
    """Nobody knows whether it still fails: it stands, but an exemption may begin or end."""
    before = finding.state
    if before == _standing(result):
        return
    finding.state = _standing(result)
    finding.latest_result_id = result.pk
    _changed(finding, before, finding.severity, changes=changes)
    _tell_again(finding, changes=changes)


def _resolve(
    finding: Finding,
    resolution: Finding.Resolution,
    *,
    unit: ScanWorkspace,
    changes: Changes,
) -> None:
    before, finding.state = finding.state, RESOLVED
    finding.resolution = resolution.value
    finding.resolved_at = unit.scan.as_of
    _changed(finding, before, finding.severity, changes=changes)
    changes.told["resolved"].append(_told(finding))


def _changed(finding: Finding, was_state: str, was_severity: str, *, changes: Changes) -> None:
    changes.moves.append(Move.of(finding, was_state=was_state, was_severity=was_severity))
    changes.changed.append(finding)


def _tell_again(finding: Finding, *, changes: Changes) -> None:
    if finding.state == EXEMPT:
        changes.told["exempted"].append(_told(finding))
    else:
        changes.told["reopened"].append(_told(finding))
        changes.reopened.append(finding.pk)


def _told(finding: Finding) -> Told:
    policy = finding.policy.name if finding.policy else ""
    return Told(
        str(finding.uuid), finding.subject, policy, finding.severity, str(finding.resolution)
    )


def _owners(findings: Sequence[int]) -> list[str]:
    """Who sees to what came back, as public ids."""
    if not findings:
        return []
    owned = FindingTriage.objects.filter(finding__in=findings, owner__isnull=False)
    return sorted(str(each) for each in owned.values_list("owner__uuid", flat=True).distinct())
