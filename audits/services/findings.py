"""Follow what fails from scan to scan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audits.events import (
    FindingsExempted,
    FindingsOpened,
    FindingsReopened,
    FindingsResolved,
)
from audits.models import Finding, FindingTriage, ResultState, ScanWorkspace
from audits.services import transitions
from audits.services.transitions import Move
from core.bulk_rows import insert_rows, make_row, update_rows
from core.canonical import canonical_json, sha256
from core.journal import publish
from registry import access

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audits.events import FindingsEvent
    from audits.models import ScanResult
    from core.actors import Actor
    from registry.models import Workspace

JOURNALLED = 100
EVENTS: dict[str, type[FindingsEvent]] = {
    "opened": FindingsOpened,
    "reopened": FindingsReopened,
    "exempted": FindingsExempted,
    "resolved": FindingsResolved,
}
RESOLUTIONS = {
    ResultState.PASS: Finding.Resolution.PASSED,
    ResultState.NOT_APPLICABLE: Finding.Resolution.NOT_APPLICABLE,
}
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
    """What a scan of one workspace does to its findings."""

    created: list[Finding] = field(default_factory=list)
    changed: list[Finding] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    told: dict[str, list[Finding]] = field(default_factory=lambda: {name: [] for name in EVENTS})


def followed_in(workspace: Workspace) -> frozenset[str]:
    """Return the identities of the findings that scans of a workspace follow."""
    found = Finding.objects.filter(workspace=workspace, origin=Finding.Origin.POLICY)
    return frozenset(found.values_list("identity", flat=True))


def follow(unit: ScanWorkspace, results: Sequence[ScanResult], *, actor: Actor) -> None:
    """Open, reopen, exempt and resolve the findings of a workspace by its complete results: all
    that fail, and what else the findings in ``followed_in`` are about.

    In the transaction that wrote them, alone for that workspace. A scan that is overtaken by one
    of a later ``as_of`` changes nothing: it has nothing to say about now.
    """
    if _is_overtaken(unit):
        return
    findings = Finding.objects.filter(
        workspace=unit.workspace, origin=Finding.Origin.POLICY
    ).select_related("policy")
    known = {finding.identity: finding for finding in findings}
    changes = Changes()
    for result in results:
        _follow_one(known.pop(result.identity, None), result, unit=unit, changes=changes)
    for finding in known.values():
        if finding.state != Finding.State.RESOLVED:
            _resolve(finding, Finding.Resolution.OUT_OF_SCOPE, unit=unit, changes=changes)
    insert_rows(changes.created)
    update_rows(changes.changed, CHANGING)
    transitions.record(changes.moves, at=unit.scan.as_of, scan=unit.scan)
    _publish(unit, changes, actor=actor)


def _is_overtaken(unit: ScanWorkspace) -> bool:
    return ScanWorkspace.objects.filter(
        workspace=unit.workspace, completed_at__isnull=False, scan__as_of__gt=unit.scan.as_of
    ).exists()


def _follow_one(
    finding: Finding | None, result: ScanResult, *, unit: ScanWorkspace, changes: Changes
) -> None:
    """Only failing opens and only a verdict closes."""
    verdict = ResultState(result.underlying or result.state)
    if verdict == ResultState.FAIL:
        if finding is None:
            _open(result, unit=unit, changes=changes)
        else:
            _see_again(finding, result, unit=unit, changes=changes)
    elif finding is not None and finding.state != Finding.State.RESOLVED:
        if verdict in RESOLUTIONS:
            finding.latest_result = result
            _resolve(finding, RESOLUTIONS[verdict], unit=unit, changes=changes)
        else:
            _keep(finding, result, changes=changes)


def _standing(result: ScanResult) -> Finding.State:
    exempt = result.state == ResultState.EXEMPT
    return Finding.State.EXEMPT if exempt else Finding.State.OPEN


def _open(result: ScanResult, *, unit: ScanWorkspace, changes: Changes) -> None:
    seen_at = unit.scan.as_of
    finding = make_row(
        Finding,
        {
            "identity": result.identity,
            "reference_id": result.reference_id,
            "subject": result.subject,
            "severity": result.severity,
            "state": _standing(result).value,
            "first_seen_at": seen_at,
            "opened_at": seen_at,
            "last_seen_at": seen_at,
        },
        {
            "workspace": unit.workspace,
            "assignment": result.assignment,
            "policy": result.policy_version.policy,
            "resource": result.resource,
            "latest_result": result,
        },
    )
    changes.created.append(finding)
    changes.moves.append(Move(finding))
    _tell(finding, "opened", changes=changes)


def _see_again(
    finding: Finding, result: ScanResult, *, unit: ScanWorkspace, changes: Changes
) -> None:
    changes.moves.append(Move(finding, finding.state, finding.severity))
    before, finding.state = finding.state, _standing(result)
    if before == Finding.State.RESOLVED:
        finding.regressions += 1
        finding.opened_at = unit.scan.as_of
        finding.resolution, finding.resolved_at = "", None
    if before != finding.state:
        _tell(finding, "reopened", changes=changes)
    finding.severity = result.severity
    finding.last_seen_at = unit.scan.as_of
    finding.latest_result = result
    changes.changed.append(finding)


def _keep(finding: Finding, result: ScanResult, *, changes: Changes) -> None:
    """Nobody knows whether it still fails: it stands, but an exemption may begin or end."""
    if finding.state == _standing(result):
        return
    changes.moves.append(Move(finding, finding.state, finding.severity))
    finding.state = _standing(result)
    finding.latest_result = result
    changes.changed.append(finding)
    _tell(finding, "reopened", changes=changes)


def _tell(finding: Finding, otherwise: str, *, changes: Changes) -> None:
    exempted = finding.state == Finding.State.EXEMPT
    changes.told["exempted" if exempted else otherwise].append(finding)


def _resolve(
    finding: Finding,
    resolution: Finding.Resolution,
    *,
    unit: ScanWorkspace,
    changes: Changes,
) -> None:
    changes.moves.append(Move(finding, finding.state, finding.severity))
    finding.state = Finding.State.RESOLVED
    finding.resolution = resolution
    finding.resolved_at = unit.scan.as_of
    changes.changed.append(finding)
    changes.told["resolved"].append(finding)


def _publish(unit: ScanWorkspace, changes: Changes, *, actor: Actor) -> None:
    roles = access.roles(actor, unit.workspace_id)
    for name, findings in changes.told.items():
        if not findings:
            continue
        told = [
            {
                "finding": str(finding.uuid),
                "subject": finding.subject,
                "policy": finding.policy.name if finding.policy else "",
                "severity": finding.severity,
                "resolution": finding.resolution,
            }
            for finding in findings
        ]
        event = EVENTS[name](
            subject=unit.workspace.slug,
            workspace=unit.workspace.uuid,
            digest=sha256(canonical_json(told)),
            scan=str(unit.scan.uuid),
            count=len(told),
            findings=told[:JOURNALLED],
            owners=_owners(findings) if name == "reopened" else [],
        )
        publish(event, actor=actor, roles=roles)


def _owners(findings: Sequence[Finding]) -> list[str]:
    """Who sees to what came back, as public ids."""
    owned = FindingTriage.objects.filter(finding__in=findings, owner__isnull=False)
    return sorted(str(each) for each in owned.values_list("owner__uuid", flat=True).distinct())
