"""Read the results of a scan for a report: one after the other, and once what they have in common.

A population is large and its rows are wide: what is kept of each is the line of the report alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from sys import intern
from typing import TYPE_CHECKING

from audits.models import Finding, ResultState
from audits.reports.assessment import Coverage, Evidence, PolicyReport, Reason, Result
from audits.reports.moments import moment
from policies.models import Assignment, Exemption, PolicyVersion
from policies.queries.assignments import effect_of, is_enforced_in
from registry.models import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from uuid import UUID

    from audits.models import Scan, ScanResult

AT_ONCE = 500
UNREAD = ("decision__evaluation__snapshot__document", "decision__evaluation__parameters")
ORDER = (
    "policy_version__policy__name",
    "policy_version__number",
    "workspace__slug",
    "subject",
    "identity",
)


def policies_of(scan: Scan) -> tuple[PolicyReport, ...]:
    """Return every policy of a complete scan with its results; a constant number of queries, but
    for results being fetched some at a time."""
    shared = _Shared.of(scan)
    rows = (
        scan.results.select_related("decision__evaluation__snapshot")
        .defer(*UNREAD)
        .order_by(*ORDER)
        .iterator(AT_ONCE)
    )
    grouped = groupby(rows, key=lambda row: row.policy_version_id)
    return tuple(_policy(shared, shared.versions[key], found) for key, found in grouped)


@dataclass
class _Shared:
    """What many results refer to, each read once."""

    at: datetime
    first_failed: Mapping[str, str]
    versions: Mapping[int, PolicyVersion]
    assignments: Mapping[int, Assignment]
    exemptions: Mapping[int, UUID]
    places: Mapping[int, Workspace]
    _effects: dict[tuple[int, str], str] = field(default_factory=dict)
    _enforced: dict[tuple[int, int], bool] = field(default_factory=dict)

    @classmethod
    def of(cls, scan: Scan) -> _Shared:
        """Read what the results of a scan refer to."""
        results = scan.results.order_by()
        versions = PolicyVersion.objects.filter(pk__in=results.values("policy_version"))
        assignments = Assignment.objects.filter(pk__in=results.values("assignment"))
        exemptions = Exemption.objects.filter(pk__in=results.values("exemption"))
        return cls(
            at=scan.as_of,
            first_failed=_first_failed(scan),
            versions=versions.select_related("policy").defer("source", "tests").in_bulk(),
            assignments=assignments.prefetch_related(
                "enforcements", "set_version__members"
            ).in_bulk(),
            exemptions=dict(exemptions.values_list("pk", "uuid")),
            places=Workspace.objects.filter(scan_units__scan=scan).in_bulk(),
        )

    def effect(self, row: ScanResult) -> str:
        """Return the effect of the result's rule."""
        key = row.assignment_id, row.reference_id
        if key not in self._effects:
            self._effects[key] = effect_of(self.assignments[row.assignment_id], row.reference_id)
        return self._effects[key]

    def is_enforced(self, row: ScanResult) -> bool:
        """Tell whether the result's assignment was enforced where the result is of."""
        key = row.assignment_id, row.workspace_id
        if key not in self._enforced:
            assignment, place = self.assignments[key[0]], self.places[key[1]]
            self._enforced[key] = is_enforced_in(assignment, place, at=self.at)
        return self._enforced[key]


def _first_failed(scan: Scan) -> dict[str, str]:
    """When each finding of the scan was first seen; those of later scans are none of it."""
    found = Finding.objects.filter(
        identity__in=scan.results.order_by().values("identity"), first_seen_at__lte=scan.as_of
    )
    rows = found.values_list("identity", "first_seen_at")
    return {key: intern(moment(at)) for key, at in rows.iterator(AT_ONCE)}


def _policy(shared: _Shared, version: PolicyVersion, rows: Iterator[ScanResult]) -> PolicyReport:
    described = version.described
    results = tuple(_result(shared, version, row) for row in rows)
    return PolicyReport(
        name=version.policy.name,
        version=version.number,
        digest=version.digest,
        title=described.title,
        description=described.description,
        severity=described.severity.value,
        remediation=described.remediation,
        controls=described.controls,
        checked_by=version.checked_by or "",
        coverage=Coverage.of(results),
        results=results,
    )


def _result(shared: _Shared, version: PolicyVersion, row: ScanResult) -> Result:
    decision = row.decision
    reasons = [Reason(intern(each["msg"]), intern(each["path"])) for each in decision.findings]
    if decision.error:
        reasons.append(Reason(decision.error, ""))
    fails = ResultState.FAIL in {row.state, row.underlying}
    return Result(
        identity=row.identity,
        workspace=shared.places[row.workspace_id].slug,
        assignment=intern(str(shared.assignments[row.assignment_id].uuid)),
        effect=shared.effect(row),
        is_enforced=shared.is_enforced(row),
        subject=intern(row.subject),
        subject_kind=intern(decision.kind),
        state=intern(row.state),
        underlying=row.underlying or None,
        exemption=str(shared.exemptions[row.exemption_id]) if row.exemption_id else None,
        reasons=tuple(reasons),
        evidence=_evidence(version, row),
        first_failed_at=shared.first_failed.get(row.identity) if fails else None,
    )


def _evidence(version: PolicyVersion, row: ScanResult) -> Evidence:
    decision, snapshot = row.decision, row.decision.snapshot
    return Evidence(
        decision=str(decision.uuid),
        engine=intern(f"{decision.engine} {decision.engine_version}".strip()),
        policy_digest=version.digest,
        bundle_digest=intern(decision.bundle_digest),
        input_digest=intern(decision.input_id),
        snapshot_digest=intern(snapshot.digest) if snapshot else None,
        provenance=intern(snapshot.provenance) if snapshot else "",
        observed_at=intern(moment(snapshot.observed_at)) if snapshot else None,
        evaluated_at=intern(moment(decision.evaluated_at)),
    )
