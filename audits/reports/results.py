"""Read the results of a scan for a report: each once, into a spool that forms read as they need.

A population is large and its rows are wide: they are fetched some at a time, in an order that was
found before.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Case, DateTimeField, OuterRef, Q, Subquery, When

from audits.models import Finding, ResultState, ScanResult
from audits.queries.retention import require_kept
from audits.reports.assessment import Evidence, PolicyReport, Reason, Result
from audits.reports.coverage import Coverage, place_coverages
from audits.reports.moments import moment
from audits.reports.order import in_order
from audits.reports.spool import Spool
from policies.models import Assignment, Exemption, PolicyVersion
from policies.queries.assignments import effect_of, is_enforced_in
from registry.models import Workspace

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from audits.models import Scan

    Row = Mapping[str, Any]
    Told = Callable[[int], None]

AT_ONCE = 500
FAILS = Q(state=ResultState.FAIL) | Q(underlying=ResultState.FAIL)
COLUMNS = {
    "pk": "pk",
    "policy_version": "policy_version_id",
    "assignment": "assignment_id",
    "reference_id": "reference_id",
    "workspace": "workspace_id",
    "exemption": "exemption_id",
    "identity": "identity",
    "subject": "subject",
    "state": "state",
    "underlying": "underlying",
    "decision": "decision__uuid",
    "findings": "decision__findings",
    "error": "decision__error",
    "kind": "decision__evaluation__kind",
    "engine": "decision__evaluation__engine",
    "engine_version": "decision__evaluation__engine_version",
    "bundle": "decision__evaluation__bundle_digest",
    "input": "decision__evaluation__input_id",
    "evaluated_at": "decision__evaluation__evaluated_at",
    "snapshot": "decision__evaluation__snapshot__digest",
    "provenance": "decision__evaluation__snapshot__provenance",
    "observed_at": "decision__evaluation__snapshot__observed_at",
    "first_seen_at": "first_seen_at",
}


def nobody(count: int) -> None:
    """Listen to how far collecting is, and do nothing."""


def policies_of(
    scan: Scan,
    *,
    workspaces: Collection[int],
    subjects: Collection[str] | None = None,
    told: Told = nobody,
) -> tuple[PolicyReport, ...]:
    """Return every policy of a complete scan with its results in ``workspaces`` (ids), of
    ``subjects`` only where they are given; a constant number of queries, but for results being
    fetched some at a time. Raises Gone where the results were let go."""
    require_kept("scan_results", scan.uuid)
    results = ScanResult.objects.filter(scan=scan, workspace__in=workspaces)
    if subjects is not None:
        results = results.filter(subject__in=subjects)
    shared = _Shared.of(scan, results)
    spool = Spool(settings.DATA_DIR)
    rows = _rows(in_order(results, shared.versions, shared.places), at=scan.as_of, told=told)
    grouped = groupby(rows, key=itemgetter("policy_version"))
    return tuple(_policy(shared, shared.versions[key], rows, spool) for key, rows in grouped)


def _rows(keys: array[int], *, at: datetime, told: Told) -> Iterator[Row]:
    """Yield the results of those keys in their order; when a finding was first seen is told of
    what fails, as of ``at``."""
    seen = Finding.objects.filter(
        workspace=OuterRef("workspace"), identity=OuterRef("identity"), first_seen_at__lte=at
    )
    first = Case(
        When(FAILS, then=Subquery(seen.values("first_seen_at")[:1])), output_field=DateTimeField()
    )
    wanted = ScanResult.objects.annotate(first_seen_at=first).order_by()
    for start in range(0, len(keys), AT_ONCE):
        told(start)
        some = keys[start : start + AT_ONCE]
        found = {
            values[0]: dict(zip(COLUMNS, values, strict=True))
            for values in wanted.filter(pk__in=some).values_list(*COLUMNS.values())
        }
        yield from (found[key] for key in some)


@dataclass
class _Shared:
    """What many results refer to, each read once."""

    at: datetime
    versions: Mapping[int, PolicyVersion]
    assignments: Mapping[int, Assignment]
    exemptions: Mapping[int, UUID]
    places: Mapping[int, Workspace]
    _effects: dict[tuple[int, str], str] = field(default_factory=dict)
    _enforced: dict[tuple[int, int], bool] = field(default_factory=dict)

    @classmethod
    def of(cls, scan: Scan, results: QuerySet[ScanResult]) -> _Shared:
        """Read what these results of a scan refer to."""
        results = results.order_by()
        versions = PolicyVersion.objects.filter(pk__in=results.values("policy_version"))
        assignments = Assignment.objects.filter(pk__in=results.values("assignment"))
        exemptions = Exemption.objects.filter(pk__in=results.values("exemption"))
        return cls(
            at=scan.as_of,
            versions=versions.select_related("policy").defer("source", "tests").in_bulk(),
            assignments=assignments.prefetch_related(
                "enforcements", "set_version__members"
            ).in_bulk(),
            exemptions=dict(exemptions.values_list("pk", "uuid")),
            places=Workspace.objects.filter(scan_units__scan=scan).in_bulk(),
        )

    def effect(self, row: Row) -> str:
        """Return the effect of the result's rule."""
        key = row["assignment"], row["reference_id"]
        if key not in self._effects:
            self._effects[key] = effect_of(self.assignments[key[0]], key[1])
        return self._effects[key]

    def is_enforced(self, row: Row) -> bool:
        """Tell whether the result's assignment was enforced where the result is of."""
        key = row["assignment"], row["workspace"]
        if key not in self._enforced:
            assignment, place = self.assignments[key[0]], self.places[key[1]]
            self._enforced[key] = is_enforced_in(assignment, place, at=self.at)
        return self._enforced[key]


@dataclass
class _Tally:
    """Counts results as they pass by."""

    by_place: dict[str, Counter[str]] = field(default_factory=dict)
    not_evaluated: int = 0

    def counted(self, results: Iterable[Result]) -> Iterator[Result]:
        """Yield ``results``, each counted."""
        for result in results:
            self.by_place.setdefault(result.workspace, Counter())[result.state] += 1
            self.not_evaluated += not result.evidence.engine
            yield result

    def coverage(self) -> Coverage:
        """Return the coverage of all that were counted."""
        states = sum(self.by_place.values(), Counter[str]())
        return Coverage.counted(states, not_evaluated=self.not_evaluated)


def _policy(
    shared: _Shared, version: PolicyVersion, rows: Iterator[Row], spool: Spool
) -> PolicyReport:
    described, tally = version.described, _Tally()
    results = spool.add(tally.counted(_result(shared, version, row) for row in rows))
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
        coverage=tally.coverage(),
        workspaces=place_coverages(tally.by_place),
        results=results,
    )


def _result(shared: _Shared, version: PolicyVersion, row: Row) -> Result:
    reasons = [Reason(each["msg"], each["path"]) for each in row["findings"]]
    if row["error"]:
        reasons.append(Reason(row["error"], ""))
    return Result(
        identity=row["identity"],
        workspace=shared.places[row["workspace"]].slug,
        assignment=str(shared.assignments[row["assignment"]].uuid),
        effect=shared.effect(row),
        is_enforced=shared.is_enforced(row),
        subject=row["subject"],
        subject_kind=row["kind"],
        state=row["state"],
        underlying=row["underlying"] or None,
        exemption=str(shared.exemptions[row["exemption"]]) if row["exemption"] else None,
        reasons=tuple(reasons),
        evidence=_evidence(version, row),
        first_failed_at=moment(row["first_seen_at"]) if row["first_seen_at"] else None,
    )


def _evidence(version: PolicyVersion, row: Row) -> Evidence:
    return Evidence(
        decision=str(row["decision"]),
        engine=f"{row['engine']} {row['engine_version']}".strip(),
        policy_digest=version.digest,
        bundle_digest=row["bundle"],
        input_digest=row["input"],
        snapshot_digest=row["snapshot"],
        provenance=row["provenance"] or "",
        observed_at=moment(row["observed_at"]) if row["observed_at"] else None,
        evaluated_at=moment(row["evaluated_at"]),
    )
